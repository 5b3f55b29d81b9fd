/* SPDX-License-Identifier: MIT */
#include "config/options.h"

#include <glib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The keys administrators of the original know, with their defaults (but for those that are changed
 * on purpose: the types of backend_port, the defaults of more_resources and database.type). */
static const struct {
	const char *key;
	enum config_type type;
	const char *fallback;
} known[] = {
	{ "service.jid", CONFIG_TEXT, "" },
	{ "service.server", CONFIG_TEXT, "127.0.0.1" },
	{ "service.password", CONFIG_TEXT, "" },
	{ "service.port", CONFIG_INT, "0" },
	{ "service.user", CONFIG_TEXT, "" },
	{ "service.group", CONFIG_TEXT, "" },
	{ "service.backend", CONFIG_TEXT, "libpurple_backend" },
	{ "service.protocol", CONFIG_TEXT, "" },
	{ "service.pidfile", CONFIG_TEXT, "/var/run/spectrum2/$jid.pid" },
	{ "service.portfile", CONFIG_TEXT, "/var/run/spectrum2/$jid.port" },
	{ "service.working_dir", CONFIG_TEXT, "/var/lib/spectrum2/$jid" },
	{ "service.allowed_servers", CONFIG_LIST, "" },
	{ "service.server_mode", CONFIG_BOOL, "0" },
	{ "service.users_per_backend", CONFIG_INT, "100" },
	{ "service.backend_host", CONFIG_TEXT, "127.0.0.1" },
	{ "service.backend_port", CONFIG_INT, "0" },
	{ "service.cert", CONFIG_TEXT, "" },
	{ "service.cert_password", CONFIG_TEXT, "" },
	{ "service.admin_jid", CONFIG_LIST, "" },
	{ "service.admin_password", CONFIG_TEXT, "" },
	{ "service.reuse_old_backends", CONFIG_BOOL, "1" },
	{ "service.idle_reconnect_time", CONFIG_INT, "0" },
	{ "service.memory_collector_time", CONFIG_INT, "0" },
	{ "service.more_resources", CONFIG_BOOL, "1" },
	{ "service.enable_privacy_lists", CONFIG_BOOL, "1" },
	{ "service.enable_xhtml", CONFIG_BOOL, "1" },
	{ "service.enable_remove_buddy", CONFIG_BOOL, "0" },
	{ "service.oob_replace_body", CONFIG_BOOL, "1" },
	{ "service.oob_split", CONFIG_BOOL, "0" },
	{ "service.max_room_list_size", CONFIG_INT, "100" },
	{ "service.login_delay", CONFIG_INT, "0" },
	{ "service.jid_escaping", CONFIG_BOOL, "1" },
	{ "service.vip_only", CONFIG_BOOL, "0" },
	{ "service.vip_message", CONFIG_TEXT, "" },
	{ "service.reconnect_all_users", CONFIG_BOOL, "0" },
	{ "service.frontend", CONFIG_TEXT, "xmpp" },
	{ "service.web_directory", CONFIG_TEXT, "" },
	{ "service.web_url", CONFIG_TEXT, "" },
	{ "service.web_maximgsize", CONFIG_INT, "1000000" },
	{ "vhosts.vhost", CONFIG_LIST, "" },
	{ "identity.name", CONFIG_TEXT, "Spectrum 2 Transport" },
	{ "identity.category", CONFIG_TEXT, "gateway" },
	{ "identity.type", CONFIG_TEXT, "" },
	{ "registration.enable_public_registration", CONFIG_BOOL, "1" },
	{ "registration.language", CONFIG_TEXT, "en" },
	{ "registration.instructions", CONFIG_TEXT, "Enter your legacy network username and password." },
	{ "registration.username_label", CONFIG_TEXT, "3rd-party network username" },
	{ "registration.password_label", CONFIG_TEXT, "3rd-party network password" },
	{ "registration.username_mask", CONFIG_TEXT, "" },
	{ "registration.allowed_usernames", CONFIG_TEXT, "" },
	{ "registration.auto_register", CONFIG_BOOL, "0" },
	{ "registration.encoding", CONFIG_TEXT, "utf8" },
	{ "registration.require_local_account", CONFIG_BOOL, "0" },
	{ "registration.notify_jid", CONFIG_LIST, "" },
	{ "registration.local_username_label", CONFIG_TEXT, "Local username:" },
	{ "registration.local_account_server", CONFIG_TEXT, "localhost" },
	{ "registration.local_account_server_timeout", CONFIG_INT, "10000" },
	{ "gateway_responder.prompt", CONFIG_TEXT, "Contact ID" },
	{ "gateway_responder.label", CONFIG_TEXT, "Enter legacy network contact ID." },
	{ "database.type", CONFIG_TEXT, "" },
	{ "database.database", CONFIG_TEXT, "/var/lib/spectrum2/$jid/database.sql" },
	{ "database.server", CONFIG_TEXT, "localhost" },
	{ "database.user", CONFIG_TEXT, "" },
	{ "database.password", CONFIG_TEXT, "" },
	{ "database.port", CONFIG_INT, "0" },
	{ "database.prefix", CONFIG_TEXT, "" },
	{ "database.encryption_key", CONFIG_TEXT, "" },
	{ "database.vip_statement", CONFIG_TEXT, "" },
	{ "logging.config", CONFIG_TEXT, "" },
	{ "logging.backend_config", CONFIG_TEXT, "" },
	{ "backend.default_avatar", CONFIG_TEXT, "" },
	{ "backend.avatars_directory", CONFIG_TEXT, "" },
	{ "backend.no_vcard_fetch", CONFIG_BOOL, "0" },
	{ "proxy.server", CONFIG_TEXT, "localhost" },
	{ "proxy.user", CONFIG_TEXT, "" },
	{ "proxy.password", CONFIG_TEXT, "" },
	{ "proxy.port", CONFIG_INT, "0" },
	{ "database.connectionstring", CONFIG_TEXT, "" },
	{ "settings.send_headlines", CONFIG_BOOL, "0" },
	{ "settings.stay_connected", CONFIG_BOOL, "0" },
	{ "service.backend_id", CONFIG_TEXT, "" },
	{ "registration.needPassword", CONFIG_BOOL, "1" },
	{ "registration.needRegistration", CONFIG_BOOL, "1" },
	{ "registration.extraField", CONFIG_LIST, "" },
	{ "features.muc", CONFIG_BOOL, "0" },
	{ "features.receipts", CONFIG_BOOL, "0" },
	{ "features.rawxml", CONFIG_BOOL, "0" },
	{ "features.disable_jid_escaping", CONFIG_BOOL, "0" },
	{ "features.send_buddies_on_login", CONFIG_BOOL, "0" },
	{ "service.irc_server", CONFIG_LIST, "" },
	{ "service.irc_identify", CONFIG_TEXT, "NickServ identify $password" },
	{ "service.irc_send_pass", CONFIG_BOOL, "0" },
	{ "service.irc_away_timeout", CONFIG_INT, "60" },
	{ "service.eventloop", CONFIG_TEXT, "" },
	{ "service.verify_certs", CONFIG_BOOL, "0" },
	{ "backend.incoming_dir", CONFIG_TEXT, "" },
	{ "proxy.type", CONFIG_TEXT, "" },
	{ "proxy.host", CONFIG_TEXT, "" },
	{ "proxy.username", CONFIG_TEXT, "" },
};

static void keys_of_the_original_are_in_the_table(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
		int option = config_option_find(known[i].key);
		if (option < 0)
			fail_msg("%s is missing", known[i].key);
		assert_string_equal(config_option_info((enum config_option)option)->fallback, known[i].fallback);
		assert_int_equal(config_option_info((enum config_option)option)->type, known[i].type);
	}
}

/* SECTION_KEY in capitals; a capital inside a key begins a word. */
static char *make_id(const char *key)
{
	GString *id = g_string_new(NULL);
	for (; *key; key++) {
		if (g_ascii_isupper(*key))
			g_string_append_c(id, '_');
		g_string_append_c(id, *key == '.' ? '_' : g_ascii_toupper(*key));
	}
	return g_string_free(id, FALSE);
}

static void ids_follow_keys(void **state)
{
	static const char *const ids[] = {
#define OPTION(id, key, type, fallback, reload, help) #id,
#include "config/options.def"
#undef OPTION
	};
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		g_autofree char *id = make_id(config_option_info((enum config_option)i)->key);
		assert_string_equal(ids[i], id);
		assert_int_equal(config_option_find(config_option_info((enum config_option)i)->key), i);
	}
}

static void sections_stand_together(void **state)
{
	g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autofree char *last = g_strdup("");
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const char *key = config_option_info((enum config_option)i)->key;
		char *section = g_strndup(key, strcspn(key, "."));
		if (strcmp(section, last) != 0)
			assert_true(g_hash_table_add(seen, g_strdup(section)));
		g_free(last);
		last = section;
	}
}

static void every_row_has_help_of_one_line(void **state)
{
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const char *help = config_option_info((enum config_option)i)->help;
		assert_true(strlen(help) > 10);
		assert_null(strchr(help, '\n'));
		assert_false(g_str_has_suffix(help, "."));
	}
}

static void unknown_key_is_not_found(void **state)
{
	assert_int_equal(config_option_find("service.nonsense"), -1);
	assert_int_equal(config_option_find("Service.jid"), -1);
	assert_int_equal(config_option_find(""), -1);
}

static void what_cannot_change_while_running_takes_a_restart(void **state)
{
	assert_false(config_option_info(CONFIG_SERVICE_JID)->reloadable);
	assert_false(config_option_info(CONFIG_DATABASE_TYPE)->reloadable);
	assert_true(config_option_info(CONFIG_SERVICE_ADMIN_JID)->reloadable);
	assert_true(config_option_info(CONFIG_LOGGING_CONFIG)->reloadable);
}

static void ranges_and_choices(void **state)
{
	assert_int_equal(config_option_range(CONFIG_SERVICE_PORT).max, 65535);
	assert_int_equal(config_option_range(CONFIG_SERVICE_LOGIN_DELAY).min, 0);
	assert_true(g_strv_contains(config_option_choices(CONFIG_DATABASE_TYPE), "sqlite3"));
	assert_null(config_option_choices(CONFIG_SERVICE_JID)[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_of_the_original_are_in_the_table),
		cmocka_unit_test(ids_follow_keys),
		cmocka_unit_test(sections_stand_together),
		cmocka_unit_test(every_row_has_help_of_one_line),
		cmocka_unit_test(unknown_key_is_not_found),
		cmocka_unit_test(what_cannot_change_while_running_takes_a_restart),
		cmocka_unit_test(ranges_and_choices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
