/* SPDX-License-Identifier: MIT */
#include "loop/connect.h"

#include "loop/timer.h"
#include "rig.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

struct attempt {
	struct loop *loop;
	struct connect *connect;
	struct stream *stream;
	GError *error;
	unsigned done;
	struct listener *listener;
	unsigned accepted;
};

static void on_done(void *ctx, struct stream *stream, const GError *error)
{
	struct attempt *attempt = ctx;
	assert_true(!stream == !!error);
	attempt->done++;
	attempt->stream = stream;
	attempt->error = error ? g_error_copy(error) : NULL;
}

static void on_accepted(void *ctx, struct stream *stream)
{
	struct attempt *attempt = ctx;
	attempt->accepted++;
	stream_close(&stream);
}

static int setup(void **state)
{
	struct attempt *attempt = g_new0(struct attempt, 1);
	attempt->loop = loop_new();
	*state = attempt;
	return 0;
}

static int teardown(void **state)
{
	struct attempt *attempt = *state;
	stream_close(&attempt->stream);
	listen_close(&attempt->listener);
	g_clear_error(&attempt->error);
	loop_free(&attempt->loop);
	g_free(attempt);
	return 0;
}

static void begin(struct attempt *attempt, const char *host, unsigned port, unsigned ms)
{
	attempt->connect = connect_tcp(attempt->loop, host, port, ms, on_done, attempt);
	assert_non_null(attempt->connect);
	assert_int_equal(attempt->done, 0);
}

static unsigned open_door(struct attempt *attempt, const char *address)
{
	attempt->listener = listen_tcp(attempt->loop, address, 0, on_accepted, attempt, NULL);
	assert_non_null(attempt->listener);
	return listen_port(attempt->listener);
}

/* A port nobody listens on: bound, so that nobody else takes it meanwhile. */
static unsigned dead_port(int *fd)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(*fd, (struct sockaddr *)&address, length), 0);
	assert_int_equal(getsockname(*fd, (struct sockaddr *)&address, &length), 0);
	return ntohs(address.sin_port);
}

/* A listener whose queue is full does not answer: further connections hang. */
static unsigned silent_port(int fds[3])
{
	struct sockaddr_in address = { 0 };
	socklen_t length = sizeof address;
	unsigned port = dead_port(&fds[0]);
	assert_int_equal(listen(fds[0], 0), 0);
	assert_int_equal(getsockname(fds[0], (struct sockaddr *)&address, &length), 0);
	for (int i = 1; i < 3; i++) {
		fds[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
		connect(fds[i], (struct sockaddr *)&address, length);
	}
	return port;
}

static void close_silent(int fds[3])
{
	for (int i = 0; i < 3; i++)
		close(fds[i]);
}

static void connects_by_name(void **state)
{
	struct attempt *attempt = *state;
	begin(attempt, "localhost", open_door(attempt, "127.0.0.1"), 10000);
	wait_for(attempt->loop, attempt->done);
	assert_null(attempt->error);
	assert_non_null(attempt->stream);
	wait_for(attempt->loop, attempt->accepted == 1);
	assert_int_equal(attempt->done, 1);
}

static void connects_by_address(void **state)
{
	struct attempt *attempt = *state;
	/* Many a container has no IPv6. */
	if (!listen_check("::1", 0, NULL))
		skip();
	begin(attempt, "::1", open_door(attempt, "::1"), 10000);
	wait_for(attempt->loop, attempt->done);
	assert_non_null(attempt->stream);
	assert_true(g_str_has_prefix(stream_peer(attempt->stream), "[::1]:"));
}

static void refusal_names_host_and_port(void **state)
{
	struct attempt *attempt = *state;
	int fd;
	unsigned port = dead_port(&fd);
	g_autofree char *text = g_strdup_printf("localhost:%u: connection refused", port);
	begin(attempt, "localhost", port, 10000);
	wait_for(attempt->loop, attempt->done);
	assert_string_equal(attempt->error->message, text);
	assert_true(g_error_matches(attempt->error, LOOP_ERROR, LOOP_ERROR_FAILED));
	close(fd);
}

static void unknown_host_is_told(void **state)
{
	struct attempt *attempt = *state;
	/* No name at all, which nobody's name server is asked for. */
	begin(attempt, "no such host", 5222, 15000);
	wait_for(attempt->loop, attempt->done);
	assert_true(g_str_has_prefix(attempt->error->message, "no such host:5222: "));
	assert_int_equal(attempt->error->code, LOOP_ERROR_RESOLVE);
}

static void nonsense_for_a_host_is_told_later(void **state)
{
	struct attempt *attempt = *state;
	g_autofree char *host = g_strnfill(3000, 'x');
	begin(attempt, host, 5222, 5000);
	wait_for(attempt->loop, attempt->done);
	assert_int_equal(attempt->error->code, LOOP_ERROR_RESOLVE);
}

static void silence_ends_with_the_time_limit(void **state)
{
	struct attempt *attempt = *state;
	int fds[3];
	unsigned port = silent_port(fds);
	gint64 begun = g_get_monotonic_time();
	begin(attempt, "127.0.0.1", port, 60);
	wait_for(attempt->loop, attempt->done);
	assert_int_equal(attempt->error->code, LOOP_ERROR_TIMEOUT);
	assert_true(g_get_monotonic_time() - begun >= 59000);
	close_silent(fds);
}

static void cancels_when_resolving(void **state)
{
	struct attempt *attempt = *state;
	begin(attempt, "localhost", 1, 10000);
	connect_cancel(&attempt->connect);
	assert_null(attempt->connect);
	loop_once(attempt->loop, 20);
	assert_int_equal(attempt->done, 0);
}

static void cancels_before_the_first_round(void **state)
{
	struct attempt *attempt = *state;
	begin(attempt, "127.0.0.1", 1, 10000);
	connect_cancel(&attempt->connect);
	loop_once(attempt->loop, 5);
	assert_int_equal(attempt->done, 0);
}

static void cancels_when_connecting(void **state)
{
	struct attempt *attempt = *state;
	int fds[3];
	begin(attempt, "127.0.0.1", silent_port(fds), 10000);
	loop_once(attempt->loop, 5);
	loop_once(attempt->loop, 5);
	assert_int_equal(attempt->done, 0);
	connect_cancel(&attempt->connect);
	loop_once(attempt->loop, 5);
	assert_int_equal(attempt->done, 0);
	close_silent(fds);
}

#define facts(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(connects_by_name),
		facts(connects_by_address),
		facts(refusal_names_host_and_port),
		facts(unknown_host_is_told),
		facts(nonsense_for_a_host_is_told_later),
		facts(silence_ends_with_the_time_limit),
		facts(cancels_when_resolving),
		facts(cancels_before_the_first_round),
		facts(cancels_when_connecting),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
