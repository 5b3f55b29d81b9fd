/* SPDX-License-Identifier: MIT */
#ifndef CORE_USER_H
#define CORE_USER_H

#include "core/types.h"

/* A user who is logged in, or on the way. What other floors may ask of one. */
struct user;

/* The bare JID, NUL-terminated. */
const char *user_jid(const struct user *user);

/* The place that the backend port keeps for the user; NULL: none. */
void *user_seat(const struct user *user);
void user_set_seat(struct user *user, void *seat);

/* What LOGIN says. Borrowed until the next call into the core. */
struct user_login {
	const char *legacy_name, *password;
	size_t setting_count;
	const char *const *setting_names, *const *setting_values;
	enum core_status status;
	const char *status_text;
};
void user_login(struct user *user, struct user_login *login);

/* Each contact of the user, for BUDDIES. */
void user_each_contact(struct user *user, void (*each)(void *ctx, const struct core_contact *contact), void *ctx);

/* Each session that sent presence to the gateway, with its mark (core_presence.client). `each` does not call into
 * the core. */
void user_each_session(const struct user *user, void (*each)(void *ctx, const char *full, uint64_t client), void *ctx);

#endif
