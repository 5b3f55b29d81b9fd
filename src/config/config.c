/* SPDX-License-Identifier: MIT */
#include "config/config.h"

#include "config/snapshot.h"

static const char *const empty_list[] = { NULL };

GQuark config_error_quark(void)
{
	return g_quark_from_static_string("config-error");
}

struct config *config_ref(const struct config *config)
{
	struct config *shared = (struct config *)config;
	g_atomic_ref_count_inc(&shared->refs);
	return shared;
}

void config_unref(struct config **config)
{
	struct config *shared = *config;
	*config = NULL;
	if (shared && g_atomic_ref_count_dec(&shared->refs))
		config_snapshot_free(&shared);
}

static const union config_value *find_value(const struct config *config, enum config_option option,
					    enum config_type type)
{
	g_assert(config_option_info(option)->type == type);
	return &config->values[option];
}

const char *config_text(const struct config *config, enum config_option option)
{
	return find_value(config, option, CONFIG_TEXT)->text;
}

bool config_bool(const struct config *config, enum config_option option)
{
	return find_value(config, option, CONFIG_BOOL)->flag;
}

int config_int(const struct config *config, enum config_option option)
{
	return find_value(config, option, CONFIG_INT)->number;
}

const char *const *config_list(const struct config *config, enum config_option option)
{
	return (const char *const *)find_value(config, option, CONFIG_LIST)->list;
}

bool config_is_set(const struct config *config, enum config_option option)
{
	g_assert(option < CONFIG_OPTION_COUNT);
	return config->is_set[option];
}

bool config_is_wanted(const struct config *config, enum config_option option)
{
	if (!config_is_set(config, option))
		return false;
	switch (config_option_info(option)->type) {
	case CONFIG_BOOL:
		return config_bool(config, option);
	case CONFIG_INT:
		return config_int(config, option) != 0;
	case CONFIG_TEXT:
		return *config_text(config, option);
	case CONFIG_LIST:
		return *config_list(config, option);
	}
	g_assert_not_reached();
}

const char *const *config_extra_list(const struct config *config, const char *key)
{
	const GPtrArray *list = g_hash_table_lookup(config->said, key);
	return list ? (const char *const *)list->pdata : empty_list;
}

const char *config_extra(const struct config *config, const char *key)
{
	const char *const *list = config_extra_list(config, key);
	const char *last = NULL;
	for (; *list; list++)
		last = *list;
	return last;
}

bool config_extra_bool(const struct config *config, const char *key, bool fallback)
{
	const char *text = config_extra(config, key);
	bool value;
	return text && config_parse_bool(text, &value) ? value : fallback;
}

const char *const *config_extra_keys(const struct config *config, const char *section)
{
	g_autofree char *name = g_ascii_strdown(section, -1);
	const GPtrArray *list = g_hash_table_lookup(config->sections, name);
	return list ? (const char *const *)list->pdata : empty_list;
}

const char *config_path(const struct config *config)
{
	return config->path;
}

bool config_parse_bool(const char *text, bool *value)
{
	static const char *const words[] = { "0", "1", "false", "true", "no", "yes", "off", "on" };
	for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
		if (g_ascii_strcasecmp(text, words[i]) == 0) {
			*value = i % 2 == 1;
			return true;
		}
	}
	return false;
}
