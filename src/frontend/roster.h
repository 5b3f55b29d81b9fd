/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_ROSTER_H
#define FRONTEND_ROSTER_H

#include "frontend/private.h"

/* How contacts get into a user's roster and out of it: there are several ways, the best first, and each user is
 * served by the first that works. Calls of the frontend port. */
void roster_contacts(void *ctx, const char *user, const struct core_contact_item *items, size_t n);
void roster_contacts_gone(void *ctx, const char *user, const char *const *nodes, size_t n);
void roster_wanted(void *ctx, const char *user);

/* Items to be put into the roster of a user (a bare JID) or (gone) taken out of it. */
struct roster_change {
	const char *user;
	const struct core_contact_item *items;
	size_t count;
	bool gone;
};

enum roster_way { ROSTER_PUSHED, ROSTER_PRIVILEGED, ROSTER_EXCHANGE, ROSTER_SUBSCRIPTION };

/* Gives the change, which is borrowed, to the first way from `way` on that takes it. A way that takes it and
 * fails later passes on what it could not do. */
void roster_try(struct frontend *frontend, enum roster_way way, const struct roster_change *change);

struct core_contact_item *roster_copy_items(struct arena *arena, const struct roster_change *change);

/* An `<item/>` of jabber:iq:roster that is of our domain, its texts borrowed or in the arena. */
bool roster_read_item(const struct frontend *frontend, const struct xml_element *element, struct arena *arena,
		      struct core_contact_item *item);
void roster_put_item(const struct frontend *frontend, struct buf *out, const struct core_contact_item *item,
		     const char *subscription);

/* roster_pushed.c: by ourselves, in server mode. False: there the user's server keeps it. */
bool roster_pushed(struct frontend *frontend, const struct roster_change *change);

/* roster_privileged.c: as the user's server lets us (XEP-0356, section 4). False: not for this user now. */
bool roster_privileged(struct frontend *frontend, const struct roster_change *change);
void roster_privileged_init(struct frontend *frontend);
void roster_privileged_fini(struct frontend *frontend);

/* roster_exchange.c: as the user's clients let us (XEP-0144). */
bool roster_exchange(struct frontend *frontend, const struct roster_change *change);
void roster_exchange_init(struct frontend *frontend);
void roster_exchange_fini(struct frontend *frontend);

#endif
