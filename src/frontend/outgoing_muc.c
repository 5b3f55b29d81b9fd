/* SPDX-License-Identifier: MIT */
#include "frontend/private.h"

/* Presence of rooms (XEP-0045). */

static void put_codes(struct buf *out, const struct core_occupant *occupant)
{
	for (size_t i = 0; i < occupant->code_count; i++) {
		int code = occupant->codes[i];
		char digits[3] = { (char)('0' + code / 100 % 10), (char)('0' + code / 10 % 10),
				   (char)('0' + code % 10) };
		xml_put(out, "<status code='");
		buf_append(out, digits, sizeof(digits));
		xml_put(out, "'/>");
	}
}

static bool is_banned(const struct core_occupant *occupant)
{
	for (size_t i = 0; i < occupant->code_count; i++)
		if (occupant->codes[i] == 301)
			return true;
	return false;
}

/* Who has left has no role (section 7.14); who is here is known to the network as a member or as one
 * who moderates. */
static void put_item(struct buf *out, const struct core_occupant *occupant)
{
	if (is_banned(occupant))
		xml_put(out, "<item affiliation='outcast' role='none'");
	else if (!occupant->available && !occupant->newnick)
		xml_put(out, "<item affiliation='none' role='none'");
	else if (occupant->moderator)
		xml_put(out, "<item affiliation='admin' role='moderator'");
	else
		xml_put(out, "<item affiliation='member' role='participant'");
	xml_put_attr(out, "nick", occupant->newnick);
	if (!occupant->reason || !*occupant->reason) {
		xml_put(out, "/>");
		return;
	}
	xml_put(out, ">");
	put_short(out, "reason", occupant->reason);
	xml_put(out, "</item>");
}

static void put_availability(struct buf *out, const struct core_occupant *occupant)
{
	static const char *const shows[] = { [CORE_AWAY] = "away",
					     [CORE_CHAT] = "chat",
					     [CORE_XA] = "xa",
					     [CORE_DND] = "dnd",
					     [CORE_INVISIBLE] = NULL };
	if (occupant->available)
		xml_put_text(out, "show", shows[occupant->status]);
	put_short(out, "status", occupant->text);
}

/* Who is put out while the link is away is not told of it by the next announcement. */
static bool ends_stay(const struct core_occupant *occupant)
{
	for (size_t i = 0; i < occupant->code_count; i++)
		if (occupant->codes[i] == 110)
			return !occupant->available;
	return false;
}

void outgoing_occupant(void *ctx, struct core_address from, const char *to, const struct core_occupant *occupant)
{
	struct frontend *frontend = ctx;
	struct buf *out = stanza_begin(frontend, "presence", from, to, ends_stay(occupant));
	if (!out)
		return;
	if (occupant->available)
		xml_put(out, ">");
	else
		xml_put(out, " type='unavailable'>");
	put_availability(out, occupant);
	xml_put(out, "<x xmlns='" NS_MUC_USER "'>");
	put_codes(out, occupant);
	put_item(out, occupant);
	xml_put(out, "</x>");
	if (occupant->available && occupant->icon_hash)
		put_icon(frontend, out, occupant->icon_hash);
	if (occupant->available)
		buf_append_text(out, caps_element(frontend, true));
	xml_put(out, "</presence>");
	route_end(frontend, out, to);
}

void outgoing_join_error(void *ctx, struct core_address from, const char *to, enum core_error error, const char *text)
{
	struct frontend *frontend = ctx;
	struct buf *out = stanza_begin(frontend, "presence", from, to, true);
	if (!out)
		return;
	xml_put(out, " type='error'><x xmlns='" NS_MUC "'/>");
	xmpp_put_error(out, condition_of(error), text);
	xml_put(out, "</presence>");
	route_end(frontend, out, to);
}
