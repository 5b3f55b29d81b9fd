/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_DOC_H
#define CONFIG_DOC_H

#include <stdio.h>

/* The option table for people: as a sample file in which every line is a comment but the sections,
 * and as Markdown (docs/configuration.md). */
void config_print_sample(FILE *out);
void config_print_markdown(FILE *out);

#endif
