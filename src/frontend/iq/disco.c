/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"

/* Service discovery (XEP-0030). */

static void get_info(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const char *node = xml_attr(payload, "node");
	if (node && *node && !caps_knows_node(frontend, node)) {
		iq_error(frontend, iq_address(request), XMPP_ITEM_NOT_FOUND, NULL);
		return;
	}
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	caps_put_info(frontend, out, request, node);
	iq_end(frontend, iq_address(request), out);
}

struct listing {
	struct frontend *frontend;
	struct buf *out;
	size_t start; /* what was in `out` before */
};

static void put_room(void *ctx, const char *node, const char *name)
{
	struct listing *listing = ctx;
	if (buf_len(listing->out) - listing->start >= FRONTEND_ITEMS_MAX)
		return;
	xml_put(listing->out, "<item jid='");
	xml_escape(listing->out, node);
	xml_put(listing->out, "@");
	buf_append_text(listing->out, listing->frontend->jid);
	xml_put(listing->out, "'");
	xml_put_attr(listing->out, "name", name);
	xml_put(listing->out, "/>");
}

static void get_items(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const char *node = xml_attr(payload, "node");
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_DISCO_ITEMS "'");
	xml_put_attr(out, "node", node);
	xml_put(out, ">");
	if (!request->to.node && (!node || !*node))
		core_user_each_room(frontend->core, &request->from, put_room,
				    &(struct listing){ frontend, out, buf_len(out) });
	xml_put(out, "</query>");
	iq_end(frontend, iq_address(request), out);
}

const struct iq_feature iq_disco_info = { NS_DISCO_INFO, "query", IQ_ANY, get_info, NULL };
const struct iq_feature iq_disco_items = { NS_DISCO_ITEMS, "query", IQ_ANY, get_items, NULL };
