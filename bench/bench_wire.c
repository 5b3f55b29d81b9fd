/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include "echo/echo.h"
#include "pbnetwork.pb-c.h"
#include "wire/frame.h"
#include "wire/message.h"

enum { READ_SIZE = 64 << 10 };

static Pbnetwork__ConversationMessage make_message(void)
{
	Pbnetwork__ConversationMessage message = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	message.username = (char *)"juliet@capulet.example.org";
	message.buddyname = (char *)"#verona";
	message.message = (char *)"What's in a name? That which we call a rose by any other word would smell as sweet.";
	message.nickname = (char *)"romeo_montague";
	message.id = (char *)"8f1c6e52-7f0c-4d0b-a5a0-1e0c7d3a9b64";
	return message;
}

static void put_message(struct buf *out)
{
	Pbnetwork__ConversationMessage message = make_message();
	bool ok = wire_put(out, WIRE_CONV_MESSAGE, &message.base);
	g_assert(ok);
}

static size_t pack(size_t times)
{
	struct buf out;
	size_t n;
	buf_init(&out, READ_SIZE);
	for (size_t i = 0; i < times; i++) {
		buf_truncate(&out, 0);
		put_message(&out);
		bench_keep(out.p);
	}
	n = buf_len(&out);
	buf_fini(&out);
	return n;
}

/* One frame from bytes to a message: in the arena, and for comparison as protobuf-c does it alone. */
static size_t unpack(size_t times, bool with_arena)
{
	struct arena *arena = arena_new(4096);
	struct buf bytes;
	size_t used = 0;
	buf_init(&bytes, READ_SIZE);
	put_message(&bytes);
	for (size_t i = 0; i < times; i++) {
		struct wire_frame frame;
		Pbnetwork__ConversationMessage *message;
		wire_next((const uint8_t *)buf_data(&bytes), buf_len(&bytes), WIRE_FRAME_MAX, &frame, &used);
		if (with_arena)
			message = wire_unpack(&pbnetwork__conversation_message__descriptor, arena, &frame);
		else
			message = pbnetwork__conversation_message__unpack(NULL, frame.payload_len, frame.payload);
		g_assert(message);
		bench_keep(message);
		if (!with_arena)
			pbnetwork__conversation_message__free_unpacked(message, NULL);
		arena_reset(arena);
	}
	buf_fini(&bytes);
	arena_free(&arena);
	return used;
}

static size_t unpack_arena(size_t times)
{
	return unpack(times, true);
}

static size_t unpack_malloc(size_t times)
{
	return unpack(times, false);
}

static size_t clean(size_t times)
{
	Pbnetwork__ConversationMessage message = make_message();
	struct arena *arena = arena_new(4096);
	for (size_t i = 0; i < times; i++) {
		bool changed = wire_clean(&message.base, arena);
		g_assert(!changed);
	}
	arena_free(&arena);
	return protobuf_c_message_get_packed_size(&message.base);
}

static void count(void *ctx, const struct wire_frame *frame)
{
	*(size_t *)ctx += 1;
}

/* A stream of messages in pieces of `piece` bytes; an operation is one frame. */
static size_t split(size_t times, size_t piece)
{
	struct wire_reader reader;
	struct buf bytes;
	size_t frames = 0, at = 0, size;
	buf_init(&bytes, READ_SIZE);
	put_message(&bytes);
	size = buf_len(&bytes);
	while (buf_len(&bytes) + size <= READ_SIZE)
		put_message(&bytes);
	wire_reader_init(&reader, WIRE_FRAME_MAX);
	while (frames < times) {
		size_t n = MIN(piece, buf_len(&bytes) - at);
		bool ok = wire_reader_feed(&reader, buf_data(&bytes) + at, n, count, &frames);
		g_assert(ok);
		at = (at + n) % buf_len(&bytes);
	}
	wire_reader_fini(&reader);
	buf_fini(&bytes);
	return size;
}

static size_t split_whole(size_t times)
{
	return split(times, READ_SIZE);
}

static size_t split_pieces(size_t times)
{
	return split(times, 100);
}

static struct buf *output(void *ctx)
{
	return ctx;
}

static void flush(void *ctx)
{
	buf_truncate(ctx, 0);
}

/* From the frame through a backend to the frame of its answer. */
static size_t echo_message(size_t times)
{
	static const struct plugin_port port = { .output = output, .flush = flush };
	struct buf out, bytes;
	struct plugin *plugin = plugin_new(&port, &out);
	struct echo *echo = echo_new(plugin);
	size_t n;
	buf_init(&out, READ_SIZE);
	buf_init(&bytes, READ_SIZE);
	plugin_set_events(plugin, &echo_events, echo);
	put_message(&bytes);
	for (size_t i = 0; i < times; i++) {
		bool ok = plugin_feed(plugin, buf_data(&bytes), buf_len(&bytes));
		g_assert(ok);
	}
	n = buf_len(&bytes);
	echo_free(&echo);
	plugin_free(&plugin);
	buf_fini(&bytes);
	buf_fini(&out);
	return n;
}

const struct bench bench_wire[] = {
	{ "wire/pack message", "frame", pack },
	{ "wire/unpack message", "frame", unpack_arena },
	{ "wire/unpack message, malloc", "frame", unpack_malloc },
	{ "wire/clean message", "message", clean },
	{ "wire/split, 64 KiB at once", "frame", split_whole },
	{ "wire/split, 100 bytes at once", "frame", split_pieces },
	{ "plugin/echo message", "message", echo_message },
	{ NULL },
};
