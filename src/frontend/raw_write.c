/* SPDX-License-Identifier: MIT */
#include "frontend/raw.h"

#define NS_XML "http://www.w3.org/XML/1998/namespace"

/* XEP-0355 and XEP-0356: what a component says to its server, and so never a network. */
static bool is_for_servers(const struct xml_element *payload)
{
	return g_str_has_prefix(payload->ns, "urn:xmpp:privilege:") ||
	       g_str_has_prefix(payload->ns, "urn:xmpp:delegation:");
}

static bool is_address(const char *name)
{
	return !strcmp(name, "from") || !strcmp(name, "to");
}

static void put_attributes(struct buf *out, const struct xml_element *stanza, const char *id)
{
	for (const struct xml_attribute *at = stanza->attributes; at; at = at->next) {
		if (!strcmp(at->ns, NS_XML) && !strcmp(at->name, "lang"))
			xml_put_attr(out, "xml:lang", at->value);
		else if (!*at->ns && !is_address(at->name))
			xml_put_attr(out, at->name, id && !strcmp(at->name, "id") ? id : at->value);
	}
}

void raw_write(struct buf *out, const struct xml_element *stanza, const char *from, const char *to, const char *id)
{
	xml_put(out, "<");
	buf_append_text(out, stanza->name);
	xml_put_attr(out, "from", from);
	xml_put_attr(out, "to", to);
	put_attributes(out, stanza, id);
	xml_put(out, ">");
	for (const struct xml_element *at = xml_first(stanza); at; at = xml_next(at))
		if (!is_for_servers(at))
			xml_put_element(out, at, stanza->ns);
	xml_put(out, "</");
	buf_append_text(out, stanza->name);
	xml_put(out, ">");
}
