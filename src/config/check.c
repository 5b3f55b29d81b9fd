/* SPDX-License-Identifier: MIT */
#include "config/check.h"

#include "base/secret.h"
#include "config/config.h"
#include "config/server.h"

#include <limits.h>
#include <string.h>

#define KEY_MAX      64  /* longer keys are compared with none */
#define DISTANCE_MAX 3   /* letters between an unknown key and the one that was meant */
#define DOMAIN_MAX   255 /* as a path is made of it; RFC 1035 allows no longer one either */

static bool is_domain(const char *text)
{
	return *text && *text != '.' && strlen(text) <= DOMAIN_MAX && !strpbrk(text, "/@ \t\\$");
}

static bool is_filled(const char *text)
{
	return *text != '\0';
}

static bool is_command(const char *text)
{
	return g_shell_parse_argv(text, NULL, NULL, NULL);
}

/* None at all is not compiled: that alone would cost 200 KiB of memory. */
static bool is_regex(const char *text)
{
	if (!*text)
		return true;
	g_autoptr(GRegex) regex = g_regex_new(text, 0, 0, NULL);
	return regex != NULL;
}

static bool is_server(const char *text)
{
	struct config_server server;
	if (!config_server_parse(&server, text))
		return false;
	config_server_clear(&server);
	return true;
}

static bool is_prefix(const char *text)
{
	while (g_ascii_isalnum(*text) || *text == '_')
		text++;
	return *text == '\0';
}

/* Texts with a meaning that can be checked without looking anywhere. */
static const struct {
	enum config_option option;
	bool (*holds)(const char *text);
	const char *expected;
} rules[] = {
	{ CONFIG_SERVICE_JID, is_domain, "a domain" },
	{ CONFIG_SERVICE_SERVER, is_filled, "a host name or an address" },
	{ CONFIG_SERVICE_BACKEND, is_command, "a command line" },
	{ CONFIG_SERVICE_BACKEND_HOST, is_filled, "an address" },
	{ CONFIG_SERVICE_WORKING_DIR, is_filled, "a folder" },
	{ CONFIG_SERVICE_PIDFILE, is_filled, "a file" },
	{ CONFIG_SERVICE_PORTFILE, is_filled, "a file" },
	{ CONFIG_SERVICE_ADMIN_JID, is_filled, "a bare JID" },
	{ CONFIG_SERVICE_ALLOWED_SERVERS, is_filled, "a domain" },
	{ CONFIG_REGISTRATION_LOCAL_ACCOUNT_SERVER, is_server, "DOMAIN[:PORT] or DOMAIN HOST[:PORT]" },
	{ CONFIG_REGISTRATION_NOTIFY_JID, is_filled, "a JID" },
	{ CONFIG_REGISTRATION_ALLOWED_USERNAMES, is_regex, "a regular expression" },
	{ CONFIG_VHOSTS_VHOST, is_domain, "a domain" },
	{ CONFIG_DATABASE_PREFIX, is_prefix, "letters, digits and '_'" },
};

static bool refuse(char **expected, const char *what)
{
	*expected = g_strdup(what);
	return false;
}

static bool convert_number(enum config_option option, const char *text, int *number, char **expected)
{
	struct config_range range = config_option_range(option);
	gint64 n;
	if (g_ascii_string_to_signed(text, 10, range.min, range.max, &n, NULL)) {
		*number = (int)n;
		return true;
	}
	*expected = range.max == INT_MAX ? g_strdup_printf("a whole number, %d or more", range.min)
					 : g_strdup_printf("a whole number from %d to %d", range.min, range.max);
	return false;
}

static bool check_text(enum config_option option, const char *text, char **expected)
{
	const char *const *choices = config_option_choices(option);
	if (*choices && !g_strv_contains(choices, text) && strcmp(text, config_option_info(option)->fallback) != 0) {
		g_autofree char *words = g_strjoinv(", ", (char **)choices);
		*expected = g_strdup_printf(choices[1] ? "one of %s" : "%s", words);
		return false;
	}
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (rules[i].option == option && !rules[i].holds(text))
			return refuse(expected, rules[i].expected);
	}
	return true;
}

bool config_check_convert(enum config_option option, const char *text, union config_value *value, char **expected)
{
	switch (config_option_info(option)->type) {
	case CONFIG_BOOL:
		return config_parse_bool(text, &value->flag) ||
		       refuse(expected, "a boolean (1 or 0, true or false, yes or no, on or off)");
	case CONFIG_INT:
		return convert_number(option, text, &value->number, expected);
	case CONFIG_TEXT:
	case CONFIG_LIST:
		if (!check_text(option, text, expected))
			return false;
		value->text = secret_dup(text);
		return true;
	}
	g_assert_not_reached();
}

/* Levenshtein's distance, row by row. */
static unsigned measure_distance(const char *a, const char *b)
{
	unsigned row[KEY_MAX + 1], n = (unsigned)strlen(b);
	for (unsigned k = 0; k <= n; k++)
		row[k] = k;
	for (unsigned i = 0; a[i]; i++) {
		unsigned diagonal = row[0];
		row[0] = i + 1;
		for (unsigned k = 0; k < n; k++) {
			unsigned replaced = diagonal + (g_ascii_tolower(a[i]) != g_ascii_tolower(b[k]));
			diagonal = row[k + 1];
			row[k + 1] = MIN(replaced, MIN(row[k], row[k + 1]) + 1);
		}
	}
	return row[n];
}

const char *config_check_nearest(const char *key)
{
	const char *nearest = NULL;
	unsigned least = DISTANCE_MAX + 1;
	if (strlen(key) > KEY_MAX)
		return NULL;
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		const char *known = config_option_info((enum config_option)i)->key;
		unsigned distance = strlen(known) <= KEY_MAX ? measure_distance(key, known) : least;
		if (distance < least) {
			least = distance;
			nearest = known;
		}
	}
	return nearest;
}

bool config_check_is_ours(const char *key)
{
	size_t n = strcspn(key, ".") + 1;
	for (int i = 0; i < CONFIG_OPTION_COUNT; i++) {
		if (g_ascii_strncasecmp(key, config_option_info((enum config_option)i)->key, n) == 0)
			return true;
	}
	return false;
}
