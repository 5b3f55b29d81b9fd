/* SPDX-License-Identifier: MIT */
#include "loop/timer.h"

#include "rig.h"

struct clock {
	struct loop *loop;
	struct timer *timer;
	unsigned fired;
	unsigned stop_at; /* 0: never */
};

static void count(void *ctx)
{
	struct clock *clock = ctx;
	if (++clock->fired == clock->stop_at)
		timer_stop(clock->timer);
}

static void free_itself(void *ctx)
{
	struct clock *clock = ctx;
	clock->fired++;
	timer_free(&clock->timer);
}

static void start_again(void *ctx)
{
	struct clock *clock = ctx;
	if (++clock->fired < 3)
		timer_start(clock->timer, 1, 0);
}

static struct clock make(void (*fired)(void *ctx), struct clock *clock)
{
	*clock = (struct clock){ .loop = loop_new() };
	clock->timer = timer_new(clock->loop, fired, clock);
	return *clock;
}

static void finish(struct clock *clock)
{
	timer_free(&clock->timer);
	loop_free(&clock->loop);
}

static void fires_once_and_not_too_early(void **state)
{
	struct clock clock;
	make(count, &clock);
	gint64 begun = g_get_monotonic_time();
	assert_false(timer_active(clock.timer));
	timer_start(clock.timer, 30, 0);
	assert_true(timer_active(clock.timer));
	wait_for(clock.loop, clock.fired > 0);
	assert_true(g_get_monotonic_time() - begun >= 29000);
	assert_false(timer_active(clock.timer));
	loop_once(clock.loop, 20);
	assert_int_equal(clock.fired, 1);
	finish(&clock);
}

static void late_start_is_not_shortened_by_an_old_clock(void **state)
{
	struct clock clock;
	make(count, &clock);
	gint64 begun = g_get_monotonic_time();
	while (g_get_monotonic_time() - begun < 60000)
		;
	begun = g_get_monotonic_time();
	timer_start(clock.timer, 40, 0);
	wait_for(clock.loop, clock.fired > 0);
	assert_true(g_get_monotonic_time() - begun >= 39000);
	finish(&clock);
}

static void repeats_until_stopped_inside(void **state)
{
	struct clock clock;
	make(count, &clock);
	clock.stop_at = 4;
	timer_start(clock.timer, 0, 1);
	wait_for(clock.loop, clock.fired == 4);
	loop_once(clock.loop, 10);
	assert_int_equal(clock.fired, 4);
	finish(&clock);
}

static void frees_itself_inside(void **state)
{
	struct clock clock;
	make(free_itself, &clock);
	timer_start(clock.timer, 0, 1);
	wait_for(clock.loop, clock.fired > 0);
	assert_null(clock.timer);
	loop_once(clock.loop, 5);
	assert_int_equal(clock.fired, 1);
	finish(&clock);
}

static void starts_itself_again(void **state)
{
	struct clock clock;
	make(start_again, &clock);
	timer_start(clock.timer, 1, 0);
	wait_for(clock.loop, clock.fired == 3);
	loop_once(clock.loop, 5);
	assert_int_equal(clock.fired, 3);
	finish(&clock);
}

static void freed_timer_does_not_fire(void **state)
{
	struct clock clock;
	make(count, &clock);
	timer_start(clock.timer, 0, 0);
	timer_free(&clock.timer);
	loop_once(clock.loop, 5);
	assert_int_equal(clock.fired, 0);
	finish(&clock);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fires_once_and_not_too_early),
		cmocka_unit_test(late_start_is_not_shortened_by_an_old_clock),
		cmocka_unit_test(repeats_until_stopped_inside),
		cmocka_unit_test(frees_itself_inside),
		cmocka_unit_test(starts_itself_again),
		cmocka_unit_test(freed_timer_does_not_fire),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
