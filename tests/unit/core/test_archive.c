/* SPDX-License-Identifier: MIT */
#include "core/archive.h"
#include "core/arrival.h"
#include "fakes_private.h"

static const char *const server[] = { "service.server_mode=1", NULL };
static const char *const server_without[] = { "service.server_mode=1", "service.archive_days=0", NULL };
static const char *const gateway[] = { NULL };

static void arrive(struct fakes *fakes)
{
	struct jid who = fakes_jid(fakes, USER);
	core_set_features(fakes->core, &(struct core_features){ .need_password = true });
	core_arrive(fakes->core, &who, "pw", fakes_reply(fakes, "login"));
	fakes_settle(fakes);
	net_connected(fakes, USER);
	fakes_settle(fakes);
	fakes_forget(fakes);
}

static struct fakes *start(const char *const *overrides)
{
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes_open(fakes);
	arrive(fakes);
	return fakes;
}

static uint64_t put(struct fakes *fakes, const char *with, const char *stanza)
{
	struct core_archived archived = { core_archive_id(fakes->core), with, stanza, 0 };
	core_archive_put(fakes->core, str_of(USER), &archived);
	return archived.id;
}

static void note(void *ctx, uint64_t id, const struct core_archive_page *page)
{
	struct fakes *fakes = ctx;
	GString *line = g_string_new(NULL);
	for (size_t i = 0; i < page->count; i++)
		g_string_append_printf(line, "%s %s, ", page->all[i].with, page->all[i].stanza);
	g_string_append_printf(line, "%s of %u", page->complete ? "all" : "some", (unsigned)page->total);
	if (page->error)
		g_string_append_printf(line, " %s", fake_error_name(page->error));
	g_ptr_array_add(fakes->lines, g_string_free(line, FALSE));
}

static void find(struct fakes *fakes, struct core_archive_query query, const char *expected)
{
	struct jid who = fakes_jid(fakes, USER "/a");
	query.max = 10;
	core_archive_find(fakes->core, &who, &query, (struct core_archive_reply){ note, fakes, 0 });
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect_later(fakes, expected);
}

static void what_is_put_is_found(void **state)
{
	struct fakes *fakes = start(server);
	uint64_t first = put(fakes, "bob@net/bot", "<a/>");
	put(fakes, "ann@net", "<b/>");
	find(fakes, (struct core_archive_query){ 0 }, "bob@net <a/>, ann@net <b/>, all of 2\n");
	find(fakes, (struct core_archive_query){ .with = "bob@net" }, "bob@net <a/>, all of 1\n");
	find(fakes, (struct core_archive_query){ .with = "bob@net/bot" }, "bob@net <a/>, all of 1\n");
	find(fakes, (struct core_archive_query){ .with = "bob@net/other" }, "all of 0\n");
	find(fakes, (struct core_archive_query){ .page_after = first }, "ann@net <b/>, all of 2\n");
	find(fakes, (struct core_archive_query){ .page_after = first - 1 }, "all of 0 item-not-found\n");
	fakes_end(fakes);
}

static void ids_only_grow_also_over_a_restart(void **state)
{
	struct fakes *fakes = start(server);
	uint64_t one = core_archive_id(fakes->core), two = core_archive_id(fakes->core);
	assert_true(two > one);
	/* The clock was an hour ahead. */
	two += 3600ull * G_USEC_PER_SEC;
	core_archive_put(fakes->core, str_of(USER), &(struct core_archived){ two, "bob@net", "<a/>", 0 });
	fakes_settle(fakes);
	fakes_close(fakes);
	fakes_open(fakes);
	fakes_settle(fakes);
	assert_true(core_archive_id(fakes->core) > two);
	fakes_end(fakes);
}

static void too_large_a_stanza_is_not_kept(void **state)
{
	struct fakes *fakes = start(server);
	g_autofree char *large = g_strnfill(CORE_ARCHIVE_STANZA_MAX + 1, 'x');
	put(fakes, "bob@net", large);
	find(fakes, (struct core_archive_query){ 0 }, "all of 0\n");
	assert_int_equal(fakes->metrics.value[METRIC_ARCHIVE_DROPPED], 1);
	fakes_end(fakes);
}

static void what_is_on_its_way_is_bounded(void **state)
{
	struct fakes *fakes = start(server);
	g_autofree char *large = g_strnfill(CORE_ARCHIVE_STANZA_MAX, 'x');
	for (int i = 0; i < 260; i++)
		put(fakes, "bob@net", large);
	assert_int_equal(fakes->metrics.value[METRIC_ARCHIVE_DROPPED], 4);
	fakes_settle(fakes);
	put(fakes, "bob@net", large);
	assert_int_equal(fakes->metrics.value[METRIC_ARCHIVE_DROPPED], 4);
	fakes_end(fakes);
}

static void one_user_has_a_part_of_it(void **state)
{
	struct fakes *fakes = start(server);
	for (int i = 0; i < 5010; i++)
		put(fakes, "bob@net", "<a/>");
	assert_int_equal(fakes->metrics.value[METRIC_ARCHIVE_DROPPED], 10);
	fakes_settle(fakes);
	put(fakes, "bob@net", "<a/>");
	assert_int_equal(fakes->metrics.value[METRIC_ARCHIVE_DROPPED], 10);
	fakes_end(fakes);
}

static bool has_archive(const char *storage_type, const char *const *overrides)
{
	struct fakes *fakes = fakes_new(storage_type, overrides);
	fakes_open(fakes);
	bool has = core_has_archive(fakes->core);
	fakes_end(fakes);
	return has;
}

static void gateways_and_who_wants_none_have_none(void **state)
{
	assert_true(has_archive("sqlite3", server));
	assert_false(has_archive("sqlite3", gateway));
	assert_false(has_archive("sqlite3", server_without));
	assert_false(has_archive("none", server));
}

static size_t count(struct fakes *fakes)
{
	struct jid who = fakes_jid(fakes, USER);
	core_archive_find(fakes->core, &who, &(struct core_archive_query){ 0 },
			  (struct core_archive_reply){ note, fakes, 0 });
	wait_for(fakes, fakes->lines->len == 1);
	size_t n = g_ascii_strtoull(strstr(fakes->lines->pdata[0], "of ") + 3, NULL, 10);
	fakes_forget(fakes);
	return n;
}

static void what_is_old_goes_by_itself(void **state)
{
	struct fakes *fakes = start(server);
	uint64_t old = (uint64_t)g_get_real_time() - 31ull * G_TIME_SPAN_DAY;
	core_archive_put(fakes->core, str_of(USER), &(struct core_archived){ old, "bob@net", "<a/>", 0 });
	put(fakes, "bob@net", "<b/>");
	gint64 until = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
	while (count(fakes) != 1 && g_get_monotonic_time() < until)
		loop_once(fakes->loop, 50);
	find(fakes, (struct core_archive_query){ 0 }, "bob@net <b/>, all of 1\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_found),
		cmocka_unit_test(ids_only_grow_also_over_a_restart),
		cmocka_unit_test(too_large_a_stanza_is_not_kept),
		cmocka_unit_test(what_is_on_its_way_is_bounded),
		cmocka_unit_test(one_user_has_a_part_of_it),
		cmocka_unit_test(gateways_and_who_wants_none_have_none),
		cmocka_unit_test(what_is_old_goes_by_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
