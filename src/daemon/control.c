/* SPDX-License-Identifier: MIT */
#include "daemon/control.h"

#include "frontend/bookmark.h"

struct walk {
	void (*each)(void *ctx, const struct admin_backend *backend);
	void *ctx;
};

static void pass_backend(void *ctx, const struct pool_backend *from)
{
	const struct walk *walk = ctx;
	struct admin_backend backend = { .handle = from,
					 .pid = from->pid,
					 .accepts = from->accepts,
					 .res = from->res,
					 .init_res = from->init_res,
					 .shared = from->shared,
					 .users = from->users };
	walk->each(walk->ctx, &backend);
}

static void each_backend(void *ctx, void (*each)(void *each_ctx, const struct admin_backend *backend), void *each_ctx)
{
	const struct control *control = ctx;
	struct walk walk = { each, each_ctx };
	pool_each_backend(control->pool, pass_backend, &walk);
}

static void each_user(void *ctx, const struct admin_backend *backend,
		      void (*each)(void *each_ctx, const struct user *user), void *each_ctx)
{
	pool_each_user(backend->handle, each, each_ctx);
}

static size_t crashed_count(void *ctx)
{
	return pool_crashed_count(((const struct control *)ctx)->pool);
}

static void each_crashed(void *ctx, void (*each)(void *each_ctx, int64_t pid), void *each_ctx)
{
	pool_each_crashed(((const struct control *)ctx)->pool, each, each_ctx);
}

static bool reload(void *ctx)
{
	const struct control *control = ctx;
	return control->reload(control->ctx);
}

static void open_room(void *ctx, const char *to, const char *node, const char *password)
{
	struct bookmark bookmark = { .node = node, .password = password, .autojoin = true };
	bookmark_put(((const struct control *)ctx)->frontend, to, &bookmark);
}

static void close_room(void *ctx, const char *to, const char *node)
{
	bookmark_drop(((const struct control *)ctx)->frontend, to, node);
}

const struct admin_host *control_host(void)
{
	static const struct admin_host host = {
		.each_backend = each_backend,
		.each_user = each_user,
		.crashed_count = crashed_count,
		.each_crashed = each_crashed,
		.reload = reload,
		.open_room = open_room,
		.close_room = close_room,
	};
	return &host;
}
