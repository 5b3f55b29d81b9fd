/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

#include <unistd.h>

/* Memory in KB: our own as the system says it, that of the backends as they report it. */

struct sum {
	int64_t res, shared;
	int64_t grown; /* of the backends, since each started */
};

static void add_backend(void *ctx, const struct admin_backend *backend)
{
	struct sum *sum = ctx;
	sum->res += backend->res;
	sum->shared += backend->shared;
	sum->grown += backend->res - backend->init_res;
}

static void add_own(struct sum *sum)
{
	g_autofree char *text = NULL;
	int64_t page = sysconf(_SC_PAGESIZE) / 1024;
	if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
		return;
	/* Pages: size, resident, shared... (proc(5)). */
	g_auto(GStrv) words = g_strsplit(text, " ", 4);
	if (g_strv_length(words) < 3)
		return;
	sum->res += g_ascii_strtoll(words[1], NULL, 10) * page;
	sum->shared += g_ascii_strtoll(words[2], NULL, 10) * page;
}

static struct sum sum_of(const struct admin *admin)
{
	struct sum sum = { 0 };
	admin->host->each_backend(admin->host_ctx, add_backend, &sum);
	add_own(&sum);
	return sum;
}

static void put(GString *out, int64_t number)
{
	g_string_append_printf(out, "%" G_GINT64_FORMAT, number);
}

void value_res_memory(struct admin *admin, GString *out)
{
	put(out, sum_of(admin).res);
}

void value_shr_memory(struct admin *admin, GString *out)
{
	put(out, sum_of(admin).shared);
}

void value_used_memory(struct admin *admin, GString *out)
{
	struct sum sum = sum_of(admin);
	put(out, sum.res - sum.shared);
}

void value_average_memory(struct admin *admin, GString *out)
{
	int64_t users = (int64_t)core_user_count(admin->core);
	put(out, users ? sum_of(admin).grown / users : 0);
}

/* --- for each backend ------------------------------------------------------------------------ */

struct listing {
	GString *out;
	unsigned number;
	int64_t (*figure)(const struct admin_backend *backend);
};

static int64_t res_of(const struct admin_backend *backend)
{
	return backend->res;
}

static int64_t shared_of(const struct admin_backend *backend)
{
	return backend->shared;
}

static int64_t used_of(const struct admin_backend *backend)
{
	return backend->res - backend->shared;
}

static int64_t average_of(const struct admin_backend *backend)
{
	return backend->users ? (backend->res - backend->init_res) / (int64_t)backend->users : 0;
}

static void put_backend(void *ctx, const struct admin_backend *backend)
{
	struct listing *listing = ctx;
	g_string_append_printf(listing->out, "Backend %u (ID=%" G_GINT64_FORMAT "): %" G_GINT64_FORMAT "\n",
			       ++listing->number, backend->pid, listing->figure(backend));
}

static void list(const struct admin *admin, GString *out, int64_t (*figure)(const struct admin_backend *backend))
{
	struct listing listing = { out, 0, figure };
	admin->host->each_backend(admin->host_ctx, put_backend, &listing);
}

void value_res_memory_per_backend(struct admin *admin, GString *out)
{
	list(admin, out, res_of);
}

void value_shr_memory_per_backend(struct admin *admin, GString *out)
{
	list(admin, out, shared_of);
}

void value_used_memory_per_backend(struct admin *admin, GString *out)
{
	list(admin, out, used_of);
}

void value_average_memory_per_backend(struct admin *admin, GString *out)
{
	list(admin, out, average_of);
}
