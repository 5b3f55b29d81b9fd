/* SPDX-License-Identifier: MIT */
#ifndef IRC_SERVER_H
#define IRC_SERVER_H

#include <stdbool.h>

/* Where a network is reached. */
enum { IRC_PORT_PLAIN = 6667, IRC_PORT_TLS = 6697 };

struct irc_server {
	char *host; /* owned */
	unsigned port;
	bool tls;
};

/* "host", "host:port" or "host:+port", '/' in place of ':' too, an IPv6 address in brackets; one with
 * several colons and no brackets is a host as a whole. '+' or port 6697 means TLS; a bad port gives the
 * usual one. False if there is no host. */
bool irc_server_parse(struct irc_server *server, const char *text);
void irc_server_fini(struct irc_server *server);

#endif
