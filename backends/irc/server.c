/* SPDX-License-Identifier: MIT */
#include "irc/server.h"

#include <glib.h>
#include <string.h>

enum { HOST_MAX = 255 };

/* The port's text behind the host, NULL if there is none. Sets the host. */
static const char *split_host(struct irc_server *server, const char *text)
{
	const char *end = *text == '[' ? strchr(text, ']') : NULL;
	if (end) {
		server->host = g_strndup(text + 1, (size_t)(end - text - 1));
		return end[1] == ':' || end[1] == '/' ? end + 2 : NULL;
	}
	size_t n = strcspn(text, ":/");
	if (text[n] && strpbrk(text + n + 1, ":/"))
		n = strlen(text);
	server->host = g_strndup(text, n);
	return text[n] ? text + n + 1 : NULL;
}

static bool is_host(const char *host)
{
	size_t n = strlen(host);
	return n > 0 && n <= HOST_MAX && strspn(host, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ".-_:%") == n;
}

bool irc_server_parse(struct irc_server *server, const char *text)
{
	guint64 number = 0;
	*server = (struct irc_server){ .host = NULL };
	const char *port = split_host(server, text);
	if (!is_host(server->host)) {
		irc_server_fini(server);
		return false;
	}
	server->tls = port && *port == '+';
	bool valid = port && g_ascii_string_to_unsigned(port + server->tls, 10, 1, 65535, &number, NULL);
	server->tls = server->tls || (valid && number == IRC_PORT_TLS);
	server->port = valid ? (unsigned)number : server->tls ? IRC_PORT_TLS : IRC_PORT_PLAIN;
	return true;
}

void irc_server_fini(struct irc_server *server)
{
	g_clear_pointer(&server->host, g_free);
}
