/* SPDX-License-Identifier: MIT */
#include "irc/line.h"

#include <string.h>

/* Ends the word at *at, moves *at to the next one and gives the word. */
static char *cut_word(char **at)
{
	char *word = *at;
	size_t n = strcspn(word, " ");
	*at = word + n;
	if (**at) {
		*(*at)++ = '\0';
		*at += strspn(*at, " ");
	}
	return word;
}

static void split_source(struct irc_line *line)
{
	size_t n = strcspn(line->source, "!@");
	if (!line->source[n])
		return;
	line->user = line->source + n + 1;
	line->source[n] = '\0';
}

static void split_args(struct irc_line *line, char *at)
{
	while (*at && line->count < IRC_ARGS_MAX) {
		/* The fifteenth parameter takes the rest even without a colon (RFC 2812, 2.3.1). */
		if (*at == ':' || line->count == IRC_ARGS_MAX - 1) {
			line->args[line->count++] = at + (*at == ':');
			return;
		}
		line->args[line->count++] = cut_word(&at);
	}
}

bool irc_line_parse(struct irc_line *line, char *text)
{
	char *at = text + strspn(text, " ");
	char *none = text + strlen(text);
	*line = (struct irc_line){ .tags = none, .source = none, .user = none, .command = none };
	if (*at == '@')
		line->tags = cut_word(&at) + 1;
	if (*at == ':') {
		line->source = cut_word(&at) + 1;
		split_source(line);
	}
	if (!*at || *at == ':')
		return false;
	line->command = cut_word(&at);
	split_args(line, at);
	return true;
}

const char *irc_line_arg(const struct irc_line *line, unsigned i)
{
	return i < line->count ? line->args[i] : "";
}

const char *irc_line_last(const struct irc_line *line)
{
	return line->count ? line->args[line->count - 1] : "";
}

bool irc_line_from_server(const struct irc_line *line)
{
	return !*line->user && (!*line->source || strchr(line->source, '.'));
}

static char unescape(char c)
{
	static const char from[] = ":srn", to[] = "; \r\n";
	const char *p = c ? strchr(from, c) : NULL;
	return p ? to[p - from] : c;
}

static bool copy_value(const char *from, size_t n, char *value, size_t size)
{
	size_t used = 0;
	for (size_t i = 0; i < n; i++) {
		char c = from[i];
		if (c == '\\') {
			if (++i == n)
				break;
			c = unescape(from[i]);
		}
		if (used + 1 >= size)
			return false;
		value[used++] = c;
	}
	value[used] = '\0';
	return true;
}

bool irc_line_tag(const struct irc_line *line, const char *name, char *value, size_t size)
{
	size_t length = strlen(name);
	for (const char *tag = line->tags; *tag; tag += *tag == ';') {
		size_t n = strcspn(tag, ";");
		if (n >= length && memcmp(tag, name, length) == 0 && (n == length || tag[length] == '='))
			return copy_value(tag + length + (n > length), n - length - (n > length), value, size);
		tag += n;
	}
	return false;
}

static char *finish(struct irc_lines *lines)
{
	size_t n = lines->used;
	bool overlong = lines->overlong;
	lines->used = 0;
	lines->overlong = false;
	while (n > 0 && lines->bytes[n - 1] == '\r')
		n--;
	if (overlong || n == 0 || memchr(lines->bytes, '\0', n))
		return NULL;
	lines->bytes[n] = '\0';
	return lines->bytes;
}

size_t irc_lines_take(struct irc_lines *lines, const char *bytes, size_t n, char **text)
{
	const char *end = n ? memchr(bytes, '\n', n) : NULL;
	size_t length = end ? (size_t)(end - bytes) : n;
	*text = NULL;
	if (length >= sizeof(lines->bytes) - lines->used)
		lines->overlong = true;
	if (!lines->overlong) {
		if (length)
			memcpy(lines->bytes + lines->used, bytes, length);
		lines->used += length;
	}
	if (!end)
		return n;
	*text = finish(lines);
	return length + 1;
}
