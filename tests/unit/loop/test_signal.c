/* SPDX-License-Identifier: MIT */
#include "loop/signal.h"

#include "rig.h"

#include <signal.h>

static void note(void *ctx, int signum)
{
	int *seen = ctx;
	*seen = signum;
}

static void signal_becomes_an_event(void **state)
{
	struct loop *loop = loop_new();
	int hup = 0, usr = 0;
	struct signal_watch *first = signal_watch(loop, SIGHUP, note, &hup);
	struct signal_watch *second = signal_watch(loop, SIGUSR1, note, &usr);
	raise(SIGHUP);
	assert_int_equal(hup, 0);
	wait_for(loop, hup);
	assert_int_equal(hup, SIGHUP);
	assert_int_equal(usr, 0);
	signal_unwatch(&first);
	signal_unwatch(&second);
	assert_null(first);
	loop_free(&loop);
}

static void broken_pipe_does_not_end_the_process(void **state)
{
	struct loop *loop = loop_new();
	raise(SIGPIPE);
	loop_free(&loop);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signal_becomes_an_event),
		cmocka_unit_test(broken_pipe_does_not_end_the_process),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
