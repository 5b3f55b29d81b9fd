/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_BOOKMARK_H
#define FRONTEND_BOOKMARK_H

#include "frontend/frontend.h"

/* Rooms that are to show up in a user's clients because he told the gateway so, and not a client. */
struct bookmark {
	const char *node;                   /* of the room at the gateway */
	const char *name, *nick, *password; /* NULL: not known; what the network calls the room will do for the name */
	bool autojoin;
};

/* Puts it among the user's bookmarks (XEP-0402), if it is not there, where his server lets us (XEP-0356) or is ours;
 * else, or if that fails, invites him (XEP-0045, section 7.8.2, with XEP-0249). `user` is a prepared bare JID. Texts
 * are copied. */
void bookmark_put(struct frontend *frontend, const char *user, const struct bookmark *bookmark);

/* Takes it out of them where his server lets us, so that his clients do not enter again. */
void bookmark_drop(struct frontend *frontend, const char *user, const char *node);

#endif
