/* SPDX-License-Identifier: MIT */
#include "../wire/examples.h"
#include "fixture.h"
#include "wire/frame.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <unistd.h>

static int set_up(void **state)
{
	*state = fixture_new();
	return 0;
}

static int tear_down(void **state)
{
	fixture_free(*state);
	return 0;
}

static void assert_types(struct fixture *f, const char *types)
{
	g_autofree char *payload = NULL;
	g_autoptr(GString) seen = g_string_new(NULL);
	for (int type; (type = take_sent(f, &payload)) != 0;)
		g_string_append_printf(seen, "%s ", wire_type_name(type));
	assert_string_equal(seen->str, types);
}

static void ping_is_answered_by_pong_and_stats(void **state)
{
	struct fixture *f = *state;
	g_autofree char *payload = NULL;
	fixture_feed_hex(f, PING_HEX, 100);
	assert_int_equal(take_sent(f, &payload), WIRE_PONG);
	assert_string_equal(payload, "");
	assert_int_equal(take_sent(f, &payload), WIRE_STATS);
	assert_int_equal(buf_len(&f->out), 0);
}

static void stats_name_this_process_and_its_memory(void **state)
{
	struct fixture *f = *state;
	g_autofree char *payload = NULL;
	g_autoptr(GString) id = g_string_new(NULL);
	g_autofree char *pid = g_strdup_printf("%d", (int)getpid());
	fixture_feed_hex(f, PING_HEX, 100);
	take_sent(f, &payload);
	assert_int_equal(take_sent(f, &payload), WIRE_STATS);
	for (char *c = pid; *c; c++)
		g_string_append_printf(id, "%02x", *c);
	assert_true(g_str_has_suffix(payload, id->str));
	assert_true(g_str_has_prefix(payload, "08"));
	assert_false(g_str_has_prefix(payload, "0800")); /* some memory is used */
}

static void features_come_once_before_the_first_pong(void **state)
{
	struct fixture *f = *state;
	plugin_set_features(f->plugin, &(struct plugin_features){ .muc = true });
	assert_types(f, "");
	fixture_feed_hex(f, PING_HEX PING_HEX, 100);
	assert_types(f, "BACKEND_CONFIG PONG STATS PONG STATS ");
}

static void later_features_are_sent_at_once(void **state)
{
	struct fixture *f = *state;
	fixture_feed_hex(f, PING_HEX, 100);
	assert_types(f, "PONG STATS ");
	plugin_set_features(f->plugin, &(struct plugin_features){ .muc = true });
	assert_types(f, "BACKEND_CONFIG ");
	fixture_feed_hex(f, PING_HEX, 100);
	assert_types(f, "PONG STATS ");
}

static void assert_config(struct fixture *f, const struct plugin_features *features, const char *text)
{
	g_autofree char *payload = NULL;
	g_autoptr(GString) expected = g_string_new("0a");
	plugin_set_features(f->plugin, features);
	fixture_feed_hex(f, PING_HEX, 100);
	assert_int_equal(take_sent(f, &payload), WIRE_BACKEND_CONFIG);
	if (strlen(text) < 128)
		g_string_append_printf(expected, "%02zx", strlen(text));
	else
		g_string_append_printf(expected, "%02zx%02zx", 0x80 | (strlen(text) & 0x7f), strlen(text) >> 7);
	for (const char *c = text; *c; c++)
		g_string_append_printf(expected, "%02x", *c);
	assert_string_equal(payload, expected->str);
}

static void features_of_the_irc_backend_are_the_documented_bytes(void **state)
{
	assert_config(*state,
		      &(struct plugin_features){ .need_password = true, .muc = true, .disable_jid_escaping = true },
		      CONFIG_OF_IRC_TEXT);
}

static void features_are_written_as_ini(void **state)
{
	const char *fields[] = { "server", "a\nb", NULL };
	assert_config(*state,
		      &(struct plugin_features){ .need_registration = true, .rawxml = true, .extra_fields = fields },
		      "[registration]\nneedPassword=0\nneedRegistration=1\nextraField=server\nextraField=a_b\n"
		      "[features]\nmuc=0\nrawxml=1\ndisable_jid_escaping=0\n");
}

static void optional_features_are_written_if_there(void **state)
{
	assert_config(*state, &(struct plugin_features){ .receipts = true, .send_buddies_on_login = true },
		      "[registration]\nneedPassword=0\nneedRegistration=0\n[features]\nmuc=0\nrawxml=0\n"
		      "disable_jid_escaping=0\nreceipts=1\nsend_buddies_on_login=1\n");
}

static void ping_is_seen_once(void **state)
{
	struct fixture *f = *state;
	assert_false(plugin_ping_seen(f->plugin));
	fixture_feed_hex(f, PING_HEX PING_HEX, 100);
	assert_true(plugin_ping_seen(f->plugin));
	assert_false(plugin_ping_seen(f->plugin));
	fixture_feed_hex(f, STATUS_HEX, 100);
	assert_false(plugin_ping_seen(f->plugin));
}

static void answer_from_inside_a_callback(void *ctx, const struct plugin_login *login)
{
	struct fixture *f = ctx;
	plugin_connected(f->plugin, login->user);
	assert_string_equal(login->user, "u@example.org"); /* sending leaves what was received alone */
}

static void callbacks_may_send(void **state)
{
	static const struct plugin_events events = { .login = answer_from_inside_a_callback };
	struct fixture *f = *state;
	plugin_set_events(f->plugin, &events, f);
	fixture_feed_hex(f, LOGIN_HEX, 100);
	assert_sent_hex(f, CONNECTED_HEX);
}

static void free_accepts_null(void **state)
{
	struct plugin *none = NULL;
	plugin_free(&none);
	assert_null(none);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(ping_is_answered_by_pong_and_stats),
		TEST(stats_name_this_process_and_its_memory),
		TEST(features_come_once_before_the_first_pong),
		TEST(later_features_are_sent_at_once),
		TEST(features_of_the_irc_backend_are_the_documented_bytes),
		TEST(features_are_written_as_ini),
		TEST(optional_features_are_written_if_there),
		TEST(ping_is_seen_once),
		TEST(callbacks_may_send),
		TEST(free_accepts_null),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
