/* SPDX-License-Identifier: MIT */
#ifndef LOOP_BACKOFF_H
#define LOOP_BACKOFF_H

#include <stdint.h>

/* Growing delays between tries: doubling from `first` to `limit` ms, each with +-25 % jitter. Plain data. */
struct backoff {
	uint32_t first, limit;
	unsigned tries;
};

static inline struct backoff backoff_make(uint32_t first, uint32_t limit)
{
	return (struct backoff){ .first = first, .limit = limit };
}

/* The delay before the next try in ms; counts the try. */
uint32_t backoff_next(struct backoff *backoff);
void backoff_reset(struct backoff *backoff);

#endif
