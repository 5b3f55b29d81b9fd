/* SPDX-License-Identifier: MIT */
#ifndef JID_JID_H
#define JID_JID_H

#include "base/arena.h"

#include <stdint.h>

/* Longest part and longest JID in bytes (RFC 7622, section 3.1). */
enum { JID_PART_MAX = 1023, JID_MAX = 3 * JID_PART_MAX + 2 };

/* An XMPP address (RFC 7622; prepared by the stringprep profiles of RFC 6122, which is what
 * servers still compare by). A small value that borrows its text: `full` is NUL-terminated and
 * prepared, so equal JIDs are equal bytes. */
struct jid {
	const char *full;
	uint16_t node; /* bytes of the node; 0: none */
	uint16_t bare; /* bytes of node@domain */
	uint16_t len;  /* bytes of all */
};

/* Parses and prepares. `text` must be NUL-terminated at n. Where it is prepared already (the usual
 * case, found in one pass for ASCII) the JID borrows `text`, else a copy in the arena. False if it
 * is not a JID (empty part, forbidden character, too long, not UTF-8). */
bool jid_parse(struct jid *jid, struct arena *arena, const char *text, size_t n);

static inline bool jid_parse_text(struct jid *jid, struct arena *arena, const char *text)
{
	return jid_parse(jid, arena, text, strlen(text));
}

/* node@domain/resource from parts; node and resource may be NULL or "". Prepared copies. */
bool jid_build(struct jid *jid, struct arena *arena, const char *node, const char *domain, const char *resource);

static inline struct str jid_bare(const struct jid *jid)
{
	return (struct str){ jid->full, jid->bare };
}

static inline struct str jid_node(const struct jid *jid)
{
	return (struct str){ jid->full, jid->node };
}

static inline struct str jid_domain(const struct jid *jid)
{
	size_t skip = jid->node ? jid->node + 1u : 0;
	return (struct str){ jid->full + skip, jid->bare - skip };
}

/* NUL-terminated (it is the tail); "" if none. */
static inline const char *jid_resource(const struct jid *jid)
{
	return jid->len > jid->bare ? jid->full + jid->bare + 1 : "";
}

static inline bool jid_is_bare(const struct jid *jid)
{
	return jid->len == jid->bare;
}

bool jid_equal(const struct jid *a, const struct jid *b);
bool jid_equal_bare(const struct jid *a, const struct jid *b);

/* The bare JID as a NUL-terminated text. */
const char *jid_bare_text(const struct jid *jid, struct arena *arena);

#endif
