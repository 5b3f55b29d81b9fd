/* SPDX-License-Identifier: MIT */
#include "xmpp/xhtml.h"

#include "xml/writer.h"

/* Elements that begin on a line of their own. */
static bool is_block(const char *name)
{
	static const char *const names[] = { "p", "li", "blockquote", "ul", "ol" };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static void end_line(struct buf *out)
{
	size_t n = buf_len(out);
	if (n && buf_data(out)[n - 1] != '\n')
		xml_put(out, "\n");
}

/* Calls itself no deeper than the limits of the parser that made the tree allow. */
static void put_inside(struct buf *out, const struct xml_element *element)
{
	for (const struct xml_element *at = element->first; at; at = at->next) {
		if (!at->name) {
			buf_append(out, at->text, at->text_len);
		} else if (!strcmp(at->name, "br")) {
			xml_put(out, "\n");
		} else if (!strcmp(at->name, "img")) {
			const char *source = xml_attr(at, "src");
			buf_append_text(out, source ? source : "");
		} else if (is_block(at->name)) {
			end_line(out);
			put_inside(out, at);
			end_line(out);
		} else {
			put_inside(out, at);
		}
	}
}

const char *xhtml_text(const struct xml_element *body, struct arena *arena)
{
	struct buf out;
	buf_init(&out, XHTML_MAX);
	if (body)
		put_inside(&out, body);
	char *text = arena_strndup(arena, buf_len(&out) ? buf_data(&out) : "", buf_len(&out));
	buf_fini(&out);
	return g_strstrip(text);
}
