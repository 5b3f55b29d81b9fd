/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_JOB_H
#define STORAGE_JOB_H

#include "base/arena.h"
#include "storage/database.h"

struct job;

/* A kind of job: what to call it in a log, whether it writes, and how it is done on the worker. */
struct job_kind {
	const char *what;
	bool writes;
	bool (*run)(struct database *db, struct job *job, GError **error);
};

/* A question with its answer. Made on the loop, done on the worker, answered and freed on the loop. */
struct job {
	const struct job_kind *kind;
	struct storage_reply reply;

	/* The question; texts and tables are in `arena`, as is the job itself. */
	struct arena *arena; /* owned */
	const char *name;    /* a JID, a uin or a contact's name */
	const char *except;
	int64_t user_id;
	bool flag;
	struct storage_user user;
	struct storage_setting setting;
	struct storage_contact *contacts;
	size_t contact_count;
	struct storage_message message;
	struct storage_room room;
	struct storage_document document; /* node or item NULL: any */
	struct storage_archived archived;
	struct storage_archive_query query;
	int64_t up_to;
	unsigned limit;

	/* The answer. */
	struct arena *found_arena; /* owned; NULL: nothing was read */
	struct storage_user found;
	struct storage_archive_page page;
	struct storage_answer answer;
	GError *error; /* owned */
};

struct job *job_new(const struct job_kind *kind, struct storage_reply reply);

/* Overwrites the passwords in it. */
void job_free(struct job **job);

/* A copy in the job's arena; NULL becomes "". */
const char *job_text(struct job *job, const char *text);

/* Does it in the transaction of the caller; a failure is kept in job->error. An earlier answer is
 * forgotten: a job can be run again after its transaction was undone. */
bool job_run(struct job *job, struct database *db);

/* Forgets what it found and makes this its answer. */
void job_fail(struct job *job, const GError *error);

extern const struct job_kind job_find_user, job_put_user, job_seal_password, job_remove_user, job_set_online,
	job_list_users, job_uin_in_use, job_put_contacts, job_remove_contact, job_put_setting, job_list_returning,
	job_keep_message, job_list_messages, job_drop_messages, job_put_room, job_remove_room, job_archive_put,
	job_archive_find, job_archive_last, job_archive_expire, job_find_documents, job_put_document,
	job_drop_documents;

#endif
