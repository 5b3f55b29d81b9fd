/* SPDX-License-Identifier: MIT */
#include "plugin/arguments.h"

GQuark plugin_arguments_error_quark(void)
{
	return g_quark_from_static_string("plugin-arguments-error");
}

enum { PORT_MAX = 65535 };

struct parse {
	struct plugin_arguments *to;
	const char *path, *jid; /* borrowed from argv */
	GPtrArray *overrides;   /* "section.key=value", owned */
};

G_GNUC_PRINTF(2, 3) static bool refuse(GError **error, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	g_propagate_error(error,
			  g_error_new_valist(PLUGIN_ARGUMENTS_ERROR, PLUGIN_ARGUMENTS_ERROR_USAGE, format, list));
	va_end(list);
	return false;
}

static bool set_host(struct parse *parse, const char *value, GError **error)
{
	g_free(parse->to->host);
	parse->to->host = g_strdup(value);
	return true;
}

static bool set_port(struct parse *parse, const char *value, GError **error)
{
	guint64 port;
	if (!g_ascii_string_to_unsigned(value, 10, 1, PORT_MAX, &port, NULL))
		return refuse(error, "--port: '%s': a number from 1 to %d is expected", value, PORT_MAX);
	parse->to->port = (unsigned)port;
	return true;
}

static bool set_jid(struct parse *parse, const char *value, GError **error)
{
	parse->jid = value;
	return true;
}

static bool set_path(struct parse *parse, const char *value, GError **error)
{
	parse->path = value;
	return true;
}

static bool set_backend_id(struct parse *parse, const char *value, GError **error)
{
	g_free(parse->to->backend_id);
	parse->to->backend_id = g_strdup(value);
	g_ptr_array_add(parse->overrides, g_strconcat("service.backend_id=", value, NULL));
	return true;
}

/* The options with a value. */
static const struct option {
	const char *name;
	char letter; /* 0: none */
	bool (*set)(struct parse *parse, const char *value, GError **error);
} options[] = {
	{ "host", 'h', set_host },
	{ "port", 'p', set_port },
	{ "jid", 'j', set_jid },
	{ "config", 'c', set_path },
	{ "service.backend_id", 0, set_backend_id },
};

/* The option that a word names, and what follows in the word as its value (NULL: nothing). */
static const struct option *find_option(const char *word, const char **value)
{
	size_t n = strcspn(word, "=");
	for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
		const struct option *option = &options[i];
		if (g_str_has_prefix(word, "--") && strlen(option->name) == n - 2 &&
		    !strncmp(word + 2, option->name, n - 2)) {
			*value = word[n] ? word + n + 1 : NULL;
			return option;
		}
		if (option->letter && word[0] == '-' && word[1] == option->letter) {
			*value = word[2] ? word + 2 : NULL;
			return option;
		}
	}
	return NULL;
}

static bool is_override(const char *word)
{
	const char *dot = strchr(word, '.'), *equals = strchr(word, '=');
	return g_str_has_prefix(word, "--") && dot && equals && dot < equals;
}

/* Parses argv[*i], and moves *i on if the next word is its value. */
static bool parse_word(struct parse *parse, int argc, char *const *argv, int *i, GError **error)
{
	const char *word = argv[*i], *value;
	const struct option *option = find_option(word, &value);
	if (option) {
		if (!value && *i + 1 >= argc)
			return refuse(error, "%s: a value is expected", word);
		return option->set(parse, value ? value : argv[++*i], error);
	}
	if (!strcmp(word, "--help"))
		parse->to->help = true;
	else if (!strcmp(word, "--version"))
		parse->to->version = true;
	else if (is_override(word))
		g_ptr_array_add(parse->overrides, g_strdup(word + 2));
	else if (word[0] != '-')
		parse->path = word;
	return true;
}

static bool load(struct parse *parse, GError **error)
{
	struct plugin_arguments *to = parse->to;
	if (!to->host || !*to->host)
		return refuse(error, "--host: where to connect to is missing");
	if (!to->port)
		return refuse(error, "--port: where to connect to is missing");
	if (!parse->path)
		return refuse(error, "the path of the configuration file is missing");
	g_ptr_array_add(parse->overrides, NULL);
	struct config_source source = {
		.path = parse->path,
		.jid = parse->jid,
		.overrides = (const char *const *)parse->overrides->pdata,
	};
	to->config = config_load(&source, NULL, error);
	if (!to->config)
		return false;
	to->jid = g_strdup(config_text(to->config, CONFIG_SERVICE_JID));
	return true;
}

struct plugin_arguments *plugin_arguments_parse(int argc, char *const *argv, GError **error)
{
	struct plugin_arguments *arguments = g_new0(struct plugin_arguments, 1);
	g_autoptr(GPtrArray) overrides = g_ptr_array_new_with_free_func(g_free);
	struct parse parse = { .to = arguments, .overrides = overrides };
	bool ok = true;
	arguments->backend_id = g_strdup("");
	for (int i = 1; ok && i < argc; i++)
		ok = parse_word(&parse, argc, argv, &i, error);
	if (ok && !arguments->help && !arguments->version)
		ok = load(&parse, error);
	if (!ok)
		plugin_arguments_free(&arguments);
	return arguments;
}

void plugin_arguments_free(struct plugin_arguments **arguments)
{
	struct plugin_arguments *a = *arguments;
	*arguments = NULL;
	if (!a)
		return;
	g_free(a->host);
	g_free(a->backend_id);
	g_free(a->jid);
	config_unref(&a->config);
	g_free(a);
}
