/* SPDX-License-Identifier: MIT */
#include "echo/echo.h"

#include "base/hash.h"

#include <glib.h>

#define CONTACT  "echo"
#define GREETING "Whatever you say"

/* A user who enters rooms without end gets no further than this. */
enum { ROOMS_MAX = 100 };

struct echo {
	struct plugin *plugin; /* borrowed */
	GHashTable *users;     /* bare JID → struct user, owned */
};

/* Someone who is logged in. A real backend has its connection to the network here. */
struct user {
	GHashTable *rooms; /* name of a room the user is in → the user's nickname there, owned */
};

static void free_user(gpointer data)
{
	struct user *user = data;
	g_hash_table_unref(user->rooms);
	g_free(user);
}

struct echo *echo_new(struct plugin *plugin)
{
	/* Sent to main before it lets the first user in. */
	static const struct plugin_features features = {
		.need_password = true,
		.need_registration = true,
		.muc = true,
		.receipts = true,
	};
	struct echo *echo = g_new0(struct echo, 1);
	echo->plugin = plugin;
	/* Users and rooms have the names that strangers give them: hence the hash with a secret seed. */
	echo->users = g_hash_table_new_full(hash_text, g_str_equal, g_free, free_user);
	plugin_set_features(plugin, &features);
	return echo;
}

void echo_free(struct echo **echo)
{
	struct echo *e = *echo;
	*echo = NULL;
	if (!e)
		return;
	g_hash_table_unref(e->users);
	g_free(e);
}

/* The user's nickname in a room, NULL if the user is not in it. */
static const char *find_nickname(const struct echo *echo, const char *jid, const char *room)
{
	const struct user *user = g_hash_table_lookup(echo->users, jid);
	return user ? g_hash_table_lookup(user->rooms, room) : NULL;
}

/* Every login ends in plugin_connected() or in plugin_disconnected(). A real backend says one of them
 * when its network has answered; here every password is right. What is on the contact list is best
 * said before, so that the user sees all of it at once. */
static void on_login(void *ctx, const struct plugin_login *login)
{
	struct echo *echo = ctx;
	struct user *user = g_new0(struct user, 1);
	user->rooms = g_hash_table_new_full(hash_text, g_str_equal, g_free, g_free);
	g_hash_table_replace(echo->users, g_strdup(login->user), user);
	plugin_buddy(echo->plugin, &(struct plugin_buddy){ .user = login->user,
							   .buddy = CONTACT,
							   .alias = "Echo",
							   .status = PLUGIN_ONLINE,
							   .status_message = GREETING });
	plugin_connected(echo->plugin, login->user);
}

/* Also comes for users who are logged out already, so nobody may be surprised. */
static void on_logout(void *ctx, const char *user, const char *legacy_name)
{
	struct echo *echo = ctx;
	g_hash_table_remove(echo->users, user);
}

/* In a room everybody hears everything, so the network gives back to users what they say themselves:
 * main shows nothing before that. */
static void say_in_room(struct echo *echo, const struct plugin_message *said, const char *nickname)
{
	struct plugin_message heard = *said;
	heard.nickname = nickname;
	plugin_message(echo->plugin, &heard);
	heard.nickname = CONTACT;
	heard.id = NULL;
	plugin_message(echo->plugin, &heard);
}

/* A private message to "room/nickname". Only `echo` answers. */
static void whisper(struct echo *echo, const struct plugin_message *said, const char *room, const char *nickname)
{
	struct plugin_message heard = *said;
	if (strcmp(nickname, CONTACT) != 0)
		return;
	heard.buddy = room;
	heard.nickname = nickname;
	heard.id = NULL;
	heard.pm = true;
	plugin_message(echo->plugin, &heard);
}

/* An id asks for a receipt: it says that the message has reached its reader. */
static void talk(struct echo *echo, const struct plugin_message *said)
{
	struct plugin_message heard = *said;
	if (*said->id)
		plugin_ack(echo->plugin, said->user, said->buddy, said->id);
	heard.id = NULL;
	plugin_message(echo->plugin, &heard);
}

/* To whom it goes is told apart by the rooms the user is in. */
static void on_message(void *ctx, const struct plugin_message *said)
{
	struct echo *echo = ctx;
	const char *slash = strrchr(said->buddy, '/');
	g_autofree char *room = g_strndup(said->buddy, slash ? (gsize)(slash - said->buddy) : strlen(said->buddy));
	const char *nickname = find_nickname(echo, said->user, said->buddy);
	if (nickname)
		say_in_room(echo, said, nickname);
	else if (slash && find_nickname(echo, said->user, room))
		whisper(echo, said, room, slash + 1);
	else
		talk(echo, said);
}

static void on_typing(void *ctx, const char *user, const char *buddy, enum plugin_typing_state state)
{
	struct echo *echo = ctx;
	if (!find_nickname(echo, user, buddy))
		plugin_typing(echo->plugin, user, buddy, state);
}

static void on_attention(void *ctx, const char *user, const char *buddy, const char *text)
{
	struct echo *echo = ctx;
	plugin_attention(echo->plugin, user, buddy, text);
}

/* A contact that is added is there, and wants the same in return. */
static void on_buddy_changed(void *ctx, const struct plugin_buddy *buddy)
{
	struct echo *echo = ctx;
	struct plugin_buddy friend = *buddy;
	friend.status = PLUGIN_ONLINE;
	friend.status_message = GREETING;
	plugin_buddy(echo->plugin, &friend);
}

/* Always answered, and with the id of the question; an empty card is an answer too. */
static void on_vcard_request(void *ctx, const char *user, const char *buddy, int32_t id)
{
	struct echo *echo = ctx;
	struct plugin_vcard card = { .user = user, .buddy = buddy, .id = id, .full_name = "Echo", .nickname = buddy };
	plugin_vcard(echo->plugin, &card);
}

static void refuse(struct echo *echo, const struct plugin_room *room, enum plugin_flag why, const char *text)
{
	plugin_participant(echo->plugin, &(struct plugin_participant){ .user = room->user,
								       .room = room->room,
								       .nickname = room->nickname,
								       .flags = why,
								       .status = PLUGIN_OFFLINE,
								       .status_message = text });
}

/* First who is there, the user last, which tells main that the list is complete; then the subject. */
static void show_room(struct echo *echo, const struct plugin_room *room)
{
	struct plugin_participant who = { .user = room->user, .room = room->room, .status = PLUGIN_ONLINE };
	who.nickname = CONTACT;
	who.flags = PLUGIN_FLAG_MODERATOR;
	plugin_participant(echo->plugin, &who);
	who.nickname = room->nickname;
	who.flags = PLUGIN_FLAG_NONE;
	plugin_participant(echo->plugin, &who);
	plugin_subject(echo->plugin, room->user, room->room, CONTACT, GREETING);
}

/* May come again for a room the user is in, after main has lost and found its server. */
static void on_join_room(void *ctx, const struct plugin_room *room)
{
	struct echo *echo = ctx;
	struct user *user = g_hash_table_lookup(echo->users, room->user);
	if (!user)
		return;
	if (!strcmp(room->nickname, CONTACT)) {
		refuse(echo, room, PLUGIN_FLAG_CONFLICT, "There is one echo here already");
	} else if (g_hash_table_size(user->rooms) >= ROOMS_MAX && !g_hash_table_contains(user->rooms, room->room)) {
		refuse(echo, room, PLUGIN_FLAG_NOT_AUTHORIZED, "You are in too many rooms");
	} else {
		g_hash_table_replace(user->rooms, g_strdup(room->room), g_strdup(room->nickname));
		show_room(echo, room);
	}
}

/* Needs no answer. */
static void on_leave_room(void *ctx, const char *jid, const char *room)
{
	struct echo *echo = ctx;
	struct user *user = g_hash_table_lookup(echo->users, jid);
	if (user)
		g_hash_table_remove(user->rooms, room);
}

static void on_subject(void *ctx, const char *user, const char *room, const char *subject)
{
	struct echo *echo = ctx;
	const char *nickname = find_nickname(echo, user, room);
	if (nickname)
		plugin_subject(echo->plugin, user, room, nickname, subject);
}

/* What is not here is ignored: the status of users, who they block, removed contacts, own cards. */
const struct plugin_events echo_events = {
	.login = on_login,
	.logout = on_logout,
	.message = on_message,
	.typing = on_typing,
	.attention = on_attention,
	.join_room = on_join_room,
	.leave_room = on_leave_room,
	.subject = on_subject,
	.buddy_changed = on_buddy_changed,
	.vcard_request = on_vcard_request,
};
