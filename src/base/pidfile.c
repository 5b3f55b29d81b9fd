/* SPDX-License-Identifier: MIT */
#include "base/pidfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Each try may lose against an instance that removes its file just then. */
#define TRIES_MAX 10

struct pidfile {
	char *path; /* owned */
	int fd;
};

GQuark pidfile_error_quark(void)
{
	return g_quark_from_static_string("pidfile-error");
}

static void set_system_error(GError **error, const char *path, const char *what, int code)
{
	g_set_error(error, PIDFILE_ERROR, PIDFILE_ERROR_FAILED, "pid file %s: %s: %s", path, what, g_strerror(code));
}

static void set_running_error(GError **error, const char *path, int fd)
{
	char text[32] = "";
	ssize_t n = pread(fd, text, sizeof(text) - 1, 0);
	gint64 pid = n > 0 ? g_ascii_strtoll(text, NULL, 10) : 0;
	g_autofree char *who = pid > 0 ? g_strdup_printf("process %" G_GINT64_FORMAT, pid) : g_strdup("a process");
	g_set_error(error, PIDFILE_ERROR, PIDFILE_ERROR_RUNNING, "pid file %s is locked: %s runs already", path, who);
}

/* An instance that ends removes its file while it holds the lock, so what was locked here may have
 * no name any more. */
static bool is_still_at(int fd, const char *path)
{
	struct stat ours, named;
	return fstat(fd, &ours) == 0 && stat(path, &named) == 0 && ours.st_dev == named.st_dev &&
	       ours.st_ino == named.st_ino;
}

/* A locked descriptor; -1 with an error set; or -1 without one if it has to be tried again. */
static int try_lock(const char *path, GError **error)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0) {
		set_system_error(error, path, "cannot open", errno);
		return -1;
	}
	if (fcntl(fd, F_OFD_SETLK, &lock) != 0) {
		if (errno == EAGAIN || errno == EACCES)
			set_running_error(error, path, fd);
		else
			set_system_error(error, path, "cannot lock", errno);
	} else if (is_still_at(fd, path)) {
		return fd;
	}
	close(fd);
	return -1;
}

struct pidfile *pidfile_lock(const char *path, GError **error)
{
	g_autoptr(GError) reason = NULL;
	struct pidfile *pidfile;
	int fd = -1;
	for (int i = 0; i < TRIES_MAX && fd < 0 && !reason; i++)
		fd = try_lock(path, &reason);
	if (fd < 0) {
		if (reason)
			g_propagate_error(error, g_steal_pointer(&reason));
		else
			set_system_error(error, path, "cannot lock", EAGAIN);
		return NULL;
	}
	pidfile = g_new0(struct pidfile, 1);
	pidfile->path = g_canonicalize_filename(path, NULL);
	pidfile->fd = fd;
	if (!pidfile_write(pidfile, error))
		pidfile_remove(&pidfile);
	return pidfile;
}

gboolean pidfile_write(struct pidfile *pidfile, GError **error)
{
	char text[32];
	int n = snprintf(text, sizeof(text), "%ld\n", (long)getpid());
	if (ftruncate(pidfile->fd, 0) == 0 && pwrite(pidfile->fd, text, (size_t)n, 0) == n)
		return TRUE;
	set_system_error(error, pidfile->path, "cannot write", errno);
	return FALSE;
}

void pidfile_remove(struct pidfile **pidfile)
{
	if (!*pidfile)
		return;
	unlink((*pidfile)->path);
	pidfile_forget(pidfile);
}

void pidfile_forget(struct pidfile **pidfile)
{
	if (!*pidfile)
		return;
	close((*pidfile)->fd);
	g_free((*pidfile)->path);
	g_free(*pidfile);
	*pidfile = NULL;
}
