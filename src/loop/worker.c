/* SPDX-License-Identifier: MIT */
#include "loop/worker.h"

#include "loop/private.h"

/* A job goes from `posted` by way of the thread to `finished`, then to `delivered`, which only the
 * loop's thread touches. */
struct worker {
	uv_async_t wake;
	struct worker_events events;
	void *ctx;
	GThread *thread;
	GMutex mutex;
	GCond changed;
	GQueue posted;       /* under mutex */
	GPtrArray *finished; /* under mutex */
	bool busy, stop;     /* under mutex */
	size_t queued;       /* on the loop: posted and not delivered */
	GPtrArray *delivered;
	guint next; /* of delivered */
};

/* Takes the next jobs, or returns 0 when the thread is to end. */
static size_t take_batch(struct worker *worker, void **jobs)
{
	size_t n = 0;
	g_mutex_lock(&worker->mutex);
	worker->busy = false;
	g_cond_broadcast(&worker->changed);
	while (g_queue_is_empty(&worker->posted) && !worker->stop)
		g_cond_wait(&worker->changed, &worker->mutex);
	while (n < WORKER_BATCH_MAX && !g_queue_is_empty(&worker->posted))
		jobs[n++] = g_queue_pop_head(&worker->posted);
	worker->busy = n > 0;
	g_mutex_unlock(&worker->mutex);
	return n;
}

static void hand_back(struct worker *worker, void **jobs, size_t n)
{
	g_mutex_lock(&worker->mutex);
	for (size_t i = 0; i < n; i++)
		g_ptr_array_add(worker->finished, jobs[i]);
	g_mutex_unlock(&worker->mutex);
	uv_async_send(&worker->wake);
}

static gpointer work(gpointer arg)
{
	struct worker *worker = arg;
	void *jobs[WORKER_BATCH_MAX];
	for (size_t n = take_batch(worker, jobs); n > 0; n = take_batch(worker, jobs)) {
		worker->events.batch(worker->ctx, jobs, n);
		hand_back(worker, jobs, n);
	}
	return NULL;
}

/* What the thread has finished becomes what is to be delivered. */
static void collect(struct worker *worker)
{
	g_ptr_array_set_size(worker->delivered, 0);
	worker->next = 0;
	g_mutex_lock(&worker->mutex);
	GPtrArray *empty = worker->delivered;
	worker->delivered = worker->finished;
	worker->finished = empty;
	g_mutex_unlock(&worker->mutex);
}

/* `done` may free the worker, which then delivers the rest itself from where this stands. */
static void deliver(struct worker *worker)
{
	while (worker->next < worker->delivered->len) {
		void *job = g_ptr_array_index(worker->delivered, worker->next++);
		worker->queued--;
		worker->events.done(worker->ctx, job);
	}
}

static void on_wake(uv_async_t *handle)
{
	struct worker *worker = handle->data;
	collect(worker);
	deliver(worker);
}

struct worker *worker_new(struct loop *loop, const struct worker_events *events, void *ctx)
{
	struct worker *worker = g_new0(struct worker, 1);
	worker->events = *events;
	worker->ctx = ctx;
	g_mutex_init(&worker->mutex);
	g_cond_init(&worker->changed);
	worker->finished = g_ptr_array_new();
	worker->delivered = g_ptr_array_new();
	g_assert(uv_async_init(&loop->uv, &worker->wake, on_wake) == 0);
	worker->wake.data = worker;
	worker->thread = g_thread_new("worker", work, worker);
	return worker;
}

void worker_post(struct worker *worker, void *job)
{
	worker->queued++;
	g_mutex_lock(&worker->mutex);
	g_queue_push_tail(&worker->posted, job);
	g_cond_broadcast(&worker->changed);
	g_mutex_unlock(&worker->mutex);
}

size_t worker_queued(const struct worker *worker)
{
	return worker->queued;
}

static void wait_until_idle(struct worker *worker)
{
	g_mutex_lock(&worker->mutex);
	while (worker->busy || !g_queue_is_empty(&worker->posted))
		g_cond_wait(&worker->changed, &worker->mutex);
	g_mutex_unlock(&worker->mutex);
}

static void stop_thread(struct worker *worker)
{
	g_mutex_lock(&worker->mutex);
	worker->stop = true;
	g_cond_broadcast(&worker->changed);
	g_mutex_unlock(&worker->mutex);
	g_thread_join(worker->thread);
}

static void on_closed(uv_handle_t *handle)
{
	struct worker *worker = handle->data;
	g_ptr_array_free(worker->finished, TRUE);
	g_ptr_array_free(worker->delivered, TRUE);
	g_cond_clear(&worker->changed);
	g_mutex_clear(&worker->mutex);
	g_free(worker);
}

void worker_free(struct worker **where)
{
	struct worker *worker = *where;
	if (!worker)
		return;
	*where = NULL;
	deliver(worker);
	while (worker->queued > 0) { /* `done` may post again */
		wait_until_idle(worker);
		collect(worker);
		deliver(worker);
	}
	stop_thread(worker);
	uv_close((uv_handle_t *)&worker->wake, on_closed);
}
