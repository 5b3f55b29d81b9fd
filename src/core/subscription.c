/* SPDX-License-Identifier: MIT */
#include "core/contact.h"
#include "core/private.h"

LOG_AREA("RosterManager");

/* Subscriptions between a user and contacts, as RFC 6121, section 3, sees them: answers go from and
 * to bare JIDs. Where rosters are ours a contact in it is a mutual subscription, so that nothing is asked back. */

enum { REQUESTS_MAX = 100 }; /* of contacts, that the user has not answered */

static void send(struct core *core, const char *node, const char *to, enum core_presence_type type)
{
	core->frontend->presence(core->frontend_ctx, (struct core_address){ node, NULL }, to,
				 &(struct core_presence){ .type = type });
}

void subscription_ask(struct user *user, const char *node, const char *alias)
{
	struct core *core = user->core;
	struct core_presence presence = { .type = CORE_SUBSCRIBE, .nick = alias && *alias ? alias : NULL };
	core->frontend->presence(core->frontend_ctx, (struct core_address){ node, NULL }, user->key.p, &presence);
}

void subscription_put(struct user *user, struct contact *contact)
{
	struct core *core = user->core;
	struct core_contact value;
	contact_value(contact, &value, core->scratch);
	bool online = user->state == USER_ONLINE;
	contact->unsent = !online || core->backend->put_contact(core->backend_ctx, user, &value);
}

void subscription_catch_up(struct user *user)
{
	GHashTableIter iter;
	struct contact *contact;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact))
		if (contact->unsent)
			subscription_put(user, contact);
}

struct contact *subscription_add(struct user *user, const char *name)
{
	bool added;
	struct core_contact seen = { .name = name, .status = CORE_OFFLINE };
	struct contact *contact = roster_put(user, &seen, &added);
	if (contact && added)
		contact->subscribed = true;
	return contact;
}

/* --- requests of contacts, which a user's own server would keep (RFC 6121, section 3.1.3) ------ */

static bool find_request(const struct user *user, const char *node, guint *index)
{
	return user->requests && g_ptr_array_find_with_equal_func(user->requests, node, g_str_equal, index);
}

static void keep_request(struct user *user, const char *node)
{
	if (!user->requests)
		user->requests = g_ptr_array_new_with_free_func(g_free);
	if (user->requests->len < REQUESTS_MAX && !find_request(user, node, NULL))
		g_ptr_array_add(user->requests, g_strdup(node));
}

static void drop_request(struct user *user, const char *node)
{
	guint index;
	if (find_request(user, node, &index))
		g_ptr_array_remove_index(user->requests, index);
}

void subscription_ask_again(const struct user *user, const char *to)
{
	struct core *core = user->core;
	for (guint i = 0; user->requests && i < user->requests->len; i++)
		send(core, user->requests->pdata[i], to, CORE_SUBSCRIBE);
}

/* --- what users say --------------------------------------------------------------------------- */

/* The user wants to see the contact (SUBSCRIBE), or lets himself be seen (SUBSCRIBED). */
static void confirm(struct user *user, const struct jid *from, const char *node, const char *name, bool wants)
{
	struct core *core = user->core;
	bool ours = core->server;
	struct contact *contact = roster_find_node(user, node);
	bool known = contact, mutual = contact && contact->subscribed;
	if (!contact && !(contact = subscription_add(user, name))) {
		send(core, node, user->key.p, CORE_UNSUBSCRIBED);
		return;
	}
	contact->subscribed = true;
	drop_request(user, node);
	roster_gather(user, contact);
	subscription_put(user, contact);
	if (ours && !known)
		roster_tell_now(user, contact);
	/* In raw mode the other side answers for itself. */
	if (raw_is_on(core))
		return;
	if (!wants) {
		roster_show_one(user, contact, from->full);
		return;
	}
	send(core, contact->node, user->key.p, CORE_SUBSCRIBED);
	if (!mutual && !ours)
		subscription_ask(user, contact->node, contact_alias(contact));
	roster_show_one(user, contact, user->key.p);
}

static void remove_from_network(struct user *user, const struct contact *contact, const char *name)
{
	struct core *core = user->core;
	struct core_contact value = { .name = name };
	if (contact)
		contact_value(contact, &value, core->scratch);
	core->backend->remove_contact(core->backend_ctx, user, &value);
}

void subscription_drop(struct user *user, struct contact *contact, bool for_good)
{
	if (for_good || !contact->subscribed || config_bool(user->core->config, CONFIG_SERVICE_ENABLE_REMOVE_BUDDY))
		remove_from_network(user, contact, contact->name);
	roster_remove(user, contact);
}

/* The user no longer wants to see the contact (UNSUBSCRIBE), or refuses to be seen (UNSUBSCRIBED). */
static void drop(struct user *user, const char *node, const char *name, bool unsubscribe)
{
	struct core *core = user->core;
	struct contact *contact = roster_find_node(user, node);
	bool ours = core->server;
	drop_request(user, node);
	if (contact && contact->subscribed && !unsubscribe)
		return;
	if (contact && ours)
		core->frontend->contacts_gone(core->frontend_ctx, user->key.p, &contact->node, 1);
	if (contact)
		subscription_drop(user, contact, ours);
	else
		remove_from_network(user, NULL, name);
	if (unsubscribe)
		send(core, node, user->key.p, CORE_UNSUBSCRIBED);
	if (!ours)
		send(core, node, user->key.p, CORE_UNSUBSCRIBE);
}

static void without_session(struct core *core, const struct jid *from, const char *node,
			    const struct core_presence *presence)
{
	const char *bare = jid_bare_text(from, core->scratch);
	switch (presence->type) {
	case CORE_AVAILABLE:
		presence_directed(core, NULL, from, presence);
		break;
	case CORE_UNSUBSCRIBE:
		send(core, node, bare, CORE_UNSUBSCRIBED);
		break;
	case CORE_PROBE:
		send(core, node, from->full, CORE_UNAVAILABLE);
		break;
	default:
		log_debug("%s: presence to a contact before login", bare);
	}
}

void core_user_contact_presence(struct core *core, const struct jid *from, const struct jid *to,
				const struct core_presence *presence)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	const char *node = arena_strndup(core->scratch, to->full, to->node);
	if (!user) {
		without_session(core, from, node, presence);
		return;
	}
	const char *name = jid_name_of_node(core->scratch, node, NULL);
	switch (presence->type) {
	case CORE_SUBSCRIBE:
	case CORE_SUBSCRIBED:
		confirm(user, from, node, name, presence->type == CORE_SUBSCRIBE);
		break;
	case CORE_UNSUBSCRIBE:
	case CORE_UNSUBSCRIBED:
		drop(user, node, name, presence->type == CORE_UNSUBSCRIBE);
		break;
	case CORE_PROBE: {
		struct contact *contact = roster_find_node(user, node);
		if (raw_answer_probe(user, node, from->full))
			break;
		if (contact)
			roster_show_one(user, contact, from->full);
		else
			send(core, node, from->full, CORE_UNAVAILABLE);
		break;
	}
	case CORE_AVAILABLE:
	case CORE_UNAVAILABLE:
		presence_directed(core, user, from, presence);
		break;
	}
}

void core_legacy_auth_request(struct user *user, const char *name)
{
	struct core *core = user->core;
	arena_reset(core->scratch);
	const char *node = core_node(core, text_clean(core->scratch, name), core_escaping(core));
	if (!node || blocking_hides(user, core_fold(core, name)))
		return;
	if (core->server)
		keep_request(user, node);
	subscription_ask(user, node, NULL);
}
