/* SPDX-License-Identifier: MIT */
#include "loop/backoff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void delays_double_up_to_the_limit_with_jitter(void **state)
{
	const uint32_t plain[] = { 1000, 2000, 4000, 8000, 10000, 10000 };
	for (int round = 0; round < 200; round++) {
		struct backoff backoff = backoff_make(1000, 10000);
		for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
			uint32_t delay = backoff_next(&backoff);
			assert_in_range(delay, plain[i] * 3 / 4, plain[i] * 5 / 4 + 1);
		}
	}
}

static void delays_differ(void **state)
{
	unsigned different = 0;
	uint32_t last = 0;
	for (int i = 0; i < 50; i++) {
		struct backoff backoff = backoff_make(100000, 100000);
		uint32_t delay = backoff_next(&backoff);
		different += delay != last;
		last = delay;
	}
	assert_true(different > 40);
}

static void a_thousand_tries_stay_at_the_limit(void **state)
{
	struct backoff backoff = backoff_make(500, 300000);
	for (int i = 0; i < 1000; i++)
		backoff_next(&backoff);
	assert_in_range(backoff_next(&backoff), 225000, 375001);
}

static void reset_starts_again(void **state)
{
	struct backoff backoff = backoff_make(1000, 64000);
	for (int i = 0; i < 10; i++)
		backoff_next(&backoff);
	backoff_reset(&backoff);
	assert_in_range(backoff_next(&backoff), 750, 1251);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(delays_double_up_to_the_limit_with_jitter),
		cmocka_unit_test(delays_differ),
		cmocka_unit_test(a_thousand_tries_stay_at_the_limit),
		cmocka_unit_test(reset_starts_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
