/* SPDX-License-Identifier: MIT */
#include "base/str.h"

#include "base/hash.h"

guint str_hash(gconstpointer key)
{
	const struct str *s = key;
	uint64_t h = hash_bytes(s->p, s->n);
	return (guint)(h ^ h >> 32);
}

gboolean str_equal(gconstpointer a, gconstpointer b)
{
	return str_eq(*(const struct str *)a, *(const struct str *)b);
}
