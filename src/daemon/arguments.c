/* SPDX-License-Identifier: MIT */
#include "daemon/arguments.h"

#include <string.h>

const char arguments_usage[] = "Spectrum version: " SPECTRUM_VERSION "\n"
			       "Usage: spectrum2 [OPTIONS] <config_file.cfg>\n"
			       "\n"
			       "  -n, --no-daemonize         stay in the foreground\n"
			       "  -j, --jid JID              replaces service.jid of the file\n"
			       "  --section.key=value        replaces any value of the file\n"
			       "      --check                only check the configuration\n"
			       "      --print-config         print a sample file with every option\n"
			       "  -v, --version              print the version\n"
			       "  -h, --help                 print this\n"
			       "  -d, --no-debug             accepted, has no effect\n";

static bool set_flag(struct arguments *arguments, const char *word)
{
	const struct {
		const char *name, *letter;
		bool *flag;
	} flags[] = {
		{ "--help", "-h", &arguments->help },
		{ "--version", "-v", &arguments->version },
		{ "--no-daemonize", "-n", &arguments->foreground },
		{ "--no-debug", "-d", NULL },
		{ "--check", NULL, &arguments->check },
		{ "--print-config", NULL, &arguments->print_config },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
		if (strcmp(word, flags[i].name) && g_strcmp0(word, flags[i].letter))
			continue;
		if (flags[i].flag)
			*flags[i].flag = true;
		return true;
	}
	return false;
}

/* -j JID, --jid JID, --jid=JID, and the same for --config. 0: not this word; else the words taken. */
static int take_value(const char *name, const char *letter, char **words, const char **value)
{
	size_t n = strlen(name);
	if (!strncmp(words[0], name, n) && words[0][n] == '=') {
		*value = words[0] + n + 1;
		return 1;
	}
	if ((!strcmp(words[0], name) || !g_strcmp0(words[0], letter)) && words[1]) {
		*value = words[1];
		return 2;
	}
	return 0;
}

static bool is_override(const char *word)
{
	const char *dot = strchr(word, '.'), *equals = strchr(word, '=');
	return g_str_has_prefix(word, "--") && dot && equals && dot < equals;
}

static bool take_path(struct arguments *arguments, const char *word, GError **error)
{
	if (arguments->path) {
		g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_FAILED,
			    "only one configuration file can be given, '%s' is the second", word);
		return false;
	}
	arguments->path = word;
	return true;
}

bool arguments_parse(struct arguments *arguments, int argc, char **argv, GError **error)
{
	*arguments = (struct arguments){ .overrides = g_ptr_array_new() };
	for (int i = 1, taken; i < argc; i++) {
		const char *word = argv[i], *path = NULL;
		if (is_override(word))
			g_ptr_array_add(arguments->overrides, (char *)word + 2);
		else if ((taken = take_value("--jid", "-j", argv + i, &arguments->jid)))
			i += taken - 1;
		else if ((taken = take_value("--config", NULL, argv + i, &path)))
			i += taken - 1;
		else if (word[0] != '-')
			path = word;
		else if (!set_flag(arguments, word)) {
			g_set_error(error, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION,
				    "unknown option '%s' (a value is written --section.key=value)", word);
			return false;
		}
		if (path && !take_path(arguments, path, error))
			return false;
	}
	g_ptr_array_add(arguments->overrides, NULL);
	return true;
}

void arguments_fini(struct arguments *arguments)
{
	g_clear_pointer(&arguments->overrides, g_ptr_array_unref);
}
