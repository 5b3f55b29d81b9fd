/* SPDX-License-Identifier: MIT */
#ifndef TESTS_IRC_STAGE_H
#define TESTS_IRC_STAGE_H

#include "irc/account.h"
#include "irc/outgoing.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* A whole backend between a main and servers that are the test: links are played by stage.c. */
struct stage {
	struct plugin *plugin;
	struct buf frames;
	struct irc_link_host *host;
	struct irc_backend *backend;
};

/* `config` is what stands in the section [service]. NULL if the backend refuses it. */
struct stage *stage_new(const char *config);
void stage_free(struct stage *stage);

/* What main asks, for one user. */
void stage_login(struct stage *stage);
void stage_login_as(struct stage *stage, const char *name, const char *password);
void stage_join(struct stage *stage, const char *room, const char *nick);
void stage_leave(struct stage *stage, const char *room);
void stage_say(struct stage *stage, const char *buddy, const char *body);

/* Everything told to main since the last call, a line a frame. */
void assert_told(struct stage *stage, const char *lines);

/* Servers are addressed by "host:port"; the newest link that is open there. */
void stage_accept(struct stage *stage, const char *server);
void stage_refuse(struct stage *stage, const char *server, const char *why);
void stage_server(struct stage *stage, const char *server, const char *lines);
void assert_received(struct stage *stage, const char *server, const char *lines);
void stage_forget(struct stage *stage);

/* Where somebody tries to connect, or "" if nobody does. */
const char *stage_wanted(struct stage *stage);
unsigned stage_open_links(const struct stage *stage);
/* What the network that was closed last had received. */
void assert_farewell(const struct stage *stage, const char *bytes);
void stage_pass(struct stage *stage, uint64_t ms);

#endif
