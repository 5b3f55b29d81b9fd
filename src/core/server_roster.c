/* SPDX-License-Identifier: MIT */
#include "core/contact.h"
#include "core/private.h"

LOG_AREA("RosterManager");

/* The roster that the user's server keeps, and ours: what differs was changed by the user, unless the network
 * has just changed it (then ours goes there), or the server's has nothing (then it was never told). */

static struct contact *find(struct user *user, const char *node)
{
	return node && *node ? roster_find_node(user, node) : NULL;
}

/* Name and groups as the user wants them, for the network and the database. */
static void take_over(struct user *user, struct contact *contact, const struct core_contact_item *item, bool regroup)
{
	if (!contact_rename(contact, item, regroup))
		return;
	log_debug("%s: %s was changed in the roster", user->key.p, contact->node);
	roster_gather(user, contact);
	subscription_put(user, contact);
}

/* What would come back from a server that was told the name that is here. */
static bool same_name(struct user *user, const struct contact *contact, const char *name)
{
	return !strcmp(text_clean(user->core->scratch, contact_alias(contact)), name);
}

/* `told`: the server had our groups before, so that none means that the user took them away. False if it lacks what
 * we have. */
static bool settle(struct user *user, struct contact *contact, const struct core_contact_item *item, bool told)
{
	struct core_contact_item taken = *item;
	const char *name = item->name ? item->name : "";
	bool nameless = !*name && *contact_alias(contact);
	bool regrouped = !contact_in_groups(contact, item->groups, item->group_count);
	bool groupless = regrouped && !item->group_count && !told;
	taken.name = *name && !same_name(user, contact, name) ? name : NULL;
	take_over(user, contact, &taken, regrouped && !groupless);
	return !groupless && (!nameless || told);
}

static void confirm(struct user *user, struct contact *contact)
{
	contact->listed = true;
	contact->fresh = false;
	if (contact->subscribed)
		return;
	contact->subscribed = true;
	roster_gather(user, contact);
}

static void compare(struct user *user, const struct core_contact_item *item, bool writable)
{
	struct contact *contact = find(user, item->node);
	if (!contact) {
		log_debug("%s: %s in the roster is not known here", user->key.p, item->node ? item->node : "-");
		return;
	}
	/* A contact that is new here has no past that could have changed. */
	if (contact->fresh)
		contact->renamed = false;
	/* What the network has just changed is on its way to the server. */
	if (!contact->renamed && !settle(user, contact, item, false) && writable)
		roster_tell(user, contact);
	if (item->settled)
		confirm(user, contact);
}

void core_user_roster(struct core *core, const char *jid, const struct core_contact_item *items, size_t n,
		      bool writable)
{
	struct user *user = core_find_user(core, str_of(jid));
	GHashTableIter iter;
	struct contact *contact;
	arena_reset(core->scratch);
	if (!user || user->state == USER_LOADING)
		return;
	for (size_t i = 0; i < n; i++)
		compare(user, &items[i], writable);
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact))
		if (writable && !contact->listed)
			roster_tell(user, contact);
}

static void keep(struct user *user, const char *node)
{
	struct contact *contact = find(user, node);
	if (!contact)
		return;
	bool news = !contact->subscribed;
	confirm(user, contact);
	/* A server may have dropped what came before the subscription. */
	if (news && contact->status != CORE_OFFLINE)
		roster_show_one(user, contact, user->key.p);
}

void core_user_contacts_kept(struct core *core, const char *jid, const char *const *nodes, size_t n)
{
	struct user *user = core_find_user(core, str_of(jid));
	arena_reset(core->scratch);
	for (size_t i = 0; i < n; i++) {
		if (nodes[i] && user)
			keep(user, nodes[i]);
		else if (!nodes[i] && !user)
			/* The server tells us the user's presence now, but not by itself. */
			core->frontend->presence(core->frontend_ctx, (struct core_address){ 0 }, jid,
						 &(struct core_presence){ .type = CORE_PROBE });
	}
}

/* --- one item -------------------------------------------------------------------------------- */

/* Where the roster is ours the user sees at once what he has done. */
static void tell(struct user *user, struct contact *contact)
{
	if (user->core->server)
		roster_tell_now(user, contact);
	else
		roster_tell(user, contact);
}

static bool add(struct user *user, const struct core_contact_item *item)
{
	struct contact *contact = subscription_add(user, jid_name_of_node(user->core->scratch, item->node, NULL));
	if (!contact)
		return false;
	contact_rename(contact, item, true);
	roster_gather(user, contact);
	subscription_put(user, contact);
	tell(user, contact);
	return true;
}

bool core_user_put_item(struct core *core, const struct jid *from, const struct core_contact_item *item, bool by_server)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	if (!user || user->state == USER_LOADING || !item->node)
		return false;
	struct contact *contact = find(user, item->node);
	if (contact && by_server && !contact->renamed) {
		if (!settle(user, contact, item, contact->listed))
			roster_tell(user, contact);
		if (item->settled)
			confirm(user, contact);
	} else if (contact && !by_server) {
		take_over(user, contact, item, true);
		tell(user, contact);
	} else if (!contact && !by_server) {
		return add(user, item);
	}
	return true;
}

bool core_user_drop_item(struct core *core, const struct jid *from, const char *node, bool by_server)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	struct contact *contact = user ? find(user, node) : NULL;
	/* Of a mutual subscription the server tells us by presence too (RFC 6121, section 2.5.2). */
	if (!contact || (by_server && contact->subscribed))
		return contact;
	const char *name = arena_strdup(core->scratch, contact->node);
	if (!by_server)
		core->frontend->contacts_gone(core->frontend_ctx, user->key.p, &name, 1);
	subscription_drop(user, contact, !by_server);
	return true;
}

/* --- as the user sees it --------------------------------------------------------------------- */

void core_user_announce_contacts(struct core *core, const struct jid *from)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	if (user)
		roster_flush(user);
}

void core_user_each_item(struct core *core, const struct jid *from,
			 void (*each)(void *ctx, const struct core_contact_item *item), void *ctx)
{
	struct user *user = core_find_user(core, jid_bare(from));
	GHashTableIter iter;
	struct contact *contact;
	arena_reset(core->scratch);
	if (!user)
		return;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact)) {
		struct core_contact_item item;
		roster_item(user, contact, &item);
		each(ctx, &item);
	}
}

void core_user_show_contacts(struct core *core, const struct jid *from)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	if (user)
		roster_show(user, from->full);
}
