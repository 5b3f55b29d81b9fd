/* SPDX-License-Identifier: MIT */
#ifndef IRC_ACCOUNT_H
#define IRC_ACCOUNT_H

#include "irc/network.h"

#include "config/config.h"
#include "plugin/plugin.h"

/* The users of this process and what they are connected to. */

enum {
	IRC_NETWORKS_MAX = 20, /* of one user */
	IRC_AWAY_MIN_S = 10    /* the least time between two questions who is away */
};

/* Who hears what networks report (reports.h). */
struct irc_listener {
	const struct irc_events *connection; /* the ctx is the network */
	const struct irc_network_events *network;
};

struct irc_backend {
	struct plugin *plugin;       /* borrowed */
	struct irc_link_host *links; /* borrowed */
	struct irc_listener listener;
	struct irc_server *servers; /* of the one network; none: users name networks behind '@' */
	unsigned server_count;
	char *identify;
	bool send_pass;
	unsigned away_ms;
	GHashTable *accounts; /* user -> struct irc_account */
};

struct irc_account {
	struct irc_backend *backend; /* borrowed */
	char *user;                  /* bare JID */
	char *name;                  /* on networks */
	char *home;                  /* the network that the legacy name tells behind '@'; NULL: none */
	char *password;              /* secret */
	char *away;                  /* NULL: not away */
	GPtrArray *networks;         /* of owned struct irc_network */
};

/* Whom or what a name of main's means. */
struct irc_address {
	struct irc_network *network; /* NULL: none, or none yet */
	struct irc_channel *channel; /* NULL: not in it, or a contact */
	char *nick;                  /* owned: of a contact, or of someone in the channel; NULL: the channel */
	char *local, *key;           /* owned: what stands before and behind '@' */
};

/* NULL with an error that names the server which cannot be read. */
struct irc_backend *irc_backend_new(struct plugin *plugin, struct irc_link_host *links,
				    const struct irc_listener *listener, const struct config *config, GError **error);
/* Says good-bye everywhere. */
void irc_backend_free(struct irc_backend **backend);

/* A new account in place of a former one of this user. */
struct irc_account *irc_account_new(struct irc_backend *backend, const char *user, const char *name,
				    const char *password);
struct irc_account *irc_account_find(const struct irc_backend *backend, const char *user);
/* Says good-bye on its networks. */
void irc_account_remove(struct irc_backend *backend, const char *user);

/* The network that is there as long as the user is logged in, and with whose end the login ends: the one that is
 * configured, or else the one of the user's name. NULL: there is none, or its name is none. The caller settles it. */
struct irc_network *irc_account_open_home(struct irc_account *account);
bool irc_account_has_home(const struct irc_account *account);

/* NULL if the user may have no more, or `key` names no server. The caller settles it. */
struct irc_network *irc_account_open_network(struct irc_account *account, const char *key, const char *nick);

/* Frees a network that is dead. */
void irc_account_drop_network(struct irc_network *network);

/* "@host", or "" with one network only. Free with g_free. */
char *irc_network_suffix(const struct irc_network *network);

/* Free what it holds with irc_address_fini(). */
void irc_account_resolve(const struct irc_account *account, const char *name, struct irc_address *address);
void irc_address_fini(struct irc_address *address);

#endif
