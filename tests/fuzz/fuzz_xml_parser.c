/* SPDX-License-Identifier: MIT */
/* The stream parser: no cut of the bytes may change its events, and each stanza must survive being
 * written and parsed again. */
#include "xml/parser.h"
#include "xml/writer.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Errors inside longer tags may be found later when the tag comes in pieces. */
#define SURELY_EQUAL 1000

static void note(void *ctx, const struct xml_element *element, struct buf *out)
{
	xml_put_element(out, element, "");
	g_string_append_len(ctx, buf_data(out), (gssize)buf_len(out));
	g_string_append_c(ctx, '\n');
}

static void on_open(void *ctx, const struct xml_element *header)
{
	struct buf out;
	buf_init(&out, 16 << 20);
	note(ctx, header, &out);
	buf_fini(&out);
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	static const struct xml_limits any = { 100, 10000, 100000, 16 << 20 };
	const struct xml_element *again;
	struct buf out, second;
	buf_init(&out, 16 << 20);
	buf_init(&second, 16 << 20);
	note(ctx, stanza, &out);
	again = xml_parse_document(arena, &any, buf_data(&out), buf_len(&out), NULL);
	g_assert(again);
	xml_put_element(&second, again, "");
	g_assert(buf_len(&out) == buf_len(&second) && !memcmp(buf_data(&out), buf_data(&second), buf_len(&out)));
	buf_fini(&out);
	buf_fini(&second);
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	g_assert(!start->first && !start->parent);
	g_string_append_printf(ctx, "skipped %s: %s\n", start->name, why);
}

static void on_close(void *ctx)
{
	g_string_append(ctx, "close\n");
}

/* Feeds pieces of `length` bytes and returns the events; *code is the error, -1 without one. */
static char *run(const struct xml_limits *limits, const uint8_t *data, size_t size, size_t length, int *code)
{
	const struct xml_parser_events events = {
		.open = on_open, .stanza = on_stanza, .skipped = size % 2 ? on_skipped : NULL, .close = on_close
	};
	GString *lines = g_string_new(NULL);
	struct xml_parser *parser = xml_parser_new(limits, &events, lines);
	g_autoptr(GError) error = NULL;
	while (size > 0) {
		size_t n = MIN(length, size);
		if (!xml_parser_feed(parser, (const char *)data, n, &error))
			break;
		data += n;
		size -= n;
	}
	/* Two first bytes that are both bad may be told by either. */
	bool encoding = g_error_matches(error, XML_ERROR, XML_ERROR_ENCODING);
	*code = encoding ? XML_ERROR_NOT_WELL_FORMED : error ? error->code : -1;
	xml_parser_free(&parser);
	return g_string_free(lines, FALSE);
}

static void compare(const struct xml_limits *limits, const uint8_t *data, size_t size, size_t length)
{
	int whole_code, cut_code;
	g_autofree char *whole = run(limits, data, size, MAX(size, 1), &whole_code);
	g_autofree char *cut = run(limits, data, size, length, &cut_code);
	g_assert_cmpstr(whole, ==, cut);
	if (size <= SURELY_EQUAL && whole_code != cut_code) {
		/* A tag that is bad and too long may be found to be either, but not to be good. */
		g_assert(whole_code >= 0 && cut_code >= 0);
		g_assert(whole_code == XML_ERROR_TOO_LARGE || cut_code == XML_ERROR_TOO_LARGE);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct xml_limits wide = { 64, 64, 20000, 1 << 20 }, narrow = { 3, 3, 5, 300 };
	struct arena *arena = arena_new(256);
	size_t length = size ? 1 + data[size / 2] % 16 : 1;
	compare(&wide, data, size, length);
	compare(&narrow, data, size, length);
	xml_parse_document(arena, &narrow, (const char *)data, size, NULL);
	arena_free(&arena);
	return 0;
}
