/* SPDX-License-Identifier: MIT */
#include "frontend/avatar.h"
#include "frontend/chat.h"
#include "frontend/clients.h"
#include "frontend/pep.h"

static const struct {
	const char *name;
	enum core_presence_type type;
} types[] = {
	{ "", CORE_AVAILABLE },
	{ "unavailable", CORE_UNAVAILABLE },
	{ "subscribe", CORE_SUBSCRIBE },
	{ "subscribed", CORE_SUBSCRIBED },
	{ "unsubscribe", CORE_UNSUBSCRIBE },
	{ "unsubscribed", CORE_UNSUBSCRIBED },
	{ "probe", CORE_PROBE },
};

static const struct {
	const char *name;
	enum core_status status;
} shows[] = {
	{ "away", CORE_AWAY },
	{ "chat", CORE_CHAT },
	{ "dnd", CORE_DND },
	{ "xa", CORE_XA },
};

bool incoming_presence_type(const char *name, enum core_presence_type *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		if (!strcmp(name, types[i].name)) {
			*type = types[i].type;
			return true;
		}
	return false;
}

static enum core_status status_of(const char *show)
{
	for (size_t i = 0; show && i < G_N_ELEMENTS(shows); i++)
		if (!strcmp(show, shows[i].name))
			return shows[i].status;
	return CORE_ONLINE;
}

/* RFC 6121, section 4.7.2.3: -128 to 127; what is not a number counts as 0. */
static int priority_of(const char *text)
{
	gint64 value = 0;
	return text && g_ascii_string_to_signed(text, 10, -128, 127, &value, NULL) ? (int)value : 0;
}

int incoming_priority(const struct stanza *stanza)
{
	return priority_of(xml_child_text(stanza->element, NULL, "priority", stanza->arena));
}

static void read_available(struct core_presence *presence, const struct stanza *stanza)
{
	const struct xml_element *root = stanza->element;
	presence->status = status_of(xml_child_text(root, NULL, "show", stanza->arena));
	presence->text = xml_child_text(root, NULL, "status", stanza->arena);
	presence->priority = incoming_priority(stanza);
	if (xml_child(root, NS_INVISIBLE, "invisible"))
		presence->status = CORE_INVISIBLE;
}

static int64_t number_of(const struct xml_element *element, const char *name)
{
	const char *text = xml_attr(element, name);
	gint64 value;
	return text && g_ascii_string_to_signed(text, 10, 0, INT32_MAX, &value, NULL) ? value : -1;
}

/* XEP-0045, section 7.2.14; what is no number or no date (XEP-0082) counts as not said. */
static struct core_history history_of(const struct xml_element *muc)
{
	const struct xml_element *history = xml_child(muc, NS_MUC, "history");
	const char *text = history ? xml_attr(history, "since") : NULL;
	if (!history)
		return CORE_HISTORY_ALL;
	g_autoptr(GDateTime) since = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;
	return (struct core_history){ .maxchars = number_of(history, "maxchars"),
				      .maxstanzas = number_of(history, "maxstanzas"),
				      .seconds = number_of(history, "seconds"),
				      .since = since ? g_date_time_to_unix(since) : -1 };
}

static void enter_room(struct frontend *frontend, const struct stanza *stanza, const struct xml_element *muc)
{
	struct core_history history = history_of(muc);
	core_user_join(frontend->core, &stanza->from, &stanza->to, xml_child_text(muc, NULL, "password", stanza->arena),
		       &history);
}

/* What is for a room, and not for a contact: said by XEP-0045, by the name, or by our having it. */
static bool for_room(struct frontend *frontend, const struct stanza *stanza, const struct xml_element *muc)
{
	return muc || stanza->to.full[0] == '#' || core_user_in_room(frontend->core, &stanza->from, &stanza->to);
}

void incoming_presence(struct frontend *frontend, const struct stanza *stanza)
{
	struct core_presence presence = { 0 };
	if (stanza_is_error(stanza)) {
		incoming_gone(frontend, stanza);
		return;
	}
	if (!incoming_presence_type(stanza->type, &presence.type)) {
		incoming_refuse(frontend, stanza, XMPP_BAD_REQUEST, "Unknown type of presence");
		return;
	}
	if (presence.type == CORE_AVAILABLE)
		read_available(&presence, stanza);
	if (!stanza->to.node) {
		uint64_t before = frontend->server ? pep_client_mark(frontend, &stanza->from) : 0;
		if (presence.type == CORE_AVAILABLE)
			presence.client = clients_mark(frontend, stanza->element);
		core_user_presence(frontend->core, &stanza->from, &presence);
		if (frontend->server)
			pep_client_came(frontend, &stanza->from, before, presence.client);
		if (presence.type == CORE_AVAILABLE)
			avatar_own(frontend, stanza);
		if (presence.type == CORE_SUBSCRIBE)
			chat_added(frontend, stanza);
		return;
	}
	const struct xml_element *muc = xml_child(stanza->element, NS_MUC, "x");
	bool enters_or_leaves = presence.type == CORE_AVAILABLE || presence.type == CORE_UNAVAILABLE;
	if (!enters_or_leaves || !for_room(frontend, stanza, muc))
		core_user_contact_presence(frontend->core, &stanza->from, &stanza->to, &presence);
	else if (muc && presence.type == CORE_AVAILABLE)
		enter_room(frontend, stanza, muc);
	else if (presence.type == CORE_AVAILABLE)
		core_user_room_presence(frontend->core, &stanza->from, &stanza->to);
	else
		core_user_leave(frontend->core, &stanza->from, &stanza->to);
}
