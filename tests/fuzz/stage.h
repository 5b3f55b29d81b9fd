/* SPDX-License-Identifier: MIT */
#ifndef FUZZ_STAGE_H
#define FUZZ_STAGE_H

#include "base/buf.h"
#include "core/user.h"
#include "frontend/frontend.h"

/* A whole gateway but for its sockets: one user who is logged in, and a network that notes what it is told. */

enum { STAGE_KEPT_MAX = 16, STAGE_SOURCE = 1 };

#define USER "user@localhost"

/* One gateway with its user. The seat of the user is the stage itself. */
struct stage {
	struct loop *loop;
	struct storage *storage;
	struct metrics metrics;
	struct core *core;
	struct frontend *frontend;
	struct admin *admin;
	struct buf out;
	bool served; /* nothing came that was for another domain: all that leaves is from ours */
	struct arena *arena;
	/* What the network was told, to be given back. */
	unsigned messages, rooms;
	const char *names[STAGE_KEPT_MAX], *bodies[STAGE_KEPT_MAX], *room_names[STAGE_KEPT_MAX], *nicks[STAGE_KEPT_MAX];
};

void stage_set(struct stage *stage, const struct core_features *features);
/* Logs out, frees, and checks that all that was sent is well-formed XML, from us to the user. */
void stage_strike(struct stage *stage);
/* NULL if he has logged out by his own words. */
struct user *stage_user(const struct stage *stage);

#endif
