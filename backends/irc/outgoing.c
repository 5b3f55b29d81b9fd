/* SPDX-License-Identifier: MIT */
#include "irc/outgoing.h"
#include "irc/commands.h"
#include "irc/reports.h"

static bool is_single(const struct irc_backend *backend)
{
	return backend->server_count > 0;
}

static void on_login(void *ctx, const struct plugin_login *login)
{
	struct irc_backend *backend = ctx;
	struct irc_account *account = irc_account_new(backend, login->user, login->legacy_name, login->password);
	struct irc_network *home = irc_account_open_home(account);
	if (home)
		irc_network_settle(home);
	else if (irc_account_has_home(account))
		plugin_disconnected(backend->plugin, login->user, PLUGIN_ERROR_INVALID_USERNAME,
				    "The name of the network cannot be read");
	else
		plugin_connected(backend->plugin, login->user);
}

static void on_logout(void *ctx, const char *user, const char *legacy_name)
{
	irc_account_remove(ctx, user);
}

/* Settling may take the network out of the list, so it comes from the end. */
static void settle_all(struct irc_account *account)
{
	for (unsigned i = account->networks->len; i > 0; i--)
		irc_network_settle(account->networks->pdata[i - 1]);
}

static void on_status(void *ctx, const char *user, enum plugin_status status, const char *message)
{
	struct irc_account *account = irc_account_find(ctx, user);
	bool away = status == PLUGIN_AWAY || status == PLUGIN_XA || status == PLUGIN_DND;
	if (!account)
		return;
	g_free(account->away);
	account->away = away ? g_strdup(*message ? message : "Away") : NULL;
	for (unsigned i = 0; i < account->networks->len; i++) {
		struct irc_network *network = account->networks->pdata[i];
		irc_connection_set_away(network->connection, account->away);
	}
	settle_all(account);
}

/* The name of a channel that has none of the usual signs in front gets the usual one. */
static char *channel_name(const char *local)
{
	return g_strconcat(*local && strchr("#&+!", *local) ? "" : "#", local, NULL);
}

static void join(struct irc_account *account, const struct plugin_room *room, struct irc_address *address)
{
	g_autofree char *name = channel_name(address->local);
	/* The one network is opened by the login only. */
	if (!address->network && !is_single(account->backend))
		address->network = irc_account_open_network(account, address->key, room->nickname);
	if (!address->network)
		irc_report_refusal(account, room->room, room->nickname, IRC_REFUSED_NO_ROOM,
				   "A room is named #room@server, and only so many servers may be used at a time");
	else if (!irc_connection_join(address->network->connection, name, room->room, room->nickname, room->password))
		irc_report_refusal(account, room->room, room->nickname, IRC_REFUSED_NO_ROOM,
				   "This is no name of a channel, or there are too many");
}

static void rename_user(struct irc_account *account, const struct irc_address *address, const char *nick)
{
	const struct irc_channel *channel = address->channel;
	if (!irc_connection_set_nick(address->network->connection, nick, channel->label))
		irc_report_refusal(account, channel->label, channel->nick, IRC_REFUSED_NICKNAME,
				   "Too much waits to be sent");
}

static void on_join_room(void *ctx, const struct plugin_room *room)
{
	struct irc_account *account = irc_account_find(ctx, room->user);
	struct irc_address address;
	if (!account)
		return;
	irc_account_resolve(account, room->room, &address);
	struct irc_channel *channel = address.channel;
	bool inside = channel && channel->asked && channel->state == IRC_CHANNEL_JOINED;
	g_autofree char *nick = irc_names_make_nick(room->nickname);
	/* The user is there already: the wish for another nickname. */
	if (inside && *room->nickname && strcmp(irc_connection_nick(address.network->connection), nick) != 0)
		rename_user(account, &address, nick);
	else
		join(account, room, &address);
	if (address.network)
		irc_network_settle(address.network);
	irc_address_fini(&address);
}

static void on_leave_room(void *ctx, const char *user, const char *room)
{
	struct irc_account *account = irc_account_find(ctx, user);
	struct irc_address address;
	if (!account)
		return;
	irc_account_resolve(account, room, &address);
	if (address.channel) {
		irc_connection_part(address.network->connection, address.channel);
		irc_network_settle(address.network);
	}
	irc_address_fini(&address);
}

/* Whom a message goes to: NULL if there is nobody. Opens the network of a contact that has none yet. */
static const char *find_target(struct irc_account *account, struct irc_address *address)
{
	if (!address->network && address->nick && !address->channel && *address->key)
		address->network = irc_account_open_network(account, address->key, account->name);
	if (!address->network)
		return NULL;
	return address->nick ? address->nick : address->channel ? address->channel->name : NULL;
}

static void on_message(void *ctx, const struct plugin_message *message)
{
	struct irc_account *account = irc_account_find(ctx, message->user);
	struct irc_address address;
	if (!account)
		return;
	irc_account_resolve(account, message->buddy, &address);
	struct irc_speech speech = { .account = account, .where = message->buddy, .id = message->id };
	speech.target = find_target(account, &address);
	speech.network = address.network;
	speech.channel = address.channel;
	if (speech.target) {
		/* Answers come back to where the user spoke to them. */
		if (address.nick) {
			irc_connection_set_pm(address.network->connection, address.nick, address.channel);
			irc_network_linger(address.network);
		}
		irc_commands_take(&speech, message->body);
	} else {
		irc_report_tell(account, message->buddy,
				"Message not delivered: you are not in this room, or it is no name");
	}
	if (address.network)
		irc_network_settle(address.network);
	irc_address_fini(&address);
}

static void on_subject(void *ctx, const char *user, const char *room, const char *subject)
{
	struct irc_account *account = irc_account_find(ctx, user);
	struct irc_address address;
	if (!account)
		return;
	irc_account_resolve(account, room, &address);
	g_autofree char *line = g_strdelimit(g_strdup(subject), "\r\n", ' ');
	if (address.channel && !address.nick) {
		if (!irc_connection_command(address.network->connection, "TOPIC %s :%s", address.channel->name, line))
			irc_report_tell(account, room, "The subject was not changed: there is no connection");
		irc_network_settle(address.network);
	}
	irc_address_fini(&address);
}

/* IRC has no cards; an empty answer is quicker than none. */
static void on_vcard_request(void *ctx, const char *user, const char *buddy, int32_t id)
{
	const struct irc_backend *backend = ctx;
	const struct plugin_vcard vcard = { .user = user, .buddy = buddy, .id = id };
	plugin_vcard(backend->plugin, &vcard);
}

static void on_end(void *ctx)
{
	struct irc_backend *backend = ctx;
	g_hash_table_remove_all(backend->accounts);
}

const struct plugin_events irc_outgoing = { .login = on_login,
					    .logout = on_logout,
					    .status = on_status,
					    .message = on_message,
					    .join_room = on_join_room,
					    .leave_room = on_leave_room,
					    .subject = on_subject,
					    .vcard_request = on_vcard_request,
					    .exit = on_end };
