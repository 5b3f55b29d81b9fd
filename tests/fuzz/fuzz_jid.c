/* SPDX-License-Identifier: MIT */
/* JIDs and names: what was prepared stays so, what was escaped comes back. */
#include "jid/escape.h"
#include "jid/jid.h"
#include "jid/prep.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_jid(struct arena *arena, const char *text, size_t n)
{
	struct jid jid, again, built;
	if (!jid_parse(&jid, arena, text, n))
		return;
	g_assert(strlen(jid.full) == jid.len && jid.len <= JID_MAX);
	g_assert(jid_domain(&jid).n > 0 && jid_domain(&jid).n <= JID_PART_MAX);
	g_assert(jid.node <= JID_PART_MAX && strlen(jid_resource(&jid)) <= JID_PART_MAX);
	g_assert(jid_parse(&again, arena, jid.full, jid.len));
	g_assert(again.full == jid.full && jid_equal(&jid, &again) && jid_equal_bare(&jid, &again));
	g_assert(jid_build(&built, arena, arena_strndup(arena, jid.full, jid.node),
			   arena_strndup(arena, jid_domain(&jid).p, jid_domain(&jid).n), jid_resource(&jid)));
	g_assert(jid_equal(&jid, &built));
}

static void check_node(struct arena *arena, const char *node)
{
	struct jid jid;
	if (!node)
		return;
	g_assert(jid_nodeprep(arena, node, strlen(node)) == node);
	g_assert(jid_build(&jid, arena, node, "localhost", NULL));
	g_assert(strlen(jid_name_of_node(arena, node, NULL)) <= strlen(node));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new(4096);
	const char *text = arena_strndup(arena, size ? (const char *)data : "", size);
	check_jid(arena, text, size);
	g_assert(!strcmp(jid_unescape(arena, jid_escape(arena, text)), text));
	for (int escaping = 0; escaping < 2; escaping++) {
		check_node(arena, jid_node_of_name(arena, text, escaping));
		check_node(arena, jid_node_of_room(arena, text, escaping));
	}
	arena_free(&arena);
	return 0;
}
