/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* The command line of a child, and starts that fail. */

static void the_command_line_is_exactly_this(void **state)
{
	static const char *const overrides[] = { "service.irc_server=irc.example.net", "x.y=a b", NULL };
	struct rig *rig = rig_new("args 'two words' n=BACKEND_ID", "");
	rig->options.overrides = overrides;
	rig->options.backoff_ms = 30000;
	rig_open(rig);
	g_autofree char *child = rig_child();
	g_autoptr(GString) want = g_string_new(NULL);
	const char *const words[] = { "args", "two words", "n=0", "--host", "127.0.0.1", "--port" };
	char name[64];
	wait_for(rig, rig_logged(rig, "backend 1 (pid "));
	wait_for(rig, rig_logged(rig, ": cwd "));
	const char *at = strstr(rig->log->str, "2 backend backend 1 (pid ");
	assert_non_null(at);
	g_strlcpy(name, at, (gsize)(strchr(at, ')') - at) + 2);
	g_string_append_printf(want, "%s: arg %s\n", name, child);
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
		g_string_append_printf(want, "%s: arg %s\n", name, words[i]);
	g_string_append_printf(want, "%s: arg %u\n", name, pool_port(rig->pool));
	g_string_append_printf(want, "%s: arg --service.backend_id=1\n", name);
	g_string_append_printf(want, "%s: arg -j\n%s: arg irc.example.org\n", name, name);
	g_string_append_printf(want, "%s: arg --service.irc_server=irc.example.net\n", name);
	g_string_append_printf(want, "%s: arg --x.y=a b\n", name);
	g_string_append_printf(want, "%s: arg %s\n", name, rig->file);
	g_string_append_printf(want, "%s: cwd %s\n", name, rig->folder);
	assert_true(g_str_has_prefix(at, want->str));
	rig_close(rig);
}

static void a_bare_name_is_found_beside_us(void **state)
{
	struct rig *rig = rig_new_command("pool_test_child answer", "", "");
	rig_open(rig);
	wait_for(rig, rig->ready);
	assert_int_equal(pool_backend_count(rig->pool), 1);
	rig_close(rig);
}

static void a_name_that_is_nowhere_is_told_with_the_places(void **state)
{
	struct rig *rig = rig_new_command("libpurple_backend", "", "");
	rig_open(rig);
	wait_for(rig, rig_logged(rig, "service.backend: there is no program 'libpurple_backend' in "));
	assert_true(rig_logged(rig, "/usr/libexec"));
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 0);
	rig_close(rig);
}

static void a_program_that_does_not_exist_is_named(void **state)
{
	struct rig *rig = rig_new_command("/nonexistent/backend", "", "");
	rig_open(rig);
	wait_for(rig, rig_log_count(rig, "has ended: ") >= 2);
	assert_true(rig_logged(rig, "/nonexistent/backend"));
	rig_close(rig);
}

static void failed_starts_are_repeated_with_one_line_each(void **state)
{
	struct rig *rig = rig_new_command("/bin/false", "", "");
	rig_open(rig);
	wait_for(rig, rig->metrics.value[METRIC_BACKENDS_STARTED] >= 4);
	assert_true(rig_log_count(rig, "has ended: exit code 1") >= 3);
	rig_close(rig);
}

static void failed_starts_slow_down(void **state)
{
	struct rig *rig = rig_new_command("/bin/false", "", "");
	unsigned first = 0, third = 0;
	rig_open(rig);
	wait_for(rig, rig_log_count(rig, "the next backend is started in") >= 3);
	const char *at = strstr(rig->log->str, "is started in ");
	first = (unsigned)g_ascii_strtoull(at + 14, NULL, 10);
	at = strstr(strstr(at + 1, "is started in ") + 1, "is started in ");
	third = (unsigned)g_ascii_strtoull(at + 14, NULL, 10);
	assert_true(first >= 7 && first <= 13);
	assert_true(third >= 30 && third <= 50);
	rig_close(rig);
}

static void the_last_words_are_kept(void **state)
{
	struct rig *rig = rig_new("crash", "");
	rig_open(rig);
	wait_for(rig, rig->ready);
	struct user *user = fake_core_add(rig->core, "u@example.org");
	pool_backend_port()->login(rig->pool, user);
	wait_for(rig, rig_logged(rig, "has ended: exit code 7"));
	assert_true(rig_logged(rig, "with 1 users; last line on stderr: these are my last words"));
	assert_true(g_str_has_prefix(rig->core->calls->str, "disconnected u@example.org 16 "));
	assert_null(user->seat);
	assert_int_equal(pool_crashed_count(rig->pool), 1);
	/* And there will be another one. */
	wait_for(rig, pool_backend_count(rig->pool) == 1);
	rig_close(rig);
}

static void slots_are_used_again(void **state)
{
	struct rig *rig = rig_new_command("/bin/false", "", "");
	rig_open(rig);
	wait_for(rig, rig->metrics.value[METRIC_BACKENDS_STARTED] == 3);
	assert_false(rig_logged(rig, "backend 2"));
	rig_close(rig);
}

static void a_backend_that_dies_young_slows_the_next_start(void **state)
{
	struct rig *rig = rig_new("crash", "");
	rig->options.backoff_ms = 30000;
	rig_open(rig);
	wait_for(rig, rig->ready);
	pool_backend_port()->login(rig->pool, fake_core_add(rig->core, "u@example.org"));
	wait_for(rig, rig_logged(rig, "has ended: exit code 7"));
	assert_int_equal(rig->metrics.value[METRIC_BACKENDS_STARTED], 1);
	assert_int_equal(rig_log_count(rig, "the next backend is started in"), 1);
	rig_close(rig);
}

static void a_start_without_an_answer_is_given_up(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig->options.start_ms = 100;
	rig->options.backoff_ms = 30000;
	rig_open(rig);
	wait_for(rig, rig_logged(rig, "has ended: signal 6"));
	assert_true(rig_logged(rig, "has not answered within 100 ms of its start"));
	rig_close(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_command_line_is_exactly_this),
		cmocka_unit_test(a_bare_name_is_found_beside_us),
		cmocka_unit_test(a_name_that_is_nowhere_is_told_with_the_places),
		cmocka_unit_test(a_program_that_does_not_exist_is_named),
		cmocka_unit_test(failed_starts_are_repeated_with_one_line_each),
		cmocka_unit_test(failed_starts_slow_down),
		cmocka_unit_test(the_last_words_are_kept),
		cmocka_unit_test(slots_are_used_again),
		cmocka_unit_test(a_backend_that_dies_young_slows_the_next_start),
		cmocka_unit_test(a_start_without_an_answer_is_given_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
