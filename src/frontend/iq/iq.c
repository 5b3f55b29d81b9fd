/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"

#include "frontend/ask.h"

LOG_AREA("XMPPFrontend");

/* clang-format off */
static const struct iq_feature *const features[] = {
	&iq_adhoc,
	&iq_archive,
	&iq_archive_metadata,
	&iq_archive_preferences,
	&iq_block,
	&iq_blocklist,
	&iq_carbons_off,
	&iq_carbons_on,
	&iq_disco_info,
	&iq_disco_items,
	&iq_gateway,
	&iq_last,
	&iq_muc_admin,
	&iq_muc_owner,
	&iq_muc_register,
	&iq_own_vcard,
	&iq_pep,
	&iq_pep_owner,
	&iq_ping,
	&iq_private,
	&iq_pubsub,
	&iq_register,
	&iq_roster,
	&iq_stats,
	&iq_time,
	&iq_unblock,
	&iq_upload,
	&iq_vcard,
	&iq_version,
};
/* clang-format on */

struct iq_address iq_address(const struct stanza *request)
{
	return (struct iq_address){ request->id, request->to.full, request->from.full };
}

static struct buf *begin(struct frontend *frontend, struct iq_address address, const char *type)
{
	/* Who asked is told by his own time limit. */
	struct buf *out = route_begin(frontend, address.to, false);
	if (!out)
		return NULL;
	xml_put(out, "<iq");
	xml_put_attr(out, "type", type);
	xml_put_attr(out, "id", address.id);
	xml_put_attr(out, "from", address.from);
	xml_put_attr(out, "to", address.to);
	xml_put(out, ">");
	return out;
}

struct buf *iq_begin(struct frontend *frontend, struct iq_address address)
{
	return begin(frontend, address, "result");
}

struct buf *iq_begin_error(struct frontend *frontend, struct iq_address address)
{
	return begin(frontend, address, "error");
}

void iq_end(struct frontend *frontend, struct iq_address address, struct buf *out)
{
	xml_put(out, "</iq>");
	route_end(frontend, out, address.to);
}

void iq_done(struct frontend *frontend, struct iq_address address)
{
	struct buf *out = iq_begin(frontend, address);
	if (out)
		iq_end(frontend, address, out);
}

void iq_error(struct frontend *frontend, struct iq_address address, enum xmpp_condition condition, const char *text)
{
	struct buf *out = begin(frontend, address, "error");
	if (!out)
		return;
	xmpp_put_error(out, condition, text);
	iq_end(frontend, address, out);
}

void iq_error_with(struct frontend *frontend, struct iq_address address, enum xmpp_condition condition, const char *ns,
		   const char *name)
{
	struct buf *out = begin(frontend, address, "error");
	if (!out)
		return;
	xmpp_put_error_with(out, condition, ns, name);
	iq_end(frontend, address, out);
}

/* --- answers that come later ----------------------------------------------------------------- */

struct iq_wait {
	char *id, *from, *to;
};

uint64_t iq_keep(struct frontend *frontend, const struct stanza *request)
{
	if (idmap_size(frontend->waiting) >= FRONTEND_IQ_WAITING_MAX) {
		iq_error(frontend, iq_address(request), XMPP_RESOURCE_CONSTRAINT, NULL);
		return 0;
	}
	struct iq_wait *wait = g_new(struct iq_wait, 1);
	*wait = (struct iq_wait){ g_strdup(request->id), g_strdup(request->to.full), g_strdup(request->from.full) };
	return idmap_add(frontend->waiting, wait);
}

struct buf *iq_resume(struct frontend *frontend, uint64_t id, const struct core_result *result,
		      struct iq_address *address)
{
	const struct iq_wait *wait = idmap_find(frontend->waiting, id);
	if (!wait)
		return NULL;
	*address = (struct iq_address){ wait->id, wait->from, wait->to };
	struct buf *out = result->error ? NULL : iq_begin(frontend, *address);
	if (result->error)
		iq_error(frontend, *address, condition_of(result->error), result->text);
	if (!out)
		iq_drop(frontend, id);
	return out;
}

bool iq_kept(const struct frontend *frontend, uint64_t id, struct iq_address *address)
{
	const struct iq_wait *wait = idmap_find(frontend->waiting, id);
	if (wait)
		*address = (struct iq_address){ wait->id, wait->from, wait->to };
	return wait;
}

void iq_drop(struct frontend *frontend, uint64_t id)
{
	struct iq_wait *wait = idmap_take(frontend->waiting, id);
	if (!wait)
		return;
	g_free(wait->id);
	g_free(wait->from);
	g_free(wait->to);
	g_free(wait);
}

/* --- requests -------------------------------------------------------------------------------- */

/* Some are another one for whom else they address. */
static const struct iq_feature *find(const struct xml_element *payload, unsigned target)
{
	for (size_t i = 0; i < G_N_ELEMENTS(features); i++) {
		const struct iq_feature *feature = features[i];
		if (feature->targets & target && xml_is(payload, feature->ns, feature->name))
			return feature;
	}
	return NULL;
}

static const struct iq_feature *find_for(const struct frontend *frontend, const struct xml_element *payload,
					 enum iq_target target)
{
	const struct iq_feature *feature = find(payload, target);
	if (!feature && frontend->server && target != IQ_ENTITY)
		feature = find(payload, IQ_ACCOUNT | IQ_TRANSPORT);
	return feature;
}

enum iq_target iq_target(const struct frontend *frontend, const struct stanza *request)
{
	if (!request->to.node)
		return IQ_TRANSPORT;
	return frontend_is_own(frontend, request) ? IQ_ACCOUNT : IQ_ENTITY;
}

bool iq_serves(const struct frontend *frontend, const struct xml_element *payload)
{
	return find_for(frontend, payload, IQ_TRANSPORT);
}

static void dispatch(struct frontend *frontend, const struct stanza *stanza, bool set)
{
	const struct xml_element *payload = xml_first(stanza->element);
	enum iq_target target = iq_target(frontend, stanza);
	const struct iq_feature *feature = payload ? find_for(frontend, payload, target) : NULL;
	struct iq_address address = iq_address(stanza);
	if (!payload || xml_next(payload)) {
		/* RFC 6120, section 8.2.3: exactly one child. */
		iq_error(frontend, address, XMPP_BAD_REQUEST, "An IQ request has exactly one payload");
	} else if (frontend->server && target == IQ_ENTITY &&
		   core_user_blocks(frontend->core, &stanza->from, &stanza->to)) {
		iq_error_with(frontend, address, XMPP_NOT_ACCEPTABLE, NS_BLOCKING ":errors", "blocked");
	} else if (!feature) {
		iq_error(frontend, address, XMPP_SERVICE_UNAVAILABLE, NULL);
	} else {
		void (*handle)(struct frontend *, const struct stanza *, const struct xml_element *) =
			set ? feature->set : feature->get;
		if (handle)
			handle(frontend, stanza, payload);
		else
			iq_error(frontend, address, XMPP_NOT_ALLOWED, NULL);
	}
}

void iq_receive(struct frontend *frontend, const struct stanza *stanza)
{
	bool get = !strcmp(stanza->type, "get"), set = !strcmp(stanza->type, "set");
	bool answer = !strcmp(stanza->type, "result") || stanza_is_error(stanza);
	if ((get || set) && stanza->id)
		dispatch(frontend, stanza, set);
	else if (answer && !ask_answered(frontend, stanza))
		log_debug("an answer nobody waits for, from %s", stanza->from.full);
	else if (!answer)
		iq_error(frontend, iq_address(stanza), XMPP_BAD_REQUEST,
			 "An IQ has an id and a type of get, set, result or error");
}
