/* SPDX-License-Identifier: MIT */
#ifndef POOL_POOL_H
#define POOL_POOL_H

#include "base/metrics.h"
#include "config/config.h"
#include "core/core.h"
#include "core/ports.h"
#include "loop/loop.h"

#include <glib.h>

/* The backend processes of one instance: spawns and supervises them, gives each user a place on one,
 * and translates between the core's backend port and frames. The life of a pool:
 * pool_new, core_new (with pool_backend_port() and the pool as its backend_ctx), pool_start,
 * core_logout_all, pool_stop, core_free, pool_free. */
struct pool;

struct pool_events {
	/* The first backend has answered its first PING, or 10 s have passed without an answer (which
	 * is logged). Comes once, not after pool_stop(). */
	void (*ready)(void *ctx);
	/* An admin query came on the backend port; it is answered by pool_answer_query(), which may be called
	 * from here. May be NULL: every query is then answered as unknown. */
	void (*query)(void *ctx, uint64_t id, const char *command);
};

struct pool_options {
	struct loop *loop;
	const struct config *config; /* a reference is taken */
	struct metrics *metrics;     /* borrowed */
	/* The "section.key=value" words of our own command line, without dashes, NULL-terminated or
	 * NULL. Backends get them too. Copied. */
	const char *const *overrides;
	const struct pool_events *events; /* borrowed */
	void *ctx;
	/* Intervals in ms, for tests; 0 is the default that is given in brackets. */
	unsigned ping_ms;    /* between two pings, and how long one waits for its answer (20000) */
	unsigned answer_ms;  /* for the first answer of all, and for a connection that says nothing (10000) */
	unsigned start_ms;   /* from the start of a child to its first answer (60000) */
	unsigned idle_ms;    /* how long a spare backend without users lives (60000) */
	unsigned queue_ms;   /* how long a user waits for a backend (60000) */
	unsigned backoff_ms; /* before a failed start is tried again, doubling up to 30 s (200) */
	unsigned exit_ms;    /* from EXIT to SIGTERM; SIGKILL follows after half of it again (2000) */
};

/* Opens the listener on service.backend_host and service.backend_port. On failure NULL and an error
 * that names address and port. */
struct pool *pool_new(const struct pool_options *options, GError **error);

/* Frees a pool that was never started or whose stop is done. */
void pool_free(struct pool **pool);

/* The port that backends connect to. */
unsigned pool_port(const struct pool *pool);

/* Whether service.backend names a program that can be run from here. False with an error that names it. */
bool pool_check_command(const struct config *config, GError **error);

/* The core's way to the networks; its ctx is the pool. */
const struct core_backend *pool_backend_port(void);

/* Spawns the first backend. The core is borrowed until pool_stop()'s `done`. */
void pool_start(struct pool *pool, struct core *core);

/* Asks every backend to leave (EXIT), then SIGTERM, then SIGKILL. `done` comes when no child is
 * left, never before this returned. The core should have logged out its users; who still has a
 * seat loses it. What backends still say is ignored. */
void pool_stop(struct pool *pool, void (*done)(void *ctx), void *ctx);

/* Stops and resumes reading from all backends, for when the other side does not keep up. Backends
 * are not expected to answer pings meanwhile. */
void pool_pause(struct pool *pool, bool pause);

/* Another snapshot after a reload; counts for what is started and seated from now on. */
void pool_set_config(struct pool *pool, const struct config *config);

/* Backends that answered and are not on their way out; backends lost while they had users. */
size_t pool_backend_count(const struct pool *pool);
size_t pool_crashed_count(const struct pool *pool);

/* Whoever asked may have gone meanwhile: then nothing happens. */
void pool_answer_query(struct pool *pool, uint64_t id, const char *text);

/* For administrators. The callbacks call nothing of the pool but pool_each_user(). */
struct pool_backend {
	const void *handle; /* for pool_each_user() */
	int64_t pid;
	bool accepts;                  /* takes new users */
	int64_t res, init_res, shared; /* KB, as it reports */
	size_t users;
};
void pool_each_backend(const struct pool *pool, void (*each)(void *ctx, const struct pool_backend *backend), void *ctx);
void pool_each_user(const struct pool_backend *on, void (*each)(void *ctx, const struct user *user), void *ctx);
/* The newest 1000 of those that pool_crashed_count() counts. */
void pool_each_crashed(const struct pool *pool, void (*each)(void *ctx, int64_t pid), void *ctx);

#endif
