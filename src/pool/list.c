/* SPDX-License-Identifier: MIT */
#include "pool/private.h"

/* What administrators see of the backends. */

void pool_each_backend(const struct pool *pool, void (*each)(void *ctx, const struct pool_backend *backend), void *ctx)
{
	/* Oldest first, so that numbers stay while others come. */
	for (const GList *at = pool->backends.tail; at; at = at->prev) {
		const struct backend *backend = at->data;
		if (backend->state != BACKEND_READY && backend->state != BACKEND_DRAINING)
			continue;
		struct pool_backend value = { .handle = backend,
					      .pid = backend->pid ? backend->pid : backend->peer->pid,
					      .accepts = backend->state == BACKEND_READY,
					      .res = backend->res,
					      .init_res = backend->init_res,
					      .shared = backend->shared,
					      .users = backend->seats.length };
		each(ctx, &value);
	}
}

void pool_each_user(const struct pool_backend *on, void (*each)(void *ctx, const struct user *user), void *ctx)
{
	const struct backend *backend = on->handle;
	for (const GList *at = backend->seats.head; at; at = at->next)
		each(ctx, ((const struct seat *)at->data)->user);
}

void pool_each_crashed(const struct pool *pool, void (*each)(void *ctx, int64_t pid), void *ctx)
{
	for (guint i = 0; i < pool->crashed_pids->len; i++)
		each(ctx, g_array_index(pool->crashed_pids, int64_t, i));
}

void list_note_crash(const struct backend *backend)
{
	struct pool *pool = backend->pool;
	int64_t pid = backend->pid ? backend->pid : backend->peer ? backend->peer->pid : 0;
	pool->crashed++;
	if (pool->crashed_pids->len >= POOL_CRASHED_MAX)
		g_array_remove_index(pool->crashed_pids, 0);
	g_array_append_val(pool->crashed_pids, pid);
}
