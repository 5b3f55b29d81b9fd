/* SPDX-License-Identifier: MIT */
#include "loop/timer.h"

#include "loop/private.h"

struct timer {
	uv_timer_t uv;
	struct loop *loop;
	void (*fired)(void *ctx);
	void *ctx;
};

struct timer *timer_new(struct loop *loop, void (*fired)(void *ctx), void *ctx)
{
	struct timer *timer = g_new0(struct timer, 1);
	*timer = (struct timer){ .loop = loop, .fired = fired, .ctx = ctx };
	uv_timer_init(&loop->uv, &timer->uv);
	timer->uv.data = timer;
	return timer;
}

static void on_closed(uv_handle_t *handle)
{
	g_free(handle->data);
}

void timer_free(struct timer **where)
{
	struct timer *timer = *where;
	if (!timer)
		return;
	*where = NULL;
	uv_close((uv_handle_t *)&timer->uv, on_closed);
}

static void on_fired(uv_timer_t *handle)
{
	struct timer *timer = handle->data;
	timer->fired(timer->ctx);
}

void timer_start(struct timer *timer, uint64_t after, uint64_t repeat)
{
	loop_refresh(timer->loop);
	uv_timer_start(&timer->uv, on_fired, after, repeat);
}

void timer_stop(struct timer *timer)
{
	uv_timer_stop(&timer->uv);
}

bool timer_active(const struct timer *timer)
{
	return uv_is_active((const uv_handle_t *)&timer->uv);
}
