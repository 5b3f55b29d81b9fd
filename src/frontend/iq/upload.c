/* SPDX-License-Identifier: MIT */
#include "frontend/server/upload.h"

#include "frontend/iq/iq.h"
#include "xmpp/form.h"

/* Slots for files of users (XEP-0363), in server mode. */

/* Section 5. */
static void refuse_large(struct frontend *frontend, const struct stanza *request)
{
	struct buf *out = iq_begin_error(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<error type='modify'><not-acceptable xmlns='" NS_STANZAS "'/><text xmlns='" NS_STANZAS
		     "'>The file is too large</text><file-too-large xmlns='" NS_UPLOAD "'><max-file-size>");
	xml_put_number(out, upload_max(frontend->upload));
	xml_put(out, "</max-file-size></file-too-large></error>");
	iq_end(frontend, iq_address(request), out);
}

static void refuse_today(struct frontend *frontend, const struct stanza *request)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(upload_next_day());
	g_autofree char *stamp = g_date_time_format(when, "%Y-%m-%dT%H:%M:%SZ");
	struct buf *out = iq_begin_error(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<error type='wait'><resource-constraint xmlns='" NS_STANZAS "'/><text xmlns='" NS_STANZAS
		     "'>That is too much for one day</text><retry xmlns='" NS_UPLOAD "'");
	xml_put_attr(out, "stamp", stamp);
	xml_put(out, "/></error>");
	iq_end(frontend, iq_address(request), out);
}

static void grant(struct frontend *frontend, const struct stanza *request, const struct upload_slot *slot)
{
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<slot xmlns='" NS_UPLOAD "'><put");
	xml_put_attr(out, "url", slot->put);
	xml_put(out, "/><get");
	xml_put_attr(out, "url", slot->get);
	xml_put(out, "/></slot>");
	iq_end(frontend, iq_address(request), out);
}

static enum upload_verdict ask(struct frontend *frontend, const struct stanza *request,
			       const struct xml_element *payload, struct upload_slot *slot)
{
	const char *name = xml_attr(payload, "filename"), *size = xml_attr(payload, "size");
	struct upload_request wish = { .user = jid_bare_text(&request->from, request->arena),
				       .name = name,
				       .type = xml_attr(payload, "content-type") };
	if (!name || !size || !g_ascii_string_to_unsigned(size, 10, 1, G_MAXINT64, &wish.size, NULL))
		return UPLOAD_SENSELESS;
	return upload_ask(frontend->upload, &wish, slot);
}

static void get_slot(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct upload_slot slot = { 0 };
	if (!frontend->upload) {
		iq_error(frontend, iq_address(request), XMPP_SERVICE_UNAVAILABLE, NULL);
		return;
	}
	switch (ask(frontend, request, payload, &slot)) {
	case UPLOAD_GRANTED:
		grant(frontend, request, &slot);
		break;
	case UPLOAD_TOO_LARGE:
		refuse_large(frontend, request);
		break;
	case UPLOAD_TOO_MUCH:
		refuse_today(frontend, request);
		break;
	case UPLOAD_SENSELESS:
		iq_error(frontend, iq_address(request), XMPP_BAD_REQUEST, "A file has a name and a size");
		break;
	}
	g_free(slot.put);
	g_free(slot.get);
}

/* Section 4: what is advertised besides the feature. */
void upload_put_form(struct frontend *frontend, struct buf *out)
{
	char most[24];
	g_snprintf(most, sizeof(most), "%" G_GUINT64_FORMAT, upload_max(frontend->upload));
	form_begin(out, "result", NULL, NULL);
	form_put(out, "hidden", "FORM_TYPE", NULL, NS_UPLOAD, false);
	form_put(out, "text-single", "max-file-size", NULL, most, false);
	form_end(out);
}

const struct iq_feature iq_upload = { NS_UPLOAD, "request", IQ_TRANSPORT, get_slot, NULL };
