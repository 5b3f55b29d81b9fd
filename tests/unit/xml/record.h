/* SPDX-License-Identifier: MIT */
#ifndef TESTS_XML_RECORD_H
#define TESTS_XML_RECORD_H

#include "xml/parser.h"

#include <stdint.h>

/* A parser whose events become lines of text: "open NAME", "stanza XML", "close". */
struct record {
	struct xml_parser *parser;
	GString *lines;
	unsigned stanzas;
	unsigned stop_after; /* stops in the event of that stanza; 0: never */
};

void record_init(struct record *record, const struct xml_limits *limits);
/* What passes a limit of the tree is the line "skipped NAME ID: WHY". */
void record_init_skipping(struct record *record, const struct xml_limits *limits);
void record_fini(struct record *record);

#define RECORD_WHOLE SIZE_MAX

/* Feeds whole, or in pieces of 1 to `most` bytes (drawn with that seed), until an error, which becomes the last
 * line: "error KIND". Returns whether there was none. */
bool record_feed(struct record *record, const char *bytes, size_t n, size_t most, guint32 seed);

#endif
