/* SPDX-License-Identifier: MIT */
#include "wire/frame.h"

#include <glib.h>

enum { LENGTH_SIZE = 4 };

void wire_reader_init(struct wire_reader *reader, size_t max)
{
	*reader = (struct wire_reader){ .max = max };
	buf_init(&reader->rest, LENGTH_SIZE + max);
}

void wire_reader_fini(struct wire_reader *reader)
{
	buf_fini(&reader->rest);
}

/* Only a flag: the frame that is being looked at may lie in the rest. */
void wire_reader_stop(struct wire_reader *reader)
{
	reader->stopped = true;
}

/* Keeps what may become a frame. Cannot fail: never more is kept than one frame of the maximum. */
static void keep(struct wire_reader *reader, const uint8_t *p, size_t n, size_t want)
{
	bool kept = buf_append(&reader->rest, p, n);
	g_assert(kept);
	reader->want = want;
}

/* Adds to the incomplete frame what it lacks, first its length, then the whole. Returns how many
 * bytes it took. */
static size_t complete(struct wire_reader *reader, const uint8_t *p, size_t n)
{
	size_t want = reader->want ? reader->want : LENGTH_SIZE;
	size_t lacks = want - buf_len(&reader->rest);
	size_t take = n < lacks ? n : lacks;
	keep(reader, p, take, reader->want);
	return take;
}

typedef void (*each_fn)(void *ctx, const struct wire_frame *frame);

/* Continues the incomplete frame. *used: bytes taken from p. */
static bool feed_rest(struct wire_reader *reader, const uint8_t *p, size_t n, size_t *used, each_fn each, void *ctx)
{
	struct wire_frame frame;
	size_t want;
	*used = complete(reader, p, n);
	switch (wire_next((const uint8_t *)buf_data(&reader->rest), buf_len(&reader->rest), reader->max, &frame,
			  &want)) {
	case WIRE_TOO_LARGE:
		return false;
	case WIRE_NEED_MORE:
		reader->want = want;
		return true;
	case WIRE_FRAME:
		reader->want = 0;
		each(ctx, &frame);
		buf_clear(&reader->rest);
	}
	return true;
}

/* Looks for one frame where the bytes are. */
static bool feed_straight(struct wire_reader *reader, const uint8_t *p, size_t n, size_t *used, each_fn each, void *ctx)
{
	struct wire_frame frame;
	switch (wire_next(p, n, reader->max, &frame, used)) {
	case WIRE_TOO_LARGE:
		return false;
	case WIRE_NEED_MORE:
		keep(reader, p, n, *used);
		*used = n;
		return true;
	case WIRE_FRAME:
		each(ctx, &frame);
	}
	return true;
}

bool wire_reader_feed(struct wire_reader *reader, const void *bytes, size_t n,
		      void (*each)(void *ctx, const struct wire_frame *frame), void *ctx)
{
	const uint8_t *p = bytes;
	bool ok = true;
	while (ok && n > 0 && !reader->stopped) {
		size_t used = 0;
		ok = buf_len(&reader->rest) > 0 ? feed_rest(reader, p, n, &used, each, ctx)
						: feed_straight(reader, p, n, &used, each, ctx);
		p += used;
		n -= used;
	}
	if (reader->stopped)
		buf_clear(&reader->rest);
	return ok;
}
