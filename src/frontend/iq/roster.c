/* SPDX-License-Identifier: MIT */
#include "frontend/roster.h"
#include "frontend/iq/iq.h"
#include "frontend/server/roster.h"

/* jabber:iq:roster, asked of us: by clients that want the contacts here changed, and by servers that tell of a change
 * in the roster they keep (RFC 6121, section 2.1.6; XEP-0356, section 4). */

struct listing {
	struct frontend *frontend;
	struct buf *out;
	size_t start; /* what was in `out` before */
};

static void put(void *ctx, const struct core_contact_item *item)
{
	struct listing *listing = ctx;
	if (buf_len(listing->out) - listing->start < FRONTEND_ITEMS_MAX)
		roster_put_item(listing->frontend, listing->out, item, item->settled ? "both" : "none");
}

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct iq_address address = iq_address(request);
	if (frontend->server) {
		server_roster_get(frontend, request, payload);
		return;
	}
	struct buf *out = iq_begin(frontend, address);
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_ROSTER "'>");
	core_user_each_item(frontend->core, &request->from, put, &(struct listing){ frontend, out, buf_len(out) });
	xml_put(out, "</query>");
	iq_end(frontend, address, out);
	core_user_show_contacts(frontend->core, &request->from);
}

/* A client speaks from its full JID, the server for the account. */
static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const struct xml_element *first = xml_first(payload);
	struct core_contact_item item;
	bool by_server = jid_is_bare(&request->from);
	if (frontend->server) {
		server_roster_set(frontend, request, payload);
		return;
	}
	iq_done(frontend, iq_address(request));
	if (!first || !roster_read_item(frontend, first, request->arena, &item) || !item.node)
		return;
	if (!g_strcmp0(xml_attr(first, "subscription"), "remove"))
		core_user_drop_item(frontend->core, &request->from, item.node, by_server);
	else
		core_user_put_item(frontend->core, &request->from, &item, by_server);
}

const struct iq_feature iq_roster = { NS_ROSTER, "query", IQ_ANY, get, set };
