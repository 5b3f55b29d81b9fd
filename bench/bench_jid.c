/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include "jid/escape.h"
#include "jid/jid.h"

static size_t parse(const char *text, size_t times)
{
	struct arena *arena = arena_new(4096);
	size_t n = strlen(text);
	for (size_t i = 0; i < times; i++) {
		struct jid jid;
		g_assert(jid_parse(&jid, arena, text, n));
		bench_keep(&jid);
		arena_reset(arena);
	}
	arena_free(&arena);
	return n;
}

static size_t parse_prepared(size_t times)
{
	return parse("anna\\40example.net@irc.example.org/Conversations.aB3x", times);
}

static size_t parse_capitals(size_t times)
{
	return parse("Anna\\40Example.net@IRC.example.org/Conversations.aB3x", times);
}

static size_t parse_cyrillic(size_t times)
{
	return parse("Катя@пример.example.org/Дом", times);
}

static size_t escape(const char *name, size_t times)
{
	struct arena *arena = arena_new(4096);
	for (size_t i = 0; i < times; i++) {
		bench_keep(jid_node_of_name(arena, name, true));
		arena_reset(arena);
	}
	arena_free(&arena);
	return strlen(name);
}

static size_t escape_plain(size_t times)
{
	return escape("a_contact_with_a_plain_name", times);
}

static size_t escape_marks(size_t times)
{
	return escape("19:7002 somebody@thread.skype", times);
}

static size_t unescape(size_t times)
{
	static const char node[] = "19\\3a7002\\20somebody\\40thread.skype";
	struct arena *arena = arena_new(4096);
	for (size_t i = 0; i < times; i++) {
		bench_keep(jid_name_of_node(arena, node, NULL));
		arena_reset(arena);
	}
	arena_free(&arena);
	return sizeof(node) - 1;
}

const struct bench bench_jid[] = {
	{ "jid/parse prepared", "JID", parse_prepared },
	{ "jid/parse capitals", "JID", parse_capitals },
	{ "jid/parse cyrillic", "JID", parse_cyrillic },
	{ "jid/node of a plain name", "name", escape_plain },
	{ "jid/node of a name to escape", "name", escape_marks },
	{ "jid/name of a node", "node", unescape },
	{ NULL },
};
