/* SPDX-License-Identifier: MIT */
#ifndef TEST_POOL_RIG_H
#define TEST_POOL_RIG_H

#include "fake_core.h"
#include "loop/loop.h"
#include "loop/stream.h"
#include "wire/frame.h"

#include "pbnetwork.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "../wire/examples.h"

/* A pool on a loop with a fake core, and puppets: connections to its port whose part the test plays. */

#define wait_for(rig, condition)                                                  \
	do {                                                                      \
		gint64 until_ = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND; \
		while (!(condition) && g_get_monotonic_time() < until_)           \
			loop_once((rig)->loop, 50);                               \
		assert_true(condition);                                           \
	} while (0)

struct rig {
	struct loop *loop;
	struct core *core;
	struct pool *pool;
	struct config *config;
	struct metrics metrics;
	struct pool_options options; /* as used; for changing before rig_open() */
	char *folder, *file;
	unsigned ready, stopped;
	uint64_t asked; /* id of the newest admin query */
	GString *log; /* "LEVEL area text" a line */
};

/* `settings` are further lines of [service]; the backend's command is the test child with `mode`. */
struct rig *rig_new(const char *mode, const char *settings);
/* The same with a whole command, and with lines for the end of the file. */
struct rig *rig_new_command(const char *command, const char *settings, const char *rest);
/* Makes the pool and starts it. */
void rig_open(struct rig *rig);
/* Stops the pool and waits for it. */
void rig_stop(struct rig *rig);
/* The same if it has not stopped yet, and frees all. */
void rig_close(struct rig *rig);
bool rig_logged(const struct rig *rig, const char *text);
/* How often. */
unsigned rig_log_count(const struct rig *rig, const char *text);
/* Path of the test child. */
char *rig_child(void);

struct puppet {
	struct rig *rig;
	struct stream *stream;
	GString *got;
	bool failed, ended;
};

/* Connected; nothing was said yet. */
struct puppet *puppet_new(struct rig *rig);
void puppet_free(struct puppet *puppet);
/* Connected, and adopted as the connection of a backend. */
struct puppet *puppet_backend(struct rig *rig);
void puppet_send_hex(struct puppet *puppet, const char *hex);
void puppet_send(struct puppet *puppet, enum wire_type type, const ProtobufCMessage *message);
/* The next bytes that came are these. */
void puppet_expect(struct puppet *puppet, const char *hex);
/* Takes the next frame; its type. */
int puppet_next(struct puppet *puppet);
/* What was sent before this call has been taken by the pool. */
void puppet_sync(struct puppet *puppet);

/* Waits for the calls to be exactly this, and forgets them. */
void expect_calls(struct rig *rig, const char *calls);

#endif
