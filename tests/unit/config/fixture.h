/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CONFIG_FIXTURE_H
#define TESTS_CONFIG_FIXTURE_H

#include "config/config.h"

#include <glib.h>

/* A folder with one file of a configuration. */
struct fixture {
	char *folder, *path;
	GString *warnings;
	GError *error; /* of the last load */
};

#define GATEWAY "[service]\njid = irc.example.org\npassword = secret\nport = 5347\n"

int fixture_make(void **state);
int fixture_remove(void **state);

/* Loads that text; what was said of an earlier load is forgotten. */
struct config *fixture_load(struct fixture *fixture, const char *text, const char *jid, const char *const *overrides);

/* Loads it and expects errors: "@" stands for the path of the file. */
void fixture_refuse(struct fixture *fixture, const char *text, const char *const *overrides, const char *expected);

#endif
