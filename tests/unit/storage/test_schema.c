/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <glib/gstdio.h>
#include <sys/stat.h>

/* The tables as the original program makes them, without and with a prefix. Its index names have
 * none, so of two prefixes in one file only the first gets indexes. */
#define ORIGINAL(p)                                                                                                    \
	"CREATE TABLE " p "users (id INTEGER PRIMARY KEY NOT NULL, jid varchar(255) NOT NULL,"                         \
	" uin varchar(4095) NOT NULL, password varchar(255) NOT NULL, language varchar(25) NOT NULL,"                  \
	" encoding varchar(50) NOT NULL DEFAULT 'utf8', last_login datetime, vip int(1) NOT NULL DEFAULT 0,"           \
	" online int(1) NOT NULL DEFAULT 0);"                                                                          \
	"CREATE UNIQUE INDEX IF NOT EXISTS jid ON " p "users (jid);"                                                   \
	"CREATE TABLE " p "buddies (id INTEGER PRIMARY KEY NOT NULL, user_id int NOT NULL, uin varchar(255) NOT NULL," \
	" subscription varchar(20) NOT NULL, nickname varchar(255) NOT NULL, groups varchar(255) NOT NULL,"            \
	" flags int(4) NOT NULL DEFAULT 0);"                                                                           \
	"CREATE UNIQUE INDEX IF NOT EXISTS user_id ON " p "buddies (user_id, uin);"                                    \
	"CREATE TABLE " p "buddies_settings (user_id int NOT NULL, buddy_id int NOT NULL, var varchar(50) NOT NULL,"   \
	" type int(4) NOT NULL, value varchar(255) NOT NULL, PRIMARY KEY (buddy_id, var));"                            \
	"CREATE INDEX IF NOT EXISTS user_id02 ON " p "buddies_settings (user_id);"                                     \
	"CREATE TABLE " p "users_settings (user_id int NOT NULL, var varchar(50) NOT NULL, type int(4) NOT NULL,"      \
	" value varchar(4095) NOT NULL, PRIMARY KEY (user_id, var));"                                                  \
	"CREATE INDEX IF NOT EXISTS user_id03 ON " p "users_settings (user_id);"                                       \
	"CREATE TABLE " p "db_version (ver INTEGER NOT NULL DEFAULT 3);"                                               \
	"INSERT INTO " p "db_version (ver) VALUES (3);"

#define ROWS(p)                                                                                                     \
	"INSERT INTO " p                                                                                            \
	"users VALUES (3, 'a@example.org', 'Al', 'secret', 'cs', 'utf8', '2019-03-01 10:00:00', 1, 1);"             \
	"INSERT INTO " p "users VALUES (7, 'b@example.org', 'Bo', '', 'en', 'utf8', NULL, 0, 0);"                   \
	"INSERT INTO " p "buddies VALUES (11, 3, 'zoe', 'both', 'Zo\xc3\xab', 'Buddies' || char(10) || 'Work', 2);" \
	"INSERT INTO " p "buddies VALUES (12, 3, 'abe', 'ask', '', '', 8);"                                         \
	"INSERT INTO " p "buddies VALUES (13, 7, 'zoe', 'both', 'Z', '', 0);"                                       \
	"INSERT INTO " p "buddies_settings VALUES (3, 11, 'icon_hash', 13, 'f00');"                                 \
	"INSERT INTO " p "buddies_settings VALUES (3, 12, 'icon_hash', 13, '');"                                    \
	"INSERT INTO " p "users_settings VALUES (3, 'stay_connected', 4, '1');"                                     \
	"INSERT INTO " p "users_settings VALUES (3, 'enable_transport', 4, '0');"

/* What a removal that was interrupted leaves: of the removed user 8, which is the id of the next one. */
#define LOST_ROWS                                                              \
	"INSERT INTO buddies VALUES (20, 8, 'ghost', 'both', '', '', 0);"      \
	"INSERT INTO buddies_settings VALUES (8, 20, 'icon_hash', 13, 'f01');" \
	"INSERT INTO buddies_settings VALUES (8, 21, 'icon_hash', 13, 'f02');" \
	"INSERT INTO users_settings VALUES (8, 'stay_connected', 4, '1');"

static const char user_a[] = "a@example.org Al secret cs utf8 vip online\n"
			     "contact 11 zoe both [Zo\xc3\xab] [Buddies\nWork] 2 [f00]\n"
			     "contact 12 abe ask [] [] 8 []\n"
			     "setting enable_transport 4 [0]\n"
			     "setting stay_connected 4 [1]\n";

static void check_sql(struct fixture *f, const char *sql, const char *expected)
{
	g_autofree char *rows = fixture_sql(f->file, sql);

	assert_string_equal(rows, expected);
}

static void tables_of_the_original_are_read_and_written(void **state)
{
	struct fixture *f = *state;

	g_free(fixture_sql(f->file, ORIGINAL("") ROWS("")));
	assert_true(fixture_open(f, ""));
	check_sql(f, "SELECT ver FROM db_version", "103\n");
	assert_string_equal(fixture_find(f, "a@example.org"), user_a);
	assert_int_equal(f->id, 3);
	storage_put_contacts(f->storage, 3,
			     &(struct storage_contact){ .name = "abe", .subscription = "both", .icon_hash = "f03" }, 1,
			     fixture_reply(f));
	storage_put_setting(f->storage, 3, &(struct storage_setting){ "stay_connected", "0", 4 }, fixture_reply(f));
	storage_remove_user(f->storage, "b@example.org", fixture_reply(f));
	fixture_wait(f);
	check_sql(f, "SELECT * FROM buddies WHERE id <> 11", "12|3|abe|both|||0\n");
	check_sql(f, "SELECT buddy_id, value FROM buddies_settings", "11|f00\n12|f03\n");
	check_sql(f, "SELECT value FROM users_settings WHERE var = 'stay_connected'", "0\n");
	check_sql(f, "SELECT jid, last_login FROM users", "a@example.org|2019-03-01 10:00:00\n");
}

static void migration_adds_only_what_is_missing(void **state)
{
	struct fixture *f = *state;

	g_free(fixture_sql(f->file, ORIGINAL("")));
	assert_true(fixture_open(f, ""));
	check_sql(f, "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
		  "jid|users\nuser_id|buddies\nuser_id02|buddies_settings\nuser_id03|users_settings\n"
		  "users_archive_peer|users_archive\nusers_archive_user|users_archive\n"
		  "users_messages_place|users_messages\nusers_uin|users\n");
}

static void rows_of_removed_users_do_not_go_to_the_next(void **state)
{
	struct fixture *f = *state;

	g_free(fixture_sql(f->file, ORIGINAL("") ROWS("") LOST_ROWS));
	assert_true(fixture_open(f, ""));
	assert_int_equal(fixture_add(f, "new@example.org", "n"), 8);
	assert_string_equal(fixture_find(f, "new@example.org"), "new@example.org n pw en utf8\n");
	check_sql(f, "SELECT count(*) FROM buddies_settings", "2\n");
	assert_string_equal(fixture_find(f, "a@example.org"), user_a);
}

static void second_prefix_of_the_original_gets_its_indexes(void **state)
{
	struct fixture *f = *state;

	g_free(fixture_sql(f->file, ORIGINAL("") ROWS("") ORIGINAL("irc_") ROWS("irc_")));
	g_free(fixture_sql(f->file, "INSERT INTO irc_buddies VALUES (14, 3, 'abe', 'both', 'newer', '', 0)"));
	assert_true(fixture_open(f, "irc_"));
	check_sql(
		f,
		"SELECT count(*) FROM sqlite_master WHERE type = 'index' AND tbl_name LIKE 'irc_%' AND sql IS NOT NULL",
		"8\n");
	check_sql(f, "SELECT nickname FROM irc_buddies WHERE uin = 'abe'", "newer\n");
	check_sql(f, "SELECT count(*) FROM buddies", "3\n");
	check_sql(f, "SELECT ver FROM db_version", "3\n");
	assert_string_equal(fixture_find(f, "b@example.org"),
			    "b@example.org Bo  en utf8\ncontact 13 zoe both [Z] [] 0 []\n");
}

static void prefixes_in_one_file_are_apart(void **state)
{
	struct fixture *f = *state;

	assert_true(fixture_open(f, "one_"));
	fixture_add(f, "a@b", "1");
	assert_true(fixture_open(f, "two\"_"));
	assert_string_equal(fixture_find(f, "a@b"), "");
	fixture_add(f, "a@b", "2");
	assert_true(fixture_open(f, ""));
	assert_string_equal(fixture_find(f, "a@b"), "");
	assert_true(fixture_open(f, "one_"));
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\n");
	check_sql(f, "SELECT uin FROM \"two\"\"_users\"", "2\n");
}

static void opening_again_changes_nothing(void **state)
{
	struct fixture *f = *state;

	assert_true(fixture_open(f, ""));
	fixture_add(f, "a@b", "1");
	g_autofree char *before = fixture_sql(f->file, "PRAGMA schema_version");
	assert_true(fixture_open(f, ""));
	check_sql(f, "PRAGMA schema_version", before);
	check_sql(f, "PRAGMA journal_mode", "wal\n");
	assert_string_equal(fixture_find(f, "a@b"), "a@b 1 pw en utf8\n");
}

static void file_is_for_its_owner_only(void **state)
{
	struct fixture *f = *state;
	struct stat status;

	assert_true(fixture_open(f, ""));
	assert_int_equal(g_stat(f->file, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
	g_autofree char *wal = g_strconcat(f->file, "-wal", NULL);
	assert_int_equal(g_stat(wal, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0600);
}

static void newer_version_is_refused_untouched(void **state)
{
	struct fixture *f = *state;

	g_free(fixture_sql(f->file, ORIGINAL("") ROWS("") "UPDATE db_version SET ver = 104"));
	assert_false(fixture_open(f, ""));
	assert_int_equal(fixture_code(f), STORAGE_ERROR_TOO_NEW);
	assert_non_null(strstr(f->error->message, "104"));
	assert_non_null(strstr(f->error->message, "103"));
	fixture_find(f, "a@example.org");
	assert_int_equal(fixture_code(f), STORAGE_ERROR_TOO_NEW);
	check_sql(f, "SELECT ver FROM db_version", "104\n");
	check_sql(f, "SELECT count(*) FROM sqlite_master WHERE name = 'users_uin'", "0\n");
}

static void our_own_first_version_gets_what_came_later(void **state)
{
	struct fixture *f = *state;

	g_free(fixture_sql(f->file, ORIGINAL("") ROWS("")));
	assert_true(fixture_open(f, ""));
	storage_close(&f->storage);
	g_free(fixture_sql(f->file, "DROP TABLE users_messages; DROP TABLE users_rooms; DROP TABLE users_archive;"
				    " DROP TABLE users_documents;"
				    " UPDATE db_version SET ver = 100"));
	assert_true(fixture_open(f, ""));
	check_sql(f, "SELECT ver FROM db_version", "103\n");
	check_sql(f, "SELECT count(*) FROM users_messages", "0\n");
	check_sql(f, "SELECT count(*) FROM users_rooms", "0\n");
	check_sql(f, "SELECT count(*) FROM users_archive", "0\n");
	check_sql(f, "SELECT count(*) FROM users_documents", "0\n");
	assert_string_equal(fixture_find(f, "a@example.org"), user_a);
}

static void unknown_version_of_the_original_is_refused(void **state)
{
	struct fixture *f = *state;

	g_free(fixture_sql(f->file, ORIGINAL("") "UPDATE db_version SET ver = 4"));
	assert_false(fixture_open(f, ""));
	assert_int_equal(fixture_code(f), STORAGE_ERROR_TOO_NEW);
}

static void failed_migration_leaves_the_tables_as_they_were(void **state)
{
	struct fixture *f = *state;

	g_free(fixture_sql(
		f->file, ORIGINAL("") ROWS("") LOST_ROWS
		"CREATE TRIGGER stop BEFORE INSERT ON db_version BEGIN SELECT RAISE(ABORT, 'stopped'); END"));
	assert_false(fixture_open(f, ""));
	assert_int_equal(fixture_code(f), STORAGE_ERROR_FAILED);
	assert_non_null(strstr(f->error->message, "stopped"));
	check_sql(f, "SELECT ver FROM db_version", "3\n");
	check_sql(f, "SELECT count(*) FROM buddies WHERE user_id = 8", "1\n");
	check_sql(f, "SELECT count(*) FROM sqlite_master WHERE name = 'users_uin'", "0\n");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
	const struct CMUnitTest tests[] = {
		TEST(tables_of_the_original_are_read_and_written),
		TEST(migration_adds_only_what_is_missing),
		TEST(rows_of_removed_users_do_not_go_to_the_next),
		TEST(second_prefix_of_the_original_gets_its_indexes),
		TEST(prefixes_in_one_file_are_apart),
		TEST(opening_again_changes_nothing),
		TEST(file_is_for_its_owner_only),
		TEST(newer_version_is_refused_untouched),
		TEST(our_own_first_version_gets_what_came_later),
		TEST(unknown_version_of_the_original_is_refused),
		TEST(failed_migration_leaves_the_tables_as_they_were),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
