/* SPDX-License-Identifier: MIT */
#include "base/log_properties.h"

#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct log_names names = { "irc.example.org", "7" };

static struct log_properties *parse(const char *text)
{
	g_autoptr(GError) error = NULL;
	struct log_properties *properties = log_properties_parse(text, strlen(text), "x.cfg", &names, &error);
	if (error)
		print_error("%s\n", error->message);
	assert_non_null(properties);
	return properties;
}

static void assert_refused(const char *text, const char *start)
{
	g_autoptr(GError) error = NULL;
	assert_null(log_properties_parse(text, strlen(text), "x.cfg", &names, &error));
	assert_true(g_error_matches(error, LOG_PROPERTIES_ERROR, LOG_PROPERTIES_ERROR_INVALID));
	if (!g_str_has_prefix(error->message, start))
		assert_string_equal(error->message, start);
}

static const struct log_appender *find_appender(const struct log_properties *properties, const char *name)
{
	const struct log_appender *appender = g_hash_table_lookup(properties->appenders, name);
	assert_non_null(appender);
	return appender;
}

#define CONSOLE(name) "log4j.appender." name "=org.apache.log4j.ConsoleAppender\n"

/* What packages of the original install. */
static void file_of_the_original_loads(void **state)
{
	struct log_properties *properties =
		parse("log4j.rootLogger=debug, R\n\n"
		      "log4j.appender.R=org.apache.log4j.RollingFileAppender\n"
		      "log4j.appender.R.File=/var/log/spectrum2/${jid}/backends/backend-${id}.log\n\n"
		      "log4j.appender.R.MaxFileSize=10000KB\n"
		      "# Keep one backup file\n"
		      "log4j.appender.R.MaxBackupIndex=1\n\n"
		      "log4j.appender.R.layout=org.apache.log4j.PatternLayout\n"
		      "log4j.appender.R.layout.ConversionPattern=%d %-5p %c: %m%n\n\n"
		      "# Disable XML category\n"
		      "log4j.category.Component.XML = OFF\n");
	const struct log_appender *appender = find_appender(properties, "R");
	assert_int_equal(appender->kind, LOG_APPENDER_ROLLING_FILE);
	assert_true(appender->used);
	assert_string_equal(appender->path, "/var/log/spectrum2/irc.example.org/backends/backend-7.log");
	assert_int_equal(appender->max_size, 10000 * 1024);
	assert_int_equal(appender->max_backups, 1);
	assert_int_equal(log_properties_level(properties, "Component"), LOG_DEBUG);
	assert_int_equal(log_properties_level(properties, "Component.XML"), LOG_OFF);
	assert_int_equal(log_properties_level(properties, "Component.XML.more"), LOG_OFF);
	assert_int_equal(log_properties_level(properties, "Component.XMLmore"), LOG_DEBUG);
	log_properties_free(&properties);
	assert_null(properties);
}

static void nearest_parent_decides(void **state)
{
	struct log_properties *properties = parse("log4j.rootLogger=WARN, A\n" CONSOLE(
		"A") "log4j.logger.a=INFO\n"
		     "log4j.logger.a.b.c=TRACE, B\n"
		     "log4j.logger.a.b.d=INHERITED, B\n" CONSOLE("B") "log4j.additivity.a.b.d=false\n");
	const struct log_logger *logger;
	assert_int_equal(log_properties_level(properties, "x"), LOG_WARN);
	assert_int_equal(log_properties_level(properties, "a.b"), LOG_INFO);
	assert_int_equal(log_properties_level(properties, "a.b.c.e.f"), LOG_TRACE);
	assert_int_equal(log_properties_level(properties, "a.b.d"), LOG_INFO);
	logger = log_properties_find(properties, "a.b.c.e");
	assert_string_equal(logger->name, "a.b.c");
	assert_true(logger->additive);
	logger = log_properties_parent(properties, logger);
	assert_string_equal(logger->name, "a");
	logger = log_properties_parent(properties, logger);
	assert_string_equal(logger->name, "");
	assert_int_equal(logger->appenders->len, 1);
	assert_null(log_properties_parent(properties, logger));
	assert_false(log_properties_find(properties, "a.b.d")->additive);
	log_properties_free(&properties);
}

static void global_threshold_wins(void **state)
{
	struct log_properties *properties = parse("log4j.threshold=ERROR\nlog4j.rootLogger=DEBUG\n");
	assert_int_equal(log_properties_level(properties, "x"), LOG_ERROR);
	log_properties_free(&properties);
}

static void empty_file_is_debug_without_appenders(void **state)
{
	struct log_properties *properties = parse("");
	assert_int_equal(log_properties_level(properties, "x"), LOG_DEBUG);
	assert_int_equal(log_properties_find(properties, "x")->appenders->len, 0);
	log_properties_free(&properties);
}

static void syntax_of_java(void **state)
{
	struct log_properties *properties = parse("! comment\r\n  log4j.rootLogger : info ,\\\n   A , "
						  "A\r\nlog4j.appender.A org.apache.log4j.ConsoleAppender\n"
						  "log4j.appender.A.target = System.err");
	assert_int_equal(log_properties_level(properties, "x"), LOG_INFO);
	assert_int_equal(log_properties_find(properties, "")->appenders->len, 1);
	assert_true(find_appender(properties, "A")->to_stderr);
	log_properties_free(&properties);
}

static void settings_of_appenders(void **state)
{
	g_autofree char *pid = g_strdup_printf("log.%ld", (long)getpid());
	struct log_properties *properties =
		parse("log4j.appender.F=org.apache.log4j.FileAppender\nlog4j.appender.F.file=log.${pid}\n"
		      "log4j.appender.F.append=false\nlog4j.appender.F.threshold=warn\n"
		      "log4j.appender.F.bufferedIO=true\nlog4j.appender.F.layout=org.apache.log4j.SimpleLayout\n"
		      "log4j.appender.R=org.apache.log4j.RollingFileAppender\nlog4j.appender.R.File=y\n"
		      "log4j.appender.R.maxFileSize=2MB\nlog4j.appender.R.maxBackupIndex=0\n");
	const struct log_appender *appender = find_appender(properties, "F");
	assert_string_equal(appender->path, pid);
	assert_true(appender->truncate);
	assert_int_equal(appender->threshold, LOG_WARN);
	assert_non_null(appender->pattern);
	assert_false(appender->used);
	appender = find_appender(properties, "R");
	assert_false(appender->truncate);
	assert_int_equal(appender->max_size, 2 * 1024 * 1024);
	assert_int_equal(appender->max_backups, 0);
	log_properties_free(&properties);
}

/* A JID from the command line must not lead out of the folder. */
static void variables_have_no_slashes(void **state)
{
	static const char text[] = "log4j.appender.F=org.apache.log4j.FileAppender\nlog4j.appender.F.File=/l/${jid}\n";
	const struct log_names hostile = { "../../etc/x", NULL };
	struct log_properties *properties = log_properties_parse(text, strlen(text), "x", &hostile, NULL);
	assert_string_equal(find_appender(properties, "F")->path, "/l/..-..-etc-x");
	log_properties_free(&properties);
}

static void errors_name_file_and_line(void **state)
{
	static const char *const rows[][2] = {
		{ "\nlog4j.rootLoger=debug", "x.cfg:2: unknown key 'log4j.rootLoger'" },
		{ "log4j.rootLogger=loud", "x.cfg:1: 'loud' is not a level" },
		{ "log4j.rootLogger=info, ", "x.cfg:1: : an appender name is empty" },
		{ "#\n#\nlog4j.rootLogger=info, A", "x.cfg:3: no line says what kind appender 'A' is" },
		{ "log4j.appender.A=org.apache.log4j.SMTPAppender", "x.cfg:1: unknown appender" },
		{ "log4j.appender.A=org.apache.log4j.FileAppender", "x.cfg:1: appender 'A' has no file" },
		{ "log4j.appender.A.Fail=x", "x.cfg:1: unknown appender setting 'Fail'" },
		{ "log4j.appender.A.MaxFileSize=10XB", "x.cfg:1: '10XB' is not a size" },
		{ "log4j.appender.A.MaxFileSize=-1", "x.cfg:1: '-1' is not a size" },
		{ "log4j.appender.A.MaxBackupIndex=x", "x.cfg:1: 'x' is not a number" },
		{ "log4j.appender.A.Threshold=x", "x.cfg:1: 'x' is not a level" },
		{ "log4j.appender.A.Append=x", "x.cfg:1: 'x' is neither" },
		{ "log4j.appender.A.layout=x", "x.cfg:1: unknown layout" },
		{ "log4j.appender.A.layout.ConversionPattern=%y", "x.cfg:1: pattern '%y': unknown conversion" },
		{ "log4j.appender.A.File=${home}", "x.cfg:1: unknown variable '${home}'" },
		{ "log4j.appender.A.File=", "x.cfg:1: the file of appender A is empty" },
		{ "log4j.appender.=x", "x.cfg:1: unknown key 'log4j.appender.'" },
		{ "log4j.additivity.x=maybe", "x.cfg:1: 'maybe' is neither true nor false" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		assert_refused(rows[i][0], rows[i][1]);
}

static void sizes_are_limited(void **state)
{
	g_autofree char *large = g_strnfill(LOG_PROPERTIES_MAX + 1, '#');
	g_autoptr(GString) many = g_string_new(NULL);
	g_autofree char *name = g_strnfill(300, 'n');
	g_autofree char *line = g_strconcat("log4j.logger.", name, "=info", NULL);
	assert_refused(large, "x.cfg:1: not a text of at most");
	assert_refused(line, "x.cfg:1: the name is longer");
	for (int i = 0; i < 2000; i++)
		g_string_append_printf(many, "log4j.logger.a%d=info\n", i);
	assert_refused(many->str, "x.cfg:1000: more than 1000");
	assert_null(log_properties_parse("a\0b", 3, "x", NULL, NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(file_of_the_original_loads),
		cmocka_unit_test(nearest_parent_decides),
		cmocka_unit_test(global_threshold_wins),
		cmocka_unit_test(empty_file_is_debug_without_appenders),
		cmocka_unit_test(syntax_of_java),
		cmocka_unit_test(settings_of_appenders),
		cmocka_unit_test(variables_have_no_slashes),
		cmocka_unit_test(errors_name_file_and_line),
		cmocka_unit_test(sizes_are_limited),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
