/* SPDX-License-Identifier: MIT */
/* Whatever the bytes are and however they are cut, the same frames come out, every payload unpacks or
 * does not within its budget of memory, and what unpacks also cleans. The first byte is the size of the
 * pieces. */
#include "base/text.h"
#include "pbnetwork.pb-c.h"
#include "wire/frame.h"
#include "wire/message.h"

enum { MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ProtobufCMessageDescriptor *const descriptors[] = {
	&pbnetwork__login__descriptor,       &pbnetwork__buddies__descriptor,
	&pbnetwork__buddy__descriptor,       &pbnetwork__conversation_message__descriptor,
	&pbnetwork__room_list__descriptor,   &pbnetwork__vcard__descriptor,
	&pbnetwork__participant__descriptor, &pbnetwork__room__descriptor,
	&pbnetwork__stats__descriptor,
};

static struct arena *arena;

static void unpack(const struct wire_frame *frame)
{
	for (size_t i = 0; i < G_N_ELEMENTS(descriptors); i++) {
		ProtobufCMessage *message = wire_unpack(descriptors[i], arena, frame);
		g_assert(arena_used(arena) <= (64 << 10) + 32 * frame->payload_len);
		if (message) {
			wire_clean(message, arena);
			bool again = wire_clean(message, arena);
			g_assert(!again);
		}
		arena_reset(arena);
	}
}

static void see_whole(void *ctx, const struct wire_frame *frame)
{
	g_string_append_printf(ctx, "%d %zu %s;", frame->type, frame->payload_len, wire_type_name(frame->type));
	g_string_append_len(ctx, (const char *)frame->payload, (gssize)frame->payload_len);
	unpack(frame);
}

static void see_piece(void *ctx, const struct wire_frame *frame)
{
	g_string_append_printf(ctx, "%d %zu %s;", frame->type, frame->payload_len, wire_type_name(frame->type));
	g_string_append_len(ctx, (const char *)frame->payload, (gssize)frame->payload_len);
}

static bool feed_pieces(struct wire_reader *reader, const uint8_t *data, size_t size, size_t piece, GString *seen)
{
	bool ok = true;
	for (size_t at = 0; ok && at < size; at += piece)
		ok = wire_reader_feed(reader, data + at, MIN(piece, size - at), see_piece, seen);
	return ok;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct wire_reader whole, pieces;
	g_autoptr(GString) a = g_string_new(NULL), b = g_string_new(NULL);
	if (size < 1)
		return 0;
	if (!arena)
		arena = arena_new(4096);
	wire_reader_init(&whole, MAX);
	wire_reader_init(&pieces, MAX);
	bool ok = wire_reader_feed(&whole, data + 1, size - 1, see_whole, a);
	bool same = feed_pieces(&pieces, data + 1, size - 1, data[0] + 1u, b) == ok;
	g_assert(same);
	g_assert(g_string_equal(a, b));
	wire_reader_fini(&whole);
	wire_reader_fini(&pieces);
	return 0;
}
