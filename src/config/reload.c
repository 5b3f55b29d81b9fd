/* SPDX-License-Identifier: MIT */
#include "config/config.h"
#include "config/snapshot.h"

static bool differs(const struct config *a, const struct config *b, int option)
{
	enum config_type type = config_option_info((enum config_option)option)->type;
	return !config_value_equal(type, a->values[option], b->values[option]);
}

int *config_changes(const struct config *before, const struct config *after)
{
	int *changed = g_new(int, CONFIG_OPTION_COUNT + 1), n = 0;
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		if (differs(before, after, i))
			changed[n++] = i;
	}
	changed[n] = -1;
	return changed;
}

/* What was said about a key, as it was said in another snapshot. */
static void copy_said(struct config *to, const struct config *from, const char *key)
{
	config_snapshot_forget(to, key);
	for (const char *const *raw = config_extra_list(from, key); *raw; raw++)
		config_snapshot_say(to, key, *raw);
}

static void copy_all_said(struct config *to, const struct config *from)
{
	GHashTableIter iter;
	gpointer key;
	g_hash_table_iter_init(&iter, from->said);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		copy_said(to, from, key);
}

struct config *config_merge_reload(const struct config *running, const struct config *fresh, GString *kept)
{
	struct config *merged = config_snapshot_new(fresh->path);
	copy_all_said(merged, fresh);
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const struct config_option_info *info = config_option_info((enum config_option)i);
		const struct config *from = info->reloadable ? fresh : running;
		merged->values[i] = config_value_copy(info->type, from->values[i]);
		merged->is_set[i] = from->is_set[i];
		if (info->reloadable)
			continue;
		copy_said(merged, running, info->key);
		if (differs(running, fresh, i))
			g_string_append_printf(kept, "%s%s", kept->len > 0 ? "\n" : "", info->key);
	}
	return merged;
}
