/* SPDX-License-Identifier: MIT */
#include "base/idmap.h"

#include <glib.h>

struct entry {
	gint64 id; /* first: the entry is its own key */
	void *value;
};

struct idmap {
	GHashTable *entries;
	gint64 last;
};

struct idmap *idmap_new(void)
{
	struct idmap *map = g_new0(struct idmap, 1);
	map->entries = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	return map;
}

void idmap_free(struct idmap **map)
{
	if (!*map)
		return;
	g_hash_table_destroy((*map)->entries);
	g_free(*map);
	*map = NULL;
}

uint64_t idmap_add(struct idmap *map, void *value)
{
	struct entry *entry = g_new(struct entry, 1);
	g_assert(value && map->last < G_MAXINT64);
	*entry = (struct entry){ ++map->last, value };
	g_hash_table_add(map->entries, entry);
	return (uint64_t)entry->id;
}

void *idmap_find(const struct idmap *map, uint64_t id)
{
	gint64 key = (gint64)id;
	const struct entry *entry = g_hash_table_lookup(map->entries, &key);
	return entry ? entry->value : NULL;
}

void *idmap_take(struct idmap *map, uint64_t id)
{
	gint64 key = (gint64)id;
	void *value = idmap_find(map, id);
	if (value)
		g_hash_table_remove(map->entries, &key);
	return value;
}

size_t idmap_size(const struct idmap *map)
{
	return g_hash_table_size(map->entries);
}

/* Over a copy of the ids, as entries may go while it runs. */
void idmap_each(struct idmap *map, void (*each)(void *ctx, uint64_t id, void *value), void *ctx)
{
	size_t n = 0;
	uint64_t *ids = g_new(uint64_t, idmap_size(map));
	GHashTableIter iter;
	gpointer entry;
	g_hash_table_iter_init(&iter, map->entries);
	while (g_hash_table_iter_next(&iter, &entry, NULL))
		ids[n++] = (uint64_t)((struct entry *)entry)->id;
	for (size_t i = 0; i < n; i++) {
		void *value = idmap_find(map, ids[i]);
		if (value)
			each(ctx, ids[i], value);
	}
	g_free(ids);
}
