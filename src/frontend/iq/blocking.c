/* SPDX-License-Identifier: MIT */
#include "frontend/ask.h"
#include "frontend/iq/iq.h"
#include "frontend/server/private.h"

/* Blocked contacts (XEP-0191). What a client asks its own server never comes here: this is for who asks the
 * transport, whose network may keep somebody away. */

enum { BLOCKED_MAX = 500 }; /* by one request */

static void put_item(struct frontend *frontend, struct buf *out, const char *node)
{
	xml_put(out, "<item jid='");
	xml_escape(out, node);
	xml_put(out, "@");
	buf_append_text(out, frontend->jid);
	xml_put(out, "'/>");
}

/* --- the list -------------------------------------------------------------------------------- */

struct listing {
	struct frontend *frontend;
	struct buf *out;
	size_t start;
};

static void put_blocked(void *ctx, const char *node)
{
	struct listing *listing = ctx;
	if (buf_len(listing->out) - listing->start < FRONTEND_ITEMS_MAX)
		put_item(listing->frontend, listing->out, node);
}

static void get_list(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct resource *asker = frontend->server ? account_find_resource(frontend->server, request->from.full) : NULL;
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (asker)
		asker->watches_blocked = true;
	if (!out)
		return;
	xml_put(out, "<blocklist xmlns='" NS_BLOCKING "'>");
	core_user_each_blocked(frontend->core, &request->from, put_blocked,
			       &(struct listing){ frontend, out, buf_len(out) });
	xml_put(out, "</blocklist>");
	iq_end(frontend, iq_address(request), out);
}

/* --- changes --------------------------------------------------------------------------------- */

struct nodes {
	size_t count;
	const char *all[BLOCKED_MAX];
};

/* XMPP_UNDEFINED_CONDITION: nothing is wrong. */
static enum xmpp_condition read_nodes(const struct frontend *frontend, const struct stanza *request,
				      const struct xml_element *payload, struct nodes *nodes)
{
	for (const struct xml_element *at = xml_first(payload); at; at = xml_next(at)) {
		const char *text = xml_is(at, NS_BLOCKING, "item") ? xml_attr(at, "jid") : NULL;
		struct jid jid;
		if (!text)
			return XMPP_BAD_REQUEST;
		if (nodes->count == BLOCKED_MAX)
			return XMPP_NOT_ACCEPTABLE;
		if (!jid_parse_text(&jid, request->arena, text))
			return XMPP_JID_MALFORMED;
		if (!jid.node || !jid_is_bare(&jid) || !str_is(jid_domain(&jid), frontend->jid))
			return XMPP_ITEM_NOT_FOUND;
		nodes->all[nodes->count++] = arena_strndup(request->arena, jid.full, jid.node);
	}
	return XMPP_UNDEFINED_CONDITION;
}

static void change(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload,
		   bool block)
{
	struct nodes nodes = { 0 };
	const char *text = NULL;
	enum xmpp_condition wrong = read_nodes(frontend, request, payload, &nodes);
	/* Nobody blocks everybody, but all may be unblocked at once. */
	if (block && !nodes.count && wrong == XMPP_UNDEFINED_CONDITION)
		wrong = XMPP_BAD_REQUEST;
	if (wrong != XMPP_UNDEFINED_CONDITION) {
		iq_error(frontend, iq_address(request), wrong, NULL);
		return;
	}
	enum core_error error = core_user_block(frontend->core, &request->from, nodes.all, nodes.count, block, &text);
	if (error)
		iq_error(frontend, iq_address(request), condition_of(error), text);
	else
		iq_done(frontend, iq_address(request));
}

static void block(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	change(frontend, request, payload, true);
}

static void unblock(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	change(frontend, request, payload, false);
}

static void pushed(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
}

static void push(struct frontend *frontend, const char *to, const char *const *nodes, size_t n, bool blocked)
{
	const char *name = blocked ? "block" : "unblock";
	struct buf *out = ask_begin(frontend, "set", (struct core_address){ 0 }, to);
	if (!out)
		return;
	xml_put(out, "<");
	buf_append_text(out, name);
	xml_put(out, " xmlns='" NS_BLOCKING "'>");
	for (size_t i = 0, start = buf_len(out); i < n && buf_len(out) - start < FRONTEND_ITEMS_MAX; i++)
		put_item(frontend, out, nodes[i]);
	xml_put(out, "</");
	buf_append_text(out, name);
	xml_put(out, ">");
	ask_end(frontend, out, (struct ask_reply){ pushed, frontend, 0 });
}

void outgoing_blocked(void *ctx, const char *to, const char *const *nodes, size_t n, bool blocked)
{
	struct frontend *frontend = ctx;
	if (!frontend->server) {
		push(frontend, to, nodes, n, blocked);
		return;
	}
	const struct account *account = account_of(frontend->server, account_bare(to));
	for (const struct resource *each = account ? account->resources : NULL; each; each = each->next)
		if (each->watches_blocked)
			push(frontend, each->full, nodes, n, blocked);
}

const struct iq_feature iq_blocklist = { NS_BLOCKING, "blocklist", IQ_TRANSPORT, get_list, NULL };
const struct iq_feature iq_block = { NS_BLOCKING, "block", IQ_TRANSPORT, NULL, block };
const struct iq_feature iq_unblock = { NS_BLOCKING, "unblock", IQ_TRANSPORT, NULL, unblock };
