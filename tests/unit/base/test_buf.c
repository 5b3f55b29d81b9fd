/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void empty_one_holds_no_memory(void **state)
{
	struct buf buf;
	buf_init(&buf, 100);
	assert_int_equal(buf_len(&buf), 0);
	assert_int_equal(buf.cap, 0);
	assert_true(buf_append(&buf, "", 0));
	assert_non_null(buf_data(&buf));
	buf_fini(&buf);
}

static void first_in_first_out(void **state)
{
	struct buf buf;
	buf_init(&buf, 100);
	assert_true(buf_append_text(&buf, "hello "));
	assert_true(buf_append_text(&buf, "world"));
	buf_consume(&buf, 6);
	assert_int_equal(buf_len(&buf), 5);
	assert_memory_equal(buf_data(&buf), "world", 5);
	buf_fini(&buf);
}

static void maximum_holds_to_the_byte(void **state)
{
	struct buf buf;
	buf_init(&buf, 10);
	assert_true(buf_append_text(&buf, "0123456789"));
	assert_false(buf_append_text(&buf, "x"));
	assert_true(buf.failed);
	assert_int_equal(buf_len(&buf), 10);
	buf_fini(&buf);
}

static void failure_sticks_until_rolled_back(void **state)
{
	struct buf buf;
	buf_init(&buf, 10);
	buf_append_text(&buf, "kept");
	assert_false(buf_append_text(&buf, "far too long"));
	assert_false(buf_append_text(&buf, "x"));
	buf_truncate(&buf, 4);
	assert_true(buf_append_text(&buf, "x"));
	assert_memory_equal(buf_data(&buf), "keptx", 5);
	buf_fini(&buf);
}

static void consumed_room_counts_no_more(void **state)
{
	struct buf buf;
	buf_init(&buf, 10);
	for (int i = 0; i < 10000; i++) {
		assert_true(buf_append_text(&buf, "1234567"));
		buf_consume(&buf, 3);
		assert_memory_equal(buf_data(&buf), "4567", 4);
		buf_consume(&buf, 4);
	}
	assert_true(buf.cap <= 256);
	buf_fini(&buf);
}

/* A queue that never gets empty must neither grow without need nor move its bytes each time. */
static void full_queue_is_moved_seldom(void **state)
{
	enum { MAX = 100000 };
	struct buf buf;
	size_t moves = 0;
	char *place;
	static char bytes[MAX];
	buf_init(&buf, MAX);
	assert_true(buf_append(&buf, bytes, MAX));
	place = buf_data(&buf);
	for (int i = 0; i < 10 * MAX; i++) {
		buf_consume(&buf, 1);
		assert_true(buf_append(&buf, "x", 1));
		moves += buf_data(&buf) != place + 1;
		place = buf_data(&buf);
	}
	assert_true(moves <= 12);
	assert_true(buf.cap <= 2 * MAX);
	buf_fini(&buf);
}

static void clear_gives_back_large_memory_only(void **state)
{
	struct buf buf;
	static char bytes[100000];
	buf_init(&buf, 1 << 20);
	buf_append(&buf, bytes, 100);
	buf_clear(&buf);
	assert_true(buf.cap > 0);
	assert_int_equal(buf_len(&buf), 0);
	buf_append(&buf, bytes, sizeof(bytes));
	buf_clear(&buf);
	assert_int_equal(buf.cap, 0);
	assert_true(buf_append_text(&buf, "again"));
	buf_fini(&buf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty_one_holds_no_memory),
		cmocka_unit_test(first_in_first_out),
		cmocka_unit_test(maximum_holds_to_the_byte),
		cmocka_unit_test(failure_sticks_until_rolled_back),
		cmocka_unit_test(consumed_room_counts_no_more),
		cmocka_unit_test(full_queue_is_moved_seldom),
		cmocka_unit_test(clear_gives_back_large_memory_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
