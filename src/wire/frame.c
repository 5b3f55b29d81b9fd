/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include <glib.h>
#include <limits.h>

enum { LENGTH_SIZE = 4, VARINT_MAX = 10 };

/* Wire types of protobuf. */
enum { VARINT = 0, FIXED64 = 1, DELIMITED = 2, FIXED32 = 5 };

enum { TYPE_FIELD = 1, PAYLOAD_FIELD = 2 };

static inline bool read_varint(const uint8_t **p, const uint8_t *end, uint64_t *value)
{
	uint64_t v = 0;
	for (unsigned i = 0; i < VARINT_MAX && *p < end; i++) {
		uint8_t byte = *(*p)++;
		v |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (!(byte & 0x80)) {
			*value = v;
			return true;
		}
	}
	return false;
}

static bool skip_bytes(const uint8_t **p, const uint8_t *end, uint64_t n)
{
	if ((uint64_t)(end - *p) < n)
		return false;
	*p += n;
	return true;
}

/* A field that is neither the type nor the payload. Groups are not part of this protocol. */
static bool skip_field(const uint8_t **p, const uint8_t *end, unsigned wire_type)
{
	uint64_t n;
	switch (wire_type) {
	case VARINT:
		return read_varint(p, end, &n);
	case FIXED64:
		return skip_bytes(p, end, 8);
	case DELIMITED:
		return read_varint(p, end, &n) && skip_bytes(p, end, n);
	case FIXED32:
		return skip_bytes(p, end, 4);
	default:
		return false;
	}
}

static bool read_payload(const uint8_t **p, const uint8_t *end, struct wire_frame *frame)
{
	uint64_t n;
	if (!read_varint(p, end, &n))
		return false;
	frame->payload = *p;
	frame->payload_len = n;
	return skip_bytes(p, end, n);
}

static bool read_type(const uint8_t **p, const uint8_t *end, struct wire_frame *frame)
{
	uint64_t type;
	if (!read_varint(p, end, &type) || type > INT_MAX)
		return false;
	frame->type = (int)type;
	return true;
}

static bool read_wrapper(const uint8_t *p, const uint8_t *end, struct wire_frame *frame)
{
	while (p < end) {
		uint64_t tag;
		bool ok;
		if (!read_varint(&p, end, &tag) || tag >> 3 == 0)
			return false;
		if (tag == (TYPE_FIELD << 3 | VARINT))
			ok = read_type(&p, end, frame);
		else if (tag == (PAYLOAD_FIELD << 3 | DELIMITED))
			ok = read_payload(&p, end, frame);
		else
			ok = skip_field(&p, end, tag & 7);
		if (!ok)
			return false;
	}
	return true;
}

enum wire_result wire_next(const uint8_t *p, size_t n, size_t max, struct wire_frame *frame, size_t *used)
{
	*used = 0;
	if (n < LENGTH_SIZE)
		return WIRE_NEED_MORE;
	size_t len = (size_t)p[0] << 24 | (size_t)p[1] << 16 | (size_t)p[2] << 8 | p[3];
	if (len > max)
		return WIRE_TOO_LARGE;
	*used = LENGTH_SIZE + len;
	if (n < *used)
		return WIRE_NEED_MORE;
	*frame = (struct wire_frame){ .payload = p + LENGTH_SIZE };
	if (!read_wrapper(p + LENGTH_SIZE, p + *used, frame) || frame->type == 0)
		*frame = (struct wire_frame){ .payload = p + LENGTH_SIZE };
	return WIRE_FRAME;
}

static size_t varint_size(uint64_t v)
{
	size_t n = 1;
	for (; v >= 0x80; v >>= 7)
		n++;
	return n;
}

static uint8_t *write_varint(uint8_t *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (uint8_t)(v | 0x80);
	*p++ = (uint8_t)v;
	return p;
}

/* Makes room for a whole frame and writes all of it that comes before the payload. Returns where the
 * payload belongs, or NULL if it does not fit. The caller writes it and calls end_frame(). */
static uint8_t *begin_frame(struct buf *out, enum wire_type type, bool has_payload, size_t n)
{
	if (n > WIRE_FRAME_MAX)
		return NULL;
	size_t len = 1 + varint_size(type) + (has_payload ? 1 + varint_size(n) + n : 0);
	if (len > WIRE_FRAME_MAX || !buf_reserve(out, LENGTH_SIZE + len))
		return NULL;
	uint8_t *p = (uint8_t *)out->p + out->end;
	*p++ = (uint8_t)(len >> 24);
	*p++ = (uint8_t)(len >> 16);
	*p++ = (uint8_t)(len >> 8);
	*p++ = (uint8_t)len;
	*p++ = TYPE_FIELD << 3 | VARINT;
	p = write_varint(p, type);
	if (!has_payload)
		return p;
	*p++ = PAYLOAD_FIELD << 3 | DELIMITED;
	return write_varint(p, n);
}

static void end_frame(struct buf *out, const uint8_t *end)
{
	out->end = (size_t)(end - (const uint8_t *)out->p);
}

bool wire_put(struct buf *out, enum wire_type type, const ProtobufCMessage *message)
{
	size_t n = message ? protobuf_c_message_get_packed_size(message) : 0;
	uint8_t *p = begin_frame(out, type, message != NULL, n);
	if (!p)
		return false;
	size_t packed = message ? protobuf_c_message_pack(message, p) : 0;
	g_assert(packed == n);
	end_frame(out, p + n);
	return true;
}

bool wire_put_raw(struct buf *out, enum wire_type type, const void *payload, size_t n)
{
	uint8_t *p = begin_frame(out, type, true, n);
	if (!p)
		return false;
	if (n > 0)
		memcpy(p, payload, n);
	end_frame(out, p + n);
	return true;
}
