/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_PROCESS_SETUP_H
#define DAEMON_PROCESS_SETUP_H

#include "config/config.h"

/* What a process does before it serves: folders, identity, the background. Errors name the folder,
 * file or user. */

/* Who the instance runs as; -1 where nothing is to change. */
struct setup_identity {
	uid_t uid;
	gid_t gid;
	const char *user; /* NULL unless service.user is set */
};
bool setup_find_identity(const struct config *config, struct setup_identity *identity, GError **error);
bool setup_drop_privileges(const struct setup_identity *identity, GError **error);

/* Makes the working folder and those of the pid and port files, given to the identity if it had to. */
bool setup_make_folders(const struct config *config, const struct setup_identity *identity, GError **error);

/* Goes into the background. The parent waits until the child calls setup_daemon_ready() and leaves
 * with 0, or with the child's exit code if it ends before. Returns in the child only, with the
 * descriptor for the call; -1 with an error. */
int setup_daemonize(GError **error);
void setup_daemon_ready(int *descriptor);

/* As many descriptors as we may have. */
void setup_raise_limits(void);

/* Nobody but root may read our memory, dumps of it included. What we start is not concerned. */
void setup_hide_memory(void);

#endif
