/* SPDX-License-Identifier: MIT */
/* The echo backend hears anything: it answers in frames that parse and hold clean texts. The first byte
 * is the size of the pieces. */
#include "base/log.h"
#include "base/text.h"
#include "echo/echo.h"
#include "pbnetwork.pb-c.h"
#include "wire/frame.h"
#include "wire/message.h"

enum { OUTPUT_MAX = 64 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf *output(void *ctx)
{
	return ctx;
}

static void flush(void *ctx)
{
}

static const struct plugin_port port = { .output = output, .flush = flush };

/* The events the echo backend leaves out, to see that what they are given can be read. */
static struct plugin_events events;

static void on_status(void *ctx, const char *user, enum plugin_status status, const char *message)
{
	g_assert(text_is_clean(user, strlen(user)) && text_is_clean(message, strlen(message)));
}

static void on_buddies(void *ctx, const struct plugin_buddy *buddies, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (const char *const *group = buddies[i].groups; *group; group++)
			g_assert(text_is_clean(*group, strlen(*group)));
}

static void on_vcard_update(void *ctx, const struct plugin_vcard *vcard)
{
	uint8_t sum = 0;
	for (size_t i = 0; i < vcard->photo_len; i++)
		sum ^= ((const uint8_t *)vcard->photo)[i];
	g_assert(sum || text_is_clean(vcard->nickname, strlen(vcard->nickname)));
}

static void on_raw_xml(void *ctx, const char *xml, size_t n)
{
	text_is_clean(xml, n);
}

static void check(void *ctx, const struct wire_frame *frame)
{
	struct arena *arena = ctx;
	g_assert(frame->type != 0);
	if (frame->type == WIRE_CONV_MESSAGE) {
		Pbnetwork__ConversationMessage *message =
			wire_unpack(&pbnetwork__conversation_message__descriptor, arena, frame);
		g_assert(message);
		bool unclean = wire_clean(&message->base, arena);
		g_assert(!unclean);
	}
	arena_reset(arena);
}

static void run(const uint8_t *data, size_t size, size_t piece, struct buf *out)
{
	struct plugin *plugin = plugin_new(&port, out);
	struct echo *echo = echo_new(plugin);
	bool ok = true;
	plugin_set_events(plugin, &events, echo);
	for (size_t at = 0; ok && at < size; at += piece)
		ok = plugin_feed(plugin, data + at, MIN(piece, size - at));
	echo_free(&echo);
	plugin_free(&plugin);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader reader;
	struct buf out;
	struct arena *arena;
	if (size < 1)
		return 0;
	log_set_level(LOG_OFF);
	events = echo_events;
	events.status = on_status;
	events.buddies = on_buddies;
	events.vcard_update = on_vcard_update;
	events.raw_xml = on_raw_xml;
	arena = arena_new(4096);
	buf_init(&out, OUTPUT_MAX);
	run(data + 1, size - 1, data[0] + 1u, &out);
	wire_reader_init(&reader, WIRE_FRAME_MAX);
	bool ok = wire_reader_feed(&reader, buf_data(&out), buf_len(&out), check, arena);
	g_assert(ok);
	wire_reader_fini(&reader);
	buf_fini(&out);
	arena_free(&arena);
	return 0;
}
