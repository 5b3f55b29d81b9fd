/* SPDX-License-Identifier: MIT */
#ifndef IRC_LINE_H
#define IRC_LINE_H

#include <stdbool.h>
#include <stddef.h>

/* Lines of the IRC protocol (RFC 2812, 2.3; IRCv3 message tags). */
enum {
	IRC_LINE_MAX = 512,   /* of a line on the wire with its CR LF, without tags (RFC 2812, 2.3) */
	IRC_TAGS_MAX = 8191,  /* of the tags a server may put before it */
	IRC_ARGS_MAX = 15,    /* parameters of a command */
	IRC_SOURCE_MAX = 200, /* of the nick!user@host that is kept for measuring */
};

struct irc_line {
	char *tags;   /* without '@', "" if none */
	char *source; /* nickname or server it comes from, "" if none */
	char *user;   /* "user@host" of the source, "" if it has none */
	char *command;
	char *args[IRC_ARGS_MAX];
	unsigned count;
};

/* Cuts `text` (without CR LF, without NUL) in place; the line points into it. False if there is no
 * command. */
bool irc_line_parse(struct irc_line *line, char *text);

/* "" if there are fewer. */
const char *irc_line_arg(const struct irc_line *line, unsigned i);

/* The last parameter: the human readable one of replies. "" if there is none. */
const char *irc_line_last(const struct irc_line *line);

/* True if the source names a server, not a user: it has a dot and no user part. */
bool irc_line_from_server(const struct irc_line *line);

/* The unescaped value of a tag; false if the line has no such tag or its value does not fit. */
bool irc_line_tag(const struct irc_line *line, const char *name, char *value, size_t size);

/* Gathers bytes to lines. What is longer than a line may be is dropped up to its end. */
struct irc_lines {
	size_t used;
	bool overlong;
	char bytes[IRC_TAGS_MAX + IRC_LINE_MAX + 1];
};

/* Takes bytes up to and with the first line end. Gives how many were taken; *text is the
 * NUL-terminated line in place (valid until the next call) or NULL if there is none yet or it is
 * empty or has a NUL inside. */
size_t irc_lines_take(struct irc_lines *lines, const char *bytes, size_t n, char **text);

#endif
