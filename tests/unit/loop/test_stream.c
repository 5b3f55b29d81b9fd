/* SPDX-License-Identifier: MIT */
#include "loop/stream.h"

#include "rig.h"

#include <sys/socket.h>
#include <unistd.h>

static void write_text(struct end *end, const char *text)
{
	stream_write(end->stream, text, strlen(text));
}

static void bytes_go_both_ways(void **state)
{
	struct rig *rig = *state;
	write_text(&rig->a, "to b");
	write_text(&rig->b, "to a");
	assert_int_equal(rig->b.got->len, 0);
	wait_for(rig->loop, rig->a.got->len == 4 && rig->b.got->len == 4);
	assert_string_equal(rig->a.got->str, "to a");
	assert_string_equal(rig->b.got->str, "to b");
	assert_int_equal(stream_queued(rig->a.stream), 0);
}

static void close_inside(struct end *end, size_t n)
{
	stream_close(&end->stream);
}

static void answer_and_close_inside(struct end *end, size_t n)
{
	write_text(end, "bye");
	stream_close(&end->stream);
}

static void close_inside_ended(struct end *end)
{
	stream_close(&end->stream);
}

static void pause_inside(struct end *end, size_t n)
{
	stream_pause(end->stream);
}

static void peer_close_is_told_once_without_error(void **state)
{
	struct rig *rig = *state;
	stream_close(&rig->a.stream);
	assert_null(rig->a.stream);
	wait_for(rig->loop, rig->b.ended);
	loop_once(rig->loop, 5);
	assert_int_equal(rig->b.ended, 1);
	assert_null(rig->b.why);
	assert_int_equal(rig->a.ended, 0);
}

static void closes_inside_data(void **state)
{
	struct rig *rig = *state;
	rig->b.on_data = close_inside;
	write_text(&rig->a, "x");
	wait_for(rig->loop, !rig->b.stream && rig->a.ended);
	assert_int_equal(rig->b.calls, 1);
	assert_int_equal(rig->b.ended, 0);
}

static void last_words_before_a_close_arrive(void **state)
{
	struct rig *rig = *state;
	rig->b.on_data = answer_and_close_inside;
	write_text(&rig->a, "x");
	wait_for(rig->loop, rig->a.ended);
	assert_string_equal(rig->a.got->str, "bye");
}

static void closes_inside_ended(void **state)
{
	struct rig *rig = *state;
	rig->b.on_ended = close_inside_ended;
	stream_close(&rig->a.stream);
	wait_for(rig->loop, rig->b.ended);
	assert_null(rig->b.stream);
}

static void reset_is_told_with_the_peer_in_the_text(void **state)
{
	struct rig *rig = *state;
	stream_pause(rig->a.stream);
	write_text(&rig->b, "unread");
	loop_once(rig->loop, 5);
	wait_for(rig->loop, stream_queued(rig->b.stream) == 0);
	stream_close(&rig->a.stream); /* with unread input: the kernel resets */
	wait_for(rig->loop, rig->b.ended);
	assert_int_equal(rig->b.ended, 1);
	assert_non_null(rig->b.why);
	assert_true(g_error_matches(rig->b.why, LOOP_ERROR, LOOP_ERROR_FAILED));
	assert_true(g_str_has_prefix(rig->b.why->message, stream_peer(rig->b.stream)));
}

static void paused_stream_gives_nothing_until_resumed(void **state)
{
	struct rig *rig = *state;
	rig->b.on_data = pause_inside;
	write_text(&rig->a, "one");
	wait_for(rig->loop, rig->b.calls == 1);
	write_text(&rig->a, "two");
	for (int i = 0; i < 5; i++)
		loop_once(rig->loop, 5);
	assert_string_equal(rig->b.got->str, "one");
	stream_resume(rig->b.stream);
	assert_int_equal(rig->b.calls, 1);
	wait_for(rig->loop, rig->b.calls == 2);
	assert_string_equal(rig->b.got->str, "onetwo");
}

static void one_peer_does_not_fill_a_round(void **state)
{
	struct rig *rig = *state;
	g_autofree char *much = g_malloc0(8 << 20);
	rig->b.forget = true;
	stream_pause(rig->b.stream);
	stream_write(rig->a.stream, much, 8 << 20);
	loop_once(rig->loop, 0);
	stream_resume(rig->b.stream);
	unsigned most = 0;
	while (rig->b.total < 8 << 20) {
		unsigned before = rig->b.calls;
		loop_once(rig->loop, 1000);
		most = MAX(most, rig->b.calls - before);
	}
	assert_in_range(most, 1, 4);
}

static void finish_writes_everything_then_closes(void **state)
{
	struct rig *rig = *state;
	g_autofree char *much = g_malloc0(4 << 20);
	rig->b.forget = true;
	stream_write(rig->a.stream, much, 4 << 20);
	write_text(&rig->b, "this is not read any more");
	stream_finish(&rig->a.stream, 20000);
	assert_null(rig->a.stream);
	wait_for(rig->loop, rig->b.ended);
	assert_int_equal(rig->b.total, 4 << 20);
	assert_null(rig->b.why);
	assert_int_equal(rig->a.calls, 0);
}

static void finish_gives_up_after_its_time(void **state)
{
	struct rig *rig = *state;
	g_autofree char *much = g_malloc0(32 << 20);
	stream_pause(rig->b.stream);
	stream_write(rig->a.stream, much, 32 << 20);
	gint64 begun = g_get_monotonic_time();
	stream_finish(&rig->a.stream, 50);
	stream_close(&rig->b.stream);
	listen_close(&rig->listener);
	loop_free(&rig->loop);
	assert_true(g_get_monotonic_time() - begun < 30 * G_TIME_SPAN_SECOND);
	rig->loop = loop_new(); /* for the teardown */
}

static void finish_after_the_peer_closed_its_side_still_answers(void **state)
{
	struct rig *rig = *state;
	stream_finish(&rig->a.stream, 20000);
	wait_for(rig->loop, rig->b.ended);
	write_text(&rig->b, "answer that nobody sees");
	stream_finish(&rig->b.stream, 60000);
	gint64 begun = g_get_monotonic_time();
	listen_close(&rig->listener);
	loop_free(&rig->loop);
	assert_true(g_get_monotonic_time() - begun < 30 * G_TIME_SPAN_SECOND);
	rig->loop = loop_new();
}

static void peer_is_named_and_local(void **state)
{
	struct rig *rig = *state;
	g_autofree char *expected = g_strdup_printf("127.0.0.1:%u", listen_port(rig->listener));
	uid_t uid = (uid_t)-1;
	assert_string_equal(stream_peer(rig->a.stream), expected);
	assert_true(stream_is_local(rig->b.stream));
	assert_true(stream_peer_uid(rig->b.stream, &uid));
	assert_int_equal(uid, geteuid());
	assert_false(stream_is_tls(rig->a.stream));
}

static void unix_socket_is_a_stream(void **state)
{
	int ends[2];
	char text[8] = "";
	uid_t uid = (uid_t)-1;
	struct end end = { .got = g_string_new(NULL) };
	struct loop *loop = loop_new();
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	end.stream = stream_from_fd(loop, ends[0], NULL);
	assert_non_null(end.stream);
	stream_start(end.stream, &rig_events, &end);
	assert_true(stream_is_local(end.stream));
	assert_true(stream_peer_uid(end.stream, &uid));
	assert_int_equal(uid, geteuid());
	assert_string_equal(stream_peer(end.stream), "local socket");
	write_text(&end, "out");
	assert_int_equal(write(ends[1], "in", 2), 2);
	wait_for(loop, end.got->len == 2);
	assert_int_equal(read(ends[1], text, sizeof text - 1), 3);
	assert_string_equal(text, "out");
	close(ends[1]);
	wait_for(loop, end.ended);
	stream_close(&end.stream);
	loop_free(&loop);
	g_string_free(end.got, TRUE);
}

#define facts(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(bytes_go_both_ways),
		facts(peer_close_is_told_once_without_error),
		facts(closes_inside_data),
		facts(last_words_before_a_close_arrive),
		facts(closes_inside_ended),
		facts(reset_is_told_with_the_peer_in_the_text),
		facts(paused_stream_gives_nothing_until_resumed),
		facts(one_peer_does_not_fill_a_round),
		facts(finish_writes_everything_then_closes),
		facts(finish_gives_up_after_its_time),
		facts(finish_after_the_peer_closed_its_side_still_answers),
		facts(peer_is_named_and_local),
		cmocka_unit_test(unix_socket_is_a_stream),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
