/* SPDX-License-Identifier: MIT */
#include "frontend/ask.h"
#include "frontend/iq/iq.h"
#include "frontend/raw.h"
#include "jid/escape.h"

/* --- writing --------------------------------------------------------------------------------- */

/* The address on the network; NULL for the user's own account there. */
static const char *legacy_jid(const struct stanza *stanza, const struct core_raw_target *target)
{
	if (!target->name)
		return NULL;
	const char *slash = *target->resource ? "/" : "";
	return arena_printf(stanza->arena, "%s%s%s", target->name, slash, target->resource);
}

static void compose(struct buf *out, const struct stanza *stanza, const char *to, const char *id)
{
	buf_init(out, FRONTEND_RAW_OUT_MAX);
	raw_write(out, stanza->element, stanza->from.full, to, id);
}

/* False: it was refused. */
static bool put(struct frontend *frontend, const struct stanza *stanza, const char *to, const char *id)
{
	const char *text = "The stanza is too large";
	enum core_error error = CORE_NOT_ACCEPTABLE;
	struct buf out;
	compose(&out, stanza, to, id);
	if (!out.failed)
		error = core_user_raw(frontend->core, &stanza->from, buf_data(&out), buf_len(&out), &text);
	buf_fini(&out);
	if (error)
		incoming_refuse(frontend, stanza, condition_of(error), text);
	return !error;
}

/* --- messages -------------------------------------------------------------------------------- */

static struct core_message what_is_said(const struct stanza *stanza)
{
	bool error = stanza_is_error(stanza);
	return (struct core_message){
		.type = !strcmp(stanza->type, "groupchat") ? CORE_GROUPCHAT : CORE_CHAT_MESSAGE,
		.id = stanza->id,
		.body = error ? NULL : xml_child_text(stanza->element, NULL, "body", stanza->arena),
		.sender = stanza->from.full,
		.address = stanza->to.full,
	};
}

static bool forward_message(struct frontend *frontend, const struct stanza *stanza, const char *to)
{
	const char *text = "The message is too large";
	enum core_error error = CORE_NOT_ACCEPTABLE;
	struct buf out;
	if (!stanza->to.node)
		return false;
	compose(&out, stanza, to, NULL);
	if (!out.failed) {
		struct core_message message = what_is_said(stanza);
		struct core_raw raw = { CORE_RAW_MESSAGE, buf_data(&out), buf_len(&out) };
		error = core_user_raw_message(frontend->core, &stanza->from, &stanza->to, &message, &raw, &text);
	}
	buf_fini(&out);
	if (error) {
		metrics_count(frontend->metrics, METRIC_MESSAGES_RETURNED);
		incoming_refuse(frontend, stanza, condition_of(error), text);
	}
	/* What an error says of the sender counts here too. */
	return !stanza_is_error(stanza);
}

/* --- presence -------------------------------------------------------------------------------- */

/* The network would show what the user hides (and hears of it by its status). */
static bool is_invisible(const struct stanza *stanza)
{
	return xml_child(stanza->element, NS_INVISIBLE, "invisible");
}

static bool forward_own(struct frontend *frontend, const struct stanza *stanza)
{
	bool available = !*stanza->type, leaves = !strcmp(stanza->type, "unavailable");
	struct buf out;
	if (!available && !leaves)
		return false;
	compose(&out, stanza, NULL, NULL);
	if (available)
		incoming_presence(frontend, stanza);
	size_t n = out.failed || is_invisible(stanza) ? 0 : buf_len(&out);
	core_user_raw_presence(frontend->core, &stanza->from, available, buf_data(&out), n);
	buf_fini(&out);
	return available;
}

/* NUL-terminated. */
static void compose_leave(struct buf *out, const char *from, const char *to)
{
	buf_init(out, FRONTEND_RAW_OUT_MAX);
	xml_put(out, "<presence type='unavailable'");
	xml_put_attr(out, "from", from);
	xml_put_attr(out, "to", to);
	buf_append(out, "/>", sizeof("/>"));
}

void raw_room(void *ctx, const char *user, const char *room, const char *nick, char **enter, char **leave)
{
	g_autofree char *to = g_strdup_printf("%s/%s", room, nick);
	struct buf out;
	compose_leave(&out, user, to);
	*leave = g_strdup(buf_data(&out));
	buf_clear(&out);
	xml_put(&out, "<presence");
	xml_put_attr(&out, "from", user);
	xml_put_attr(&out, "to", to);
	xml_put(&out, "><x xmlns='" NS_MUC "'/></presence>");
	*enter = g_strndup(buf_data(&out), buf_len(&out));
	buf_fini(&out);
}

/* Entering: the core makes the room, and says the rest when there is a network. */
static void enter_room(struct frontend *frontend, const struct stanza *stanza, const char *to)
{
	struct buf enter, leave;
	compose(&enter, stanza, to, NULL);
	compose_leave(&leave, stanza->from.full, to);
	buf_append(&enter, "", 1);
	incoming_presence(frontend, stanza);
	if (!enter.failed)
		core_user_raw_enter(frontend->core, &stanza->from, &stanza->to, buf_data(&enter), buf_data(&leave));
	buf_fini(&enter);
	buf_fini(&leave);
}

static bool inside(struct frontend *frontend, const struct stanza *stanza, const char *to)
{
	struct buf out;
	compose(&out, stanza, to, NULL);
	bool done = !out.failed &&
		    core_user_raw_inside(frontend->core, &stanza->from, &stanza->to, buf_data(&out), buf_len(&out));
	buf_fini(&out);
	return done;
}

static bool is_for_room(const struct stanza *stanza, bool known)
{
	return known || stanza->to.full[0] == '#' || xml_child(stanza->element, NS_MUC, "x");
}

/* Subscriptions are also the core's, which answers in nobody's name; probes are answered from what is known. */
static bool forward_to_entity(struct frontend *frontend, const struct stanza *stanza, const char *to, bool room)
{
	bool available = !*stanza->type, leaves = !strcmp(stanza->type, "unavailable");
	if (is_invisible(stanza) || !strcmp(stanza->type, "probe"))
		return false;
	if (!is_for_room(stanza, room) || (!available && !leaves)) {
		put(frontend, stanza, to, NULL);
		return available || leaves;
	}
	if (leaves)
		return false;
	if (!inside(frontend, stanza, to))
		enter_room(frontend, stanza, to);
	return true;
}

/* The name is the network's also while nobody is logged in there. */
static bool forward_join(struct frontend *frontend, const struct stanza *stanza)
{
	struct arena *arena = stanza->arena;
	if (*stanza->type || !is_for_room(stanza, false) || is_invisible(stanza))
		return false;
	const char *node = arena_strndup(arena, stanza->to.full, stanza->to.node);
	enter_room(frontend, stanza,
		   arena_printf(arena, "%s/%s", jid_name_of_node(arena, node, NULL), jid_resource(&stanza->to)));
	return true;
}

/* --- IQ -------------------------------------------------------------------------------------- */

/* Of these the gateway itself knows more than the network (core: rosters and accounts). */
static bool is_ours(const struct xml_element *payload)
{
	static const char *const spaces[] = { NS_REGISTER, "jabber:iq:roster", "http://jabber.org/protocol/stats" };
	for (size_t i = 0; i < G_N_ELEMENTS(spaces); i++)
		if (!strcmp(payload->ns, spaces[i]))
			return true;
	return false;
}

static bool is_answered_here(const struct frontend *frontend, const struct stanza *stanza,
			     const struct core_raw_target *target)
{
	const struct xml_element *payload = xml_first(stanza->element);
	if (!stanza->id || !payload || xml_next(payload) || is_ours(payload))
		return true;
	if (target->name)
		return target->room && xml_is(payload, NS_PING, "ping");
	/* The user's own card is kept by his account there. */
	return iq_serves(frontend, payload) && !(xml_is(payload, NS_VCARD, "vCard") && !strcmp(stanza->type, "set"));
}

static bool forward_iq(struct frontend *frontend, const struct stanza *stanza, const struct core_raw_target *target,
		       const char *to)
{
	bool request = !strcmp(stanza->type, "get") || !strcmp(stanza->type, "set");
	bool answer = !strcmp(stanza->type, "result") || stanza_is_error(stanza);
	if (answer) {
		/* What we asked for ourselves is nobody else's. */
		if (stanza->to.node && !ask_answered(frontend, stanza))
			put(frontend, stanza, to, NULL);
		return stanza->to.node;
	}
	if (!request || is_answered_here(frontend, stanza, target))
		return false;
	const char *id = raw_iq_add(frontend, stanza, target);
	if (!put(frontend, stanza, to, id))
		raw_iq_forget(frontend, jid_bare(&stanza->from), id);
	return true;
}

/* --------------------------------------------------------------------------------------------- */

bool raw_forward(struct frontend *frontend, const struct stanza *stanza)
{
	struct core_raw_target target;
	if (stanza->kind == STANZA_PRESENCE && !stanza->to.node)
		return forward_own(frontend, stanza);
	if (core_user_raw_target(frontend->core, &stanza->from, &stanza->to, &target))
		return stanza->kind == STANZA_PRESENCE && forward_join(frontend, stanza);
	bool room = target.room;
	const char *to = legacy_jid(stanza, &target);
	switch (stanza->kind) {
	case STANZA_MESSAGE:
		return forward_message(frontend, stanza, to);
	case STANZA_PRESENCE:
		return forward_to_entity(frontend, stanza, to, room);
	case STANZA_IQ:
		return forward_iq(frontend, stanza, &target, to);
	}
	g_assert_not_reached();
}
