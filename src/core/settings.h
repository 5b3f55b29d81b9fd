/* SPDX-License-Identifier: MIT */
#ifndef CORE_SETTINGS_H
#define CORE_SETTINGS_H

#include "core/core.h"

/* What a user may switch on and off; kept in the database, read from the configuration where the user has
 * said nothing. */
enum core_setting { CORE_ENABLE_TRANSPORT, CORE_SEND_HEADLINES, CORE_STAY_CONNECTED, CORE_SETTING_COUNT };

struct core_setting_info {
	const char *name; /* in the database, and for users */
	const char *label;
};
const struct core_setting_info *core_setting_info(enum core_setting setting);

/* The result has `settings`. CORE_REGISTRATION_REQUIRED: not registered; CORE_NOT_ALLOWED: no database. */
void core_user_get_settings(struct core *core, const struct jid *from, struct core_reply reply);

struct core_setting_change {
	enum core_setting setting;
	bool on;
};
/* Takes effect at once, and the result has all `settings` as they are then. Errors as above. */
void core_user_put_settings(struct core *core, const struct jid *from, const struct core_setting_change *changes,
			    size_t n, struct core_reply reply);

#endif
