/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_CLIENTS_H
#define FRONTEND_CLIENTS_H

#include "core/user.h"
#include "frontend/private.h"

/* What users' clients support, by the entity capabilities (XEP-0115) in their presence to the transport. Nobody is
 * asked before somebody wants to know; clients of one kind are asked once. */

enum client_feature {
	CLIENT_ROSTERX = 1 /* XEP-0144 */
};

/* The mark of the client's kind that a presence names (core_presence.client); 0: it names none. */
uint64_t clients_mark(struct frontend *frontend, const struct xml_element *presence);

struct clients_reply {
	void (*done)(void *ctx, uint64_t id);
	void *ctx;
	uint64_t id;
};

/* Finds out what the user's clients support. True: what can be known is known. False: some were asked, and `done`
 * comes once all have answered or their time is over. */
bool clients_learn(struct frontend *frontend, const struct user *user, struct clients_reply reply);
/* The same of one client, by its full JID and its mark. */
bool clients_learn_one(struct frontend *frontend, const char *full, uint64_t mark, struct clients_reply reply);

/* Calls `each` for the full JID of every client of the user that is known to support it. */
void clients_each(struct frontend *frontend, const struct user *user, enum client_feature feature,
		  void (*each)(void *ctx, const char *full), void *ctx);

/* Server mode: calls `each` for the full JID of every client of the user that is known to want to hear of the PEP node
 * (XEP-0163, section 4.3: NODE+notify among its features). */
void clients_each_listener(struct frontend *frontend, const struct user *user, const char *node,
			   void (*each)(void *ctx, const char *full), void *ctx);

/* Whether the client of this JID and mark is known to. */
bool clients_listens(const struct frontend *frontend, const char *full, uint64_t mark, const char *node);

/* Parts of a frontend's life. */
struct clients *clients_new(void);
void clients_free(struct clients **clients);

#endif
