/* SPDX-License-Identifier: MIT */
#ifndef TEST_STORAGE_FIXTURE_H
#define TEST_STORAGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "storage/storage.h"

/* A loop, a folder of its own and a storage in it, whose answers are written down as text. */
struct fixture {
	struct loop *loop;
	char *folder, *file;
	struct storage *storage;
	unsigned asked, answered;
	GString *order; /* the ids of the answers, as they came */
	/* Of the last answer. */
	GError *error;
	char *text; /* user and names, "" for none */
	int64_t id;
	bool yes;
	int64_t last_message; /* id of the newest in the last list */
	int64_t last_id;
	unsigned dropped; /* of all answers */
};

int fixture_setup(void **state);
int fixture_teardown(void **state);

/* Opens the file and waits; false if it did not work (fixture->error). */
bool fixture_open(struct fixture *fixture, const char *prefix);

/* The reply for the next request, numbered as the n-th one, and the wait for all of them. */
struct storage_reply fixture_reply(struct fixture *fixture);
void fixture_wait(struct fixture *fixture);

/* Puts a user and returns its id. */
int64_t fixture_add(struct fixture *fixture, const char *jid, const char *uin);

/* What storage_find_user() gives, as text. */
const char *fixture_find(struct fixture *fixture, const char *jid);

/* The code of the last answer's error, -1 for none; its text must name the file. */
int fixture_code(struct fixture *fixture);

/* SQL on the file, past the storage; the rows as "a|b\n", to be freed. */
char *fixture_sql(const char *file, const char *sql);

#endif
