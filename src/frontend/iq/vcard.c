/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"

/* vcard-temp (XEP-0054): of contacts and occupants from the network, of the user to the network. */

static const struct {
	const char *magic;
	size_t n;
	const char *type;
} pictures[] = {
	{ "\x89PNG", 4, "image/png" },
	{ "\xff\xd8\xff", 3, "image/jpeg" },
	{ "GIF8", 4, "image/gif" },
	{ "RIFF", 4, "image/webp" },
};

static void put_photo(struct buf *out, const void *photo, size_t n)
{
	g_autofree char *encoded = n && n <= FRONTEND_PHOTO_MAX ? g_base64_encode(photo, n) : NULL;
	if (!encoded)
		return;
	xml_put(out, "<PHOTO>");
	for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++)
		if (n > pictures[i].n && !memcmp(photo, pictures[i].magic, pictures[i].n))
			xml_put_text(out, "TYPE", pictures[i].type);
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
	struct core_vcard vcard = { .has_photo = true,
				    .nickname = xml_child_text(payload, NULL, "NICKNAME", request->arena) };
	const struct xml_element *photo = xml_child(payload, NULL, "PHOTO");
	const char *encoded = xml_child_text(photo, NULL, "BINVAL", request->arena);
	gsize n = 0;
	g_autofree guchar *bytes = encoded && *encoded ? g_base64_decode(encoded, &n) : NULL;
	if (request->to.node) {
		iq_error(frontend, iq_address(request), XMPP_FORBIDDEN, "Only your own vCard can be changed");
		return;
	}
	if (n > FRONTEND_PHOTO_MAX) {
		iq_error(frontend, iq_address(request), XMPP_NOT_ACCEPTABLE, "The photo is too large");
		return;
	}
	vcard.photo = bytes;
	vcard.photo_len = n;
	enum core_error error = core_user_set_vcard(frontend->core, &request->from, &vcard);
	if (error)
		iq_error(frontend, iq_address(request), condition_of(error), "You are not logged in to the network");
	else
		iq_done(frontend, iq_address(request));
}

const struct iq_feature iq_vcard = { NS_VCARD, "vCard", IQ_ANY, get, set };
