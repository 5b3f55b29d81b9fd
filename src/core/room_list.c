/* SPDX-License-Identifier: MIT */
#include "core/room_list.h"

#include "base/hash.h"
#include "core/private.h"

/* Rooms that networks list, of the whole instance and of single users; each list replaces the one before. */
enum { USER_LIST_MAX = 10000, NAME_MAX_BYTES = 256 };

struct listed {
	const char *name;
	char node[];
};

struct room_list {
	GPtrArray *rooms; /* struct listed, owned, by node */
};

void room_list_free(struct room_list **listp)
{
	struct room_list *list = *listp;
	if (!list)
		return;
	*listp = NULL;
	g_ptr_array_unref(list->rooms);
	g_free(list);
}

static struct listed *make_listed(const char *node, const char *name)
{
	size_t node_size = strlen(node) + 1, name_len = text_cut(name, strlen(name), NAME_MAX_BYTES);
	struct listed *listed = g_malloc(sizeof(*listed) + node_size + name_len + 1);
	char *end = listed->node + node_size;
	memcpy(listed->node, node, node_size);
	memcpy(end, name, name_len);
	end[name_len] = '\0';
	listed->name = end;
	return listed;
}

static int by_node(const void *a, const void *b)
{
	const struct listed *const *one = a, *const *other = b;
	return strcmp((*one)->node, (*other)->node);
}

static struct room_list *make_list(struct core *core, const char *const *rooms, const char *const *names, size_t n,
				   size_t most)
{
	struct room_list *list = g_new(struct room_list, 1);
	g_autoptr(GHashTable) seen = g_hash_table_new(hash_text, g_str_equal);
	list->rooms = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; i < n && list->rooms->len < most; i++) {
		arena_reset(core->scratch);
		const char *node =
			jid_node_of_room(core->scratch, text_clean(core->scratch, rooms[i]), core_escaping(core));
		if (!node || g_hash_table_contains(seen, node))
			continue;
		struct listed *listed = make_listed(node, text_clean(core->scratch, names[i]));
		g_ptr_array_add(list->rooms, listed);
		g_hash_table_add(seen, listed->node);
	}
	g_ptr_array_sort(list->rooms, by_node);
	return list;
}

void core_legacy_room_list(struct core *core, struct user *user, const char *const *rooms, const char *const *names,
			   size_t n)
{
	struct room_list **list = user ? &user->room_list : &core->room_list;
	size_t most = user ? USER_LIST_MAX : (size_t)config_int(core->config, CONFIG_SERVICE_MAX_ROOM_LIST_SIZE);
	room_list_free(list);
	*list = make_list(core, rooms, names, n, most);
}

/* --- looking --------------------------------------------------------------------------------- */

static const struct listed *at(const struct room_list *list, size_t i)
{
	return list && i < list->rooms->len ? list->rooms->pdata[i] : NULL;
}

/* Both lists are in order: one walk shows them as one, the user's own name for a room winning. */
void core_user_each_room(struct core *core, const struct jid *from,
			 void (*each)(void *ctx, const char *node, const char *name), void *ctx)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	const struct room_list *own = user ? user->room_list : NULL;
	size_t i = 0, k = 0;
	for (;;) {
		const struct listed *mine = at(own, i), *everybodys = at(core->room_list, k);
		int order = !mine ? 1 : !everybodys ? -1 : strcmp(mine->node, everybodys->node);
		const struct listed *next = order <= 0 ? mine : everybodys;
		if (!next)
			return;
		i += order <= 0;
		k += order >= 0;
		each(ctx, next->node, next->name);
	}
}

static const char *find_name(const struct room_list *list, const char *node)
{
	size_t low = 0, high = list ? list->rooms->len : 0;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct listed *listed = list->rooms->pdata[middle];
		int order = strcmp(node, listed->node);
		if (!order)
			return listed->name;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *core_user_room_name(const struct core *core, const struct jid *from, const char *node)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	const char *own = user ? find_name(user->room_list, node) : NULL;
	return own ? own : find_name(core->room_list, node);
}
