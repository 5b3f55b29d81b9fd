/* SPDX-License-Identifier: MIT */
#include "frontend/ask.h"
#include "frontend/clients.h"
#include "frontend/roster.h"

LOG_AREA("RosterManager");

/* As the user's clients let us (XEP-0144): each that supports it is told by IQ what to put into the roster, and
 * subscribes to it then. If none does as it is told, another way is tried. */

enum {
	EXCHANGES_MAX = 20000,
	ITEMS_AT_ONCE = 100 /* section 6: more than 150 are suspicious */
};

struct exchange {
	struct frontend *frontend;
	struct arena *arena; /* all that lies in it */
	uint64_t id;
	struct roster_change change;
	size_t waiting; /* for answers */
	bool taken;     /* by a client */
};

static void finish(struct exchange *exchange)
{
	struct arena *arena = exchange->arena;
	idmap_take(exchange->frontend->roster_exchanges, exchange->id);
	arena_free(&arena);
}

static void pass_on(struct exchange *exchange)
{
	roster_try(exchange->frontend, ROSTER_EXCHANGE + 1, &exchange->change);
	finish(exchange);
}

/* --- offers ----------------------------------------------------------------------------------- */

static void on_answer(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	struct frontend *frontend = ctx;
	struct exchange *exchange = idmap_find(frontend->roster_exchanges, id);
	exchange->taken |= ask_succeeded(answer);
	if (--exchange->waiting)
		return;
	if (exchange->taken) {
		finish(exchange);
	} else {
		log_debug("%s: no client takes items for the roster", exchange->change.user);
		pass_on(exchange);
	}
}

/* Those of one action must not stand with those of another (section 6). */
static const char *action_of(const struct roster_change *change, const struct core_contact_item *item)
{
	return change->gone ? "delete" : item->settled ? "modify" : "add";
}

static void put_item(struct exchange *exchange, struct buf *out, const struct core_contact_item *item)
{
	xml_put(out, "<item");
	xml_put_attr(out, "action", action_of(&exchange->change, item));
	xml_put(out, " jid='");
	put_address(exchange->frontend, out, (struct core_address){ item->node, NULL });
	xml_put(out, "'");
	xml_put_attr(out, "name", item->name && *item->name ? item->name : NULL);
	xml_put(out, ">");
	for (size_t i = 0; i < item->group_count; i++)
		xml_put_text(out, "group", item->groups[i]);
	xml_put(out, "</item>");
}

/* Items of the action from the place on, as many as one request takes; returns the place after them. */
static size_t offer(struct exchange *exchange, const char *full, const char *action, size_t place)
{
	struct frontend *frontend = exchange->frontend;
	const struct roster_change *change = &exchange->change;
	struct buf *out = ask_begin(frontend, "set", (struct core_address){ 0 }, full);
	if (!out)
		return change->count;
	xml_put(out, "<x xmlns='" NS_ROSTERX "'>");
	for (size_t put = 0; place < change->count && put < ITEMS_AT_ONCE; place++)
		if (!strcmp(action_of(change, &change->items[place]), action)) {
			put_item(exchange, out, &change->items[place]);
			put++;
		}
	xml_put(out, "</x>");
	ask_end(frontend, out, (struct ask_reply){ on_answer, frontend, exchange->id });
	exchange->waiting++;
	return place;
}

static size_t find(const struct roster_change *change, const char *action, size_t place)
{
	while (place < change->count && strcmp(action_of(change, &change->items[place]), action) != 0)
		place++;
	return place;
}

static void offer_all(void *ctx, const char *full)
{
	static const char *const actions[] = { "delete", "add", "modify" };
	struct exchange *exchange = ctx;
	const struct roster_change *change = &exchange->change;
	for (size_t i = 0; i < G_N_ELEMENTS(actions); i++)
		for (size_t at = find(change, actions[i], 0); at < change->count; at = find(change, actions[i], at))
			at = offer(exchange, full, actions[i], at);
}

/* False: no client of the user can be told. */
static bool offer_to_clients(struct exchange *exchange)
{
	struct frontend *frontend = exchange->frontend;
	const struct user *user = core_find_user(frontend->core, str_of(exchange->change.user));
	if (user)
		clients_each(frontend, user, CLIENT_ROSTERX, offer_all, exchange);
	return exchange->waiting > 0;
}

/* --- the beginning ---------------------------------------------------------------------------- */

static void learned(void *ctx, uint64_t id)
{
	struct frontend *frontend = ctx;
	struct exchange *exchange = idmap_find(frontend->roster_exchanges, id);
	if (!offer_to_clients(exchange))
		pass_on(exchange);
}

static struct exchange *exchange_new(struct frontend *frontend, const struct roster_change *change)
{
	struct arena *arena = arena_new(1024);
	struct exchange *exchange = arena_zalloc(arena, sizeof(*exchange));
	*exchange = (struct exchange){ .frontend = frontend,
				       .arena = arena,
				       .change = { .user = arena_strdup(arena, change->user),
						   .items = roster_copy_items(arena, change),
						   .count = change->count,
						   .gone = change->gone } };
	exchange->id = idmap_add(frontend->roster_exchanges, exchange);
	return exchange;
}

bool roster_exchange(struct frontend *frontend, const struct roster_change *change)
{
	const struct user *user = core_find_user(frontend->core, str_of(change->user));
	if (!user || !change->count || idmap_size(frontend->roster_exchanges) >= EXCHANGES_MAX)
		return false;
	struct exchange *exchange = exchange_new(frontend, change);
	if (!clients_learn(frontend, user, (struct clients_reply){ learned, frontend, exchange->id }) ||
	    offer_to_clients(exchange))
		return true;
	finish(exchange);
	return false;
}

/* --- life ------------------------------------------------------------------------------------- */

static void drop(void *ctx, uint64_t id, void *exchange)
{
	finish(exchange);
}

void roster_exchange_init(struct frontend *frontend)
{
	frontend->roster_exchanges = idmap_new();
}

void roster_exchange_fini(struct frontend *frontend)
{
	idmap_each(frontend->roster_exchanges, drop, NULL);
	idmap_free(&frontend->roster_exchanges);
}
