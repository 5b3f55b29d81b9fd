/* SPDX-License-Identifier: MIT */
#include "irc/names.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

enum { APPENDED_TRIES = 3, NUMBERED_TRIES = 4, SHORT_NICK = 6, NICK_MAX = 64 };

enum irc_casemap irc_casemap_find(const char *name)
{
	static const char *const names[] = { "rfc1459", "strict-rfc1459", "ascii" };
	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		if (g_ascii_strcasecmp(names[i], name) == 0)
			return (enum irc_casemap)i;
	return IRC_CASEMAP_ASCII;
}

/* RFC 2812, 2.2: {}|^ are the lower case of []\~ because of IRC's Scandinavian origin; the strict
 * form leaves ~ and ^ apart. */
static char fold_char(enum irc_casemap casemap, char c)
{
	static const char last[] = {
		[IRC_CASEMAP_RFC1459] = '^', [IRC_CASEMAP_STRICT_RFC1459] = ']', [IRC_CASEMAP_ASCII] = 'Z'
	};
	return c >= 'A' && c <= last[casemap] ? (char)(c + 32) : c;
}

char *irc_names_fold(enum irc_casemap casemap, const char *name)
{
	char *folded = g_strdup(name);
	for (char *p = folded; *p; p++)
		*p = fold_char(casemap, *p);
	return folded;
}

bool irc_names_equal(enum irc_casemap casemap, const char *a, const char *b)
{
	while (*a && fold_char(casemap, *a) == fold_char(casemap, *b)) {
		a++;
		b++;
	}
	return fold_char(casemap, *a) == fold_char(casemap, *b);
}

static bool fits_nick(char c)
{
	return g_ascii_isalnum(c) || (unsigned char)c >= 0x80 || strchr("-_[]\\`^{}|", c);
}

char *irc_names_make_nick(const char *wish)
{
	size_t n = text_cut(wish, strcspn(wish, "@"), NICK_MAX);
	GString *nick = g_string_new(NULL);
	/* A digit or a hyphen may be anywhere but first. */
	if (n == 0 || g_ascii_isdigit(*wish) || *wish == '-')
		g_string_append_c(nick, '_');
	for (size_t i = 0; i < n; i++)
		g_string_append_c(nick, fits_nick(wish[i]) ? wish[i] : '_');
	return g_string_free(nick, FALSE);
}

char *irc_names_next_nick(const char *wish, unsigned tries)
{
	size_t n = strlen(wish);
	if (tries <= APPENDED_TRIES)
		return g_strdup_printf("%s%.*s", wish, (int)tries, "___");
	if (tries > APPENDED_TRIES + NUMBERED_TRIES)
		return NULL;
	return g_strdup_printf("%.*s%03d", (int)text_cut(wish, n, SHORT_NICK), wish, g_random_int_range(0, 1000));
}

bool irc_names_is_target(const char *name)
{
	return *name && *name != ':' && !strpbrk(name, " ,\r\n\a") && strlen(name) <= IRC_TARGET_MAX;
}
