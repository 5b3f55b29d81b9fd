/* SPDX-License-Identifier: MIT */
#include "loop/worker.h"

#include "rig.h"

enum { JOBS = 2000 };

struct bench {
	struct loop *loop;
	struct worker *worker;
	GMutex gate; /* held: the thread waits in its batch */
	bool gated;
	guint next_job, next_done; /* the thread's, the loop's */
	size_t largest;
	unsigned batches;
	GThread *thread;
	bool free_inside, post_inside;
};

static void do_batch(void *ctx, void **jobs, size_t n)
{
	struct bench *bench = ctx;
	assert_ptr_not_equal(g_thread_self(), bench->thread);
	if (bench->gated) {
		g_mutex_lock(&bench->gate);
		g_mutex_unlock(&bench->gate);
	}
	bench->batches++;
	bench->largest = MAX(bench->largest, n);
	for (size_t i = 0; i < n; i++)
		g_assert(GPOINTER_TO_UINT(jobs[i]) == ++bench->next_job);
}

static void on_done(void *ctx, void *job)
{
	struct bench *bench = ctx;
	assert_ptr_equal(g_thread_self(), bench->thread);
	assert_int_equal(GPOINTER_TO_UINT(job), ++bench->next_done);
	if (bench->free_inside && bench->next_done == 3)
		worker_free(&bench->worker);
	if (bench->post_inside && bench->next_done == 1)
		worker_post(bench->worker, GUINT_TO_POINTER(2));
}

static const struct worker_events events = { do_batch, on_done };

static int setup(void **state)
{
	struct bench *bench = g_new0(struct bench, 1);
	bench->thread = g_thread_self();
	bench->loop = loop_new();
	g_mutex_init(&bench->gate);
	bench->worker = worker_new(bench->loop, &events, bench);
	*state = bench;
	return 0;
}

static int teardown(void **state)
{
	struct bench *bench = *state;
	worker_free(&bench->worker);
	loop_free(&bench->loop);
	g_mutex_clear(&bench->gate);
	g_free(bench);
	return 0;
}

static void post(struct bench *bench, guint n)
{
	for (guint i = 1; i <= n; i++)
		worker_post(bench->worker, GUINT_TO_POINTER(i));
}

static void jobs_are_done_in_order_on_the_thread_and_told_on_the_loop(void **state)
{
	struct bench *bench = *state;
	post(bench, JOBS);
	assert_int_equal(bench->next_done, 0);
	assert_int_equal(worker_queued(bench->worker), JOBS);
	wait_for(bench->loop, bench->next_done == JOBS);
	assert_int_equal(worker_queued(bench->worker), 0);
}

static void what_gathers_is_one_batch_up_to_the_maximum(void **state)
{
	struct bench *bench = *state;
	bench->gated = true;
	g_mutex_lock(&bench->gate);
	post(bench, JOBS);
	g_mutex_unlock(&bench->gate);
	wait_for(bench->loop, bench->next_done == JOBS);
	assert_int_equal(bench->largest, WORKER_BATCH_MAX);
	/* The first batch may be any size up to the maximum; the others are full but for the last. */
	assert_in_range(bench->batches, JOBS / WORKER_BATCH_MAX, JOBS / WORKER_BATCH_MAX + 2);
}

static void freeing_does_and_tells_all_that_was_posted(void **state)
{
	struct bench *bench = *state;
	post(bench, JOBS);
	worker_free(&bench->worker);
	assert_null(bench->worker);
	assert_int_equal(bench->next_done, JOBS);
}

static void freeing_inside_done_tells_each_once(void **state)
{
	struct bench *bench = *state;
	bench->free_inside = true;
	post(bench, 10);
	wait_for(bench->loop, !bench->worker);
	assert_int_equal(bench->next_done, 10);
	loop_once(bench->loop, 0);
	assert_int_equal(bench->next_done, 10);
}

static void done_may_post_even_when_freeing(void **state)
{
	struct bench *bench = *state;
	struct worker *worker = bench->worker;
	bench->post_inside = true;
	post(bench, 1);
	bench->worker = worker;
	struct worker *freed = worker;
	worker_free(&freed);
	bench->worker = NULL;
	assert_int_equal(bench->next_done, 2);
}

static void idle_worker_ends(void **state)
{
	struct bench *bench = *state;
	worker_free(&bench->worker);
	worker_free(&bench->worker);
	assert_int_equal(bench->batches, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(jobs_are_done_in_order_on_the_thread_and_told_on_the_loop, setup,
						teardown),
		cmocka_unit_test_setup_teardown(what_gathers_is_one_batch_up_to_the_maximum, setup, teardown),
		cmocka_unit_test_setup_teardown(freeing_does_and_tells_all_that_was_posted, setup, teardown),
		cmocka_unit_test_setup_teardown(freeing_inside_done_tells_each_once, setup, teardown),
		cmocka_unit_test_setup_teardown(done_may_post_even_when_freeing, setup, teardown),
		cmocka_unit_test_setup_teardown(idle_worker_ends, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
