/* SPDX-License-Identifier: MIT */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"

/* What text may enter an XML stream: valid UTF-8 (RFC 3629: no overlong forms, no surrogates,
 * at most U+10FFFF) of the characters of XML 1.0, section 2.2 (no control characters but tab,
 * newline and return, no U+FFFE and U+FFFF). */
bool text_is_clean(const char *s, size_t n);

/* Length in bytes of the well-formed character XML allows at s (n > 0 bytes there), or 0. */
size_t text_char(const char *s, size_t n);

/* Length of what is malformed at s (n > 0 bytes there) and becomes one '_': a bad lead byte with the
 * continuation bytes that it asks for, as far as there are any, or one byte. */
size_t text_malformed(const char *s, size_t n);

/* `s` itself if it is clean, else a copy in the arena in which each malformed sequence is one '_'
 * and each forbidden character is left out. NULL gives NULL. */
const char *text_clean(struct arena *arena, const char *s);

/* The longest prefix of at most `max` bytes that ends between two characters. */
size_t text_cut(const char *s, size_t n, size_t max);

/* Unicode case folding as key for caseless look-up. Returns `s` when folding changes nothing,
 * else a copy in the arena. `s` must be valid UTF-8. */
const char *text_fold(struct arena *arena, const char *s);

#endif
