/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"

/* Copies of messages (XEP-0280) are the business of the user's server, which sees what passes; who asks the
 * transport for them, as some do that think it a server, gets what he asked for. */

static void agree(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	iq_done(frontend, iq_address(request));
}

const struct iq_feature iq_carbons_on = { NS_CARBONS, "enable", IQ_TRANSPORT, NULL, agree };
const struct iq_feature iq_carbons_off = { NS_CARBONS, "disable", IQ_TRANSPORT, NULL, agree };
