/* SPDX-License-Identifier: MIT */
#include "config/server.h"

#include <glib.h>
#include <string.h>

enum { CLIENT_PORT = 5222 };

/* "HOST", "HOST:PORT", "[ADDRESS]" or "[ADDRESS]:PORT". The host is to be freed; NULL: it is none of them. */
static char *split(const char *text, unsigned *port)
{
	guint64 number = CLIENT_PORT;
	bool bracketed = *text == '[';
	text += bracketed;
	size_t n = bracketed ? strspn(text, "0123456789ABCDEFabcdef:.") : strcspn(text, "[]:/@ \t\r\n\v\f");
	const char *rest = text + n;
	if (!n || (bracketed && *rest++ != ']'))
		return NULL;
	if (*rest == ':' ? !g_ascii_string_to_unsigned(rest + 1, 10, 1, 65535, &number, NULL) : *rest != '\0')
		return NULL;
	*port = (unsigned)number;
	return g_strndup(text, n);
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
