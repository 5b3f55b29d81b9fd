/* SPDX-License-Identifier: MIT */
#include "base/log_appender.h"

#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct place {
	char *folder;
	struct log_appender *appender;
	GPtrArray *made;
	struct buf scratch;
};

static int make_place(void **state)
{
	struct place *place = g_new0(struct place, 1);
	const char *error;
	place->folder = g_dir_make_tmp("appender-XXXXXX", NULL);
	place->appender = log_appender_new("A");
	place->appender->kind = LOG_APPENDER_ROLLING_FILE;
	place->appender->path = g_build_filename(place->folder, "a", "b", "x.log", NULL);
	place->appender->pattern = log_pattern_new("%m%n", &error);
	place->made = g_ptr_array_new_with_free_func(g_free);
	buf_init(&place->scratch, 1000);
	*state = place;
	return 0;
}

static void remove_tree(const char *path)
{
	const char *name;
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	while (folder && (name = g_dir_read_name(folder))) {
		g_autofree char *inner = g_build_filename(path, name, NULL);
		if (g_unlink(inner) != 0)
			remove_tree(inner);
	}
	g_rmdir(path);
}

static int remove_place(void **state)
{
	struct place *place = *state;
	log_appender_free(&place->appender);
	g_ptr_array_unref(place->made);
	buf_fini(&place->scratch);
	remove_tree(place->folder);
	g_free(place->folder);
	g_free(place);
	return 0;
}

static void write_text(struct place *place, enum log_level level, const char *text)
{
	struct log_record record = { level, "Area", str_of(text), { 0, 0 } };
	log_appender_write(place->appender, &record, &place->scratch);
}

static void assert_content(const struct place *place, const char *suffix, const char *expected)
{
	g_autofree char *path = g_strconcat(place->appender->path, suffix, NULL), *text = NULL;
	if (!expected) {
		assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
		return;
	}
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_string_equal(text, expected);
}

static void open_it(struct place *place)
{
	assert_true(log_appender_open(place->appender, place->made, NULL));
}

static void folders_are_made_and_told(void **state)
{
	struct place *place = *state;
	struct stat st;
	umask(0);
	open_it(place);
	assert_int_equal(place->made->len, 2);
	assert_true(g_str_has_suffix(place->made->pdata[0], "/a"));
	assert_true(g_str_has_suffix(place->made->pdata[1], "/a/b"));
	assert_int_equal(stat(place->made->pdata[1], &st), 0);
	assert_int_equal(st.st_mode & 07777, 0750);
	assert_int_equal(stat(place->appender->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
}

static void lines_below_threshold_are_dropped(void **state)
{
	struct place *place = *state;
	place->appender->threshold = LOG_WARN;
	open_it(place);
	write_text(place, LOG_INFO, "low");
	write_text(place, LOG_WARN, "high");
	assert_content(place, "", "high\n");
}

static void full_file_is_rolled(void **state)
{
	struct place *place = *state;
	place->appender->max_size = 10;
	place->appender->max_backups = 2;
	open_it(place);
	write_text(place, LOG_INFO, "1234");
	write_text(place, LOG_INFO, "5678");
	assert_content(place, ".1", NULL);
	write_text(place, LOG_INFO, "second");
	assert_content(place, "", "second\n");
	assert_content(place, ".1", "1234\n5678\n");
	write_text(place, LOG_INFO, "third");
	write_text(place, LOG_INFO, "a line longer than a file may be");
	assert_content(place, "", "a line longer than a file may be\n");
	assert_content(place, ".1", "third\n");
	assert_content(place, ".2", "second\n");
	assert_content(place, ".3", NULL);
}

static void folder_that_disappears_and_comes_back_ends_no_log(void **state)
{
	struct place *place = *state;
	g_autofree char *folder = g_path_get_dirname(place->appender->path), *moved = g_strconcat(folder, "2", NULL);
	g_autofree char *open_file = g_build_filename(moved, "x.log", NULL), *text = NULL;
	place->appender->max_size = 10;
	open_it(place);
	write_text(place, LOG_INFO, "first");
	assert_int_equal(g_rename(folder, moved), 0);
	write_text(place, LOG_INFO, "second");
	assert_true(g_file_get_contents(open_file, &text, NULL, NULL));
	assert_string_equal(text, "first\nsecond\n");
	assert_int_equal(g_rename(moved, folder), 0);
	write_text(place, LOG_INFO, "third");
	assert_content(place, "", "third\n");
	assert_content(place, ".1", "first\nsecond\n");
}

static void without_backups_it_starts_anew(void **state)
{
	struct place *place = *state;
	place->appender->max_size = 6;
	place->appender->max_backups = 0;
	open_it(place);
	write_text(place, LOG_INFO, "first");
	write_text(place, LOG_INFO, "next");
	assert_content(place, "", "next\n");
	assert_content(place, ".1", NULL);
}

static void size_found_at_opening_counts(void **state)
{
	struct place *place = *state;
	g_autofree char *folder = g_path_get_dirname(place->appender->path);
	g_mkdir_with_parents(folder, 0700);
	assert_true(g_file_set_contents(place->appender->path, "12345678\n", -1, NULL));
	place->appender->max_size = 10;
	open_it(place);
	write_text(place, LOG_INFO, "new");
	assert_content(place, "", "new\n");
	assert_content(place, ".1", "12345678\n");
}

static void plain_file_appends_or_truncates(void **state)
{
	struct place *place = *state;
	place->appender->kind = LOG_APPENDER_FILE;
	place->appender->max_size = 1;
	open_it(place);
	write_text(place, LOG_INFO, "one");
	write_text(place, LOG_INFO, "two");
	assert_content(place, "", "one\ntwo\n");
	close(place->appender->fd);
	place->appender->truncate = true;
	open_it(place);
	assert_content(place, "", "");
}

static void line_over_the_maximum_is_cut_but_ends(void **state)
{
	struct place *place = *state;
	g_autofree char *text = g_strnfill(2000, 'x');
	const char *error;
	log_pattern_free(&place->appender->pattern);
	place->appender->pattern = log_pattern_new("%p %m%n", &error);
	open_it(place);
	write_text(place, LOG_INFO, text);
	write_text(place, LOG_INFO, "next");
	assert_content(place, "", "INFO \nINFO next\n");
}

static void link_to_a_file_is_refused(void **state)
{
	struct place *place = *state;
	g_autofree char *target = g_build_filename(place->folder, "target", NULL);
	g_autoptr(GError) error = NULL;
	assert_true(g_file_set_contents(target, "", 0, NULL));
	g_free(place->appender->path);
	place->appender->path = g_build_filename(place->folder, "link", NULL);
	assert_int_equal(symlink(target, place->appender->path), 0);
	assert_false(log_appender_open(place->appender, place->made, &error));
	assert_non_null(strstr(error->message, place->appender->path));
	g_unlink(place->appender->path);
	assert_int_equal(symlink("/dev/null", place->appender->path), 0);
	open_it(place);
}

static void folder_that_cannot_be_made_is_an_error(void **state)
{
	struct place *place = *state;
	g_autoptr(GError) error = NULL;
	g_free(place->appender->path);
	place->appender->path = g_strdup("/dev/null/none/x.log");
	assert_false(log_appender_open(place->appender, place->made, &error));
	assert_non_null(strstr(error->message, "/dev/null"));
}

int main(void)
{
#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
	const struct CMUnitTest tests[] = {
		PLACED(folders_are_made_and_told),
		PLACED(lines_below_threshold_are_dropped),
		PLACED(full_file_is_rolled),
		PLACED(folder_that_disappears_and_comes_back_ends_no_log),
		PLACED(without_backups_it_starts_anew),
		PLACED(size_found_at_opening_counts),
		PLACED(plain_file_appends_or_truncates),
		PLACED(line_over_the_maximum_is_cut_but_ends),
		PLACED(link_to_a_file_is_refused),
		PLACED(folder_that_cannot_be_made_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
