/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

/* Rooms and contacts of who asks. */

static const char *domain(const struct admin_task *task)
{
	return config_text(task->admin->config, CONFIG_SERVICE_JID);
}

struct listing {
	struct admin_task *task;
	char *search; /* folded; NULL: all */
	unsigned found;
};

static bool is_wanted(const struct listing *listing, const char *node, const char *name)
{
	if (!listing->search)
		return true;
	g_autofree char *folded = g_utf8_casefold(name, -1);
	return strstr(folded, listing->search) || strstr(node, listing->search);
}

static void say_room(void *ctx, const char *node, const char *name)
{
	struct listing *listing = ctx;
	if (!is_wanted(listing, node, name))
		return;
	listing->found++;
	if (strcmp(node, name))
		task_say(listing->task, "%s@%s - %s\n", node, domain(listing->task), name);
	else
		task_say(listing->task, "%s@%s\n", node, domain(listing->task));
}

void run_rooms(struct admin_task *task)
{
	const char *word = task->values[0];
	struct listing listing = { task, word && *word ? g_utf8_casefold(word, -1) : NULL, 0 };
	core_user_each_room(task->admin->core, &task->jid, say_room, &listing);
	if (!listing.found)
		task_say(task, listing.search ? "The network lists no room with this word."
					      : "The network lists no rooms. You may know the name of one: join ROOM");
	g_free(listing.search);
	task_finish(task);
}

static bool is_own_jid(const struct admin_task *task, const struct jid *jid)
{
	return jid->node && str_is(jid_domain(jid), domain(task));
}

/* A room's JID at the gateway, or its name on the network. False: it can be neither, and the task is refused. */
static bool find_room(struct admin_task *task, struct arena *arena, struct jid *room)
{
	const char *text = task->values[0], *node;
	if (jid_parse_text(room, arena, text) && is_own_jid(task, room))
		return true;
	node = core_user_room_node(task->admin->core, &task->jid, arena, text_clean(arena, text));
	if (node && *node && jid_build(room, arena, node, domain(task), NULL))
		return true;
	task_refuse(task, "This cannot be the name of a room.");
	return false;
}

void run_join(struct admin_task *task)
{
	struct admin *admin = task->admin;
	struct arena *arena = arena_new(1024);
	struct jid room;
	if (!core_features(admin->core)->muc) {
		task_refuse(task, "This network has no rooms.");
	} else if (find_room(task, arena, &room)) {
		struct str node = jid_node(&room);
		admin->host->open_room(admin->host_ctx, task->who, arena_strndup(arena, node.p, node.n),
				       task->values[1]);
		task_answer(task, "The room %s comes to your client, as a bookmark or by an invitation.",
			    jid_bare_text(&room, arena));
	}
	arena_free(&arena);
}

static void leave(struct admin_task *task, struct arena *arena, const struct jid *room)
{
	struct admin *admin = task->admin;
	struct str node = jid_node(room);
	if (!core_user_leave_room(admin->core, &task->jid, room)) {
		task_refuse(task, "You are not in this room.");
		return;
	}
	admin->host->close_room(admin->host_ctx, task->who, arena_strndup(arena, node.p, node.n));
	task_answer(task, "You have left the room %s.", jid_bare_text(room, arena));
}

void run_leave(struct admin_task *task)
{
	struct arena *arena = arena_new(1024);
	struct jid room;
	if (find_room(task, arena, &room))
		leave(task, arena, &room);
	arena_free(&arena);
}

static void say_contact(void *ctx, const char *node, const struct core_contact *contact)
{
	static const char *const statuses[] = { "online", "away", "online", "away", "busy", "offline", "offline" };
	struct listing *listing = ctx;
	const char *alias = contact->alias && *contact->alias ? contact->alias : contact->name;
	listing->found++;
	task_say(listing->task, "%s (%s) - %s@%s\n", alias, statuses[contact->status], node, domain(listing->task));
}

void run_contacts(struct admin_task *task)
{
	struct listing listing = { task, NULL, 0 };
	core_user_each_contact(task->admin->core, &task->jid, say_contact, &listing);
	if (!listing.found)
		task_say(task, "You have no contacts on this network yet, or are not logged in.");
	task_finish(task);
}
