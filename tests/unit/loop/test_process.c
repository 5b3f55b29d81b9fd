/* SPDX-License-Identifier: MIT */
#include "loop/process.h"

#include "rig.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

struct child {
	struct loop *loop;
	struct process *process;
	GPtrArray *lines;
	unsigned count;
	bool forget, free_in_line;
	unsigned ended;
	struct process_end end;
	char *last_line;
};

static void on_line(void *ctx, const char *line)
{
	struct child *child = ctx;
	assert_null(strchr(line, '\n'));
	assert_non_null(child->process);
	child->count++;
	if (!child->forget)
		g_ptr_array_add(child->lines, g_strdup(line));
	if (child->free_in_line)
		process_free(&child->process);
}

static void on_ended(void *ctx, const struct process_end *end)
{
	struct child *child = ctx;
	child->ended++;
	child->end = *end;
	g_free(child->last_line);
	child->last_line = g_strdup(end->last_line);
	process_free(&child->process);
}

static const struct process_events events = { on_line, on_ended };

static int setup(void **state)
{
	struct child *child = g_new0(struct child, 1);
	child->loop = loop_new();
	child->lines = g_ptr_array_new_with_free_func(g_free);
	*state = child;
	return 0;
}

static int teardown(void **state)
{
	struct child *child = *state;
	process_free(&child->process);
	loop_free(&child->loop);
	g_ptr_array_free(child->lines, TRUE);
	g_free(child->last_line);
	g_free(child);
	return 0;
}

static void start(struct child *child, const char *script, const char *cwd)
{
	const char *argv[] = { "/bin/sh", "-c", script, NULL };
	g_autoptr(GError) error = NULL;
	child->process = process_spawn(child->loop, argv, cwd, &events, child, &error);
	assert_null(error);
	assert_non_null(child->process);
}

static void run(struct child *child, const char *script)
{
	start(child, script, NULL);
	wait_for(child->loop, child->ended);
}

static const char *line(const struct child *child, guint i)
{
	assert_true(i < child->lines->len);
	return g_ptr_array_index(child->lines, i);
}

static void output_comes_line_by_line_before_the_end(void **state)
{
	struct child *child = *state;
	run(child, "echo one; echo; printf 'a\\0b\\nunfinished'");
	assert_int_equal(child->lines->len, 4);
	assert_string_equal(line(child, 0), "one");
	assert_string_equal(line(child, 1), "");
	assert_string_equal(line(child, 2), "a b");
	assert_string_equal(line(child, 3), "unfinished");
	assert_int_equal(child->end.code, 0);
	assert_int_equal(child->end.signal, 0);
	assert_string_equal(child->last_line, "");
	assert_string_equal(process_end_text(&child->end), "exit code 0");
}

static void exit_code_and_last_error_line_are_kept(void **state)
{
	struct child *child = *state;
	run(child, "echo first >&2; echo out of luck >&2; echo >&2; exit 3");
	assert_int_equal(child->end.code, 3);
	assert_string_equal(child->last_line, "out of luck");
	assert_string_equal(process_end_text(&child->end), "exit code 3");
}

static void signal_is_told(void **state)
{
	struct child *child = *state;
	start(child, "sleep 100", NULL);
	assert_true(process_pid(child->process) > 0);
	process_signal(child->process, SIGSEGV);
	wait_for(child->loop, child->ended);
	assert_int_equal(child->end.code, -1);
	assert_int_equal(child->end.signal, SIGSEGV);
	assert_string_equal(process_end_text(&child->end), "signal 11 (Segmentation fault)");
}

static void age_is_how_long_it_ran(void **state)
{
	struct child *child = *state;
	run(child, "sleep 0.05");
	assert_in_range(child->end.age, 45, 10000);
}

static void long_lines_are_cut(void **state)
{
	struct child *child = *state;
	run(child, "head -c 999 /dev/zero | tr '\\0' x; echo; head -c 1000 /dev/zero | tr '\\0' y; echo;"
		   "head -c 300000 /dev/zero | tr '\\0' z; echo; echo end");
	assert_int_equal(child->lines->len, 4);
	assert_int_equal(strlen(line(child, 0)), 999);
	assert_int_equal(strlen(line(child, 1)), 1000);
	assert_int_equal(strlen(line(child, 2)), 1000);
	assert_string_equal(line(child, 3), "end");
}

static void huge_output_is_read_whole(void **state)
{
	struct child *child = *state;
	child->forget = true;
	run(child, "yes 0123456789 | head -n 500000; yes error | head -n 500000 >&2");
	assert_int_equal(child->count, 1000000);
	assert_string_equal(child->last_line, "error");
}

static void runs_in_its_folder_and_session_without_input(void **state)
{
	struct child *child = *state;
	start(child, "pwd; cat; cut -d ' ' -f 6 /proc/$$/stat; echo $$", "/usr/share");
	wait_for(child->loop, child->ended);
	assert_int_equal(child->lines->len, 3);
	assert_string_equal(line(child, 0), "/usr/share");
	assert_string_equal(line(child, 1), line(child, 2));
}

/* The C library keeps signals 32 and 33 to itself: what make leaves there nobody can change. */
static uint64_t signals_of(const char *text, const char *prefix)
{
	assert_true(g_str_has_prefix(text, prefix));
	return g_ascii_strtoull(text + strlen(prefix), NULL, 16) & ~UINT64_C(0x180000000);
}

static void gets_no_descriptors_and_no_signal_settings_of_ours(void **state)
{
	struct child *child = *state;
	sigset_t blocked;
	int fd = open("/dev/null", O_RDONLY); /* as a library that forgot O_CLOEXEC would */
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGTERM);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	signal(SIGUSR2, SIG_IGN);
	run(child, "exec grep -E 'Sig(Blk|Ign)' /proc/self/status");
	start(child, "exec ls /proc/self/fd", NULL);
	wait_for(child->loop, child->ended == 2);
	sigprocmask(SIG_UNBLOCK, &blocked, NULL);
	signal(SIGUSR2, SIG_DFL);
	close(fd);
	assert_string_equal(line(child, 0), "SigBlk:\t0000000000000000");
	assert_int_equal(signals_of(line(child, 1), "SigIgn:\t"), 0);
	assert_int_equal(child->lines->len, 2 + 3 + 1); /* the last is the folder that ls reads */
}

static void grandchild_that_keeps_the_output_does_not_hold_up_the_end(void **state)
{
	struct child *child = *state;
	gint64 begun = g_get_monotonic_time();
	run(child, "echo begun; (sleep 30; true) & printf 'half a line'; exit 7");
	assert_int_equal(child->end.code, 7);
	assert_int_equal(child->lines->len, 2);
	assert_string_equal(line(child, 1), "half a line");
	assert_true(g_get_monotonic_time() - begun < 25 * G_TIME_SPAN_SECOND);
}

static bool is_gone(pid_t pid)
{
	return kill(pid, 0) != 0;
}

static void freeing_kills_and_reaps_without_callbacks(void **state)
{
	struct child *child = *state;
	start(child, "trap '' TERM; echo up; while :; do sleep 1; done", NULL);
	wait_for(child->loop, child->count == 1);
	pid_t pid = process_pid(child->process);
	process_free(&child->process);
	assert_null(child->process);
	loop_free(&child->loop);
	assert_true(is_gone(pid));
	assert_int_equal(child->ended, 0);
	child->loop = loop_new();
}

static void frees_itself_inside_a_line(void **state)
{
	struct child *child = *state;
	child->free_in_line = true;
	start(child, "echo one; echo two; sleep 100", NULL);
	wait_for(child->loop, !child->process);
	loop_once(child->loop, 20);
	assert_int_equal(child->count, 1);
	assert_int_equal(child->ended, 0);
}

static void refuses(struct child *child, const char *path, const char *cwd, const char *text)
{
	const char *argv[] = { path, NULL };
	g_autoptr(GError) error = NULL;
	assert_null(process_spawn(child->loop, argv, cwd, &events, child, &error));
	assert_string_equal(error->message, text);
	loop_once(child->loop, 5);
	assert_int_equal(child->ended, 0);
}

static void what_cannot_start_is_named(void **state)
{
	struct child *child = *state;
	refuses(child, "/nonexistent/backend", NULL, "cannot start /nonexistent/backend: no such file or directory");
	refuses(child, "/etc/passwd", NULL, "cannot start /etc/passwd: permission denied");
	refuses(child, "sh", NULL, "cannot start sh: not a path");
	refuses(child, "/bin/true", "/nonexistent",
		"cannot start /bin/true in /nonexistent: no such file or directory");
}

static void lines_may_be_ignored(void **state)
{
	struct child *child = *state;
	const char *argv[] = { "/bin/sh", "-c", "echo one; echo two >&2", NULL };
	const struct process_events deaf = { .ended = on_ended };
	child->process = process_spawn(child->loop, argv, NULL, &deaf, child, NULL);
	wait_for(child->loop, child->ended);
	assert_string_equal(child->last_line, "two");
}

#define facts(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(output_comes_line_by_line_before_the_end),
		facts(exit_code_and_last_error_line_are_kept),
		facts(signal_is_told),
		facts(age_is_how_long_it_ran),
		facts(long_lines_are_cut),
		facts(huge_output_is_read_whole),
		facts(runs_in_its_folder_and_session_without_input),
		facts(gets_no_descriptors_and_no_signal_settings_of_ours),
		facts(grandchild_that_keeps_the_output_does_not_hold_up_the_end),
		facts(freeing_kills_and_reaps_without_callbacks),
		facts(frees_itself_inside_a_line),
		facts(what_cannot_start_is_named),
		facts(lines_may_be_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
