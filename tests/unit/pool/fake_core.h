/* SPDX-License-Identifier: MIT */
#ifndef TEST_POOL_FAKE_CORE_H
#define TEST_POOL_FAKE_CORE_H

#include "core/core.h"
#include "core/user.h"
#include "pool/pool.h"

/* Stands for the core: has users, and writes down what the pool reports, one call a line. */
struct core {
	struct core_features features;
	unsigned feature_calls;
	GString *calls;
	uint64_t raw_ended; /* the last stream of stanzas that did */
	GPtrArray *users;   /* struct user, owned */
	/* What a call about a lost user makes it do besides. May be NULL. */
	void (*on_disconnected)(struct user *user);
};

struct user {
	char *jid;
	struct core *core;
	void *seat;
	struct user_login login;
	size_t contact_count;
	const struct core_contact *contacts;
};

struct core *fake_core_new(void);
void fake_core_free(struct core *core);

/* legacy name "nick", password "pw", no settings, offline. */
struct user *fake_core_add(struct core *core, const char *jid);

#endif
