/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"

/* XEP-0092. */

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out,
		"<query xmlns='" NS_VERSION "'><name>Spectrum</name><version>" SPECTRUM_VERSION "</version></query>");
	iq_end(frontend, iq_address(request), out);
}

const struct iq_feature iq_version = { NS_VERSION, "query", IQ_TRANSPORT, get, NULL };
