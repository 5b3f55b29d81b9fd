/* SPDX-License-Identifier: MIT */
#ifndef BASE_PIDFILE_H
#define BASE_PIDFILE_H

#include <glib.h>

/* The file that says which process runs an instance, and the lock that lets only one run. */
struct pidfile;

enum pidfile_error { PIDFILE_ERROR_RUNNING, PIDFILE_ERROR_FAILED };
#define PIDFILE_ERROR (pidfile_error_quark())
GQuark pidfile_error_quark(void);

/* Creates or reuses `path`, locks it (held by this process until free or exit) and writes
 * "<pid>\n". An instance that runs already gives PIDFILE_ERROR_RUNNING with its pid in the text. */
struct pidfile *pidfile_lock(const char *path, GError **error);

/* Writes the pid again, after a fork. The lock is an open file description lock, so the child
 * that inherits the descriptor holds it. */
gboolean pidfile_write(struct pidfile *pidfile, GError **error);

/* Removes the file and gives the lock back. */
void pidfile_remove(struct pidfile **pidfile);

/* Gives back memory and descriptor, leaves file and lock to whoever shares them (a forked child). */
void pidfile_forget(struct pidfile **pidfile);

#endif
