/* SPDX-License-Identifier: MIT */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/str.h"

/* Bump allocation for things that die together: a stanza's tree, a request, an unpacked frame.
 * Memory is 16-byte aligned, not zeroed, never freed singly. Out of memory aborts, so callers
 * bound what a peer can make them allocate before they allocate it. Not thread-safe. */
struct arena;

/* `chunk` is the size of the first and of each further piece in bytes (at least 256). */
struct arena *arena_new(size_t chunk);
void arena_free(struct arena **arena);

void *arena_alloc(struct arena *arena, size_t n);
void *arena_zalloc(struct arena *arena, size_t n);

/* NUL-terminated copies. */
char *arena_strndup(struct arena *arena, const char *s, size_t n);
char *arena_strdup(struct arena *arena, const char *s);
char *arena_printf(struct arena *arena, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Grows the newest allocation of `old` bytes at `p` by `more` bytes, in place where there is room,
 * else by a copy. Returns the (possibly new) place. `p` must be the newest allocation. */
void *arena_grow(struct arena *arena, void *p, size_t old, size_t more);

/* Forgets everything at once. The first chunk is kept for reuse, the others are given back. */
void arena_reset(struct arena *arena);

/* The same for one that has held secrets: everything is overwritten before. */
void arena_wipe(struct arena *arena);

/* Bytes handed out since the last reset. */
size_t arena_used(const struct arena *arena);

#endif
