/* SPDX-License-Identifier: MIT */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* A growable queue of bytes with a mandatory maximum: append at the end, consume at the start.
 * The readable bytes are p[start..end). An append that would pass `max` stores nothing and sets
 * `failed`, which sticks until buf_clear() or buf_truncate(); so a writer of several pieces checks
 * once at the end and rolls back with buf_truncate(). */
struct buf {
	char *p;
	size_t start, end, cap, max;
	bool failed;
};

/* Holds no memory until the first append. `max` in bytes, at least 1. */
void buf_init(struct buf *buf, size_t max);
void buf_fini(struct buf *buf);

/* Makes room for n more bytes at p + end. False (and `failed`) if that passes the maximum. */
bool buf_reserve_slow(struct buf *buf, size_t n);

static inline size_t buf_len(const struct buf *buf)
{
	return buf->end - buf->start;
}

static inline char *buf_data(const struct buf *buf)
{
	return buf->p + buf->start;
}

static inline bool buf_reserve(struct buf *buf, size_t n)
{
	if (buf->cap - buf->end >= n && buf->max - buf_len(buf) >= n && !buf->failed)
		return true;
	return buf_reserve_slow(buf, n);
}

static inline bool buf_append(struct buf *buf, const void *bytes, size_t n)
{
	if (!buf_reserve(buf, n))
		return false;
	if (n > 0)
		memcpy(buf->p + buf->end, bytes, n);
	buf->end += n;
	return true;
}

static inline bool buf_append_text(struct buf *buf, const char *text)
{
	return buf_append(buf, text, strlen(text));
}

/* Drops n readable bytes from the start; n <= buf_len(). */
void buf_consume(struct buf *buf, size_t n);

/* Back to `len` readable bytes (len <= buf_len()); clears `failed`. */
void buf_truncate(struct buf *buf, size_t len);

/* Empty again; keeps a small allocation, gives back a large one (over 64 KiB). */
void buf_clear(struct buf *buf);

#endif
