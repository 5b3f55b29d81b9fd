/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"

/* XEP-0202. */

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	g_autoptr(GDateTime) here = g_date_time_new_now_local();
	g_autoptr(GDateTime) now = g_date_time_to_utc(here);
	g_autofree char *zone = g_date_time_format(here, "%:z"), *utc = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<time xmlns='" NS_TIME "'>");
	xml_put_text(out, "tzo", zone);
	xml_put_text(out, "utc", utc);
	xml_put(out, "</time>");
	iq_end(frontend, iq_address(request), out);
}

const struct iq_feature iq_time = { NS_TIME, "time", IQ_TRANSPORT, get, NULL };
