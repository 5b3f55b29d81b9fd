/* SPDX-License-Identifier: MIT */
#include "core/contact.h"
#include "core/private.h"
#include "core/room.h"

/* Of a user, and of all. */
enum { ASKED_MAX = 100, ASKED_BY_ALL_MAX = 10000 };

struct wait {
	struct core_reply reply;
	uint64_t user; /* id: only this user's backend may answer */
	uint64_t asked_at;
	uint32_t id;
	GList *asking; /* place in core->asking */
};

static void finish(struct core *core, struct wait *wait, const struct core_result *result)
{
	struct core_reply reply = wait->reply;
	struct user *user = idmap_find(core->ids, wait->user);
	if (user)
		user->vcards_asked--;
	g_queue_delete_link(&core->asking, wait->asking);
	g_free(wait);
	reply.done(reply.ctx, reply.id, result);
}

/* Answers never come before the call returned: a refusal goes the same way as an answer. */
struct refusal {
	struct core_reply reply;
	enum core_error error;
	const char *text;
};

static void tell(void *arg)
{
	struct refusal *refusal = arg;
	struct core_result result = { .error = refusal->error, .text = refusal->text };
	refusal->reply.done(refusal->reply.ctx, refusal->reply.id, &result);
	g_free(refusal);
}

static void refuse(struct core *core, struct core_reply reply, enum core_error error, const char *text)
{
	struct refusal *refusal = g_new(struct refusal, 1);
	*refusal = (struct refusal){ reply, error, text };
	loop_defer(core->loop, tell, refusal);
}

/* The name that the network knows the contact or the occupant by. */
static const char *name_of(struct user *user, const struct jid *to)
{
	struct core *core = user->core;
	const char *node = arena_strndup(core->scratch, to->full, to->node);
	const char *name = jid_name_of_node(core->scratch, node, NULL), *key = core_fold(core, name);
	const struct room *room = rooms_find(user, key);
	if (room && !jid_is_bare(to)) {
		const struct occupant *occupant = room_occupant_shown(room, jid_resource(to));
		return arena_printf(core->scratch, "%s/%s", room->name,
				    occupant ? occupant->nickname : jid_resource(to));
	}
	const struct contact *contact = roster_find(user, key);
	return contact ? contact->name : name;
}

void core_user_get_vcard(struct core *core, const struct jid *from, const struct jid *to, struct core_reply reply)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	if (!user || user->state != USER_ONLINE) {
		refuse(core, reply, CORE_RECIPIENT_UNAVAILABLE, "You are not logged in to the network");
		return;
	}
	if (core->asking.length >= ASKED_BY_ALL_MAX || user->vcards_asked >= ASKED_MAX) {
		refuse(core, reply, CORE_RESOURCE_CONSTRAINT, "Too many vCards are being fetched, try again later");
		return;
	}
	struct wait *wait = g_new0(struct wait, 1);
	*wait = (struct wait){ .reply = reply, .user = user->id, .asked_at = loop_now(core->loop) };
	wait->id = core->last_vcard = core->last_vcard == INT32_MAX ? 1 : core->last_vcard + 1;
	user->vcards_asked++;
	g_queue_push_tail(&core->asking, wait);
	wait->asking = core->asking.tail;
	core_need_tick(core);
	core->backend->get_vcard(core->backend_ctx, user, name_of(user, to), wait->id);
}

void core_legacy_vcard(struct user *user, uint32_t id, const struct core_vcard *vcard)
{
	struct core *core = user->core;
	arena_reset(core->scratch);
	for (GList *at = core->asking.head; at; at = at->next) {
		struct wait *wait = at->data;
		if (wait->id != id || wait->user != user->id)
			continue;
		finish(core, wait, &(struct core_result){ .vcard = vcard });
		return;
	}
}

/* A network that does not answer in time gives an empty vCard. */
bool vcards_expire(struct core *core)
{
	struct wait *wait;
	while ((wait = g_queue_peek_head(&core->asking)) && loop_now(core->loop) - wait->asked_at >= core->vcard_ms)
		finish(core, wait, &(struct core_result){ .vcard = &(struct core_vcard){ 0 } });
	return !g_queue_is_empty(&core->asking);
}

enum core_error core_user_set_vcard(struct core *core, const struct jid *from, const struct core_vcard *vcard)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	if (!user || user->state != USER_ONLINE)
		return CORE_RECIPIENT_UNAVAILABLE;
	return core->backend->set_vcard(core->backend_ctx, user, vcard) ? CORE_RECIPIENT_UNAVAILABLE : CORE_OK;
}

void vcards_drop(struct core *core)
{
	g_queue_clear_full(&core->asking, g_free);
}
