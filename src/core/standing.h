/* SPDX-License-Identifier: MIT */
#ifndef CORE_STANDING_H
#define CORE_STANDING_H

#include "core/core.h"

/* How users stand with the gateway, and what moves them: for those who ask by a command, users for
 * themselves and administrators for anybody. */
enum core_progress {
	CORE_AWAY_FROM_HERE, /* not logged in */
	CORE_COMING,         /* the database or the network has not answered yet */
	CORE_ON_THE_NETWORK,
	CORE_TRYING_AGAIN /* the network was lost */
};

struct core_standing {
	enum core_progress progress;
	const char *jid;   /* bare; NULL if not logged in */
	const char *uin;   /* the name on the network; NULL: not known yet */
	unsigned sessions; /* resources that are online */
	uint64_t idle_ms;  /* since the last message either way */
};

/* Borrowed until the next call into the core. */
void core_standing_of(const struct user *user, struct core_standing *standing);
void core_user_standing(const struct core *core, const struct jid *who, struct core_standing *standing);
/* Everybody who is logged in or on the way, in no order. `each` calls nothing of the core. */
void core_each_standing(const struct core *core, void (*each)(void *ctx, const struct core_standing *standing),
			void *ctx);

/* Asks whether the user is online, which logs in who is. */
void core_user_call(struct core *core, const struct jid *who);
/* Logs in again whoever is logged in, at once; calls the others. */
void core_user_reconnect(struct core *core, const struct jid *who);
/* Until the next presence. False if the user is not logged in. */
bool core_user_logout(struct core *core, const struct jid *who, const char *text);
/* All resources of the user leave the room. False if none is inside. */
bool core_user_leave_room(struct core *core, const struct jid *who, const struct jid *room);
/* The contacts of the user that can be addressed. */
void core_user_each_contact(struct core *core, const struct jid *who,
			    void (*each)(void *ctx, const char *node, const struct core_contact *contact), void *ctx);
/* The node of a room's name as the user types it: a name or a node that was listed, or any name of the network.
 * NULL if it can be none. */
const char *core_user_room_node(struct core *core, const struct jid *who, struct arena *arena, const char *name);

#endif
