/* SPDX-License-Identifier: MIT */
#ifndef CONFIG_SERVER_H
#define CONFIG_SERVER_H

#include <stdbool.h>

/* An XMPP server as a value of the configuration: "DOMAIN", "DOMAIN:PORT" or, where the domain's server is reached
 * by another name, "DOMAIN HOST" or "DOMAIN HOST:PORT". An IPv6 address stands in brackets: "[::1]:5222". */
struct config_server {
	char *domain, *host; /* owned; host without brackets */
	unsigned port;       /* 5222 where none is given */
};

/* False, with nothing to clear, if the text is none of these. */
bool config_server_parse(struct config_server *server, const char *text);
void config_server_clear(struct config_server *server);

#endif
