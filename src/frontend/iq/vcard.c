/* SPDX-License-Identifier: MIT */
#include "frontend/avatar.h"
#include "frontend/iq/iq.h"

/* vcard-temp (XEP-0054): of contacts and occupants from the network, of the user to the network. */

static void put_photo(struct buf *out, const void *photo, size_t n)
{
	g_autofree char *encoded = n && n <= FRONTEND_PHOTO_MAX ? g_base64_encode(photo, n) : NULL;
	if (!encoded)
		return;
	xml_put(out, "<PHOTO>");
	xml_put_text(out, "TYPE", avatar_type(photo, n));
	xml_put_text(out, "BINVAL", encoded);
	xml_put(out, "</PHOTO>");
}

static void answer(void *ctx, uint64_t id, const struct core_result *result)
{
	struct frontend *frontend = ctx;
	struct iq_address address;
	struct buf *out = iq_resume(frontend, id, result, &address);
	if (!out)
		return;
	xml_put(out, "<vCard xmlns='" NS_VCARD "'>");
	put_short(out, "FN", result->vcard->full_name);
	put_short(out, "NICKNAME", result->vcard->nickname);
	put_photo(out, result->vcard->photo, result->vcard->photo_len);
	xml_put(out, "</vCard>");
	iq_end(frontend, address, out);
	avatar_came(frontend, address.to, address.from, result->vcard);
	iq_drop(frontend, id);
}

static void get_own(struct frontend *frontend, const struct stanza *request)
{
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<vCard xmlns='" NS_VCARD "'>");
	xml_put_text(out, "FN", config_text(frontend->config, CONFIG_IDENTITY_NAME));
	xml_put(out, "</vCard>");
	iq_end(frontend, iq_address(request), out);
}

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	if (!request->to.node) {
		get_own(frontend, request);
		return;
	}
	uint64_t id = iq_keep(frontend, request);
	if (id)
		core_user_get_vcard(frontend->core, &request->from, &request->to,
				    (struct core_reply){ answer, frontend, id });
}

static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct core_vcard vcard;
	if (frontend->server || iq_target(frontend, request) == IQ_ENTITY) {
		iq_error(frontend, iq_address(request), XMPP_FORBIDDEN, "Only your own vCard can be changed");
		return;
	}
	if (!avatar_read_vcard(payload, request->arena, &vcard)) {
		iq_error(frontend, iq_address(request), XMPP_NOT_ACCEPTABLE, "The photo is too large");
		return;
	}
	enum core_error error = core_user_set_vcard(frontend->core, &request->from, &vcard);
	if (error)
		iq_error(frontend, iq_address(request), condition_of(error), "You are not logged in to the network");
	else
		iq_done(frontend, iq_address(request));
}

const struct iq_feature iq_vcard = { NS_VCARD, "vCard", IQ_ANY, get, set };
