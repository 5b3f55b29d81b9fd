/* SPDX-License-Identifier: MIT */
#include "certs.h"
#include "loop/tls_filter.h"
#include "rig.h"

enum { BIG = 8 << 20 };

/* The rig with TLS settings for both ends. */
struct shield {
	struct rig rig;
	struct certs certs;
	struct tls *client, *server;
	unsigned a_done, b_done;
	GError *a_error, *b_error;
	bool close_in_done;
};

static int setup(void **state)
{
	struct shield *shield = g_new0(struct shield, 1);
	certs_make(&shield->certs, "DNS:localhost");
	shield->client = tls_new_client(shield->certs.cert, TRUE, NULL);
	shield->server = certs_server(&shield->certs);
	rig_open(&shield->rig);
	rig_connect(&shield->rig);
	*state = shield;
	return 0;
}

static int teardown(void **state)
{
	struct shield *shield = *state;
	rig_close(&shield->rig);
	tls_free(&shield->client);
	tls_free(&shield->server);
	certs_clear(&shield->certs);
	g_clear_error(&shield->a_error);
	g_clear_error(&shield->b_error);
	g_free(shield);
	return 0;
}

static void on_a_done(void *ctx, const GError *error)
{
	struct shield *shield = ctx;
	shield->a_done++;
	shield->a_error = error ? g_error_copy(error) : NULL;
	if (shield->close_in_done)
		stream_close(&shield->rig.a.stream);
}

static void on_b_done(void *ctx, const GError *error)
{
	struct shield *shield = ctx;
	assert_int_equal(shield->rig.b.got->len, 0);
	shield->b_done++;
	shield->b_error = error ? g_error_copy(error) : NULL;
}

static void begin(struct shield *shield, const char *host)
{
	stream_start_tls(shield->rig.a.stream, shield->client, host, on_a_done, shield);
	stream_start_tls(shield->rig.b.stream, shield->server, NULL, on_b_done, shield);
	assert_int_equal(shield->a_done + shield->b_done, 0);
	assert_false(stream_is_tls(shield->rig.a.stream));
}

static void wrap(struct shield *shield)
{
	rig_start(&shield->rig);
	begin(shield, "localhost");
	wait_for(shield->rig.loop, shield->a_done && shield->b_done);
	assert_null(shield->a_error);
	assert_null(shield->b_error);
}

static void talks_both_ways(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	wrap(shield);
	assert_true(stream_is_tls(rig->a.stream) && stream_is_tls(rig->b.stream));
	stream_write(rig->a.stream, "to b", 4);
	stream_write(rig->b.stream, "to a", 4);
	wait_for(rig->loop, rig->a.got->len == 4 && rig->b.got->len == 4);
	assert_string_equal(rig->a.got->str, "to a");
	assert_string_equal(rig->b.got->str, "to b");
	assert_int_equal(stream_queued(rig->a.stream), 0);
}

static void output_before_it_goes_in_the_clear_and_output_meanwhile_waits(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	stream_start(rig->a.stream, &rig_events, &rig->a);
	stream_start(rig->b.stream, &rig_events, &rig->b);
	stream_write(rig->b.stream, "<proceed/>", 10);
	stream_start_tls(rig->b.stream, shield->server, NULL, on_b_done, shield);
	stream_write(rig->b.stream, "early", 5);
	wait_for(rig->loop, rig->a.got->len >= 10);
	assert_string_equal(rig->a.got->str, "<proceed/>");
	stream_start_tls(rig->a.stream, shield->client, "localhost", on_a_done, shield);
	wait_for(rig->loop, rig->a.got->len == 15);
	assert_string_equal(rig->a.got->str, "<proceed/>early");
	assert_int_equal(shield->a_done, 1);
}

static void starts_before_the_stream_does(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	begin(shield, "localhost");
	wait_for(rig->loop, shield->a_done && shield->b_done);
	stream_start(rig->a.stream, &rig_events, &rig->a);
	stream_write(rig->a.stream, "hello", 5);
	loop_once(rig->loop, 5);
	stream_start(rig->b.stream, &rig_events, &rig->b);
	wait_for(rig->loop, rig->b.got->len == 5);
}

static void big_transfer_arrives_whole(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	wrap(shield);
	for (guint32 i = 0; i < BIG / 4; i++)
		buf_append(stream_out(rig->a.stream), &i, 4);
	stream_flush(rig->a.stream);
	wait_for(rig->loop, rig->b.got->len == BIG);
	for (guint32 i = 0; i < BIG / 4; i++)
		assert_memory_equal(rig->b.got->str + 4 * (gsize)i, &i, 4);
}

static void pause_inside(struct end *end, size_t n)
{
	stream_pause(end->stream);
}

/* What was decrypted or waits as ciphertext must come after the resume, though the socket stays silent. */
static void paused_bytes_are_kept_and_come_in_order(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	wrap(shield);
	rig->b.on_data = pause_inside;
	for (guint32 i = 0; i < 100000; i++)
		buf_append(stream_out(rig->a.stream), &i, 4);
	stream_flush(rig->a.stream);
	gint64 until = g_get_monotonic_time() + RIG_PATIENCE;
	while (rig->b.got->len < 400000 && g_get_monotonic_time() < until) {
		unsigned before = rig->b.calls;
		loop_once(rig->loop, 1);
		assert_true(rig->b.calls - before <= 1);
		stream_resume(rig->b.stream);
	}
	assert_int_equal(rig->b.got->len, 400000);
	for (guint32 i = 0; i < 100000; i++)
		assert_memory_equal(rig->b.got->str + 4 * (gsize)i, &i, 4);
}

static void wrong_name_is_told_to_both(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	rig_start(rig);
	begin(shield, "irc.example.org");
	wait_for(rig->loop, shield->a_done);
	assert_string_equal(shield->a_error->message, "certificate of irc.example.org: hostname mismatch");
	stream_close(&rig->a.stream);
	wait_for(rig->loop, rig->b.ended || shield->b_error);
	assert_int_equal(rig->a.ended, 0);
}

static void untrusted_certificate_is_refused(void **state)
{
	struct shield *shield = *state;
	tls_free(&shield->client);
	shield->client = tls_new_client(NULL, TRUE, NULL);
	rig_start(&shield->rig);
	begin(shield, "localhost");
	wait_for(shield->rig.loop, shield->a_done);
	assert_string_equal(shield->a_error->message, "certificate of localhost: self-signed certificate");
}

static void unverified_client_accepts_anything(void **state)
{
	struct shield *shield = *state;
	tls_free(&shield->client);
	shield->client = tls_new_client(NULL, FALSE, NULL);
	rig_start(&shield->rig);
	begin(shield, "irc.example.org");
	wait_for(shield->rig.loop, shield->a_done && shield->b_done);
	assert_null(shield->a_error);
}

static void peer_that_goes_meanwhile_is_told_by_done_alone(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	rig_start(rig);
	stream_start_tls(rig->a.stream, shield->client, "localhost", on_a_done, shield);
	stream_close(&rig->b.stream);
	wait_for(rig->loop, shield->a_done);
	assert_non_null(shield->a_error);
	loop_once(rig->loop, 5);
	assert_int_equal(shield->a_done, 1);
	assert_int_equal(rig->a.ended, 0);
}

static void nonsense_of_the_peer_is_an_error(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	rig_start(rig);
	stream_start_tls(rig->b.stream, shield->server, NULL, on_b_done, shield);
	stream_write(rig->a.stream, "<stream:stream>", 15);
	wait_for(rig->loop, shield->b_done);
	assert_true(g_error_matches(shield->b_error, LOOP_ERROR, LOOP_ERROR_TLS));
	assert_int_equal(rig->b.calls, 0);
	assert_int_equal(rig->b.ended, 0);
}

/* The first bytes of a ClientHello that offers TLS 1.1 at most (RFC 5246, section 7.4.1.2). */
static void tls_1_1_is_refused(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	unsigned char hello[] = { 22, 3, 1, 0, 45, 1, 0, 0, 41, 3, 2, [43] = 0, 0, 2, 0xc0, 0x13, 1, 0, 0, 0 };
	rig_start(rig);
	stream_start_tls(rig->b.stream, shield->server, NULL, on_b_done, shield);
	stream_write(rig->a.stream, hello, sizeof hello);
	wait_for(rig->loop, shield->b_done);
	assert_non_null(strstr(shield->b_error->message, "unsupported protocol"));
	/* The peer is told by an alert: level fatal, protocol_version. */
	wait_for(rig->loop, rig->a.got->len == 7);
	assert_memory_equal(rig->a.got->str + 5, "\x02\x46", 2);
}

static void closes_inside_done(void **state)
{
	struct shield *shield = *state;
	shield->close_in_done = true;
	rig_start(&shield->rig);
	begin(shield, "localhost");
	wait_for(shield->rig.loop, shield->a_done);
	assert_null(shield->rig.a.stream);
}

static void close_inside(struct end *end, size_t n)
{
	stream_close(&end->stream);
}

static void closes_inside_data(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	wrap(shield);
	rig->b.on_data = close_inside;
	stream_write(rig->a.stream, "x", 1);
	wait_for(rig->loop, !rig->b.stream);
	wait_for(rig->loop, rig->a.ended);
	assert_null(rig->a.why);
}

static void finish_sends_all_and_says_goodbye(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	g_autofree char *much = g_malloc0(BIG);
	wrap(shield);
	rig->b.forget = true;
	stream_write(rig->a.stream, much, BIG);
	stream_finish(&rig->a.stream, 20000);
	wait_for(rig->loop, rig->b.ended);
	assert_int_equal(rig->b.total, BIG);
	assert_null(rig->b.why);
}

static void output_over_the_maximum_ends_it(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	g_autofree char *much = g_malloc0(1 << 20);
	wrap(shield);
	stream_set_marks(rig->a.stream, 1 << 20, 1 << 18, 4 << 20);
	stream_pause(rig->b.stream);
	for (int i = 0; i < 100 && !rig->a.ended; i++) {
		stream_write(rig->a.stream, much, 1 << 20);
		loop_once(rig->loop, 0);
	}
	assert_int_equal(rig->a.ended, 1);
	assert_true(g_error_matches(rig->a.why, LOOP_ERROR, LOOP_ERROR_FULL));
}

/* A client that speaks TLS by hand over the plain stream a. */
struct puppet {
	struct end end; /* first: the rig's callbacks cast to it */
	struct tls_filter *filter;
	struct buf wire;
	bool through;
};

static void step(struct end *end, size_t n)
{
	struct puppet *puppet = (struct puppet *)end;
	tls_filter_offer(puppet->filter, end->got->str + end->got->len - n, n);
	puppet->through |= tls_filter_negotiate(puppet->filter, NULL) == TLS_DONE;
	tls_filter_take_back(puppet->filter);
	stream_write(end->stream, buf_data(&puppet->wire), buf_len(&puppet->wire));
	buf_clear(&puppet->wire);
}

static void flood_of_broken_records_ends_it_once(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	struct puppet puppet = { .end = { .got = g_string_new(NULL), .stream = rig->a.stream, .on_data = step } };
	g_autofree char *much = g_strnfill(2 << 20, '\x17');
	buf_init(&puppet.wire, 1 << 20);
	puppet.filter = tls_filter_new(shield->client, "localhost", "peer", &puppet.wire);
	stream_start(rig->a.stream, &rig_events, &puppet.end);
	stream_start(rig->b.stream, &rig_events, &rig->b);
	stream_start_tls(rig->b.stream, shield->server, NULL, on_b_done, shield);
	step(&puppet.end, 0);
	wait_for(rig->loop, puppet.through && shield->b_done);
	stream_write(rig->a.stream, much, 2 << 20);
	wait_for(rig->loop, rig->b.ended);
	assert_true(g_error_matches(rig->b.why, LOOP_ERROR, LOOP_ERROR_TLS));
	assert_int_equal(rig->b.calls, 0);
	stream_close(&rig->a.stream);
	g_string_free(puppet.end.got, TRUE);
	g_clear_error(&puppet.end.why);
	tls_filter_free(&puppet.filter);
	buf_fini(&puppet.wire);
}

static void flood_while_it_breaks_is_survived(void **state)
{
	struct shield *shield = *state;
	struct rig *rig = &shield->rig;
	g_autofree char *much = g_malloc0(BIG);
	wrap(shield);
	rig->b.forget = true;
	stream_pause(rig->a.stream);
	stream_write(rig->a.stream, much, BIG);
	loop_once(rig->loop, 0);
	stream_set_marks(rig->b.stream, 10, 10, 10);
	stream_write(rig->b.stream, much, 20);
	wait_for(rig->loop, rig->b.ended);
	assert_true(g_error_matches(rig->b.why, LOOP_ERROR, LOOP_ERROR_FULL));
}

#define facts(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(talks_both_ways),
		facts(output_before_it_goes_in_the_clear_and_output_meanwhile_waits),
		facts(starts_before_the_stream_does),
		facts(big_transfer_arrives_whole),
		facts(paused_bytes_are_kept_and_come_in_order),
		facts(wrong_name_is_told_to_both),
		facts(untrusted_certificate_is_refused),
		facts(unverified_client_accepts_anything),
		facts(peer_that_goes_meanwhile_is_told_by_done_alone),
		facts(nonsense_of_the_peer_is_an_error),
		facts(tls_1_1_is_refused),
		facts(closes_inside_done),
		facts(closes_inside_data),
		facts(finish_sends_all_and_says_goodbye),
		facts(output_over_the_maximum_ends_it),
		facts(flood_of_broken_records_ends_it_once),
		facts(flood_while_it_breaks_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
