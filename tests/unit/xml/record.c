/* SPDX-License-Identifier: MIT */
#include "record.h"

#include "xml/writer.h"

static void on_open(void *ctx, const struct xml_element *header)
{
	struct record *record = ctx;
	g_string_append_printf(record->lines, "open {%s}%s", header->ns, header->name);
	for (const struct xml_attribute *attribute = header->attributes; attribute; attribute = attribute->next)
		g_string_append_printf(record->lines, " %s=%s", attribute->name, attribute->value);
	g_string_append(record->lines, "\n");
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct record *record = ctx;
	struct buf out;
	buf_init(&out, 64 << 20);
	xml_put_element(&out, stanza, "");
	g_string_append_printf(record->lines, "stanza %.*s\n", (int)buf_len(&out), buf_data(&out));
	buf_fini(&out);
	if (++record->stanzas == record->stop_after)
		xml_parser_stop(record->parser);
}

static void on_close(void *ctx)
{
	struct record *record = ctx;
	g_string_append(record->lines, "close\n");
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	struct record *record = ctx;
	g_assert(!start->first && !start->parent);
	g_string_append_printf(record->lines, "skipped %s %s: %s\n", start->name, xml_attr(start, "id"), why);
}

void record_init(struct record *record, const struct xml_limits *limits)
{
	static const struct xml_parser_events events = { .open = on_open, .stanza = on_stanza, .close = on_close };
	*record = (struct record){ .lines = g_string_new(NULL) };
	record->parser = xml_parser_new(limits, &events, record);
}

void record_init_skipping(struct record *record, const struct xml_limits *limits)
{
	static const struct xml_parser_events events = {
		.open = on_open, .stanza = on_stanza, .skipped = on_skipped, .close = on_close
	};
	*record = (struct record){ .lines = g_string_new(NULL) };
	record->parser = xml_parser_new(limits, &events, record);
}

void record_fini(struct record *record)
{
	xml_parser_free(&record->parser);
	g_string_free(record->lines, TRUE);
}

bool record_feed(struct record *record, const char *bytes, size_t n, size_t most, guint32 seed)
{
	static const char *const kinds[] = { "not well-formed", "restricted", "too large", "encoding" };
	g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
	g_autoptr(GError) error = NULL;
	while (n > 0) {
		size_t drawn = (size_t)g_rand_int_range(rand, 1, (gint32)MIN(most, n) + 1);
		size_t length = most == RECORD_WHOLE ? n : drawn;
		/* In a block of its own, so that reading past it is seen. */
		g_autofree char *piece = g_memdup2(bytes, length);
		if (!xml_parser_feed(record->parser, piece, length, &error)) {
			g_assert(error->domain == XML_ERROR);
			g_string_append_printf(record->lines, "error %s\n", kinds[error->code]);
			return false;
		}
		bytes += length;
		n -= length;
	}
	return true;
}
