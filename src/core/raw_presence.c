/* SPDX-License-Identifier: MIT */
#include "core/raw.h"

#include "core/private.h"
#include "core/room.h"

LOG_AREA("RosterManager");

/* What contacts and occupants are seen as in raw mode: the presence of each of their resources as it came, for
 * sessions and probes that come later. */

enum { KEPT_MAX = 4 << 20, OVERHEAD = 128 }; /* bytes of one user, counting so many for each */

struct seen {
	struct str key; /* node/resource; first member, so that the table is a set */
	size_t node;    /* bytes of the node */
	bool occupant;  /* of a room, not a contact */
	GBytes *bytes;
	char text[];
};

static size_t weight(const struct seen *seen)
{
	return g_bytes_get_size(seen->bytes) + seen->key.n + OVERHEAD;
}

static struct str key_of(const struct user *user, const char *node, const char *resource)
{
	return str_of(arena_printf(user->core->scratch, "%s/%s", node, resource));
}

static struct seen *find(const struct user *user, struct str key)
{
	return user->raw ? g_hash_table_lookup(user->raw, &key) : NULL;
}

bool raw_has(const struct user *user, const char *node, const char *resource)
{
	return find(user, key_of(user, node, resource));
}

static void forget(struct user *user, struct seen *seen)
{
	g_hash_table_remove(user->raw, seen);
	user->raw_bytes -= weight(seen);
	g_bytes_unref(seen->bytes);
	g_free(seen);
}

/* NULL: it cannot be kept. */
static struct seen *add(struct user *user, struct str key, size_t node, bool occupant)
{
	struct seen *seen = g_malloc0(sizeof(*seen) + key.n + 1);
	memcpy(seen->text, key.p, key.n);
	seen->key = (struct str){ seen->text, key.n };
	seen->node = node;
	seen->occupant = occupant;
	if (!user->raw)
		user->raw = g_hash_table_new(str_hash, str_equal);
	g_hash_table_add(user->raw, seen);
	return seen;
}

/* False if the same was seen before. What there is no room for is passed on and not kept. */
static bool keep(struct user *user, const char *node, const char *resource, bool occupant, const struct core_raw *raw)
{
	struct str key = key_of(user, node, resource);
	struct seen *seen = find(user, key);
	if (seen) {
		gsize n = 0;
		const void *bytes = g_bytes_get_data(seen->bytes, &n);
		if (n == raw->n && !memcmp(bytes, raw->bytes, n))
			return false;
		forget(user, seen);
	}
	if (raw->n > CORE_RAW_PRESENCE_MAX || user->raw_bytes + raw->n + key.n + OVERHEAD > KEPT_MAX)
		return true;
	seen = add(user, key, strlen(node), occupant);
	seen->bytes = g_bytes_new(raw->bytes, raw->n);
	user->raw_bytes += weight(seen);
	return true;
}

static bool is_of(const struct seen *seen, const char *node)
{
	return strlen(node) == seen->node && !memcmp(seen->text, node, seen->node);
}

/* All of them, of one node (NULL: of every contact). The tables change while they are gone through. */
static GPtrArray *gather(const struct user *user, const char *node)
{
	GPtrArray *all = core_values(user->raw);
	for (guint i = all->len; i-- > 0;) {
		const struct seen *seen = all->pdata[i];
		if (node ? !is_of(seen, node) : seen->occupant)
			g_ptr_array_remove_index_fast(all, i);
	}
	return all;
}

static struct core_address address_of(const struct user *user, const struct seen *seen)
{
	return (struct core_address){ arena_strndup(user->core->scratch, seen->text, seen->node),
				      seen->text + seen->node + 1 };
}

static void show(const struct user *user, const struct seen *seen, const char *to)
{
	gsize n = 0;
	const char *bytes = g_bytes_get_data(seen->bytes, &n);
	raw_send(user->core, address_of(user, seen), to, &(struct core_raw){ CORE_RAW_PRESENCE, bytes, n });
}

void raw_show(const struct user *user, const char *to)
{
	g_autoptr(GPtrArray) all = user->raw ? gather(user, NULL) : NULL;
	for (guint i = 0; all && i < all->len; i++)
		show(user, all->pdata[i], to);
}

void raw_hide(struct user *user, const char *to, bool forget_them)
{
	struct core *core = user->core;
	bool seen = user->sessions || to != user->key.p;
	g_autoptr(GPtrArray) all = user->raw ? gather(user, NULL) : NULL;
	for (guint i = 0; all && i < all->len; i++) {
		if (seen)
			core->frontend->presence(core->frontend_ctx, address_of(user, all->pdata[i]), to,
						 &(struct core_presence){ .type = CORE_UNAVAILABLE });
		if (forget_them)
			forget(user, all->pdata[i]);
	}
}

bool raw_answer_probe(struct user *user, const char *node, const char *to)
{
	struct core *core = user->core;
	if (!raw_is_on(core))
		return false;
	g_autoptr(GPtrArray) all = gather(user, node);
	for (guint i = 0; i < all->len; i++)
		show(user, all->pdata[i], to);
	if (!all->len)
		core->frontend->presence(core->frontend_ctx, (struct core_address){ node, NULL }, to,
					 &(struct core_presence){ .type = CORE_UNAVAILABLE });
	return true;
}

void raw_forget_node(struct user *user, const char *node)
{
	g_autoptr(GPtrArray) all = user->raw ? gather(user, node) : NULL;
	for (guint i = 0; all && i < all->len; i++)
		forget(user, all->pdata[i]);
}

void raw_free(struct user *user)
{
	g_clear_pointer(&user->raw_said, g_bytes_unref);
	g_autoptr(GPtrArray) all = core_values(user->raw);
	for (guint i = 0; i < all->len; i++)
		forget(user, all->pdata[i]);
	g_clear_pointer(&user->raw, g_hash_table_destroy);
}

/* --- rooms ----------------------------------------------------------------------------------- */

bool raw_show_room(const struct room *room, const char *to)
{
	struct user *user = room->user;
	struct seen *self = NULL;
	if (!raw_is_on(user->core))
		return false;
	g_autoptr(GPtrArray) all = gather(user, room->node);
	for (guint i = 0; i < all->len; i++) {
		struct seen *seen = all->pdata[i];
		if (!strcmp(seen->text + seen->node + 1, room->nick))
			self = seen;
		else
			show(user, seen, to);
	}
	if (self)
		show(user, self, to);
	if (self && room->raw_subject) {
		gsize n = 0;
		const char *bytes = g_bytes_get_data(room->raw_subject, &n);
		raw_send(user->core, (struct core_address){ room->node, room->subject_by }, to,
			 &(struct core_raw){ CORE_RAW_MESSAGE, bytes, n });
	}
	return true;
}

void raw_lose_room(struct room *room)
{
	struct core_occupant gone = { 0 };
	g_autoptr(GPtrArray) all = gather(room->user, room->node);
	for (guint i = 0; i < all->len; i++) {
		struct seen *seen = all->pdata[i];
		const char *nick = seen->text + seen->node + 1;
		if (strcmp(nick, room->nick))
			room_show_gone(room, nick, NULL, &gone);
		forget(room->user, seen);
	}
	g_clear_pointer(&room->raw_subject, g_bytes_unref);
}

/* XEP-0045, sections 7.2.9 and 7.6: the join is refused, or a wish of one who is inside. */
static void refused(struct room *room, const char *nick, const struct core_raw *raw)
{
	struct user *user = room->user;
	if (room->state == ROOM_ENTERED && room->wisher)
		raw_send(user->core, (struct core_address){ room->node, nick }, room->wisher->full, raw);
	else
		raw_send_room(room, nick, raw);
	room_set_wish(room, NULL, NULL);
	if (room->state == ROOM_ENTERED)
		return;
	rooms_unstore(room);
	rooms_forget(room);
	rooms_end_implied(user);
}

static void came(struct room *room, const char *nick, bool own, const struct core_raw *raw)
{
	bool news = keep(room->user, room->node, nick, true, raw);
	if (own) {
		bool changed = room->state != ROOM_ENTERED || strcmp(room->nick, nick) != 0;
		room_set_nick(room, nick);
		room_set_wish(room, NULL, NULL);
		if (room->state != ROOM_ENTERED)
			room_set_state(room, ROOM_ENTERED);
		if (changed)
			rooms_store(room);
	}
	/* Who enters again waits for the own presence, changed or not. */
	if (news || own)
		raw_send_room(room, nick, raw);
}

static void went(struct room *room, const char *nick, bool own, const char *newnick, const struct core_raw *raw)
{
	struct user *user = room->user;
	struct seen *seen = find(user, key_of(user, room->node, nick));
	if (seen)
		forget(user, seen);
	raw_send_room(room, nick, raw);
	if (own && newnick) {
		room_set_nick(room, newnick);
		rooms_store(room);
	} else if (own) {
		rooms_unstore(room);
		rooms_forget(room);
		rooms_end_implied(user);
	}
}

static void of_room(struct room *room, const char *nick, const struct core_raw_presence *presence,
		    const struct core_raw *raw)
{
	bool own = *nick && (presence->own || !strcmp(nick, room->nick));
	if (presence->error)
		refused(room, nick, raw);
	else if (!*nick || (presence->type != CORE_AVAILABLE && presence->type != CORE_UNAVAILABLE))
		raw_send_room(room, nick, raw);
	else if (presence->type == CORE_AVAILABLE)
		came(room, nick, own, raw);
	else
		went(room, nick, own, presence->newnick, raw);
}

/* --- contacts -------------------------------------------------------------------------------- */

static void contact_went(struct user *user, const char *node, const char *resource, const struct core_raw *raw)
{
	struct seen *seen = find(user, key_of(user, node, resource));
	if (seen)
		forget(user, seen);
	else if (!*resource)
		raw_forget_node(user, node);
	if (user->sessions)
		raw_send(user->core, (struct core_address){ node, resource }, user->key.p, raw);
}

static void of_contact(struct user *user, const char *node, const char *resource,
		       const struct core_raw_presence *presence, const struct core_raw *raw)
{
	struct core_address full = { node, resource };
	if (presence->error)
		raw_send(user->core, full, user->key.p, raw);
	else if (presence->type == CORE_UNAVAILABLE)
		contact_went(user, node, resource, raw);
	else if (presence->type != CORE_AVAILABLE) /* RFC 6121, section 3: between bare JIDs */
		raw_send(user->core, (struct core_address){ node, NULL }, user->key.p, raw);
	else if (keep(user, node, resource, false, raw) && user->sessions)
		raw_send(user->core, full, user->key.p, raw);
}

void core_legacy_raw_presence(struct user *user, struct core_raw_sender sender,
			      const struct core_raw_presence *presence, const struct core_raw *raw)
{
	struct core *core = user->core;
	arena_reset(core->scratch);
	if (!sender.name || presence->type == CORE_PROBE)
		return;
	const char *name = text_clean(core->scratch, sender.name), *key = core_fold(core, name);
	struct room *room = rooms_find(user, key);
	const char *node = room ? room->node : raw_node(user, key, name);
	/* A room that was left says so once more; who is blocked is not seen; and one's own other clients are no
	 * contacts. */
	bool stray =
		presence->occupant || blocking_hides(user, key) || (raw_is_own(user, key) && !roster_find(user, key));
	if (room)
		of_room(room, sender.resource, presence, raw);
	else if (node && !stray)
		of_contact(user, node, sender.resource, presence, raw);
	else
		log_debug("%s: presence of somebody who is no contact is left out", user->key.p);
}
