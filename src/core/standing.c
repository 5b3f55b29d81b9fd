/* SPDX-License-Identifier: MIT */
#include "core/standing.h"

#include "core/contact.h"
#include "core/private.h"
#include "core/room.h"

static enum core_progress progress_of(const struct user *user)
{
	static const enum core_progress progress[] = {
		[USER_LOADING] = CORE_COMING,
		[USER_WAITING] = CORE_COMING,
		[USER_ONLINE] = CORE_ON_THE_NETWORK,
		[USER_RETRYING] = CORE_TRYING_AGAIN,
	};
	return user->state == USER_RETRYING && !user_was_lost(user) ? CORE_COMING : progress[user->state];
}

void core_standing_of(const struct user *user, struct core_standing *standing)
{
	*standing = (struct core_standing){ .progress = progress_of(user),
					    .jid = user->key.p,
					    .uin = user->uin,
					    .idle_ms = loop_now(user->core->loop) - user->active_at };
	for (const struct session *session = user->sessions; session; session = session->next)
		standing->sessions++;
}

void core_user_standing(const struct core *core, const struct jid *who, struct core_standing *standing)
{
	const struct user *user = core_find_user(core, jid_bare(who));
	*standing = (struct core_standing){ .progress = CORE_AWAY_FROM_HERE };
	if (user)
		core_standing_of(user, standing);
}

void core_each_standing(const struct core *core, void (*each)(void *ctx, const struct core_standing *standing),
			void *ctx)
{
	GHashTableIter iter;
	const struct user *user;
	struct core_standing standing;
	g_hash_table_iter_init(&iter, core->users);
	while (g_hash_table_iter_next(&iter, (void **)&user, NULL)) {
		core_standing_of(user, &standing);
		each(ctx, &standing);
	}
}

/* --- moving users ---------------------------------------------------------------------------- */

void core_user_call(struct core *core, const struct jid *who)
{
	arena_reset(core->scratch);
	core_probe(core, jid_bare_text(who, core->scratch));
}

void core_user_reconnect(struct core *core, const struct jid *who)
{
	struct user *user = core_find_user(core, jid_bare(who));
	arena_reset(core->scratch);
	if (user)
		login_again(user);
	else
		core_user_call(core, who);
}

bool core_user_logout(struct core *core, const struct jid *who, const char *text)
{
	struct user *user = core_find_user(core, jid_bare(who));
	arena_reset(core->scratch);
	if (user)
		login_end(user, text, false);
	return user;
}

static struct room *find_room(const struct core *core, const struct jid *who, const struct jid *to)
{
	const struct user *user = core_find_user(core, jid_bare(who));
	return user ? rooms_find_jid(user, to) : NULL;
}

bool core_user_leave_room(struct core *core, const struct jid *who, const struct jid *to)
{
	g_autoptr(GPtrArray) inside = g_ptr_array_new_with_free_func(g_free);
	arena_reset(core->scratch);
	struct room *room = find_room(core, who, to);
	if (!room)
		return false;
	for (guint i = 0; i < room->sessions->len; i++)
		g_ptr_array_add(inside, g_strdup(((const struct session *)room->sessions->pdata[i])->full));
	/* Not in the scratch, which each of these calls empties. */
	struct arena *arena = arena_new(256);
	for (guint i = 0; i < inside->len; i++) {
		struct jid from;
		if (jid_parse_text(&from, arena, inside->pdata[i]))
			core_user_leave(core, &from, to);
	}
	arena_free(&arena);
	/* Who stays connected stays in rooms without a session, but not in this one. */
	room = find_room(core, who, to);
	if (room) {
		struct user *user = room->user;
		rooms_quit(room);
		rooms_end_implied(user);
	}
	return true;
}

/* --- contacts and rooms ---------------------------------------------------------------------- */

void core_user_each_contact(struct core *core, const struct jid *who,
			    void (*each)(void *ctx, const char *node, const struct core_contact *contact), void *ctx)
{
	const struct user *user = core_find_user(core, jid_bare(who));
	arena_reset(core->scratch);
	if (!user)
		return;
	g_autoptr(GPtrArray) contacts = core_values(user->contacts);
	for (guint i = 0; i < contacts->len; i++) {
		const struct contact *contact = contacts->pdata[i];
		struct core_contact value;
		contact_value(contact, &value, core->scratch);
		each(ctx, contact->node, &value);
	}
}

struct search {
	const char *wanted, *found; /* folded; a node */
	struct arena *arena;
};

static void compare(void *ctx, const char *node, const char *name)
{
	struct search *search = ctx;
	if (!search->found &&
	    (!strcmp(node, search->wanted) || !strcmp(text_fold(search->arena, name), search->wanted)))
		search->found = arena_strdup(search->arena, node);
}

const char *core_user_room_node(struct core *core, const struct jid *who, struct arena *arena, const char *name)
{
	struct search search = { .wanted = text_fold(arena, name), .arena = arena };
	core_user_each_room(core, who, compare, &search);
	return search.found ? search.found : jid_node_of_room(arena, name, core_escaping(core));
}
