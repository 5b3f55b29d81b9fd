/* SPDX-License-Identifier: MIT */
#include "base/pidfile.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct place {
	char *folder, *path;
};

static int make_place(void **state)
{
	struct place *place = g_new0(struct place, 1);
	place->folder = g_dir_make_tmp("pidfile-XXXXXX", NULL);
	place->path = g_build_filename(place->folder, "test.pid", NULL);
	*state = place;
	return place->folder ? 0 : -1;
}

static int remove_place(void **state)
{
	struct place *place = *state;
	g_unlink(place->path);
	g_rmdir(place->folder);
	g_free(place->path);
	g_free(place->folder);
	g_free(place);
	return 0;
}

static void assert_holds_pid(const char *path, long pid)
{
	g_autofree char *text = NULL, *expected = g_strdup_printf("%ld\n", pid);
	assert_true(g_file_get_contents(path, &text, NULL, NULL));
	assert_string_equal(text, expected);
}

static void lock_writes_own_pid(void **state)
{
	const struct place *place = *state;
	struct pidfile *pidfile = pidfile_lock(place->path, NULL);
	assert_non_null(pidfile);
	assert_holds_pid(place->path, getpid());
	pidfile_remove(&pidfile);
	assert_null(pidfile);
	assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
}

static void old_file_without_lock_is_reused(void **state)
{
	const struct place *place = *state;
	struct pidfile *pidfile;
	assert_true(g_file_set_contents(place->path, "123456789\n", -1, NULL));
	pidfile = pidfile_lock(place->path, NULL);
	assert_non_null(pidfile);
	assert_holds_pid(place->path, getpid());
	pidfile_remove(&pidfile);
}

static void second_instance_is_refused(void **state)
{
	const struct place *place = *state;
	g_autoptr(GError) error = NULL;
	g_autofree char *pid = g_strdup_printf("%ld", (long)getpid());
	struct pidfile *pidfile = pidfile_lock(place->path, NULL);
	assert_null(pidfile_lock(place->path, &error));
	assert_true(g_error_matches(error, PIDFILE_ERROR, PIDFILE_ERROR_RUNNING));
	assert_non_null(strstr(error->message, pid));
	assert_non_null(strstr(error->message, place->path));
	assert_holds_pid(place->path, getpid());
	pidfile_remove(&pidfile);
	pidfile = pidfile_lock(place->path, NULL);
	assert_non_null(pidfile);
	pidfile_remove(&pidfile);
}

static void missing_folder_is_an_error_with_its_reason(void **state)
{
	const struct place *place = *state;
	g_autofree char *path = g_build_filename(place->folder, "none", "test.pid", NULL);
	g_autoptr(GError) error = NULL;
	assert_null(pidfile_lock(path, &error));
	assert_true(g_error_matches(error, PIDFILE_ERROR, PIDFILE_ERROR_FAILED));
	assert_non_null(strstr(error->message, path));
	assert_non_null(strstr(error->message, g_strerror(ENOENT)));
}

/* What daemonizing does: the parent goes, the child holds the lock under its own pid. */
static void child_keeps_lock_after_parent_forgets(void **state)
{
	const struct place *place = *state;
	struct pidfile *pidfile = pidfile_lock(place->path, NULL);
	int ready[2], done[2], status;
	char byte = 0;
	pid_t child;
	assert_int_equal(pipe(ready) | pipe(done), 0);
	child = fork();
	if (child == 0) {
		if (!pidfile_write(pidfile, NULL) || write(ready[1], "x", 1) != 1 || read(done[0], &byte, 1) != 1)
			_exit(1);
		pidfile_remove(&pidfile);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	pidfile_forget(&pidfile);
	assert_null(pidfile);
	assert_holds_pid(place->path, child);
	assert_null(pidfile_lock(place->path, NULL));
	assert_int_equal(write(done[1], "x", 1), 1);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_false(g_file_test(place->path, G_FILE_TEST_EXISTS));
	for (int i = 0; i < 2; i++) {
		close(ready[i]);
		close(done[i]);
	}
}

int main(void)
{
#define PLACED(test) cmocka_unit_test_setup_teardown(test, make_place, remove_place)
	const struct CMUnitTest tests[] = {
		PLACED(lock_writes_own_pid),
		PLACED(old_file_without_lock_is_reused),
		PLACED(second_instance_is_refused),
		PLACED(missing_folder_is_an_error_with_its_reason),
		PLACED(child_keeps_lock_after_parent_forgets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
