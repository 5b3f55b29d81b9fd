/* SPDX-License-Identifier: MIT */
#include "core/document.h"
#include "frontend/iq/adhoc.h"
#include "frontend/iq/pep.h"
#include "frontend/iq/room.h"

/* Service discovery (XEP-0030). */

static void get_info(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const char *node = xml_attr(payload, "node");
	if (node && *node && !caps_knows_node(frontend, node)) {
		if (!adhoc_get_info(frontend, request, node) && !room_get_node(frontend, request, node))
			iq_error(frontend, iq_address(request), XMPP_ITEM_NOT_FOUND, NULL);
		return;
	}
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	caps_put_info(frontend, out, request, node);
	iq_end(frontend, iq_address(request), out);
}

static void get_items(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const char *node = xml_attr(payload, "node");
	bool nodes = (!node || !*node) && iq_target(frontend, request) == IQ_ACCOUNT;
	if (nodes && core_keeps_documents(frontend->core))
		pep_get_nodes(frontend, request);
	else if (!adhoc_get_items(frontend, request, node))
		room_get_items(frontend, request, payload);
}

const struct iq_feature iq_disco_info = { NS_DISCO_INFO, "query", IQ_ANY, get_info, NULL };
const struct iq_feature iq_disco_items = { NS_DISCO_ITEMS, "query", IQ_ANY, get_items, NULL };
