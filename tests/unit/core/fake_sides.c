/* SPDX-License-Identifier: MIT */
#include "fakes_private.h"

/* What users and networks do, in few words. */

static struct core_presence presence_of(const char *what)
{
	struct core_presence presence = { .type = CORE_AVAILABLE };
	if (!fake_find_status(what, &presence.status))
		presence.type = fake_find_type(what);
	return presence;
}

void user_presence(struct fakes *fakes, const char *from, const char *what, const char *text, int priority)
{
	struct jid jid = fakes_jid(fakes, from);
	struct core_presence presence = presence_of(what);
	presence.text = text;
	presence.priority = priority;
	core_user_presence(fakes->core, &jid, &presence);
}

void user_contact_presence(struct fakes *fakes, const char *from, const char *to, const char *what)
{
	struct jid sender = fakes_jid(fakes, from), contact = fakes_jid(fakes, to);
	struct core_presence presence = presence_of(what);
	core_user_contact_presence(fakes->core, &sender, &contact, &presence);
}

void user_join(struct fakes *fakes, const char *from, const char *to, const char *password)
{
	struct jid sender = fakes_jid(fakes, from), room = fakes_jid(fakes, to);
	core_user_join(fakes->core, &sender, &room, password, NULL);
}

void user_leave(struct fakes *fakes, const char *from, const char *to)
{
	struct jid sender = fakes_jid(fakes, from), room = fakes_jid(fakes, to);
	core_user_leave(fakes->core, &sender, &room);
}

const char *user_sends(struct fakes *fakes, const char *from, const char *to, const struct core_message *message)
{
	struct jid sender = fakes_jid(fakes, from), recipient = fakes_jid(fakes, to);
	const char *text = NULL;
	enum core_error error = core_user_message(fakes->core, &sender, &recipient, message, &text);
	if (error == CORE_OK)
		return NULL;
	return arena_printf(fakes->arena, "%s %s", fake_error_name(error), text ? text : "");
}

const char *user_writes(struct fakes *fakes, const char *from, const char *to, const char *body)
{
	return user_sends(fakes, from, to, &(struct core_message){ .type = CORE_CHAT_MESSAGE, .body = body });
}

const char *user_writes_room(struct fakes *fakes, const char *from, const char *to, const char *body)
{
	return user_sends(fakes, from, to, &(struct core_message){ .type = CORE_GROUPCHAT, .body = body });
}

struct asker {
	struct fakes *fakes;
	char *name;
};

static void note_result(void *ctx, uint64_t id, const struct core_result *result)
{
	struct asker *asker = ctx;
	GString *line = g_string_new(NULL);
	const struct core_vcard *vcard = result->vcard;
	g_string_append_printf(line, "reply %s: %s", asker->name, fake_error_name(result->error));
	if (result->text)
		g_string_append_printf(line, " \"%s\"", result->text);
	if (result->registered)
		g_string_append(line, " registered");
	if (result->uin)
		g_string_append_printf(line, " %s %s", result->uin, result->language);
	if (vcard)
		g_string_append_printf(line, " [%s] [%s] %zu bytes", vcard->full_name ? vcard->full_name : "",
				       vcard->nickname ? vcard->nickname : "", vcard->photo_len);
	g_ptr_array_add(asker->fakes->lines, g_string_free(line, FALSE));
	g_free(asker->name);
	g_free(asker);
}

struct core_reply fakes_reply(struct fakes *fakes, const char *name)
{
	struct asker *asker = g_new0(struct asker, 1);
	asker->fakes = fakes;
	asker->name = g_strdup(name);
	return (struct core_reply){ note_result, asker, 1 };
}

void fakes_account_checked(struct fakes *fakes, enum core_error error)
{
	core_account_checked(fakes->core, fakes->account, error);
}

/* --- networks -------------------------------------------------------------------------------- */

static struct user *someone(struct fakes *fakes, const char *jid)
{
	struct user *user = fakes_user(fakes, jid);
	assert_non_null(user);
	return user;
}

void net_connected(struct fakes *fakes, const char *jid)
{
	core_legacy_connected(someone(fakes, jid));
}

void net_disconnected(struct fakes *fakes, const char *jid, int code, const char *text)
{
	core_legacy_disconnected(someone(fakes, jid), code, text);
}

void net_contact(struct fakes *fakes, const char *jid, const struct core_contact *contact)
{
	core_legacy_contact(someone(fakes, jid), contact);
}

void net_writes(struct fakes *fakes, const char *jid, const char *name, const char *body)
{
	struct core_legacy_message message = { .name = name, .message = { .body = body } };
	core_legacy_message(someone(fakes, jid), &message);
}

void net_room_writes(struct fakes *fakes, const char *jid, const char *room, const char *nick, const char *body)
{
	struct core_legacy_message message = { .name = room, .nickname = nick, .message = { .body = body } };
	core_legacy_message(someone(fakes, jid), &message);
}

void net_participant(struct fakes *fakes, const char *jid, const struct core_participant *participant)
{
	core_legacy_participant(someone(fakes, jid), participant);
}

void net_occupant(struct fakes *fakes, const char *jid, const char *room, const char *nick, int flags)
{
	struct core_participant participant = { .room = room, .nickname = nick, .flags = flags, .status = CORE_ONLINE };
	net_participant(fakes, jid, &participant);
}
