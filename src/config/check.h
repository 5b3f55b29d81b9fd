/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CHECK_H
#define CONFIG_CHECK_H

#include "config/snapshot.h"

/* Turns a text into the value of an option. On failure false, `value` untouched, and what was expected
 * instead is put into `expected` (free it). Lists are made by their reader; here a text is one item. */
bool config_check_convert(enum config_option option, const char *text, union config_value *value, char **expected);

/* The known key nearest to an unknown one, if it is near enough to be meant; else NULL. */
const char *config_check_nearest(const char *key);

/* Whether a key stands in a section that has keys in the table (in any case of letters). */
bool config_check_is_ours(const char *key);

#endif
