/* SPDX-License-Identifier: MIT */
#include "pool/timestamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void dates_are_utc(void **state)
{
	assert_int_equal(timestamp_parse("19700101T000000"), 0);
	assert_int_equal(timestamp_parse("20020910T233700"), 1031701020);
	assert_int_equal(timestamp_parse("20240229T010203"), 1709168523);
}

static void decimal_seconds_are_taken(void **state)
{
	assert_int_equal(timestamp_parse("1709168523"), 1709168523);
	assert_int_equal(timestamp_parse("7"), 7);
}

static void anything_else_is_nothing(void **state)
{
	static const char *const texts[] = { "",
					     "x",
					     "-5",
					     "170916852300",
					     "20230229T010203",
					     "20241301T010203",
					     "20240101T240000",
					     "20240101T006000",
					     "20240101 010203",
					     "20240101T01020",
					     "20240101T0102033",
					     "2024010aT010203",
					     "2024-01-01T01:02:03Z",
					     "19690101T000000" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		assert_int_equal(timestamp_parse(texts[i]), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_utc),
		cmocka_unit_test(decimal_seconds_are_taken),
		cmocka_unit_test(anything_else_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
