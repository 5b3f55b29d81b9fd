/* SPDX-License-Identifier: MIT */
#include "config/options.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

enum { RESTART, RELOADABLE };

static const struct config_option_info rows[CONFIG_OPTION_COUNT] = {
#define OPTION(id, key, type, fallback, reload, help) { key, CONFIG_##type, fallback, reload == RELOADABLE, help },
#include "config/options.def"
#undef OPTION
};

/* Those numbers and texts that may not be anything. */
static const struct {
	enum config_option option;
	struct config_range range;
} ranges[] = {
	{ CONFIG_SERVICE_PORT, { 0, 65535 } },
	{ CONFIG_SERVICE_TLS_PORT, { 0, 65535 } },
	{ CONFIG_SERVICE_USERS_PER_BACKEND, { 1, INT_MAX } },
	{ CONFIG_SERVICE_BACKEND_PORT, { 0, 65535 } },
	{ CONFIG_SERVICE_RESUME_TIME, { 0, 86400 } },
	{ CONFIG_SERVICE_LOGIN_RATE, { 1, 100000 } },
	{ CONFIG_SERVICE_MAX_ROOM_LIST_SIZE, { 0, 100000 } },
	{ CONFIG_SERVICE_ARCHIVE_DAYS, { 0, 36500 } },
	{ CONFIG_SERVICE_UPLOAD_PORT, { 0, 65535 } },
	{ CONFIG_SERVICE_UPLOAD_MAX, { 1, INT_MAX } },
	{ CONFIG_SERVICE_UPLOAD_QUOTA, { 1, INT_MAX } },
	{ CONFIG_SERVICE_UPLOAD_DAYS, { 0, 36500 } },
	{ CONFIG_SERVICE_IRC_AWAY_TIMEOUT, { 1, 86400 } },
	{ CONFIG_REGISTRATION_LOCAL_ACCOUNT_SERVER_TIMEOUT, { 1, 600000 } },
	{ CONFIG_DATABASE_PORT, { 0, 65535 } },
	{ CONFIG_PROXY_PORT, { 0, 65535 } },
};

static const struct {
	enum config_option option;
	const char *words[6];
} choices[] = {
	{ CONFIG_SERVICE_FRONTEND, { "xmpp" } },
	{ CONFIG_DATABASE_TYPE, { "none", "sqlite3", "mysql", "pqxx" } },
	{ CONFIG_PROXY_TYPE, { "http", "socks4", "socks5" } },
};

static const char *const no_choices[] = { NULL };

const struct config_option_info *config_option_info(enum config_option option)
{
	g_assert(option < CONFIG_OPTION_COUNT);
	return &rows[option];
}

static gpointer make_index(gpointer unused)
{
	GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
	(void)unused;
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++)
		g_hash_table_insert(index, (gpointer)rows[i].key, GINT_TO_POINTER(i + 1));
	return index;
}

int config_option_find(const char *key)
{
	static GOnce once = G_ONCE_INIT;
	GHashTable *index = g_once(&once, make_index, NULL);
	return GPOINTER_TO_INT(g_hash_table_lookup(index, key)) - 1;
}

struct config_range config_option_range(enum config_option option)
{
	for (size_t i = 0; i < G_N_ELEMENTS(ranges); i++) {
		if (ranges[i].option == option)
			return ranges[i].range;
	}
	return (struct config_range){ 0, INT_MAX };
}

const char *const *config_option_choices(enum config_option option)
{
	for (size_t i = 0; i < G_N_ELEMENTS(choices); i++) {
		if (choices[i].option == option)
			return choices[i].words;
	}
	return no_choices;
}
