/* SPDX-License-Identifier: MIT */
#include "frontend/clients.h"
#include "frontend/pep.h"

enum {
	ARRIVALS_MAX = 20000, /* clients, and nodes, of which is yet to be heard what is there */
	LAST_MAX = 100        /* nodes of which one that comes hears; each is a question to the database */
};

/* A client that has come, and what it is to hear. */
struct arrival {
	char *full;
	char *node; /* whose last item is looked for; NULL: its kind, or the list of nodes is */
	uint64_t mark;
};

/* --- events (XEP-0163, section 4; XEP-0060, section 7.1.2.1) ----------------------------------- */

struct telling {
	struct frontend *frontend;
	struct str bare;
	const char *node, *what, *inside;
};

static void tell(void *ctx, const char *full)
{
	const struct telling *telling = ctx;
	struct buf *out = route_begin(telling->frontend, full, true);
	if (!out)
		return;
	xml_put(out, "<message type='headline' from='");
	xml_escape_n(out, telling->bare.p, telling->bare.n);
	xml_put(out, "'");
	xml_put_attr(out, "to", full);
	put_id(telling->frontend, out, NULL);
	xml_put(out, "><event xmlns='" NS_PUBSUB "#event'><");
	buf_append_text(out, telling->what);
	xml_put_attr(out, "node", telling->node);
	xml_put(out, ">");
	buf_append_text(out, telling->inside);
	xml_put(out, "</");
	buf_append_text(out, telling->what);
	xml_put(out, "></event></message>");
	route_end(telling->frontend, out, full);
}

static void tell_all(struct frontend *frontend, const struct jid *who, const char *node, const char *what,
		     const char *inside)
{
	const struct user *user = core_find_user(frontend->core, jid_bare(who));
	struct telling telling = { frontend, jid_bare(who), node, what, inside };
	if (user)
		clients_each_listener(frontend, user, node, tell, &telling);
}

static void put_item(struct buf *out, const struct pep_item *item)
{
	xml_put(out, "<item");
	xml_put_attr(out, "id", item->id);
	xml_put(out, ">");
	buf_append_text(out, item->payload);
	xml_put(out, "</item>");
}

void pep_tell_item(struct frontend *frontend, const struct jid *who, const char *node, const struct pep_item *item)
{
	struct buf inside;
	buf_init(&inside, FRONTEND_STANZA_MAX);
	put_item(&inside, item);
	xml_put(&inside, "\0");
	if (!inside.failed)
		tell_all(frontend, who, node, "items", buf_data(&inside));
	buf_fini(&inside);
}

void pep_tell_retracted(struct frontend *frontend, const struct jid *who, const char *node, const char *id)
{
	struct buf inside;
	buf_init(&inside, FRONTEND_STANZA_MAX);
	xml_put(&inside, "<retract");
	xml_put_attr(&inside, "id", id);
	xml_put(&inside, "/>\0");
	tell_all(frontend, who, node, "items", buf_data(&inside));
	buf_fini(&inside);
}

void pep_tell_node(struct frontend *frontend, const struct jid *who, const char *node, const char *what)
{
	tell_all(frontend, who, node, what, "");
}

/* --- what is there when a client comes (XEP-0163, section 4.3.4) -------------------------------- */

static void free_arrival(struct arrival *arrival)
{
	g_free(arrival->full);
	g_free(arrival->node);
	g_free(arrival);
}

static void finish(struct frontend *frontend, uint64_t id)
{
	free_arrival(idmap_take(frontend->pep_arrivals, id));
}

static void send_last(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct frontend *frontend = ctx;
	const struct arrival *arrival = idmap_find(frontend->pep_arrivals, id);
	if (!arrival)
		return;
	if (!documents->error && documents->count) {
		struct pep_item item = { documents->all[0].item, documents->all[0].text };
		struct buf inside;
		buf_init(&inside, FRONTEND_STANZA_MAX);
		put_item(&inside, &item);
		xml_put(&inside, "\0");
		struct str bare = { arrival->full, strcspn(arrival->full, "/") };
		if (!inside.failed)
			tell(&(struct telling){ frontend, bare, arrival->node, "items", buf_data(&inside) },
			     arrival->full);
		buf_fini(&inside);
	}
	finish(frontend, id);
}

static void look_for_last(struct frontend *frontend, const struct jid *who, const struct arrival *arrival,
			  const char *node)
{
	struct arrival *last = g_new0(struct arrival, 1);
	last->full = g_strdup(arrival->full);
	last->node = g_strdup(node);
	core_documents_find(
		frontend->core, who, CORE_DOCUMENT_PEP, node, NULL, 1,
		(struct core_documents_reply){ send_last, frontend, idmap_add(frontend->pep_arrivals, last) });
}

static bool is_sent(const char *options, struct arena *arena)
{
	struct pep_options read;
	pep_options_parse(&read, options, arena);
	return strcmp(pep_option(&read, PEP_SEND_LAST), "on_sub_and_presence") == 0;
}

static void choose_nodes(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct frontend *frontend = ctx;
	const struct arrival *arrival = idmap_find(frontend->pep_arrivals, id);
	struct arena *arena = arena_new(1024);
	struct jid who;
	bool there = arrival && jid_parse_text(&who, arena, arrival->full);
	unsigned looked = 0;
	for (size_t i = 0; there && i < documents->count && looked < LAST_MAX; i++) {
		const char *node = documents->all[i].item;
		if (clients_listens(frontend, arrival->full, arrival->mark, node) &&
		    is_sent(documents->all[i].text, arena) && idmap_size(frontend->pep_arrivals) < ARRIVALS_MAX) {
			look_for_last(frontend, &who, arrival, node);
			looked++;
		}
	}
	if (arrival)
		finish(frontend, id);
	arena_free(&arena);
}

static void learned(void *ctx, uint64_t id)
{
	struct frontend *frontend = ctx;
	const struct arrival *arrival = idmap_find(frontend->pep_arrivals, id);
	struct arena *arena = arena_new(1024);
	struct jid who;
	if (arrival && jid_parse_text(&who, arena, arrival->full))
		core_documents_find(frontend->core, &who, CORE_DOCUMENT_PEP, PEP_NODE_OF_OPTIONS, NULL,
				    CORE_DOCUMENTS_MAX, (struct core_documents_reply){ choose_nodes, frontend, id });
	arena_free(&arena);
}

static void find_mark(void *ctx, const char *full, uint64_t client)
{
	struct arrival *wanted = ctx;
	if (!strcmp(full, wanted->full))
		wanted->mark = client;
}

uint64_t pep_client_mark(struct frontend *frontend, const struct jid *from)
{
	const struct user *user = core_find_user(frontend->core, jid_bare(from));
	struct arrival wanted = { .full = (char *)from->full };
	if (user)
		user_each_session(user, find_mark, &wanted);
	return wanted.mark;
}

void pep_client_came(struct frontend *frontend, const struct jid *from, uint64_t before, uint64_t mark)
{
	const struct user *user = core_find_user(frontend->core, jid_bare(from));
	if (!user || !mark || mark == before || !core_keeps_documents(frontend->core) ||
	    idmap_size(frontend->pep_arrivals) >= ARRIVALS_MAX)
		return;
	struct arrival *arrival = g_new0(struct arrival, 1);
	arrival->full = g_strdup(from->full);
	arrival->mark = mark;
	uint64_t id = idmap_add(frontend->pep_arrivals, arrival);
	if (clients_learn_one(frontend, arrival->full, mark, (struct clients_reply){ learned, frontend, id }))
		learned(frontend, id);
}

void pep_events_init(struct frontend *frontend)
{
	frontend->pep_arrivals = idmap_new();
}

static void drop(void *ctx, uint64_t id, void *arrival)
{
	finish(ctx, id);
}

void pep_events_fini(struct frontend *frontend)
{
	idmap_each(frontend->pep_arrivals, drop, frontend);
	idmap_free(&frontend->pep_arrivals);
}
