/* SPDX-License-Identifier: MIT */
#ifndef LOOP_PROCESS_H
#define LOOP_PROCESS_H

#include "loop/loop.h"

#include <glib.h>
#include <sys/types.h>

/* A child process in its own session, with stdin from /dev/null and no other descriptor of ours
 * (the loop closes them all), whose stdout and stderr are collected line by line. */
struct process;

struct process_end {
	int code;              /* exit code, -1 if a signal ended it */
	int signal;            /* signal, 0 if it exited */
	uint64_t age;          /* ms it ran */
	const char *last_line; /* last line it wrote to stderr, "" if none */
};

struct process_events {
	/* A line without its newline, at most 1000 bytes (longer ones are cut). May be NULL. */
	void (*line)(void *ctx, const char *line);
	/* It is gone and all its output was given. The process is then to be freed. */
	void (*ended)(void *ctx, const struct process_end *end);
};

/* Starts argv[0] (a path, no search). NULL with an error that names it if it cannot be started. */
struct process *process_spawn(struct loop *loop, const char *const *argv, const char *cwd,
			      const struct process_events *events, void *ctx, GError **error);
pid_t process_pid(const struct process *process);
void process_signal(struct process *process, int signum);

/* Forgets it; a running child is killed (SIGKILL) and reaped. No callback comes after this. */
void process_free(struct process **process);

/* "exit code 3", "signal 11 (Segmentation fault)". Static buffer. */
const char *process_end_text(const struct process_end *end);

#endif
