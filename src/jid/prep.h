/* SPDX-License-Identifier: MIT */
#ifndef JID_PREP_H
#define JID_PREP_H

#include "base/arena.h"

/* The stringprep profiles (RFC 3454; nodeprep and resourceprep of RFC 6122, nameprep of RFC 3491).
 * Each returns the prepared NUL-terminated text, `s` itself where it is prepared already, a copy
 * in the arena otherwise; NULL if it cannot be prepared, is empty or is over 1023 bytes. */
const char *jid_nodeprep(struct arena *arena, const char *s, size_t n);
const char *jid_nameprep(struct arena *arena, const char *s, size_t n);
const char *jid_resourceprep(struct arena *arena, const char *s, size_t n);

#endif
