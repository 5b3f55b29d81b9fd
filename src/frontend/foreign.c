/* SPDX-License-Identifier: MIT */
#include "frontend/foreign.h"

LOG_AREA("XMPPFrontend");

bool foreign_is(const struct frontend *frontend, const struct stanza *stanza)
{
	return !str_is(jid_domain(&stanza->to), frontend->jid);
}

static void tell(struct frontend *frontend, struct str domain)
{
	if (frontend->foreign_told || frontend->server)
		return;
	frontend->foreign_told = true;
	log_warn("the server sends us what is for %.*s: no other component on its port is safe from that. In ejabberd, "
		 "set global_routes: false in the listener with module: ejabberd_service",
		 (int)domain.n, domain.p);
}

/* RFC 6120, section 8.3.1 and 8.2.3: neither errors nor results are answered. */
static bool wants_answer(const struct stanza *stanza)
{
	switch (stanza->kind) {
	case STANZA_MESSAGE:
		return !stanza_is_error(stanza);
	case STANZA_IQ:
		return !strcmp(stanza->type, "get") || !strcmp(stanza->type, "set");
	case STANZA_PRESENCE:
		break;
	}
	return false;
}

void foreign_received(struct frontend *frontend, const struct stanza *stanza)
{
	const char *name = stanza->element->name;
	tell(frontend, jid_domain(&stanza->to));
	struct buf *out = wants_answer(stanza) ? route_begin(frontend, stanza->from.full, true) : NULL;
	if (!out)
		return;
	xml_put(out, "<");
	buf_append_text(out, name);
	xml_put(out, " type='error'");
	xml_put_attr(out, "id", stanza->id);
	xml_put_attr(out, "from", stanza->to.full);
	xml_put_attr(out, "to", stanza->from.full);
	xml_put(out, ">");
	xmpp_put_error(out, XMPP_REMOTE_SERVER_NOT_FOUND, NULL);
	xml_put(out, "</");
	buf_append_text(out, name);
	xml_put(out, ">");
	route_end(frontend, out, stanza->from.full);
}
