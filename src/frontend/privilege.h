/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_PRIVILEGE_H
#define FRONTEND_PRIVILEGE_H

#include "frontend/private.h"

/* What servers let us do for their users (XEP-0356, versions 1 and 2). Each domain speaks for its own users
 * only, and what it said is void when the link is lost. */

enum privilege_access { PRIVILEGE_GET = 1, PRIVILEGE_SET = 2, PRIVILEGE_BOTH = 3 };

struct privilege {
	unsigned version; /* of urn:xmpp:privilege, 1 or 2; 0: nothing is granted */
	unsigned roster;  /* enum privilege_access bits */
	bool push;        /* changes of rosters are pushed to us too */
	bool presence;    /* every presence of users is sent to us (section 7), which is no sign of a wish to log in */
	bool message;     /* messages may be sent in the name of users (section 5) */
	GHashTable *iqs;  /* namespace -> enum privilege_access bits; NULL if none */
};

/* Never NULL; borrowed until the next stanza. `jid` is the user's, prepared, bare or full. */
const struct privilege *privilege_of(const struct frontend *frontend, const char *jid);

/* The access to payloads of this namespace by IQs in the name of the user (section 6). */
unsigned privilege_iq(const struct privilege *privilege, const char *ns);

/* The namespace of `<privilege/>` in that server's version, which must not be 0. */
const char *privilege_ns(const struct privilege *privilege);

/* A change of a roster that was granted worked, or was refused for no fault of its own. After some refusals in a
 * row rosters of that domain are left alone until the link is up again: ejabberd 23.01 grants what it cannot do. */
void privilege_worked(struct frontend *frontend, const char *jid);
void privilege_failed(struct frontend *frontend, const char *jid);

/* True if the message was a server's word on privileges. */
bool privilege_received(struct frontend *frontend, const struct stanza *message);

/* The link is up (again): what was granted before counts no more. */
void privileges_up(struct frontend *frontend);

void privileges_each(const struct frontend *frontend,
		     void (*each)(void *ctx, const char *domain, const struct privilege *privilege), void *ctx);

/* privilege_report.c: the log tells what is granted, and what to add to a server's configuration for the rest. Some
 * seconds after the link is up for the first time. */
void privileges_report_soon(struct frontend *frontend);
void privileges_report(const struct frontend *frontend);

/* Parts of a frontend's life. */
void privileges_init(struct frontend *frontend);
void privileges_fini(struct frontend *frontend);

#endif
