/* SPDX-License-Identifier: MIT */
#include "config/consistency.h"

#include <string.h>

enum mode { GATEWAY, SERVER };

static const struct {
	enum config_option option;
	enum mode mode;
} of_one_mode[] = {
	{ CONFIG_SERVICE_TLS, GATEWAY },
	{ CONFIG_SERVICE_TLS_CA, GATEWAY },
	{ CONFIG_SERVICE_ALLOWED_SERVERS, GATEWAY },
	{ CONFIG_REGISTRATION_USERNAME_MASK, GATEWAY },
	{ CONFIG_REGISTRATION_ALLOWED_USERNAMES, GATEWAY },
	{ CONFIG_REGISTRATION_AUTO_REGISTER, GATEWAY },
	{ CONFIG_REGISTRATION_REQUIRE_LOCAL_ACCOUNT, GATEWAY },
	{ CONFIG_SERVICE_TLS_PORT, SERVER },
	{ CONFIG_SERVICE_RESUME_TIME, SERVER },
	{ CONFIG_SERVICE_ARCHIVE_DAYS, SERVER },
	{ CONFIG_SERVICE_UPLOAD_PORT, SERVER },
};

/* Of those of server mode: what takes another one. */
static const struct {
	enum config_option option, needed;
	const char *else_what;
} pairs[] = {
	{ CONFIG_SERVICE_CERT_KEY, CONFIG_SERVICE_CERT, "it is ignored" },
	{ CONFIG_SERVICE_CERT_PASSWORD, CONFIG_SERVICE_CERT, "it is ignored" },
	{ CONFIG_SERVICE_UPLOAD_URL, CONFIG_SERVICE_UPLOAD_PORT, "it is ignored" },
	{ CONFIG_SERVICE_ADMIN_PASSWORD, CONFIG_SERVICE_ADMIN_JID, "nobody can log in with it" },
	{ CONFIG_SERVICE_ADMIN_JID, CONFIG_SERVICE_ADMIN_PASSWORD, "nobody can log in as it" },
	{ CONFIG_SERVICE_SERVER_MODE, CONFIG_SERVICE_PORT, "the system chooses where clients connect" },
};

static const char *key_of(enum config_option option)
{
	return config_option_info(option)->key;
}

static void begin(GString *warnings, const struct config *config, enum config_option option)
{
	g_string_append_printf(warnings, "%s%s: %s: ", warnings->len ? "\n" : "", config_path(config), key_of(option));
}

static void check_modes(const struct config *config, enum mode mode, GString *warnings)
{
	static const char *const names[] = { [GATEWAY] = "gateway", [SERVER] = "server" };
	for (size_t i = 0; i < G_N_ELEMENTS(of_one_mode); i++) {
		if (of_one_mode[i].mode == mode || !config_is_wanted(config, of_one_mode[i].option))
			continue;
		begin(warnings, config, of_one_mode[i].option);
		g_string_append_printf(warnings, "counts in %s mode only, it is ignored", names[of_one_mode[i].mode]);
	}
}

static void check_pairs(const struct config *config, GString *warnings)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
		if (!config_is_wanted(config, pairs[i].option) || config_is_wanted(config, pairs[i].needed))
			continue;
		begin(warnings, config, pairs[i].option);
		g_string_append_printf(warnings, "%s is not set, so %s", key_of(pairs[i].needed), pairs[i].else_what);
	}
}

/* All that can log in to a server are of its domain. */
static void check_administrators(const struct config *config, GString *warnings)
{
	const char *domain = config_text(config, CONFIG_SERVICE_JID);
	for (const char *const *at = config_list(config, CONFIG_SERVICE_ADMIN_JID); *at; at++) {
		const char *mark = strchr(*at, '@');
		if (mark && !g_ascii_strcasecmp(mark + 1, domain))
			continue;
		begin(warnings, config, CONFIG_SERVICE_ADMIN_JID);
		g_string_append_printf(warnings, "'%s' is not NAME@%s, so nobody can log in as it", *at, domain);
	}
}

void config_consistency_check(const struct config *config, GString *warnings)
{
	bool server = config_bool(config, CONFIG_SERVICE_SERVER_MODE);
	check_modes(config, server ? SERVER : GATEWAY, warnings);
	if (!server)
		return;
	check_pairs(config, warnings);
	check_administrators(config, warnings);
}
