/* SPDX-License-Identifier: MIT */
#ifndef IRC_TEXT_H
#define IRC_TEXT_H

#include <stddef.h>

/* Text on IRC. */

/* Valid UTF-8 of what a server sent: what is not UTF-8 is read as Latin-1, but a character that was cut at the end
 * (servers cut lines at bytes) is dropped. Free with g_free. */
char *irc_text_utf8(const char *bytes);

/* Takes formatting (bold, colours and the like, https://modern.ircdocs.horse/formatting) and other control characters
 * out of a text, in place. */
void irc_text_strip(char *text);

/* How many bytes of the first line at `text` fit into `max` (at least 4): up to a newline, else up to a blank near the
 * limit, else between two characters. *skip is where the next piece starts (the newline or blank is left out). */
size_t irc_text_piece(const char *text, size_t max, size_t *skip);

#endif
