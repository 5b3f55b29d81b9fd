/* SPDX-License-Identifier: MIT */
#include "config/server.h"

#include <glib.h>
#include <string.h>

enum { CLIENT_PORT = 5222 };

/* "HOST", "HOST:PORT", "[ADDRESS]" or "[ADDRESS]:PORT". The host is to be freed; NULL: it is none of them. */
static char *split(const char *text, unsigned *port)
{
	static const char pattern[] = "^(?:\\[([0-9A-Fa-f:.]+)\\]|([^][:/@\\s]+))(?::([0-9]{1,5}))?$";
	g_autoptr(GRegex) regex = g_regex_new(pattern, G_REGEX_DOLLAR_ENDONLY, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	guint64 number = CLIENT_PORT;
	if (!g_regex_match(regex, text, 0, &match))
		return NULL;
	g_autofree char *digits = g_match_info_fetch(match, 3);
	if (digits && *digits && !g_ascii_string_to_unsigned(digits, 10, 1, 65535, &number, NULL))
		return NULL;
	char *address = g_match_info_fetch(match, 1);
	*port = (unsigned)number;
	if (*address)
		return address;
	g_free(address);
	return g_match_info_fetch(match, 2);
}

bool config_server_parse(struct config_server *server, const char *text)
{
	g_auto(GStrv) words = g_strsplit(text, " ", 2);
	const char *at = words[0] ? words[1] : NULL;
	unsigned port = 0, other = 0;
	if (!words[0])
		return false;
	g_autofree char *domain = split(words[0], &port);
	g_autofree char *host = at ? split(g_strstrip(words[1]), &other) : NULL;
	if (!domain || (at && (!host || strchr(words[0], ':'))))
		return false;
	server->domain = g_steal_pointer(&domain);
	server->host = at ? g_steal_pointer(&host) : g_strdup(server->domain);
	server->port = at ? other : port;
	return true;
}

void config_server_clear(struct config_server *server)
{
	g_clear_pointer(&server->domain, g_free);
	g_clear_pointer(&server->host, g_free);
}
