/* SPDX-License-Identifier: MIT */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* Borrowed text: pointer and length, UTF-8 unless said otherwise, not necessarily NUL-terminated.
 * Passed by value. Used for slices of a larger text and as the key of hash tables. */
struct str {
	const char *p;
	size_t n;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })

/* The whole of a NUL-terminated text; NULL is empty. */
static inline struct str str_of(const char *s)
{
	return (struct str){ s ? s : "", s ? strlen(s) : 0 };
}

static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool str_is(struct str a, const char *text)
{
	return str_eq(a, str_of(text));
}

/* For GHashTable: the key is a `const struct str *`. The hash is seeded at random once a process
 * (base/hash.h), so a peer that chooses the keys cannot make them collide. */
guint str_hash(gconstpointer key);
gboolean str_equal(gconstpointer a, gconstpointer b);

#endif
