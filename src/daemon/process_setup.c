/* SPDX-License-Identifier: MIT */
#include "daemon/process_setup.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* `code` is an errno or 0. */
static bool fail(GError **error, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(GError **error, int code, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	g_autofree char *what = g_strdup_vprintf(format, arguments);
	va_end(arguments);
	g_set_error(error, G_FILE_ERROR, (int)g_file_error_from_errno(code), "%s%s%s", what, code ? ": " : "",
		    code ? g_strerror(code) : "");
	return false;
}

/* --- identity -------------------------------------------------------------------------------- */

bool setup_find_identity(const struct config *config, struct setup_identity *identity, GError **error)
{
	const char *user = config_text(config, CONFIG_SERVICE_USER), *group = config_text(config, CONFIG_SERVICE_GROUP);
	*identity = (struct setup_identity){ (uid_t)-1, (gid_t)-1, NULL };
	if (*user) {
		const struct passwd *entry = getpwnam(user);
		if (!entry)
			return fail(error, 0, "service.user: there is no user '%s'", user);
		*identity = (struct setup_identity){ entry->pw_uid, entry->pw_gid, user };
	}
	if (*group) {
		const struct group *entry = getgrnam(group);
		if (!entry)
			return fail(error, 0, "service.group: there is no group '%s'", group);
		identity->gid = entry->gr_gid;
	}
	return true;
}

bool setup_drop_privileges(const struct setup_identity *identity, GError **error)
{
	if (identity->gid != (gid_t)-1 && identity->gid != getgid()) {
		if (identity->user && initgroups(identity->user, identity->gid))
			return fail(error, errno, "service.user: the groups of '%s' cannot be taken", identity->user);
		if (setgid(identity->gid))
			return fail(error, errno, "service.group: the group cannot be taken");
	}
	if (identity->uid != (uid_t)-1 && identity->uid != getuid() && setuid(identity->uid))
		return fail(error, errno, "service.user: cannot run as '%s'", identity->user);
	return true;
}

/* --- folders --------------------------------------------------------------------------------- */

static bool make_folder(const char *path, const struct setup_identity *identity, GError **error)
{
	g_autofree char *parent = g_path_get_dirname(path);
	if (g_file_test(path, G_FILE_TEST_IS_DIR))
		return true;
	if (strcmp(parent, path) && !make_folder(parent, identity, error))
		return false;
	if (g_mkdir(path, 0750) && errno != EEXIST)
		return fail(error, errno, "folder %s cannot be made", path);
	if (identity->uid != (uid_t)-1 && chown(path, identity->uid, identity->gid))
		return fail(error, errno, "folder %s cannot be given to service.user", path);
	return true;
}

bool setup_make_folders(const struct config *config, const struct setup_identity *identity, GError **error)
{
	g_autofree char *pid = g_path_get_dirname(config_text(config, CONFIG_SERVICE_PIDFILE));
	g_autofree char *port = g_path_get_dirname(config_text(config, CONFIG_SERVICE_PORTFILE));
	return make_folder(config_text(config, CONFIG_SERVICE_WORKING_DIR), identity, error) &&
	       make_folder(pid, identity, error) && make_folder(port, identity, error);
}

/* --- the background -------------------------------------------------------------------------- */

/* Waits for the child's word; its end without one is ours too. */
static void wait_for_child(pid_t child, int descriptor)
{
	char word;
	int status;
	ssize_t n;
	do
		n = read(descriptor, &word, 1);
	while (n < 0 && errno == EINTR);
	if (n == 1)
		_exit(0);
	if (waitpid(child, &status, 0) < 0)
		_exit(1);
	_exit(WIFEXITED(status) && WEXITSTATUS(status) ? WEXITSTATUS(status) : 1);
}

int setup_daemonize(GError **error)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC)) {
		fail(error, errno, "a pipe cannot be made");
		return -1;
	}
	pid_t child = fork();
	if (child < 0) {
		fail(error, errno, "the process cannot go into the background");
		close(ends[0]);
		close(ends[1]);
		return -1;
	}
	if (child > 0) {
		close(ends[1]);
		wait_for_child(child, ends[0]);
	}
	close(ends[0]);
	setsid();
	return ends[1];
}

void setup_daemon_ready(int *descriptor)
{
	int null;
	if (*descriptor < 0)
		return;
	if (write(*descriptor, "r", 1) == 1 && (null = open("/dev/null", O_RDWR | O_CLOEXEC)) >= 0) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
	close(*descriptor);
	*descriptor = -1;
}

void setup_raise_limits(void)
{
	struct rlimit limit;
	if (!getrlimit(RLIMIT_NOFILE, &limit)) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

void setup_hide_memory(void)
{
	/* A limit of 0 for dumps would not hold for those that go to a program (core(5)). */
	prctl(PR_SET_DUMPABLE, 0);
}
