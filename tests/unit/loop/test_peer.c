/* SPDX-License-Identifier: MIT */
#include "loop/peer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <glib.h>
#include <netinet/in.h>
#include <unistd.h>

union address {
	struct sockaddr any;
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
};

static union address parse(const char *text, unsigned port)
{
	union address address = { 0 };
	if (inet_pton(AF_INET, text, &address.in.sin_addr) == 1) {
		address.in.sin_family = AF_INET;
		address.in.sin_port = htons((uint16_t)port);
	} else {
		assert_int_equal(inet_pton(AF_INET6, text, &address.in6.sin6_addr), 1);
		address.in6.sin6_family = AF_INET6;
		address.in6.sin6_port = htons((uint16_t)port);
	}
	return address;
}

static void addresses_are_written_as_people_do(void **state)
{
	const char *texts[][2] = { { "127.0.0.1", "127.0.0.1:6667" },
				   { "::1", "[::1]:6667" },
				   { "::ffff:10.0.0.1", "10.0.0.1:6667" },
				   { "2001:db8::1", "[2001:db8::1]:6667" } };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		union address address = parse(texts[i][0], 6667);
		g_autofree char *text = peer_text(&address.any);
		assert_string_equal(text, texts[i][1]);
	}
}

static void loopback_is_known_in_all_forms(void **state)
{
	const char *inside[] = { "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1" };
	const char *outside[] = { "128.0.0.1", "10.0.0.1", "0.0.0.0", "::", "::2", "::ffff:10.0.0.1", "fe80::1" };
	for (size_t i = 0; i < G_N_ELEMENTS(inside); i++) {
		union address address = parse(inside[i], 1);
		assert_true(peer_is_loopback(&address.any));
	}
	for (size_t i = 0; i < G_N_ELEMENTS(outside); i++) {
		union address address = parse(outside[i], 1);
		assert_false(peer_is_loopback(&address.any));
	}
	union address none = { .any.sa_family = AF_UNIX };
	assert_false(peer_is_loopback(&none.any));
}

/* A connection to a listener on `listen_on`, from a socket for `connect_to`. */
struct line {
	int listener, client, server;
	union address peer, local; /* as the server sees them */
};

static void open_line(struct line *line, const char *listen_on, const char *connect_to)
{
	union address address = parse(listen_on, 0);
	socklen_t length = sizeof address;
	line->listener = socket(address.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(line->listener, &address.any, sizeof address), 0);
	assert_int_equal(listen(line->listener, 5), 0);
	assert_int_equal(getsockname(line->listener, &address.any, &length), 0);
	union address to = parse(connect_to, ntohs(address.in.sin_port));
	line->client = socket(to.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(line->client, &to.any, sizeof to), 0);
	length = sizeof line->peer;
	line->server = accept(line->listener, &line->peer.any, &length);
	assert_true(line->server >= 0);
	length = sizeof line->local;
	assert_int_equal(getsockname(line->server, &line->local.any, &length), 0);
}

static void close_line(struct line *line)
{
	close(line->server);
	close(line->listener);
	if (line->client >= 0)
		close(line->client);
}

typedef bool lookup(const struct sockaddr *peer, const struct sockaddr *local, uid_t *uid);

static lookup *const lookups[] = { peer_uid_of_tcp, peer_uid_by_table };

static void user_of_the_other_end_is_found(void **state)
{
	const char *lines[][2] = { { "127.0.0.1", "127.0.0.1" },
				   { "::1", "::1" },
				   { "::", "127.0.0.1" },
				   { "127.0.0.1", "::ffff:127.0.0.1" } };
	for (size_t i = 0; i < 2 * G_N_ELEMENTS(lines); i++) {
		struct line line;
		uid_t uid = (uid_t)-1;
		open_line(&line, lines[i / 2][0], lines[i / 2][1]);
		assert_true(lookups[i % 2](&line.peer.any, &line.local.any, &uid));
		assert_int_equal(uid, geteuid());
		close_line(&line);
	}
}

/* The kernel says user 0 for a socket no process holds: that must not pass for root. */
static void closed_end_has_no_user(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		struct line line;
		uid_t uid = (uid_t)-1;
		open_line(&line, "127.0.0.1", "127.0.0.1");
		close(line.client);
		line.client = -1;
		assert_false(lookups[i](&line.peer.any, &line.local.any, &uid));
		close_line(&line);
	}
}

static void listener_is_not_taken_for_a_connection(void **state)
{
	for (size_t i = 0; i < 2; i++) {
		struct line line;
		uid_t uid;
		open_line(&line, "127.0.0.1", "127.0.0.1");
		union address nobody = parse("127.0.0.1", 1);
		assert_false(lookups[i](&line.local.any, &nobody.any, &uid));
		close_line(&line);
	}
}

static void unix_socket_tells_its_user(void **state)
{
	int ends[2];
	uid_t uid = (uid_t)-1;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	assert_true(peer_uid_of_unix(ends[0], &uid));
	assert_int_equal(uid, geteuid());
	close(ends[0]);
	close(ends[1]);
	assert_false(peer_uid_of_unix(-1, &uid));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_written_as_people_do),
		cmocka_unit_test(loopback_is_known_in_all_forms),
		cmocka_unit_test(user_of_the_other_end_is_found),
		cmocka_unit_test(closed_end_has_no_user),
		cmocka_unit_test(listener_is_not_taken_for_a_connection),
		cmocka_unit_test(unix_socket_tells_its_user),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
