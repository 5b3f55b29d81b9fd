/* SPDX-License-Identifier: MIT */
#ifndef XML_BUILD_H
#define XML_BUILD_H

#include "xml/element.h"
#include "xml/error.h"
#include "xml/limits.h"

#include <expat.h>
#include <stdint.h>

/* Inside this folder only: expat's events made into a tree, for the stream parser and for whole
 * documents. */

/* Namespaces of one tree that are remembered, so that elements share one copy of each. */
enum { XML_BUILD_SPACES = 8 };

struct xml_place {
	unsigned long line, column; /* from 1, from 0 */
};

struct xml_build {
	XML_Parser expat;                /* owned */
	struct arena *arena;             /* borrowed */
	const struct xml_limits *limits; /* borrowed */
	struct xml_element *current;     /* the innermost open element; NULL outside a tree */
	unsigned depth, elements;
	struct str spaces[XML_BUILD_SPACES];
	unsigned spaces_seen;
	bool guarded;        /* set before xml_build_open(): expat overwrites what it frees */
	bool lenient;        /* what passes a limit of the tree is noted, not a failure */
	const char *overrun; /* how the tree passed one; nothing is added to it any more. NULL: it did not */
	bool halted;         /* expat was told to stop: it may still call, nothing counts any more */
	const char *words;   /* why it broke, NULL if it did not; `error` says which kind */
	enum xml_error error;
	struct xml_place place; /* of the token where it broke, as this expat counts */
};

/* Makes the expat parser, `build` being its user data, with start, end and text as its events and
 * all that is restricted refused. */
void xml_build_open(struct xml_build *build, XML_StartElementHandler start, XML_EndElementHandler end,
		    XML_CharacterDataHandler text);
void xml_build_close(struct xml_build *build);

/* Between trees: the next one may use the arena anew. */
void xml_build_clear(struct xml_build *build);

/* The events. start returns NULL when a limit is passed (then xml_build_fail() was called, or with `lenient`
 * build->overrun is set and the innermost element of the tree may lack attributes). end
 * returns the element that is complete. */
struct xml_element *xml_build_start(struct xml_build *build, const char *name, const char **pairs);
struct xml_element *xml_build_end(struct xml_build *build);
void xml_build_text(struct xml_build *build, const char *text, size_t n);

/* Refuses the n bytes that come `offset` bytes after the start if they are UTF-16, which expat
 * would take although it was told UTF-8 (RFC 6120, section 11.6). */
bool xml_build_admit(struct xml_build *build, const char *bytes, size_t n, uint64_t offset);

/* Breaks the parse off, from inside an event or after expat returned. The first reason counts.
 * `words` is a literal (or a text of expat's, which are). */
void xml_build_fail(struct xml_build *build, enum xml_error error, const char *words);

struct xml_place xml_build_place(const struct xml_build *build);

/* expat itself found an error: takes over its kind and words. */
void xml_build_fail_expat(struct xml_build *build);

#endif
