/* SPDX-License-Identifier: MIT */
#ifndef CORE_ARRIVAL_H
#define CORE_ARRIVAL_H

#include "core/core.h"

/* Server mode: users log in with the password of the other network, which says whether it is right. It is kept in
 * memory while the user is logged in, and nowhere else.
 *
 * Every client that logs in has an arrival, from core_arrive() to core_depart(). As long as there is one the user stays
 * logged in, also without any presence. */

enum { CORE_ARRIVAL_MS = 60000 };

/* `who` is a bare JID. The answer comes once, within CORE_ARRIVAL_MS, never before this has returned, and not after
 * core_depart(): CORE_OK when the network has let the user in (or has already, with this password);
 * CORE_NOT_AUTHORIZED, with the text of the network, when it refuses; CORE_FORBIDDEN when we do (service.vip_only, the
 * user's settings); CORE_REMOTE_SERVER_TIMEOUT when it cannot be known now: the network or every backend is down, or
 * there was no answer. After another answer than CORE_OK the id is void. */
uint64_t core_arrive(struct core *core, const struct jid *who, const char *password, struct core_reply reply);

/* Whether it is one that was answered with CORE_OK, of a user who is logged in still. */
bool core_has_arrived(const struct core *core, uint64_t arrival);

/* The client is gone for good, or does not want the answer any more. With the last one, without a session, the user is
 * logged out, unless he stays connected. Of a void id nothing is done. */
void core_depart(struct core *core, uint64_t arrival);

/* What an account is called on the network: every '%' of the localpart becomes '@'. To be freed. */
char *core_uin_of(const struct jid *who);

#endif
