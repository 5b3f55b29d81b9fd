/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include "xml/parser.h"
#include "xml/writer.h"

#include <expat.h>

static const char header[] = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept'"
			     " xmlns:stream='http://etherx.jabber.org/streams' id='c2bab2f1' from='irc.example.org'>";

/* 300 bytes, as a chat client sends them through its server. */
static const char message[] =
	"<message type='chat' id='d6a1c2f8-2f0e-4b1e' to='anna\\40example.net@irc.example.org/bot'"
	" from='juliet@example.com/Conversations.aB3x'><body>Shall we meet at the station, a little"
	" before ten?</body><request xmlns='urn:xmpp:receipts'/><active xmlns='http://jabber.org/protocol/chatstates'/>"
	"</message>";

static const char presence[] =
	"<presence from='juliet@example.com/Conversations.aB3x' to='irc.example.org'><show>away</show><status>out for"
	" lunch</status><priority>5</priority><c xmlns='http://jabber.org/protocol/caps' hash='sha-1'"
	" node='https://conversations.im' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"
	"<x xmlns='vcard-temp:x:update'><photo>3a7c0f1e6bb4a1d2c9d0</photo></x></presence>";

static unsigned stanzas;

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	bench_keep(stanza);
	stanzas++;
}

static size_t parse(const char *stanza, size_t n, size_t times)
{
	static const struct xml_parser_events events = { .stanza = on_stanza };
	struct xml_parser *parser = xml_parser_new(&XML_LIMITS_DEFAULT, &events, NULL);
	stanzas = 0;
	g_assert(xml_parser_feed(parser, header, sizeof(header) - 1, NULL));
	for (size_t i = 0; i < times; i++)
		g_assert(xml_parser_feed(parser, stanza, n, NULL));
	g_assert(stanzas == times);
	xml_parser_free(&parser);
	return n;
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **pairs)
{
	stanzas++;
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
	stanzas--;
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int n)
{
	bench_keep(text);
}

/* expat alone, its events thrown away: what any parser on it costs at least. */
static size_t parse_bare(XML_Parser expat, const char *stanza, size_t n, size_t times)
{
	stanzas = 0;
	XML_SetElementHandler(expat, on_start, on_end);
	XML_SetCharacterDataHandler(expat, on_text);
	XML_Parse(expat, header, sizeof(header) - 1, XML_FALSE);
	for (size_t i = 0; i < times; i++)
		g_assert(XML_Parse(expat, stanza, (int)n, XML_FALSE) == XML_STATUS_OK);
	g_assert(stanzas == 1);
	XML_ParserFree(expat);
	return n;
}

static size_t parse_message(size_t times)
{
	return parse(message, sizeof(message) - 1, times);
}

static size_t parse_message_bare(size_t times)
{
	return parse_bare(XML_ParserCreate("UTF-8"), message, sizeof(message) - 1, times);
}

static size_t parse_message_bare_ns(size_t times)
{
	return parse_bare(XML_ParserCreateNS("UTF-8", '\n'), message, sizeof(message) - 1, times);
}

static size_t parse_presence(size_t times)
{
	return parse(presence, sizeof(presence) - 1, times);
}

static size_t parse_presence_bare(size_t times)
{
	return parse_bare(XML_ParserCreate("UTF-8"), presence, sizeof(presence) - 1, times);
}

static size_t open_and_close(size_t times)
{
	static const struct xml_parser_events events = { .stanza = on_stanza };
	for (size_t i = 0; i < times; i++) {
		struct xml_parser *parser = xml_parser_new(&XML_LIMITS_DEFAULT, &events, NULL);
		xml_parser_feed(parser, header, sizeof(header) - 1, NULL);
		xml_parser_free(&parser);
	}
	return 0;
}

static size_t write_message(size_t times)
{
	struct buf out;
	size_t n = 0;
	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < times; i++) {
		buf_clear(&out);
		xml_put(&out, "<message type='chat'");
		xml_put_attr(&out, "id", "d6a1c2f8-2f0e-4b1e");
		xml_put_attr(&out, "to", "anna\\40example.net@irc.example.org/bot");
		xml_put_attr(&out, "from", "juliet@example.com/Conversations.aB3x");
		xml_put(&out, ">");
		xml_put_text(&out, "body", "Shall we meet at the station, a little before ten?");
		xml_put(&out, "<request xmlns='urn:xmpp:receipts'/>"
			      "<active xmlns='http://jabber.org/protocol/chatstates'/></message>");
		bench_keep(out.p);
		n = buf_len(&out);
	}
	buf_fini(&out);
	return n;
}

static size_t write_tree(size_t times)
{
	struct arena *arena = arena_new(4096);
	const struct xml_element *tree =
		xml_parse_document(arena, &XML_LIMITS_DEFAULT, message, sizeof(message) - 1, NULL);
	struct buf out;
	size_t n = 0;
	buf_init(&out, 1 << 16);
	for (size_t i = 0; i < times; i++) {
		buf_clear(&out);
		xml_put_element(&out, tree, "jabber:component:accept");
		bench_keep(out.p);
		n = buf_len(&out);
	}
	buf_fini(&out);
	arena_free(&arena);
	return n;
}

enum { LONG_TEXT = 8192 };

/* The piece again and again until LONG_TEXT bytes are full. */
static const char *repeat(const char *piece)
{
	static char text[LONG_TEXT + 1];
	size_t n = strlen(piece), i;
	for (i = 0; i + n <= LONG_TEXT; i += n)
		memcpy(text + i, piece, n);
	text[i] = '\0';
	return text;
}

static size_t escape(const char *piece, size_t times)
{
	const char *text = repeat(piece);
	size_t n = strlen(text);
	struct buf out;
	buf_init(&out, 8 * LONG_TEXT);
	for (size_t i = 0; i < times; i++) {
		buf_clear(&out);
		xml_escape_n(&out, text, n);
		bench_keep(out.p);
	}
	buf_fini(&out);
	return n;
}

static size_t escape_plain(size_t times)
{
	return escape("Nothing here needs an escape and so it is copied. ", times);
}

static size_t escape_markup(size_t times)
{
	return escape("<a href=\"http://example.org/?a=1&b=2\">It's here</a> and then some. ", times);
}

static size_t escape_cyrillic(size_t times)
{
	return escape("Съешь же ещё этих мягких французских булок, да выпей чаю. ", times);
}

static size_t copy_plain(size_t times)
{
	const char *text = repeat("Nothing here needs an escape and so it is copied. ");
	size_t n = strlen(text);
	struct buf out;
	buf_init(&out, 8 * LONG_TEXT);
	for (size_t i = 0; i < times; i++) {
		buf_clear(&out);
		buf_append(&out, text, n);
		bench_keep(out.p);
	}
	buf_fini(&out);
	return n;
}

const struct bench bench_xml[] = {
	{ "xml/parse message", "stanza", parse_message },
	{ "xml/parse message, bare expat", "stanza", parse_message_bare },
	{ "xml/parse message, bare expat ns", "stanza", parse_message_bare_ns },
	{ "xml/parse presence", "stanza", parse_presence },
	{ "xml/parse presence, bare expat", "stanza", parse_presence_bare },
	{ "xml/open and close a parser", "stream", open_and_close },
	{ "xml/write message", "stanza", write_message },
	{ "xml/write tree", "stanza", write_tree },
	{ "xml/escape plain", "8 KiB", escape_plain },
	{ "xml/escape markup", "8 KiB", escape_markup },
	{ "xml/escape cyrillic", "8 KiB", escape_cyrillic },
	{ "xml/memcpy plain", "8 KiB", copy_plain },
	{ NULL },
};
