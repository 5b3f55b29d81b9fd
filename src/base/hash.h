/* SPDX-License-Identifier: MIT */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* SipHash-1-3 of the bytes, under a key drawn at random at the first call (getrandom). Stable
 * within one process only. Thread-safe. */
uint64_t hash_bytes(const void *bytes, size_t n);

/* The same of a NUL-terminated text, as GHashTable wants it: for keys that peers choose. */
unsigned hash_text(const void *text);

/* hash_bytes() under a given 128-bit key, for tests. */
uint64_t hash_bytes_keyed(const void *bytes, size_t n, uint64_t k0, uint64_t k1);

#endif
