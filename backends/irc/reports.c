/* SPDX-License-Identifier: MIT */
#include "irc/reports.h"

static struct irc_account *owner(const struct irc_network *network)
{
	return network->owner;
}

static struct plugin *plugin_of(const struct irc_network *network)
{
	return owner(network)->backend->plugin;
}

static const enum plugin_flag refusal_flags[] = { [IRC_REFUSED_NO_ROOM] = PLUGIN_FLAG_ROOM_NOT_FOUND,
						  [IRC_REFUSED_NOT_ALLOWED] = PLUGIN_FLAG_NOT_AUTHORIZED,
						  [IRC_REFUSED_NICKNAME] = PLUGIN_FLAG_CONFLICT };

static const enum plugin_error failure_errors[] = { [IRC_FAILURE_NETWORK] = PLUGIN_ERROR_NETWORK,
						    [IRC_FAILURE_NICKNAME] = PLUGIN_ERROR_INVALID_USERNAME,
						    [IRC_FAILURE_NICKNAME_TAKEN] = PLUGIN_ERROR_NAME_IN_USE,
						    [IRC_FAILURE_PASSWORD] = PLUGIN_ERROR_AUTHENTICATION_FAILED };

void irc_report_refusal(struct irc_account *account, const char *room, const char *nick, enum irc_refusal why,
			const char *text)
{
	const struct plugin_participant participant = { .user = account->user,
							.room = room,
							.nickname = nick,
							.flags = refusal_flags[why],
							.status = PLUGIN_OFFLINE,
							.status_message = text };
	plugin_participant(account->backend->plugin, &participant);
}

static uint64_t tell_now(void *ctx)
{
	const struct irc_network *network = ctx;
	return irc_link_now(network->link);
}

static void on_registered(void *ctx)
{
	struct irc_network *network = ctx;
	irc_network_note_up(network);
	if (!network->persistent)
		plugin_connected(plugin_of(network), owner(network)->user);
}

static void on_closed(void *ctx, enum irc_failure why, const char *text)
{
	irc_network_note_fallen(ctx, why, text);
}

/* Main learns under which name the user is there before it sees the user; of a change while there by
 * the change itself, and is told the name after it. */
static void tell_own_nick(const struct irc_network *network, struct irc_channel *channel, const char *nick)
{
	if (strcmp(channel->nick, nick) == 0)
		return;
	g_free(channel->nick);
	channel->nick = g_strdup(nick);
	plugin_nickname_changed(plugin_of(network), owner(network)->user, channel->label, nick);
}

static unsigned flags_of(const struct irc_occupant *occupant)
{
	unsigned flags = occupant->moderator ? PLUGIN_FLAG_MODERATOR : PLUGIN_FLAG_NONE;
	flags |= occupant->me ? PLUGIN_FLAG_ME : PLUGIN_FLAG_NONE;
	return flags | (occupant->kicked ? PLUGIN_FLAG_KICKED : PLUGIN_FLAG_NONE);
}

static void on_occupant(void *ctx, struct irc_channel *channel, const struct irc_occupant *occupant)
{
	const struct irc_network *network = ctx;
	bool renamed = *occupant->new_nick;
	enum plugin_status present = occupant->away ? PLUGIN_AWAY : PLUGIN_ONLINE;
	const struct plugin_participant participant = { .user = owner(network)->user,
							.room = channel->label,
							.nickname = occupant->nick,
							.flags = flags_of(occupant),
							.status = occupant->present ? present : PLUGIN_OFFLINE,
							.status_message = occupant->reason,
							.new_name = occupant->new_nick };
	if (occupant->me && occupant->present && !renamed)
		tell_own_nick(network, channel, occupant->nick);
	plugin_participant(plugin_of(network), &participant);
	if (occupant->me && renamed)
		tell_own_nick(network, channel, occupant->new_nick);
}

static void on_subject(void *ctx, struct irc_channel *channel, const char *text, const char *by)
{
	const struct irc_network *network = ctx;
	plugin_subject(plugin_of(network), owner(network)->user, channel->label, by, text);
}

/* Of a user who is inside, other reasons than the room's end mean a wish for another nickname. */
static void on_refused(void *ctx, struct irc_channel *channel, enum irc_refusal why, const char *text)
{
	const struct irc_network *network = ctx;
	irc_report_refusal(owner(network), channel->label, channel->nick, channel->inside ? IRC_REFUSED_NO_ROOM : why,
			   text);
}

static void tell_private(struct irc_network *network, struct plugin_message *message, const char *nick)
{
	g_autofree char *suffix = irc_network_suffix(network);
	g_autofree char *contact = g_strconcat(nick, suffix, NULL);
	struct irc_channel *channel = irc_connection_find_pm(network->connection, nick);
	message->user = owner(network)->user;
	message->pm = channel;
	message->buddy = channel ? channel->label : contact;
	message->nickname = channel ? nick : "";
	irc_network_linger(network);
	plugin_message(plugin_of(network), message);
}

static void on_message(void *ctx, const struct irc_message *message)
{
	struct irc_network *network = ctx;
	struct plugin_message told = { .body = message->text, .timestamp = message->when };
	g_autofree char *error = g_strdup_printf("Message not delivered: %s", message->text);
	if (message->kind == IRC_MESSAGE_ERROR)
		told.body = error;
	if (!message->channel) {
		tell_private(network, &told, message->nick);
		return;
	}
	told.user = owner(network)->user;
	told.buddy = message->channel->label;
	told.nickname = message->nick;
	plugin_message(plugin_of(network), &told);
}

static void on_invited(void *ctx, const char *nick, const char *channel)
{
	struct irc_network *network = ctx;
	g_autofree char *suffix = irc_network_suffix(network);
	g_autofree char *text = g_strdup_printf("%s invites you to the room %s%s", nick, channel, suffix);
	struct plugin_message told = { .body = text };
	tell_private(network, &told, nick);
}

void irc_report_tell(struct irc_account *account, const char *where, const char *text)
{
	struct irc_address address;
	irc_account_resolve(account, where, &address);
	struct plugin_message told = { .user = account->user, .buddy = where, .body = text };
	if (address.channel) {
		const struct irc_network *network = address.network;
		told.buddy = address.channel->label;
		told.pm = address.nick;
		told.nickname = address.nick ? address.nick : network->servers[network->at].host;
	}
	plugin_message(account->backend->plugin, &told);
	irc_address_fini(&address);
}

static void on_told(void *ctx, const char *where, const char *text)
{
	const struct irc_network *network = ctx;
	irc_report_tell(owner(network), where, text);
}

/* In a room the user stays under the former name. */
static void on_nick_refused(void *ctx, const char *where, const char *text)
{
	const struct irc_network *network = ctx;
	struct irc_address address;
	irc_account_resolve(owner(network), where, &address);
	if (address.channel && !address.nick) {
		irc_report_refusal(owner(network), address.channel->label, address.channel->nick, IRC_REFUSED_NICKNAME,
				   text);
	} else {
		irc_report_tell(owner(network), where, text);
	}
	irc_address_fini(&address);
}

static const struct irc_events connection_events = { .now = tell_now,
						     .registered = on_registered,
						     .closed = on_closed,
						     .occupant = on_occupant,
						     .subject = on_subject,
						     .refused = on_refused,
						     .message = on_message,
						     .invited = on_invited,
						     .nick_refused = on_nick_refused,
						     .told = on_told };

struct news {
	struct irc_network *network;
	enum irc_refusal why;
	const char *text;
};

static void tell_interrupted(void *ctx, struct irc_channel *channel)
{
	const struct news *news = ctx;
	irc_report_tell(owner(news->network), channel->label, news->text);
}

static void on_undelivered(struct irc_network *network, const char *where, const char *text)
{
	g_autofree char *line = g_strdup_printf("Message not delivered: %s", text);
	irc_report_tell(owner(network), where, line);
}

static void on_interrupted(struct irc_network *network, const char *text)
{
	g_autofree char *line = g_strdup_printf("Connection lost: %s. It is tried again.", text);
	struct news news = { .network = network, .text = line };
	irc_connection_each(network->connection, tell_interrupted, &news);
}

static void refuse(void *ctx, struct irc_channel *channel)
{
	const struct news *news = ctx;
	on_refused(news->network, channel, news->why, news->text);
}

/* With one network the login ends; main tells the rooms. Else each room is as good as not there. */
static void on_down(struct irc_network *network, enum irc_failure why, const char *text)
{
	bool nick = why == IRC_FAILURE_NICKNAME || why == IRC_FAILURE_NICKNAME_TAKEN;
	struct news news = { .network = network,
			     .why = nick ? IRC_REFUSED_NICKNAME : IRC_REFUSED_NO_ROOM,
			     .text = text };
	if (!network->persistent) {
		plugin_disconnected(plugin_of(network), owner(network)->user, failure_errors[why], text);
		return;
	}
	irc_connection_each(network->connection, refuse, &news);
}

static const struct irc_network_events network_events = {
	.undelivered = on_undelivered, .interrupted = on_interrupted, .down = on_down, .dead = irc_account_drop_network
};

const struct irc_listener irc_reports = { .connection = &connection_events, .network = &network_events };
