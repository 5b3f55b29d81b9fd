/* SPDX-License-Identifier: MIT */
#include "admin/line.h"

static bool ends_word(char c, bool person)
{
	return c == ' ' || (person && g_ascii_isspace(c));
}

/* Moves *at behind the word and its end; NULL after the last one. */
static struct str next_word(const char **at, const char *end, bool person)
{
	const char *start = *at, *p = start;
	while (p < end && !ends_word(*p, person))
		p++;
	struct str word = { start, (size_t)(p - start) };
	if (p == end) {
		*at = NULL;
		return word;
	}
	p++;
	while (person && p < end && g_ascii_isspace(*p))
		p++;
	*at = p;
	return word;
}

static bool is_verb(struct str word, const char *verb, bool person)
{
	return person ? word.n == strlen(verb) && !g_ascii_strncasecmp(word.p, verb, word.n) : str_is(word, verb);
}

static enum admin_verb verb_of(struct str word, bool person)
{
	return is_verb(word, "get", person) ? ADMIN_GET : is_verb(word, "set", person) ? ADMIN_SET : ADMIN_RUN;
}

bool line_split(struct line *line, const char *text, bool person)
{
	size_t n = strnlen(text, ADMIN_LINE_MAX + 1);
	const char *end = text + n, *at = text;
	*line = (struct line){ .end = end };
	if (n > ADMIN_LINE_MAX)
		return false;
	while (person && end > at && g_ascii_isspace(end[-1]))
		end--;
	while (person && at < end && g_ascii_isspace(*at))
		at++;
	line->end = end;
	line->name = next_word(&at, end, person);
	/* Alone, these are names. */
	line->verb = at ? verb_of(line->name, person) : ADMIN_RUN;
	if (at && line->verb != ADMIN_RUN)
		line->name = next_word(&at, end, person);
	while (at) {
		struct str word = next_word(&at, end, person);
		if (line->count < LINE_WORDS_MAX)
			line->words[line->count] = word;
		line->count++;
	}
	return true;
}

struct str line_rest(const struct line *line, size_t i)
{
	const char *start = line->words[i].p;
	return (struct str){ start, (size_t)(line->end - start) };
}
