/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_GUARD_H
#define FRONTEND_SERVER_GUARD_H

#include "loop/loop.h"

#include <stdbool.h>
#include <stdint.h>

/* What strangers may take of us: connections that have not logged in, in all and of one address, and how fast
 * passwords may be tried, by one address and for one name. Addresses are those of stream_peer() without the port; of
 * IPv6 the first 64 bits count. Loopback addresses, where a proxy may be, have no limit of their own. All tables are
 * bounded: what is oldest is forgotten. The clock is the loop's. */
struct guard;

enum {
	GUARD_STRANGERS_MAX = 4096,       /* connections that have not logged in */
	GUARD_STRANGERS_ADDRESS_MAX = 50, /* of one address */
	GUARD_FAILURES_FREE = 3,          /* wrong passwords before each further try is slowed */
	GUARD_DELAY_MAX_MS = 60000,
	GUARD_FORGET_MS = 600000, /* after the last failure */
	GUARD_TABLE_MAX = 10000   /* addresses, and names */
};

struct guard *guard_new(struct loop *loop);
void guard_free(struct guard **guard);

/* A connection that has not logged in comes / goes or has logged in. False: too many, it is to be closed at once. */
bool guard_enter(struct guard *guard, const char *peer);
void guard_leave(struct guard *guard, const char *peer);

/* Milliseconds that a try for `name` from `peer` has to wait before it may be made; 0: none. */
uint64_t guard_delay(struct guard *guard, const char *peer, const char *name);
void guard_failed(struct guard *guard, const char *peer, const char *name);
void guard_succeeded(struct guard *guard, const char *peer, const char *name);

#endif
