/* SPDX-License-Identifier: MIT */
#include "xml/element.h"

static bool same(const char *a, const char *b)
{
	return a == b || strcmp(a, b) == 0;
}

static const struct xml_attribute *find_attribute(const struct xml_element *element, const char *name)
{
	const struct xml_attribute *attribute = element ? element->attributes : NULL;
	while (attribute && (*attribute->ns || !same(attribute->name, name)))
		attribute = attribute->next;
	return attribute;
}

const char *xml_attr(const struct xml_element *element, const char *name)
{
	const struct xml_attribute *attribute = find_attribute(element, name);
	return attribute ? attribute->value : NULL;
}

/* From `node` on, itself included. */
static const struct xml_element *skip_text(const struct xml_element *node)
{
	while (node && !node->name)
		node = node->next;
	return node;
}

const struct xml_element *xml_first(const struct xml_element *element)
{
	return element ? skip_text(element->first) : NULL;
}

const struct xml_element *xml_next(const struct xml_element *element)
{
	return element ? skip_text(element->next) : NULL;
}

bool xml_is(const struct xml_element *element, const char *ns, const char *name)
{
	return element && element->name && same(element->name, name) && same(element->ns, ns);
}

bool xml_is_true(const char *value)
{
	return value && (!strcmp(value, "true") || !strcmp(value, "1"));
}

const struct xml_element *xml_child(const struct xml_element *element, const char *ns, const char *name)
{
	const struct xml_element *child = xml_first(element);
	while (child && !xml_is(child, ns ? ns : element->ns, name))
		child = xml_next(child);
	return child;
}

/* The first text node from `node` on. */
static const struct xml_element *skip_elements(const struct xml_element *node)
{
	while (node && node->name)
		node = node->next;
	return node;
}

const char *xml_text(const struct xml_element *element, struct arena *arena)
{
	const struct xml_element *first = element ? skip_elements(element->first) : NULL;
	size_t n = 0;
	char *text, *end;
	if (!first)
		return "";
	if (!skip_elements(first->next))
		return first->text;
	for (const struct xml_element *node = first; node; node = skip_elements(node->next))
		n += node->text_len;
	end = text = arena_alloc(arena, n + 1);
	for (const struct xml_element *node = first; node; node = skip_elements(node->next)) {
		memcpy(end, node->text, node->text_len);
		end += node->text_len;
	}
	*end = '\0';
	return text;
}

const char *xml_child_text(const struct xml_element *element, const char *ns, const char *name, struct arena *arena)
{
	const struct xml_element *child = xml_child(element, ns, name);
	return child ? xml_text(child, arena) : NULL;
}

void xml_append(struct xml_element *parent, struct xml_element *child)
{
	child->parent = parent;
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
}

struct xml_element *xml_new(struct arena *arena, const char *ns, const char *name)
{
	struct xml_element *element = arena_zalloc(arena, sizeof(*element));
	element->ns = arena_strdup(arena, ns);
	element->name = arena_strdup(arena, name);
	return element;
}

struct xml_element *xml_add(struct arena *arena, struct xml_element *parent, const char *ns, const char *name)
{
	struct xml_element *element = xml_new(arena, ns ? ns : parent->ns, name);
	xml_append(parent, element);
	return element;
}

void xml_add_text(struct arena *arena, struct xml_element *parent, const char *text, size_t n)
{
	struct xml_element *node = arena_zalloc(arena, sizeof(*node));
	node->ns = "";
	node->text = arena_strndup(arena, text, n);
	node->text_len = n;
	xml_append(parent, node);
}

void xml_set_attr(struct arena *arena, struct xml_element *element, const char *name, const char *value)
{
	struct xml_attribute **link = &element->attributes;
	while (*link && ((*link)->ns[0] || !same((*link)->name, name)))
		link = &(*link)->next;
	if (!*link) {
		*link = arena_zalloc(arena, sizeof(**link));
		(*link)->ns = "";
		(*link)->name = arena_strdup(arena, name);
	}
	(*link)->value = arena_strdup(arena, value);
}
