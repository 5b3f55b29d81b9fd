/* SPDX-License-Identifier: MIT */
#include "xmpp/error.h"

#include "base/text.h"
#include "xmpp/ns.h"

enum { TEXT_MAX = 1024 }; /* bytes of what is said to people */

static const struct {
	const char *name, *type;
} conditions[] = {
#define X(id, name, type) { name, type },
	XMPP_CONDITIONS(X)
#undef X
};

const char *xmpp_condition_name(enum xmpp_condition condition)
{
	return conditions[condition].name;
}

static void begin(struct buf *out, enum xmpp_condition condition)
{
	xml_put(out, "<error type='");
	buf_append_text(out, conditions[condition].type);
	xml_put(out, "'><");
	buf_append_text(out, conditions[condition].name);
	xml_put(out, " xmlns='" NS_STANZAS "'/>");
}

void xmpp_put_error_with(struct buf *out, enum xmpp_condition condition, const char *ns, const char *name)
{
	begin(out, condition);
	xml_put(out, "<");
	buf_append_text(out, name);
	xml_put_attr(out, "xmlns", ns);
	xml_put(out, "/></error>");
}

void xmpp_put_error(struct buf *out, enum xmpp_condition condition, const char *text)
{
	begin(out, condition);
	if (text && *text) {
		xml_put(out, "<text xmlns='" NS_STANZAS "'>");
		xml_escape_n(out, text, text_cut(text, strlen(text), TEXT_MAX));
		xml_put(out, "</text>");
	}
	xml_put(out, "</error>");
}

enum xmpp_condition xmpp_read_error(const struct xml_element *stanza)
{
	const struct xml_element *at = xml_first(xml_child(stanza, NULL, "error"));
	for (; at; at = xml_next(at))
		for (size_t i = 0; i < XMPP_CONDITION_COUNT; i++)
			if (xml_is(at, NS_STANZAS, conditions[i].name))
				return (enum xmpp_condition)i;
	return XMPP_UNDEFINED_CONDITION;
}
