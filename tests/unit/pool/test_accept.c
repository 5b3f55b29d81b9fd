/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Who may be a backend, and what happens to one that misbehaves. */

#define REFUSED_TEXT "disconnected u@example.org 16 "

static struct rig *open_rig(const char *mode)
{
	struct rig *rig = rig_new(mode, "");
	rig_open(rig);
	return rig;
}

static struct user *seat_somebody(struct rig *rig, struct puppet *puppet)
{
	struct user *user = fake_core_add(rig->core, "u@example.org");
	pool_backend_port()->login(rig->pool, user);
	puppet_expect(puppet, LOGIN_EMPTY_HEX);
	return user;
}

static void the_first_frame_is_a_ping(void **state)
{
	struct rig *rig = open_rig("sleep");
	struct puppet *puppet = puppet_new(rig);
	puppet_expect(puppet, PING_HEX);
	assert_int_equal(puppet->got->len, 0);
	assert_int_equal(rig->ready, 0);
	puppet_free(puppet);
	rig_close(rig);
}

static void ready_comes_with_the_first_answer_and_once(void **state)
{
	struct rig *rig = open_rig("sleep");
	struct puppet *first = puppet_backend(rig), *second = puppet_backend(rig);
	assert_int_equal(rig->ready, 1);
	assert_int_equal(rig->core->feature_calls, 1);
	puppet_free(first);
	puppet_free(second);
	rig_close(rig);
}

static void ready_comes_without_an_answer_too(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig->options.answer_ms = 20;
	rig_open(rig);
	assert_int_equal(rig->ready, 0);
	wait_for(rig, rig->ready == 1);
	assert_true(rig_logged(rig, "no backend has answered within 20 ms"));
	assert_int_equal(rig->core->feature_calls, 1);
	rig_close(rig);
}

static void queries_are_answered_and_make_no_backend(void **state)
{
	struct rig *rig = open_rig("sleep");
	struct puppet *manager = puppet_new(rig);
	puppet_expect(manager, PING_HEX);
	puppet_send_hex(manager, QUERY_HEX);
	puppet_expect(manager, "00 00 00 15 08 1f 12 11 0a 0f 79 6f 75 20 73 61 69 64 20 73 74 61 74 75 73");
	assert_int_equal(pool_backend_count(rig->pool), 0);
	puppet_free(manager);
	rig_close(rig);
}

static void queries_without_anybody_to_ask(void **state)
{
	static const struct pool_events events = { .query = NULL };
	struct rig *rig = rig_new("sleep", "");
	rig->options.events = &events;
	rig_open(rig);
	struct puppet *manager = puppet_new(rig);
	puppet_expect(manager, PING_HEX);
	puppet_send_hex(manager, QUERY_HEX);
	wait_for(rig, manager->got->len >= 8);
	assert_non_null(strstr(manager->got->str + 8, "Error: Unknown variable or command"));
	puppet_free(manager);
	rig_close(rig);
}

static void a_silent_connection_is_closed(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig->options.answer_ms = 20;
	rig_open(rig);
	struct puppet *puppet = puppet_new(rig);
	wait_for(rig, puppet->ended);
	assert_true(rig_logged(rig, "has not said what it is"));
	puppet_free(puppet);
	rig_close(rig);
}

static void a_backend_we_did_not_start_is_taken(void **state)
{
	struct rig *rig = open_rig("sleep");
	struct puppet *own = puppet_backend(rig), *other = puppet_backend(rig);
	assert_true(rig_logged(rig, "is a backend that we did not start"));
	assert_int_equal(pool_backend_count(rig->pool), 2);
	puppet_free(own);
	puppet_free(other);
	rig_close(rig);
}

/* Sends it after a user has been seated, and waits for what follows. */
static void be_thrown_out(const char *hex, const char *why, bool close)
{
	struct rig *rig = open_rig("sleep");
	struct puppet *bad = puppet_backend(rig);
	struct user *user = seat_somebody(rig, bad);
	struct puppet *good = puppet_backend(rig);
	puppet_send_hex(bad, hex);
	if (close)
		stream_finish(&bad->stream, 1000);
	wait_for(rig, rig->core->calls->len > 0);
	assert_true(g_str_has_prefix(rig->core->calls->str, REFUSED_TEXT));
	assert_null(user->seat);
	wait_for(rig, rig_logged(rig, why));
	assert_int_equal(pool_crashed_count(rig->pool), 1);
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_CRASHED], 1);
	puppet_sync(good);
	assert_int_equal(pool_backend_count(rig->pool), 1);
	puppet_free(bad);
	puppet_free(good);
	rig_close(rig);
}

static void garbage_closes_that_backend_only(void **state)
{
	be_thrown_out("00 00 00 03 ff ff ff", "sent what is no frame", false);
}

static void an_empty_frame_closes_that_backend_only(void **state)
{
	be_thrown_out("00 00 00 00", "sent what is no frame", false);
}

static void an_oversized_frame_closes_that_backend_only(void **state)
{
	be_thrown_out("01 00 00 01", "sent a frame over the maximum", false);
}

static void a_truncated_frame_closes_that_backend_only(void **state)
{
	be_thrown_out("00 00 00 05 08 01", "in the middle of a frame", true);
}

static void a_closed_connection_moves_the_users(void **state)
{
	be_thrown_out(PONG_HEX, "has ended: ", true);
}

static void garbage_of_a_guest_closes_it(void **state)
{
	struct rig *rig = open_rig("sleep");
	struct puppet *puppet = puppet_new(rig);
	puppet_send_hex(puppet, "00 00 00 01 ff");
	wait_for(rig, puppet->ended);
	puppet_free(puppet);
	rig_close(rig);
}

static void paused_connections_are_not_read(void **state)
{
	struct rig *rig = open_rig("sleep");
	struct puppet *puppet = puppet_backend(rig);
	seat_somebody(rig, puppet);
	pool_pause(rig->pool, true);
	puppet_send_hex(puppet, CONNECTED_HEX);
	for (int i = 0; i < 20; i++)
		loop_once(rig->loop, 1);
	assert_string_equal(rig->core->calls->str, "");
	pool_pause(rig->pool, false);
	expect_calls(rig, "connected u@example.org\n");
	puppet_free(puppet);
	rig_close(rig);
}

static void the_port_is_told_when_it_is_taken(void **state)
{
	struct rig *rig = open_rig("sleep");
	g_autofree char *settings = g_strdup_printf("backend_port=%u", pool_port(rig->pool));
	struct rig *second = rig_new("sleep", settings);
	g_autoptr(GError) error = NULL;
	assert_null(pool_new(&second->options, &error));
	g_autofree char *where = g_strdup_printf("%u", pool_port(rig->pool));
	assert_non_null(strstr(error->message, "127.0.0.1"));
	assert_non_null(strstr(error->message, where));
	rig_close(second);
	rig_close(rig);
}

static void a_pool_that_never_started_is_freed(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig->pool = pool_new(&rig->options, NULL);
	assert_true(pool_port(rig->pool) > 0);
	pool_free(&rig->pool);
	assert_null(rig->pool);
	rig_close(rig);
}

/* Two children start; the pid of the one with that slot. */
static int open_two(struct rig **rig, const char *slot)
{
	*rig = rig_new("sleep", "users_per_backend=1");
	rig_open(*rig);
	pool_backend_port()->login((*rig)->pool, fake_core_add((*rig)->core, "a@x"));
	pool_backend_port()->login((*rig)->pool, fake_core_add((*rig)->core, "b@x"));
	const char *at = strstr((*rig)->log->str, slot);
	assert_non_null(at);
	return (int)g_ascii_strtoll(at + strlen(slot), NULL, 10);
}

static void stats_tell_which_child_it_is(void **state)
{
	struct rig *rig;
	int pid = open_two(&rig, "backend 2 (pid ");
	g_autofree char *id = g_strdup_printf("%d", pid), *ready = g_strdup_printf("backend 2 (pid %d) is ready", pid);
	Pbnetwork__Stats stats = PBNETWORK__STATS__INIT;
	stats.id = id;
	struct puppet *puppet = puppet_new(rig);
	puppet_send_hex(puppet, PONG_HEX);
	puppet_send(puppet, WIRE_STATS, &stats.base);
	wait_for(rig, rig_logged(rig, ready));
	puppet_free(puppet);
	rig_close(rig);
}

static void without_stats_it_is_the_first_child(void **state)
{
	struct rig *rig;
	int pid = open_two(&rig, "backend 1 (pid ");
	g_autofree char *ready = g_strdup_printf("backend 1 (pid %d) is ready", pid);
	struct puppet *puppet = puppet_new(rig);
	puppet_send_hex(puppet, PONG_HEX);
	wait_for(rig, rig_logged(rig, ready));
	puppet_free(puppet);
	rig_close(rig);
}

/* As another user, from outside the test. */
static void connect_as_nobody(unsigned port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	char byte;
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (setuid(65534) != 0)
		_exit(1);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
		_exit(2);
	_exit(read(fd, &byte, 1) > 0 ? 3 : 0);
}

static void other_users_are_refused(void **state)
{
	if (geteuid() != 0)
		skip();
	struct rig *rig = open_rig("sleep");
	int status;
	pid_t pid = fork();
	if (pid == 0)
		connect_as_nobody(pool_port(rig->pool));
	wait_for(rig, rig_logged(rig, "to the backend port refused"));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	rig_close(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_frame_is_a_ping),
		cmocka_unit_test(ready_comes_with_the_first_answer_and_once),
		cmocka_unit_test(ready_comes_without_an_answer_too),
		cmocka_unit_test(queries_are_answered_and_make_no_backend),
		cmocka_unit_test(queries_without_anybody_to_ask),
		cmocka_unit_test(a_silent_connection_is_closed),
		cmocka_unit_test(a_backend_we_did_not_start_is_taken),
		cmocka_unit_test(stats_tell_which_child_it_is),
		cmocka_unit_test(without_stats_it_is_the_first_child),
		cmocka_unit_test(other_users_are_refused),
		cmocka_unit_test(garbage_closes_that_backend_only),
		cmocka_unit_test(an_empty_frame_closes_that_backend_only),
		cmocka_unit_test(an_oversized_frame_closes_that_backend_only),
		cmocka_unit_test(a_truncated_frame_closes_that_backend_only),
		cmocka_unit_test(a_closed_connection_moves_the_users),
		cmocka_unit_test(garbage_of_a_guest_closes_it),
		cmocka_unit_test(paused_connections_are_not_read),
		cmocka_unit_test(the_port_is_told_when_it_is_taken),
		cmocka_unit_test(a_pool_that_never_started_is_freed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
