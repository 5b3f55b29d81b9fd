/* SPDX-License-Identifier: MIT */
#include "base/log_pattern.h"

#include <stdlib.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* 2009-02-13 23:31:30.123 UTC */
static const struct log_record record = {
	.level = LOG_INFO,
	.area = "Component.RAW",
	.text = { "hello", 5 },
	.time = { 1234567890, 123456789 },
};

static char *render(const char *text)
{
	static char line[4096];
	const char *error;
	struct log_pattern *pattern = log_pattern_new(text, &error);
	struct buf out;
	assert_null(error);
	buf_init(&out, sizeof(line) - 1);
	log_pattern_render(pattern, &record, &out);
	assert_false(out.failed);
	memcpy(line, buf_data(&out), buf_len(&out));
	line[buf_len(&out)] = '\0';
	buf_fini(&out);
	log_pattern_free(&pattern);
	assert_null(pattern);
	return line;
}

static void usual_pattern(void **state)
{
	assert_string_equal(render("%d %-5p %c: %m%n"), "2009-02-13 23:31:30,123 INFO  Component.RAW: hello\n");
}

static void literals_and_percent_signs(void **state)
{
	assert_string_equal(render("a%%b"), "a%b");
	assert_string_equal(render("%%%m%%"), "%hello%");
	assert_string_equal(render(""), "");
	assert_string_equal(render("[%x]"), "[]");
	assert_string_equal(render("%F:%L"), "?:?");
}

static void widths_pad_and_cut(void **state)
{
	assert_string_equal(render("[%7p]"), "[   INFO]");
	assert_string_equal(render("[%-7p]"), "[INFO   ]");
	assert_string_equal(render("[%.3p]"), "[NFO]");
	assert_string_equal(render("[%-5.2p]"), "[FO   ]");
	assert_string_equal(render("[%30m]"), "[                         hello]");
	assert_int_equal(strlen(render("%256m")), 256);
}

static void dates(void **state)
{
	assert_string_equal(render("%d{ISO8601}"), "2009-02-13 23:31:30,123");
	assert_string_equal(render("%d{ABSOLUTE}"), "23:31:30,123");
	assert_string_equal(render("%d{DATE}"), "13 Feb 2009 23:31:30,123");
	assert_string_equal(render("%d{yyyy-MM-dd'T'HH:mm:ss.SSS}"), "2009-02-13T23:31:30.123");
	assert_string_equal(render("%d{HH:mm}"), "23:31");
	assert_string_equal(render("%d{%H:%M:%S}"), "23:31:30");
	assert_string_equal(render("%d{HH} %d{mm}"), "23 31");
}

static void depth_of_category(void **state)
{
	assert_string_equal(render("%c{1}"), "RAW");
	assert_string_equal(render("%c{2}"), "Component.RAW");
	assert_string_equal(render("%c{9}"), "Component.RAW");
}

static void thread_is_a_number(void **state)
{
	assert_int_equal(g_ascii_strtoll(render("%t"), NULL, 10), gettid());
}

static void date_follows_the_second(void **state)
{
	const char *error;
	struct log_pattern *pattern = log_pattern_new("%d{ss,SSS}|", &error);
	struct log_record later = record;
	struct buf out;
	buf_init(&out, 100);
	log_pattern_render(pattern, &later, &out);
	later.time.tv_nsec = 5000000;
	log_pattern_render(pattern, &later, &out);
	later.time.tv_sec++;
	log_pattern_render(pattern, &later, &out);
	assert_memory_equal(buf_data(&out), "30,123|30,005|31,005|", buf_len(&out));
	buf_fini(&out);
	log_pattern_free(&pattern);
}

static void bad_patterns_are_refused(void **state)
{
	static const char *const bad[] = { "%", "%y", "%-", "%5", "%257m", "%.257m", "%d{%!}", "a%" };
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		const char *error;
		assert_null(log_pattern_new(bad[i], &error));
		assert_non_null(error);
	}
}

static void number_of_pieces_is_limited(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	const char *error;
	for (int i = 0; i < 1000; i++)
		g_string_append(text, "%m");
	assert_null(log_pattern_new(text->str, &error));
	assert_non_null(error);
}

static void levels_have_names(void **state)
{
	enum log_level level;
	assert_string_equal(log_level_name(LOG_TRACE), "TRACE");
	assert_string_equal(log_level_name(LOG_FATAL), "FATAL");
	assert_true(log_level_parse("Debug", &level));
	assert_int_equal(level, LOG_DEBUG);
	assert_true(log_level_parse("off", &level));
	assert_int_equal(level, LOG_OFF);
	assert_true(log_level_parse("ALL", &level));
	assert_int_equal(level, LOG_TRACE);
	assert_false(log_level_parse("loud", &level));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_pattern),
		cmocka_unit_test(literals_and_percent_signs),
		cmocka_unit_test(widths_pad_and_cut),
		cmocka_unit_test(dates),
		cmocka_unit_test(depth_of_category),
		cmocka_unit_test(thread_is_a_number),
		cmocka_unit_test(date_follows_the_second),
		cmocka_unit_test(bad_patterns_are_refused),
		cmocka_unit_test(number_of_pieces_is_limited),
		cmocka_unit_test(levels_have_names),
	};
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
