/* SPDX-License-Identifier: MIT */
#ifndef ADMIN_LINE_H
#define ADMIN_LINE_H

#include "admin/admin.h"
#include "base/str.h"

/* A command line taken apart: [get|set] name word... All point into the text. */
enum { LINE_WORDS_MAX = ADMIN_ARGUMENTS_MAX + 2 };

struct line {
	enum admin_verb verb; /* ADMIN_RUN: neither get nor set was said */
	struct str name;      /* empty: none */
	struct str words[LINE_WORDS_MAX];
	size_t count; /* of words; may be more than are kept */
	const char *end;
};

/* Words end at each single blank, so that two blanks have an empty word between them; with `person` at any
 * white space, and what stands around the line does not count. False: longer than ADMIN_LINE_MAX. */
bool line_split(struct line *line, const char *text, bool person);

/* From word `i` to the end of the line. */
struct str line_rest(const struct line *line, size_t i);

#endif
