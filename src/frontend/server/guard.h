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
	GUARD_FAILURES_FREE = 3,          /* wrong passwords for a name before each further try is slowed */
	GUARD_NAMES_FREE = 20,            /* names that one address has wrong passwords for, before the same */
	GUARD_DELAY_MIN_MS = 1000,        /* doubles with each */
	GUARD_DELAY_MAX_MS = 60000,
	GUARD_FORGET_MS = 600000, /* after the last failure */
	GUARD_TABLE_MAX = 10000   /* addresses, and names */
};

#define GUARD_NEVER UINT64_MAX

struct guard *guard_new(struct loop *loop);
void guard_free(struct guard **guard);

/* Nobody else may enter. It is the oldest stranger that is to be closed then, not the new one to be refused: who has
 * had his time and did not use it keeps nobody out. */
bool guard_is_full(const struct guard *guard);
/* A connection that has not logged in comes / goes or has logged in. False: too many, it is to be closed at once. */
bool guard_enter(struct guard *guard, const char *peer);
void guard_leave(struct guard *guard, const char *peer);

/* Milliseconds that a try for `name` from `peer` has to wait before it may be made; 0: none; GUARD_NEVER: too many wait
 * already, it is to be refused. To be asked once a try, which counts as a wrong one for the name until it has
 * succeeded: tries that are made at the same time are no way around. Who has logged in from this address before does
 * not wait, until a password is wrong, so that nobody is kept out by what others try in his name. */
uint64_t guard_delay(struct guard *guard, const char *peer, const char *name);
/* How the try ended, if it did. Several wrong ones for one name count once for the address: that is how a client with
 * an old password behaves. */
void guard_failed(struct guard *guard, const char *peer, const char *name);
void guard_succeeded(struct guard *guard, const char *peer, const char *name);

#endif
