/* SPDX-License-Identifier: MIT */
#include "base/text.h"

#include <stdint.h>

#define EACH_BYTE(x) (UINT64_C(0x0101010101010101) * (x))

static inline bool is_continuation(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

static inline bool is_plain_ascii(unsigned char c)
{
	return c < 0x80 && (c >= 0x20 || c == '\t' || c == '\n' || c == '\r');
}

/* How many of the bytes at s, in steps of 8, are ASCII from the blank upwards. */
static inline size_t skip_printable(const char *s, size_t n)
{
	size_t i = 0;
	for (; n - i >= 8; i += 8) {
		uint64_t word;
		memcpy(&word, s + i, sizeof(word));
		/* The top bit is set where a byte is above 0x7f, or where taking a blank away borrows. */
		if (((word - EACH_BYTE(0x20)) | word) & EACH_BYTE(0x80))
			break;
	}
	return i;
}

/* RFC 3629, section 4: which second bytes a lead byte allows, and the length of the sequence. */
struct lead {
	unsigned char first, last, length, second_from, second_to;
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 2, 0x80, 0xbf }, { 0xe0, 0xe0, 3, 0xa0, 0xbf }, { 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf }, { 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf }, { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

/* Length of the well-formed sequence at s, XML or not; 0 if it is malformed. */
static size_t measure(const unsigned char *s, size_t n)
{
	if (s[0] < 0x80)
		return 1;
	for (size_t i = 0; i < G_N_ELEMENTS(leads); i++) {
		const struct lead *lead = &leads[i];
		if (s[0] < lead->first || s[0] > lead->last)
			continue;
		if (n < lead->length || s[1] < lead->second_from || s[1] > lead->second_to)
			return 0;
		for (size_t k = 2; k < lead->length; k++) {
			if (!is_continuation(s[k]))
				return 0;
		}
		return lead->length;
	}
	return 0;
}

static bool is_forbidden(const unsigned char *s)
{
	if (s[0] < 0x80)
		return !is_plain_ascii(s[0]);
	return s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe; /* U+FFFE, U+FFFF */
}

size_t text_char(const char *s, size_t n)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t length = measure(p, n);
	return length && !is_forbidden(p) ? length : 0;
}

/* Length of the clean prefix. */
static size_t skip_clean(const char *s, size_t n)
{
	size_t i = 0, length;
	while (i < n) {
		i += skip_printable(s + i, n - i);
		for (size_t k = 0; k < 8 && i < n; k++, i += length) {
			length = text_char(s + i, n - i);
			if (!length)
				return i;
		}
	}
	return n;
}

bool text_is_clean(const char *s, size_t n)
{
	return skip_clean(s, n) == n;
}

size_t text_malformed(const char *s, size_t n)
{
	unsigned char lead = (unsigned char)s[0];
	size_t wanted = lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : 1;
	size_t length = 1;
	while (length < wanted && length < n && is_continuation((unsigned char)s[length]))
		length++;
	return length;
}

const char *text_clean(struct arena *arena, const char *s)
{
	size_t n = s ? strlen(s) : 0, i = skip_clean(s ? s : "", n), out = i;
	char *copy;
	if (i == n)
		return s;
	copy = arena_strndup(arena, s, n);
	while (i < n) {
		const unsigned char *p = (const unsigned char *)s + i;
		size_t length = measure(p, n - i);
		if (!length) {
			copy[out++] = '_';
			i += text_malformed(s + i, n - i);
			continue;
		}
		if (!is_forbidden(p)) {
			memcpy(copy + out, p, length);
			out += length;
		}
		i += length;
	}
	copy[out] = '\0';
	return copy;
}

size_t text_cut(const char *s, size_t n, size_t max)
{
	size_t end = max;
	if (n <= max)
		return n;
	while (end > 0 && max - end < 3 && is_continuation((unsigned char)s[end]))
		end--;
	return is_continuation((unsigned char)s[end]) ? max : end;
}

const char *text_fold(struct arena *arena, const char *s)
{
	g_autofree char *folded = NULL;
	const char *p = s;
	while (*p && (unsigned char)*p < 0x80 && !(*p >= 'A' && *p <= 'Z'))
		p++;
	if (!*p)
		return s;
	folded = g_utf8_casefold(s, -1);
	return strcmp(folded, s) == 0 ? s : arena_strdup(arena, folded);
}
