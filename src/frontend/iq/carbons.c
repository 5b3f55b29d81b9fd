/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"
#include "frontend/server/private.h"

/* Copies of messages (XEP-0280) are the business of the user's server, which sees what passes; who asks the
 * transport for them, as some do that think it a server, gets what he asked for. In server mode that is us. */

static void set(struct frontend *frontend, const struct stanza *request, bool on)
{
	struct resource *resource =
		frontend->server ? account_find_resource(frontend->server, request->from.full) : NULL;
	if (resource)
		resource->carbons = on;
	iq_done(frontend, iq_address(request));
}

static void enable(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	set(frontend, request, true);
}

static void disable(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	set(frontend, request, false);
}

const struct iq_feature iq_carbons_on = { NS_CARBONS, "enable", IQ_TRANSPORT, NULL, enable };
const struct iq_feature iq_carbons_off = { NS_CARBONS, "disable", IQ_TRANSPORT, NULL, disable };
