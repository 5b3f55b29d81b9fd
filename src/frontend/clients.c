/* SPDX-License-Identifier: MIT */
#include "frontend/clients.h"

#include "base/hash.h"
#include "frontend/ask.h"

LOG_AREA("XMPPFrontend");

enum {
	KINDS_MAX = 2000,    /* of clients, the least recently met goes */
	OWN_MAX = 10000,     /* JIDs whose answer counts for themselves only, the oldest goes */
	CAPS_PART_MAX = 512, /* bytes of a node or a version */
	HEARD_MAX = 4096     /* bytes of the nodes that one wants to hear of, each with its NUL */
};

/* One kind of client: what says the same node, version and way to hash it. */
struct kind {
	uint64_t id;
	GList *place;       /* in clients->recent */
	GPtrArray *waiting; /* struct inquiry, owned: for the answer to one that is under way; NULL: none is */
	unsigned features;  /* enum client_feature bits */
	char *heard;        /* names of PEP nodes, one after the other, "" at the end; owned, NULL: none */
	bool known;
	bool verifiable;  /* by what one of them answers */
	const char *ver;  /* in name */
	const char *node; /* node#ver, in name */
	char name[];
};

/* What a JID answered that proves nothing about others. */
struct own {
	GList *place; /* in clients->own_order */
	uint64_t kind;
	unsigned features;
	char *heard; /* as above */
	char full[];
};

/* A question to one client, for the sake of one clients_learn(). */
struct inquiry {
	uint64_t kind, learning;
	char full[];
};

struct learning {
	struct clients_reply reply;
	unsigned open; /* inquiries */
};

struct clients {
	struct idmap *kinds;
	GHashTable *names; /* kind->name -> struct kind */
	GQueue recent;     /* kinds, most recently met last */
	GHashTable *own;   /* full JID -> struct own, owned */
	GQueue own_order;  /* the same, oldest first */
	struct idmap *inquiries, *learnings;
};

static const struct {
	const char *var;
	enum client_feature feature;
} wanted[] = {
	{ NS_ROSTERX, CLIENT_ROSTERX },
};

/* --- kinds ----------------------------------------------------------------------------------- */

static void free_kind(struct clients *clients, struct kind *kind)
{
	idmap_take(clients->kinds, kind->id);
	g_hash_table_remove(clients->names, kind->name);
	g_queue_delete_link(&clients->recent, kind->place);
	if (kind->waiting)
		g_ptr_array_unref(kind->waiting);
	g_free(kind->heard);
	g_free(kind);
}

static void touch(struct clients *clients, struct kind *kind)
{
	g_queue_unlink(&clients->recent, kind->place);
	g_queue_push_tail_link(&clients->recent, kind->place);
}

/* False: the next to go is waited for, and stays. */
static bool make_room(struct clients *clients)
{
	struct kind *oldest = g_queue_peek_head(&clients->recent);
	if (g_hash_table_size(clients->names) < KINDS_MAX)
		return true;
	if (oldest->waiting) {
		touch(clients, oldest);
		return false;
	}
	free_kind(clients, oldest);
	return true;
}

static struct kind *add_kind(struct clients *clients, const char *name, const char *hash, const char *ver)
{
	size_t size = strlen(name) + 1;
	struct kind *kind = g_malloc0(sizeof(*kind) + size);
	memcpy(kind->name, name, size);
	kind->node = kind->name + strlen(hash) + 1;
	kind->ver = kind->name + size - 1 - strlen(ver);
	kind->verifiable = !strcmp(hash, "sha-1");
	kind->id = idmap_add(clients->kinds, kind);
	g_hash_table_insert(clients->names, kind->name, kind);
	g_queue_push_tail(&clients->recent, kind);
	kind->place = clients->recent.tail;
	return kind;
}

static bool fits(const char *part)
{
	return part && *part && strnlen(part, CAPS_PART_MAX + 1) <= CAPS_PART_MAX;
}

uint64_t clients_mark(struct frontend *frontend, const struct xml_element *presence)
{
	struct clients *clients = frontend->clients;
	const struct xml_element *caps = xml_child(presence, NS_CAPS, "c");
	if (!caps)
		return 0;
	const char *hash = xml_attr(caps, "hash"), *node = xml_attr(caps, "node"), *ver = xml_attr(caps, "ver");
	/* Without a hash it is the form of before version 1.4: nothing to verify by. */
	hash = hash ? hash : "-";
	if (!fits(hash) || !fits(node) || !fits(ver))
		return 0;
	g_autofree char *name = g_strdup_printf("%s %s#%s", hash, node, ver);
	struct kind *kind = g_hash_table_lookup(clients->names, name);
	if (kind)
		touch(clients, kind);
	else if (make_room(clients))
		kind = add_kind(clients, name, hash, ver);
	return kind ? kind->id : 0;
}

/* --- answers that count for one JID ---------------------------------------------------------- */

static void free_own(void *value)
{
	g_free(((struct own *)value)->heard);
	g_free(value);
}

static void drop_own(struct clients *clients, struct own *own)
{
	g_queue_delete_link(&clients->own_order, own->place);
	g_hash_table_remove(clients->own, own->full);
}

static void put_own(struct clients *clients, const char *full, uint64_t kind, unsigned features, char *heard)
{
	size_t size = strlen(full) + 1;
	struct own *own = g_hash_table_lookup(clients->own, full);
	if (own)
		drop_own(clients, own);
	else if (g_hash_table_size(clients->own) >= OWN_MAX)
		drop_own(clients, g_queue_peek_head(&clients->own_order));
	own = g_malloc0(sizeof(*own) + size);
	*own = (struct own){ .kind = kind, .features = features, .heard = heard };
	memcpy(own->full, full, size);
	g_hash_table_insert(clients->own, own->full, own);
	g_queue_push_tail(&clients->own_order, own);
	own->place = clients->own_order.tail;
}

/* The same resource may be another client by now. */
static const struct own *find_own(const struct clients *clients, const char *full, uint64_t kind)
{
	const struct own *own = g_hash_table_lookup(clients->own, full);
	return own && own->kind == kind ? own : NULL;
}

/* --- asking ---------------------------------------------------------------------------------- */

static void close_one(struct clients *clients, uint64_t id)
{
	struct learning *learning = idmap_find(clients->learnings, id);
	if (!learning || --learning->open)
		return;
	struct clients_reply reply = learning->reply;
	g_free(idmap_take(clients->learnings, id));
	reply.done(reply.ctx, reply.id);
}

static unsigned features_of(const struct xml_element *query)
{
	unsigned features = 0;
	for (const struct xml_element *at = xml_first(query); at; at = xml_next(at)) {
		const char *var = xml_is(at, NS_DISCO_INFO, "feature") ? xml_attr(at, "var") : NULL;
		for (size_t i = 0; var && i < G_N_ELEMENTS(wanted); i++)
			if (!strcmp(var, wanted[i].var))
				features |= wanted[i].feature;
	}
	return features;
}

/* What ends with "+notify"; of too many the first. */
static char *heard_of(const struct xml_element *query)
{
	static const char end[] = "+notify";
	g_autoptr(GString) all = g_string_new(NULL);
	for (const struct xml_element *at = xml_first(query); at; at = xml_next(at)) {
		const char *var = !strcmp(at->name, "feature") ? xml_attr(at, "var") : NULL;
		size_t n = var && g_str_has_suffix(var, end) ? strlen(var) - strlen(end) : 0;
		if (n && all->len + n + 1 <= HEARD_MAX) {
			g_string_append_len(all, var, (gssize)n);
			g_string_append_c(all, '\0');
		}
	}
	return all->len ? g_string_free(g_steal_pointer(&all), FALSE) : NULL;
}

static bool is_among(const char *heard, const char *node)
{
	for (const char *at = heard; at && *at; at += strlen(at) + 1)
		if (!strcmp(at, node))
			return true;
	return false;
}

static bool proves(const struct kind *kind, const struct xml_element *query, struct arena *arena)
{
	g_autofree char *ver = query && kind->verifiable ? disco_ver_of(query, arena) : NULL;
	return ver && !strcmp(ver, kind->ver);
}

static bool inquire(struct frontend *frontend, const struct kind *kind, struct inquiry *inquiry);

/* Those who waited for the answer of another now know, or ask for themselves. */
static void release(struct frontend *frontend, struct kind *kind)
{
	g_autoptr(GPtrArray) waiting = g_steal_pointer(&kind->waiting);
	uint64_t id = kind->id;
	for (guint i = 0; waiting && i < waiting->len; i++) {
		struct inquiry *inquiry = g_steal_pointer(&waiting->pdata[i]);
		kind = idmap_find(frontend->clients->kinds, id);
		if (kind && !kind->known && inquire(frontend, kind, inquiry))
			continue;
		close_one(frontend->clients, inquiry->learning);
		g_free(inquiry);
	}
}

static void answered(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	struct frontend *frontend = ctx;
	struct clients *clients = frontend->clients;
	g_autofree struct inquiry *inquiry = idmap_take(clients->inquiries, id);
	struct kind *kind = idmap_find(clients->kinds, inquiry->kind);
	const struct xml_element *query = ask_succeeded(answer) ? xml_child(answer, NS_DISCO_INFO, "query") : NULL;
	unsigned features = query ? features_of(query) : 0;
	char *heard = query && frontend->server ? heard_of(query) : NULL;
	if (kind && proves(kind, query, arena)) {
		kind->known = true;
		kind->features = features;
		g_free(kind->heard);
		kind->heard = heard;
	} else {
		log_debug("%s: what the client supports is not proved by its hash", inquiry->full);
		put_own(clients, inquiry->full, inquiry->kind, features, heard);
	}
	if (kind)
		release(frontend, kind);
	close_one(clients, inquiry->learning);
}

/* Takes the inquiry if it could be sent. */
static bool inquire(struct frontend *frontend, const struct kind *kind, struct inquiry *inquiry)
{
	struct buf *out = ask_begin(frontend, "get", (struct core_address){ 0 }, inquiry->full);
	if (!out)
		return false;
	xml_put(out, "<query xmlns='" NS_DISCO_INFO "'");
	xml_put_attr(out, "node", kind->node);
	xml_put(out, "/>");
	ask_end(frontend, out,
		(struct ask_reply){ answered, frontend, idmap_add(frontend->clients->inquiries, inquiry) });
	return true;
}

struct learner {
	struct frontend *frontend;
	struct learning *learning;
	uint64_t id;
};

static void learn_one(void *ctx, const char *full, uint64_t client)
{
	struct learner *learner = ctx;
	struct clients *clients = learner->frontend->clients;
	struct kind *kind = idmap_find(clients->kinds, client);
	if (!kind || kind->known || find_own(clients, full, client))
		return;
	size_t size = strlen(full) + 1;
	struct inquiry *inquiry = g_malloc0(sizeof(*inquiry) + size);
	*inquiry = (struct inquiry){ .kind = client, .learning = learner->id };
	memcpy(inquiry->full, full, size);
	if (kind->waiting) {
		g_ptr_array_add(kind->waiting, inquiry);
	} else if (!inquire(learner->frontend, kind, inquiry)) {
		g_free(inquiry);
		return;
	} else if (kind->verifiable) {
		kind->waiting = g_ptr_array_new_with_free_func(g_free);
	}
	learner->learning->open++;
}

static struct learner begin(struct frontend *frontend, struct clients_reply reply)
{
	struct learning *learning = g_new(struct learning, 1);
	*learning = (struct learning){ .reply = reply };
	return (struct learner){ frontend, learning, idmap_add(frontend->clients->learnings, learning) };
}

static bool is_done(const struct learner *learner)
{
	if (learner->learning->open)
		return false;
	g_free(idmap_take(learner->frontend->clients->learnings, learner->id));
	return true;
}

bool clients_learn(struct frontend *frontend, const struct user *user, struct clients_reply reply)
{
	struct learner learner = begin(frontend, reply);
	user_each_session(user, learn_one, &learner);
	return is_done(&learner);
}

bool clients_learn_one(struct frontend *frontend, const char *full, uint64_t mark, struct clients_reply reply)
{
	struct learner learner = begin(frontend, reply);
	learn_one(&learner, full, mark);
	return is_done(&learner);
}

/* --- telling --------------------------------------------------------------------------------- */

struct telling {
	const struct clients *clients;
	enum client_feature feature;
	void (*each)(void *ctx, const char *full);
	void *ctx;
};

static void tell_one(void *ctx, const char *full, uint64_t client)
{
	const struct telling *telling = ctx;
	const struct kind *kind = idmap_find(telling->clients->kinds, client);
	const struct own *own = find_own(telling->clients, full, client);
	unsigned features = own ? own->features : kind ? kind->features : 0;
	if (features & telling->feature)
		telling->each(telling->ctx, full);
}

void clients_each(struct frontend *frontend, const struct user *user, enum client_feature feature,
		  void (*each)(void *ctx, const char *full), void *ctx)
{
	user_each_session(user, tell_one, &(struct telling){ frontend->clients, feature, each, ctx });
}

bool clients_listens(const struct frontend *frontend, const char *full, uint64_t mark, const char *node)
{
	const struct kind *kind = idmap_find(frontend->clients->kinds, mark);
	const struct own *own = find_own(frontend->clients, full, mark);
	return is_among(own ? own->heard : kind ? kind->heard : NULL, node);
}

struct hearing {
	const struct frontend *frontend;
	const char *node;
	void (*each)(void *ctx, const char *full);
	void *ctx;
};

static void tell_listener(void *ctx, const char *full, uint64_t client)
{
	const struct hearing *hearing = ctx;
	if (clients_listens(hearing->frontend, full, client, hearing->node))
		hearing->each(hearing->ctx, full);
}

void clients_each_listener(struct frontend *frontend, const struct user *user, const char *node,
			   void (*each)(void *ctx, const char *full), void *ctx)
{
	user_each_session(user, tell_listener, &(struct hearing){ frontend, node, each, ctx });
}

/* --- life ------------------------------------------------------------------------------------ */

struct clients *clients_new(void)
{
	struct clients *clients = g_new0(struct clients, 1);
	clients->kinds = idmap_new();
	clients->names = g_hash_table_new(hash_text, g_str_equal);
	clients->own = g_hash_table_new_full(hash_text, g_str_equal, NULL, free_own);
	clients->inquiries = idmap_new();
	clients->learnings = idmap_new();
	return clients;
}

static void free_value(void *ctx, uint64_t id, void *value)
{
	g_free(idmap_take(ctx, id));
}

void clients_free(struct clients **clientsp)
{
	struct clients *clients = *clientsp;
	struct kind *kind;
	if (!clients)
		return;
	*clientsp = NULL;
	while ((kind = g_queue_peek_head(&clients->recent)))
		free_kind(clients, kind);
	idmap_each(clients->inquiries, free_value, clients->inquiries);
	idmap_each(clients->learnings, free_value, clients->learnings);
	g_queue_clear(&clients->own_order);
	g_hash_table_destroy(clients->own);
	g_hash_table_destroy(clients->names);
	idmap_free(&clients->kinds);
	idmap_free(&clients->inquiries);
	idmap_free(&clients->learnings);
	g_free(clients);
}
