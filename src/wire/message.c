/* SPDX-License-Identifier: MIT */
#include "wire/message.h"

#include "base/text.h"
#include "wire/frame.h"

#include <stdio.h>

/* protobuf-c needs some dozen bytes for each field it meets, and a few bytes on the wire can be one.
 * What a payload may cost is therefore a multiple of its size, and never more than the last of these. */
enum { UNPACK_BASE = 64 << 10, UNPACK_FACTOR = 32, UNPACK_MAX = 4 * WIRE_FRAME_MAX };

struct budget {
	struct arena *arena;
	size_t left;
};

/* NULL makes the unpacking fail as a whole. */
static void *take_memory(void *data, size_t n)
{
	struct budget *budget = data;
	size_t cost = (n | 15) + 1; /* at least what the arena rounds up to */
	if (n > budget->left || cost > budget->left)
		return NULL;
	budget->left -= cost;
	return arena_alloc(budget->arena, n);
}

static void give_back(void *data, void *p)
{
}

void *wire_unpack(const ProtobufCMessageDescriptor *descriptor, struct arena *arena, const struct wire_frame *frame)
{
	if (frame->payload_len > WIRE_FRAME_MAX)
		return NULL;
	struct budget budget = { arena, MIN(UNPACK_BASE + UNPACK_FACTOR * frame->payload_len, (size_t)UNPACK_MAX) };
	ProtobufCAllocator allocator = { .alloc = take_memory, .free = give_back, .allocator_data = &budget };
	return protobuf_c_message_unpack(descriptor, &allocator, frame->payload_len, frame->payload);
}

static bool clean_text(char **text, struct arena *arena)
{
	char *clean = (char *)text_clean(arena, *text);
	bool changed = clean != *text;
	*text = clean;
	return changed;
}

/* The list may be the sender's own, so the first change copies it. */
static bool clean_texts(char ***list, size_t n, struct arena *arena)
{
	char **copy = NULL;
	for (size_t i = 0; i < n; i++) {
		char *text = (*list)[i];
		if (!clean_text(&text, arena))
			continue;
		if (!copy) {
			copy = arena_alloc(arena, n * sizeof(*copy));
			memcpy(copy, *list, n * sizeof(*copy));
			*list = copy;
		}
		copy[i] = text;
	}
	return copy != NULL;
}

static bool clean_messages(ProtobufCMessage **list, size_t n, struct arena *arena)
{
	bool changed = false;
	for (size_t i = 0; i < n; i++)
		changed |= list[i] && wire_clean(list[i], arena);
	return changed;
}

/* Recursion is bounded by the schema, which has no message inside itself. */
bool wire_clean(ProtobufCMessage *message, struct arena *arena)
{
	const ProtobufCMessageDescriptor *descriptor = message->descriptor;
	bool changed = false;
	for (unsigned i = 0; i < descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
		void *at = (char *)message + field->offset;
		bool many = field->label == PROTOBUF_C_LABEL_REPEATED;
		size_t n = many ? *(size_t *)((char *)message + field->quantifier_offset) : 1;
		if (field->type == PROTOBUF_C_TYPE_STRING)
			changed |= many ? clean_texts(at, n, arena) : clean_text(at, arena);
		else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
			changed |= clean_messages(many ? *(ProtobufCMessage ***)at : at, n, arena);
	}
	return changed;
}

static const char *const type_names[] = {
	[WIRE_CONNECTED] = "CONNECTED",
	[WIRE_DISCONNECTED] = "DISCONNECTED",
	[WIRE_LOGIN] = "LOGIN",
	[WIRE_LOGOUT] = "LOGOUT",
	[WIRE_BUDDY_CHANGED] = "BUDDY_CHANGED",
	[WIRE_BUDDY_REMOVED] = "BUDDY_REMOVED",
	[WIRE_CONV_MESSAGE] = "CONV_MESSAGE",
	[WIRE_PING] = "PING",
	[WIRE_PONG] = "PONG",
	[WIRE_JOIN_ROOM] = "JOIN_ROOM",
	[WIRE_LEAVE_ROOM] = "LEAVE_ROOM",
	[WIRE_PARTICIPANT_CHANGED] = "PARTICIPANT_CHANGED",
	[WIRE_ROOM_NICKNAME_CHANGED] = "ROOM_NICKNAME_CHANGED",
	[WIRE_ROOM_SUBJECT_CHANGED] = "ROOM_SUBJECT_CHANGED",
	[WIRE_VCARD] = "VCARD",
	[WIRE_STATUS_CHANGED] = "STATUS_CHANGED",
	[WIRE_BUDDY_TYPING] = "BUDDY_TYPING",
	[WIRE_BUDDY_STOPPED_TYPING] = "BUDDY_STOPPED_TYPING",
	[WIRE_BUDDY_TYPED] = "BUDDY_TYPED",
	[WIRE_AUTH_REQUEST] = "AUTH_REQUEST",
	[WIRE_ATTENTION] = "ATTENTION",
	[WIRE_STATS] = "STATS",
	[WIRE_EXIT] = "EXIT",
	[WIRE_BACKEND_CONFIG] = "BACKEND_CONFIG",
	[WIRE_QUERY] = "QUERY",
	[WIRE_ROOM_LIST] = "ROOM_LIST",
	[WIRE_CONV_MESSAGE_ACK] = "CONV_MESSAGE_ACK",
	[WIRE_RAW_XML] = "RAW_XML",
	[WIRE_BUDDIES] = "BUDDIES",
	[WIRE_API_VERSION] = "API_VERSION",
};

const char *wire_type_name(int type)
{
	static char other[32];
	if (type > 0 && (size_t)type < G_N_ELEMENTS(type_names) && type_names[type])
		return type_names[type];
	snprintf(other, sizeof(other), "type %d", type);
	return other;
}
