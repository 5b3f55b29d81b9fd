/* SPDX-License-Identifier: MIT */
#include "scene.h"

/* What administrators ask, through the door that has no address and by chat. */

#define A USER "/a"

static void the_words_of_errors_are_as_ever(void **state)
{
	static const struct {
		const char *line, *answer;
	} rows[] = {
		{ "", "Error: Unknown variable or command" },
		{ "get", "Error: Unknown variable or command" },
		{ "strange", "Error: Unknown variable or command" },
		{ " status", "Error: Unknown variable or command" },
		{ "set status 1", "Error: This variable cannot be set." },
		{ "set help 1", "Error: This variable cannot be set." },
		{ "get help", "Error: This variable cannot be get." },
		{ "status now", "Error: Too many arguments." },
		{ "help me", "Error: Too many arguments." },
		{ "args", "Error: Argument is missing." },
		{ "args a b", "Error: Too many arguments." },
		{ "register", "Error: Argument is missing." },
		{ "register new@localhost name", "Error: Argument is missing." },
		{ "register new@localhost name pass word", "Error: Too many arguments." },
		{ "register localhost name pass", "Error: The user name is the address of somebody: user@domain.tld" },
		{ "unregister", "Error: No username given" },
		{ "unregister x", "Error: This command can be executed only in user context." },
		{ "unregister who@localhost", "Error: User 'who@localhost' is not registered" },
		{ "unregister " USER " now", "Error: Too many arguments." },
		{ "send_headlines", "Error: No username given" },
		{ "send_headlines x", "Error: This variable can be get only in user context." },
		{ "set send_headlines on", "Error: This variable can be set only in user context." },
		{ "set send_headlines " USER, "Error: Value is missing." },
		{ "set send_headlines " USER " maybe", "Error: The value is on or off." },
		{ "set send_headlines " USER " on now", "Error: Too many arguments." },
		{ "contacts", "Error: This command can be executed only in user context." },
		{ "set_oauth2_code", "Error: Argument is missing." },
		{ "set_oauth2_code code state", "Error: This frontend does not use OAuth2." },
		{ "args strange", "Error: Unknown command passed as an argument." },
		{ "args status", "Error: Unknown command passed as an argument." },
	};
	struct scene *scene = scene_start();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		expect_answer(scene, NULL, rows[i].line, rows[i].answer);
		assert_true(scene->failed);
	}
	g_autofree char *long_line = g_strnfill(5000, 'x');
	expect_answer(scene, NULL, long_line, "Error: The line is too long.");
	scene_end(scene);
}

static void figures_of_the_instance(void **state)
{
	struct scene *scene = scene_start();
	scene->fakes->metrics.value[METRIC_MESSAGES_FROM_XMPP] = 5;
	scene->fakes->metrics.value[METRIC_MESSAGES_TO_XMPP] = 6;
	expect_answer(scene, NULL, "status", "Running (1 users connected using 2 backends)");
	expect_answer(scene, NULL, "get uptime", "0");
	expect_answer(scene, NULL, "messages_from_xmpp", "5");
	expect_answer(scene, NULL, "messages_to_xmpp", "6");
	expect_answer(scene, NULL, "online_users_count", "1");
	expect_answer(scene, NULL, "backends_count", "2");
	expect_answer(scene, NULL, "crashed_backends_count", "2");
	expect_answer(scene, NULL, "crashed_backends", "7\n8\n");
	expect_answer(scene, NULL, "get_oauth2_url a b c", "");
	assert_false(scene->failed);
	scene_end(scene);
}

static void who_is_online(void **state)
{
	struct scene *scene = scene_start();
	expect_answer(scene, NULL, "online_users", USER " \"3rd-party network username:\" \"user\"\n");
	expect_answer(scene, NULL, "has_online_user " USER, "1");
	expect_answer(scene, NULL, "has_online_user User@Localhost/x", "1");
	expect_answer(scene, NULL, "has_online_user other@localhost", "0");
	expect_answer(scene, NULL, "has_online_user @@", "0");
	expect_answer(scene, NULL, "online_users_per_backend",
		      "Backend 1 (ID=11):\n   " USER " - non-active for 0 seconds\n"
		      "Backend 2 (ID=22) - not-accepting - long-running:\n   waiting for users\n");
	expect_answer(scene, NULL, "logout " USER, "User '" USER "' is logged out.");
	expect_answer(scene, NULL, "online_users", "");
	scene_end(scene);
}

static void memory_is_summed_up(void **state)
{
	struct scene *scene = scene_start();
	gint64 res = g_ascii_strtoll(ask(scene, NULL, "res_memory"), NULL, 10);
	gint64 shared = g_ascii_strtoll(ask(scene, NULL, "shr_memory"), NULL, 10);
	assert_true(res > 8000 && shared > 1200 && shared < res);
	gint64 used = g_ascii_strtoll(ask(scene, NULL, "used_memory"), NULL, 10);
	assert_true(used > 0 && used < res * 2);
	expect_answer(scene, NULL, "average_memory_per_user", "6000");
	expect_answer(scene, NULL, "res_memory_per_backend", "Backend 1 (ID=11): 3000\nBackend 2 (ID=22): 5000\n");
	expect_answer(scene, NULL, "shr_memory_per_backend", "Backend 1 (ID=11): 500\nBackend 2 (ID=22): 700\n");
	expect_answer(scene, NULL, "used_memory_per_backend", "Backend 1 (ID=11): 2500\nBackend 2 (ID=22): 4300\n");
	expect_answer(scene, NULL, "average_memory_per_user_per_backend",
		      "Backend 1 (ID=11): 2000\nBackend 2 (ID=22): 0\n");
	ask(scene, NULL, "logout " USER);
	expect_answer(scene, NULL, "average_memory_per_user", "0");
	scene_end(scene);
}

static void a_reload_says_how_it_went(void **state)
{
	struct scene *scene = scene_start();
	expect_answer(scene, NULL, "reload", "Error: Error during config reload");
	assert_true(scene->failed);
	scene->reloads = true;
	expect_answer(scene, NULL, "reload", "Config reloaded");
	scene_end(scene);
}

static void administrators_register_and_unregister_others(void **state)
{
	struct scene *scene = scene_start();
	expect_answer(scene, NULL, "register new@localhost name pass", "User registered");
	fakes_expect(scene->fakes, "contact - -> new@localhost\n");
	g_autofree char *stored = fakes_stored(scene->fakes, "new@localhost");
	assert_string_equal(stored, "name/pass");
	expect_answer(scene, BOSS, "register new@localhost other pass", "Error: User is already registered");
	expect_answer(scene, NULL, "register x@localhost X@localhost pass",
		      "Error: The user name of the other network is needed, not your own address");
	expect_answer(scene, NULL, "unregister new@localhost", "User 'new@localhost' unregistered.");
	g_autofree char *left = fakes_stored(scene->fakes, "new@localhost");
	assert_string_equal(left, "");
	expect_answer(scene, BOSS, "unregister new@localhost", "Error: User 'new@localhost' is not registered");
	scene_end(scene);
}

static void administrators_move_users(void **state)
{
	struct scene *scene = scene_start();
	expect_answer(scene, NULL, "reconnect " USER, "User '" USER "' is being logged in again.");
	expect_answer(scene, NULL, "logout " USER, "User '" USER "' is logged out.");
	expect_answer(scene, NULL, "logout " USER, "Error: User '" USER "' is not logged in.");
	expect_answer(scene, NULL, "stay_connected " USER, "0");
	expect_answer(scene, NULL, "set stay_connected " USER " on", "1");
	expect_answer(scene, NULL, "get stay_connected " USER, "1");
	expect_answer(scene, NULL, "settings " USER,
		      "enable_transport: on - Enable transport\n"
		      "send_headlines: off - Allow sending messages as headlines\n"
		      "stay_connected: on - Stay connected to legacy network when offline on XMPP\n");
	scene_end(scene);
}

/* By chat they may be users as well: what a user would write is about themselves. */
static void administrators_have_accounts_too(void **state)
{
	struct scene *scene = scene_start();
	fakes_forget(scene->fakes);
	expect_answer(scene, BOSS, "unregister", "Error: You are not registered.");
	expect_answer(scene, BOSS, "Register  boss  pass",
		      "You are registered as boss. Please delete your message with the password now: your clients and "
		      "your server may keep it.");
	fakes_expect(scene->fakes, "contact - -> boss@localhost\npresence - -> boss@localhost probe\n");
	expect_answer(scene, BOSS, "set send_headlines on", "1");
	expect_answer(scene, BOSS, "send_headlines " USER, "0");
	expect_answer(scene, BOSS, "contacts", "You have no contacts on this network yet, or are not logged in.");
	expect_answer(scene, BOSS, "status", "Running (1 users connected using 2 backends)");
	expect_answer(scene, BOSS, "unregister", "User 'boss@localhost' unregistered.");
	scene_end(scene);
}

static void long_answers_are_cut(void **state)
{
	struct scene *scene = scene_start();
	g_autofree char *name = g_strnfill(250, 'x');
	g_autoptr(GPtrArray) rooms = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; i < 5000; i++)
		g_ptr_array_add(rooms, g_strdup_printf("%s%d", name, i));
	core_legacy_room_list(scene->fakes->core, fakes_user(scene->fakes, USER), (const char *const *)rooms->pdata,
			      (const char *const *)rooms->pdata, rooms->len);
	const char *answer = ask(scene, A, "rooms");
	assert_in_range(strlen(answer), ADMIN_ANSWER_MAX - 10, ADMIN_ANSWER_MAX);
	assert_true(g_str_has_suffix(answer, "[...]\n"));
	scene_end(scene);
}

static void note_late(void *ctx, uint64_t id, const struct admin_answer *answer)
{
	fail();
}

static void what_is_under_way_at_the_end_is_dropped(void **state)
{
	struct scene *scene = scene_start();
	struct admin_asker asker = { NULL, true };
	admin_ask(scene->admin, &asker, "status", (struct admin_reply){ note_late, NULL, 0 });
	admin_ask(scene->admin, &asker, "unregister " USER "x", (struct admin_reply){ note_late, NULL, 0 });
	scene_end(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_words_of_errors_are_as_ever),
		cmocka_unit_test(figures_of_the_instance),
		cmocka_unit_test(who_is_online),
		cmocka_unit_test(memory_is_summed_up),
		cmocka_unit_test(a_reload_says_how_it_went),
		cmocka_unit_test(administrators_register_and_unregister_others),
		cmocka_unit_test(administrators_move_users),
		cmocka_unit_test(administrators_have_accounts_too),
		cmocka_unit_test(long_answers_are_cut),
		cmocka_unit_test(what_is_under_way_at_the_end_is_dropped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
