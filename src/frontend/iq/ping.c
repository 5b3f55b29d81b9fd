/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"

/* XEP-0199; for a room XEP-0410: a ping to oneself in a room tells whether one is still in it. */

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	bool in_room = request->to.node && !jid_is_bare(&request->to) && request->to.full[0] == '#';
	if (in_room && !core_user_in_room(frontend->core, &request->from, &request->to))
		iq_error(frontend, iq_address(request), XMPP_NOT_ACCEPTABLE, NULL);
	else
		iq_done(frontend, iq_address(request));
}

const struct iq_feature iq_ping = { NS_PING, "ping", IQ_ANY, get, NULL };
