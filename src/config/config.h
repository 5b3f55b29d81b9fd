/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include "config/options.h"

#include <glib.h>

/* An immutable, typed snapshot of one configuration: a file, overridden by the command line. Shared
 * by reference count; a reload makes a new one and never touches the old. */
struct config;

/* Where a snapshot comes from. All texts are borrowed for the call. */
struct config_source {
	const char *path;             /* the file */
	const char *jid;              /* -j: replaces service.jid, or NULL */
	const char *const *overrides; /* "section.key=value" without the dashes, NULL-terminated, or NULL */
};

enum config_error { CONFIG_ERROR_INVALID };
#define CONFIG_ERROR (config_error_quark())
GQuark config_error_quark(void);

/* Reads and checks. On failure NULL and an error whose text has one line for each fault:
 * "FILE:LINE: key: 'value': what is expected". Warnings (unknown keys in sections of ours, with the
 * nearest known name) are appended as lines to `warnings` if it is not NULL. */
struct config *config_load(const struct config_source *source, GString *warnings, GError **error);
struct config *config_ref(const struct config *config);
void config_unref(struct config **config);

/* Typed values by option id; asking for another type than the table's is a programming error. */
const char *config_text(const struct config *config, enum config_option option); /* "" if unset */
bool config_bool(const struct config *config, enum config_option option);
int config_int(const struct config *config, enum config_option option);
const char *const *config_list(const struct config *config,
			       enum config_option option); /* NULL-terminated, may be empty */

/* True if the file or the command line says it. */
bool config_is_set(const struct config *config, enum config_option option);

/* True if it says more than off, 0 or nothing. */
bool config_is_wanted(const struct config *config, enum config_option option);

/* What the file or the command line says about any key, in the table or not (most keys of backends
 * are not): raw text, last one wins; NULL if absent. The list form gives all of a repeated key (NULL-terminated,
 * empty if absent). The bool form accepts what every boolean accepts, else gives `fallback`. */
const char *config_extra(const struct config *config, const char *key);
const char *const *config_extra_list(const struct config *config, const char *key);
bool config_extra_bool(const struct config *config, const char *key, bool fallback);

/* Keys of one section that are not in the table, as "section.key" (case of the section ignored). */
const char *const *config_extra_keys(const struct config *config, const char *section);

/* Absolute path of the file it came from. */
const char *config_path(const struct config *config);

/* 1/0, true/false, yes/no, on/off in any case. False if it is none of these. */
bool config_parse_bool(const char *text, bool *value);

/* Options whose values differ between two snapshots, as a NULL-terminated list of ids ended by -1.
 * Free with g_free. */
int *config_changes(const struct config *before, const struct config *after);

/* A new snapshot for a reload: like `fresh`, but keys that need a restart keep the value they have
 * in `running`. Their names are appended to `kept` (one a line) if they differ. */
struct config *config_merge_reload(const struct config *running, const struct config *fresh, GString *kept);

#endif
