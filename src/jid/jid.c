/* SPDX-License-Identifier: MIT */
#include "jid/jid.h"

#include "jid/prep.h"

_Static_assert(JID_PREP_ROOM == JID_PART_MAX + 1, "a part with its end fits");

/* In the order of enum jid_part. An absent part has a NULL p. */
struct parts {
	struct str part[3];
};

/* RFC 7622, section 3.1: the first '/' ends the bare JID, the first '@' before it the node. */
static struct parts split(const char *text, size_t n)
{
	const char *slash = memchr(text, '/', n);
	size_t bare = slash ? (size_t)(slash - text) : n;
	const char *at = memchr(text, '@', bare);
	size_t domain = at ? (size_t)(at - text) + 1 : 0;
	struct parts parts = { .part[JID_DOMAIN] = { text + domain, bare - domain } };
	if (at)
		parts.part[JID_NODE] = (struct str){ text, domain - 1 };
	if (slash)
		parts.part[JID_RESOURCE] = (struct str){ slash + 1, n - bare - 1 };
	return parts;
}

static char *put(char *to, struct str part)
{
	if (part.p)
		memcpy(to, part.p, part.n);
	return to + part.n;
}

/* Sets the lengths; gives the text of a copy where there is none to borrow. */
static void assemble(struct jid *jid, struct arena *arena, const struct parts *parts, const char *borrowed)
{
	struct str node = parts->part[JID_NODE], domain = parts->part[JID_DOMAIN];
	struct str resource = parts->part[JID_RESOURCE];
	char *copy, *end;
	jid->node = (uint16_t)node.n;
	jid->bare = (uint16_t)((node.n ? node.n + 1 : 0) + domain.n);
	jid->len = (uint16_t)(jid->bare + (resource.n ? resource.n + 1 : 0));
	jid->full = borrowed;
	if (borrowed)
		return;
	end = copy = arena_alloc(arena, jid->len + 1u);
	if (node.n) {
		end = put(end, node);
		*end++ = '@';
	}
	end = put(end, domain);
	if (resource.n) {
		*end++ = '/';
		end = put(end, resource);
	}
	*end = '\0';
	jid->full = copy;
}

/* Prepares the parts there are; `text` is what they are slices of, NULL if of different texts. */
static bool prep(struct jid *jid, struct arena *arena, struct parts parts, const char *text)
{
	char room[3][JID_PREP_ROOM];
	for (unsigned i = 0; i < G_N_ELEMENTS(parts.part); i++) {
		struct str part = parts.part[i];
		if (!part.p)
			continue;
		parts.part[i] = jid_prep((enum jid_part)i, part, room[i]);
		if (!parts.part[i].p)
			return false;
		if (parts.part[i].p != part.p)
			text = NULL;
	}
	assemble(jid, arena, &parts, text);
	return true;
}

bool jid_parse(struct jid *jid, struct arena *arena, const char *text, size_t n)
{
	return n <= JID_MAX && prep(jid, arena, split(text, n), text);
}

static struct str part_of(const char *text)
{
	return text && *text ? str_of(text) : (struct str){ NULL, 0 };
}

bool jid_build(struct jid *jid, struct arena *arena, const char *node, const char *domain, const char *resource)
{
	struct parts parts = {
		{ [JID_NODE] = part_of(node), [JID_DOMAIN] = str_of(domain), [JID_RESOURCE] = part_of(resource) }
	};
	return prep(jid, arena, parts, NULL);
}

bool jid_equal(const struct jid *a, const struct jid *b)
{
	return a->len == b->len && memcmp(a->full, b->full, a->len) == 0;
}

bool jid_equal_bare(const struct jid *a, const struct jid *b)
{
	return a->bare == b->bare && memcmp(a->full, b->full, a->bare) == 0;
}

const char *jid_bare_text(const struct jid *jid, struct arena *arena)
{
	return jid_is_bare(jid) ? jid->full : arena_strndup(arena, jid->full, jid->bare);
}
