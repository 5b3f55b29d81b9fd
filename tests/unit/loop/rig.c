/* SPDX-License-Identifier: MIT */
#include "rig.h"

static void on_data(void *ctx, const char *bytes, size_t n)
{
	struct end *end = ctx;
	assert_true(n > 0 && n <= 65536);
	assert_int_equal(end->ended, 0);
	end->total += n;
	end->calls++;
	if (!end->forget)
		g_string_append_len(end->got, bytes, (gssize)n);
	if (end->on_data)
		end->on_data(end, n);
}

static void on_ended(void *ctx, const GError *why)
{
	struct end *end = ctx;
	end->ended++;
	g_clear_error(&end->why);
	end->why = why ? g_error_copy(why) : NULL;
	if (end->on_ended)
		end->on_ended(end);
}

static void on_pressure(void *ctx, bool high)
{
	struct end *end = ctx;
	assert_int_equal(end->high - end->low, high ? 0 : 1);
	if (high)
		end->high++;
	else
		end->low++;
}

const struct stream_events rig_events = { on_data, on_ended, on_pressure };

static void on_accepted(void *ctx, struct stream *stream)
{
	struct rig *rig = ctx;
	assert_null(rig->b.stream);
	rig->b.stream = stream;
}

static void on_connected(void *ctx, struct stream *stream, const GError *error)
{
	struct rig *rig = ctx;
	rig->a.stream = stream;
	rig->failed = !stream;
	rig->error = error ? g_error_copy(error) : NULL;
}

void rig_open(struct rig *rig)
{
	g_autoptr(GError) error = NULL;
	*rig = (struct rig){ .loop = loop_new() };
	rig->a.got = g_string_new(NULL);
	rig->b.got = g_string_new(NULL);
	rig->listener = listen_tcp(rig->loop, "127.0.0.1", 0, on_accepted, rig, &error);
	assert_null(error);
}

void rig_connect(struct rig *rig)
{
	connect_tcp(rig->loop, "127.0.0.1", listen_port(rig->listener), 5000, on_connected, rig);
	wait_for(rig->loop, rig->failed || (rig->a.stream && rig->b.stream));
	assert_false(rig->failed);
}

void rig_start(struct rig *rig)
{
	stream_start(rig->a.stream, &rig_events, &rig->a);
	stream_start(rig->b.stream, &rig_events, &rig->b);
}

static void clear_end(struct end *end)
{
	stream_close(&end->stream);
	g_string_free(end->got, TRUE);
	g_clear_error(&end->why);
}

void rig_close(struct rig *rig)
{
	clear_end(&rig->a);
	clear_end(&rig->b);
	g_clear_error(&rig->error);
	listen_close(&rig->listener);
	loop_free(&rig->loop);
}

int rig_setup(void **state)
{
	struct rig *rig = g_new0(struct rig, 1);
	rig_open(rig);
	rig_connect(rig);
	rig_start(rig);
	*state = rig;
	return 0;
}

int rig_teardown(void **state)
{
	rig_close(*state);
	g_free(*state);
	return 0;
}
