/* SPDX-License-Identifier: MIT */
#include "config/snapshot.h"

#include "base/secret.h"

#include <string.h>

static void free_secret(gpointer data)
{
	char *text = data;
	secret_free(&text);
}

static void free_list(gpointer data)
{
	g_ptr_array_unref(data);
}

struct config *config_snapshot_new(const char *path)
{
	struct config *config = g_new0(struct config, 1);
	g_atomic_ref_count_init(&config->refs);
	config->said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
	config->sections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_list);
	config->path = g_canonicalize_filename(path, NULL);
	return config;
}

void config_snapshot_free(struct config **config)
{
	struct config *last = *config;
	if (!last)
		return;
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++)
		config_value_clear(config_option_info((enum config_option)i)->type, &last->values[i]);
	g_hash_table_destroy(last->said);
	g_hash_table_destroy(last->sections);
	g_free(last->path);
	g_free(last);
	*config = NULL;
}

/* Appends in front of the terminating NULL. */
static void append_terminated(GHashTable *table, const char *key, char *item, GDestroyNotify free_item)
{
	GPtrArray *list = g_hash_table_lookup(table, key);
	if (!list) {
		list = g_ptr_array_new_with_free_func(free_item);
		g_ptr_array_add(list, NULL);
		g_hash_table_insert(table, g_strdup(key), list);
	}
	g_ptr_array_insert(list, (gint)list->len - 1, item);
}

static char *make_section_name(const char *key)
{
	return g_ascii_strdown(key, (gssize)strcspn(key, "."));
}

void config_snapshot_say(struct config *config, const char *key, const char *value)
{
	if (config_option_find(key) < 0 && !g_hash_table_contains(config->said, key)) {
		g_autofree char *section = make_section_name(key);
		append_terminated(config->sections, section, g_strdup(key), g_free);
	}
	append_terminated(config->said, key, secret_dup(value), free_secret);
}

void config_snapshot_forget(struct config *config, const char *key)
{
	GPtrArray *list = g_hash_table_lookup(config->said, key);
	if (list)
		g_ptr_array_remove_range(list, 0, list->len - 1);
}

union config_value config_value_copy(enum config_type type, union config_value value)
{
	if (type == CONFIG_TEXT)
		value.text = secret_dup(value.text);
	else if (type == CONFIG_LIST)
		value.list = g_strdupv(value.list);
	return value;
}

void config_value_clear(enum config_type type, union config_value *value)
{
	if (type == CONFIG_TEXT) {
		secret_free(&value->text);
	} else if (type == CONFIG_LIST) {
		for (char **item = value->list; item && *item; item++)
			secret_free(item);
		g_clear_pointer(&value->list, g_free);
	}
}

bool config_value_equal(enum config_type type, union config_value a, union config_value b)
{
	switch (type) {
	case CONFIG_TEXT:
		return strcmp(a.text, b.text) == 0;
	case CONFIG_LIST:
		return g_strv_equal((const char *const *)a.list, (const char *const *)b.list);
	case CONFIG_BOOL:
		return a.flag == b.flag;
	case CONFIG_INT:
		return a.number == b.number;
	}
	g_assert_not_reached();
}
