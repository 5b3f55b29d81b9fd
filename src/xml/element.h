/* SPDX-License-Identifier: MIT */
#ifndef XML_ELEMENT_H
#define XML_ELEMENT_H

#include "base/arena.h"

/* A read-only tree of one stanza. All of it lives in one arena and dies with it. Texts are
 * NUL-terminated, valid UTF-8. */
struct xml_attribute {
	struct xml_attribute *next;
	const char *ns;   /* "" for the usual unprefixed attribute */
	const char *name; /* local name */
	const char *value;
};

/* Children in order; text between elements is a node whose name is NULL. */
struct xml_element {
	struct xml_element *next, *first, *last;
	struct xml_element *parent;
	struct xml_attribute *attributes;
	const char *ns;   /* namespace URI, "" for none */
	const char *name; /* local name; NULL: a text node */
	const char *text; /* of a text node, else NULL */
	size_t text_len;
};

/* The value of an unprefixed attribute, or NULL. */
const char *xml_attr(const struct xml_element *element, const char *name);

/* A value that means yes, as "true" and "1" do (XML Schema, boolean); NULL does not. */
bool xml_is_true(const char *value);

/* The first child element of that name; ns NULL means the element's own namespace. NULL element
 * gives NULL, so look-ups can be chained. */
const struct xml_element *xml_child(const struct xml_element *element, const char *ns, const char *name);

/* Next sibling element (text skipped) / first child element, of any name. */
const struct xml_element *xml_first(const struct xml_element *element);
const struct xml_element *xml_next(const struct xml_element *element);

/* False for NULL and for a text node. */
bool xml_is(const struct xml_element *element, const char *ns, const char *name);

/* All text directly inside, joined ("" if none). Borrowed from the tree where it is one piece,
 * which it is unless child elements stand between. */
const char *xml_text(const struct xml_element *element, struct arena *arena);

/* xml_text() of the named child, or NULL if there is no such child. */
const char *xml_child_text(const struct xml_element *element, const char *ns, const char *name, struct arena *arena);

/* Building trees (tests, and answers that are cheaper to build than to stream). All texts are
 * copied. xml_set_attr() replaces; xml_add()'s ns NULL means the parent's; xml_append() takes a
 * child that has no parent yet. */
struct xml_element *xml_new(struct arena *arena, const char *ns, const char *name);
void xml_set_attr(struct arena *arena, struct xml_element *element, const char *name, const char *value);
struct xml_element *xml_add(struct arena *arena, struct xml_element *parent, const char *ns, const char *name);
void xml_add_text(struct arena *arena, struct xml_element *parent, const char *text, size_t n);
void xml_append(struct xml_element *parent, struct xml_element *child);

#endif
