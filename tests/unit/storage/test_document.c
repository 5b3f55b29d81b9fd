/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <string.h>

static int open_storage(void **state)
{
	fixture_setup(state);
	return fixture_open(*state, "") ? 0 : -1;
}

static void put(struct fixture *f, const char *node, const char *item, const char *text, int64_t stamp, unsigned keep)
{
	struct storage_document document = { 2, node, item, text, stamp };
	storage_put_document(f->storage, "u@h", &document, keep, fixture_reply(f));
	fixture_wait(f);
}

static const char *find(struct fixture *f, const char *node, const char *item)
{
	storage_find_documents(f->storage, "u@h", 2, node, item, 10, fixture_reply(f));
	fixture_wait(f);
	assert_null(f->error);
	return f->text;
}

/* Of somebody else, or of another kind. */
static void fill(struct fixture *f)
{
	struct storage_document document = { 1, "n", "a", "vcard", 5 };
	fixture_add(f, "u@h", "1");
	fixture_add(f, "v@h", "2");
	storage_put_document(f->storage, "u@h", &document, 1, fixture_reply(f));
	document.kind = 2;
	storage_put_document(f->storage, "v@h", &document, 1, fixture_reply(f));
	put(f, "n", "a", "<a>Zo\xc3\xab</a>", 10, 5);
	put(f, "n", "b", "<b/>", 20, 5);
	put(f, "m", "c", "<c/>", 15, 5);
}

static void the_newest_come_first(void **state)
{
	struct fixture *f = *state;
	fill(f);
	assert_string_equal(find(f, NULL, NULL), "2 n/b <b/> 20\n2 m/c <c/> 15\n2 n/a <a>Zo\xc3\xab</a> 10\n");
	assert_string_equal(find(f, "n", NULL), "2 n/b <b/> 20\n2 n/a <a>Zo\xc3\xab</a> 10\n");
	assert_string_equal(find(f, "n", "a"), "2 n/a <a>Zo\xc3\xab</a> 10\n");
	assert_string_equal(find(f, NULL, "c"), "2 m/c <c/> 15\n");
	assert_string_equal(find(f, "n", "c"), "");
	storage_find_documents(f->storage, "u@h", 2, NULL, NULL, 1, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "2 n/b <b/> 20\n");
}

static void what_is_put_again_is_the_newest(void **state)
{
	struct fixture *f = *state;
	fill(f);
	put(f, "n", "a", "<new/>", 12, 5); /* the clock went back */
	assert_string_equal(find(f, "n", NULL), "2 n/a <new/> 21\n2 n/b <b/> 20\n");
}

static void of_a_node_only_so_many_stay(void **state)
{
	struct fixture *f = *state;
	fill(f);
	put(f, "n", "d", "<d/>", 30, 2);
	assert_string_equal(find(f, "n", NULL), "2 n/d <d/> 30\n2 n/b <b/> 20\n");
	put(f, "n", "e", "<e/>", 40, 1);
	assert_string_equal(find(f, NULL, NULL), "2 n/e <e/> 40\n2 m/c <c/> 15\n");
	put(f, "m", "c", "<c2/>", 50, 0);
	assert_string_equal(find(f, "m", NULL), "2 m/c <c2/> 50\n");
}

static void what_is_dropped_is_told(void **state)
{
	struct fixture *f = *state;
	fill(f);
	storage_drop_documents(f->storage, "u@h", 2, "n", "a", fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "2 n/a - 10\n");
	storage_drop_documents(f->storage, "u@h", 2, "n", "a", fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "");
	assert_null(f->error);
	storage_drop_documents(f->storage, "u@h", 2, NULL, NULL, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "2 n/b - 20\n2 m/c - 15\n");
	g_autofree char *rows = fixture_sql(f->file, "SELECT user_id, kind FROM users_documents ORDER BY user_id");
	assert_string_equal(rows, "1|1\n2|2\n");
}

static void too_many_are_refused_and_nothing_is_lost(void **state)
{
	struct fixture *f = *state;
	fixture_add(f, "u@h", "1");
	g_free(fixture_sql(f->file, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
				    " INSERT INTO users_documents SELECT 1, 2, 'n', i, i, 10, 'text' FROM n"));
	put(f, "m", "new", "<a/>", 1, 9999);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FULL);
	put(f, "n", "new", "<a/>", 1, 9999);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FULL);
	/* In the place of another one, or of the oldest. */
	put(f, "n", "7", "<seven/>", 1, 9999);
	assert_null(f->error);
	put(f, "n", "new", "<new/>", 1, 2000);
	assert_null(f->error);
	g_autofree char *rows = fixture_sql(f->file, "SELECT count(*), min(stamp), max(stamp) FROM users_documents");
	assert_string_equal(rows, "2000|2|2002\n");
}

static void too_much_is_refused(void **state)
{
	struct fixture *f = *state;
	fixture_add(f, "u@h", "1");
	g_free(fixture_sql(f->file, "INSERT INTO users_documents VALUES (1, 2, 'n', 'i', 1, 4194304 - 6, 'text')"));
	put(f, "n", "a", "1234", 2, 9);
	assert_null(f->error);
	put(f, "n", "a", "12345", 2, 9);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FULL);
	assert_string_equal(find(f, "n", "a"), "2 n/a 1234 2\n");
}

static void documents_go_with_their_user(void **state)
{
	struct fixture *f = *state;
	fill(f);
	storage_remove_user(f->storage, "u@h", fixture_reply(f));
	fixture_wait(f);
	g_autofree char *rows = fixture_sql(f->file, "SELECT user_id FROM users_documents");
	assert_string_equal(rows, "2\n");
	put(f, "n", "a", "<a/>", 1, 1);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_NOT_FOUND);
}

static void bookmarks_of_the_original_are_taken_over(void **state)
{
	struct fixture *f = *state;
	int64_t id = fixture_add(f, "u@h", "1"), other = fixture_add(f, "v@h", "2");
	struct storage_setting setting = { "storage", "<storage xmlns='storage:bookmarks'/>", 0 };
	storage_put_setting(f->storage, id, &setting, fixture_reply(f));
	setting.value = "";
	storage_put_setting(f->storage, other, &setting, fixture_reply(f));
	fixture_wait(f);
	storage_close(&f->storage);
	g_free(fixture_sql(f->file, "DROP TABLE users_documents; UPDATE db_version SET ver = 102"));
	assert_true(fixture_open(f, ""));
	g_autofree char *rows = fixture_sql(f->file, "SELECT user_id, size FROM users_documents");
	assert_string_equal(rows, "1|36\n");
	storage_find_documents(f->storage, "u@h", 0, "storage:bookmarks", "storage", 1, fixture_reply(f));
	fixture_wait(f);
	assert_string_equal(f->text, "0 storage:bookmarks/storage <storage xmlns='storage:bookmarks'/> 1\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_storage, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_newest_come_first),
		TEST(what_is_put_again_is_the_newest),
		TEST(of_a_node_only_so_many_stay),
		TEST(what_is_dropped_is_told),
		TEST(too_many_are_refused_and_nothing_is_lost),
		TEST(too_much_is_refused),
		TEST(documents_go_with_their_user),
		TEST(bookmarks_of_the_original_are_taken_over),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
