/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

LOG_AREA("Test.Area");

struct lines {
	GString *text;
	unsigned count;
};

static void keep(void *ctx, enum log_level level, const char *area, const char *text)
{
	struct lines *lines = ctx;
	g_string_append_printf(lines->text, "%d %s %s\n", (int)level, area, text);
	lines->count++;
}

struct place {
	char *folder, *config, *log;
	struct lines lines;
};

static int make_place(void **state)
{
	struct place *place = g_new0(struct place, 1);
	place->folder = g_dir_make_tmp("log-XXXXXX", NULL);
	place->config = g_build_filename(place->folder, "logging.cfg", NULL);
	place->log = g_build_filename(place->folder, "x.log", NULL);
	place->lines.text = g_string_new(NULL);
	*state = place;
	return 0;
}

static int remove_place(void **state)
{
	struct place *place = *state;
	log_close();
	log_capture(NULL, NULL);
	log_set_level(LOG_INFO);
	g_unlink(place->config);
	g_unlink(place->log);
	g_rmdir(place->folder);
	g_string_free(place->lines.text, TRUE);
	g_free(place->config);
	g_free(place->log);
	g_free(place->folder);
	g_free(place);
	return 0;
}

static gboolean open_log(struct place *place, const char *levels, GError **error)
{
	g_autofree char *text = g_strdup_printf("%s\nlog4j.appender.F=org.apache.log4j.FileAppender\n"
						"log4j.appender.F.File=%s\n"
						"log4j.appender.F.layout.ConversionPattern=%%p %%c %%m%%n\n",
						levels, place->log);
	assert_true(g_file_set_contents(place->config, text, -1, NULL));
	return log_open(place->config, NULL, error);
}

static void assert_log(const struct place *place, const char *expected)
{
	g_autofree char *text = NULL;
	assert_true(g_file_get_contents(place->log, &text, NULL, NULL));
	assert_string_equal(text, expected);
}

static void info_and_above_by_default(void **state)
{
	struct place *place = *state;
	log_capture(keep, &place->lines);
	log_debug("unseen");
	log_info("seen %d", 1);
	log_error("seen %d", 2);
	assert_string_equal(place->lines.text->str, "2 Test.Area seen 1\n4 Test.Area seen 2\n");
}

static unsigned evaluations;

static unsigned evaluate(void)
{
	return ++evaluations;
}

static void what_is_not_written_is_not_formatted(void **state)
{
	struct place *place = *state;
	log_capture(keep, &place->lines);
	log_debug("%u", evaluate());
	assert_int_equal(evaluations, 0);
	log_set_level(LOG_TRACE);
	assert_true(log_tracing());
	log_debug("%u", evaluate());
	assert_int_equal(evaluations, 1);
	log_set_level(LOG_OFF);
	log_fatal("%u", evaluate());
	assert_int_equal(evaluations, 1);
	assert_false(log_tracing());
}

static void text_cannot_forge_a_line_or_steer_a_terminal(void **state)
{
	struct place *place = *state;
	log_capture(keep, &place->lines);
	log_info("a\nb\rc\td\x1b[2Je\x7f"
		 "f\xc2\x9bg\xffh\xc3\xa4");
	assert_string_equal(place->lines.text->str,
			    "2 Test.Area a\\nb\\rc\\td\\x1b[2Je\\x7ff\\xc2\\x9bg\\xffh\xc3\xa4\n");
}

static void long_message_is_cut(void **state)
{
	struct place *place = *state;
	g_autofree char *text = g_strnfill(100000, '\n');
	log_capture(keep, &place->lines);
	log_info("%s", text);
	assert_true(place->lines.text->len > 60000 && place->lines.text->len < 66000);
	for (size_t n = 65534; n < 65540; n++) {
		g_string_truncate(place->lines.text, 0);
		memset(text, 'x', n);
		text[n] = '\0';
		log_info("%s", text);
		assert_in_range(place->lines.text->len, 65530, 65560);
		text[10] = '\n';
		g_string_truncate(place->lines.text, 0);
		log_info("%s", text);
		assert_in_range(place->lines.text->len, 65530, 65560);
	}
	g_string_truncate(place->lines.text, 0);
	memset(text, 'x', 5000);
	text[5000] = '\0';
	log_info("%s", text);
	assert_int_equal(place->lines.text->len, strlen("2 Test.Area \n") + 5000);
}

static void file_gets_lines_by_level(void **state)
{
	struct place *place = *state;
	g_autoptr(GError) error = NULL;
	assert_true(open_log(place, "log4j.rootLogger=error, F\nlog4j.category.Test.Area = DEBUG", &error));
	log_trace("no");
	log_debug("yes");
	log_warn("yes");
	assert_log(place, "DEBUG Test.Area yes\nWARN Test.Area yes\n");
	log_close();
	log_set_level(LOG_OFF);
	log_fatal("not any more");
	assert_log(place, "DEBUG Test.Area yes\nWARN Test.Area yes\n");
}

static void additivity_decides_who_gets_a_line(void **state)
{
	struct place *place = *state;
	assert_true(open_log(place, "log4j.rootLogger=info, F\nlog4j.logger.Test=info, F", NULL));
	log_info("twice");
	assert_log(place, "INFO Test.Area twice\nINFO Test.Area twice\n");
	assert_true(open_log(place, "log4j.rootLogger=info, F\nlog4j.logger.Test=info, F\nlog4j.additivity.Test=false",
			     NULL));
	log_info("once");
	assert_log(place, "INFO Test.Area twice\nINFO Test.Area twice\nINFO Test.Area once\n");
}

static void bad_file_changes_nothing(void **state)
{
	struct place *place = *state;
	g_autoptr(GError) error = NULL;
	assert_true(open_log(place, "log4j.rootLogger=info, F", NULL));
	assert_false(open_log(place, "nonsense", &error));
	assert_true(g_str_has_prefix(error->message, place->config));
	log_info("still");
	assert_log(place, "INFO Test.Area still\n");
}

static void missing_file_is_an_error_with_its_name(void **state)
{
	struct place *place = *state;
	g_autoptr(GError) error = NULL;
	assert_false(log_open(place->config, NULL, &error));
	assert_non_null(strstr(error->message, place->config));
}

static void file_is_given_away(void **state)
{
	struct place *place = *state;
	g_autoptr(GError) error = NULL;
	struct stat st;
	unsigned uid = geteuid() == 0 ? 65534 : geteuid(), gid = geteuid() == 0 ? 65534 : getegid();
	assert_true(open_log(place, "log4j.rootLogger=info, F", NULL));
	assert_true(log_chown(uid, gid, &error));
	assert_int_equal(stat(place->log, &st), 0);
	assert_int_equal(st.st_uid, uid);
	assert_int_equal(st.st_gid, gid);
}

enum { THREADS = 4, LINES = 500 };

static gpointer log_much(gpointer unused)
{
	for (int i = 0; i < LINES; i++)
		log_info("%s", "a line that has to stay whole");
	return NULL;
}

static void threads_do_not_mix_lines(void **state)
{
	struct place *place = *state;
	GThread *threads[THREADS];
	g_autofree char *text = NULL;
	g_auto(GStrv) lines = NULL;
	assert_true(open_log(place, "log4j.rootLogger=info, F", NULL));
	for (int i = 0; i < THREADS; i++)
		threads[i] = g_thread_new("log", log_much, NULL);
	for (int i = 0; i < 20; i++)
		assert_true(open_log(place, "log4j.rootLogger=info, F", NULL));
	for (int i = 0; i < THREADS; i++)
		g_thread_join(threads[i]);
	assert_true(g_file_get_contents(place->log, &text, NULL, NULL));
	lines = g_strsplit(text, "\n", -1);
	assert_int_equal(g_strv_length(lines), THREADS * LINES + 1);
	for (int i = 0; i < THREADS * LINES; i++)
		assert_string_equal(lines[i], "INFO Test.Area a line that has to stay whole");
}

int main(void)
{
#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
	const struct CMUnitTest tests[] = {
		PLACED(info_and_above_by_default),
		PLACED(what_is_not_written_is_not_formatted),
		PLACED(text_cannot_forge_a_line_or_steer_a_terminal),
		PLACED(long_message_is_cut),
		PLACED(file_gets_lines_by_level),
		PLACED(additivity_decides_who_gets_a_line),
		PLACED(bad_file_changes_nothing),
		PLACED(missing_file_is_an_error_with_its_name),
		PLACED(file_is_given_away),
		PLACED(threads_do_not_mix_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
