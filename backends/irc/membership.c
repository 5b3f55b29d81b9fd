/* SPDX-License-Identifier: MIT */
#include "irc/connection_internal.h"
#include "irc/text.h"

/* Who is in which channel, as the server tells it. */

static bool is_told(const struct irc_channel *channel)
{
	return channel->asked && channel->state == IRC_CHANNEL_JOINED && !channel->parts;
}

static void tell(struct irc_connection *connection, struct irc_channel *channel, const struct irc_occupant *occupant)
{
	if (is_told(channel))
		connection->events->occupant(connection->ctx, channel, occupant);
}

static struct irc_occupant describe(const struct irc_connection *connection, const struct irc_member *member)
{
	return (struct irc_occupant){ .nick = member->nick,
				      .present = true,
				      .me = irc_connection_is_me(connection, member->nick),
				      .moderator = irc_isupport_is_moderator(&connection->isupport, member->modes),
				      .away = member->away,
				      .reason = "",
				      .new_nick = "" };
}

static void tell_member(struct irc_connection *connection, struct irc_channel *channel, const struct irc_member *member)
{
	struct irc_occupant occupant = describe(connection, member);
	tell(connection, channel, &occupant);
}

/* Tells that a member has left and forgets them; the channel too if it is the user. */
static void remove_member(struct irc_connection *connection, struct irc_channel *channel, struct irc_member *member,
			  bool kicked, char *reason)
{
	struct irc_occupant occupant = describe(connection, member);
	irc_text_strip(reason);
	occupant.present = false;
	occupant.kicked = kicked;
	occupant.reason = reason;
	tell(connection, channel, &occupant);
	if (!occupant.me)
		irc_channel_remove(channel, member);
	else if (is_told(channel))
		irc_connection_drop_channel(connection, channel);
	else
		irc_membership_refuse(connection, channel, IRC_REFUSED_NOT_ALLOWED,
				      *reason ? reason : "Sent out of the room");
}

static struct irc_member *find(const struct irc_connection *connection, const struct irc_channel *channel,
			       const char *nick)
{
	return irc_channel_find(channel, connection->isupport.casemap, nick);
}

static bool is_full(const struct irc_connection *connection)
{
	unsigned n = 0;
	for (unsigned i = 0; i < connection->channels->len; i++)
		n += g_hash_table_size(((struct irc_channel *)connection->channels->pdata[i])->members);
	return n >= IRC_MEMBERS_MAX;
}

/* NULL for what is no nickname and for one too many; for the user there is always room. */
static struct irc_member *put(const struct irc_connection *connection, struct irc_channel *channel, const char *nick)
{
	struct irc_member *member = find(connection, channel, nick);
	bool fits =
		member || irc_connection_is_me(connection, nick) || (irc_names_is_target(nick) && !is_full(connection));
	if (!fits)
		return NULL;
	member = irc_channel_put(channel, connection->isupport.casemap, nick);
	member->stale = false;
	return member;
}

void irc_membership_refuse(struct irc_connection *connection, struct irc_channel *channel, enum irc_refusal why,
			   const char *text)
{
	if (channel->asked)
		connection->events->refused(connection->ctx, channel, why, text);
	irc_connection_drop_channel(connection, channel);
}

bool irc_membership_send_join(struct irc_connection *connection, struct irc_channel *channel)
{
	const char *blank = *channel->password ? " " : "";
	if (!irc_connection_command(connection, "JOIN %s%s%s", channel->name, blank, channel->password)) {
		irc_membership_refuse(connection, channel, IRC_REFUSED_NOT_ALLOWED, "Too much waits to be sent");
		return false;
	}
	/* It waits its turn before the server hears of it. */
	channel->due = irc_connection_now(connection) + IRC_JOIN_MS +
		       connection->flood.lines.length * (uint64_t)IRC_FLOOD_INTERVAL_MS;
	return true;
}

void irc_membership_join(struct irc_connection *connection, struct irc_channel *channel)
{
	if (irc_membership_send_join(connection, channel))
		irc_channel_set_state(channel, IRC_CHANNEL_JOINING);
}

/* The server let us into a channel: one we asked for, or one a bouncer keeps or an operator forced us into. */
static void enter(struct irc_connection *connection, const struct irc_line *line)
{
	const char *name = line->args[0];
	struct irc_channel *channel = irc_connection_find(connection, name);
	if (!channel)
		channel = irc_connection_add_channel(connection, name);
	if (!channel || channel->state >= IRC_CHANNEL_FILLING)
		return;
	g_free(channel->name);
	channel->name = g_strdup(name);
	g_free(connection->user);
	connection->user = g_strndup(line->user, IRC_SOURCE_MAX);
	irc_channel_set_topic(channel, NULL, "");
	irc_channel_set_state(channel, IRC_CHANNEL_FILLING);
	channel->due = irc_connection_now(connection) + IRC_JOIN_MS;
	put(connection, channel, connection->nick);
}

void irc_membership_on_join(struct irc_connection *connection, const struct irc_line *line)
{
	if (irc_connection_is_me(connection, line->source)) {
		enter(connection, line);
		return;
	}
	struct irc_channel *channel = irc_connection_find(connection, line->args[0]);
	struct irc_member *member = channel ? put(connection, channel, line->source) : NULL;
	if (member)
		tell_member(connection, channel, member);
}

/* Takes someone out of a channel we are in. */
static void take_out(struct irc_connection *connection, struct irc_channel *channel, const char *nick, bool kicked,
		     const char *reason)
{
	struct irc_member *member = channel->state >= IRC_CHANNEL_FILLING ? find(connection, channel, nick) : NULL;
	if (!member)
		return;
	if (channel->parts > 0 && irc_connection_is_me(connection, nick)) {
		channel->parts--;
		if (channel->parts > 0 || channel->asked)
			irc_channel_begin_again(channel);
		else
			irc_connection_drop_channel(connection, channel);
		return;
	}
	g_autofree char *copy = g_strdup(reason);
	remove_member(connection, channel, member, kicked, copy);
}

void irc_membership_on_part(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_channel *channel = irc_connection_find(connection, line->args[0]);
	if (channel)
		take_out(connection, channel, line->source, false, irc_line_arg(line, 1));
}

void irc_membership_on_kick(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_channel *channel = irc_connection_find(connection, line->args[0]);
	const char *text = irc_line_arg(line, 2);
	if (!channel)
		return;
	g_autofree char *reason = *text ? g_strdup_printf("%s (by %s)", text, line->source)
					: g_strdup_printf("Kicked by %s", line->source);
	take_out(connection, channel, line->args[1], true, reason);
}

void irc_membership_on_quit(struct irc_connection *connection, const struct irc_line *line)
{
	/* Our own end is told by ERROR or by the end of the transport. */
	if (irc_connection_is_me(connection, line->source))
		return;
	for (unsigned i = connection->channels->len; i > 0; i--)
		take_out(connection, connection->channels->pdata[i - 1], line->source, false, irc_line_arg(line, 0));
}

static void rename_member(struct irc_connection *connection, struct irc_channel *channel, const char *from,
			  const char *to)
{
	struct irc_member *member = find(connection, channel, from);
	if (!member)
		return;
	struct irc_occupant occupant = describe(connection, member);
	occupant.me = irc_connection_is_me(connection, to);
	occupant.nick = from;
	occupant.new_nick = to;
	irc_channel_rename(channel, connection->isupport.casemap, member, to);
	tell(connection, channel, &occupant);
}

static void rename_self(struct irc_connection *connection, const char *nick)
{
	g_free(connection->nick);
	connection->nick = g_strdup(nick);
	/* A name the user asked for is wanted again after a reconnect; one a service forced is not. */
	if (!*connection->nick_where)
		return;
	g_free(connection->wish);
	g_free(connection->nick_where);
	connection->wish = g_strdup(nick);
	connection->nick_where = g_strdup("");
}

void irc_membership_on_nick(struct irc_connection *connection, const struct irc_line *line)
{
	const char *nick = line->args[0];
	if (!irc_names_is_target(nick))
		return;
	if (irc_connection_is_me(connection, line->source))
		rename_self(connection, nick);
	for (unsigned i = 0; i < connection->channels->len; i++)
		rename_member(connection, connection->channels->pdata[i], line->source, nick);
}

static void change_mode(struct irc_connection *connection, struct irc_channel *channel, const char *nick, unsigned bit,
			bool set)
{
	struct irc_member *member = find(connection, channel, nick);
	if (!member)
		return;
	bool before = irc_isupport_is_moderator(&connection->isupport, member->modes);
	member->modes = set ? member->modes | bit : member->modes & ~bit;
	if (irc_isupport_is_moderator(&connection->isupport, member->modes) != before)
		tell_member(connection, channel, member);
}

void irc_membership_on_mode(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_channel *channel = irc_connection_find(connection, line->args[0]);
	unsigned arg = 2;
	bool set = true;
	for (const char *mode = line->args[1]; channel && *mode; mode++) {
		if (*mode == '+' || *mode == '-') {
			set = *mode == '+';
			continue;
		}
		unsigned bit = irc_isupport_mode_bit(&connection->isupport, *mode);
		if (bit)
			change_mode(connection, channel, irc_line_arg(line, arg), bit, set);
		arg += irc_isupport_mode_has_arg(&connection->isupport, *mode, set);
	}
}

static void change_away(struct irc_connection *connection, struct irc_channel *channel, const char *nick, bool away)
{
	struct irc_member *member = find(connection, channel, nick);
	if (!member || member->away == away)
		return;
	member->away = away;
	tell_member(connection, channel, member);
}

void irc_membership_on_away(struct irc_connection *connection, const struct irc_line *line)
{
	for (unsigned i = 0; i < connection->channels->len; i++)
		change_away(connection, connection->channels->pdata[i], line->source, line->count > 0);
}

/* <me> <channel> <user> <host> <server> <nick> <H or G and signs> :<hops> <real name> */
void irc_membership_on_who(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_channel *channel = irc_connection_find(connection, line->args[1]);
	if (channel)
		change_away(connection, channel, line->args[5], line->args[6][0] == 'G');
}

static void put_name(struct irc_connection *connection, struct irc_channel *channel, char *name)
{
	unsigned modes = 0, bit;
	while ((bit = irc_isupport_sign_bit(&connection->isupport, *name))) {
		modes |= bit;
		name++;
	}
	name[strcspn(name, "!")] = '\0';
	struct irc_member *member = put(connection, channel, name);
	if (member)
		member->modes = modes;
}

void irc_membership_on_names(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_channel *channel = irc_connection_find(connection, line->args[2]);
	if (!channel || channel->state != IRC_CHANNEL_FILLING)
		return;
	g_auto(GStrv) names = g_strsplit(line->args[3], " ", -1);
	for (char **name = names; *name; name++)
		put_name(connection, channel, *name);
}

/* After a reconnect: who is not there any more. The user may have come back under another name. */
static void remove_stale(struct irc_connection *connection, struct irc_channel *channel)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, channel->members);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct irc_member *member = value;
		if (!member->stale)
			continue;
		struct irc_occupant occupant = describe(connection, member);
		if (irc_connection_same_name(connection, member->nick, channel->nick)) {
			occupant.me = true;
			occupant.new_nick = connection->nick;
		} else {
			occupant.present = false;
		}
		tell(connection, channel, &occupant);
		g_hash_table_iter_remove(&iter);
	}
}

void irc_membership_announce(struct irc_connection *connection, struct irc_channel *channel)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, channel->members);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct irc_member *member = value;
		if (!irc_connection_is_me(connection, member->nick))
			tell_member(connection, channel, member);
	}
	tell_member(connection, channel, put(connection, channel, connection->nick));
	channel->inside = is_told(channel);
	if (channel->inside)
		connection->events->subject(connection->ctx, channel, channel->topic ? channel->topic : "",
					    channel->topic_by);
}

/* Asking who is away gives way to what users want. With away-notify the server tells all that follows. */
void irc_membership_ask_away(struct irc_connection *connection, struct irc_channel *channel)
{
	bool once = connection->caps & IRC_CAP_AWAY_NOTIFY;
	uint64_t now = irc_connection_now(connection);
	if (connection->flood.lines.length > 0) {
		channel->due = now + IRC_FLOOD_INTERVAL_MS;
		return;
	}
	if (g_hash_table_size(channel->members) <= IRC_WHO_MEMBERS_MAX)
		irc_connection_command(connection, "WHO %s", channel->name);
	/* The more channels, the less often: the questions never use up what the server lets us send. */
	channel->due = once ? UINT64_MAX
			    : now + connection->away_ms + 2ULL * connection->channels->len * IRC_FLOOD_INTERVAL_MS;
}

void irc_membership_complete(struct irc_connection *connection, struct irc_channel *channel)
{
	irc_channel_set_state(channel, IRC_CHANNEL_JOINED);
	remove_stale(connection, channel);
	irc_membership_announce(connection, channel);
	irc_membership_ask_away(connection, channel);
}

void irc_membership_on_names_end(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_channel *channel = irc_connection_find(connection, line->args[1]);
	if (channel && channel->state == IRC_CHANNEL_FILLING)
		irc_membership_complete(connection, channel);
}

static void set_topic(struct irc_connection *connection, const char *name, const char *topic, const char *by)
{
	struct irc_channel *channel = irc_connection_find(connection, name);
	if (!channel)
		return;
	g_autofree char *plain = g_strdup(topic);
	irc_text_strip(plain);
	irc_channel_set_topic(channel, plain, by);
	if (is_told(channel))
		connection->events->subject(connection->ctx, channel, plain, by);
}

void irc_membership_on_no_topic(struct irc_connection *connection, const struct irc_line *line)
{
	set_topic(connection, line->args[1], "", "");
}

void irc_membership_on_topic_is(struct irc_connection *connection, const struct irc_line *line)
{
	set_topic(connection, line->args[1], line->args[2], "");
}

void irc_membership_on_topic(struct irc_connection *connection, const struct irc_line *line)
{
	set_topic(connection, line->args[0], line->args[1], line->source);
}

/* <me> <channel> <nick!user@host> <time>; comes after 332 and before the end of the names. */
void irc_membership_on_topic_by(struct irc_connection *connection, const struct irc_line *line)
{
	struct irc_channel *channel = irc_connection_find(connection, line->args[1]);
	if (!channel)
		return;
	g_free(channel->topic_by);
	channel->topic_by = g_strndup(line->args[2], strcspn(line->args[2], "!/"));
}

static void refuse_or_tell(struct irc_connection *connection, const struct irc_line *line, enum irc_refusal why)
{
	struct irc_channel *channel = irc_connection_find(connection, irc_line_arg(line, 1));
	if (channel && channel->state == IRC_CHANNEL_JOINING)
		irc_membership_refuse(connection, channel, why, irc_line_last(line));
	else
		irc_talk_error(connection, line);
}

void irc_membership_on_no_room(struct irc_connection *connection, const struct irc_line *line)
{
	refuse_or_tell(connection, line, IRC_REFUSED_NO_ROOM);
}

void irc_membership_on_not_allowed(struct irc_connection *connection, const struct irc_line *line)
{
	refuse_or_tell(connection, line, IRC_REFUSED_NOT_ALLOWED);
}
