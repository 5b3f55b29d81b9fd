/* SPDX-License-Identifier: MIT */
#include "loop/backoff.h"

#include <glib.h>

uint32_t backoff_next(struct backoff *backoff)
{
	uint64_t delay = MIN((uint64_t)backoff->first << MIN(backoff->tries, 31), backoff->limit);
	backoff->tries++;
	uint64_t quarter = delay / 4;
	delay = delay - quarter + (uint64_t)(g_random_double() * (double)(2 * quarter + 1));
	return (uint32_t)MIN(delay, UINT32_MAX);
}

void backoff_reset(struct backoff *backoff)
{
	backoff->tries = 0;
}
