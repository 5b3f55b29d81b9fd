/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"

/* jabber:iq:gateway (XEP-0100, section 6.3): from a name on the network to an address here. */

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_GATEWAY "'>");
	xml_put_text(out, "desc", config_text(frontend->config, CONFIG_GATEWAY_RESPONDER_LABEL));
	xml_put_text(out, "prompt", config_text(frontend->config, CONFIG_GATEWAY_RESPONDER_PROMPT));
	xml_put(out, "</query>");
	iq_end(frontend, iq_address(request), out);
}

static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const char *prompt = xml_child_text(payload, NULL, "prompt", request->arena);
	const char *node = prompt && *prompt ? core_node_of_name(frontend->core, request->arena, prompt) : NULL;
	if (!node) {
		iq_error(frontend, iq_address(request), XMPP_NOT_ACCEPTABLE, "This cannot be the name of a contact");
		return;
	}
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_GATEWAY "'><jid>");
	xml_escape(out, node);
	xml_put(out, "@");
	buf_append_text(out, frontend->jid);
	xml_put(out, "</jid></query>");
	iq_end(frontend, iq_address(request), out);
}

const struct iq_feature iq_gateway = { NS_GATEWAY, "query", IQ_TRANSPORT, get, set };
