/* SPDX-License-Identifier: MIT */
/* Command lines of people and of programs: words lie in the text, in order, and have no blank in them; those of
 * programs are the whole text. */
#include "admin/line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_words(const struct line *line, const char *text, bool person)
{
	const char *at = line->name.p ? line->name.p + line->name.n : text;
	g_assert(line->end >= text && line->end <= text + strlen(text));
	for (size_t i = 0; i < line->count && i < LINE_WORDS_MAX; i++) {
		struct str word = line->words[i], rest = line_rest(line, i);
		g_assert(word.p > at && word.p + word.n <= line->end);
		g_assert(rest.p == word.p && rest.n >= word.n);
		g_assert(!memchr(word.p, ' ', word.n));
		g_assert(!person || !memchr(word.p, '\n', word.n));
		at = word.p + word.n;
	}
}

static void check_whole(const struct line *line, const char *text)
{
	size_t blanks = 0;
	for (const char *p = text; *p; p++)
		blanks += *p == ' ';
	g_assert(blanks == line->count + (line->verb != ADMIN_RUN));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup(size ? (const char *)data : "", size);
	struct line line;
	for (int person = 0; person <= 1; person++) {
		if (!line_split(&line, text, person)) {
			g_assert(strlen(text) > ADMIN_LINE_MAX);
			continue;
		}
		check_words(&line, text, person);
		if (!person)
			check_whole(&line, text);
		admin_find(line.name, true);
		admin_find(line.name, false);
	}
	return 0;
}
