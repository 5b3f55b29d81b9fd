/* SPDX-License-Identifier: MIT */
#ifndef WIRE_FRAME_H
#define WIRE_FRAME_H

#include "base/arena.h"
#include "base/buf.h"

#include <protobuf-c/protobuf-c.h>
#include <stdint.h>

/* Frames of the backend protocol: a length of four bytes in network order, then one WrapperMessage
 * (field 1 the type, field 2 the payload). docs/backends.md describes the protocol. */
enum { WIRE_FRAME_MAX = 16 << 20 };

enum wire_type {
	WIRE_CONNECTED = 1,
	WIRE_DISCONNECTED = 2,
	WIRE_LOGIN = 3,
	WIRE_LOGOUT = 4,
	WIRE_BUDDY_CHANGED = 6,
	WIRE_BUDDY_REMOVED = 7,
	WIRE_CONV_MESSAGE = 8,
	WIRE_PING = 9,
	WIRE_PONG = 10,
	WIRE_JOIN_ROOM = 11,
	WIRE_LEAVE_ROOM = 12,
	WIRE_PARTICIPANT_CHANGED = 13,
	WIRE_ROOM_NICKNAME_CHANGED = 14,
	WIRE_ROOM_SUBJECT_CHANGED = 15,
	WIRE_VCARD = 16,
	WIRE_STATUS_CHANGED = 17,
	WIRE_BUDDY_TYPING = 18,
	WIRE_BUDDY_STOPPED_TYPING = 19,
	WIRE_BUDDY_TYPED = 20,
	WIRE_AUTH_REQUEST = 21,
	WIRE_ATTENTION = 22,
	WIRE_STATS = 23,
	WIRE_EXIT = 29,
	WIRE_BACKEND_CONFIG = 30,
	WIRE_QUERY = 31,
	WIRE_ROOM_LIST = 32,
	WIRE_CONV_MESSAGE_ACK = 33,
	WIRE_RAW_XML = 34,
	WIRE_BUDDIES = 35,
	WIRE_API_VERSION = 36
};

struct wire_frame {
	int type; /* of any number, also unknown ones; 0: the wrapper itself does not parse */
	const uint8_t *payload;
	size_t payload_len;
};

enum wire_result { WIRE_NEED_MORE, WIRE_FRAME, WIRE_TOO_LARGE };

/* Looks at the n bytes at p for one frame, copying nothing. WIRE_FRAME: *frame is filled (payload
 * points into p) and *used says how many bytes it took. WIRE_NEED_MORE: *used is the whole length
 * of the frame if the length is known, else 0. WIRE_TOO_LARGE: the length is over `max`. */
enum wire_result wire_next(const uint8_t *p, size_t n, size_t max, struct wire_frame *frame, size_t *used);

/* Splits a stream of bytes into frames: parses straight from what is fed and keeps only the rest
 * of an incomplete frame. */
struct wire_reader {
	struct buf rest;
	size_t max, want;
	bool stopped;
};

void wire_reader_init(struct wire_reader *reader, size_t max);
void wire_reader_fini(struct wire_reader *reader);

/* Calls `each` for every complete frame; the frame is borrowed for the call. Inside it
 * wire_reader_stop() ends the feed and drops the rest. False on a frame over the maximum; the
 * reader is of no use after that. */
bool wire_reader_feed(struct wire_reader *reader, const void *bytes, size_t n,
		      void (*each)(void *ctx, const struct wire_frame *frame), void *ctx);
void wire_reader_stop(struct wire_reader *reader);

/* Appends one frame. `message` is the payload to pack, or NULL for none. False if it does not fit. */
bool wire_put(struct buf *out, enum wire_type type, const ProtobufCMessage *message);

/* The same with a payload of raw bytes (WIRE_RAW_XML). */
bool wire_put_raw(struct buf *out, enum wire_type type, const void *payload, size_t n);

/* Unpacks a payload into the arena; NULL if it does not parse. Free nothing: it dies with the arena. */
void *wire_unpack(const ProtobufCMessageDescriptor *descriptor, struct arena *arena, const struct wire_frame *frame);

/* The name for logs, such as "CONV_MESSAGE", or "type 99". */
const char *wire_type_name(int type);

#endif
