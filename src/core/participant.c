/* SPDX-License-Identifier: MIT */
#include "core/room.h"

LOG_AREA("Conversation");

/* What networks report of rooms. */

static struct room *find(struct user *user, const char *name)
{
	arena_reset(user->core->scratch);
	return user->rooms ? rooms_find(user, core_fold(user->core, name)) : NULL;
}

/* NULL for what cannot be one. */
static const char *clean_nick(const struct room *room, const char *nick)
{
	const char *clean = text_clean(room->user->core->scratch, nick);
	if (clean && *clean && strlen(clean) <= CORE_TEXT_MAX)
		return clean;
	log_debug("%s in %s: a name that cannot be a nickname", room->user->key.p, room->name);
	return NULL;
}

/* --- refusals -------------------------------------------------------------------------------- */

/* In order of weight: the first that is set decides. */
static const struct {
	int flag;
	enum core_error error;
	const char *text;
} refusals[] = {
	{ CORE_FLAG_CONFLICT, CORE_CONFLICT, "The nickname is in use" },
	{ CORE_FLAG_NOT_AUTHORIZED, CORE_NOT_AUTHORIZED, "The room does not let you in" },
	{ CORE_FLAG_ROOM_NOT_FOUND, CORE_ITEM_NOT_FOUND, "There is no such room" },
};

/* XEP-0045, section 7.6: the user stays in, under the old name. */
static void refuse_wish(struct room *room, enum core_error error, const char *text)
{
	struct core *core = room->user->core;
	if (room->wisher)
		core->frontend->join_error(core->frontend_ctx, (struct core_address){ room->node, room->wish },
					   room->wisher->full, error, text);
	room_set_wish(room, NULL, NULL);
}

/* True if it is one; the room, and the user with it, may be gone then. */
static bool refused(struct room *room, const struct core_participant *seen)
{
	struct user *user = room->user;
	size_t i = 0;
	while (i < G_N_ELEMENTS(refusals) && !(seen->flags & refusals[i].flag))
		i++;
	if (i == G_N_ELEMENTS(refusals))
		return false;
	const char *text = seen->text && *seen->text ? seen->text : refusals[i].text;
	if (room->state == ROOM_ENTERED && refusals[i].flag != CORE_FLAG_ROOM_NOT_FOUND) {
		refuse_wish(room, refusals[i].error, text);
		return true;
	}
	room_put_out(room, refusals[i].error, text, ROOM_FAILURE);
	rooms_quit(room);
	rooms_end_implied(user);
	return true;
}

/* --- comings and goings ---------------------------------------------------------------------- */

static void drop_stale(struct room *room)
{
	struct core_occupant gone = { 0 };
	g_autoptr(GPtrArray) occupants = core_values(room->occupants);
	for (guint i = 0; i < occupants->len; i++) {
		struct occupant *occupant = occupants->pdata[i];
		if (!occupant->stale)
			continue;
		room_show_gone(room, occupant_name(occupant), NULL, &gone);
		room_remove_occupant(room, occupant);
	}
}

/* The own presence ends the entry: who was not named again since the network was lost is gone. */
static void entered(struct room *room)
{
	if (room->state == ROOM_ENTERED)
		return;
	room_set_state(room, ROOM_ENTERED);
	drop_stale(room);
	rooms_store(room);
	room_settle(room);
}

/* A network may just say another name of the user's: the former one is gone for all who look on. */
static void drop_former_self(struct room *room, const struct occupant *self)
{
	bool same = room->shown && !strcmp(room->shown, self->nickname);
	struct occupant *former = room->shown && !same ? room_occupant(room, room->shown) : NULL;
	struct core_occupant gone = { .newnick = occupant_name(self),
				      .moderator = former && former->moderator,
				      .code_count = 2,
				      .codes = { ROOM_RENAMED, ROOM_SELF } };
	if (same)
		return;
	if (former) {
		room_show_gone(room, occupant_name(former), NULL, &gone);
		room_remove_occupant(room, former);
	}
	g_free(room->shown);
	room->shown = g_strdup(self->nickname);
}

static void show_own(struct room *room, const struct occupant *self)
{
	drop_former_self(room, self);
	room_show(room, self, NULL, true);
	room->nick_changed = false;
	entered(room);
}

static void rename_occupant(struct room *room, struct occupant *occupant, const struct core_participant *seen, bool own)
{
	struct core_participant renamed = *seen;
	struct core_occupant gone = { .newnick = seen->newname,
				      .moderator = occupant && occupant->moderator,
				      .code_count = own ? 2 : 1,
				      .codes = { ROOM_RENAMED, ROOM_SELF } };
	room_show_gone(room, occupant ? occupant_name(occupant) : seen->nickname, NULL, &gone);
	if (occupant)
		room_remove_occupant(room, occupant);
	renamed.nickname = seen->newname;
	renamed.newname = renamed.alias = NULL;
	if (renamed.status == CORE_OFFLINE)
		renamed.status = CORE_ONLINE;
	struct occupant *now = room_put_occupant(room, &renamed);
	if (own) {
		room_set_nick(room, seen->newname);
		room_set_wish(room, NULL, NULL);
	}
	if (own)
		rooms_store(room);
	if (now && own)
		show_own(room, now);
	else if (now)
		room_show(room, now, NULL, false);
}

/* Frees the room, and maybe the user, if it is the user himself. */
static void left(struct room *room, struct occupant *occupant, const struct core_participant *seen, bool own)
{
	struct user *user = room->user;
	struct core_occupant gone = { .text = seen->text };
	if (own && !occupant && room->state != ROOM_ENTERED) {
		/* Put out before being in: that is a refusal (XEP-0045, section 7.2.8). */
		room_refuse(room, seen->flags & CORE_FLAG_BANNED ? CORE_FORBIDDEN : CORE_NOT_ALLOWED, seen->text);
		rooms_unstore(room);
		rooms_forget(room);
		rooms_end_implied(user);
		return;
	}
	if (own)
		gone.codes[gone.code_count++] = ROOM_SELF;
	if (seen->flags & (CORE_FLAG_BANNED | CORE_FLAG_KICKED)) {
		gone.codes[gone.code_count++] = seen->flags & CORE_FLAG_BANNED ? ROOM_BANNED : ROOM_KICKED;
		gone.reason = seen->text;
		gone.text = NULL;
	}
	room_show_gone(room, occupant ? occupant_name(occupant) : seen->nickname, NULL, &gone);
	if (occupant)
		room_remove_occupant(room, occupant);
	if (!own)
		return;
	rooms_unstore(room);
	rooms_forget(room);
	rooms_end_implied(user);
}

/* Another alias is another name for all who look on. */
static void show_new_alias(struct room *room, const struct occupant *occupant, const char *alias, bool own)
{
	struct core_occupant gone = { .newnick = alias,
				      .moderator = occupant->moderator,
				      .code_count = own ? 2 : 1,
				      .codes = { ROOM_RENAMED, ROOM_SELF } };
	if (strcmp(alias, occupant_name(occupant)))
		room_show_gone(room, occupant_name(occupant), NULL, &gone);
}

static void present(struct room *room, const struct core_participant *seen, bool own)
{
	const struct occupant *known = room_occupant(room, seen->nickname);
	if (known && seen->alias)
		show_new_alias(room, known, seen->alias, own);
	struct occupant *occupant = room_put_occupant(room, seen);
	if (occupant && !own)
		room_show(room, occupant, NULL, false);
	if (!occupant || !own)
		return;
	if (strcmp(room->nick, seen->nickname)) {
		room->nick_changed |= room->state != ROOM_ENTERED;
		room_set_nick(room, seen->nickname);
	}
	show_own(room, occupant);
}

/* Nobody but the user is refused, whatever name it says: maybe none, or as the network would spell it. */
static bool is_refusal(const struct room *room, int flags)
{
	bool asked = room->state == ROOM_ENTERING || room->wish;
	return asked && flags & (CORE_FLAG_CONFLICT | CORE_FLAG_NOT_AUTHORIZED | CORE_FLAG_ROOM_NOT_FOUND);
}

static bool has_left(const struct core_participant *seen)
{
	return seen->status == CORE_OFFLINE || seen->flags & (CORE_FLAG_KICKED | CORE_FLAG_BANNED);
}

/* Backends that do not say ME say the name; of a change they may have told the new one before. */
static bool is_own(const struct room *room, const struct core_participant *seen)
{
	bool to_own = !g_strcmp0(seen->newname, room->nick);
	return seen->flags & CORE_FLAG_ME || !strcmp(seen->nickname, room->nick) || to_own ||
	       is_refusal(room, seen->flags);
}

void core_legacy_participant(struct user *user, const struct core_participant *given)
{
	struct room *room = find(user, given->room);
	struct core_participant seen = *given;
	if (!room) {
		log_debug("%s: a participant of a room that is not entered", user->key.p);
		return;
	}
	seen.nickname = clean_nick(room, given->nickname);
	if (!seen.nickname && is_refusal(room, given->flags))
		seen.nickname = room->nick;
	seen.newname = given->newname && *given->newname ? clean_nick(room, given->newname) : NULL;
	seen.alias = given->alias && *given->alias ? clean_nick(room, given->alias) : NULL;
	bool own = seen.nickname && is_own(room, &seen);
	if (!seen.nickname || (own && refused(room, &seen)))
		return;
	struct occupant *occupant = room_occupant(room, seen.nickname);
	if (seen.newname && strcmp(seen.newname, seen.nickname) != 0)
		rename_occupant(room, occupant, &seen, own);
	else if (!has_left(&seen))
		present(room, &seen, own);
	else if (occupant || own)
		left(room, occupant, &seen, own);
}

static bool is_answered(const struct room *room)
{
	GHashTableIter iter;
	const struct occupant *occupant;
	g_hash_table_iter_init(&iter, room->occupants);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&occupant))
		if (!occupant->stale)
			return true;
	return false;
}

bool participant_assume_self(struct room *room)
{
	struct core_participant self = { .nickname = room->nick, .flags = CORE_FLAG_ME, .status = CORE_ONLINE };
	if (room->state != ROOM_ENTERING || !is_answered(room))
		return false;
	log_debug("%s in %s: the network does not say who the user is", room->user->key.p, room->name);
	present(room, &self, true);
	return room->state == ROOM_ENTERED;
}

void core_legacy_nickname(struct user *user, const char *name, const char *nickname)
{
	struct room *room = find(user, name);
	const char *clean = room ? clean_nick(room, nickname) : NULL;
	if (!clean || !strcmp(room->nick, clean))
		return;
	room->nick_changed = g_strcmp0(room->wish, clean) != 0;
	room_set_nick(room, clean);
}

void core_legacy_subject(struct user *user, const char *name, const char *nickname, const char *subject)
{
	struct room *room = find(user, name);
	const char *nick = room && nickname && *nickname ? clean_nick(room, nickname) : NULL;
	if (!room)
		return;
	const struct occupant *author = nick ? room_occupant(room, nick) : NULL;
	g_free(room->subject);
	g_free(room->subject_by);
	room->subject = g_strndup(subject, text_cut(subject, strlen(subject), CORE_SUBJECT_MAX));
	room->subject_by = g_strdup(author ? occupant_name(author) : nick);
	if (room->state == ROOM_ENTERED && !room->kept)
		room_show_subject(room, NULL);
}
