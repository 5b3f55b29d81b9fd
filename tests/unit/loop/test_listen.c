/* SPDX-License-Identifier: MIT */
#include "loop/listen.h"

#include "rig.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct door {
	struct loop *loop;
	struct listener *listener;
	unsigned accepted, refused;
	bool close_inside;
	struct stream *client;
};

static void close_at_once(void *ctx, struct stream *stream)
{
	struct door *door = ctx;
	door->accepted++;
	if (door->close_inside)
		listen_close(&door->listener);
	stream_close(&stream);
}

static void on_connected(void *ctx, struct stream *stream, const GError *error)
{
	struct door *door = ctx;
	door->refused += !stream;
	stream_close(&stream);
}

static void connects_come_until_closed(const char *address)
{
	struct door door = { .loop = loop_new() };
	door.listener = listen_tcp(door.loop, address, 0, close_at_once, &door, NULL);
	assert_non_null(door.listener);
	unsigned port = listen_port(door.listener);
	assert_in_range(port, 1, 65535);
	for (int i = 0; i < 20; i++)
		connect_tcp(door.loop, address, port, 5000, on_connected, &door);
	wait_for(door.loop, door.accepted == 20);
	listen_close(&door.listener);
	connect_tcp(door.loop, address, port, 5000, on_connected, &door);
	wait_for(door.loop, door.refused == 1);
	loop_free(&door.loop);
}

static void accepts_on_ipv4(void **state)
{
	connects_come_until_closed("127.0.0.1");
}

static void accepts_on_ipv6(void **state)
{
	/* Many a container has no IPv6. */
	if (!listen_check("::1", 0, NULL))
		skip();
	connects_come_until_closed("::1");
}

static void closes_inside_accepted(void **state)
{
	struct door door = { .loop = loop_new(), .close_inside = true };
	door.listener = listen_tcp(door.loop, "127.0.0.1", 0, close_at_once, &door, NULL);
	unsigned port = listen_port(door.listener);
	connect_tcp(door.loop, "127.0.0.1", port, 5000, on_connected, &door);
	wait_for(door.loop, door.accepted == 1);
	assert_null(door.listener);
	loop_free(&door.loop);
}

static void refuses(struct loop *loop, const char *address, unsigned port, const char *text)
{
	g_autoptr(GError) error = NULL;
	assert_null(listen_tcp(loop, address, port, close_at_once, NULL, &error));
	assert_true(g_error_matches(error, LOOP_ERROR, LOOP_ERROR_FAILED));
	assert_string_equal(error->message, text);
}

static void errors_name_address_and_port(void **state)
{
	struct door door = { .loop = loop_new() };
	door.listener = listen_tcp(door.loop, "127.0.0.1", 0, close_at_once, &door, NULL);
	unsigned port = listen_port(door.listener);
	g_autofree char *text = g_strdup_printf("cannot listen on 127.0.0.1 port %u: address already in use", port);
	refuses(door.loop, "127.0.0.1", port, text);
	refuses(door.loop, "localhost", 0, "cannot listen on localhost port 0: invalid argument");
	refuses(door.loop, "127.0.0.1", 65536, "cannot listen on 127.0.0.1 port 65536: invalid argument");
	refuses(door.loop, "192.0.2.1", 0, "cannot listen on 192.0.2.1 port 0: address not available");
	listen_close(&door.listener);
	loop_free(&door.loop);
}

/* Connects without the loop. */
static int knock(unsigned port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static void crowd_is_let_in_bit_by_bit(void **state)
{
	enum { CROWD = 200, AT_ONCE = 32 };
	struct door door = { .loop = loop_new() };
	int fds[CROWD];
	door.listener = listen_tcp(door.loop, "127.0.0.1", 0, close_at_once, &door, NULL);
	for (int i = 0; i < CROWD; i++)
		fds[i] = knock(listen_port(door.listener));
	while (door.accepted < CROWD) {
		unsigned before = door.accepted;
		loop_once(door.loop, 1000);
		assert_in_range(door.accepted - before, 1, AT_ONCE);
	}
	for (int i = 0; i < CROWD; i++)
		close(fds[i]);
	listen_close(&door.listener);
	loop_free(&door.loop);
}

static void a_port_is_looked_at_without_being_opened(void **state)
{
	struct door door = { .loop = loop_new() };
	g_autoptr(GError) error = NULL;
	door.listener = listen_tcp(door.loop, "127.0.0.1", 0, close_at_once, &door, NULL);
	unsigned port = listen_port(door.listener);
	g_autofree char *taken = g_strdup_printf("cannot listen on 127.0.0.1 port %u: address already in use", port);
	assert_false(listen_check("127.0.0.1", port, &error));
	assert_string_equal(error->message, taken);
	listen_close(&door.listener);
	assert_true(listen_check("127.0.0.1", port, NULL));
	connect_tcp(door.loop, "127.0.0.1", port, 5000, on_connected, &door);
	wait_for(door.loop, door.refused == 1);
	loop_free(&door.loop);
}

static double seconds_of_work(void)
{
	struct timespec used;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	return (double)used.tv_sec + (double)used.tv_nsec / 1e9;
}

/* Leaves no descriptor free. */
static rlim_t take_descriptors(void)
{
	struct rlimit limit;
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	rlim_t before = limit.rlim_cur;
	int next = open("/dev/null", O_RDONLY | O_CLOEXEC);
	limit.rlim_cur = (rlim_t)next;
	close(next);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	return before;
}

static void give_descriptors(rlim_t before)
{
	struct rlimit limit;
	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = before;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

static void who_comes_when_there_are_no_descriptors_is_let_in_later(void **state)
{
	struct door door = { .loop = loop_new() };
	door.listener = listen_tcp(door.loop, "127.0.0.1", 0, close_at_once, &door, NULL);
	int fds[] = { knock(listen_port(door.listener)), knock(listen_port(door.listener)) };
	rlim_t before = take_descriptors();
	double begun = seconds_of_work();
	gint64 until = g_get_monotonic_time() + 300 * G_TIME_SPAN_MILLISECOND;
	while (g_get_monotonic_time() < until)
		loop_once(door.loop, 50);
	double work = seconds_of_work() - begun;
	give_descriptors(before);
	assert_int_equal(door.accepted, 0);
	assert_true(work < 0.15);
	wait_for(door.loop, door.accepted == 2);
	close(fds[0]);
	close(fds[1]);
	listen_close(&door.listener);
	loop_free(&door.loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_on_ipv4),
		cmocka_unit_test(accepts_on_ipv6),
		cmocka_unit_test(closes_inside_accepted),
		cmocka_unit_test(errors_name_address_and_port),
		cmocka_unit_test(crowd_is_let_in_bit_by_bit),
		cmocka_unit_test(a_port_is_looked_at_without_being_opened),
		cmocka_unit_test(who_comes_when_there_are_no_descriptors_is_let_in_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
