/* SPDX-License-Identifier: MIT */
#include "irc/text.h"

#include "base/text.h"

#include <string.h>

enum { BLANK_WITHIN = 60 }; /* a word longer than this is cut */

char *irc_text_utf8(const char *bytes)
{
	const char *end;
	size_t n = strlen(bytes);
	if (g_utf8_validate(bytes, (gssize)n, &end))
		return g_strndup(bytes, n);
	/* -2: the first bytes of a character whose rest is missing. */
	if (g_utf8_get_char_validated(end, (gssize)(n - (size_t)(end - bytes))) == (gunichar)-2)
		return g_strndup(bytes, (size_t)(end - bytes));
	GString *text = g_string_sized_new(n * 2);
	for (size_t i = 0; i < n; i++)
		g_string_append_unichar(text, (unsigned char)bytes[i]);
	return g_string_free(text, FALSE);
}

/* At most `max` characters of `set`. */
static size_t span(const char *p, const char *set, size_t max)
{
	size_t n = strspn(p, set);
	return n < max ? n : max;
}

/* Bytes after a colour code: "N", "NN", "NN,N" or "NN,NN"; a comma without digits is text. */
static size_t skip_colour(const char *p, const char *digits, size_t width)
{
	size_t n = span(p, digits, width);
	if (n && p[n] == ',') {
		size_t background = span(p + n + 1, digits, width);
		n += background ? background + 1 : 0;
	}
	return n;
}

void irc_text_strip(char *text)
{
	char *to = text;
	for (const char *p = text; *p; p++) {
		if (*p == '\x03')
			p += skip_colour(p + 1, "0123456789", 2);
		else if (*p == '\x04')
			p += skip_colour(p + 1, "0123456789abcdefABCDEF", 6);
		else if ((unsigned char)*p >= 0x20 || *p == '\t')
			*to++ = *p;
	}
	*to = '\0';
}

size_t irc_text_piece(const char *text, size_t max, size_t *skip)
{
	size_t n = strcspn(text, "\r\n");
	if (n <= max) {
		*skip = n + strspn(text + n, "\r\n");
		return n;
	}
	n = text_cut(text, n, max);
	for (size_t at = n; at > 0 && at + BLANK_WITHIN > n; at--) {
		if (text[at] != ' ')
			continue;
		*skip = at + 1;
		return at;
	}
	*skip = n;
	return n;
}
