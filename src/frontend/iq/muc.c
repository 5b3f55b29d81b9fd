/* SPDX-License-Identifier: MIT */
#include "frontend/iq/room.h"

/* Requests to rooms (XEP-0045, sections 8 to 10): a network tells who moderates, and that is all. */

static void refuse(struct frontend *frontend, const struct stanza *request, enum xmpp_condition condition,
		   const char *text)
{
	bool room = room_is_addressed(frontend, request);
	iq_error(frontend, iq_address(request), room ? condition : XMPP_SERVICE_UNAVAILABLE, room ? text : NULL);
}

/* --- lists ----------------------------------------------------------------------------------- */

struct listing {
	struct buf *out;
	size_t start;
	bool moderators;
};

static void put_occupant(void *ctx, const char *nick, bool moderator)
{
	struct listing *listing = ctx;
	if (moderator != listing->moderators || buf_len(listing->out) - listing->start >= FRONTEND_ITEMS_MAX)
		return;
	if (moderator)
		xml_put(listing->out, "<item affiliation='admin' role='moderator'");
	else
		xml_put(listing->out, "<item affiliation='member' role='participant'");
	xml_put_attr(listing->out, "nick", nick);
	xml_put(listing->out, "/>");
}

static void list_role(struct frontend *frontend, const struct stanza *request, const char *role)
{
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_MUC_ADMIN "'>");
	struct listing listing = { out, buf_len(out), !strcmp(role, "moderator") };
	/* Nobody is a mere visitor. */
	if (listing.moderators || !strcmp(role, "participant"))
		core_user_each_occupant(frontend->core, &request->from, &request->to, put_occupant, &listing);
	xml_put(out, "</query>");
	iq_end(frontend, iq_address(request), out);
}

static void get_list(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const struct xml_element *item = xml_child(payload, NULL, "item");
	const char *role = item ? xml_attr(item, "role") : NULL;
	bool affiliation = item && xml_attr(item, "affiliation");
	struct core_room room;
	if (!role && !affiliation)
		refuse(frontend, request, XMPP_BAD_REQUEST, "A list is that of a role or an affiliation");
	else if (!core_user_room(frontend->core, &request->from, &request->to, &room))
		refuse(frontend, request, XMPP_FORBIDDEN, "You are not in this room");
	else if (affiliation)
		refuse(frontend, request, XMPP_FORBIDDEN, "The network does not tell who may what");
	else
		list_role(frontend, request, role);
}

/* --- what cannot be -------------------------------------------------------------------------- */

static void set_list(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	refuse(frontend, request, XMPP_NOT_ALLOWED, "Rooms of the network cannot be moderated from here");
}

static void configure(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	refuse(frontend, request, XMPP_FORBIDDEN, "Rooms of the network cannot be configured from here");
}

static void reserve(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	refuse(frontend, request, XMPP_FEATURE_NOT_IMPLEMENTED, "Rooms of the network reserve no nicknames");
}

const struct iq_feature iq_muc_admin = { NS_MUC_ADMIN, "query", IQ_ENTITY, get_list, set_list };
const struct iq_feature iq_muc_owner = { NS_MUC_OWNER, "query", IQ_ENTITY, configure, configure };
const struct iq_feature iq_muc_register = { NS_REGISTER, "query", IQ_ENTITY, reserve, reserve };
