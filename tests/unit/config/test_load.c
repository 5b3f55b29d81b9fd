/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <errno.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct config *load(void **state, const char *text)
{
	struct fixture *fixture = *state;
	struct config *config = fixture_load(fixture, text, NULL, NULL);
	if (fixture->error)
		print_error("%s\n", fixture->error->message);
	assert_non_null(config);
	return config;
}

static void small_gateway_gets_defaults(void **state)
{
	struct config *config = load(state, GATEWAY);
	assert_string_equal(config_text(config, CONFIG_SERVICE_JID), "irc.example.org");
	assert_int_equal(config_int(config, CONFIG_SERVICE_PORT), 5347);
	assert_int_equal(config_int(config, CONFIG_SERVICE_BACKEND_PORT), 0);
	assert_string_equal(config_text(config, CONFIG_DATABASE_TYPE), "");
	assert_string_equal(config_text(config, CONFIG_DATABASE_DATABASE),
			    "/var/lib/spectrum2/irc.example.org/database.sql");
	assert_string_equal(config_text(config, CONFIG_SERVICE_WORKING_DIR), "/var/lib/spectrum2/irc.example.org");
	assert_true(config_bool(config, CONFIG_SERVICE_JID_ESCAPING));
	assert_null(config_list(config, CONFIG_SERVICE_ADMIN_JID)[0]);
	assert_true(config_is_set(config, CONFIG_SERVICE_PORT));
	assert_false(config_is_set(config, CONFIG_SERVICE_BACKEND_PORT));
	config_unref(&config);
}

static void file_of_the_load_generator_loads(void **state)
{
	struct config *config =
		load(state, "[service]\njid = localhost\npassword = secret\nserver = 127.0.0.1\nport = 5555\n"
			    "server_mode = 1\nbackend_host = 127.0.0.1\nbackend_port = 5556\n"
			    "backend = /t/fastbackend\nusers_per_backend = 100000\nworking_dir = /t\n"
			    "pidfile = /t/spectrum.pid\nportfile = /t/spectrum.port\n[fastbackend]\nbuddies = 50\n"
			    "cpu = 1\n[identity]\nname = Perf\ntype = test\ncategory = gateway\n"
			    "[logging]\nconfig = /t/logging.cfg\n[database]\ntype = sqlite3\n"
			    "database = /t/database.sql\n[registration]\nauto_register = 0\n");
	const struct fixture *fixture = *state;
	assert_string_equal(fixture->warnings->str, "");
	assert_string_equal(config_extra(config, "fastbackend.buddies"), "50");
	assert_int_equal(config_int(config, CONFIG_SERVICE_BACKEND_PORT), 5556);
	config_unref(&config);
}

static void all_errors_are_told_at_once(void **state)
{
	static const char *const overrides[] = { "service.login_delay=soon", "nonsense", NULL };
	fixture_refuse(
		*state,
		"[service]\njid = a b\nport = 70000\nnonsense\nserver_mode = maybe\nlogin_rate = 0\n"
		"[database]\ntype = oracle\n",
		overrides,
		"@:4: neither [section] nor key = value\n"
		"command line: an option is written as --section.key=value\n"
		"@:2: service.jid: 'a b': expected a domain\n"
		"@:3: service.port: '70000': expected a whole number from 0 to 65535\n"
		"@:5: service.server_mode: 'maybe': expected a boolean (1 or 0, true or false, yes or no, on or off)\n"
		"command line: service.login_delay: 'soon': expected a whole number, 0 or more\n"
		"@:6: service.login_rate: '0': expected a whole number from 1 to 100000\n"
		"@:8: database.type: 'oracle': expected one of none, sqlite3, mysql, pqxx");
}

static void scalar_given_twice_names_both_lines(void **state)
{
	fixture_refuse(*state, GATEWAY "port = 1\n", NULL, "@:5: service.port: given twice, first in line 4");
	fixture_refuse(*state, "service.jid = x\n" GATEWAY, NULL, "@:3: service.jid: given twice, first in line 1");
}

static void gateway_needs_jid_port_and_password(void **state)
{
	fixture_refuse(
		*state, "", NULL,
		"@: service.jid is missing: expected the domain of the instance\n"
		"@: service.port is missing: expected the XMPP server's component port, 1 to 65535 (gateway mode)\n"
		"@: service.password is missing: expected the secret shared with the XMPP server (gateway mode)");
	fixture_refuse(*state, "[service]\njid=x\nport=0\npassword=\n", NULL,
		       "@:3: service.port: expected the XMPP server's component port, 1 to 65535 (gateway mode)\n"
		       "@:4: service.password: expected the secret shared with the XMPP server (gateway mode)");
}

static void server_mode_needs_only_a_jid(void **state)
{
	struct config *config = load(state, "[service]\njid=x\nserver_mode=YES\n");
	assert_true(config_bool(config, CONFIG_SERVICE_SERVER_MODE));
	assert_false(config_bool(config, CONFIG_REGISTRATION_NEED_REGISTRATION));
	config_unref(&config);
	config = load(state, "[service]\njid=x\nserver_mode=1\n[registration]\nneedRegistration=1\n");
	assert_true(config_bool(config, CONFIG_REGISTRATION_NEED_REGISTRATION));
	config_unref(&config);
	config = load(state, GATEWAY);
	assert_true(config_bool(config, CONFIG_REGISTRATION_NEED_REGISTRATION));
	config_unref(&config);
}

static void command_line_wins(void **state)
{
	static const char *const overrides[] = { "service.port=1",
						 "service.port=2",
						 "service.admin_jid=c@x",
						 "service.admin_jid=d@x",
						 "service.password=a=b # c",
						 "purple.flag=x",
						 NULL };
	struct config *config = fixture_load(*state, GATEWAY "admin_jid=a@x\nadmin_jid=b@x\n[purple]\nflag=1\nflag=2\n",
					     NULL, overrides);
	const char *const *admins;
	assert_non_null(config);
	admins = config_list(config, CONFIG_SERVICE_ADMIN_JID);
	assert_int_equal(config_int(config, CONFIG_SERVICE_PORT), 2);
	assert_string_equal(admins[0], "c@x");
	assert_string_equal(admins[1], "d@x");
	assert_null(admins[2]);
	assert_string_equal(config_text(config, CONFIG_SERVICE_PASSWORD), "a=b # c");
	assert_string_equal(config_extra(config, "purple.flag"), "x");
	assert_null(config_extra_list(config, "purple.flag")[1]);
	config_unref(&config);
}

static void jid_option_replaces_jid(void **state)
{
	static const char *const overrides[] = { "service.jid=c.example.org", "service.pidfile=/run/$jid/$jid.pid",
						 NULL };
	struct config *config = fixture_load(*state, GATEWAY, "b.example.org", overrides);
	assert_string_equal(config_text(config, CONFIG_SERVICE_JID), "b.example.org");
	assert_string_equal(config_text(config, CONFIG_SERVICE_PIDFILE), "/run/b.example.org/b.example.org.pid");
	assert_string_equal(config_text(config, CONFIG_SERVICE_PORTFILE), "/var/run/spectrum2/b.example.org.port");
	config_unref(&config);
	config = fixture_load(*state, "[service]\nport=1\npassword=x\n", "b.example.org", NULL);
	assert_string_equal(config_text(config, CONFIG_SERVICE_JID), "b.example.org");
	assert_true(config_is_set(config, CONFIG_SERVICE_JID));
	config_unref(&config);
}

static void jid_is_put_into_lists_but_not_into_extras(void **state)
{
	struct config *config = load(state, GATEWAY "admin_jid=admin@$jid\n[purple]\nkey=$jid\n");
	assert_string_equal(config_list(config, CONFIG_SERVICE_ADMIN_JID)[0], "admin@irc.example.org");
	assert_string_equal(config_extra(config, "purple.key"), "$jid");
	config_unref(&config);
}

static void unknown_key_of_ours_is_a_warning(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GString) expected =
		g_string_new("@:5: service.prot: unknown key, did you mean service.port?\n"
			     "@:7: service.something_else: unknown key\n"
			     "@:9: Database.type: unknown key, did you mean database.type?\n"
			     "@:15: identiy.name: unknown key, did you mean identity.name?\n"
			     "command line: logging.konfig: unknown key, did you mean logging.config?");
	static const char *const overrides[] = { "logging.konfig=x", "purple.x=y", NULL };
	struct config *config = fixture_load(fixture,
					     GATEWAY "prot=1\nprot=2\nsomething_else=1\n[Database]\ntype=none\n"
						     "[purple]\nthing=1\n[other]\njid=2\n[identiy]\nname=x\ncolour=x\n",
					     NULL, overrides);
	assert_non_null(config);
	g_string_replace(expected, "@", fixture->path, 0);
	assert_string_equal(fixture->warnings->str, expected->str);
	config_unref(&config);
}

static void what_does_not_count_is_a_warning(void **state)
{
	struct fixture *fixture = *state;
	g_autoptr(GString) expected =
		g_string_new("@: registration.allowed_usernames: counts in gateway mode only, it is ignored\n"
			     "@: service.cert_key: service.cert is not set, so it is ignored\n"
			     "@: service.admin_jid: service.admin_password is not set, so nobody can log in as it\n"
			     "@: service.server_mode: service.port is not set, so the system chooses where clients "
			     "connect\n"
			     "@: service.admin_jid: 'me@b' is not NAME@a, so nobody can log in as it");
	struct config *config = load(state, "[service]\njid=a\nserver_mode=1\ncert_key=/k\nadmin_jid=me@A\n"
					    "admin_jid=me@b\narchive_days=1\n[registration]\nallowed_usernames=x\n");
	g_autofree char *start = g_strconcat(fixture->path, ":", NULL);
	g_string_replace(expected, "@:", start, 0);
	assert_string_equal(fixture->warnings->str, expected->str);
	config_unref(&config);
	config = load(state, GATEWAY "archive_days=1\nupload_port=0\n[registration]\nallowed_usernames=x\n");
	g_string_printf(expected, "%s: service.archive_days: counts in server mode only, it is ignored", fixture->path);
	assert_string_equal(fixture->warnings->str, expected->str);
	config_unref(&config);
}

static void what_cannot_work_together_is_refused(void **state)
{
	fixture_refuse(*state, "[service]\njid=x\nserver_mode=1\nport=5222\ntls_port=5222\nupload_port=80\n", NULL,
		       "@:5: service.tls_port: expected another port than that of service.port\n"
		       "@:6: service.upload_port: expected a folder for files as service.web_directory");
	fixture_refuse(*state, "[service]\njid=x\nserver_mode=1\nupload_port=65536\nupload_max=0\n", NULL,
		       "@:4: service.upload_port: '65536': expected a whole number from 0 to 65535\n"
		       "@:5: service.upload_max: '0': expected a whole number, 1 or more");
}

static void server_mode_listens_on_an_address(void **state)
{
	fixture_refuse(*state, "[service]\njid=x\nserver_mode=1\nserver=localhost\nport=5222\n", NULL,
		       "@:4: service.server: expected an address to listen on, such as 0.0.0.0");
	struct config *config = load(state, "[service]\njid=x\nserver_mode=1\nserver=::1\nport=5222\n");
	config_unref(&config);
}

static void missing_file_is_an_error_with_name_and_reason(void **state)
{
	struct fixture *fixture = *state;
	struct config_source source = { "/none/x.cfg", NULL, NULL };
	assert_null(config_load(&source, NULL, &fixture->error));
	assert_string_equal(fixture->error->message, "/none/x.cfg: No such file or directory");
	g_clear_error(&fixture->error);
	source.path = fixture->folder;
	assert_null(config_load(&source, NULL, &fixture->error));
	assert_non_null(strstr(fixture->error->message, g_strerror(EISDIR)));
}

static void endless_file_is_refused(void **state)
{
	struct fixture *fixture = *state;
	struct config_source source = { "/dev/zero", NULL, NULL };
	assert_null(config_load(&source, NULL, &fixture->error));
	assert_true(g_str_has_prefix(fixture->error->message, "/dev/zero:1: the file is larger than 1 MiB"));
}

static void path_is_absolute(void **state)
{
	struct fixture *fixture = *state;
	struct config *config = load(state, GATEWAY);
	assert_string_equal(config_path(config), fixture->path);
	config_unref(&config);
}

static void password_is_not_in_errors(void **state)
{
	struct fixture *fixture = *state;
	assert_null(fixture_load(fixture, "[service]\njid=x\npassword hunter2\npassword=hunter2\npassword=hunter2\n",
				 NULL, NULL));
	assert_null(strstr(fixture->error->message, "hunter2"));
}

int main(void)
{
#define FIXED(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)
	const struct CMUnitTest tests[] = {
		FIXED(small_gateway_gets_defaults),
		FIXED(file_of_the_load_generator_loads),
		FIXED(all_errors_are_told_at_once),
		FIXED(scalar_given_twice_names_both_lines),
		FIXED(gateway_needs_jid_port_and_password),
		FIXED(server_mode_needs_only_a_jid),
		FIXED(command_line_wins),
		FIXED(jid_option_replaces_jid),
		FIXED(jid_is_put_into_lists_but_not_into_extras),
		FIXED(unknown_key_of_ours_is_a_warning),
		FIXED(what_does_not_count_is_a_warning),
		FIXED(what_cannot_work_together_is_refused),
		FIXED(server_mode_listens_on_an_address),
		FIXED(missing_file_is_an_error_with_name_and_reason),
		FIXED(endless_file_is_refused),
		FIXED(path_is_absolute),
		FIXED(password_is_not_in_errors),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
