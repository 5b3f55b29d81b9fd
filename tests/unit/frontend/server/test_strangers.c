/* SPDX-License-Identifier: MIT */
#include "../rig.h"

#include "frontend/server/private.h"
#include "loop/timer.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

/* The server with its own connections, to sockets of ours, in a time that runs faster. */

enum { HASTE = 100 };

void __real_timer_start(struct timer *timer, uint64_t after, uint64_t repeat);
void __wrap_timer_start(struct timer *timer, uint64_t after, uint64_t repeat);

void __wrap_timer_start(struct timer *timer, uint64_t after, uint64_t repeat)
{
	__real_timer_start(timer, after / HASTE, repeat / HASTE);
}

struct house {
	struct rig *rig;
	struct server *server;
	int fd;
	GString *heard;
	bool closed;
	gint64 begun;
};

static int setup(void **state)
{
	static const char *const overrides[] = { "service.server_mode=1", "service.port=0", NULL };
	struct house *house = g_new0(struct house, 1);
	g_autoptr(GError) error = NULL;
	house->rig = rig_new("none", overrides);
	struct fakes *fakes = house->rig->fakes;
	core_set_features(fakes->core, &(struct core_features){ .need_password = true });
	house->server = server_new(&(struct server_options){ .loop = fakes->loop,
							     .config = fakes->config,
							     .metrics = &fakes->metrics,
							     .frontend = house->rig->frontend },
				   &error);
	assert_null(error);
	assert_true(server_open(house->server, NULL));
	house->heard = g_string_new(NULL);
	house->fd = -1;
	*state = house;
	return 0;
}

static int teardown(void **state)
{
	struct house *house = *state;
	struct fakes *fakes = house->rig->fakes;
	g_autofree char *own = g_build_filename(fakes->folder, "self-signed.pem", NULL);
	if (house->fd >= 0)
		close(house->fd);
	core_logout_all(fakes->core);
	server_close(&house->server);
	g_unlink(own);
	rig_end(house->rig);
	g_string_free(house->heard, TRUE);
	g_free(house);
	return 0;
}

static int knock(const struct house *house)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)listen_port(house->server->listener)) };
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

static void come(struct house *house)
{
	house->fd = knock(house);
	house->begun = g_get_monotonic_time();
	wait_for(house->rig->fakes, server_connections(house->server) == 1);
}

static void tell(struct house *house, const char *text)
{
	ssize_t n = send(house->fd, text, strlen(text), MSG_NOSIGNAL);
	assert_true(n == (ssize_t)strlen(text) || errno == EPIPE || errno == ECONNRESET);
}

static bool listen_to(struct house *house)
{
	char some[4096];
	ssize_t n;
	while ((n = recv(house->fd, some, sizeof some, MSG_DONTWAIT)) > 0)
		g_string_append_len(house->heard, some, n);
	house->closed |= n == 0 || errno == ECONNRESET;
	return true;
}

#define hears(house, text) wait_for((house)->rig->fakes, listen_to(house) && strstr((house)->heard->str, text))

static unsigned seconds_taken(const struct house *house)
{
	return (unsigned)((g_get_monotonic_time() - house->begun) * HASTE / G_TIME_SPAN_SECOND);
}

static void is_closed_for_being_slow(struct house *house, unsigned from, unsigned until)
{
	hears(house, "<connection-timeout");
	hears(house, "</stream:stream>");
	assert_in_range(seconds_taken(house), from, until);
	assert_int_equal(server_connections(house->server), 0);
}

#define HEADER                                                                    \
	"<stream:stream to='gate.localhost' version='1.0' xmlns='jabber:client' " \
	"xmlns:stream='http://etherx.jabber.org/streams'>"
#define ALMOST 58   /* seconds; timers are as exact as a millisecond */
#define LATE   1500 /* for a machine that has other things to do: a quarter of a minute of its own time */

static void who_says_nothing_has_a_minute(void **state)
{
	struct house *house = *state;
	come(house);
	is_closed_for_being_slow(house, ALMOST, LATE);
}

static void who_says_it_bit_by_bit_has_no_longer(void **state)
{
	struct house *house = *state;
	come(house);
	tell(house, HEADER);
	hears(house, "</stream:features>");
	tell(house, "<auth ");
	while (!strstr(house->heard->str, "<connection-timeout") && seconds_taken(house) < LATE) {
		tell(house, " ");
		g_usleep(G_USEC_PER_SEC / HASTE);
		loop_once(house->rig->fakes->loop, 0);
		listen_to(house);
	}
	is_closed_for_being_slow(house, ALMOST, LATE);
}

/* There is no word for it in the middle of a handshake. */
static void who_does_not_finish_the_handshake_has_no_longer(void **state)
{
	struct house *house = *state;
	come(house);
	tell(house, HEADER "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
	hears(house, "<proceed");
	g_string_truncate(house->heard, 0);
	wait_for(house->rig->fakes, listen_to(house) && house->closed);
	assert_string_equal(house->heard->str, "");
	assert_in_range(seconds_taken(house), ALMOST, LATE);
	wait_for(house->rig->fakes, server_connections(house->server) == 0);
}

#define AUTH "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AHVzZXIAc2VjcmV0</auth>"

static void who_binds_nothing_has_a_minute_more(void **state)
{
	struct house *house = *state;
	come(house);
	tell(house, HEADER AUTH);
	hears(house, "</stream:features>");
	wait_for(house->rig->fakes, fakes_user(house->rig->fakes, "user@gate.localhost"));
	fakes_settle(house->rig->fakes);
	house->begun = g_get_monotonic_time();
	net_connected(house->rig->fakes, "user@gate.localhost");
	hears(house, "<success");
	is_closed_for_being_slow(house, ALMOST, LATE);
}

static void oldest_makes_room_for_who_comes(void **state)
{
	struct house *house = *state;
	come(house);
	house->server->clients_max = 2;
	int second = knock(house);
	wait_for(house->rig->fakes, server_connections(house->server) == 2);
	int third = knock(house);
	hears(house, "<resource-constraint");
	hears(house, "</stream:stream>");
	assert_int_equal(server_connections(house->server), 2);
	close(second);
	close(third);
}

static void full_of_those_who_are_known_it_takes_nobody(void **state)
{
	struct house *house = *state;
	char byte;
	come(house);
	tell(house, HEADER AUTH);
	wait_for(house->rig->fakes, g_queue_is_empty(&house->server->strangers));
	house->server->clients_max = 1;
	int second = knock(house);
	ssize_t n = -1;
	wait_for(house->rig->fakes, (n = recv(second, &byte, 1, MSG_DONTWAIT)) == 0 || (n < 0 && errno == ECONNRESET));
	assert_int_equal(server_connections(house->server), 1);
	close(second);
}

#define facts(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(who_says_nothing_has_a_minute),
		facts(who_says_it_bit_by_bit_has_no_longer),
		facts(who_does_not_finish_the_handshake_has_no_longer),
		facts(who_binds_nothing_has_a_minute_more),
		facts(oldest_makes_room_for_who_comes),
		facts(full_of_those_who_are_known_it_takes_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
