/* SPDX-License-Identifier: MIT */
#include "config/doc.h"

#include "config/options.h"

#include <glib.h>
#include <limits.h>
#include <string.h>

static const char *const type_names[] = {
	[CONFIG_TEXT] = "text",
	[CONFIG_BOOL] = "boolean",
	[CONFIG_INT] = "number",
	[CONFIG_LIST] = "list",
};

/* Prints the section if this option is the first of it; returns the rest of the key. */
static const char *print_section(FILE *out, int option, const char *start, const char *end)
{
	const char *key = config_option_info((enum config_option)option)->key;
	const char *before = option > 0 ? config_option_info((enum config_option)(option - 1))->key : "";
	size_t n = strcspn(key, ".");
	if (strncmp(key, before, n + 1) != 0)
		fprintf(out, "%s%.*s%s", start, (int)n, key, end);
	return key + n + 1;
}

/* "number, 0 to 65535" and the like. */
static char *describe_type(enum config_option option)
{
	const struct config_option_info *info = config_option_info(option);
	struct config_range range = config_option_range(option);
	const char *const *choices = config_option_choices(option);
	if (info->type == CONFIG_INT && range.max < INT_MAX)
		return g_strdup_printf("number, %d to %d", range.min, range.max);
	if (info->type == CONFIG_INT && range.min != 0)
		return g_strdup_printf("number, %d or more", range.min);
	if (*choices) {
		g_autofree char *words = g_strjoinv(", ", (char **)choices);
		return g_strdup_printf("text: %s", words);
	}
	return g_strdup(type_names[info->type]);
}

void config_print_sample(FILE *out)
{
	fputs("# All options with their defaults. A list is written by repeating its key.\n"
	      "# $jid in a value stands for service.jid.\n",
	      out);
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const struct config_option_info *info = config_option_info((enum config_option)i);
		const char *key = print_section(out, i, "\n[", "]\n");
		g_autofree char *type = describe_type((enum config_option)i);
		fprintf(out, "# %s (%s%s)\n#%s =%s%s\n", info->help, type, info->reloadable ? "" : "; takes a restart",
			key, *info->fallback ? " " : "", info->fallback);
	}
}

/* A cell of a table; '|' would end it. */
static void print_cell(FILE *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '|')
			fputc('\\', out);
		fputc(*text, out);
	}
}

void config_print_markdown(FILE *out)
{
	fputs("# Configuration\n\n"
	      "<!-- Made from src/config/options.def by the program itself; do not edit. -->\n\n"
	      "One file an instance: `[section]` lines, `key = value` lines, and comments from `#` at the start of a\n"
	      "line or after a blank. A list is written by repeating its key. `section.key = value` works before the "
	      "first\n"
	      "section, and `--section.key=value` on the command line wins over the file. `$jid` in a value stands "
	      "for\n"
	      "`service.jid`. Booleans are 1/0, true/false, yes/no or on/off in any case. A bad value is an error, an "
	      "unknown\n"
	      "key in one of these sections a warning; other sections, such as `[purple]`, belong to backends.\n\n"
	      "On a reload all keys are read again; those marked *restart* keep their value until the next start.\n",
	      out);
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const struct config_option_info *info = config_option_info((enum config_option)i);
		const char *key = print_section(
			out, i, "\n## ", "\n\n| key | type | default | change | meaning |\n|---|---|---|---|---|\n");
		g_autofree char *type = describe_type((enum config_option)i);
		const char *tick = *info->fallback ? "`" : "";
		fprintf(out, "| %s | %s | %s%s%s | %s | ", key, type, tick, info->fallback, tick,
			info->reloadable ? "reload" : "restart");
		print_cell(out, info->help);
		fputs(" |\n", out);
	}
}
