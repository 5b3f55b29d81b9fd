/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_ARGUMENTS_H
#define DAEMON_ARGUMENTS_H

#include <glib.h>
#include <stdbool.h>

/* The command line: spectrum2 [-n] [-j JID] [--section.key=value ...] FILE.cfg */
struct arguments {
	bool help, version, print_config, check, foreground;
	const char *jid;      /* -j; NULL if not given; borrowed from argv, as is the rest */
	const char *path;     /* NULL if not given */
	GPtrArray *overrides; /* "section.key=value", NULL-terminated; owned */
};

/* False with an error that names the word it cannot take. */
bool arguments_parse(struct arguments *arguments, int argc, char **argv, GError **error);
void arguments_fini(struct arguments *arguments);

extern const char arguments_usage[];

#endif
