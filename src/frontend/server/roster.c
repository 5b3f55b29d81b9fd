/* SPDX-License-Identifier: MIT */
#include "frontend/server/roster.h"

#include "frontend/iq/iq.h"
#include "frontend/roster.h"
#include "frontend/server/private.h"

struct core_contact_item server_roster_admin(void)
{
	return (struct core_contact_item){ .name = "Admin", .settled = true };
}

/* Another's is nobody's business. */
static bool is_for_own(struct frontend *frontend, const struct stanza *request)
{
	if (iq_target(frontend, request) != IQ_ENTITY)
		return true;
	iq_error(frontend, iq_address(request), XMPP_SERVICE_UNAVAILABLE, NULL);
	return false;
}

/* --- reading ---------------------------------------------------------------------------------- */

struct listing {
	struct frontend *frontend;
	struct buf *out;
	size_t start; /* what was in `out` before */
};

static void put(void *ctx, const struct core_contact_item *item)
{
	struct listing *listing = ctx;
	if (buf_len(listing->out) - listing->start < FRONTEND_ROSTER_MAX)
		roster_put_item(listing->frontend, listing->out, item, "both");
}

static void put_items(struct frontend *frontend, const struct stanza *request, struct buf *out,
		      const struct resource *asker)
{
	struct listing listing = { frontend, out, buf_len(out) };
	struct core_contact_item admin = server_roster_admin();
	if (asker && !asker->arrival)
		put(&listing, &admin);
	else
		core_user_each_item(frontend->core, &request->from, put, &listing);
}

/* RFC 6121, section 2.6.2: nothing at all is said if the client has this very roster. */
static void answer(struct frontend *frontend, const struct stanza *request, const struct resource *asker,
		   const char *version, const char *known)
{
	struct iq_address address = iq_address(request);
	struct buf *out = iq_begin(frontend, address);
	if (!out)
		return;
	if (!known || strcmp(known, version) != 0) {
		xml_put(out, "<query xmlns='" NS_ROSTER "'");
		xml_put_attr(out, "ver", known ? version : NULL);
		xml_put(out, ">");
		put_items(frontend, request, out, asker);
		xml_put(out, "</query>");
	}
	iq_end(frontend, address, out);
}

/* What is new is told before to those who have the roster already, so that what the version stands for is known to
 * all of them. */
void server_roster_get(struct frontend *frontend, const struct stanza *request, const struct xml_element *query)
{
	struct resource *asker = account_find_resource(frontend->server, request->from.full);
	const char *known = xml_attr(query, "ver");
	const char *bare = jid_bare_text(&request->from, request->arena);
	char version[CORE_ROSTER_VERSION_SIZE] = "admin";
	if (!is_for_own(frontend, request))
		return;
	core_user_announce_contacts(frontend->core, &request->from);
	if (asker) {
		asker->interested = true;
		asker->versions = known != NULL;
	}
	if (known && (!asker || asker->arrival))
		core_user_roster_version(frontend->core, bare, NULL, 0, version);
	answer(frontend, request, asker, version, known);
}

/* --- changing (RFC 6121, sections 2.3 to 2.5) ------------------------------------------------- */

static enum xmpp_condition change(struct frontend *frontend, const struct stanza *request,
				  const struct xml_element *element)
{
	struct core_contact_item item;
	if (!roster_read_item(frontend, element, request->arena, &item) || !item.node)
		return XMPP_NOT_ACCEPTABLE;
	if (str_is(jid_node(&request->from), item.node))
		return XMPP_NOT_ALLOWED;
	if (!g_strcmp0(xml_attr(element, "subscription"), "remove"))
		return core_user_drop_item(frontend->core, &request->from, item.node, false) ? XMPP_UNDEFINED_CONDITION
											     : XMPP_ITEM_NOT_FOUND;
	return core_user_put_item(frontend->core, &request->from, &item, false) ? XMPP_UNDEFINED_CONDITION
										: XMPP_NOT_ACCEPTABLE;
}

void server_roster_set(struct frontend *frontend, const struct stanza *request, const struct xml_element *query)
{
	const struct xml_element *item = xml_first(query);
	bool one = item && !xml_next(item) && xml_is(item, NS_ROSTER, "item") && xml_attr(item, "jid");
	enum xmpp_condition wrong = XMPP_BAD_REQUEST;
	if (!is_for_own(frontend, request))
		return;
	if (one)
		wrong = change(frontend, request, item);
	if (wrong == XMPP_UNDEFINED_CONDITION)
		iq_done(frontend, iq_address(request));
	else
		iq_error(frontend, iq_address(request), wrong,
			 wrong == XMPP_NOT_ACCEPTABLE ? "Contacts here are those of the network" : NULL);
}
