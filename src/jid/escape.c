/* SPDX-License-Identifier: MIT */
#include "jid/escape.h"

#include "jid/prep.h"

/* XEP-0106, table 1. The backslash is last: it is escaped only where it must be. */
static const struct {
	char c, code[3];
} escapes[] = {
	{ ' ', "20" }, { '"', "22" }, { '&', "26" }, { '\'', "27" }, { '/', "2f" },
	{ ':', "3a" }, { '<', "3c" }, { '>', "3e" }, { '@', "40" },  { '\\', "5c" },
};

enum { BACKSLASH = G_N_ELEMENTS(escapes) - 1, CODE = 3 /* bytes of "\20" */ };

/* The character that the escape at s stands for, 0 if there is none. Capitals count too: preparing
 * the node makes them small. */
static char read_escape(const char *s)
{
	if (s[0] != '\\' || !s[1] || !s[2])
		return '\0';
	for (size_t i = 0; i < G_N_ELEMENTS(escapes); i++) {
		if (s[1] == escapes[i].code[0] && g_ascii_tolower(s[2]) == escapes[i].code[1])
			return escapes[i].c;
	}
	return '\0';
}

/* The code for the character at s, NULL if it stays as it is. */
static const char *find_code(const char *s)
{
	if (*s == '\\')
		return read_escape(s) ? escapes[BACKSLASH].code : NULL;
	for (size_t i = 0; i < BACKSLASH; i++) {
		if (*s == escapes[i].c)
			return escapes[i].code;
	}
	return NULL;
}

/* Whether the byte may need an escape at all: most do not. */
static bool may_need(char c)
{
	return c == '\\' || c == '@' || (c >= ' ' && c <= '>' && !g_ascii_isdigit(c));
}

const char *jid_escape(struct arena *arena, const char *name)
{
	size_t n = 0, codes = 0;
	char *escaped, *to;
	for (; name[n]; n++)
		codes += may_need(name[n]) && find_code(name + n);
	if (codes == 0)
		return name;
	to = escaped = arena_alloc(arena, n + codes * (CODE - 1) + 1);
	for (; *name; name++) {
		const char *code = may_need(*name) ? find_code(name) : NULL;
		*to++ = code ? '\\' : *name;
		if (code) {
			*to++ = code[0];
			*to++ = code[1];
		}
	}
	*to = '\0';
	return escaped;
}

const char *jid_unescape(struct arena *arena, const char *node)
{
	const char *first = strchr(node, '\\');
	char *text, *to;
	while (first && !read_escape(first))
		first = strchr(first + 1, '\\');
	if (!first)
		return node;
	text = arena_strdup(arena, node);
	to = text + (first - node);
	while (*first) {
		char c = read_escape(first);
		*to++ = c ? c : *first;
		first += c ? CODE : 1;
	}
	*to = '\0';
	return text;
}

static const char *replace_last(struct arena *arena, const char *text, char from, char to)
{
	const char *last = strrchr(text, from);
	char *copy;
	if (!last)
		return text;
	copy = arena_strdup(arena, text);
	copy[last - text] = to;
	return copy;
}

const char *jid_at_to_percent(struct arena *arena, const char *name)
{
	return replace_last(arena, name, '@', '%');
}

const char *jid_percent_to_at(struct arena *arena, const char *node)
{
	return replace_last(arena, node, '%', '@');
}

/* A '/' cannot slip through: nodeprep forbids it. */
static const char *prep_node(struct arena *arena, const char *node)
{
	return jid_nodeprep(arena, node, strlen(node));
}

const char *jid_node_of_name(struct arena *arena, const char *name, bool escaping)
{
	return prep_node(arena, escaping ? jid_escape(arena, name) : jid_at_to_percent(arena, name));
}

const char *jid_node_of_room(struct arena *arena, const char *name, bool escaping)
{
	return prep_node(arena, jid_escape(arena, escaping ? name : jid_at_to_percent(arena, name)));
}

const char *jid_name_of_node(struct arena *arena, const char *node, bool *escaped)
{
	const char *name = jid_unescape(arena, node);
	bool changed = name != node;
	if (escaped)
		*escaped = changed;
	return changed ? name : jid_percent_to_at(arena, node);
}
