/* SPDX-License-Identifier: MIT */
/* A backend in raw mode sends any bytes, in pieces: all that leaves is well-formed XML, from us to its user. Then the
 * user sends the same bytes as stanzas, and goes. */
#include "stage.h"

#include "core/raw.h"
#include "xml/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct stage *stage = ctx;
	const char *to = xml_attr(stanza, "to");
	struct jid jid;
	/* As a server would. */
	if (!to || (jid_parse_text(&jid, arena, to) && str_is(jid_domain(&jid), frontend_jid(stage->frontend))))
		frontend_receive(stage->frontend, stanza, arena);
}

static void send_as_user(struct stage *stage, const uint8_t *data, size_t size)
{
	static const struct xml_parser_events events = { .stanza = on_stanza };
	static const char start[] = "<stream xmlns='jabber:component:accept'>";
	struct xml_parser *parser = xml_parser_new(&XML_LIMITS_DEFAULT, &events, stage);
	if (xml_parser_feed(parser, start, sizeof(start) - 1, NULL))
		xml_parser_feed(parser, (const char *)data, size, NULL);
	xml_parser_free(&parser);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct stage stage = { .served = true };
	size_t cut = size / 3;
	stage_set(&stage, &(struct core_features){ .rawxml = true });
	core_legacy_raw(stage.core, STAGE_SOURCE, (const char *)data, cut);
	core_legacy_raw(stage.core, STAGE_SOURCE, (const char *)data + cut, size - cut);
	send_as_user(&stage, data, size);
	core_legacy_raw(stage.core, STAGE_SOURCE, (const char *)data, size);
	core_legacy_raw_end(stage.core, STAGE_SOURCE);
	stage_strike(&stage);
	return 0;
}
