/* SPDX-License-Identifier: MIT */
#include "rig.h"

static void add_backend(void *ctx, const struct pool_backend *backend)
{
	g_string_append_printf(ctx, "%s%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT " %zu users\n",
			       backend->accepts ? "" : "full ", backend->res, backend->init_res, backend->shared,
			       backend->users);
}

static void count_users(void *ctx, const struct user *user)
{
	++*(unsigned *)ctx;
}

static void count_users_of(void *ctx, const struct pool_backend *backend)
{
	pool_each_user(backend, count_users, ctx);
}

static void add_crashed(void *ctx, int64_t pid)
{
	g_string_append_printf(ctx, "%" G_GINT64_FORMAT "\n", pid);
}

static void report(struct puppet *puppet, int res, int init_res, int shared, const char *id)
{
	Pbnetwork__Stats stats = PBNETWORK__STATS__INIT;
	stats.res = res;
	stats.init_res = init_res;
	stats.shared = shared;
	stats.id = (char *)id;
	puppet_send(puppet, WIRE_STATS, &stats.base);
	puppet_sync(puppet);
}

static void backends_are_listed_with_their_figures_and_users(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig_open(rig);
	struct puppet *first = puppet_backend(rig), *second = puppet_backend(rig);
	report(first, 3000, 1000, 500, "77");
	pool_backend_port()->login(rig->pool, fake_core_add(rig->core, "u@example.org"));
	g_autoptr(GString) text = g_string_new(NULL);
	unsigned users = 0;
	pool_each_backend(rig->pool, add_backend, text);
	pool_each_backend(rig->pool, count_users_of, &users);
	assert_string_equal(text->str, "3000/1000/500 0 users\n0/0/0 1 users\n");
	assert_int_equal(users, 1);
	puppet_free(first);
	puppet_free(second);
	rig_close(rig);
}

static void those_that_crashed_are_remembered_by_their_pid(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig_open(rig);
	struct puppet *own = puppet_backend(rig), *other = puppet_backend(rig);
	report(other, 1, 1, 1, "4711");
	pool_backend_port()->login(rig->pool, fake_core_add(rig->core, "u@example.org"));
	puppet_free(other);
	wait_for(rig, pool_crashed_count(rig->pool) == 1);
	g_autoptr(GString) text = g_string_new(NULL);
	pool_each_crashed(rig->pool, add_crashed, text);
	assert_string_equal(text->str, "4711\n");
	puppet_free(own);
	rig_close(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backends_are_listed_with_their_figures_and_users),
		cmocka_unit_test(those_that_crashed_are_remembered_by_their_pid),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
