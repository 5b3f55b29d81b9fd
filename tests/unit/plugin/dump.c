/* SPDX-License-Identifier: MIT */
#include "dump.h"

#include "pbnetwork.pb-c.h"
#include "wire/frame.h"

static const ProtobufCMessageDescriptor *const descriptors[] = {
	[WIRE_CONNECTED] = &pbnetwork__connected__descriptor,
	[WIRE_DISCONNECTED] = &pbnetwork__disconnected__descriptor,
	[WIRE_BUDDY_CHANGED] = &pbnetwork__buddy__descriptor,
	[WIRE_CONV_MESSAGE] = &pbnetwork__conversation_message__descriptor,
	[WIRE_PARTICIPANT_CHANGED] = &pbnetwork__participant__descriptor,
	[WIRE_ROOM_SUBJECT_CHANGED] = &pbnetwork__conversation_message__descriptor,
	[WIRE_VCARD] = &pbnetwork__vcard__descriptor,
	[WIRE_BUDDY_TYPING] = &pbnetwork__buddy__descriptor,
	[WIRE_BUDDY_STOPPED_TYPING] = &pbnetwork__buddy__descriptor,
	[WIRE_BUDDY_TYPED] = &pbnetwork__buddy__descriptor,
	[WIRE_ATTENTION] = &pbnetwork__conversation_message__descriptor,
	[WIRE_CONV_MESSAGE_ACK] = &pbnetwork__conversation_message__descriptor,
};

static bool is_there(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
	const char *base = (const char *)message;
	if (field->label == PROTOBUF_C_LABEL_REQUIRED)
		return true;
	if (field->type == PROTOBUF_C_TYPE_STRING && field->label == PROTOBUF_C_LABEL_OPTIONAL)
		return *(char *const *)(base + field->offset) != NULL;
	return field->quantifier_offset && *(const protobuf_c_boolean *)(base + field->quantifier_offset);
}

static void dump_value(const ProtobufCFieldDescriptor *field, const void *at, GString *text)
{
	if (field->label == PROTOBUF_C_LABEL_REPEATED)
		g_string_append(text, "...");
	else if (field->type == PROTOBUF_C_TYPE_STRING)
		g_string_append(text, *(char *const *)at);
	else if (field->type == PROTOBUF_C_TYPE_BYTES)
		g_string_append_printf(text, "%zu bytes", ((const ProtobufCBinaryData *)at)->len);
	else
		g_string_append_printf(text, "%d", *(const int32_t *)at);
}

static void dump_message(const ProtobufCMessage *message, GString *text)
{
	for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
		const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
		if (!is_there(message, field))
			continue;
		g_string_append_printf(text, " %s=", field->name);
		dump_value(field, (const char *)message + field->offset, text);
	}
}

void dump_frames(struct buf *bytes, GString *text)
{
	struct wire_frame frame;
	struct arena *arena = arena_new(4096);
	size_t used;
	while (wire_next((const uint8_t *)buf_data(bytes), buf_len(bytes), WIRE_FRAME_MAX, &frame, &used) ==
	       WIRE_FRAME) {
		g_string_append(text, wire_type_name(frame.type));
		if ((size_t)frame.type < G_N_ELEMENTS(descriptors) && descriptors[frame.type])
			dump_message(wire_unpack(descriptors[frame.type], arena, &frame), text);
		g_string_append_c(text, '\n');
		buf_consume(bytes, used);
	}
	arena_free(&arena);
}
