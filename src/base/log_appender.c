/* SPDX-License-Identifier: MIT */
#include "base/log_appender.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER_MODE      0750
#define FILE_MODE        0640
#define DEFAULT_MAX_SIZE (10 * 1024 * 1024)

struct log_appender *log_appender_new(const char *name)
{
	struct log_appender *appender = g_new0(struct log_appender, 1);
	appender->name = g_strdup(name);
	appender->max_size = DEFAULT_MAX_SIZE;
	appender->max_backups = 1;
	appender->fd = -1;
	return appender;
}

void log_appender_free(struct log_appender **appender)
{
	if (!*appender)
		return;
	if ((*appender)->fd > STDERR_FILENO)
		close((*appender)->fd);
	log_pattern_free(&(*appender)->pattern);
	g_free((*appender)->path);
	g_free((*appender)->name);
	g_free(*appender);
	*appender = NULL;
}

/* mkdir -p of what is missing, remembering what was made so that it can be given away. */
static gboolean make_folders(const char *folder, GPtrArray *made, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(folder);
	if (g_file_test(folder, G_FILE_TEST_IS_DIR))
		return TRUE;
	if (strcmp(parent, folder) != 0 && !make_folders(parent, made, error))
		return FALSE;
	if (mkdir(folder, FOLDER_MODE) == 0) {
		g_ptr_array_add(made, g_strdup(folder));
		return TRUE;
	}
	if (errno == EEXIST && g_file_test(folder, G_FILE_TEST_IS_DIR))
		return TRUE;
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot make folder %s: %s", folder,
		    g_strerror(errno));
	return FALSE;
}

/* A symbolic link may lead to /dev/stdout, but not to a file: the folder can belong to a user with
 * fewer rights than we have when we open it. */
static int open_file(const char *path, bool truncate)
{
	int flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | (truncate ? O_TRUNC : 0);
	int fd = open(path, flags | O_CREAT | O_NOFOLLOW, FILE_MODE);
	struct stat st;
	if (fd >= 0 || errno != ELOOP)
		return fd;
	fd = open(path, flags & ~O_TRUNC);
	if (fd >= 0 && (fstat(fd, &st) != 0 || S_ISREG(st.st_mode))) {
		close(fd);
		fd = -1;
		errno = ELOOP;
	}
	return fd;
}

gboolean log_appender_open(struct log_appender *appender, GPtrArray *made, GError **error)
{
	g_autofree char *folder = NULL;
	struct stat st;
	if (appender->kind == LOG_APPENDER_CONSOLE) {
		appender->fd = appender->to_stderr ? STDERR_FILENO : STDOUT_FILENO;
		return TRUE;
	}
	folder = g_path_get_dirname(appender->path);
	if (!make_folders(folder, made, error))
		return FALSE;
	appender->fd = open_file(appender->path, appender->truncate);
	if (appender->fd < 0) {
		g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot open log file %s: %s",
			    appender->path, g_strerror(errno));
		return FALSE;
	}
	appender->size = fstat(appender->fd, &st) == 0 && S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	return TRUE;
}

static void shift_backups(const struct log_appender *appender)
{
	for (unsigned i = appender->max_backups; i > 0; i--) {
		g_autofree char *newer =
			i > 1 ? g_strdup_printf("%s.%u", appender->path, i - 1) : g_strdup(appender->path);
		g_autofree char *older = g_strdup_printf("%s.%u", appender->path, i);
		if (rename(newer, older) != 0 && errno != ENOENT)
			break; /* keep writing where we are; tried again when as much has been written */
	}
}

/* The new file gets the owner of the old one, so that it stays right while we are still root. */
static void roll(struct log_appender *appender)
{
	struct stat st;
	int fd;
	bool known = fstat(appender->fd, &st) == 0;
	appender->size = 0;
	if (!known || !S_ISREG(st.st_mode))
		return;
	shift_backups(appender);
	fd = open_file(appender->path, appender->max_backups == 0);
	if (fd < 0)
		return;
	if (geteuid() == 0 && fchown(fd, st.st_uid, st.st_gid) != 0) {
		close(fd);
		return;
	}
	close(appender->fd);
	appender->fd = fd;
}

void log_appender_write(struct log_appender *appender, const struct log_record *record, struct buf *scratch)
{
	ssize_t written;
	if (appender->fd < 0 || record->level < appender->threshold)
		return;
	buf_clear(scratch);
	log_pattern_render(appender->pattern, record, scratch);
	if (scratch->failed) { /* over its maximum: cut, but still one line */
		buf_truncate(scratch, MIN(buf_len(scratch), scratch->max - 1));
		buf_append(scratch, "\n", 1);
	}
	if (appender->kind == LOG_APPENDER_ROLLING_FILE && appender->size > 0 &&
	    appender->size + buf_len(scratch) > appender->max_size)
		roll(appender);
	do {
		written = write(appender->fd, buf_data(scratch), buf_len(scratch));
	} while (written < 0 && errno == EINTR);
	appender->size += written > 0 ? (uint64_t)written : 0;
}
