/* SPDX-License-Identifier: MIT */
#include "irc/account.h"

#include "base/hash.h"
#include "base/secret.h"

static void free_network(gpointer p)
{
	struct irc_network *network = p;
	/* A connection that is lost already says nothing. */
	irc_connection_quit(network->connection, "Good-bye");
	struct buf *out = irc_connection_output(network->connection);
	if (buf_len(out))
		irc_link_write(network->link, buf_data(out), buf_len(out));
	irc_network_free(&network);
}

static void free_account(gpointer p)
{
	struct irc_account *account = p;
	g_ptr_array_unref(account->networks);
	g_free(account->user);
	g_free(account->name);
	g_free(account->home);
	secret_free(&account->password);
	g_free(account->away);
	g_free(account);
}

static gboolean read_servers(struct irc_backend *backend, const char *const *texts, GError **error)
{
	backend->servers = g_new0(struct irc_server, g_strv_length((char **)texts) + 1);
	for (; *texts; texts++) {
		if (!irc_server_parse(&backend->servers[backend->server_count], *texts)) {
			g_set_error(error, CONFIG_ERROR, CONFIG_ERROR_INVALID,
				    "service.irc_server: '%s': expected host, host:port or host:+port", *texts);
			return FALSE;
		}
		backend->server_count++;
	}
	return TRUE;
}

struct irc_backend *irc_backend_new(struct plugin *plugin, struct irc_link_host *links,
				    const struct irc_listener *listener, const struct config *config, GError **error)
{
	struct irc_backend *backend = g_new0(struct irc_backend, 1);
	backend->plugin = plugin;
	backend->links = links;
	backend->listener = *listener;
	backend->identify = g_strdup(config_text(config, CONFIG_SERVICE_IRC_IDENTIFY));
	backend->send_pass = config_bool(config, CONFIG_SERVICE_IRC_SEND_PASS);
	backend->away_ms = 1000U * (unsigned)MAX(config_int(config, CONFIG_SERVICE_IRC_AWAY_TIMEOUT), IRC_AWAY_MIN_S);
	backend->accounts = g_hash_table_new_full(hash_text, g_str_equal, NULL, free_account);
	if (!read_servers(backend, config_list(config, CONFIG_SERVICE_IRC_SERVER), error))
		irc_backend_free(&backend);
	return backend;
}

void irc_backend_free(struct irc_backend **at)
{
	struct irc_backend *backend = *at;
	*at = NULL;
	if (!backend)
		return;
	g_hash_table_unref(backend->accounts);
	for (unsigned i = 0; i < backend->server_count; i++)
		irc_server_fini(&backend->servers[i]);
	g_free(backend->servers);
	g_free(backend->identify);
	g_free(backend);
}

/* "nick@server", where users name networks. A JID has no ':' for the port: it may be written as XEP-0106 has it. */
static void read_name(struct irc_account *account, const char *name)
{
	const char *at = account->backend->server_count ? NULL : strrchr(name, '@');
	account->name = at ? g_strndup(name, (size_t)(at - name)) : g_strdup(name);
	if (!at)
		return;
	g_auto(GStrv) parts = g_strsplit(at + 1, "\\3a", 2);
	account->home = g_strjoinv(":", parts);
}

struct irc_account *irc_account_new(struct irc_backend *backend, const char *user, const char *name,
				    const char *password)
{
	struct irc_account *account = g_new0(struct irc_account, 1);
	account->backend = backend;
	account->user = g_strdup(user);
	read_name(account, name);
	account->password = secret_dup(password);
	account->networks = g_ptr_array_new_with_free_func(free_network);
	g_hash_table_replace(backend->accounts, account->user, account);
	return account;
}

struct irc_account *irc_account_find(const struct irc_backend *backend, const char *user)
{
	return g_hash_table_lookup(backend->accounts, user);
}

void irc_account_remove(struct irc_backend *backend, const char *user)
{
	g_hash_table_remove(backend->accounts, user);
}

void irc_account_drop_network(struct irc_network *network)
{
	struct irc_account *account = network->owner;
	g_ptr_array_remove(account->networks, network);
}

static struct irc_network *add_network(struct irc_account *account, const char *key, const char *nick,
				       const struct irc_server *servers, unsigned count, bool home)
{
	const struct irc_backend *backend = account->backend;
	g_autofree char *wish = irc_names_make_nick(nick);
	struct irc_settings settings = { .nick = wish,
					 .password = home ? account->password : "",
					 .send_pass = backend->send_pass,
					 .identify = backend->identify,
					 .name = account->name,
					 .away_ms = backend->away_ms };
	struct irc_network_setup setup = { .user = account->user,
					   .key = key,
					   .servers = servers,
					   .count = count,
					   .persistent = !home,
					   .settings = &settings,
					   .connection_events = backend->listener.connection,
					   .events = backend->listener.network,
					   .host = backend->links,
					   .owner = account };
	struct irc_network *network = irc_network_new(&setup);
	irc_connection_set_away(network->connection, account->away);
	g_ptr_array_add(account->networks, network);
	irc_network_open(network);
	return network;
}

static struct irc_network *add_named(struct irc_account *account, const char *key, const char *nick, bool home)
{
	struct irc_server server;
	if (account->networks->len >= IRC_NETWORKS_MAX || !irc_server_parse(&server, key))
		return NULL;
	struct irc_network *network = add_network(account, key, nick, &server, 1, home);
	irc_server_fini(&server);
	return network;
}

bool irc_account_has_home(const struct irc_account *account)
{
	return account->backend->server_count > 0 || account->home;
}

struct irc_network *irc_account_open_home(struct irc_account *account)
{
	const struct irc_backend *backend = account->backend;
	if (backend->server_count > 0)
		return add_network(account, "", account->name, backend->servers, backend->server_count, true);
	return account->home ? add_named(account, account->home, account->name, true) : NULL;
}

struct irc_network *irc_account_open_network(struct irc_account *account, const char *key, const char *nick)
{
	return add_named(account, key, nick, false);
}

char *irc_network_suffix(const struct irc_network *network)
{
	return g_strconcat(*network->key ? "@" : "", network->key, NULL);
}

static struct irc_network *find_network(const struct irc_account *account, const char *key)
{
	for (unsigned i = 0; i < account->networks->len; i++) {
		struct irc_network *network = account->networks->pdata[i];
		if (account->backend->server_count > 0 || g_ascii_strcasecmp(network->key, key) == 0)
			return network;
	}
	return NULL;
}

/* By its name on the network; one that main calls by a name without '#' is found by that. */
static struct irc_channel *find_channel(const struct irc_network *network, const char *local)
{
	if (!network)
		return NULL;
	g_autofree char *suffix = irc_network_suffix(network);
	g_autofree char *label = g_strconcat(local, suffix, NULL);
	g_autofree char *name = g_strconcat("#", local, NULL);
	struct irc_channel *channel = irc_connection_find(network->connection, local);
	if (channel)
		return channel;
	channel = irc_connection_find(network->connection, name);
	return channel && g_ascii_strcasecmp(channel->label, label) == 0 ? channel : NULL;
}

/* "room@key/nick" or "name@key". Servers have no '@', nicknames have neither '@' nor '/'. */
static void split_many(struct irc_address *address, const char *name)
{
	const char *at = strrchr(name, '@');
	size_t n = at ? strcspn(at, "/") : 0;
	address->local = at ? g_strndup(name, (size_t)(at - name)) : g_strdup(name);
	address->key = at ? g_strndup(at + 1, n - 1) : g_strdup("");
	address->nick = at && at[n] ? g_strdup(at + n + 1) : NULL;
}

/* "room/nick" or "name"; a channel may have '/' in its name. */
static void split_one(const struct irc_network *network, struct irc_address *address, const char *name)
{
	const char *slash = strrchr(name, '/');
	address->key = g_strdup("");
	address->local = slash ? g_strndup(name, (size_t)(slash - name)) : g_strdup(name);
	if (slash && !find_channel(network, name) && find_channel(network, address->local)) {
		address->nick = g_strdup(slash + 1);
		return;
	}
	g_free(address->local);
	address->local = g_strdup(name);
}

void irc_account_resolve(const struct irc_account *account, const char *name, struct irc_address *address)
{
	*address = (struct irc_address){ .network = NULL };
	if (account->backend->server_count > 0) {
		address->network = find_network(account, "");
		split_one(address->network, address, name);
	} else {
		split_many(address, name);
		address->network = find_network(account, address->key);
	}
	address->channel = find_channel(address->network, address->local);
	if (!address->channel && !address->nick && !strchr("#&+!", *address->local))
		address->nick = g_strdup(address->local);
}

void irc_address_fini(struct irc_address *address)
{
	g_clear_pointer(&address->nick, g_free);
	g_clear_pointer(&address->local, g_free);
	g_clear_pointer(&address->key, g_free);
}
