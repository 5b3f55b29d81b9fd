/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void copy_is_equal_and_separate(void **state)
{
	char text[] = "pass";
	char *copy = secret_dup(text);
	text[0] = 'x';
	assert_string_equal(copy, "pass");
	secret_free(&copy);
	assert_null(copy);
	secret_free(&copy);
}

static void nothing_stays_nothing(void **state)
{
	assert_null(secret_dup(NULL));
	secret_wipe(NULL, 0);
}

static void wipe_overwrites(void **state)
{
	char text[8] = "secret", zeros[8] = { 0 };
	secret_wipe(text, sizeof(text));
	assert_memory_equal(text, zeros, sizeof(text));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copy_is_equal_and_separate),
		cmocka_unit_test(nothing_stays_nothing),
		cmocka_unit_test(wipe_overwrites),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
