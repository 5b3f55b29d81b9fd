/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_OPTIONS_H
#define CONFIG_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* The one table of options: config/options.def has a row for each key
 *
 *     OPTION(ID, "section.key", TYPE, "default", RELOADABLE or RESTART, "help")
 *
 * It feeds loading, checks, the sample file, docs/configuration.md and tests. */
enum config_type { CONFIG_TEXT, CONFIG_BOOL, CONFIG_INT, CONFIG_LIST };

enum config_option {
#define OPTION(id, key, type, fallback, reload, help) CONFIG_##id,
#include "config/options.def"
#undef OPTION
	CONFIG_OPTION_COUNT
};

struct config_option_info {
	const char *key; /* "section.key" */
	enum config_type type;
	const char *fallback; /* as text; "" for an empty list */
	bool reloadable;
	const char *help;
};

const struct config_option_info *config_option_info(enum config_option option);

/* By "section.key"; -1 if the table has no such row. */
int config_option_find(const char *key);

/* What a number may be, both ends included. */
struct config_range {
	int min, max;
};

struct config_range config_option_range(enum config_option option);

/* The words a text may be, beside its default; NULL-terminated, empty if it may be anything. */
const char *const *config_option_choices(enum config_option option);

#endif
