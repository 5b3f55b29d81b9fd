/* SPDX-License-Identifier: MIT */
#include "irc/channel.h"

#include "base/log.h"
#include "base/secret.h"

LOG_AREA("irc.channel");

static const char *const state_names[] = { "wanted", "joining", "filling", "joined" };

static void free_member(gpointer p)
{
	struct irc_member *member = p;
	g_free(member->nick);
	g_free((char *)member->key.p);
	g_free(member);
}

struct irc_channel *irc_channel_new(const char *name)
{
	struct irc_channel *channel = g_new0(struct irc_channel, 1);
	channel->name = g_strdup(name);
	channel->label = g_strdup(name);
	channel->nick = g_strdup("");
	channel->password = secret_dup("");
	channel->topic_by = g_strdup("");
	channel->members = g_hash_table_new_full(str_hash, str_equal, NULL, free_member);
	return channel;
}

void irc_channel_free(struct irc_channel **at)
{
	struct irc_channel *channel = *at;
	*at = NULL;
	if (!channel)
		return;
	g_hash_table_unref(channel->members);
	g_free(channel->name);
	g_free(channel->label);
	g_free(channel->nick);
	g_free(channel->topic);
	g_free(channel->topic_by);
	secret_free(&channel->password);
	g_free(channel);
}

void irc_channel_set_state(struct irc_channel *channel, enum irc_channel_state state)
{
	/* Forward by one step, or from anywhere back to the start; a server may put us in unasked. */
	g_assert(state == IRC_CHANNEL_WANTED || state == channel->state + 1U ||
		 (channel->state == IRC_CHANNEL_WANTED && state == IRC_CHANNEL_FILLING));
	log_debug("%s: %s -> %s", channel->name, state_names[channel->state], state_names[state]);
	channel->state = state;
}

struct irc_member *irc_channel_find(const struct irc_channel *channel, enum irc_casemap casemap, const char *nick)
{
	g_autofree char *folded = irc_names_fold(casemap, nick);
	struct str key = str_of(folded);
	return g_hash_table_lookup(channel->members, &key);
}

static void insert(struct irc_channel *channel, enum irc_casemap casemap, struct irc_member *member, const char *nick)
{
	member->nick = g_strdup(nick);
	member->key = str_of(irc_names_fold(casemap, nick));
	g_hash_table_replace(channel->members, &member->key, member);
}

struct irc_member *irc_channel_put(struct irc_channel *channel, enum irc_casemap casemap, const char *nick)
{
	struct irc_member *member = irc_channel_find(channel, casemap, nick);
	if (member)
		return member;
	member = g_new0(struct irc_member, 1);
	insert(channel, casemap, member, nick);
	return member;
}

void irc_channel_remove(struct irc_channel *channel, struct irc_member *member)
{
	g_hash_table_remove(channel->members, &member->key);
}

void irc_channel_rename(struct irc_channel *channel, enum irc_casemap casemap, struct irc_member *member,
			const char *nick)
{
	g_hash_table_steal(channel->members, &member->key);
	g_free(member->nick);
	g_free((char *)member->key.p);
	insert(channel, casemap, member, nick);
}

void irc_channel_set_topic(struct irc_channel *channel, const char *topic, const char *by)
{
	g_free(channel->topic);
	g_free(channel->topic_by);
	channel->topic = g_strdup(topic);
	channel->topic_by = g_strdup(by);
}

void irc_channel_begin_again(struct irc_channel *channel)
{
	g_hash_table_remove_all(channel->members);
	irc_channel_set_state(channel, IRC_CHANNEL_WANTED);
	irc_channel_set_state(channel, IRC_CHANNEL_JOINING);
}

void irc_channel_make_stale(struct irc_channel *channel)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, channel->members);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		((struct irc_member *)value)->stale = true;
}
