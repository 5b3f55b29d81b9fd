/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_INI_H
#define CONFIG_INI_H

#include <stddef.h>

/* The INI dialect of our files and of what backends announce:
 *
 *     [section]
 *     key = value
 *     other.key = value     # dotted keys before the first section, or as they are inside one
 *
 * '#' begins a comment at the start of a line or after a blank. Keys and values are trimmed; a value
 * keeps all else, without quotes or escapes. Text in, calls out; no I/O. */
#define CONFIG_INI_TEXT_MAX (1024 * 1024) /* bytes of a file */
#define CONFIG_INI_LINE_MAX (16 * 1024)

struct config_ini_sink {
	/* One "section.key" and its value, which live during the call. Inside a section the key is
	 * prefixed by its name. */
	void (*row)(void *ctx, const char *key, const char *value, unsigned line);
	/* What is wrong with a line; parsing goes on with the next. The text never quotes the line, which
	 * may hold a password. */
	void (*fault)(void *ctx, unsigned line, const char *what);
};

/* Parses n bytes. A text over the limit is one fault in line 1 and nothing else. */
void config_ini_parse(const char *text, size_t n, const struct config_ini_sink *sink, void *ctx);

#endif
