/* SPDX-License-Identifier: MIT */
#include "frontend/resend.h"

#include "../core/fakes.h"

static int setup(void **state)
{
	*state = g_new0(struct resend, 1);
	return 0;
}

static int teardown(void **state)
{
	resend_fini(*state);
	g_free(*state);
	return 0;
}

static void put(struct resend *resend, const char *stanza)
{
	assert_true(resend_keep(resend, stanza, strlen(stanza)));
}

static void expect_all(const struct resend *resend, const char *wanted)
{
	struct buf out;
	buf_init(&out, 1 << 20);
	resend_write(resend, &out);
	assert_int_equal(buf_len(&out), strlen(wanted));
	assert_memory_equal(buf_data(&out), wanted, buf_len(&out));
	buf_fini(&out);
}

static void what_is_not_confirmed_is_there_in_order(void **state)
{
	struct resend *resend = *state;
	expect_all(resend, "");
	put(resend, "<a/>");
	put(resend, "<bb/>");
	uint64_t position = resend_position(resend);
	put(resend, "<ccc/>");
	expect_all(resend, "<a/><bb/><ccc/>");
	assert_int_equal(resend_count(resend), 3);
	resend_confirm(resend, position);
	expect_all(resend, "<ccc/>");
	resend_confirm(resend, position);
	assert_int_equal(resend_count(resend), 1);
	resend_confirm(resend, resend_position(resend));
	assert_int_equal(resend_count(resend), 0);
	resend_rest(resend);
	put(resend, "<d/>");
	expect_all(resend, "<d/>");
}

static void the_first_can_be_looked_at_and_dropped(void **state)
{
	struct resend *resend = *state;
	size_t n;
	assert_null(resend_first(resend, &n));
	put(resend, "<a/>");
	put(resend, "<bb/>");
	assert_memory_equal(resend_first(resend, &n), "<a/>", 4);
	assert_int_equal(n, 4);
	uint64_t second = resend_second(resend);
	assert_true(resend_confirm(resend, second));
	assert_false(resend_confirm(resend, second));
	expect_all(resend, "<bb/>");
	resend_drop_first(resend);
	assert_int_equal(resend_count(resend), 0);
}

static void a_stanza_too_large_leaves_no_trace(void **state)
{
	struct resend *resend = *state;
	g_autofree char *huge = g_strnfill(RESEND_MAX, 'x');
	put(resend, "<a/>");
	assert_int_equal(resend_make_room(resend, RESEND_MAX), 0);
	assert_false(resend_keep(resend, huge, RESEND_MAX));
	assert_false(resend_keep(resend, huge, 0));
	put(resend, "<b/>");
	expect_all(resend, "<a/><b/>");
}

/* At every offset of the ring, and while it grows. */
static void stanzas_stay_whole_where_the_ring_wraps(void **state)
{
	struct resend *resend = *state;
	g_autoptr(GString) wanted = g_string_new(NULL);
	put(resend, "<first/>");
	resend_confirm(resend, resend_position(resend));
	for (unsigned i = 0; i < 3000; i++) {
		g_autofree char *stanza = g_strdup_printf("<n%u>%.*s</n>", i, (int)(i % 97), wanted->str);
		put(resend, stanza);
		if (i % 1000 == 700) {
			resend_confirm(resend, resend_position(resend));
			g_string_truncate(wanted, 0);
		} else {
			g_string_append(wanted, stanza);
		}
	}
	expect_all(resend, wanted->str);
}

static size_t fill(struct resend *resend)
{
	g_autofree char *stanza = g_strnfill(100000, 'x');
	size_t n = 0;
	while (resend_keep(resend, stanza, 100000))
		n++;
	return n;
}

static void the_oldest_make_room_and_are_counted(void **state)
{
	struct resend *resend = *state;
	put(resend, "<a/>");
	size_t n = fill(resend);
	uint64_t position = resend_position(resend);
	assert_int_equal(resend_make_room(resend, 100000), 2);
	assert_int_equal(resend_count(resend), n - 1);
	assert_int_equal(resend_position(resend), position);
	assert_int_equal(resend_make_room(resend, 100000), 0);
}

static void a_lost_link_leaves_room_for_what_comes(void **state)
{
	struct resend *resend = *state;
	size_t n = fill(resend), dropped = resend_link_lost(resend);
	assert_true(dropped > 0);
	assert_int_equal(resend_count(resend), n - dropped);
	assert_in_range(resend_size(resend), RESEND_UNCONFIRMED_MAX - 200000, RESEND_UNCONFIRMED_MAX);
}

static void an_old_position_confirms_nothing_that_came_later(void **state)
{
	struct resend *resend = *state;
	put(resend, "<a/>");
	uint64_t position = resend_position(resend);
	fill(resend);
	size_t left = resend_count(resend) - resend_make_room(resend, 300000);
	resend_confirm(resend, position);
	assert_int_equal(resend_count(resend), left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_not_confirmed_is_there_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(the_first_can_be_looked_at_and_dropped, setup, teardown),
		cmocka_unit_test_setup_teardown(a_stanza_too_large_leaves_no_trace, setup, teardown),
		cmocka_unit_test_setup_teardown(stanzas_stay_whole_where_the_ring_wraps, setup, teardown),
		cmocka_unit_test_setup_teardown(the_oldest_make_room_and_are_counted, setup, teardown),
		cmocka_unit_test_setup_teardown(a_lost_link_leaves_room_for_what_comes, setup, teardown),
		cmocka_unit_test_setup_teardown(an_old_position_confirms_nothing_that_came_later, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
