/* SPDX-License-Identifier: MIT */
#include "irc/isupport.h"

#include <glib.h>
#include <string.h>

static void apply_casemap(struct irc_isupport *isupport, const char *value)
{
	isupport->casemap = irc_casemap_find(value);
}

static void apply_chantypes(struct irc_isupport *isupport, const char *value)
{
	g_strlcpy(isupport->chantypes, value, sizeof(isupport->chantypes));
}

static void apply_prefix(struct irc_isupport *isupport, const char *value)
{
	const char *end = *value == '(' ? strchr(value, ')') : NULL;
	size_t n = end ? (size_t)(end - value - 1) : 0;
	if ((!end && *value) || n > IRC_PREFIXES_MAX || (end && strlen(end + 1) != n))
		return;
	g_strlcpy(isupport->prefix_modes, end ? value + 1 : "", n + 1);
	g_strlcpy(isupport->prefix_signs, end ? end + 1 : "", n + 1);
}

static void apply_statusmsg(struct irc_isupport *isupport, const char *value)
{
	g_strlcpy(isupport->statusmsg, value, sizeof(isupport->statusmsg));
}

static void apply_chanmodes(struct irc_isupport *isupport, const char *value)
{
	for (unsigned kind = 0; kind < IRC_MODE_KINDS; kind++) {
		size_t n = strcspn(value, ",");
		g_strlcpy(isupport->chanmodes[kind], value, MIN(n + 1, sizeof(isupport->chanmodes[kind])));
		value += n + (value[n] == ',');
	}
}

static const struct {
	const char *name, *fallback;
	void (*apply)(struct irc_isupport *isupport, const char *value);
} tokens[] = {
	{ "CASEMAPPING", "rfc1459", apply_casemap }, { "CHANMODES", "beI,k,l,imnpst", apply_chanmodes },
	{ "CHANTYPES", "#&", apply_chantypes },      { "PREFIX", "(ov)@+", apply_prefix },
	{ "STATUSMSG", "", apply_statusmsg },
};

void irc_isupport_init(struct irc_isupport *isupport)
{
	*isupport = (struct irc_isupport){ .chantypes = "" };
	for (unsigned i = 0; i < G_N_ELEMENTS(tokens); i++)
		tokens[i].apply(isupport, tokens[i].fallback);
}

void irc_isupport_apply(struct irc_isupport *isupport, const char *token)
{
	bool negated = *token == '-';
	const char *name = token + negated;
	size_t n = strcspn(name, "=");
	for (unsigned i = 0; i < G_N_ELEMENTS(tokens); i++) {
		if (strlen(tokens[i].name) != n || memcmp(tokens[i].name, name, n) != 0)
			continue;
		tokens[i].apply(isupport, negated ? tokens[i].fallback : name + n + (name[n] == '='));
		return;
	}
}

bool irc_isupport_is_channel(const struct irc_isupport *isupport, const char *name)
{
	return *name && strchr(isupport->chantypes, *name);
}

const char *irc_isupport_target(const struct irc_isupport *isupport, const char *target)
{
	const char *rest = target + strspn(target, isupport->statusmsg);
	return rest != target && irc_isupport_is_channel(isupport, rest) ? rest : target;
}

static unsigned find_bit(const char *set, char c)
{
	const char *p = c ? strchr(set, c) : NULL;
	return p ? 1U << (p - set) : 0;
}

unsigned irc_isupport_sign_bit(const struct irc_isupport *isupport, char sign)
{
	return find_bit(isupport->prefix_signs, sign);
}

unsigned irc_isupport_mode_bit(const struct irc_isupport *isupport, char mode)
{
	return find_bit(isupport->prefix_modes, mode);
}

bool irc_isupport_is_moderator(const struct irc_isupport *isupport, unsigned bits)
{
	return bits & (find_bit(isupport->prefix_modes, 'o') | find_bit(isupport->prefix_modes, 'a') |
		       find_bit(isupport->prefix_modes, 'q'));
}

bool irc_isupport_mode_has_arg(const struct irc_isupport *isupport, char mode, bool set)
{
	if (irc_isupport_mode_bit(isupport, mode))
		return true;
	return strchr(isupport->chanmodes[IRC_MODE_LIST], mode) || strchr(isupport->chanmodes[IRC_MODE_ALWAYS], mode) ||
	       (set && strchr(isupport->chanmodes[IRC_MODE_WHEN_SET], mode));
}
