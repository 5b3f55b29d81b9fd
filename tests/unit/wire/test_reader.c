/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include "examples.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Writes down what came. */
struct seen {
	GString *text;
	struct wire_reader *stop;
};

static void see(void *ctx, const struct wire_frame *frame)
{
	struct seen *seen = ctx;
	g_string_append_printf(seen->text, "%d:%zu ", frame->type, frame->payload_len);
	if (seen->stop && frame->type == WIRE_EXIT)
		wire_reader_stop(seen->stop);
}

#define SOME      PING_HEX LOGIN_HEX "00 00 00 00" MESSAGE_FROM_MAIN_HEX "00 00 00 02 08 63" EXIT_HEX QUERY_HEX
#define SOME_SEEN "9:0 3:48 0:0 8:30 99:0 29:0 31:8 "

static void whole(void **state)
{
	struct wire_reader reader;
	struct seen seen = { g_string_new(NULL), NULL };
	struct buf bytes;
	buf_init(&bytes, 1 << 16);
	add_hex(&bytes, SOME);
	wire_reader_init(&reader, 1000);
	assert_true(wire_reader_feed(&reader, buf_data(&bytes), buf_len(&bytes), see, &seen));
	assert_string_equal(seen.text->str, SOME_SEEN);
	assert_int_equal(reader.rest.cap, 0); /* nothing was copied */
	wire_reader_fini(&reader);
	buf_fini(&bytes);
	g_string_free(seen.text, TRUE);
}

static void pieces(unsigned seed, unsigned most)
{
	struct wire_reader reader;
	struct seen seen = { g_string_new(NULL), NULL };
	struct buf bytes;
	g_autoptr(GRand) random = g_rand_new_with_seed(seed);
	buf_init(&bytes, 1 << 16);
	add_hex(&bytes, SOME);
	wire_reader_init(&reader, 1000);
	while (buf_len(&bytes) > 0) {
		size_t n = (size_t)g_rand_int_range(random, 1, (gint32)most + 1);
		n = MIN(n, buf_len(&bytes));
		g_autofree char *piece = g_memdup2(buf_data(&bytes), n); /* so that no byte beyond it can be read */
		assert_true(wire_reader_feed(&reader, piece, n, see, &seen));
		buf_consume(&bytes, n);
	}
	assert_string_equal(seen.text->str, SOME_SEEN);
	wire_reader_fini(&reader);
	buf_fini(&bytes);
	g_string_free(seen.text, TRUE);
}

static void byte_by_byte(void **state)
{
	pieces(0, 1);
}

static void cut_at_random(void **state)
{
	for (unsigned seed = 0; seed < 300; seed++)
		pieces(seed, 5 + seed % 60);
}

static void stop_drops_what_follows(void **state)
{
	struct wire_reader reader;
	struct seen seen = { g_string_new(NULL), &reader };
	struct buf bytes;
	buf_init(&bytes, 1 << 16);
	add_hex(&bytes, SOME);
	wire_reader_init(&reader, 1000);
	assert_true(wire_reader_feed(&reader, buf_data(&bytes), buf_len(&bytes), see, &seen));
	assert_string_equal(seen.text->str, "9:0 3:48 0:0 8:30 99:0 29:0 ");
	assert_true(wire_reader_feed(&reader, buf_data(&bytes), buf_len(&bytes), see, &seen));
	assert_string_equal(seen.text->str, "9:0 3:48 0:0 8:30 99:0 29:0 ");
	assert_int_equal(buf_len(&reader.rest), 0);
	wire_reader_fini(&reader);
	buf_fini(&bytes);
	g_string_free(seen.text, TRUE);
}

static void stop_inside_a_frame_put_together_keeps_it_until_the_callback_ends(void **state)
{
	struct wire_reader reader;
	struct seen seen = { g_string_new(NULL), &reader };
	wire_reader_init(&reader, 1000);
	assert_true(wire_reader_feed(&reader, "\0\0\0\2\x08", 5, see, &seen));
	assert_true(wire_reader_feed(&reader, "\x1d\0\0", 3, see, &seen));
	assert_string_equal(seen.text->str, "29:0 ");
	assert_int_equal(buf_len(&reader.rest), 0);
	wire_reader_fini(&reader);
	g_string_free(seen.text, TRUE);
}

static void too_large_a_frame_breaks_the_feed(void **state)
{
	struct wire_reader reader;
	struct seen seen = { g_string_new(NULL), NULL };
	wire_reader_init(&reader, 10);
	assert_false(wire_reader_feed(&reader, "\0\0\0\2\x08\x09\0\0\0\x0b", 10, see, &seen));
	assert_string_equal(seen.text->str, "9:0 ");
	wire_reader_fini(&reader);

	wire_reader_init(&reader, 10);
	assert_true(wire_reader_feed(&reader, "\0\0\0", 3, see, &seen));
	assert_false(wire_reader_feed(&reader, "\x0b", 1, see, &seen));
	wire_reader_fini(&reader);
	g_string_free(seen.text, TRUE);
}

static void announced_length_allocates_nothing(void **state)
{
	struct wire_reader reader;
	struct seen seen = { g_string_new(NULL), NULL };
	wire_reader_init(&reader, WIRE_FRAME_MAX);
	assert_true(wire_reader_feed(&reader, "\0\xff\xff\xff\x08", 5, see, &seen));
	assert_true(reader.rest.cap < 1 << 16);
	wire_reader_fini(&reader);
	g_string_free(seen.text, TRUE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole),
		cmocka_unit_test(byte_by_byte),
		cmocka_unit_test(cut_at_random),
		cmocka_unit_test(stop_drops_what_follows),
		cmocka_unit_test(stop_inside_a_frame_put_together_keeps_it_until_the_callback_ends),
		cmocka_unit_test(too_large_a_frame_breaks_the_feed),
		cmocka_unit_test(announced_length_allocates_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
