/* SPDX-License-Identifier: MIT */
#include "daemon/support.h"

#include <string.h>

static const struct {
	enum config_option option;
	bool needed;
} missing[] = {
	{ CONFIG_SERVICE_IDLE_RECONNECT_TIME, false },
	{ CONFIG_DATABASE_VIP_STATEMENT, false },
};

bool support_check(const struct config *config, GString *warnings, GError **error)
{
	const char *frontend = config_text(config, CONFIG_SERVICE_FRONTEND);
	if (strcmp(frontend, "xmpp")) {
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID,
			    "%s: service.frontend: '%s': xmpp is the only one", config_path(config), frontend);
		return false;
	}
	const char *database = config_text(config, CONFIG_DATABASE_TYPE);
	if (!strcmp(database, "mysql") || !strcmp(database, "pqxx")) {
		g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID,
			    "%s: database.type: '%s': this version has sqlite3 and none", config_path(config),
			    database);
		return false;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(missing); i++) {
		const char *key = config_option_info(missing[i].option)->key;
		if (!config_is_wanted(config, missing[i].option))
			continue;
		if (missing[i].needed) {
			g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID, "%s: %s: this version does not have it",
				    config_path(config), key);
			return false;
		}
		g_string_append_printf(warnings, "%s%s: %s: this version does not have it, it is ignored",
				       warnings->len ? "\n" : "", config_path(config), key);
	}
	return true;
}
