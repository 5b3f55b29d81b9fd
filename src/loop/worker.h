/* SPDX-License-Identifier: MIT */
#ifndef LOOP_WORKER_H
#define LOOP_WORKER_H

#include "loop/loop.h"

#include <stddef.h>

/* One thread with one ordered queue of jobs. What has gathered while it was busy is handed to it
 * together, so that a database commits once for many jobs. */
struct worker;

enum { WORKER_BATCH_MAX = 512 };

struct worker_events {
	/* On the worker's thread: does these n jobs (1 to WORKER_BATCH_MAX), in order. */
	void (*batch)(void *ctx, void **jobs, size_t n);
	/* On the loop, once for each job, in order, never before worker_post() returned. */
	void (*done)(void *ctx, void *job);
};

struct worker *worker_new(struct loop *loop, const struct worker_events *events, void *ctx);
void worker_post(struct worker *worker, void *job);
size_t worker_queued(const struct worker *worker);

/* Waits until all posted jobs are done, calls `done` for them, ends the thread. */
void worker_free(struct worker **worker);

#endif
