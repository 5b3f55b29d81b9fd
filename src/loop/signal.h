/* SPDX-License-Identifier: MIT */
#ifndef LOOP_SIGNAL_H
#define LOOP_SIGNAL_H

#include "loop/loop.h"

/* A POSIX signal as an event of the loop. */
struct signal_watch;

struct signal_watch *signal_watch(struct loop *loop, int signum, void (*came)(void *ctx, int signum), void *ctx);
void signal_unwatch(struct signal_watch **watch);

#endif
