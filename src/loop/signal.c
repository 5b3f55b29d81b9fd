/* SPDX-License-Identifier: MIT */
#include "loop/signal.h"

#include "loop/private.h"

struct signal_watch {
	uv_signal_t uv;
	void (*came)(void *ctx, int signum);
	void *ctx;
};

static void on_signal(uv_signal_t *handle, int signum)
{
	struct signal_watch *watch = handle->data;
	watch->came(watch->ctx, signum);
}

struct signal_watch *signal_watch(struct loop *loop, int signum, void (*came)(void *ctx, int signum), void *ctx)
{
	struct signal_watch *watch = g_new0(struct signal_watch, 1);
	watch->came = came;
	watch->ctx = ctx;
	uv_signal_init(&loop->uv, &watch->uv);
	watch->uv.data = watch;
	g_assert(uv_signal_start(&watch->uv, on_signal, signum) == 0);
	return watch;
}

static void on_closed(uv_handle_t *handle)
{
	g_free(handle->data);
}

void signal_unwatch(struct signal_watch **where)
{
	struct signal_watch *watch = *where;
	if (!watch)
		return;
	*where = NULL;
	uv_close((uv_handle_t *)&watch->uv, on_closed);
}
