/* SPDX-License-Identifier: MIT */
#include "rig.h"

enum { CHUNK = 100000, BIG = 40 << 20 };

static void fill(struct end *end, size_t n)
{
	static char chunk[CHUNK];
	for (size_t left = n; left > 0; left -= MIN(left, CHUNK))
		stream_write(end->stream, chunk, MIN(left, CHUNK));
}

static void writes_of_a_round_arrive_as_one(void **state)
{
	struct rig *rig = *state;
	for (int i = 0; i < 100; i++)
		stream_write(rig->a.stream, "0123456789", 10);
	assert_int_equal(stream_queued(rig->a.stream), 1000);
	wait_for(rig->loop, rig->b.got->len == 1000);
	assert_int_equal(rig->b.calls, 1);
}

/* Every byte has its place: what is gathered while a buffer is in flight must come behind it. */
static void big_transfer_keeps_every_byte_in_order(void **state)
{
	struct rig *rig = *state;
	guint32 next = 0, expected = 0;
	while (rig->b.got->len < BIG) {
		struct buf *out = stream_out(rig->a.stream);
		for (int i = 0; i < 50000 && next < BIG / 4; i++, next++)
			buf_append(out, &next, sizeof next);
		stream_flush(rig->a.stream);
		loop_once(rig->loop, next < BIG / 4 ? 0 : 1000);
	}
	assert_int_equal(rig->b.got->len, BIG);
	for (gsize at = 0; at < BIG; at += 4, expected++) {
		guint32 number;
		memcpy(&number, rig->b.got->str + at, 4);
		if (number != expected)
			fail_msg("byte %zu", at);
	}
	assert_int_equal(stream_queued(rig->a.stream), 0);
}

static void reader_that_stops_makes_pressure_and_resuming_ends_it(void **state)
{
	struct rig *rig = *state;
	rig->b.forget = true;
	stream_pause(rig->b.stream);
	stream_set_marks(rig->a.stream, 1 << 20, 256 << 10, 64 << 20);
	size_t sent = 0;
	while (!rig->a.high) {
		fill(&rig->a, CHUNK);
		sent += CHUNK;
		assert_int_equal(rig->a.high, 0); /* not from inside the call */
		loop_once(rig->loop, 0);
	}
	assert_true(stream_queued(rig->a.stream) > 1 << 20);
	fill(&rig->a, 2 << 20);
	sent += 2 << 20;
	loop_once(rig->loop, 5);
	assert_int_equal(rig->a.high, 1);
	assert_int_equal(rig->a.low, 0);
	stream_resume(rig->b.stream);
	wait_for(rig->loop, rig->b.total == sent);
	wait_for(rig->loop, rig->a.low == 1);
	assert_int_equal(rig->a.high, 1);
	assert_int_equal(rig->a.ended, 0);
}

static void output_over_the_maximum_ends_the_stream_later(void **state)
{
	struct rig *rig = *state;
	stream_pause(rig->b.stream);
	stream_set_marks(rig->a.stream, 1000, 100, 200000);
	stream_pause(rig->a.stream);
	for (int i = 0; i < 500 && rig->a.ended == 0; i++) {
		fill(&rig->a, CHUNK);
		assert_int_equal(rig->a.ended, 0);
		assert_true(stream_queued(rig->a.stream) <= 200000);
		if (stream_out(rig->a.stream)->failed)
			break;
		loop_once(rig->loop, 0);
	}
	wait_for(rig->loop, rig->a.ended);
	assert_true(g_error_matches(rig->a.why, LOOP_ERROR, LOOP_ERROR_FULL));
	assert_true(g_str_has_prefix(rig->a.why->message, stream_peer(rig->a.stream)));
	loop_once(rig->loop, 0);
	assert_int_equal(rig->a.ended, 1);
	fill(&rig->a, CHUNK);
	assert_int_equal(buf_len(stream_out(rig->a.stream)), 0);
	loop_once(rig->loop, 0);
	assert_int_equal(rig->a.ended, 1);
}

static void what_is_in_flight_counts_for_the_maximum(void **state)
{
	struct rig *rig = *state;
	static char much[16 << 20];
	stream_pause(rig->b.stream);
	stream_set_marks(rig->a.stream, 1000, 100, sizeof much);
	stream_write(rig->a.stream, much, sizeof much);
	loop_once(rig->loop, 0);
	size_t flying = stream_queued(rig->a.stream);
	assert_true(flying > 0);
	assert_int_equal(rig->a.ended, 0);
	stream_write(rig->a.stream, much, sizeof much);
	assert_true(stream_out(rig->a.stream)->failed);
	wait_for(rig->loop, rig->a.ended);
	assert_true(g_error_matches(rig->a.why, LOOP_ERROR, LOOP_ERROR_FULL));
}

static void writing_to_a_dead_peer_ends_once_and_what_it_said_is_read(void **state)
{
	struct rig *rig = *state;
	stream_pause(rig->a.stream);
	stream_write(rig->b.stream, "last words", 10);
	stream_write(rig->a.stream, "unread", 6);
	stream_pause(rig->b.stream);
	loop_once(rig->loop, 0);
	loop_once(rig->loop, 0);
	stream_close(&rig->b.stream); /* resets: there is unread input */
	stream_resume(rig->a.stream);
	stream_write(rig->a.stream, "more", 4);
	wait_for(rig->loop, rig->a.ended);
	assert_string_equal(rig->a.got->str, "last words");
	assert_non_null(rig->a.why);
	stream_write(rig->a.stream, "still more", 10);
	loop_once(rig->loop, 5);
	assert_int_equal(rig->a.ended, 1);
}

static void output_before_the_start_is_sent(void **state)
{
	struct rig rig;
	rig_open(&rig);
	rig_connect(&rig);
	stream_write(rig.a.stream, "early", 5);
	loop_once(rig.loop, 0);
	rig_start(&rig);
	wait_for(rig.loop, rig.b.got->len == 5);
	rig_close(&rig);
}

static void closing_with_output_in_flight_is_safe(void **state)
{
	struct rig *rig = *state;
	stream_pause(rig->b.stream);
	fill(&rig->a, 32 << 20);
	loop_once(rig->loop, 0);
	assert_true(stream_queued(rig->a.stream) > 0);
	fill(&rig->a, CHUNK);
	stream_close(&rig->a.stream);
}

static void close_low(void *ctx, bool high)
{
	struct end *end = ctx;
	stream_close(&end->stream);
}

static void closes_inside_pressure(void **state)
{
	struct rig *rig = *state;
	struct stream_events events = rig_events;
	events.pressure = close_low;
	stream_start(rig->a.stream, &events, &rig->a);
	stream_pause(rig->b.stream);
	fill(&rig->a, 32 << 20);
	wait_for(rig->loop, !rig->a.stream);
}

#define facts(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(writes_of_a_round_arrive_as_one),
		facts(big_transfer_keeps_every_byte_in_order),
		facts(reader_that_stops_makes_pressure_and_resuming_ends_it),
		facts(output_over_the_maximum_ends_the_stream_later),
		facts(what_is_in_flight_counts_for_the_maximum),
		facts(writing_to_a_dead_peer_ends_once_and_what_it_said_is_read),
		cmocka_unit_test(output_before_the_start_is_sent),
		facts(closing_with_output_in_flight_is_safe),
		facts(closes_inside_pressure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
