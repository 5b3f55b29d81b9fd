/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include "base/log.h"
#include "loop/connect.h"

#include <glib/gstdio.h>

static void keep_line(void *ctx, enum log_level level, const char *area, const char *text)
{
	struct rig *rig = ctx;
	g_string_append_printf(rig->log, "%d %s %s\n", level, area, text);
}

static void on_ready(void *ctx)
{
	((struct rig *)ctx)->ready++;
}

/* "later" is answered when the test says so. */
static void on_query(void *ctx, uint64_t id, const char *command)
{
	struct rig *rig = ctx;
	g_autofree char *answer = g_strdup_printf("you said %s", command);
	rig->asked = id;
	if (strcmp(command, "later"))
		pool_answer_query(rig->pool, id, answer);
}

static void on_stopped(void *ctx)
{
	((struct rig *)ctx)->stopped++;
}

char *rig_child(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	g_autofree char *folder = g_path_get_dirname(self);
	return g_build_filename(folder, "pool_test_child", NULL);
}

struct rig *rig_new_command(const char *command, const char *settings, const char *rest)
{
	static const struct pool_events events = { .ready = on_ready, .query = on_query };
	struct rig *rig = g_new0(struct rig, 1);
	g_autoptr(GError) error = NULL;
	rig->loop = loop_new();
	rig->core = fake_core_new();
	rig->log = g_string_new(NULL);
	log_set_level(LOG_DEBUG);
	log_capture(keep_line, rig);
	rig->folder = g_dir_make_tmp("pool-XXXXXX", NULL);
	rig->file = g_build_filename(rig->folder, "test.cfg", NULL);
	g_autofree char *text =
		g_strdup_printf("[service]\njid=irc.example.org\nserver=127.0.0.1\nport=5347\npassword=x\n"
				"working_dir=%s\nbackend=%s\n%s\n%s",
				rig->folder, command, settings, rest);
	assert_true(g_file_set_contents(rig->file, text, -1, NULL));
	rig->config = config_load(&(struct config_source){ .path = rig->file }, NULL, &error);
	assert_null(error);
	rig->options = (struct pool_options){
		.loop = rig->loop,
		.config = rig->config,
		.metrics = &rig->metrics,
		.events = &events,
		.ctx = rig,
		.backoff_ms = 10,
		.exit_ms = 200,
	};
	return rig;
}

struct rig *rig_new(const char *mode, const char *settings)
{
	g_autofree char *child = rig_child();
	g_autofree char *command = g_strdup_printf("'%s' %s", child, mode);
	return rig_new_command(command, settings, "");
}

void rig_open(struct rig *rig)
{
	g_autoptr(GError) error = NULL;
	rig->pool = pool_new(&rig->options, &error);
	assert_null(error);
	assert_non_null(rig->pool);
	pool_start(rig->pool, rig->core);
}

void rig_stop(struct rig *rig)
{
	pool_stop(rig->pool, on_stopped, rig);
	assert_int_equal(rig->stopped, 0);
	wait_for(rig, rig->stopped == 1);
	pool_free(&rig->pool);
	assert_null(rig->pool);
}

void rig_close(struct rig *rig)
{
	if (rig->pool)
		rig_stop(rig);
	loop_free(&rig->loop);
	log_capture(NULL, NULL);
	fake_core_free(rig->core);
	config_unref(&rig->config);
	g_unlink(rig->file);
	g_rmdir(rig->folder);
	g_free(rig->file);
	g_free(rig->folder);
	g_string_free(rig->log, TRUE);
	g_free(rig);
}

bool rig_logged(const struct rig *rig, const char *text)
{
	return strstr(rig->log->str, text) != NULL;
}

unsigned rig_log_count(const struct rig *rig, const char *text)
{
	unsigned n = 0;
	for (const char *at = rig->log->str; (at = strstr(at, text)); at += strlen(text))
		n++;
	return n;
}

/* --- puppets -------------------------------------------------------------------------------- */

static void on_data(void *ctx, const char *bytes, size_t n)
{
	g_string_append_len(((struct puppet *)ctx)->got, bytes, (gssize)n);
}

static void on_ended(void *ctx, const GError *why)
{
	struct puppet *puppet = ctx;
	puppet->ended = true;
	stream_close(&puppet->stream);
}

static void on_connected(void *ctx, struct stream *stream, const GError *error)
{
	static const struct stream_events events = { .data = on_data, .ended = on_ended };
	struct puppet *puppet = ctx;
	puppet->stream = stream;
	puppet->failed = !stream;
	if (stream)
		stream_start(stream, &events, puppet);
}

struct puppet *puppet_new(struct rig *rig)
{
	struct puppet *puppet = g_new0(struct puppet, 1);
	puppet->rig = rig;
	puppet->got = g_string_new(NULL);
	connect_tcp(rig->loop, "127.0.0.1", pool_port(rig->pool), 5000, on_connected, puppet);
	wait_for(rig, puppet->failed || puppet->stream || puppet->ended);
	assert_false(puppet->failed);
	return puppet;
}

void puppet_free(struct puppet *puppet)
{
	if (puppet->stream)
		stream_close(&puppet->stream);
	g_string_free(puppet->got, TRUE);
	g_free(puppet);
}

void puppet_send_hex(struct puppet *puppet, const char *hex)
{
	struct buf buf;
	buf_init(&buf, 1 << 20);
	add_hex(&buf, hex);
	stream_write(puppet->stream, buf_data(&buf), buf_len(&buf));
	buf_fini(&buf);
}

void puppet_send(struct puppet *puppet, enum wire_type type, const ProtobufCMessage *message)
{
	assert_true(wire_put(stream_out(puppet->stream), type, message));
	stream_flush(puppet->stream);
}

void puppet_expect(struct puppet *puppet, const char *hex)
{
	struct buf buf;
	buf_init(&buf, 1 << 20);
	add_hex(&buf, hex);
	wait_for(puppet->rig, puppet->got->len >= buf_len(&buf));
	assert_memory_equal(puppet->got->str, buf_data(&buf), buf_len(&buf));
	g_string_erase(puppet->got, 0, (gssize)buf_len(&buf));
	buf_fini(&buf);
}

static bool has_frame(const struct puppet *puppet, struct wire_frame *frame, size_t *used)
{
	return wire_next((const uint8_t *)puppet->got->str, puppet->got->len, WIRE_FRAME_MAX, frame, used) ==
	       WIRE_FRAME;
}

int puppet_next(struct puppet *puppet)
{
	struct wire_frame frame;
	size_t used;
	wait_for(puppet->rig, has_frame(puppet, &frame, &used));
	g_string_erase(puppet->got, 0, (gssize)used);
	return frame.type;
}

void puppet_sync(struct puppet *puppet)
{
	Pbnetwork__BackendConfig query = PBNETWORK__BACKEND_CONFIG__INIT;
	query.config = (char *)"sync";
	puppet_send(puppet, WIRE_QUERY, &query.base);
	while (puppet_next(puppet) != WIRE_QUERY)
		;
}

struct puppet *puppet_backend(struct rig *rig)
{
	size_t before = pool_backend_count(rig->pool);
	struct puppet *puppet = puppet_new(rig);
	puppet_expect(puppet, PING_HEX);
	puppet_send_hex(puppet, PONG_HEX);
	wait_for(rig, pool_backend_count(rig->pool) > before);
	return puppet;
}

void expect_calls(struct rig *rig, const char *calls)
{
	wait_for(rig, rig->core->calls->len >= strlen(calls));
	assert_string_equal(rig->core->calls->str, calls);
	g_string_truncate(rig->core->calls, 0);
}
