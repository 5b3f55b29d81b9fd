/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

void value_crashed_backends_count(struct admin *admin, GString *out)
{
	g_string_append_printf(out, "%zu", admin->host->crashed_count(admin->host_ctx));
}

static void put_crashed(void *ctx, int64_t pid)
{
	g_string_append_printf(ctx, "%" G_GINT64_FORMAT "\n", pid);
}

void value_crashed_backends(struct admin *admin, GString *out)
{
	admin->host->each_crashed(admin->host_ctx, put_crashed, out);
}

struct listing {
	const struct admin *admin;
	GString *out;
	unsigned number;
};

static void put_user(void *ctx, const struct user *user)
{
	struct listing *listing = ctx;
	struct core_standing standing;
	if (listing->out->len >= ADMIN_ANSWER_MAX)
		return;
	core_standing_of(user, &standing);
	g_string_append_printf(listing->out, "   %s - non-active for %" G_GUINT64_FORMAT " seconds\n", standing.jid,
			       standing.idle_ms / 1000);
}

static void put_backend(void *ctx, const struct admin_backend *backend)
{
	struct listing *listing = ctx;
	const struct admin *admin = listing->admin;
	if (listing->out->len >= ADMIN_ANSWER_MAX)
		return;
	g_string_append_printf(listing->out, "Backend %u (ID=%" G_GINT64_FORMAT ")%s%s:\n", ++listing->number,
			       backend->pid, backend->accepts ? "" : " - not-accepting",
			       backend->long_running ? " - long-running" : "");
	if (backend->users)
		admin->host->each_user(admin->host_ctx, backend, put_user, listing);
	else
		g_string_append(listing->out, "   waiting for users\n");
}

void value_online_users_per_backend(struct admin *admin, GString *out)
{
	struct listing listing = { admin, out, 0 };
	admin->host->each_backend(admin->host_ctx, put_backend, &listing);
}
