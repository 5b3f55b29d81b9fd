/* SPDX-License-Identifier: MIT */
/* Hashes of disco#info answers (XEP-0115): the order of what is in one does not matter. */
#include "xml/parser.h"
#include "xmpp/disco.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The same with its children in reverse. */
static const struct xml_element *reversed(struct arena *arena, const struct xml_element *query)
{
	struct xml_element *copy = xml_new(arena, query->ns, query->name);
	g_autoptr(GPtrArray) children = g_ptr_array_new();
	for (const struct xml_element *at = xml_first(query); at; at = xml_next(at))
		g_ptr_array_add(children, (void *)at);
	for (guint i = children->len; i; i--) {
		struct xml_element *child = arena_alloc(arena, sizeof(*child));
		*child = *(const struct xml_element *)children->pdata[i - 1];
		child->next = child->parent = NULL;
		xml_append(copy, child);
	}
	return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4096);
	const struct xml_element *query =
		xml_parse_document(arena, &XML_LIMITS_DEFAULT, (const char *)data, size, NULL);
	if (query) {
		g_autofree char *ver = disco_ver_of(query, arena);
		g_autofree char *again = disco_ver_of(reversed(arena, query), arena);
		g_assert(!g_strcmp0(ver, again) && (!ver || strlen(ver) == 28));
	}
	arena_free(&arena);
	return 0;
}
