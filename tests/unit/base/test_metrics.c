/* SPDX-License-Identifier: MIT */
#include "base/metrics.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void every_counter_has_name_and_meaning(void **state)
{
	for (int i = 0; i < METRIC_COUNT; i++) {
		assert_true(strlen(metrics_name((enum metric)i)) > 0);
		assert_true(strlen(metrics_help((enum metric)i)) > 0);
		for (int k = 0; k < i; k++)
			assert_string_not_equal(metrics_name((enum metric)i), metrics_name((enum metric)k));
	}
	assert_string_equal(metrics_name(METRIC_LOGINS), "logins");
}

static void counting_adds_one(void **state)
{
	struct metrics metrics = { 0 };
	metrics_count(&metrics, METRIC_LOGINS);
	metrics_count(&metrics, METRIC_LOGINS);
	assert_int_equal(metrics.value[METRIC_LOGINS], 2);
	assert_int_equal(metrics.value[METRIC_LINK_LOSSES], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_counter_has_name_and_meaning),
		cmocka_unit_test(counting_adds_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
