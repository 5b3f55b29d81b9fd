/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define A   USER "/a"
#define B   USER "/b"
#define BOB "bob@gate.localhost"

static struct fakes *start_with_bob(void)
{
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, B, "online", NULL, 0);
	net_contact(fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_ONLINE });
	net_contact(fakes, USER, &(struct core_contact){ .name = "carol", .status = CORE_OFFLINE });
	fakes_forget(fakes);
	return fakes;
}

static const char *set(struct fakes *fakes, const char *from, const char *node, bool block)
{
	struct jid jid = fakes_jid(fakes, from);
	const char *text = NULL;
	enum core_error error = core_user_block(fakes->core, &jid, &node, node ? 1 : 0, block, &text);
	assert_true(!error == !text);
	return text;
}

static void note(void *ctx, const char *node)
{
	struct fakes *fakes = ctx;
	g_ptr_array_add(fakes->lines, g_strdup(node));
}

static void watch(struct fakes *fakes, const char *from)
{
	struct jid jid = fakes_jid(fakes, from);
	core_user_each_blocked(fakes->core, &jid, note, fakes);
}

static void the_network_and_those_who_watch_are_told(void **state)
{
	struct fakes *fakes = start_with_bob();
	watch(fakes, B);
	assert_null(set(fakes, A, "bob", true));
	fakes_expect(fakes, "net block user@localhost bob\n"
			    "presence bob/bot -> user@localhost unavailable\n"
			    "blocked -> user@localhost/b bob\n");
	assert_null(set(fakes, A, "bob", true));
	fakes_expect(fakes, "");
	watch(fakes, A);
	fakes_expect(fakes, "bob\n");
	assert_null(set(fakes, B, NULL, false));
	fakes_expect_any_order(fakes, "net unblock user@localhost bob\n"
				      "presence bob/bot -> user@localhost online\n"
				      "unblocked -> user@localhost/a bob\n"
				      "unblocked -> user@localhost/b bob\n");
	watch(fakes, A);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void who_is_blocked_is_not_heard(void **state)
{
	struct fakes *fakes = start_with_bob();
	struct core_message quiet = { .state = CORE_STATE_COMPOSING };
	user_writes(fakes, A, BOB, "hi");
	set(fakes, A, "bob", true);
	fakes_forget(fakes);
	net_writes(fakes, USER, "bob", "buy");
	core_legacy_chat_state(fakes_user(fakes, USER), "bob", CORE_STATE_COMPOSING);
	net_contact(fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_AWAY });
	user_presence(fakes, USER "/c", "online", NULL, 0);
	fakes_expect(fakes, "presence - -> user@localhost/c online\n");
	assert_string_equal(user_writes(fakes, A, BOB, "why?"), "blocked You have blocked this contact");
	assert_null(user_sends(fakes, A, BOB, &quiet));
	fakes_expect(fakes, "");
	net_writes(fakes, USER, "carol", "hi");
	fakes_expect(fakes, "message carol/bot -> user@localhost chat \"hi\" active\n");
	set(fakes, A, "bob", false);
	fakes_expect(fakes, "net unblock user@localhost bob\n"
			    "presence bob/bot -> user@localhost away\n");
	fakes_end(fakes);
}

static void it_lasts(void **state)
{
	struct fakes *fakes = start_with_bob();
	set(fakes, A, "bob", true);
	fakes_close(fakes);
	fakes_open(fakes);
	fakes_log_in(fakes, USER);
	/* Whatever the network says of it, the user said so. */
	net_contact(fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_ONLINE });
	net_writes(fakes, USER, "bob", "buy");
	fakes_expect(fakes, "");
	watch(fakes, A);
	fakes_expect(fakes, "bob\n");
	fakes_end(fakes);
}

static void what_the_network_blocks_is_listed(void **state)
{
	struct fakes *fakes = start_with_bob();
	net_contact(fakes, USER, &(struct core_contact){ .name = "carol", .status = CORE_OFFLINE, .blocked = true });
	fakes_forget(fakes);
	watch(fakes, A);
	fakes_expect(fakes, "carol\n");
	fakes_end(fakes);
}

static void strangers_are_none_to_block(void **state)
{
	struct fakes *fakes = start_with_bob();
	assert_string_equal(set(fakes, A, "dave", true), "There is no such contact");
	assert_string_equal(set(fakes, "other@localhost/a", "bob", true), "You are not logged in to the network");
	watch(fakes, "other@localhost/a");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_network_and_those_who_watch_are_told),
		cmocka_unit_test(who_is_blocked_is_not_heard),
		cmocka_unit_test(it_lasts),
		cmocka_unit_test(what_the_network_blocks_is_listed),
		cmocka_unit_test(strangers_are_none_to_block),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
