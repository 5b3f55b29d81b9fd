/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_BATCH_H
#define STORAGE_BATCH_H

#include "storage/job.h"

/* Does n jobs in order, in one transaction with one commit. A job that fails is undone alone and the
 * others stand. Should the engine give up the whole transaction because of one, each job gets a
 * transaction of its own; should the commit fail, each gets its error. A lost connection is opened
 * again once, and what it interrupted is done again. */
void batch_run(struct database *db, struct job **jobs, size_t n);

#endif
