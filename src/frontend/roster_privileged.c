/* SPDX-License-Identifier: MIT */
#include "frontend/ask.h"
#include "frontend/privilege.h"
#include "frontend/roster.h"

LOG_AREA("RosterManager");

/* An IQ takes one item (RFC 6121, section 2.1.5). Several are under way at a time; the first failure that is not
 * that of an item ends it, and what is left goes another way. */
enum {
	TASKS_MAX = 20000,
	AT_ONCE = 8,
	ITEMS_MAX = 1 << 16, /* of one task, as their place is a part of the id of a request */
	PLACE_BITS = 16
};

struct task {
	struct arena *arena; /* all that lies in it */
	uint64_t id;
	const char *user;
	struct core_contact_item *items;
	size_t count;
	size_t next;    /* to be sent */
	size_t waiting; /* for an answer */
	bool *failed;
	bool gone, broken;
};

/* --- requests --------------------------------------------------------------------------------- */

static void on_answer(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena);

static bool ask(struct frontend *frontend, struct task *task, size_t place)
{
	struct buf *out = ask_begin(frontend, "set", (struct core_address){ 0 }, task->user);
	if (!out)
		return false;
	xml_put(out, "<query xmlns='" NS_ROSTER "'>");
	roster_put_item(frontend, out, &task->items[place], task->gone ? "remove" : "both");
	xml_put(out, "</query>");
	ask_end(frontend, out, (struct ask_reply){ on_answer, frontend, task->id << PLACE_BITS | place });
	return true;
}

static void free_task(struct task *task)
{
	struct arena *arena = task->arena;
	arena_free(&arena);
}

/* What was not sent has not been done either. */
static void finish(struct frontend *frontend, struct task *task)
{
	struct roster_change rest = { .user = task->user, .items = task->items, .gone = task->gone };
	for (size_t i = 0; i < task->count; i++)
		if (task->failed[i] || i >= task->next)
			task->items[rest.count++] = task->items[i];
	idmap_take(frontend->roster_tasks, task->id);
	if (rest.count)
		roster_try(frontend, ROSTER_PRIVILEGED + 1, &rest);
	free_task(task);
}

static void go_on(struct frontend *frontend, struct task *task)
{
	while (!task->broken && task->next < task->count && task->waiting < AT_ONCE) {
		if (!ask(frontend, task, task->next)) {
			task->broken = true;
			break;
		}
		task->next++;
		task->waiting++;
	}
	if (!task->waiting)
		finish(frontend, task);
}

/* --- answers ---------------------------------------------------------------------------------- */

/* The fault of that one item: others may do. */
static bool is_of_item(enum xmpp_condition condition)
{
	return condition == XMPP_BAD_REQUEST || condition == XMPP_CONFLICT || condition == XMPP_JID_MALFORMED ||
	       condition == XMPP_NOT_ACCEPTABLE;
}

static void refused(struct frontend *frontend, struct task *task, size_t place, const struct xml_element *answer)
{
	enum xmpp_condition condition = answer ? xmpp_read_error(answer) : XMPP_REMOTE_SERVER_TIMEOUT;
	/* What is not there needs not to be taken out. */
	if (task->gone && condition == XMPP_ITEM_NOT_FOUND)
		return;
	task->failed[place] = true;
	log_debug("%s: the server refuses a change of the roster: %s", task->user,
		  answer ? xmpp_condition_name(condition) : "no answer");
	if (is_of_item(condition))
		return;
	task->broken = true;
	privilege_failed(frontend, task->user);
}

static void on_answer(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	struct frontend *frontend = ctx;
	struct task *task = idmap_find(frontend->roster_tasks, id >> PLACE_BITS);
	size_t place = id & (ITEMS_MAX - 1);
	g_assert(task && task->waiting && place < task->next);
	task->waiting--;
	if (!ask_succeeded(answer)) {
		refused(frontend, task, place, answer);
	} else {
		privilege_worked(frontend, task->user);
		if (!task->gone)
			core_user_contacts_kept(frontend->core, task->user, &task->items[place].node, 1);
	}
	go_on(frontend, task);
}

/* --- the beginning ---------------------------------------------------------------------------- */

static struct task *task_new(const struct roster_change *change)
{
	struct arena *arena = arena_new(1024);
	struct task *task = arena_zalloc(arena, sizeof(*task));
	task->arena = arena;
	task->user = arena_strdup(arena, change->user);
	task->items = roster_copy_items(arena, change);
	task->failed = arena_zalloc(arena, change->count);
	task->count = change->count;
	task->gone = change->gone;
	return task;
}

bool roster_privileged(struct frontend *frontend, const struct roster_change *change)
{
	if (!(privilege_of(frontend, change->user)->roster & PRIVILEGE_SET) || !change->count ||
	    change->count > ITEMS_MAX || idmap_size(frontend->roster_tasks) >= TASKS_MAX)
		return false;
	struct task *task = task_new(change);
	task->id = idmap_add(frontend->roster_tasks, task);
	go_on(frontend, task);
	return true;
}

void roster_privileged_init(struct frontend *frontend)
{
	frontend->roster_tasks = idmap_new();
}

static void drop(void *ctx, uint64_t id, void *task)
{
	free_task(task);
}

void roster_privileged_fini(struct frontend *frontend)
{
	idmap_each(frontend->roster_tasks, drop, NULL);
	idmap_free(&frontend->roster_tasks);
}
