/* SPDX-License-Identifier: MIT */
/* The adapter with everything under it: the echo backend as a process, this test in the place of main. */
#include "../wire/examples.h"
#include "dump.h"
#include "loop/listen.h"
#include "loop/process.h"
#include "loop/timer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <unistd.h>

enum { LIMIT = 20000 };

static const char *program; /* from the command line of the test */

static struct {
	struct loop *loop;
	struct listener *listener;
	struct stream *stream;
	struct process *process;
	struct timer *limit;
	struct buf in;
	GString *said, *errors;
	char *path;
	unsigned port;
	bool over, late;
	int code;
} t;

static void on_data(void *ctx, const char *bytes, size_t n)
{
	assert_true(buf_append(&t.in, bytes, n));
	dump_frames(&t.in, t.said);
}

static void on_stream_ended(void *ctx, const GError *why)
{
	stream_close(&t.stream);
}

static void on_accepted(void *ctx, struct stream *stream)
{
	static const struct stream_events events = { .data = on_data, .ended = on_stream_ended };
	t.stream = stream;
	stream_start(stream, &events, NULL);
}

static void on_line(void *ctx, const char *line)
{
	g_string_append_printf(t.errors, "%s\n", line);
}

static void on_process_ended(void *ctx, const struct process_end *end)
{
	t.over = true;
	t.code = end->code;
}

static void on_limit(void *ctx)
{
	t.late = true;
}

static int set_up(void **state)
{
	g_autoptr(GError) error = NULL;
	memset(&t, 0, sizeof(t));
	t.loop = loop_new();
	t.listener = listen_tcp(t.loop, "127.0.0.1", 0, on_accepted, NULL, &error);
	assert_non_null(t.listener);
	t.port = listen_port(t.listener);
	t.limit = timer_new(t.loop, on_limit, NULL);
	timer_start(t.limit, LIMIT, 0);
	t.said = g_string_new(NULL);
	t.errors = g_string_new(NULL);
	buf_init(&t.in, 1 << 20);
	close(g_file_open_tmp("spectrum-XXXXXX.cfg", &t.path, NULL));
	g_file_set_contents(t.path,
			    "[service]\njid=echo.example.org\npassword=x\nserver=127.0.0.1\nport=5347\n"
			    "backend=/bin/true\n",
			    -1, NULL);
	return 0;
}

static int tear_down(void **state)
{
	if (t.stream)
		stream_close(&t.stream);
	if (t.listener)
		listen_close(&t.listener);
	process_free(&t.process);
	timer_free(&t.limit);
	loop_free(&t.loop);
	g_string_free(t.said, TRUE);
	g_string_free(t.errors, TRUE);
	buf_fini(&t.in);
	g_unlink(t.path);
	g_free(t.path);
	return 0;
}

static void start(const char *path)
{
	static const struct process_events events = { .line = on_line, .ended = on_process_ended };
	g_autoptr(GError) error = NULL;
	g_autofree char *port = g_strdup_printf("%u", t.port);
	const char *argv[] = { program, "--host",           "127.0.0.1", "--port", port, "--service.backend_id=1",
			       "-j",    "echo.example.org", path,        NULL };
	t.process = process_spawn(t.loop, argv, NULL, &events, NULL, &error);
	assert_non_null(t.process);
}

static void await_said(const char *lines)
{
	while (!t.late && !t.over && t.said->len < strlen(lines))
		loop_once(t.loop, -1);
	assert_string_equal(t.said->str, lines);
	g_string_truncate(t.said, 0);
}

static void await_end(int code)
{
	while (!t.late && !t.over)
		loop_once(t.loop, -1);
	assert_true(t.over);
	assert_int_equal(t.code, code);
}

static void say(const char *hex)
{
	struct buf bytes;
	while (!t.late && !t.stream)
		loop_once(t.loop, -1);
	assert_non_null(t.stream);
	buf_init(&bytes, 1 << 16);
	add_hex(&bytes, hex);
	stream_write(t.stream, buf_data(&bytes), buf_len(&bytes));
	buf_fini(&bytes);
}

static void session_ends_with_exit(void **state)
{
	start(t.path);
	say(PING_HEX);
	await_said("BACKEND_CONFIG\nPONG\nSTATS\n");
	say(LOGIN_HEX);
	await_said("BUDDY_CHANGED userName=u@example.org buddyName=echo alias=Echo status=0 "
		   "statusMessage=Whatever you say\nCONNECTED user=u@example.org\n");
	say(PING_HEX MESSAGE_FROM_MAIN_HEX);
	await_said("PONG\nSTATS\nCONV_MESSAGE_ACK userName=u@example.org buddyName=bob message= id=m1\n"
		   "CONV_MESSAGE userName=u@example.org buddyName=bob message=hi\n");
	say(EXIT_HEX);
	await_end(0);
}

static void closed_connection_ends_it(void **state)
{
	start(t.path);
	say(PING_HEX);
	await_said("BACKEND_CONFIG\nPONG\nSTATS\n");
	stream_close(&t.stream);
	await_end(0);
}

static void term_signal_ends_it(void **state)
{
	start(t.path);
	say(PING_HEX);
	await_said("BACKEND_CONFIG\nPONG\nSTATS\n");
	process_signal(t.process, SIGTERM);
	await_end(0);
}

static void broken_stream_ends_it_with_an_error(void **state)
{
	start(t.path);
	say("ff ff ff ff 00");
	await_end(1);
	assert_non_null(strstr(t.errors->str, "spectrum2_echo_backend: the stream from the gateway is broken"));
}

static void missing_configuration_is_an_error(void **state)
{
	start("/nonexistent/x.cfg");
	await_end(1);
	assert_non_null(strstr(t.errors->str, "/nonexistent/x.cfg"));
}

static void no_gateway_is_an_error(void **state)
{
	g_autofree char *port = g_strdup_printf("%u", t.port);
	listen_close(&t.listener);
	start(t.path);
	await_end(1);
	assert_non_null(strstr(t.errors->str, port));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(session_ends_with_exit),
		TEST(closed_connection_ends_it),
		TEST(term_signal_ends_it),
		TEST(broken_stream_ends_it_with_an_error),
		TEST(missing_configuration_is_an_error),
		TEST(no_gateway_is_an_error),
	};
	g_assert(argc > 1);
	program = argv[1];
	return cmocka_run_group_tests(tests, NULL, NULL);
}
