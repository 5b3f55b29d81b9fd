/* SPDX-License-Identifier: MIT */
#include "core/contact.h"
#include "core/private.h"

LOG_AREA("RosterManager");

struct contact *roster_find(const struct user *user, const char *key)
{
	struct str text = str_of(key);
	return g_hash_table_lookup(user->contacts, &text);
}

struct contact *roster_find_node(struct user *user, const char *node)
{
	return roster_find(user, core_fold(user->core, jid_name_of_node(user->core->scratch, node, NULL)));
}

static struct contact *add(struct user *user, const char *key, const char *name, bool escaping)
{
	const char *node = core_node(user->core, name, escaping);
	if (!node) {
		log_debug("%s: a contact whose name cannot be a JID is left out", user->key.p);
		return NULL;
	}
	struct contact *contact = contact_new(key, name, node);
	contact->flags = escaping ? CONTACT_ESCAPED : 0;
	contact->subscribed = user->core->server;
	g_hash_table_add(user->contacts, contact);
	message_rename(user, key, name);
	return contact;
}

struct contact *roster_put(struct user *user, const struct core_contact *seen, bool *added)
{
	struct core *core = user->core;
	const char *name = text_clean(core->scratch, seen->name), *key = core_fold(core, name);
	struct contact *contact = roster_find(user, key);
	*added = !contact;
	if (contact)
		return contact;
	if (!*name || g_strcmp0(name, user->uin) == 0)
		return NULL;
	if (g_hash_table_size(user->contacts) >= CORE_CONTACTS_MAX) {
		log_warn("%s: more than %d contacts, the rest is left out", user->key.p, CORE_CONTACTS_MAX);
		return NULL;
	}
	contact = add(user, key, name, core_escaping(core));
	/* Whom the user did not want to hear as a stranger he does not hear as a contact. */
	if (contact && strangers_have(user, key) && strangers_unblock(user, contact->node))
		contact->flags |= CONTACT_BLOCKED | CONTACT_MUTED;
	return contact;
}

void roster_remove(struct user *user, struct contact *contact)
{
	if (user->row)
		storage_remove_contact(user->core->storage, user->row, contact->name, (struct storage_reply){ 0 });
	g_hash_table_remove(user->contacts, contact);
	contact_free(contact);
}

void roster_load(struct user *user, const struct storage_user *stored)
{
	struct core *core = user->core;
	for (size_t i = 0; i < stored->contact_count && i < CORE_CONTACTS_MAX; i++) {
		const struct storage_contact *row = &stored->contacts[i];
		const char *name = text_clean(core->scratch, row->name), *key = core_fold(core, name);
		struct contact *contact =
			*name && !roster_find(user, key) ? add(user, key, name, row->flags & CONTACT_ESCAPED) : NULL;
		if (!contact)
			continue;
		contact->flags = (uint8_t)row->flags;
		user->mutes |= (contact->flags & CONTACT_MUTED) != 0;
		contact->subscribed |= !strcmp(row->subscription, "both");
		contact_restore(contact, row->alias, row->groups, row->icon_hash);
	}
}

void roster_show_one(const struct user *user, const struct contact *contact, const char *to)
{
	struct core *core = user->core;
	struct core_presence presence = { .type = contact_is_there(contact) ? CORE_AVAILABLE : CORE_UNAVAILABLE,
					  .status = (enum core_status)contact->status,
					  .text = contact_status_text(contact),
					  .icon_hash = contact_icon(contact) };
	core->frontend->presence(core->frontend_ctx, (struct core_address){ contact->node, CORE_RESOURCE }, to,
				 &presence);
}

/* Clients know nobody who is not in the roster; where that is ours, presence follows what is new there. */
static bool is_unheard_of(const struct user *user, const struct contact *contact)
{
	return contact->fresh && user->core->server;
}

void roster_show(struct user *user, const char *to)
{
	GHashTableIter iter;
	struct contact *contact;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact))
		if (contact_is_there(contact) && !is_unheard_of(user, contact))
			roster_show_one(user, contact, to);
	raw_show(user, to);
}

void roster_show_again(struct user *user)
{
	GHashTableIter iter;
	struct contact *contact;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact)) {
		if (contact_is_there(contact) || contact->missed)
			roster_show_one(user, contact, user->key.p);
		contact->missed = false;
	}
	raw_show(user, user->key.p);
}

void roster_hide(struct user *user, const char *to, bool forget)
{
	struct core *core = user->core;
	bool seen = user->sessions || to != user->key.p;
	struct core_presence gone = { .type = CORE_UNAVAILABLE };
	GHashTableIter iter;
	struct contact *contact;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact)) {
		if (contact->status == CORE_OFFLINE)
			continue;
		if (seen)
			core->frontend->presence(core->frontend_ctx,
						 (struct core_address){ contact->node, CORE_RESOURCE }, to, &gone);
		contact->missed |= !core->linked;
		if (forget)
			contact->status = CORE_OFFLINE;
	}
	raw_hide(user, to, forget);
}

/* --- announcing and storing ------------------------------------------------------------------ */

/* New and changed contacts are gathered for a while, then announced and stored together. */
static void gather(struct user *user)
{
	struct core *core = user->core;
	if (user->gathering)
		return;
	user->gathered_at = loop_now(core->loop);
	g_queue_push_tail(&core->gathering, user);
	user->gathering = core->gathering.tail;
	core_need_tick(core);
}

void roster_gather(struct user *user, struct contact *contact)
{
	contact->changed = true;
	gather(user);
}

void roster_tell(struct user *user, struct contact *contact)
{
	contact->renamed = true;
	gather(user);
}

void roster_tell_now(struct user *user, struct contact *contact)
{
	roster_tell(user, contact);
	roster_flush(user);
}

static void stored(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct user *user = idmap_find(core->ids, id);
	core->storing--;
	arena_reset(core->scratch);
	if (answer->error)
		log_error("contacts of %s are not kept: %s", user ? user->key.p : "a user", answer->error->message);
	roster_flush_due(core);
}

static void store(struct user *user)
{
	struct core *core = user->core;
	size_t count = 0;
	struct storage_contact *rows = g_new(struct storage_contact, g_hash_table_size(user->contacts));
	GHashTableIter iter;
	struct contact *contact;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact)) {
		if (!contact->changed)
			continue;
		contact->changed = false;
		rows[count++] = (struct storage_contact){ .name = contact->name,
							  .subscription = contact->subscribed ? "both" : "ask",
							  .alias = contact_alias(contact),
							  .groups = contact->groups ? contact->groups : "",
							  .flags = contact->flags,
							  .icon_hash = contact_icon(contact) };
	}
	if (count && user->row) {
		core->storing++;
		storage_put_contacts(core->storage, user->row, rows, count,
				     (struct storage_reply){ stored, core, user->id });
	}
	g_free(rows);
}

void roster_item(const struct user *user, const struct contact *contact, struct core_contact_item *item)
{
	struct core_contact value;
	contact_value(contact, &value, user->core->scratch);
	*item = (struct core_contact_item){ .node = contact->node,
					    .name = value.alias,
					    .group_count = value.group_count,
					    .groups = value.groups,
					    .settled = contact->subscribed };
}

static void show_news(struct user *user, const GPtrArray *fresh)
{
	for (guint i = 0; user->sessions && i < fresh->len; i++)
		if (contact_is_there(fresh->pdata[i]))
			roster_show_one(user, fresh->pdata[i], user->key.p);
}

/* What is new is asked for; what has another name or other groups is not asked for again. */
static void announce(struct user *user)
{
	struct core *core = user->core;
	g_autofree struct core_contact_item *items = NULL;
	g_autoptr(GPtrArray) unseen = core->server ? g_ptr_array_new() : NULL;
	size_t count = 0;
	GHashTableIter iter;
	struct contact *contact;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact)) {
		if (!contact->fresh && !contact->renamed)
			continue;
		if (!items)
			items = g_new(struct core_contact_item, g_hash_table_size(user->contacts));
		roster_item(user, contact, &items[count]);
		items[count++].settled |= !contact->fresh;
		if (unseen && contact->fresh)
			g_ptr_array_add(unseen, contact);
		contact->fresh = contact->renamed = false;
	}
	if (count)
		core->frontend->contacts(core->frontend_ctx, user->key.p, items, count);
	if (unseen)
		show_news(user, unseen);
}

void roster_drop_news(struct user *user)
{
	if (user->gathering)
		g_queue_delete_link(&user->core->gathering, user->gathering);
	user->gathering = NULL;
}

void roster_flush(struct user *user)
{
	if (!user->gathering)
		return;
	roster_drop_news(user);
	announce(user);
	store(user);
}

bool roster_flush_due(struct core *core)
{
	struct user *user;
	unsigned ms = core->server ? MIN(core->gather_ms, CORE_GATHER_OWN_MS) : core->gather_ms;
	while (core->storing < CORE_STORES_IN_FLIGHT && (user = g_queue_peek_head(&core->gathering)) &&
	       loop_now(core->loop) - user->gathered_at >= ms)
		roster_flush(user);
	return !g_queue_is_empty(&core->gathering);
}

/* --- the network's word ---------------------------------------------------------------------- */

void core_legacy_contact(struct user *user, const struct core_contact *given)
{
	struct core_contact quiet = *given;
	const struct core_contact *seen = raw_is_on(user->core) ? &quiet : given;
	bool added;
	/* In raw mode nothing of a contact's presence is ours to say. */
	quiet.status = CORE_OFFLINE;
	quiet.text = NULL;
	arena_reset(user->core->scratch);
	struct contact *contact = roster_put(user, seen, &added);
	if (!contact)
		return;
	bool was_there = contact_is_there(contact);
	unsigned changes = contact_update(contact, seen);
	contact->fresh |= added;
	if (changes & (CONTACT_NAMED | CONTACT_REGROUPED))
		contact->renamed = true;
	if (added || changes & (CONTACT_NAMED | CONTACT_REGROUPED | CONTACT_ICON | CONTACT_FLAGS))
		roster_gather(user, contact);
	bool is_there = contact_is_there(contact);
	if (!(changes & (CONTACT_PRESENCE | CONTACT_ICON)) || !(was_there || is_there))
		return;
	contact->missed |= !is_there && !user->core->linked;
	if (user->sessions && !is_unheard_of(user, contact))
		roster_show_one(user, contact, user->key.p);
}

void core_legacy_contact_removed(struct user *user, const char *name)
{
	struct core *core = user->core;
	arena_reset(core->scratch);
	struct contact *contact = roster_find(user, core_fold(core, name));
	if (!contact)
		return;
	core->frontend->contacts_gone(core->frontend_ctx, user->key.p, &contact->node, 1);
	roster_remove(user, contact);
}
