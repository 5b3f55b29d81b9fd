/* SPDX-License-Identifier: MIT */
#include "core/contact.h"
#include "core/private.h"

/* Contacts that the user does not want to hear of (XEP-0191). The network is told, in case it can keep them away;
 * that they are not heard here is seen to all the same. */

static bool is_blocked(const struct contact *contact)
{
	return contact->flags & (CONTACT_BLOCKED | CONTACT_MUTED);
}

bool blocking_hides(const struct user *user, const char *key)
{
	const struct contact *contact = user->mutes ? roster_find(user, key) : NULL;
	return user->mutes && ((contact && contact->flags & CONTACT_MUTED) || strangers_have(user, key));
}

void core_user_each_blocked(struct core *core, const struct jid *from, void (*each)(void *ctx, const char *node),
			    void *ctx)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	struct session *session = user ? user_session(user, jid_resource(from)) : NULL;
	GHashTableIter iter;
	struct contact *contact;
	if (!user)
		return;
	if (session)
		session->watches_blocked = true;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact))
		if (is_blocked(contact))
			each(ctx, contact->node);
	strangers_each(user, each, ctx);
}

bool core_user_blocks(struct core *core, const struct jid *from, const struct jid *to)
{
	const struct user *user = core_find_user(core, jid_bare(from));
	if (!user || !user->mutes || !to->node)
		return false;
	arena_reset(core->scratch);
	const char *node = arena_strndup(core->scratch, to->full, to->node);
	return blocking_hides(user, core_fold(core, jid_name_of_node(core->scratch, node, NULL)));
}

static void tell_watchers(struct user *user, const GPtrArray *nodes, bool block)
{
	struct core *core = user->core;
	if (core->server)
		core->frontend->blocked(core->frontend_ctx, user->key.p, (const char *const *)nodes->pdata, nodes->len,
					block);
	for (struct session *session = user->sessions; session; session = session->next)
		if (session->watches_blocked && !core->server)
			core->frontend->blocked(core->frontend_ctx, session->full, (const char *const *)nodes->pdata,
						nodes->len, block);
}

static void set(struct user *user, struct contact *contact, bool block)
{
	struct core *core = user->core;
	struct core_contact value;
	contact->flags &= (uint8_t) ~(CONTACT_BLOCKED | CONTACT_MUTED);
	if (block)
		contact->flags |= CONTACT_BLOCKED | CONTACT_MUTED;
	user->mutes |= block;
	roster_gather(user, contact);
	contact_value(contact, &value, core->scratch);
	core->backend->block(core->backend_ctx, user, &value);
	if (contact->status != CORE_OFFLINE)
		roster_show_one(user, contact, user->key.p);
}

struct change {
	struct user *user;
	bool block;
	GPtrArray *nodes; /* that are blocked, or no longer, by it; borrowed or in the scratch */
};

static void change_contact(struct change *change, struct contact *contact)
{
	if (is_blocked(contact) == change->block)
		return;
	set(change->user, contact, change->block);
	g_ptr_array_add(change->nodes, (char *)contact->node);
}

static void change_stranger(void *ctx, const char *node)
{
	struct change *change = ctx;
	const char *copy = arena_strdup(change->user->core->scratch, node);
	if (change->block ? strangers_block(change->user, copy) : strangers_unblock(change->user, copy))
		g_ptr_array_add(change->nodes, (char *)copy);
}

static void note_node(void *ctx, const char *node)
{
	g_ptr_array_add(ctx, (char *)node);
}

static void unblock_all(struct change *change)
{
	g_autoptr(GPtrArray) contacts = core_values(change->user->contacts), nodes = g_ptr_array_new();
	for (guint i = 0; i < contacts->len; i++)
		change_contact(change, contacts->pdata[i]);
	strangers_each(change->user, note_node, nodes);
	for (guint i = 0; i < nodes->len; i++)
		change_stranger(change, nodes->pdata[i]);
}

static bool all_known(struct user *user, const char *const *nodes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!roster_find_node(user, nodes[i]))
			return false;
	return true;
}

enum core_error core_user_block(struct core *core, const struct jid *from, const char *const *nodes, size_t n,
				bool block, const char **text)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	if (!user || user->state != USER_ONLINE) {
		*text = user ? user_unready_text(user) : "You are not logged in to the network";
		return CORE_RECIPIENT_UNAVAILABLE;
	}
	if (!core->server && !all_known(user, nodes, n)) {
		*text = "There is no such contact";
		return CORE_ITEM_NOT_FOUND;
	}
	if (strangers_are_busy(user)) {
		*text = "The last changes are still being stored, try again later";
		return CORE_RESOURCE_CONSTRAINT;
	}
	g_autoptr(GPtrArray) changed = g_ptr_array_new();
	struct change change = { user, block, changed };
	if (!n)
		unblock_all(&change);
	for (size_t i = 0; i < n; i++) {
		struct contact *contact = roster_find_node(user, nodes[i]);
		if (contact)
			change_contact(&change, contact);
		if (!contact || !block)
			change_stranger(&change, nodes[i]);
	}
	if (changed->len)
		tell_watchers(user, changed, block);
	return CORE_OK;
}
