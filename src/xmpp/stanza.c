/* SPDX-License-Identifier: MIT */
#include "xmpp/stanza.h"

static const char *const kinds[] = { [STANZA_MESSAGE] = "message", [STANZA_PRESENCE] = "presence", [STANZA_IQ] = "iq" };

static bool find_kind(struct stanza *stanza, const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!strcmp(name, kinds[i])) {
			stanza->kind = (enum stanza_kind)i;
			return true;
		}
	return false;
}

enum stanza_fault stanza_read(struct stanza *stanza, const struct xml_element *element, struct arena *arena,
			      const char *domain)
{
	const char *from = NULL, *to = NULL;
	*stanza = (struct stanza){ .element = element, .arena = arena, .type = "" };
	if (!find_kind(stanza, element->name))
		return STANZA_UNKNOWN;
	for (const struct xml_attribute *at = element->attributes; at; at = at->next) {
		if (*at->ns)
			continue;
		if (!strcmp(at->name, "from"))
			from = at->value;
		else if (!strcmp(at->name, "to"))
			to = at->value;
		else if (!strcmp(at->name, "id"))
			stanza->id = at->value;
		else if (!strcmp(at->name, "type"))
			stanza->type = at->value;
	}
	if (!from)
		return STANZA_NO_FROM;
	if (!jid_parse_text(&stanza->from, arena, from))
		return STANZA_BAD_FROM;
	return jid_parse_text(&stanza->to, arena, to ? to : domain) ? STANZA_OK : STANZA_BAD_TO;
}

bool stanza_is_error(const struct stanza *stanza)
{
	return !strcmp(stanza->type, "error");
}
