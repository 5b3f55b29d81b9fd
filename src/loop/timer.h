/* SPDX-License-Identifier: MIT */
#ifndef LOOP_TIMER_H
#define LOOP_TIMER_H

#include "loop/loop.h"

struct timer;

struct timer *timer_new(struct loop *loop, void (*fired)(void *ctx), void *ctx);

/* Also from inside its own callback. */
void timer_free(struct timer **timer);

/* First after `after` ms, then every `repeat` ms (0: once). Restarts a running timer. */
void timer_start(struct timer *timer, uint64_t after, uint64_t repeat);
void timer_stop(struct timer *timer);
bool timer_active(const struct timer *timer);

#endif
