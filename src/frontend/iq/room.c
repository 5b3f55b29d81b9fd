/* SPDX-License-Identifier: MIT */
#include "frontend/iq/room.h"

#include "jid/prep.h"
#include "xmpp/form.h"
#include "xmpp/rsm.h"

#define NODE_OWN_NICK "x-roomuser-item"
#define NODE_TRAFFIC  NS_MUC "#traffic"
#define SELF_PING     "http://jabber.org/protocol/muc#self-ping-optimization" /* XEP-0410 */

enum { FEATURES_MAX = 64 };

static const char *node_of(const struct stanza *request)
{
	struct str node = jid_node(&request->to);
	return arena_strndup(request->arena, node.p, node.n);
}

static const char *listed_name(struct frontend *frontend, const struct stanza *request)
{
	return core_user_room_name(frontend->core, &request->from, node_of(request));
}

bool room_is_addressed(struct frontend *frontend, const struct stanza *request)
{
	if (iq_target(frontend, request) != IQ_ENTITY || !jid_is_bare(&request->to))
		return false;
	return request->to.full[0] == '#' || core_user_in_room(frontend->core, &request->from, &request->to) ||
	       listed_name(frontend, request);
}

/* --- disco#info ------------------------------------------------------------------------------ */

/* Networks hide who somebody is on XMPP, let in whom they like, and keep their rooms. */
static const char *const always[] = { "muc_semianonymous", "muc_open", "muc_unmoderated", "muc_persistent", SELF_PING };

static void list_features(const char **list, const struct disco_info *base, bool listed, bool locked)
{
	size_t n = 0;
	for (const char *const *each = base->features; *each; each++)
		list[n++] = *each;
	for (size_t i = 0; i < G_N_ELEMENTS(always); i++)
		list[n++] = always[i];
	list[n++] = listed ? "muc_public" : "muc_hidden";
	list[n++] = locked ? "muc_passwordprotected" : "muc_unsecured";
	list[n] = NULL;
	g_assert(n < FEATURES_MAX);
}

/* XEP-0045, section 6.4, by XEP-0128. */
static void put_details(struct buf *out, const char *name, const struct core_room *room)
{
	char count[24];
	form_begin(out, "result", NULL, NULL);
	form_put(out, "hidden", "FORM_TYPE", NULL, NS_MUC "#roominfo", false);
	form_put(out, "text-single", "muc#roominfo_description", "Description", name, false);
	if (room) {
		g_snprintf(count, sizeof(count), "%zu", room->occupants);
		form_put(out, "text-single", "muc#roominfo_occupants", "Number of occupants", count, false);
	}
	if (room && room->subject && *room->subject)
		form_put(out, "text-single", "muc#roominfo_subject", "Subject", room->subject, false);
	form_end(out);
}

void room_put_info(struct frontend *frontend, struct buf *out, const struct stanza *request,
		   const struct disco_info *base, const char *node)
{
	const char *list[FEATURES_MAX], *listed = listed_name(frontend, request);
	struct core_room room;
	bool inside = core_user_room(frontend->core, &request->from, &request->to, &room);
	struct disco_info info = *base;
	info.name = listed && *listed ? listed : node_of(request);
	info.features = list;
	list_features(list, base, listed, inside && room.password);
	disco_begin_info(out, &info, node);
	put_details(out, info.name, inside ? &room : NULL);
	xml_put(out, "</query>");
}

static void put_feature(struct buf *out, const char *feature)
{
	xml_put(out, "<feature");
	xml_put_attr(out, "var", feature);
	xml_put(out, "/>");
}

/* A nickname is not reserved anywhere (section 7.12): an empty answer. What messages may hold (17.1.1): what
 * passes to the network. */
bool room_get_node(struct frontend *frontend, const struct stanza *request, const char *node)
{
	bool traffic = !strcmp(node, NODE_TRAFFIC);
	if ((!traffic && strcmp(node, NODE_OWN_NICK) != 0) || !room_is_addressed(frontend, request))
		return false;
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return true;
	xml_put(out, "<query xmlns='" NS_DISCO_INFO "'");
	xml_put_attr(out, "node", node);
	xml_put(out, ">");
	if (traffic)
		put_feature(out, NS_OOB);
	if (traffic && config_bool(frontend->config, CONFIG_SERVICE_ENABLE_XHTML))
		put_feature(out, NS_XHTML_IM);
	xml_put(out, "</query>");
	iq_end(frontend, iq_address(request), out);
	return true;
}

/* --- disco#items ----------------------------------------------------------------------------- */

/* A walk over the listed rooms: once to count them and find the place of the anchor, once to write. */
struct listing {
	struct frontend *frontend;
	struct buf *out;
	size_t start; /* what was in `out` before */
	struct rsm rsm;
	struct rsm_page page;
	size_t count, place;
	const char *first, *last; /* written; in the core's list */
	size_t written;
};

static void count_room(void *ctx, const char *node, const char *name)
{
	struct listing *listing = ctx;
	if (listing->rsm.anchor && !strcmp(listing->rsm.anchor, node))
		listing->place = listing->count;
	listing->count++;
}

static void put_item(struct listing *listing, const char *node, const char *resource, const char *name)
{
	struct buf *out = listing->out;
	xml_put(out, "<item jid='");
	xml_escape(out, node);
	xml_put(out, "@");
	buf_append_text(out, listing->frontend->jid);
	if (resource) {
		xml_put(out, "/");
		xml_escape(out, resource);
	}
	xml_put(out, "'");
	xml_put_attr(out, "name", name);
	xml_put(out, "/>");
}

static bool is_full(const struct listing *listing)
{
	return buf_len(listing->out) - listing->start >= FRONTEND_ITEMS_MAX;
}

static void put_room(void *ctx, const char *node, const char *name)
{
	struct listing *listing = ctx;
	size_t index = listing->count++;
	if (index < listing->page.from || index >= listing->page.to || is_full(listing))
		return;
	put_item(listing, node, NULL, name);
	listing->first = listing->first ? listing->first : node;
	listing->last = node;
	listing->written++;
}

/* XEP-0059; the same for a list that is cut though nobody asked for a page (XEP-0045, section 6.3). */
static void put_rooms(struct listing *listing, const struct jid *from)
{
	size_t count = listing->count;
	listing->count = 0;
	listing->start = buf_len(listing->out);
	core_user_each_room(listing->frontend->core, from, put_room, listing);
	if (listing->rsm.asked || listing->written < count)
		rsm_put(listing->out, listing->first, listing->page.from, listing->last, count);
}

static void get_rooms(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct listing listing = { .frontend = frontend, .place = SIZE_MAX };
	if (!rsm_read(&listing.rsm, payload, request->arena)) {
		iq_error(frontend, iq_address(request), XMPP_BAD_REQUEST, "No such page");
		return;
	}
	core_user_each_room(frontend->core, &request->from, count_room, &listing);
	listing.page.to = listing.count;
	if (listing.rsm.asked && !rsm_find(&listing.rsm, listing.count, listing.place, &listing.page)) {
		iq_error(frontend, iq_address(request), XMPP_ITEM_NOT_FOUND, NULL);
		return;
	}
	listing.out = iq_begin(frontend, iq_address(request));
	if (!listing.out)
		return;
	xml_put(listing.out, "<query xmlns='" NS_DISCO_ITEMS "'>");
	put_rooms(&listing, &request->from);
	xml_put(listing.out, "</query>");
	iq_end(frontend, iq_address(request), listing.out);
}

struct inside {
	struct listing listing;
	const char *node;
};

/* A nickname that is no resource has no address. */
static void put_occupant(void *ctx, const char *nick, bool moderator)
{
	struct inside *inside = ctx;
	struct frontend *frontend = inside->listing.frontend;
	if (!is_full(&inside->listing) && jid_resourceprep(frontend->scratch, nick, strlen(nick)))
		put_item(&inside->listing, inside->node, nick, NULL);
	arena_reset(frontend->scratch);
}

void room_get_items(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const char *node = xml_attr(payload, "node");
	bool whole = !node || !*node;
	if (whole && iq_target(frontend, request) == IQ_TRANSPORT) {
		get_rooms(frontend, request, payload);
		return;
	}
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_DISCO_ITEMS "'");
	xml_put_attr(out, "node", node);
	xml_put(out, ">");
	struct inside inside = { { .frontend = frontend, .out = out, .start = buf_len(out) }, node_of(request) };
	if (whole && jid_is_bare(&request->to))
		core_user_each_occupant(frontend->core, &request->from, &request->to, put_occupant, &inside);
	xml_put(out, "</query>");
	iq_end(frontend, iq_address(request), out);
}
