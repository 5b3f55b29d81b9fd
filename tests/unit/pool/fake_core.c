/* SPDX-License-Identifier: MIT */
#include "fake_core.h"

#include "core/raw.h"

static void free_user(void *arg)
{
	struct user *user = arg;
	g_free(user->jid);
	g_free(user);
}

struct core *fake_core_new(void)
{
	struct core *core = g_new0(struct core, 1);
	core->calls = g_string_new(NULL);
	core->users = g_ptr_array_new_with_free_func(free_user);
	return core;
}

void fake_core_free(struct core *core)
{
	g_string_free(core->calls, TRUE);
	g_ptr_array_unref(core->users);
	g_free(core);
}

struct user *fake_core_add(struct core *core, const char *jid)
{
	struct user *user = g_new0(struct user, 1);
	user->jid = g_strdup(jid);
	user->core = core;
	user->login = (struct user_login){ .legacy_name = "nick", .password = "pw", .status = CORE_OFFLINE };
	g_ptr_array_add(core->users, user);
	return user;
}

static const char *or_null(const char *text)
{
	return text ? text : "NULL";
}

static GString *calls_of(const struct user *user)
{
	return user->core->calls;
}

/* What the pool asks of the core. */

struct user *core_find_user(const struct core *core, struct str bare)
{
	for (guint i = 0; i < core->users->len; i++) {
		struct user *user = core->users->pdata[i];
		if (str_is(bare, user->jid))
			return user;
	}
	return NULL;
}

void core_set_features(struct core *core, const struct core_features *features)
{
	core->features = *features;
	core->feature_calls++;
}

const struct core_features *core_features(const struct core *core)
{
	return &core->features;
}

const char *user_jid(const struct user *user)
{
	return user->jid;
}

void *user_seat(const struct user *user)
{
	return user->seat;
}

void user_set_seat(struct user *user, void *seat)
{
	user->seat = seat;
}

void user_login(struct user *user, struct user_login *login)
{
	*login = user->login;
}

void user_each_contact(struct user *user, void (*each)(void *ctx, const struct core_contact *contact), void *ctx)
{
	for (size_t i = 0; i < user->contact_count; i++)
		each(ctx, &user->contacts[i]);
}

/* What it reports. */

void core_legacy_connected(struct user *user)
{
	g_string_append_printf(calls_of(user), "connected %s\n", user->jid);
}

void core_legacy_disconnected(struct user *user, int code, const char *text)
{
	g_string_append_printf(calls_of(user), "disconnected %s %d %s\n", user->jid, code, or_null(text));
	if (user->core->on_disconnected)
		user->core->on_disconnected(user);
}

void core_legacy_undelivered(struct core *core, const struct core_undelivered *undelivered)
{
	g_string_append_printf(core->calls, "undelivered %s -> %s %s %s\n", undelivered->sender, undelivered->address,
			       or_null(undelivered->id), undelivered->body);
}

void core_legacy_contact(struct user *user, const struct core_contact *contact)
{
	GString *calls = calls_of(user);
	g_string_append_printf(calls, "contact %s alias=%s groups=", contact->name, or_null(contact->alias));
	for (size_t i = 0; i < contact->group_count; i++)
		g_string_append_printf(calls, "%s,", contact->groups[i]);
	g_string_append_printf(calls, " status=%d text=%s icon=%s blocked=%d\n", contact->status,
			       or_null(contact->text), or_null(contact->icon_hash), contact->blocked);
}

void core_legacy_contact_removed(struct user *user, const char *name)
{
	g_string_append_printf(calls_of(user), "contact_removed %s\n", name);
}

void core_legacy_auth_request(struct user *user, const char *name)
{
	g_string_append_printf(calls_of(user), "auth_request %s\n", name);
}

void core_legacy_message(struct user *user, const struct core_legacy_message *message)
{
	GString *calls = calls_of(user);
	const struct core_message *m = &message->message;
	g_string_append_printf(calls, "message %s nick=%s type=%d id=%s body=%s xhtml=%s time=%" G_GINT64_FORMAT,
			       message->name, or_null(message->nickname), m->type, or_null(m->id), or_null(m->body),
			       or_null(m->xhtml), m->time);
	g_string_append_printf(calls, "%s%s%s", message->pm ? " pm" : "", message->carbon ? " carbon" : "",
			       m->attention ? " attention" : "");
	for (size_t i = 0; i < m->attachment_count; i++)
		g_string_append_printf(calls, " attachment=%s,%s,%s", m->attachments[i].url,
				       or_null(m->attachments[i].mime), or_null(m->attachments[i].description));
	g_string_append_c(calls, '\n');
}

void core_legacy_chat_state(struct user *user, const char *name, enum core_chat_state state)
{
	g_string_append_printf(calls_of(user), "chat_state %s %d\n", name, state);
}

void core_legacy_receipt(struct user *user, const char *name, const char *id)
{
	g_string_append_printf(calls_of(user), "receipt %s %s\n", name, id);
}

void core_legacy_participant(struct user *user, const struct core_participant *p)
{
	g_string_append_printf(calls_of(user),
			       "participant %s/%s flags=%d status=%d text=%s newname=%s icon=%s alias=%s\n", p->room,
			       p->nickname, p->flags, p->status, or_null(p->text), or_null(p->newname),
			       or_null(p->icon_hash), or_null(p->alias));
}

void core_legacy_nickname(struct user *user, const char *room, const char *nickname)
{
	g_string_append_printf(calls_of(user), "nickname %s %s\n", room, nickname);
}

void core_legacy_subject(struct user *user, const char *room, const char *nickname, const char *subject)
{
	g_string_append_printf(calls_of(user), "subject %s %s '%s'\n", room, or_null(nickname), subject);
}

void core_legacy_vcard(struct user *user, uint32_t id, const struct core_vcard *vcard)
{
	g_string_append_printf(calls_of(user), "vcard %u %s %s photo=%d,%zu\n", id, or_null(vcard->full_name),
			       or_null(vcard->nickname), vcard->has_photo, vcard->photo_len);
}

void core_legacy_room_list(struct core *core, struct user *user, const char *const *rooms, const char *const *names,
			   size_t n)
{
	g_string_append_printf(core->calls, "room_list %s", user ? user->jid : "all");
	for (size_t i = 0; i < n; i++)
		g_string_append_printf(core->calls, " %s=%s", rooms[i], names[i]);
	g_string_append_c(core->calls, '\n');
}

void core_legacy_raw(struct core *core, uint64_t source, const char *bytes, size_t n)
{
	g_string_append_printf(core->calls, "raw %" G_GUINT64_FORMAT " %.*s\n", source, (int)n, bytes);
}

void core_legacy_raw_end(struct core *core, uint64_t source)
{
	core->raw_ended = source;
}
