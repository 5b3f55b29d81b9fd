/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static void missing_folder_is_named(void **state)
{
	struct fixture *f = *state;
	g_autofree char *folder = g_build_filename(f->folder, "absent", NULL);

	g_free(f->file);
	f->file = g_build_filename(folder, "database.sql", NULL);
	assert_false(fixture_open(f, ""));
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
	g_autofree char *text = g_strdup_printf("there is no folder %s", folder);
	assert_non_null(strstr(f->error->message, text));
}

static void folder_in_place_of_the_file_is_an_error(void **state)
{
	struct fixture *f = *state;

	g_free(f->file);
	f->file = g_strdup(f->folder);
	assert_false(fixture_open(f, ""));
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
}

/* Root may write any file, so that it must not be root who tries. */
static void become(uid_t uid)
{
	if (getuid() == 0)
		assert_int_equal(seteuid(uid), 0);
}

static void fill(struct fixture *f)
{
	assert_true(fixture_open(f, ""));
	fixture_add(f, "a@b", "1");
	storage_close(&f->storage);
}

static void read_only_file_is_read_and_not_written(void **state)
{
	struct fixture *f = *state;
	struct storage_user user = { .jid = "c@d", .uin = "2", .password = "", .language = "", .encoding = "" };

	fill(f);
	assert_int_equal(g_chmod(f->file, 0444), 0);
	if (getuid() == 0)
		assert_int_equal(chown(f->folder, NOBODY, (gid_t)-1) | chown(f->file, NOBODY, (gid_t)-1), 0);
	become(NOBODY);
	bool opened = fixture_open(f, "");
	g_autofree char *found = opened ? g_strdup(fixture_find(f, "a@b")) : NULL;
	if (opened) {
		storage_put_user(f->storage, &user, fixture_reply(f));
		fixture_wait(f);
	}
	storage_close(&f->storage);
	become(0);
	assert_true(opened);
	assert_non_null(strstr(found, "a@b"));
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
}

static void other_file_is_not_taken_for_a_database(void **state)
{
	struct fixture *f = *state;
	g_autofree char *text = g_strnfill(10000, 'x');

	assert_true(g_file_set_contents(f->file, text, -1, NULL));
	assert_false(fixture_open(f, ""));
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
	g_autofree char *after = NULL;
	assert_true(g_file_get_contents(f->file, &after, NULL, NULL));
	assert_string_equal(after, text);
}

static void overwrite(const char *file, long from, long to)
{
	FILE *out = fopen(file, "r+b");

	assert_non_null(out);
	assert_int_equal(fseek(out, from, SEEK_SET), 0);
	for (long at = from; at < to; at++)
		fputc(0xa5, out);
	assert_int_equal(fclose(out), 0);
}

static void corrupt_file_is_an_error(void **state)
{
	struct fixture *f = *state;

	fill(f);
	overwrite(f->file, 4096, 4096 * 20);
	assert_false(fixture_open(f, ""));
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
	fixture_find(f, "a@b");
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
}

static void corrupt_table_fails_only_who_needs_it(void **state)
{
	struct fixture *f = *state;

	fill(f);
	g_autofree char *page =
		fixture_sql(f->file, "SELECT rootpage FROM sqlite_master WHERE name = 'users_settings'");
	long from = (strtol(page, NULL, 10) - 1) * 4096;
	overwrite(f->file, from, from + 4096);
	assert_true(fixture_open(f, ""));
	storage_put_setting(f->storage, 1, &(struct storage_setting){ "x", "1", 4 }, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
	storage_uin_in_use(f->storage, "1", NULL, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(fixture_code(f), -1);
	assert_true(f->yes);
}

static int limit_pages(sqlite3 *db, const char **message, const struct sqlite3_api_routines *api)
{
	return sqlite3_exec(db, "PRAGMA max_page_count=40", NULL, NULL, NULL);
}

static void count_failures(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	unsigned *counts = ctx;

	counts[0]++;
	if (answer->error) {
		assert_non_null(strstr(answer->error->message, "full"));
		counts[1]++;
	}
}

/* One of the many asks for more room than there is: SQLite ends the whole transaction, and still
 * only that one fails. */
static void full_disk_fails_only_who_needs_room(void **state)
{
	struct fixture *f = *state;
	g_autofree char *large = g_strnfill(1000000, 'x');
	unsigned counts[2] = { 0, 0 };
	struct storage_reply reply = { .done = count_failures, .ctx = counts };

	assert_int_equal(sqlite3_auto_extension((void (*)(void))limit_pages), SQLITE_OK);
	assert_true(fixture_open(f, ""));
	sqlite3_cancel_auto_extension((void (*)(void))limit_pages);
	int64_t id = fixture_add(f, "a@b", "1");
	for (unsigned i = 0; i < 50; i++) {
		g_autofree char *name = g_strdup_printf("s%02u", i);
		struct storage_setting setting = { .name = name, .value = i == 25 ? large : "1", .type = 4 };
		storage_put_setting(f->storage, id, &setting, reply);
	}
	while (counts[0] < 50)
		loop_once(f->loop, -1);
	assert_int_equal(counts[1], 1);
	g_autofree char *stored = fixture_sql(f->file, "SELECT count(*), sum(var = 's25') FROM users_settings");
	assert_string_equal(stored, "49|0\n");
}

static void locked_file_is_an_error_after_a_while(void **state)
{
	struct fixture *f = *state;
	sqlite3 *other;

	assert_true(fixture_open(f, ""));
	int64_t id = fixture_add(f, "a@b", "1");
	assert_int_equal(sqlite3_open(f->file, &other), SQLITE_OK);
	assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	storage_set_online(f->storage, id, true, fixture_reply(f));
	fixture_wait(f);
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
	assert_non_null(strstr(f->error->message, "locked"));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\n");
	assert_int_equal(sqlite3_close(other), SQLITE_OK);
	storage_set_online(f->storage, id, true, fixture_reply(f));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8 online\n");
}

static void database_in_memory_works(void **state)
{
	struct fixture *f = *state;

	g_free(f->file);
	f->file = g_strdup(":memory:");
	assert_true(fixture_open(f, ""));
	fixture_add(f, "a@b", "1");
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\n");
	assert_false(g_file_test(":memory:", G_FILE_TEST_EXISTS));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(missing_folder_is_named),
		TEST(folder_in_place_of_the_file_is_an_error),
		TEST(read_only_file_is_read_and_not_written),
		TEST(other_file_is_not_taken_for_a_database),
		TEST(corrupt_file_is_an_error),
		TEST(corrupt_table_fails_only_who_needs_it),
		TEST(full_disk_fails_only_who_needs_room),
		TEST(locked_file_is_an_error_after_a_while),
		TEST(database_in_memory_works),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
