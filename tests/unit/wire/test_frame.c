/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include "examples.h"
#include "pbnetwork.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static enum wire_result next(const char *hex, size_t max, struct wire_frame *frame, size_t *used)
{
	static struct buf bytes;
	buf_fini(&bytes);
	buf_init(&bytes, 1 << 16);
	add_hex(&bytes, hex);
	return wire_next((const uint8_t *)buf_data(&bytes), buf_len(&bytes), max, frame, used);
}

static int type_of(const char *hex)
{
	struct wire_frame frame;
	size_t used;
	assert_int_equal(next(hex, 1 << 16, &frame, &used), WIRE_FRAME);
	return frame.type;
}

static void frame_without_payload(void **state)
{
	struct wire_frame frame;
	size_t used;
	assert_int_equal(next(PING_HEX " ff ff", 100, &frame, &used), WIRE_FRAME);
	assert_int_equal(used, 6);
	assert_int_equal(frame.type, WIRE_PING);
	assert_int_equal(frame.payload_len, 0);
}

static void payload_points_into_the_bytes(void **state)
{
	struct wire_frame frame;
	size_t used;
	assert_int_equal(next(QUERY_HEX, 100, &frame, &used), WIRE_FRAME);
	assert_int_equal(used, 16);
	assert_int_equal(frame.type, WIRE_QUERY);
	assert_int_equal(frame.payload_len, 8);
	assert_memory_equal(frame.payload, "\x0a\x06status", 8);
}

static void fields_come_in_any_order(void **state)
{
	assert_int_equal(type_of("00 00 00 05  12 01 41  08 22"), WIRE_RAW_XML);
}

static void last_of_a_repeated_field_counts(void **state)
{
	struct wire_frame frame;
	size_t used;
	next("00 00 00 0a  08 01 12 01 41  12 01 42  08 22", 100, &frame, &used);
	assert_int_equal(frame.type, WIRE_RAW_XML);
	assert_memory_equal(frame.payload, "B", 1);
}

static void unknown_fields_are_skipped(void **state)
{
	/* A varint, eight bytes, a text and four bytes, under the numbers 3 to 6. */
	assert_int_equal(type_of("00 00 00 16  18 80 01  21 01 02 03 04 05 06 07 08  2a 01 78  35 01 02 03 04  08 09 "),
			 WIRE_PING);
}

static void unknown_type_is_a_frame(void **state)
{
	assert_int_equal(type_of("00 00 00 02  08 63"), 99);
	assert_int_equal(type_of("00 00 00 06  08 ff ff ff ff 07"), INT32_MAX);
}

static void wrapper_that_does_not_parse_has_type_0(void **state)
{
	static const char *const wrappers[] = {
		"00 00 00 00",                                         /* empty */
		"00 00 00 01  08",                                     /* no value */
		"00 00 00 02  08 89",                                  /* value goes on */
		"00 00 00 03  12 01 41",                               /* no type */
		"00 00 00 04  08 08 12 01",                            /* payload longer than the frame */
		"00 00 00 0d  08 08 12 ff ff ff ff ff ff ff ff ff 01", /* much longer */
		"00 00 00 04  08 09 1b 1c",                            /* a group */
		"00 00 00 04  08 09 1e 00",                            /* no such wire type */
		"00 00 00 04  08 09 00 01",                            /* field number 0 */
		"00 00 00 05  08 09 1d 00 00",                         /* four bytes cut short */
		"00 00 00 05  08 09 19 00 00",                         /* eight bytes cut short */
		"00 00 00 06  08 ff ff ff ff 0f",                      /* type over INT_MAX */
		"00 00 00 0c  08 80 80 80 80 80 80 80 80 80 80 01",    /* value of eleven bytes */
	};
	for (size_t i = 0; i < G_N_ELEMENTS(wrappers); i++) {
		struct wire_frame frame;
		size_t used;
		assert_int_equal(next(wrappers[i], 100, &frame, &used), WIRE_FRAME);
		assert_int_equal(frame.type, 0);
		assert_int_equal(frame.payload_len, 0);
		assert_int_equal(used, 4 + strtoul(wrappers[i] + 9, NULL, 16));
	}
}

static void incomplete_frame_tells_its_length_once_known(void **state)
{
	struct wire_frame frame;
	size_t used;
	assert_int_equal(next("00 00 01", 1000, &frame, &used), WIRE_NEED_MORE);
	assert_int_equal(used, 0);
	assert_int_equal(next("00 00 01 00", 1000, &frame, &used), WIRE_NEED_MORE);
	assert_int_equal(used, 260);
}

static void length_over_the_maximum_is_refused_at_once(void **state)
{
	struct wire_frame frame;
	size_t used;
	assert_int_equal(next("00 00 00 65", 100, &frame, &used), WIRE_TOO_LARGE);
	assert_int_equal(next("00 00 00 64", 100, &frame, &used), WIRE_NEED_MORE);
	assert_int_equal(next("ff ff ff ff", WIRE_FRAME_MAX, &frame, &used), WIRE_TOO_LARGE);
}

static void raw_payload_is_framed(void **state)
{
	struct buf out;
	buf_init(&out, 100);
	assert_true(wire_put_raw(&out, WIRE_RAW_XML, "<a/>", 4));
	assert_int_equal(buf_len(&out), 12);
	assert_memory_equal(buf_data(&out), "\0\0\0\x08\x08\x22\x12\x04<a/>", 12);
	buf_fini(&out);
}

static void long_payload_has_a_long_length(void **state)
{
	struct buf out;
	struct wire_frame frame;
	size_t used;
	g_autofree char *text = g_strnfill(300000, 'x');
	buf_init(&out, 1 << 20);
	assert_true(wire_put_raw(&out, WIRE_RAW_XML, text, 300000));
	assert_int_equal(wire_next((uint8_t *)buf_data(&out), buf_len(&out), WIRE_FRAME_MAX, &frame, &used),
			 WIRE_FRAME);
	assert_int_equal(used, buf_len(&out));
	assert_int_equal(frame.payload_len, 300000);
	buf_fini(&out);
}

static void frame_that_does_not_fit_leaves_the_output_as_it_was(void **state)
{
	struct buf out;
	buf_init(&out, 20);
	assert_true(wire_put(&out, WIRE_PING, NULL));
	assert_false(wire_put_raw(&out, WIRE_RAW_XML, "0123456789", 10));
	assert_int_equal(buf_len(&out), 6);
	assert_true(out.failed);
	buf_fini(&out);
}

static void payload_over_the_frame_maximum_is_refused(void **state)
{
	struct buf out;
	g_autofree char *text = g_malloc0(WIRE_FRAME_MAX);
	buf_init(&out, (size_t)WIRE_FRAME_MAX * 2);
	assert_false(wire_put_raw(&out, WIRE_RAW_XML, text, WIRE_FRAME_MAX));
	assert_false(out.failed);
	assert_true(wire_put_raw(&out, WIRE_RAW_XML, text, WIRE_FRAME_MAX - 7));
	buf_fini(&out);
}

static void message_without_fields_still_has_a_payload(void **state)
{
	struct buf out;
	Pbnetwork__Buddies none = PBNETWORK__BUDDIES__INIT;
	buf_init(&out, 100);
	assert_true(wire_put(&out, WIRE_BUDDIES, &none.base));
	assert_int_equal(buf_len(&out), 8);
	assert_memory_equal(buf_data(&out), "\0\0\0\x04\x08\x23\x12\0", 8);
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_without_payload),
		cmocka_unit_test(payload_points_into_the_bytes),
		cmocka_unit_test(fields_come_in_any_order),
		cmocka_unit_test(last_of_a_repeated_field_counts),
		cmocka_unit_test(unknown_fields_are_skipped),
		cmocka_unit_test(unknown_type_is_a_frame),
		cmocka_unit_test(wrapper_that_does_not_parse_has_type_0),
		cmocka_unit_test(incomplete_frame_tells_its_length_once_known),
		cmocka_unit_test(length_over_the_maximum_is_refused_at_once),
		cmocka_unit_test(raw_payload_is_framed),
		cmocka_unit_test(long_payload_has_a_long_length),
		cmocka_unit_test(frame_that_does_not_fit_leaves_the_output_as_it_was),
		cmocka_unit_test(payload_over_the_frame_maximum_is_refused),
		cmocka_unit_test(message_without_fields_still_has_a_payload),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
