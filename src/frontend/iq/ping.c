/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"

/* XEP-0199; for an occupant XEP-0410: a ping to oneself in a room tells whether one is still in it. */

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	enum core_error error = iq_target(frontend, request) == IQ_ENTITY
					? core_user_ping(frontend->core, &request->from, &request->to)
					: CORE_OK;
	if (error)
		iq_error(frontend, iq_address(request), condition_of(error), NULL);
	else
		iq_done(frontend, iq_address(request));
}

const struct iq_feature iq_ping = { NS_PING, "ping", IQ_ANY, get, NULL };
