/* SPDX-License-Identifier: MIT */
#ifndef JID_PREP_H
#define JID_PREP_H

#include "base/arena.h"

/* The stringprep profiles (RFC 3454; nodeprep and resourceprep of RFC 6122, nameprep of RFC 3491).
 * Each returns the prepared NUL-terminated text, `s` itself where it is prepared already (s[n], which
 * must be readable, being NUL), a copy in the arena otherwise; NULL if it cannot be prepared, is
 * empty or is over 1023 bytes. jid_nameprep() takes whole domains: an IPv4 or IPv6 address (that one
 * with or without brackets), or labels of letters, digits, '-' and '_'; it drops a dot at the end. */
const char *jid_nodeprep(struct arena *arena, const char *s, size_t n);
const char *jid_nameprep(struct arena *arena, const char *s, size_t n);
const char *jid_resourceprep(struct arena *arena, const char *s, size_t n);

enum jid_part { JID_NODE, JID_DOMAIN, JID_RESOURCE };

enum { JID_PREP_ROOM = 1024 };

/* The same for a slice, without an arena: the result is the slice itself where that is prepared
 * already, else in `room`; its p is NULL if it cannot be prepared. Not NUL-terminated. */
struct str jid_prep(enum jid_part part, struct str text, char room[static JID_PREP_ROOM]);

/* SASLprep (RFC 4013), for names and passwords of SASL: NUL-terminated in `room`. False if it cannot be prepared,
 * is empty or is over 1023 bytes. */
bool jid_saslprep(const char *text, char room[static JID_PREP_ROOM]);

#endif
