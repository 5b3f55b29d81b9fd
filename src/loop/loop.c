/* SPDX-License-Identifier: MIT */
#include "loop/loop.h"

#include "loop/private.h"

#include <signal.h>

struct deferred {
	void (*fn)(void *arg);
	void *arg;
};

void loop_task_init(struct loop_task *task, void (*run)(void *arg), void *arg)
{
	*task = (struct loop_task){ .link = { .data = arg }, .run = run };
}

void loop_task_post(GQueue *queue, struct loop_task *task)
{
	if (task->queue)
		return;
	task->queue = queue;
	g_queue_push_tail_link(queue, &task->link);
}

void loop_task_cancel(struct loop_task *task)
{
	if (!task->queue)
		return;
	g_queue_unlink(task->queue, &task->link);
	task->queue = NULL;
}

/* Those that wait now; a task may post or cancel any other. */
static void run_tasks(GQueue *queue)
{
	for (guint n = queue->length; n > 0 && queue->head; n--) {
		struct loop_task *task = (struct loop_task *)queue->head;
		loop_task_cancel(task);
		task->run(task->link.data);
	}
}

static void run_deferred(struct loop *loop)
{
	if (loop->deferred->len == 0)
		return;
	g_autoptr(GArray) now = loop->deferred;
	loop->deferred = g_array_new(FALSE, FALSE, sizeof(struct deferred));
	for (guint i = 0; i < now->len; i++) {
		struct deferred *deferred = &g_array_index(now, struct deferred, i);
		deferred->fn(deferred->arg);
	}
}

static bool has_work(const struct loop *loop)
{
	return loop->deferred->len > 0 || loop->flushes.length > 0;
}

static void stay_busy(uv_idle_t *busy)
{
}

/* Output made by deferred calls must leave before the loop blocks, and flushing may defer again. The
 * endings run once only: a write that failed just now is told in the next round, after the peer's last
 * words were read. */
static void end_round(struct loop *loop)
{
	loop->round++;
	run_tasks(&loop->endings);
	for (unsigned pass = 0; pass < LOOP_PASSES_PER_ROUND && has_work(loop); pass++) {
		run_deferred(loop);
		run_tasks(&loop->flushes);
	}
	if (has_work(loop) || loop->endings.length > 0)
		uv_idle_start(&loop->busy, stay_busy);
	else
		uv_idle_stop(&loop->busy);
}

static void on_round_end(uv_prepare_t *handle)
{
	end_round(handle->data);
}

struct loop *loop_new(void)
{
	struct loop *loop = g_new0(struct loop, 1);
	g_assert(uv_loop_init(&loop->uv) == 0);
	/* A peer that is gone is an error of the write, not the end of the process. */
	signal(SIGPIPE, SIG_IGN);
	uv_prepare_init(&loop->uv, &loop->round_end);
	uv_idle_init(&loop->uv, &loop->busy);
	uv_timer_init(&loop->uv, &loop->limit);
	loop->round_end.data = loop->busy.data = loop->limit.data = loop;
	uv_prepare_start(&loop->round_end, on_round_end);
	loop->deferred = g_array_new(FALSE, FALSE, sizeof(struct deferred));
	return loop;
}

static void refuse_open(uv_handle_t *handle, void *arg)
{
	if (!uv_is_closing(handle))
		g_error("loop_free: a %s handle was not freed", uv_handle_type_name(handle->type));
}

static void close_own_handles(struct loop *loop)
{
	uv_close((uv_handle_t *)&loop->round_end, NULL);
	uv_close((uv_handle_t *)&loop->busy, NULL);
	uv_close((uv_handle_t *)&loop->limit, NULL);
}

void loop_free(struct loop **where)
{
	struct loop *loop = *where;
	if (!loop)
		return;
	end_round(loop);
	while (loop->unfinished > 0 || has_work(loop))
		loop_once(loop, -1);
	close_own_handles(loop);
	uv_walk(&loop->uv, refuse_open, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	g_assert(uv_loop_close(&loop->uv) == 0);
	g_assert(loop->deferred->len == 0);
	g_array_free(loop->deferred, TRUE);
	while (loop->spares > 0)
		buf_fini(&loop->spare[--loop->spares]);
	*where = NULL; /* what ran until here may have used it */
	g_free(loop);
}

static void run(struct loop *loop, uv_run_mode mode)
{
	g_assert(!loop->running);
	loop->running = true;
	uv_run(&loop->uv, mode);
	/* What the last callbacks left: libuv returns before the next prepare. */
	end_round(loop);
	loop->running = false;
}

void loop_run(struct loop *loop)
{
	run(loop, UV_RUN_DEFAULT);
}

void loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}

/* The limit may pass before the round comes to wait; it must not wait then. */
static void on_limit(uv_timer_t *handle)
{
	uv_stop(handle->loop);
}

void loop_once(struct loop *loop, int ms)
{
	if (ms > 0) {
		uv_update_time(&loop->uv);
		uv_timer_start(&loop->limit, on_limit, (uint64_t)ms, 0);
	}
	run(loop, ms == 0 ? UV_RUN_NOWAIT : UV_RUN_ONCE);
	uv_timer_stop(&loop->limit);
}

uint64_t loop_now(const struct loop *loop)
{
	return uv_now(&loop->uv);
}

void loop_refresh(struct loop *loop)
{
	if (!loop->running)
		uv_update_time(&loop->uv);
}

void loop_defer(struct loop *loop, void (*fn)(void *arg), void *arg)
{
	struct deferred deferred = { fn, arg };
	g_array_append_val(loop->deferred, deferred);
}

void loop_take_buffer(struct loop *loop, struct buf *buf)
{
	size_t max = buf->max;
	if (loop->spares == 0)
		return;
	*buf = loop->spare[--loop->spares];
	buf->max = max;
}

void loop_give_buffer(struct loop *loop, struct buf *buf)
{
	size_t max = buf->max;
	buf_clear(buf);
	if (buf->cap > 0 && buf->cap <= LOOP_SPARE_CAPACITY && loop->spares < LOOP_SPARE_BUFFERS)
		loop->spare[loop->spares++] = *buf;
	else
		buf_fini(buf);
	buf_init(buf, max);
}

void loop_offer_buffer(struct loop *loop, struct loop_quota *quota, uv_buf_t *buf)
{
	if (quota->round != loop->round)
		*quota = (struct loop_quota){ .round = loop->round };
	bool left = quota->reads++ < LOOP_READS_PER_ROUND;
	*buf = uv_buf_init(loop->read, left ? LOOP_READ_SIZE : 0);
}
