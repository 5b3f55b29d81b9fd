/* SPDX-License-Identifier: MIT */
#include "frontend/roster.h"

#include "frontend/ask.h"
#include "frontend/privilege.h"

LOG_AREA("RosterManager");

/* --- by presence (RFC 6121, section 3) -------------------------------------------------------- */

static void send(struct frontend *frontend, const struct roster_change *change, const struct core_contact_item *item,
		 enum core_presence_type type)
{
	bool asks = type == CORE_SUBSCRIBE && item->name && *item->name;
	struct core_presence presence = { .type = type, .nick = asks ? item->name : NULL };
	frontend_port()->presence(frontend, (struct core_address){ item->node, NULL }, change->user, &presence);
}

/* The user is asked once; afterwards nothing can be told this way but the end. */
static bool by_subscription(struct frontend *frontend, const struct roster_change *change)
{
	for (size_t i = 0; i < change->count; i++) {
		const struct core_contact_item *item = &change->items[i];
		if (change->gone) {
			send(frontend, change, item, CORE_UNSUBSCRIBE);
			send(frontend, change, item, CORE_UNSUBSCRIBED);
		} else if (!item->settled) {
			send(frontend, change, item, CORE_SUBSCRIBE);
		}
	}
	return true;
}

void roster_try(struct frontend *frontend, enum roster_way way, const struct roster_change *change)
{
	static bool (*const ways[])(struct frontend *, const struct roster_change *) = {
		[ROSTER_PUSHED] = roster_pushed,
		[ROSTER_PRIVILEGED] = roster_privileged,
		[ROSTER_EXCHANGE] = roster_exchange,
		[ROSTER_SUBSCRIPTION] = by_subscription,
	};
	for (size_t i = way; i < G_N_ELEMENTS(ways); i++)
		if (ways[i](frontend, change))
			return;
}

void roster_contacts(void *ctx, const char *user, const struct core_contact_item *items, size_t n)
{
	roster_try(ctx, ROSTER_PUSHED, &(struct roster_change){ user, items, n, false });
}

void roster_contacts_gone(void *ctx, const char *user, const char *const *nodes, size_t n)
{
	g_autofree struct core_contact_item *items = g_new0(struct core_contact_item, n);
	for (size_t i = 0; i < n; i++)
		items[i].node = nodes[i];
	roster_try(ctx, ROSTER_PUSHED, &(struct roster_change){ user, items, n, true });
}

static void copy_item(struct arena *arena, struct core_contact_item *copy, const struct core_contact_item *item)
{
	const char **groups = arena_alloc(arena, (item->group_count + 1) * sizeof(*groups));
	*copy = *item;
	copy->node = item->node ? arena_strdup(arena, item->node) : NULL;
	copy->name = item->name ? arena_strdup(arena, item->name) : NULL;
	for (size_t i = 0; i < item->group_count; i++)
		groups[i] = arena_strdup(arena, item->groups[i]);
	copy->groups = groups;
}

struct core_contact_item *roster_copy_items(struct arena *arena, const struct roster_change *change)
{
	struct core_contact_item *items = arena_alloc(arena, change->count * sizeof(*items));
	for (size_t i = 0; i < change->count; i++)
		copy_item(arena, &items[i], &change->items[i]);
	return items;
}

/* --- what the server has ---------------------------------------------------------------------- */

static void on_roster(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	struct frontend *frontend = ctx;
	struct jid user;
	const struct xml_element *query = xml_child(answer, NS_ROSTER, "query");
	if (!ask_succeeded(answer) || !query || !jid_parse_text(&user, arena, xml_attr(answer, "from"))) {
		log_info("the roster of a user could not be read, %s",
			 answer ? "although that was granted" : "there was no answer");
		return;
	}
	struct core_contact_item *items = NULL;
	size_t count = 0;
	for (const struct xml_element *at = xml_first(query); at; at = xml_next(at))
		count++;
	items = arena_alloc(arena, (count + 1) * sizeof(*items));
	count = 0;
	for (const struct xml_element *at = xml_first(query); at; at = xml_next(at))
		if (roster_read_item(frontend, at, arena, &items[count]) && items[count].node)
			count++;
	core_user_roster(frontend->core, user.full, items, count,
			 privilege_of(frontend, user.full)->roster & PRIVILEGE_SET);
}

void roster_wanted(void *ctx, const char *user)
{
	struct frontend *frontend = ctx;
	if (frontend->server || !(privilege_of(frontend, user)->roster & PRIVILEGE_GET))
		return;
	struct buf *out = ask_begin(frontend, "get", (struct core_address){ 0 }, user);
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_ROSTER "'/>");
	ask_end(frontend, out, (struct ask_reply){ on_roster, frontend, 0 });
}

/* --- one item --------------------------------------------------------------------------------- */

static size_t read_groups(const struct xml_element *element, struct arena *arena, const char ***groups)
{
	size_t count = 0;
	for (const struct xml_element *at = xml_first(element); at; at = xml_next(at))
		count += xml_is(at, NS_ROSTER, "group");
	*groups = arena_alloc(arena, (count + 1) * sizeof(**groups));
	count = 0;
	for (const struct xml_element *at = xml_first(element); at; at = xml_next(at)) {
		const char *name = xml_is(at, NS_ROSTER, "group") ? xml_text(at, arena) : "";
		if (*name)
			(*groups)[count++] = name;
	}
	return count;
}

bool roster_read_item(const struct frontend *frontend, const struct xml_element *element, struct arena *arena,
		      struct core_contact_item *item)
{
	const char *text = xml_is(element, NS_ROSTER, "item") ? xml_attr(element, "jid") : NULL;
	const char **groups;
	struct jid jid;
	if (!text || !jid_parse_text(&jid, arena, text) || !jid_is_bare(&jid) ||
	    !str_is(jid_domain(&jid), frontend->jid))
		return false;
	*item = (struct core_contact_item){ .name = xml_attr(element, "name"),
					    .settled = !g_strcmp0(xml_attr(element, "subscription"), "both") };
	if (jid.node)
		item->node = arena_strndup(arena, jid.full, jid.node);
	item->group_count = read_groups(element, arena, &groups);
	item->groups = groups;
	return true;
}

void roster_put_item(const struct frontend *frontend, struct buf *out, const struct core_contact_item *item,
		     const char *subscription)
{
	xml_put(out, "<item jid='");
	if (item->node) {
		xml_escape(out, item->node);
		xml_put(out, "@");
	}
	buf_append_text(out, frontend->jid);
	xml_put(out, "'");
	xml_put_attr(out, "name", item->name);
	xml_put_attr(out, "subscription", subscription);
	xml_put(out, ">");
	for (size_t i = 0; i < item->group_count; i++)
		xml_put_text(out, "group", item->groups[i]);
	xml_put(out, "</item>");
}
