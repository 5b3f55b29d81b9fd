/* SPDX-License-Identifier: MIT */
#include "base/buf.h"

#include <glib.h>
#include <stdint.h>

#define FIRST_CAPACITY 256
#define KEPT_CAPACITY  65536

/* Where p points while there is no memory, so that p + 0 is always a pointer. */
static char nothing[1];

void buf_init(struct buf *buf, size_t max)
{
	g_assert(max >= 1 && max <= SIZE_MAX / 4);
	*buf = (struct buf){ .p = nothing, .max = max };
}

static void drop_memory(struct buf *buf)
{
	if (buf->cap > 0)
		g_free(buf->p);
	buf->p = nothing;
	buf->cap = 0;
}

void buf_fini(struct buf *buf)
{
	drop_memory(buf);
	buf->start = buf->end = 0;
	buf->failed = false;
}

static void compact(struct buf *buf, size_t len)
{
	memmove(buf->p, buf->p + buf->start, len);
	buf->start = 0;
	buf->end = len;
}

/* To twice what is needed, so each byte is copied a bounded number of times. */
static void grow(struct buf *buf, size_t len, size_t n)
{
	size_t cap = MAX(2 * (len + n), FIRST_CAPACITY);
	char *p = g_malloc(cap);
	memcpy(p, buf->p + buf->start, len);
	drop_memory(buf);
	buf->p = p;
	buf->cap = cap;
	buf->start = 0;
	buf->end = len;
}

bool buf_reserve_slow(struct buf *buf, size_t n)
{
	size_t len = buf_len(buf);
	if (buf->failed || n > buf->max - len) {
		buf->failed = true;
		return false;
	}
	if (buf->cap - buf->end >= n)
		return true;
	/* Moving is paid for by the bytes consumed before: never more are moved than were consumed. */
	if (buf->start >= len && buf->cap - len >= n)
		compact(buf, len);
	else
		grow(buf, len, n);
	return true;
}

void buf_consume(struct buf *buf, size_t n)
{
	g_assert(n <= buf_len(buf));
	buf->start += n;
	if (buf->start == buf->end)
		buf->start = buf->end = 0;
}

void buf_truncate(struct buf *buf, size_t len)
{
	g_assert(len <= buf_len(buf));
	buf->end = buf->start + len;
	buf->failed = false;
}

void buf_clear(struct buf *buf)
{
	if (buf->cap > KEPT_CAPACITY)
		drop_memory(buf);
	buf->start = buf->end = 0;
	buf->failed = false;
}
