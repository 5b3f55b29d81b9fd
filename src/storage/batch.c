/* SPDX-License-Identifier: MIT */
#include "storage/batch.h"

static void fail_all(struct job **jobs, size_t n, const GError *error)
{
	for (size_t i = 0; i < n; i++)
		job_fail(jobs[i], error);
}

static bool any_writer(struct job **jobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (jobs[i]->kind->writes)
			return true;
	return false;
}

static void commit(struct database *db, struct job **jobs, size_t n)
{
	g_autoptr(GError) error = NULL;

	if (database_commit(db, &error))
		return;
	database_rollback(db);
	fail_all(jobs, n, error);
}

/* Does the job in a transaction of its own. False with an error if there is none to be had. */
static bool run_alone(struct database *db, struct job *job, GError **error)
{
	if (!database_open(db, error) || !database_begin(db, job->kind->writes, error))
		return false;
	if (job_run(job, db))
		commit(db, &job, 1);
	else
		database_rollback(db);
	return true;
}

static void run_each_alone(struct database *db, struct job **jobs, size_t n)
{
	g_autoptr(GError) error = NULL;

	for (size_t i = 0; i < n; i++) {
		if (run_alone(db, jobs[i], &error))
			continue;
		/* The wait for a lock or a server was had once; that is enough for all. */
		fail_all(jobs + i, n - i, error);
		return;
	}
}

/* Without a lock to write, those who only read may still be served. */
static void run_readers(struct database *db, struct job **jobs, size_t n, const GError *why)
{
	for (size_t i = 0; i < n; i++) {
		if (jobs[i]->kind->writes)
			job_fail(jobs[i], why);
		else
			run_each_alone(db, &jobs[i], 1);
	}
}

/* Does the job so that its failure leaves nothing behind in the transaction, or ends it. */
static void run_guarded(struct database *db, struct job *job)
{
	g_autoptr(GError) error = NULL;

	if (!database_run(db, SQL_SAVEPOINT, NO_VALUES, &error)) {
		job_fail(job, error);
		return;
	}
	bool done = job_run(job, db);
	if (database_state(db) != DRIVER_ACTIVE)
		return;
	if ((!done && !database_run(db, SQL_SAVEPOINT_ROLLBACK, NO_VALUES, &error)) ||
	    !database_run(db, SQL_SAVEPOINT_RELEASE, NO_VALUES, &error))
		database_rollback(db);
}

/* In the transaction that was begun; commits it. False if it ended under the jobs: none is done. */
static bool run_together(struct database *db, struct job **jobs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (jobs[i]->kind->writes)
			run_guarded(db, jobs[i]);
		else
			job_run(jobs[i], db);
		if (database_state(db) != DRIVER_ACTIVE) {
			database_rollback(db);
			return false;
		}
	}
	commit(db, jobs, n);
	return true;
}

void batch_run(struct database *db, struct job **jobs, size_t n)
{
	g_autoptr(GError) error = NULL;

	if (!database_open(db, &error)) {
		fail_all(jobs, n, error);
	} else if (n == 1) {
		run_each_alone(db, jobs, n);
		if (database_state(db) == DRIVER_LOST)
			run_each_alone(db, jobs, n);
	} else if (!database_begin(db, any_writer(jobs, n), &error) && database_state(db) != DRIVER_LOST) {
		run_readers(db, jobs, n, error);
	} else if (database_state(db) == DRIVER_LOST || !run_together(db, jobs, n)) {
		run_each_alone(db, jobs, n);
	}
}
