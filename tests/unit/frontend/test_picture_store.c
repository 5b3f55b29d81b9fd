/* SPDX-License-Identifier: MIT */
#include "frontend/picture_store.h"

#include <glib/gstdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <unistd.h>
#include <utime.h>

#include <cmocka.h>

struct rig {
	struct loop *loop;
	struct picture_store *store;
	char *parent, *folder;
	unsigned answers;
	GString *got; /* NULL: there was none */
};

static int setup(void **state)
{
	struct rig *rig = g_new0(struct rig, 1);
	rig->loop = loop_new();
	rig->parent = g_dir_make_tmp("pictures-XXXXXX", NULL);
	rig->folder = g_build_filename(rig->parent, "avatars", NULL);
	rig->store = picture_store_new(rig->loop, rig->folder);
	*state = rig;
	return 0;
}

static void remove_all(const char *path)
{
	g_autoptr(GDir) folder = g_dir_open(path, 0, NULL);
	const char *name;
	while (folder && (name = g_dir_read_name(folder))) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		g_unlink(file);
	}
	g_rmdir(path);
}

static int teardown(void **state)
{
	struct rig *rig = *state;
	picture_store_free(&rig->store);
	loop_free(&rig->loop);
	remove_all(rig->folder);
	remove_all(rig->parent);
	if (rig->got)
		g_string_free(rig->got, TRUE);
	g_free(rig->folder);
	g_free(rig->parent);
	g_free(rig);
	return 0;
}

static void done(void *ctx, uint64_t id, const void *bytes, size_t n)
{
	struct rig *rig = ctx;
	assert_int_equal(id, 5);
	rig->answers++;
	if (rig->got)
		g_string_free(rig->got, TRUE);
	rig->got = bytes ? g_string_new_len(bytes, (gssize)n) : NULL;
}

static char *id_of(const char *text)
{
	return g_compute_checksum_for_string(G_CHECKSUM_SHA1, text, -1);
}

static void put(struct rig *rig, const char *text)
{
	g_autofree char *id = id_of(text);
	picture_store_put(rig->store, id, text, strlen(text));
}

/* NULL: it is not there. */
static const char *get(struct rig *rig, const char *id, size_t max)
{
	unsigned before = rig->answers;
	assert_true(picture_store_get(rig->store, id, max, (struct picture_reply){ done, rig, 5 }));
	assert_int_equal(rig->answers, before);
	while (rig->answers == before)
		loop_once(rig->loop, 50);
	return rig->got ? rig->got->str : NULL;
}

static void ids_are_forty_small_hex_digits(void **state)
{
	g_autofree char *id = id_of("x");
	assert_true(picture_is_id(id));
	assert_false(picture_is_id(NULL));
	assert_false(picture_is_id(""));
	assert_false(picture_is_id("../../../../../../../../../../etc/passwd"));
	assert_false(picture_is_id("DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"));
	assert_false(picture_is_id("da39a3ee5e6b4b0d3255bfef95601890afd807090"));
}

static void pictures_are_found_by_their_id_also_after_a_restart(void **state)
{
	struct rig *rig = *state;
	g_autofree char *id = id_of("picture");
	assert_null(get(rig, id, 100));
	put(rig, "picture");
	put(rig, "picture");
	assert_string_equal(get(rig, id, 100), "picture");
	assert_null(get(rig, id, 6));
	picture_store_free(&rig->store);
	rig->store = picture_store_new(rig->loop, rig->folder);
	assert_string_equal(get(rig, id, 100), "picture");
}

static void what_is_not_the_picture_of_that_name_is_removed(void **state)
{
	struct rig *rig = *state;
	g_autofree char *id = id_of("picture"), *path = g_build_filename(rig->folder, id, NULL);
	put(rig, "picture");
	get(rig, id, 100);
	assert_true(g_file_set_contents(path, "forged", -1, NULL));
	assert_null(get(rig, id, 100));
	assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
	assert_int_equal(symlink("/etc/passwd", path), 0);
	assert_null(get(rig, id, 1 << 20));
}

static void make_old_file(const struct rig *rig, const char *name, off_t size, time_t when)
{
	g_autofree char *path = g_build_filename(rig->folder, name, NULL);
	struct utimbuf times = { when, when };
	assert_true(g_file_set_contents(path, "", 0, NULL));
	assert_int_equal(truncate(path, size), 0);
	assert_int_equal(utime(path, &times), 0);
}

static bool is_there(const struct rig *rig, const char *name)
{
	g_autofree char *path = g_build_filename(rig->folder, name, NULL);
	return g_file_test(path, G_FILE_TEST_EXISTS);
}

static void the_longest_unused_make_room(void **state)
{
	struct rig *rig = *state;
	g_autofree char *id = id_of("picture");
	assert_int_equal(g_mkdir(rig->folder, 0700), 0);
	make_old_file(rig, "oldest", PICTURE_STORE_BYTES / 2, 1000000);
	make_old_file(rig, "older", PICTURE_STORE_BYTES / 2, 1000001);
	make_old_file(rig, "old", PICTURE_STORE_BYTES / 4, 1000002);
	put(rig, "picture");
	assert_string_equal(get(rig, id, 100), "picture");
	assert_false(is_there(rig, "oldest"));
	assert_true(is_there(rig, "older"));
	assert_true(is_there(rig, "old"));
}

static void a_folder_that_cannot_be_written_is_survived(void **state)
{
	struct rig *rig = *state;
	g_autofree char *id = id_of("picture");
	assert_true(g_file_set_contents(rig->folder, "a file", -1, NULL));
	put(rig, "picture");
	assert_null(get(rig, id, 100));
	g_unlink(rig->folder);
}

static void nobody_is_answered_after_the_end(void **state)
{
	struct rig *rig = *state;
	g_autofree char *id = id_of("picture");
	put(rig, "picture");
	picture_store_get(rig->store, id, 100, (struct picture_reply){ done, rig, 5 });
	picture_store_free(&rig->store);
	assert_int_equal(rig->answers, 0);
	assert_true(is_there(rig, id));
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(ids_are_forty_small_hex_digits),
		T(pictures_are_found_by_their_id_also_after_a_restart),
		T(what_is_not_the_picture_of_that_name_is_removed),
		T(the_longest_unused_make_room),
		T(a_folder_that_cannot_be_written_is_survived),
		T(nobody_is_answered_after_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
