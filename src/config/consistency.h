/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_CONSISTENCY_H
#define CONFIG_CONSISTENCY_H

#include "config/config.h"

/* What is said, right by itself, and does not do what whoever said it may think: options that count in the other mode,
 * or not without another one. Appended to `warnings`, a line each. */
void config_consistency_check(const struct config *config, GString *warnings);

#endif
