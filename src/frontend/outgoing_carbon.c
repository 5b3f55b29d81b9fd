/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "frontend/privilege.h"
#include "frontend/server/private.h"

LOG_AREA("XMPPFrontend");

/* What users write by other clients of their network is shown by their XMPP clients as a copy of their own words
 * (XEP-0280), which only their server may send: it does so for us where it grants that (XEP-0356, section 5). */

enum { TOLD_MAX = 10000 };

/* Once a user or server is enough; who comes after many is not told of. */
static bool told(struct frontend *frontend, const char *who)
{
	if (g_hash_table_size(frontend->uncopied) >= TOLD_MAX || g_hash_table_contains(frontend->uncopied, who))
		return true;
	g_hash_table_add(frontend->uncopied, g_strdup(who));
	return false;
}

static void drop(struct frontend *frontend, const char *to)
{
	g_autofree char *bare = g_strndup(to, strcspn(to, "/"));
	metrics_count(frontend->metrics, METRIC_CARBONS_DROPPED);
	if (!told(frontend, bare))
		log_info("%s: own messages from other clients cannot be shown, the server does not grant us to send "
			 "messages (XEP-0356)",
			 bare);
}

bool outgoing_carbon_refused(struct frontend *frontend, const struct stanza *error)
{
	const char *server = error->from.full;
	if (error->from.node || error->to.node || !jid_is_bare(&error->from) ||
	    !privilege_of(frontend, server)->message)
		return false;
	metrics_count(frontend->metrics, METRIC_CARBONS_DROPPED);
	if (!told(frontend, server))
		log_warn("%s refuses to show users their own messages from other clients, although it granted that: %s",
			 server, xmpp_condition_name(xmpp_read_error(error->element)));
	return true;
}

static void put_user(struct buf *out, const char *name, const char *to, bool bare)
{
	xml_put(out, " ");
	buf_append_text(out, name);
	xml_put(out, "='");
	xml_escape_n(out, to, bare ? strcspn(to, "/") : strlen(to));
	xml_put(out, "'");
}

/* The message as the user's own client would have sent it, but for its start. */
static void put_said(struct frontend *frontend, struct buf *out, struct core_address with, const char *user,
		     const struct core_message *message)
{
	put_user(out, "from", user, true);
	xml_put(out, " to='");
	put_address(frontend, out, with);
	xml_put(out, "'");
	put_id(frontend, out, message->id);
	xml_put(out, ">");
	put_payloads(frontend, out, with.node, message);
	xml_put(out, "</message>");
}

/* In server mode it is ours to show, and to keep. */
static void show(struct frontend *frontend, struct core_address with, const char *to,
		 const struct core_message *message)
{
	struct str user = account_bare(to);
	struct buf text;
	buf_init(&text, FRONTEND_STANZA_MAX);
	xml_put(&text, "<message type='chat'");
	put_said(frontend, &text, with, to, message);
	if (!text.failed)
		carbon_shown(frontend->server, user, buf_data(&text), buf_len(&text));
	buf_fini(&text);
}

void outgoing_carbon(struct frontend *frontend, struct core_address with, const char *to,
		     const struct core_message *message)
{
	if (frontend->server) {
		show(frontend, with, to, message);
		return;
	}
	const struct privilege *privilege = privilege_of(frontend, to);
	g_autofree char *domain = g_strndup(to, strcspn(to, "/"));
	const char *at = strchr(domain, '@'), *server = at ? at + 1 : domain;
	if (!privilege->message) {
		drop(frontend, to);
		return;
	}
	struct buf *out = stanza_begin(frontend, "message", (struct core_address){ 0 }, server, true);
	if (!out)
		return;
	put_id(frontend, out, NULL);
	xml_put(out, "><privilege");
	xml_put_attr(out, "xmlns", privilege_ns(privilege));
	xml_put(out, "><forwarded xmlns='" NS_FORWARD "'><message xmlns='jabber:client' type='chat'");
	put_user(out, "from", to, true);
	put_user(out, "to", to, false);
	put_id(frontend, out, NULL);
	xml_put(out, "><sent xmlns='" NS_CARBONS "'><forwarded xmlns='" NS_FORWARD "'>"
		     "<message xmlns='jabber:client' type='chat'");
	put_said(frontend, out, with, to, message);
	xml_put(out, "</forwarded></sent>" HINTS_NOT_COPIED "</message></forwarded></privilege></message>");
	route_end(frontend, out, server);
}

void carbons_init(struct frontend *frontend)
{
	frontend->uncopied = g_hash_table_new_full(hash_text, g_str_equal, g_free, NULL);
}

void carbons_fini(struct frontend *frontend)
{
	g_clear_pointer(&frontend->uncopied, g_hash_table_unref);
}
