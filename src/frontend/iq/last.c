/* SPDX-License-Identifier: MIT */
#include "core/figures.h"
#include "frontend/iq/iq.h"

/* XEP-0012: of the transport how long it has been up. Networks do not tell how long somebody was idle. */

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	bool entity = iq_target(frontend, request) == IQ_ENTITY;
	struct buf *out = entity ? NULL : iq_begin(frontend, iq_address(request));
	if (entity)
		iq_error(frontend, iq_address(request), XMPP_FEATURE_NOT_IMPLEMENTED, NULL);
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_LAST "'");
	xml_put_number_attr(out, "seconds", core_figures(frontend->core)->uptime);
	xml_put(out, "/>");
	iq_end(frontend, iq_address(request), out);
}

const struct iq_feature iq_last = { NS_LAST, "query", IQ_ANY, get, NULL };
