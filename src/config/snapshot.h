/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SNAPSHOT_H
#define CONFIG_SNAPSHOT_H

#include "config/options.h"

#include <glib.h>

/* The inside of a snapshot, for those who make one. */
union config_value {
	char *text;  /* owned, wiped when it goes */
	char **list; /* owned, NULL-terminated, wiped too */
	bool flag;
	int number;
};

struct config {
	gatomicrefcount refs;
	union config_value values[CONFIG_OPTION_COUNT];
	bool is_set[CONFIG_OPTION_COUNT];
	GHashTable *said;     /* key to GPtrArray of its raw values, NULL-terminated */
	GHashTable *sections; /* lower-case section to GPtrArray of its keys outside the table, NULL-terminated */
	char *path;           /* owned */
};

/* Without values: the caller sets each before the snapshot is used or dropped. */
struct config *config_snapshot_new(const char *path);

/* The last reference is gone. */
void config_snapshot_free(struct config **config);

/* One more raw value of a key; `forget` drops what was said before. */
void config_snapshot_say(struct config *config, const char *key, const char *value);
void config_snapshot_forget(struct config *config, const char *key);

union config_value config_value_copy(enum config_type type, union config_value value);
void config_value_clear(enum config_type type, union config_value *value);
bool config_value_equal(enum config_type type, union config_value a, union config_value b);

#endif
