/* SPDX-License-Identifier: MIT */
/* Whatever a network sends as XHTML: what is written must be well-formed, hold nothing but what is
 * harmless, and come out of a further reduction as it is. */
#include "xml/parser.h"
#include "xmpp/ns.h"
#include "xmpp/xhtml.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool among(const char *word, const char *const *words)
{
	while (*words && strcmp(*words, word) != 0)
		words++;
	return *words;
}

static bool begins_with(const char *value, const char *const *schemes)
{
	while (*schemes && g_ascii_strncasecmp(*schemes, value, strlen(*schemes)) != 0)
		schemes++;
	return *schemes;
}

static void check_attribute(const struct xml_attribute *attribute)
{
	static const char *const names[] = { "alt", "height", "href", "src", "style", "title", "type", "width", NULL };
	static const char *const schemes[] = { "http:", "https:", "mailto:", "xmpp:", "ftp:", "cid:", NULL };
	g_assert(!*attribute->ns && among(attribute->name, names));
	if (!strcmp(attribute->name, "href") || !strcmp(attribute->name, "src"))
		g_assert(begins_with(attribute->value, schemes));
	if (!strcmp(attribute->name, "style"))
		g_assert(!strpbrk(attribute->value, "\\/@<>&{}") && !strstr(attribute->value, "url("));
}

static void check_inside(const struct xml_element *element)
{
	static const char *const names[] = { "a",  "blockquote", "br",   "cite",   "em", "img", "li",
					     "ol", "p",          "span", "strong", "ul", NULL };
	for (const struct xml_element *at = xml_first(element); at; at = xml_next(at)) {
		g_assert(!strcmp(at->ns, NS_XHTML) && among(at->name, names));
		for (const struct xml_attribute *each = at->attributes; each; each = each->next)
			check_attribute(each);
		check_inside(at);
	}
}

/* Puts `inner`; returns the inside of what was written, NULL if nothing was. */
static const char *reduce(struct arena *arena, const char *inner)
{
	static const struct xml_limits any = { 100, 100, 100000, 1 << 20 };
	const struct xml_element *html = NULL;
	struct buf out;
	buf_init(&out, 1 << 20);
	if (xhtml_put(&out, arena, inner)) {
		html = xml_parse_document(arena, &any, buf_data(&out), buf_len(&out), NULL);
		g_assert(xml_is(html, NS_XHTML_IM, "html") && html->first == html->last);
		g_assert(xml_is(html->first, NS_XHTML, "body"));
		check_inside(html->first);
	} else {
		g_assert(buf_len(&out) == 0 && !out.failed);
	}
	buf_fini(&out);
	return html ? xhtml_inner(html, arena) : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4096);
	const char *first = reduce(arena, arena_strndup(arena, (const char *)data, size));
	if (first) {
		const char *second = reduce(arena, first);
		g_assert_cmpstr(second, ==, first);
	}
	arena_free(&arena);
	return 0;
}
