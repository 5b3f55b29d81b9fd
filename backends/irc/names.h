/* SPDX-License-Identifier: MIT */
#ifndef IRC_NAMES_H
#define IRC_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Nicknames and channel names: how a network compares them, what may be in them. */
enum { IRC_TARGET_MAX = 200 }; /* bytes of a name */

enum irc_casemap { IRC_CASEMAP_RFC1459, IRC_CASEMAP_STRICT_RFC1459, IRC_CASEMAP_ASCII };

/* By the value of ISUPPORT CASEMAPPING; an unknown one is ascii, which never takes two names for one
 * that some server keeps apart. */
enum irc_casemap irc_casemap_find(const char *name);

/* The lower-case form, which is the same for all spellings of a name. Free with g_free. */
char *irc_names_fold(enum irc_casemap casemap, const char *name);
bool irc_names_equal(enum irc_casemap casemap, const char *a, const char *b);

/* Something a server may accept as nickname (RFC 2812, 2.3.1, and whatever is beyond ASCII): what
 * follows '@' is left away, other characters become '_'. Free with g_free. */
char *irc_names_make_nick(const char *wish);

/* The nickname to try after `tries` (from 1) others were taken: first with '_' appended, then, as
 * servers may cut long names, a short one with a number. Free with g_free; NULL if it is no use. */
char *irc_names_next_nick(const char *wish, unsigned tries);

/* A name that can stand as one parameter of a command and is one target, not a list of them, nor longer than any
 * nickname or channel. */
bool irc_names_is_target(const char *name);

#endif
