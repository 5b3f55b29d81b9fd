/* SPDX-License-Identifier: MIT */
#include "plugin/arguments.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <unistd.h>

static char *path; /* of a configuration */

static int set_up(void **state)
{
	int fd = g_file_open_tmp("spectrum-XXXXXX.cfg", &path, NULL);
	close(fd);
	g_file_set_contents(path,
			    "[service]\njid=file.example.org\npassword=x\nserver=127.0.0.1\nport=5347\n"
			    "backend=/bin/true\nirc_server=a\n[identity]\nname=One\n",
			    -1, NULL);
	return 0;
}

static int tear_down(void **state)
{
	g_unlink(path);
	g_clear_pointer(&path, g_free);
	return 0;
}

/* Words are separated by blanks; FILE is the configuration. */
static struct plugin_arguments *parse(const char *line, GError **error)
{
	g_auto(GStrv) argv = g_strsplit(line, " ", -1);
	for (char **word = argv; *word; word++)
		if (!strcmp(*word, "FILE")) {
			g_free(*word);
			*word = g_strdup(path);
		}
	return plugin_arguments_parse((int)g_strv_length(argv), argv, error);
}

static struct plugin_arguments *accept_line(const char *line)
{
	g_autoptr(GError) error = NULL;
	struct plugin_arguments *arguments = parse(line, &error);
	if (error)
		print_message("%s\n", error->message);
	assert_non_null(arguments);
	return arguments;
}

static void line_of_the_gateway_is_understood(void **state)
{
	struct plugin_arguments *a = accept_line("backend --host 127.0.0.1 --port 10001 --service.backend_id=3 "
						 "-j irc.example.org --identity.name=Two --service.irc_server=b FILE");
	assert_string_equal(a->host, "127.0.0.1");
	assert_int_equal(a->port, 10001);
	assert_string_equal(a->backend_id, "3");
	assert_string_equal(config_text(a->config, CONFIG_SERVICE_BACKEND_ID), "3");
	assert_string_equal(a->jid, "irc.example.org");
	assert_string_equal(config_text(a->config, CONFIG_SERVICE_JID), "irc.example.org");
	assert_string_equal(config_text(a->config, CONFIG_IDENTITY_NAME), "Two");
	assert_string_equal(config_extra(a->config, "service.irc_server"), "b");
	plugin_arguments_free(&a);
	assert_null(a);
}

static void values_may_follow_the_equals_sign(void **state)
{
	struct plugin_arguments *a = accept_line("backend FILE --host=::1 --port=1 --jid=x.example.org");
	assert_string_equal(a->host, "::1");
	assert_int_equal(a->port, 1);
	assert_string_equal(a->jid, "x.example.org");
	plugin_arguments_free(&a);
}

static void letters_and_the_config_option_are_understood(void **state)
{
	struct plugin_arguments *a = accept_line("backend -h 127.0.0.1 -p 2 --config FILE");
	assert_int_equal(a->port, 2);
	assert_string_equal(a->jid, "file.example.org");
	assert_string_equal(a->backend_id, "");
	plugin_arguments_free(&a);
}

static void unknown_words_are_ignored(void **state)
{
	struct plugin_arguments *a = accept_line("backend -n --no-debug --frob -x --host h --port 2 FILE");
	assert_string_equal(a->host, "h");
	plugin_arguments_free(&a);
}

static void help_and_version_need_nothing_else(void **state)
{
	struct plugin_arguments *a = accept_line("backend --help");
	assert_true(a->help);
	plugin_arguments_free(&a);
	a = accept_line("backend --version");
	assert_true(a->version);
	plugin_arguments_free(&a);
}

static void faults_are_named(void **state)
{
	static const struct {
		const char *line, *named;
	} faults[] = {
		{ "backend --port 1 FILE", "--host" },
		{ "backend --host h FILE", "--port" },
		{ "backend --host h --port 0 FILE", "--port" },
		{ "backend --host h --port 65536 FILE", "--port" },
		{ "backend --host h --port 1x FILE", "--port" },
		{ "backend --host h --port 1", "configuration" },
		{ "backend FILE --host h --port", "--port" },
		{ "backend --host h --port 1 /nonexistent/x.cfg", "/nonexistent/x.cfg" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(faults); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(parse(faults[i].line, &error));
		assert_non_null(error);
		assert_non_null(strstr(error->message, faults[i].named));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(line_of_the_gateway_is_understood),
		TEST(values_may_follow_the_equals_sign),
		TEST(letters_and_the_config_option_are_understood),
		TEST(unknown_words_are_ignored),
		TEST(help_and_version_need_nothing_else),
		TEST(faults_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
