/* SPDX-License-Identifier: MIT */
#include "loop/loop.h"

#include "loop/timer.h"
#include "rig.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

struct trace {
	struct loop *loop;
	GString *text;
	unsigned runs;
	bool fired;
};

static void add_a(void *arg)
{
	g_string_append_c(((struct trace *)arg)->text, 'a');
}

static void add_b_and_defer_a(void *arg)
{
	struct trace *trace = arg;
	g_string_append_c(trace->text, 'b');
	loop_defer(trace->loop, add_a, trace);
}

static void defer_again(void *arg)
{
	struct trace *trace = arg;
	trace->runs++;
	if (!trace->fired)
		loop_defer(trace->loop, defer_again, trace);
}

static void stop(void *arg)
{
	struct trace *trace = arg;
	trace->fired = true;
	loop_stop(trace->loop);
}

static void stop_and_defer(void *arg)
{
	struct trace *trace = arg;
	loop_stop(trace->loop);
	loop_defer(trace->loop, add_a, trace);
}

static int setup(void **state)
{
	struct trace *trace = g_new0(struct trace, 1);
	trace->loop = loop_new();
	trace->text = g_string_new(NULL);
	*state = trace;
	return 0;
}

static int teardown(void **state)
{
	struct trace *trace = *state;
	loop_free(&trace->loop);
	assert_null(trace->loop);
	g_string_free(trace->text, TRUE);
	g_free(trace);
	return 0;
}

static void deferred_calls_come_in_order_and_later(void **state)
{
	struct trace *trace = *state;
	loop_defer(trace->loop, add_b_and_defer_a, trace);
	loop_defer(trace->loop, add_a, trace);
	assert_string_equal(trace->text->str, "");
	loop_once(trace->loop, 0);
	assert_string_equal(trace->text->str, "baa");
}

static void pending_deferred_calls_do_not_let_the_loop_block(void **state)
{
	struct trace *trace = *state;
	gint64 begun = g_get_monotonic_time();
	loop_defer(trace->loop, defer_again, trace);
	for (int i = 0; i < 5; i++)
		loop_once(trace->loop, 60000);
	assert_true(trace->runs >= 5);
	assert_true(g_get_monotonic_time() - begun < 30 * G_TIME_SPAN_SECOND);
	trace->fired = true;
}

static void endless_deferring_does_not_starve_timers(void **state)
{
	struct trace *trace = *state;
	struct timer *timer = timer_new(trace->loop, stop, trace);
	timer_start(timer, 5, 0);
	loop_defer(trace->loop, defer_again, trace);
	loop_run(trace->loop);
	assert_true(trace->fired);
	timer_free(&timer);
}

static void what_the_last_callback_deferred_is_run_before_the_run_returns(void **state)
{
	struct trace *trace = *state;
	struct timer *timer = timer_new(trace->loop, stop_and_defer, trace);
	timer_start(timer, 0, 0);
	loop_run(trace->loop);
	assert_string_equal(trace->text->str, "a");
	timer_free(&timer);
}

static void one_round_waits_no_longer_than_told(void **state)
{
	struct trace *trace = *state;
	gint64 begun = g_get_monotonic_time();
	loop_once(trace->loop, 0);
	loop_once(trace->loop, 30);
	gint64 took = g_get_monotonic_time() - begun;
	assert_true(took >= 29000 && took < 30 * G_TIME_SPAN_SECOND);
}

/* Linked in place of uv_timer_start(): a busy machine may take the process off its CPU right after it. */
static unsigned pause_us;

int __real_uv_timer_start(uv_timer_t *timer, uv_timer_cb cb, uint64_t ms, uint64_t repeat);
int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb cb, uint64_t ms, uint64_t repeat);

int __wrap_uv_timer_start(uv_timer_t *timer, uv_timer_cb cb, uint64_t ms, uint64_t repeat)
{
	int status = __real_uv_timer_start(timer, cb, ms, repeat);
	g_usleep(pause_us);
	return status;
}

static void one_round_ends_when_its_limit_passed_before_it_began(void **state)
{
	struct trace *trace = *state;
	struct timer *far = timer_new(trace->loop, stop, trace);
	timer_start(far, 60000, 0);
	gint64 begun = g_get_monotonic_time();
	pause_us = 20000;
	loop_once(trace->loop, 1);
	pause_us = 0;
	assert_true(g_get_monotonic_time() - begun < 30 * G_TIME_SPAN_SECOND);
	timer_free(&far);
}

static void freeing_runs_deferred_calls(void **state)
{
	struct trace *trace = *state;
	loop_defer(trace->loop, add_b_and_defer_a, trace);
	loop_free(&trace->loop);
	assert_string_equal(trace->text->str, "ba");
}

static void freeing_with_something_left_is_a_bug_that_is_named(void **state)
{
	int ends[2];
	char text[512] = "";
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		signal(SIGTRAP, SIG_DFL);
		signal(SIGABRT, SIG_DFL);
		dup2(ends[1], STDERR_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		struct loop *loop = loop_new();
		timer_new(loop, NULL, NULL);
		loop_free(&loop);
		_exit(0);
	}
	close(ends[1]);
	assert_true(read(ends[0], text, sizeof text - 1) > 0);
	close(ends[0]);
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	assert_non_null(strstr(text, "a timer handle was not freed"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(deferred_calls_come_in_order_and_later, setup, teardown),
		cmocka_unit_test_setup_teardown(pending_deferred_calls_do_not_let_the_loop_block, setup, teardown),
		cmocka_unit_test_setup_teardown(endless_deferring_does_not_starve_timers, setup, teardown),
		cmocka_unit_test_setup_teardown(what_the_last_callback_deferred_is_run_before_the_run_returns, setup,
						teardown),
		cmocka_unit_test_setup_teardown(one_round_waits_no_longer_than_told, setup, teardown),
		cmocka_unit_test_setup_teardown(one_round_ends_when_its_limit_passed_before_it_began, setup, teardown),
		cmocka_unit_test_setup_teardown(freeing_runs_deferred_calls, setup, teardown),
		cmocka_unit_test(freeing_with_something_left_is_a_bug_that_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
