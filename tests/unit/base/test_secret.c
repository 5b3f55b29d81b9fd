/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
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

static void many_and_long_ones_are_kept_apart(void **state)
{
	enum { COUNT = 3000 };
	static char *copies[COUNT];
	char text[600];
	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < COUNT; i++) {
			/* Around the size that makes a difference inside. */
			snprintf(text, sizeof(text), "%d%*s", i, 240 + i % 30, "x");
			copies[i] = secret_dup(text);
		}
		for (int i = 0; i < COUNT; i++) {
			snprintf(text, sizeof(text), "%d%*s", i, 240 + i % 30, "x");
			assert_string_equal(copies[i], text);
		}
		for (int i = round; i < COUNT; i += 2 - round)
			secret_free(&copies[i]);
		for (int i = 0; i < COUNT; i++)
			secret_free(&copies[i]);
	}
}

static void what_the_heap_has_given_is_freed_too(void **state)
{
	char *text = strdup("pass");
	secret_free(&text);
	assert_null(text);
}

/* The mapping that has `p` in it: whether its flags have "dd", do not dump. */
static bool is_left_out_of_dumps(const void *p)
{
	FILE *file = fopen("/proc/self/smaps", "r");
	char line[512];
	bool here = false, left_out = false;
	unsigned long from, to;
	assert_non_null(file);
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			here = (unsigned long)p >= from && (unsigned long)p < to;
		else if (here && !strncmp(line, "VmFlags:", 8))
			left_out = strstr(line, " dd");
	}
	fclose(file);
	return left_out;
}

static void core_dumps_have_none(void **state)
{
	char *copy = secret_dup("pass"), *heap = strdup("pass");
	assert_true(is_left_out_of_dumps(copy));
	assert_false(is_left_out_of_dumps(heap));
	secret_free(&copy);
	free(heap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copy_is_equal_and_separate),
		cmocka_unit_test(nothing_stays_nothing),
		cmocka_unit_test(wipe_overwrites),
		cmocka_unit_test(many_and_long_ones_are_kept_apart),
		cmocka_unit_test(what_the_heap_has_given_is_freed_too),
		cmocka_unit_test(core_dumps_have_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
