/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "core/private.h"

/* Rooms that networks list, of the whole instance and of single users; each list replaces the one before. */
enum { USER_LIST_MAX = 10000, NAME_MAX_BYTES = 256 };

void core_legacy_room_list(struct core *core, struct user *user, const char *const *rooms, const char *const *names,
			   size_t n)
{
	GHashTable **list = user ? &user->room_list : &core->room_list;
	size_t most = user ? USER_LIST_MAX : (size_t)config_int(core->config, CONFIG_SERVICE_MAX_ROOM_LIST_SIZE);
	if (*list)
		g_hash_table_remove_all(*list);
	else
		*list = g_hash_table_new_full(hash_text, g_str_equal, g_free, g_free);
	for (size_t i = 0; i < n && g_hash_table_size(*list) < most; i++) {
		arena_reset(core->scratch);
		const char *node =
			jid_node_of_room(core->scratch, text_clean(core->scratch, rooms[i]), core_escaping(core));
		const char *name = text_clean(core->scratch, names[i]);
		if (node)
			g_hash_table_replace(*list, g_strdup(node),
					     g_strndup(name, text_cut(name, strlen(name), NAME_MAX_BYTES)));
	}
}

void core_user_each_room(struct core *core, const struct jid *from,
			 void (*each)(void *ctx, const char *node, const char *name), void *ctx)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	GHashTable *const lists[] = { core->room_list, user ? user->room_list : NULL };
	GHashTableIter iter;
	const char *node, *name;
	for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
		if (!lists[i])
			continue;
		g_hash_table_iter_init(&iter, lists[i]);
		while (g_hash_table_iter_next(&iter, (void **)&node, (void **)&name))
			each(ctx, node, name);
	}
}
