/* SPDX-License-Identifier: MIT */
#include "frontend/private.h"

/* Messages to rooms that are no words: invitations (XEP-0045, section 7.8; XEP-0249) and requests. Who is invited is
 * somebody on XMPP; networks have no word for it. */

enum { INVITED_MAX = 20 }; /* by one message */

static bool refuse(struct frontend *frontend, const struct stanza *stanza, enum xmpp_condition condition,
		   const char *text)
{
	metrics_count(frontend->metrics, METRIC_MESSAGES_RETURNED);
	incoming_refuse(frontend, stanza, condition, text);
	return true;
}

static bool is_ours(const struct frontend *frontend, const struct jid *jid)
{
	return str_is(jid_domain(jid), frontend->jid);
}

/* --- what the room says ---------------------------------------------------------------------- */

static struct buf *begin(struct frontend *frontend, const struct stanza *stanza, const char *to)
{
	struct str node = jid_node(&stanza->to);
	struct core_address from = { arena_strndup(stanza->arena, node.p, node.n), NULL };
	struct buf *out = stanza_begin(frontend, "message", from, to, true);
	if (!out)
		return NULL;
	put_id(frontend, out, stanza->id);
	xml_put(out, "><x xmlns='" NS_MUC_USER "'>");
	return out;
}

/* `<name from='who said it'><reason/></name>` */
static void put_word(struct buf *out, const struct stanza *stanza, const char *name, const char *reason)
{
	xml_put(out, "<");
	buf_append_text(out, name);
	xml_put_attr(out, "from", jid_bare_text(&stanza->from, stanza->arena));
	xml_put(out, ">");
	put_short(out, "reason", reason);
	xml_put(out, "</");
	buf_append_text(out, name);
	xml_put(out, ">");
}

static void put_invitation(struct frontend *frontend, const struct stanza *stanza, const char *to, const char *reason,
			   const char *password)
{
	struct buf *out = begin(frontend, stanza, to);
	if (!out)
		return;
	put_word(out, stanza, "invite", reason);
	put_short(out, "password", password);
	xml_put(out, "</x><x xmlns='" NS_CONFERENCE "'");
	xml_put_attr(out, "jid", jid_bare_text(&stanza->to, stanza->arena));
	xml_put_attr(out, "reason", reason && strlen(reason) <= FRONTEND_TEXT_MAX ? reason : NULL);
	xml_put_attr(out, "password", password);
	xml_put(out, "/></message>");
	route_end(frontend, out, to);
}

/* --- what people ask of it ------------------------------------------------------------------- */

/* Who is invited, all of them or none. */
struct guests {
	size_t count;
	struct jid jids[INVITED_MAX];
	const char *reasons[INVITED_MAX];
};

/* XMPP_UNDEFINED_CONDITION: nothing is wrong. */
static enum xmpp_condition read_guests(const struct frontend *frontend, const struct stanza *stanza,
				       const struct xml_element *payload, struct guests *guests)
{
	for (const struct xml_element *at = xml_first(payload); at; at = xml_next(at)) {
		const char *to = !strcmp(at->name, "invite") ? xml_attr(at, "to") : "";
		struct jid *jid = &guests->jids[guests->count];
		if (to && !*to)
			continue;
		if (guests->count == INVITED_MAX)
			return XMPP_NOT_ACCEPTABLE;
		if (!to || !jid_parse_text(jid, stanza->arena, to))
			return XMPP_JID_MALFORMED;
		if (is_ours(frontend, jid))
			return XMPP_FEATURE_NOT_IMPLEMENTED;
		guests->reasons[guests->count++] = xml_child_text(at, NULL, "reason", stanza->arena);
	}
	return XMPP_UNDEFINED_CONDITION;
}

static bool invite(struct frontend *frontend, const struct stanza *stanza, const struct xml_element *payload)
{
	struct guests guests = { 0 };
	struct core_room room;
	if (!core_user_room(frontend->core, &stanza->from, &stanza->to, &room))
		return refuse(frontend, stanza, XMPP_NOT_ACCEPTABLE, "You are not in this room");
	enum xmpp_condition wrong = read_guests(frontend, stanza, payload, &guests);
	if (wrong != XMPP_UNDEFINED_CONDITION)
		return refuse(frontend, stanza, wrong,
			      wrong == XMPP_FEATURE_NOT_IMPLEMENTED ? "The network takes no invitations" : NULL);
	for (size_t i = 0; i < guests.count; i++)
		put_invitation(frontend, stanza, guests.jids[i].full, guests.reasons[i], room.password);
	return true;
}

/* Only to somebody who is in that room: this is no way to write to strangers. */
static bool decline(struct frontend *frontend, const struct stanza *stanza, const struct xml_element *word)
{
	const char *text = xml_attr(word, "to");
	struct jid to;
	if (!text || !jid_parse_text(&to, stanza->arena, text))
		return refuse(frontend, stanza, XMPP_JID_MALFORMED, NULL);
	if (!core_user_in_room(frontend->core, &to, &stanza->to))
		return refuse(frontend, stanza, XMPP_ITEM_NOT_FOUND, "Who invited you is not in this room");
	struct buf *out = begin(frontend, stanza, to.full);
	if (!out)
		return true;
	put_word(out, stanza, "decline", xml_child_text(word, NULL, "reason", stanza->arena));
	xml_put(out, "</x></message>");
	route_end(frontend, out, to.full);
	return true;
}

bool incoming_muc(struct frontend *frontend, const struct stanza *stanza, const struct xml_element *payload,
		  bool has_words)
{
	const struct xml_element *declined = xml_child(payload, NS_MUC_USER, "decline");
	if (xml_is(payload, NS_FORM, "x"))
		return !has_words && stanza->to.node &&
		       refuse(frontend, stanza, XMPP_FEATURE_NOT_IMPLEMENTED, "The network takes no forms");
	if (xml_is(payload, NS_CONFERENCE, "x"))
		return refuse(frontend, stanza, XMPP_FEATURE_NOT_IMPLEMENTED, "The network takes no invitations");
	if (xml_child(payload, NS_MUC_USER, "invite"))
		return invite(frontend, stanza, payload);
	return declined && decline(frontend, stanza, declined);
}
