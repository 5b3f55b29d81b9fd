/* SPDX-License-Identifier: MIT */
#include "scene.h"

/* The table itself, and what is written of it. */

static unsigned words(const char *line)
{
	unsigned n = 0;
	bool quoted = false, inside = false;
	for (; *line; line++) {
		if (*line == '\\' && line[1])
			line++;
		else if (*line == '"')
			quoted = !quoted;
		bool blank = *line == ' ' && !quoted;
		n += !blank && !inside;
		inside = !blank;
	}
	return n;
}

/* Programs that read these split them at blanks, and count. */
static void expect_words(struct scene *scene, const char *command, unsigned count, unsigned at_least)
{
	g_auto(GStrv) lines = g_strsplit(ask(scene, NULL, command), "\n", -1);
	unsigned n = g_strv_length(lines) - 1;
	assert_true(n >= at_least);
	assert_string_equal(lines[n], "");
	for (unsigned i = 0; i < n; i++)
		if (words(lines[i]) != count)
			fail_msg("%u words, not %u: %s", words(lines[i]), count, lines[i]);
}

static bool has_line(const char *text, const char *line)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
	return g_strv_contains((const char *const *)lines, line);
}

static void lines_for_programs_have_their_words(void **state)
{
	struct scene *scene = scene_start();
	expect_words(scene, "commands", 11, 12);
	expect_words(scene, "variables", 13, 18);
	expect_words(scene, "args register", 7, 3);
	expect_answer(scene, NULL, "args register",
		      "username - \"Jabber ID\" Example: \"user@domain.tld\" Type: \"string\"\n"
		      "legacy_username - \"3rd-party network username\" Example: \"\" Type: \"string\"\n"
		      "legacy_password - \"3rd-party network password\" Example: \"\" Type: \"password\"\n");
	expect_answer(scene, NULL, "args args", "command - \"Command\" Example: \"register\" Type: \"string\"\n");
	expect_answer(scene, NULL, "args help", "");
	const char *commands = ask(scene, NULL, "commands");
	assert_true(has_line(commands, "register - \"Registers the new user\" Category: Users AccesMode: User "
				       "Context: Global Label: \"Register\""));
	assert_true(has_line(commands, "unregister - \"Unregisters existing user\" Category: Users AccesMode: User "
				       "Context: User Label: \"Unregister\""));
	assert_true(has_line(commands, "help - \"Shows help message\" Category: General AccesMode: Admin "
				       "Context: Global Label: \"Help\""));
	const char *variables = ask(scene, NULL, "variables");
	assert_true(has_line(variables, "backends_count - \"Number of active backends\" Value: \"2\" Read-only: true "
					"Category: Backends AccesMode: Admin Context: Global"));
	assert_true(has_line(variables, "crashed_backends - \"Returns IDs of crashed backends\" Value: \"7 8\" "
					"Read-only: true Category: Backends AccesMode: Admin Context: Global"));
	scene_end(scene);
}

static void labels_of_the_configuration_are_quoted(void **state)
{
	struct scene *scene = scene_new((const char *[]){ "registration.username_label=My \"name\" \\o/", NULL });
	assert_non_null(strstr(ask(scene, NULL, "args register"), "legacy_username - \"My \\\"name\\\" \\\\o/\" Exam"));
	expect_words(scene, "args register", 7, 3);
	scene_end(scene);
}

static void help_goes_by_category(void **state)
{
	static const char *const categories[] = {
		"General:", "Users:", "Messages:", "Frontend:", "Backends:", "Memory:"
	};
	struct scene *scene = scene_start();
	const char *help = ask(scene, NULL, "help"), *at = help;
	for (size_t i = 0; i < G_N_ELEMENTS(categories); i++) {
		assert_true(has_line(help, categories[i]));
		at = strstr(at, categories[i]);
		assert_non_null(at);
	}
	assert_true(g_str_has_prefix(help, "General:\n   CMD   args - Shows description of arguments for command\n"
					   "   CMD   commands - "));
	assert_true(has_line(help, "   VAR   status - Shows instance status"));
	assert_null(strstr(help, "rooms"));
	assert_non_null(strstr(ask(scene, BOSS, "help"), "rooms"));
	scene_end(scene);
}

static void users_are_helped_with_what_they_can_do(void **state)
{
	struct scene *scene = scene_start();
	expect_answer(scene, USER "/a", "Help",
		      "I am Spectrum 2 Transport, a gateway to another network. Write me one of these:\n"
		      "contacts - Lists your contacts on the network\n"
		      "set enable_transport on|off - Whether the gateway logs you in\n"
		      "help - Shows what you can write\n"
		      "join ROOM [PASSWORD] - Opens a room in your client\n"
		      "leave ROOM - Leaves a room with all your clients\n"
		      "logout - Logs you out of the network until your next presence\n"
		      "reconnect - Logs you in again\n"
		      "register NAME PASSWORD - Registers you, or changes your registration\n"
		      "rooms [WORD] - Lists the rooms of the network, or those with a word\n"
		      "set send_headlines on|off - Whether news of the network come as headlines\n"
		      "settings - Shows your settings\n"
		      "status - Shows whether you are registered and logged in\n"
		      "set stay_connected on|off - Whether you stay on the network when you go offline\n"
		      "unregister - Removes your registration and all your contacts here\n");
	scene_end(scene);
}

static void the_table_is_sound(void **state)
{
	size_t n;
	const struct admin_row *rows = admin_rows(&n);
	for (size_t i = 0; i < n; i++) {
		const struct admin_row *row = &rows[i];
		size_t count = 0;
		assert_true(i == 0 || strcmp(rows[i - 1].name, row->name) <= 0);
		assert_true(!row->value == !(row->kind == ADMIN_VAR && row->access == ADMIN_ACCESS_ADMIN));
		assert_true(row->value || row->run);
		assert_non_null(row->description);
		assert_true((row->access == ADMIN_ACCESS_USER) == (row->hint != NULL));
		assert_true(row->kind == ADMIN_VAR || row->label);
		for (const struct admin_argument *at = row->arguments; at->name; at++, count++)
			assert_true(at->label && at->example && at->word);
		assert_true(count <= ADMIN_ARGUMENTS_MAX);
		assert_non_null(admin_find(str_of(row->name), true));
		const struct admin_row *of_users = admin_find(str_of(row->name), false);
		assert_true(!of_users || of_users->access == ADMIN_ACCESS_USER);
	}
	assert_null(admin_find(STR("stat"), true));
	assert_null(admin_find(STR(""), true));
	assert_ptr_not_equal(admin_find(STR("status"), true), admin_find(STR("STATUS"), false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_for_programs_have_their_words),
		cmocka_unit_test(labels_of_the_configuration_are_quoted),
		cmocka_unit_test(help_goes_by_category),
		cmocka_unit_test(users_are_helped_with_what_they_can_do),
		cmocka_unit_test(the_table_is_sound),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
