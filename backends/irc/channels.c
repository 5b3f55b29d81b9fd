/* SPDX-License-Identifier: MIT */
#include "irc/connection_internal.h"

#include "base/secret.h"

/* The channels of a connection, as its owner sees them. */

struct irc_channel *irc_connection_find(const struct irc_connection *connection, const char *name)
{
	for (unsigned i = 0; i < connection->channels->len; i++) {
		struct irc_channel *channel = connection->channels->pdata[i];
		if (irc_connection_same_name(connection, channel->name, name))
			return channel;
	}
	return NULL;
}

unsigned irc_connection_channels(const struct irc_connection *connection)
{
	unsigned n = 0;
	for (unsigned i = 0; i < connection->channels->len; i++)
		n += ((struct irc_channel *)connection->channels->pdata[i])->asked;
	return n;
}

void irc_connection_each(struct irc_connection *connection, void (*each)(void *ctx, struct irc_channel *channel),
			 void *ctx)
{
	for (unsigned i = 0; i < connection->channels->len; i++) {
		struct irc_channel *channel = connection->channels->pdata[i];
		if (channel->asked)
			each(ctx, channel);
	}
}

void irc_connection_forget(struct irc_connection *connection)
{
	g_ptr_array_set_size(connection->channels, 0);
}

void irc_connection_drop_channel(struct irc_connection *connection, struct irc_channel *channel)
{
	g_ptr_array_remove(connection->channels, channel);
}

struct irc_channel *irc_connection_add_channel(struct irc_connection *connection, const char *name)
{
	if (!irc_names_is_target(name) || connection->channels->len >= IRC_CHANNELS_MAX)
		return NULL;
	struct irc_channel *channel = irc_channel_new(name);
	g_ptr_array_add(connection->channels, channel);
	return channel;
}

bool irc_connection_join(struct irc_connection *connection, const char *name, const char *label, const char *nick,
			 const char *password)
{
	struct irc_channel *channel = irc_connection_find(connection, name);
	if (!channel)
		channel = irc_connection_add_channel(connection, name);
	if (!channel)
		return false;
	bool leaving = channel->parts > 0 && !channel->asked;
	channel->asked = true;
	g_free(channel->label);
	g_free(channel->nick);
	secret_free(&channel->password);
	channel->label = g_strdup(label);
	channel->nick = g_strdup(nick);
	channel->password = secret_dup(password);
	if (leaving)
		irc_membership_send_join(connection, channel);
	else if (channel->state == IRC_CHANNEL_JOINED)
		irc_membership_announce(connection, channel);
	else if (channel->state == IRC_CHANNEL_WANTED && connection->state == IRC_STATE_READY)
		irc_membership_join(connection, channel);
	return true;
}

void irc_connection_part(struct irc_connection *connection, struct irc_channel *channel)
{
	if (channel->parts > 0 && !channel->asked)
		return;
	bool early = channel->state == IRC_CHANNEL_JOINING || channel->parts > 0;
	bool sent =
		channel->state != IRC_CHANNEL_WANTED && irc_connection_command(connection, "PART %s", channel->name);
	/* The answer to its JOIN must not be taken for that of a later one. */
	if (early && sent) {
		channel->asked = channel->inside = false;
		channel->parts++;
		return;
	}
	irc_connection_drop_channel(connection, channel);
}

void irc_connection_set_pm(struct irc_connection *connection, const char *nick, struct irc_channel *channel)
{
	for (unsigned i = 0; i < connection->channels->len; i++) {
		struct irc_channel *each = connection->channels->pdata[i];
		struct irc_member *member = irc_channel_find(each, connection->isupport.casemap, nick);
		if (member)
			member->pm = each == channel;
	}
}

struct irc_channel *irc_connection_find_pm(const struct irc_connection *connection, const char *nick)
{
	for (unsigned i = 0; i < connection->channels->len; i++) {
		struct irc_channel *channel = connection->channels->pdata[i];
		struct irc_member *member = irc_channel_find(channel, connection->isupport.casemap, nick);
		if (member && member->pm && channel->asked)
			return channel;
	}
	return NULL;
}
