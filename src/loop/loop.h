/* SPDX-License-Identifier: MIT */
#ifndef LOOP_LOOP_H
#define LOOP_LOOP_H

#include <stdbool.h>
#include <stdint.h>

/* The event loop. Everything in this folder belongs to one loop and is used on its thread only.
 * Callbacks never come before the call that started things has returned, exactly once, and never
 * if that call failed or after the thing was freed or cancelled. */
struct loop;

struct loop *loop_new(void);

/* Runs what is still closing to its end. Everything made on the loop must have been freed. */
void loop_free(struct loop **loop);

/* Until loop_stop(). */
void loop_run(struct loop *loop);

/* The run returns at the end of this round. */
void loop_stop(struct loop *loop);

/* One round, waiting at most `ms` (0: not at all, -1: for ever); for tests and clean-up. */
void loop_once(struct loop *loop, int ms);

/* Monotonic milliseconds, as of the start of this round. */
uint64_t loop_now(const struct loop *loop);

/* Calls fn at the end of this round, in order: for freeing what may still be on the stack. */
void loop_defer(struct loop *loop, void (*fn)(void *arg), void *arg);

#endif
