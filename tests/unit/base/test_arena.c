/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void memory_is_aligned_and_separate(void **state)
{
	struct arena *arena = arena_new(256);
	char *last = NULL;
	for (size_t n = 1; n < 200; n++) {
		char *p = arena_alloc(arena, n);
		assert_int_equal((uintptr_t)p % 16, 0);
		assert_ptr_not_equal(p, last);
		memset(p, (int)n, n);
		if (last)
			assert_int_equal(last[0], (char)(n - 1));
		last = p;
	}
	arena_free(&arena);
	assert_null(arena);
	arena_free(&arena);
}

static void large_piece_leaves_room_for_small_ones(void **state)
{
	struct arena *arena = arena_new(1024);
	char *a = arena_alloc(arena, 16), *b;
	memset(arena_alloc(arena, 100000), 1, 100000);
	b = arena_alloc(arena, 16);
	assert_ptr_equal(b, a + 16);
	arena_free(&arena);
}

static void texts_are_copied(void **state)
{
	struct arena *arena = arena_new(256);
	assert_string_equal(arena_strdup(arena, "text"), "text");
	assert_string_equal(arena_strndup(arena, "text", 2), "te");
	assert_string_equal(arena_printf(arena, "%s-%d", "a", 7), "a-7");
	assert_int_equal(strlen(arena_printf(arena, "%01000d", 7)), 1000);
	arena_free(&arena);
}

static void zalloc_zeroes_reused_memory(void **state)
{
	struct arena *arena = arena_new(256);
	char *p = arena_alloc(arena, 64);
	memset(p, 'x', 64);
	arena_reset(arena);
	p = arena_zalloc(arena, 64);
	for (int i = 0; i < 64; i++)
		assert_int_equal(p[i], 0);
	arena_free(&arena);
}

static void newest_grows_in_place(void **state)
{
	struct arena *arena = arena_new(1024);
	char *p = arena_strdup(arena, "ab");
	assert_ptr_equal(arena_grow(arena, p, 3, 100), p);
	assert_string_equal(p, "ab");
	assert_int_equal(arena_used(arena), 112);
	arena_free(&arena);
}

static void growing_byte_by_byte_copies_seldom(void **state)
{
	struct arena *arena = arena_new(256);
	char *p = arena_alloc(arena, 1);
	size_t moves = 0;
	p[0] = 0;
	for (size_t n = 1; n < 100000; n++) {
		char *q = arena_grow(arena, p, n, 1);
		moves += q != p;
		p = q;
		p[n] = (char)n;
	}
	for (size_t n = 0; n < 100000; n++)
		assert_int_equal(p[n], (char)n);
	assert_true(moves < 20);
	arena_free(&arena);
}

static void reset_keeps_first_chunk(void **state)
{
	struct arena *arena = arena_new(256);
	char *first = arena_alloc(arena, 100);
	for (int i = 0; i < 100; i++)
		memset(arena_alloc(arena, 100), 1, 100);
	assert_int_equal(arena_used(arena), 101 * 112);
	arena_reset(arena);
	assert_int_equal(arena_used(arena), 0);
	assert_ptr_equal(arena_alloc(arena, 100), first);
	arena_free(&arena);
}

/* It goes behind the first chunk in the chain, which has more room left. */
static void reset_gives_a_large_piece_back(void **state)
{
	struct arena *arena = arena_new(256);
	char *first = arena_alloc(arena, 16);
	arena_alloc(arena, 1 << 20);
	arena_reset(arena);
	assert_ptr_equal(arena_alloc(arena, 16), first);
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_aligned_and_separate),
		cmocka_unit_test(large_piece_leaves_room_for_small_ones),
		cmocka_unit_test(texts_are_copied),
		cmocka_unit_test(zalloc_zeroes_reused_memory),
		cmocka_unit_test(newest_grows_in_place),
		cmocka_unit_test(growing_byte_by_byte_copies_seldom),
		cmocka_unit_test(reset_keeps_first_chunk),
		cmocka_unit_test(reset_gives_a_large_piece_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
