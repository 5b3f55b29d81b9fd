/* SPDX-License-Identifier: MIT */
#include "loop/listen.h"

#include "rig.h"

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(accepts_on_ipv4),
		cmocka_unit_test(accepts_on_ipv6),
		cmocka_unit_test(closes_inside_accepted),
		cmocka_unit_test(errors_name_address_and_port),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
