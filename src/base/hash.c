/* SPDX-License-Identifier: MIT */
#include "base/hash.h"

#include <glib.h>
#include <string.h>
#include <sys/random.h>

/* SipHash-1-3: one round for each word, three at the end (Aumasson and Bernstein, 2012). */
struct state {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned bits)
{
	return x << bits | x >> (64 - bits);
}

static inline void mix(struct state *s)
{
	s->v0 += s->v1;
	s->v1 = rotate(s->v1, 13) ^ s->v0;
	s->v0 = rotate(s->v0, 32);
	s->v2 += s->v3;
	s->v3 = rotate(s->v3, 16) ^ s->v2;
	s->v0 += s->v3;
	s->v3 = rotate(s->v3, 21) ^ s->v0;
	s->v2 += s->v1;
	s->v1 = rotate(s->v1, 17) ^ s->v2;
	s->v2 = rotate(s->v2, 32);
}

static inline void absorb(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	mix(s);
	s->v0 ^= word;
}

static inline uint64_t load(const unsigned char *p)
{
	uint64_t word;
	memcpy(&word, p, sizeof(word));
	return GUINT64_FROM_LE(word);
}

/* The last 0 to 7 bytes, with the length in the top byte. */
static inline uint64_t load_tail(const unsigned char *p, size_t n)
{
	uint64_t word = (uint64_t)n << 56;
	for (size_t i = 0; i < (n & 7); i++)
		word |= (uint64_t)p[i] << (8 * i);
	return word;
}

static inline uint64_t siphash(const unsigned char *p, size_t n, uint64_t k0, uint64_t k1)
{
	struct state s = { k0 ^ 0x736f6d6570736575u, k1 ^ 0x646f72616e646f6du, k0 ^ 0x6c7967656e657261u,
			   k1 ^ 0x7465646279746573u };
	for (size_t i = 0; i < n / 8; i++, p += 8)
		absorb(&s, load(p));
	absorb(&s, load_tail(p, n));
	s.v2 ^= 0xff;
	mix(&s);
	mix(&s);
	mix(&s);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

uint64_t hash_bytes_keyed(const void *bytes, size_t n, uint64_t k0, uint64_t k1)
{
	return siphash(bytes, n, k0, k1);
}

uint64_t hash_bytes(const void *bytes, size_t n)
{
	static uint64_t key[2];
	static gsize drawn;
	if (g_once_init_enter(&drawn)) {
		ssize_t got = getrandom(key, sizeof(key), 0);
		g_assert(got == (ssize_t)sizeof(key));
		g_once_init_leave(&drawn, 1);
	}
	return siphash(bytes, n, key[0], key[1]);
}

unsigned hash_text(const void *text)
{
	uint64_t h = hash_bytes(text, strlen(text));
	return (unsigned)(h ^ h >> 32);
}
