/* SPDX-License-Identifier: MIT */
#include "core/document.h"

#include "fakes_private.h"

static const char *const server[] = { "service.server_mode=1", NULL };

static struct fakes *start(const char *storage_type)
{
	struct fakes *fakes = fakes_new(storage_type, server);
	fakes_open(fakes);
	core_set_features(fakes->core, &(struct core_features){ .need_password = true });
	fakes_log_in(fakes, USER);
	return fakes;
}

static void note(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct fakes *fakes = ctx;
	GString *line = g_string_new("documents");
	for (size_t i = 0; i < documents->count; i++)
		g_string_append_printf(line, " %s/%s=%s", documents->all[i].node, documents->all[i].item,
				       documents->all[i].text ? documents->all[i].text : "-");
	if (documents->error)
		g_string_append_printf(line, " %s", fake_error_name(documents->error));
	g_ptr_array_add(fakes->lines, g_string_free(line, FALSE));
}

static struct core_documents_reply reply(struct fakes *fakes)
{
	return (struct core_documents_reply){ note, fakes, 1 };
}

static void put(struct fakes *fakes, const char *node, const char *item, const char *text)
{
	struct jid who = fakes_jid(fakes, USER "/a");
	struct core_document document = { CORE_DOCUMENT_PEP, node, item, text, 0 };
	core_document_put(fakes->core, &who, &document, 10, reply(fakes));
}

static void find(struct fakes *fakes)
{
	struct jid who = fakes_jid(fakes, USER "/a");
	core_documents_find(fakes->core, &who, CORE_DOCUMENT_PEP, NULL, NULL, 10, reply(fakes));
}

static void what_is_put_is_found_and_dropped(void **state)
{
	struct fakes *fakes = start("sqlite3");
	struct jid who = fakes_jid(fakes, USER);
	assert_true(core_keeps_documents(fakes->core));
	find(fakes);
	put(fakes, "n", "a", "<a/>");
	put(fakes, "n", "b", "<b/>");
	find(fakes);
	core_document_drop(fakes->core, &who, CORE_DOCUMENT_PEP, "n", NULL, reply(fakes));
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "documents\ndocuments\ndocuments\ndocuments n/b=<b/> n/a=<a/>\n"
			    "documents n/b=- n/a=-\n");
	fakes_end(fakes);
}

static void without_a_database_there_are_none(void **state)
{
	struct fakes *fakes = start("none");
	assert_false(core_keeps_documents(fakes->core));
	put(fakes, "n", "a", "<a/>");
	find(fakes);
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "documents service-unavailable\ndocuments service-unavailable\n");
	fakes_end(fakes);
}

static void what_is_too_large_is_refused(void **state)
{
	struct fakes *fakes = start("sqlite3");
	g_autofree char *text = g_strnfill(CORE_DOCUMENT_TEXT_MAX + 1, 'x');
	put(fakes, "n", "a", text);
	text[CORE_DOCUMENT_NAME_MAX + 1] = '\0';
	put(fakes, text, "a", "<a/>");
	put(fakes, "n", text, "<a/>");
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes,
		     "documents resource-constraint\ndocuments resource-constraint\ndocuments resource-constraint\n");
	find(fakes);
	fakes_expect(fakes, "documents\n");
	fakes_end(fakes);
}

static void what_is_too_much_is_refused(void **state)
{
	struct fakes *fakes = start("sqlite3");
	fakes_sql(fakes, "INSERT INTO users_documents VALUES (1, 1, '', '', 1, 4194304, 'x')");
	put(fakes, "n", "a", "<a/>");
	fakes_expect(fakes, "documents resource-constraint\n");
	fakes_end(fakes);
}

/* Too much at a time is not waited for. */
static void what_is_on_its_way_is_bounded(void **state)
{
	struct fakes *fakes = start("sqlite3");
	g_autofree char *text = g_strnfill(CORE_DOCUMENT_TEXT_MAX, 'x');
	for (int i = 0; i < 200; i++)
		put(fakes, "n", "a", text);
	fakes_settle(fakes);
	unsigned refused = 0;
	for (guint i = 0; i < fakes->lines->len; i++)
		refused += g_str_has_suffix(fakes->lines->pdata[i], "resource-constraint");
	assert_int_equal(fakes->lines->len, 200);
	assert_in_range(refused, 20, 60);
	fakes_forget(fakes);
	put(fakes, "n", "a", "<a/>");
	fakes_expect(fakes, "documents\n");
	fakes_end(fakes);
}

static void who_is_not_stored_is_stored_first(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", server);
	fakes_open(fakes);
	core_set_features(fakes->core, &(struct core_features){ .need_password = true });
	fakes_sql(fakes, "CREATE TRIGGER no BEFORE INSERT ON users BEGIN SELECT RAISE(ABORT, 'no'); END");
	fakes_log_in(fakes, USER);
	find(fakes);
	put(fakes, "n", "a", "<a/>");
	fakes_expect(fakes, "documents\ndocuments service-unavailable\n");
	fakes_sql(fakes, "DROP TRIGGER no");
	put(fakes, "n", "a", "<a/>");
	find(fakes);
	fakes_expect(fakes, "documents\ndocuments n/a=<a/>\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_found_and_dropped), cmocka_unit_test(without_a_database_there_are_none),
		cmocka_unit_test(what_is_too_large_is_refused),     cmocka_unit_test(what_is_too_much_is_refused),
		cmocka_unit_test(what_is_on_its_way_is_bounded),    cmocka_unit_test(who_is_not_stored_is_stored_first),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
