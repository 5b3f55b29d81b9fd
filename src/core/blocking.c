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
	return contact && contact->flags & CONTACT_MUTED;
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
}

static void tell_watchers(struct user *user, const GPtrArray *nodes, bool block)
{
	struct core *core = user->core;
	for (struct session *session = user->sessions; session; session = session->next)
		if (session->watches_blocked)
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

/* NULL: one of them is none of the user's. No nodes: all that are blocked. */
static GPtrArray *find_all(struct user *user, const char *const *nodes, size_t n)
{
	GPtrArray *found = n ? g_ptr_array_new() : core_values(user->contacts);
	for (size_t i = 0; i < n; i++) {
		struct contact *contact = roster_find_node(user, nodes[i]);
		if (!contact) {
			g_ptr_array_unref(found);
			return NULL;
		}
		g_ptr_array_add(found, contact);
	}
	return found;
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
	g_autoptr(GPtrArray) contacts = find_all(user, nodes, n), changed = g_ptr_array_new();
	if (!contacts) {
		*text = "There is no such contact";
		return CORE_ITEM_NOT_FOUND;
	}
	for (guint i = 0; i < contacts->len; i++) {
		struct contact *contact = contacts->pdata[i];
		if (is_blocked(contact) == block)
			continue;
		set(user, contact, block);
		g_ptr_array_add(changed, (char *)contact->node);
	}
	if (changed->len)
		tell_watchers(user, changed, block);
	return CORE_OK;
}
