/* SPDX-License-Identifier: MIT */
/* A logged-in user sends any stanzas, and the network gives back what it was told: all that leaves is
 * well-formed XML. */
#include "stage.h"

#include "xml/parser.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void give_back(struct stage *stage)
{
	for (unsigned i = 0; i < stage->rooms && stage_user(stage); i++) {
		struct core_participant self = { .room = stage->room_names[i],
						 .nickname = stage->nicks[i],
						 .status = CORE_ONLINE,
						 .text = stage->nicks[i] };
		core_legacy_participant(stage_user(stage), &self);
		core_legacy_subject(stage_user(stage), stage->room_names[i], stage->nicks[i], stage->nicks[i]);
	}
	for (unsigned i = 0; i < stage->messages && stage_user(stage); i++) {
		struct core_message given = { .body = stage->bodies[i], .xhtml = stage->bodies[i] };
		struct core_contact seen = { .name = stage->names[i],
					     .alias = stage->bodies[i],
					     .text = stage->bodies[i] };
		core_legacy_contact(stage_user(stage), &seen);
		core_legacy_message(stage_user(stage),
				    &(struct core_legacy_message){ .name = stage->names[i], .message = given });
		core_legacy_message(
			stage_user(stage),
			&(struct core_legacy_message){ .name = stage->names[i], .carbon = true, .message = given });
		core_legacy_message(stage_user(stage), &(struct core_legacy_message){ .name = stage->names[i],
										      .nickname = stage->bodies[i],
										      .message = given });
	}
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct stage *stage = ctx;
	frontend_receive(stage->frontend, stanza, arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct xml_parser_events events = { .stanza = on_stanza };
	static const char start[] = "<stream xmlns='jabber:component:accept'>";
	struct stage stage = { 0 };
	stage_set(&stage, &(struct core_features){ .muc = true, .receipts = true });
	struct xml_parser *parser = xml_parser_new(&XML_LIMITS_DEFAULT, &events, &stage);
	if (xml_parser_feed(parser, start, sizeof(start) - 1, NULL))
		xml_parser_feed(parser, (const char *)data, size, NULL);
	give_back(&stage);
	xml_parser_free(&parser);
	stage_strike(&stage);
	return 0;
}
