/* SPDX-License-Identifier: MIT */
#ifndef XML_PARSER_H
#define XML_PARSER_H

#include "xml/element.h"
#include "xml/error.h"
#include "xml/limits.h"

/* Push parser of an XML stream (RFC 6120, section 4): bytes in, the stream header and whole
 * stanzas out. Namespace aware; refuses DOCTYPE, entity declarations, processing instructions and
 * comments (RFC 6120, section 11.1) and what passes the limits. */
struct xml_parser;

struct xml_parser_events {
	/* The root start tag. `header` has name and attributes, the default namespace being one of them (`xmlns`);
	 * borrowed for the call. */
	void (*open)(void *ctx, const struct xml_element *header);
	/* The start tag of a child of the root, before anything of what is inside it has come; not for one that has too
	 * many attributes. The way to refuse early. */
	void (*begin)(void *ctx, const struct xml_element *start);
	/* A complete child of the root. The tree and `arena` (for scratch) live until this returns. */
	void (*stanza)(void *ctx, const struct xml_element *stanza, struct arena *arena);
	/* In the place of `stanza` for one that passes a limit other than that of bytes: its start tag and what it
	 * passed. NULL: such a stanza breaks the stream. */
	void (*skipped)(void *ctx, const struct xml_element *start, const char *why, struct arena *arena);
	/* The root end tag. What follows it is discarded, as after xml_parser_stop(). */
	void (*close)(void *ctx);
};

/* Limits and events are copied; an event may be NULL. White space between stanzas (keep-alives)
 * counts for no limit. */
struct xml_parser *xml_parser_new(const struct xml_limits *limits, const struct xml_parser_events *events, void *ctx);

/* Not from inside one of its own callbacks. */
void xml_parser_free(struct xml_parser **parser);

/* Feeds n bytes; events come during the call, in order. False with an error (whose text says what
 * and where) when the stream is broken: nothing may be fed after that but through a reset. After
 * xml_parser_stop() the rest of the bytes is discarded and the call returns true. */
bool xml_parser_feed(struct xml_parser *parser, const char *bytes, size_t n, GError **error);

/* From inside a callback: no further events; what is left of this feed is discarded. */
void xml_parser_stop(struct xml_parser *parser);

/* Before the first byte: what comes has secrets in it. All that was held of a stanza is overwritten as soon as its
 * event has returned, here and in expat, which is renewed after each: for few and small stanzas. */
void xml_parser_guard(struct xml_parser *parser);

/* Not from inside a callback. Other limits, and no secrets any more. */
void xml_parser_relax(struct xml_parser *parser, const struct xml_limits *limits);

/* Not from inside a callback. Gives back the memory that only reading needs, unless a stanza has begun to come. What
 * comes next but white space takes it anew. */
void xml_parser_rest(struct xml_parser *parser);

/* Ready for a new stream. Not from inside a callback. */
void xml_parser_reset(struct xml_parser *parser);

/* Parses one whole document (an XHTML fragment with its root, a test vector) in the arena.
 * NULL with an error. */
const struct xml_element *xml_parse_document(struct arena *arena, const struct xml_limits *limits, const char *bytes,
					     size_t n, GError **error);

#endif
