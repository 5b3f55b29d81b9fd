/* SPDX-License-Identifier: MIT */
#ifndef TEST_LOOP_RIG_H
#define TEST_LOOP_RIG_H

#include "loop/connect.h"
#include "loop/listen.h"
#include "loop/loop.h"
#include "loop/stream.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Two streams connected over loopback, and waiting by condition. */

#define RIG_PATIENCE (20 * G_TIME_SPAN_SECOND)

#define wait_for(loop, condition)                                       \
	do {                                                            \
		gint64 until_ = g_get_monotonic_time() + RIG_PATIENCE;  \
		while (!(condition) && g_get_monotonic_time() < until_) \
			loop_once(loop, 100);                           \
		assert_true(condition);                                 \
	} while (0)

struct end {
	struct stream *stream;
	GString *got;
	unsigned ended;
	GError *why;
	unsigned high, low;
	void (*on_data)(struct end *end, size_t n); /* after the bytes went to got */
	void (*on_ended)(struct end *end);
	bool forget; /* count the bytes only */
	size_t total;
	unsigned calls;
};

struct rig {
	struct loop *loop;
	struct listener *listener;
	struct end a, b; /* a connected to b */
	GError *error;   /* of the connect */
	bool failed;
};

extern const struct stream_events rig_events;

void rig_open(struct rig *rig);

/* Both streams connected, none started. */
void rig_connect(struct rig *rig);
void rig_start(struct rig *rig);
void rig_close(struct rig *rig);

/* cmocka fixtures: *state is a struct rig, connected and started. */
int rig_setup(void **state);
int rig_teardown(void **state);

#endif
