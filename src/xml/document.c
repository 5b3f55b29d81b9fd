/* SPDX-License-Identifier: MIT */
#include "xml/build.h"
#include "xml/parser.h"

struct document {
	struct xml_build build; /* first: expat hands it to the events */
	struct xml_element *root;
};

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **pairs)
{
	struct document *document = ctx;
	struct xml_element *element = document->build.halted ? NULL : xml_build_start(&document->build, name, pairs);
	if (!document->root)
		document->root = element;
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
	struct document *document = ctx;
	if (!document->build.halted)
		xml_build_end(&document->build);
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int n)
{
	struct document *document = ctx;
	if (!document->build.halted)
		xml_build_text(&document->build, text, (size_t)n);
}

static bool parse(struct document *document, const char *bytes, size_t n, GError **error)
{
	struct xml_build *build = &document->build;
	if (n > build->limits->bytes || n > G_MAXINT) {
		g_set_error(error, XML_ERROR, XML_ERROR_TOO_LARGE, "too many bytes (%zu)", n);
		return false;
	}
	if (xml_build_admit(build, bytes, n, 0) && XML_Parse(build->expat, bytes, (int)n, XML_TRUE) == XML_STATUS_OK)
		return true;
	if (!build->words)
		xml_build_fail_expat(build);
	g_set_error(error, XML_ERROR, build->error, "line %lu, column %lu: %s", build->place.line,
		    build->place.column + 1, build->words);
	return false;
}

const struct xml_element *xml_parse_document(struct arena *arena, const struct xml_limits *limits, const char *bytes,
					     size_t n, GError **error)
{
	struct document document = { .build = { .arena = arena, .limits = limits } };
	bool parsed;
	xml_build_open(&document.build, on_start, on_end, on_text);
	parsed = parse(&document, bytes, n, error);
	xml_build_close(&document.build);
	return parsed ? document.root : NULL;
}
