/* SPDX-License-Identifier: MIT */
#include "fakes_private.h"

static const char *const statuses[] = { "online", "away", "chat", "xa", "dnd", "offline", "invisible" };

static const char *const states[] = { "", "active", "composing", "paused", "inactive", "gone" };

static const char *const presence_types[] = { "available",   "unavailable",  "subscribe", "subscribed",
					      "unsubscribe", "unsubscribed", "probe" };

static const char *const errors[] = {
	[CORE_OK] = "ok",
	[CORE_BAD_REQUEST] = "bad-request",
	[CORE_CONFLICT] = "conflict",
	[CORE_FEATURE_NOT_IMPLEMENTED] = "feature-not-implemented",
	[CORE_FORBIDDEN] = "forbidden",
	[CORE_INTERNAL_SERVER_ERROR] = "internal-server-error",
	[CORE_ITEM_NOT_FOUND] = "item-not-found",
	[CORE_JID_MALFORMED] = "jid-malformed",
	[CORE_BLOCKED] = "blocked",
	[CORE_NOT_ACCEPTABLE] = "not-acceptable",
	[CORE_NOT_ALLOWED] = "not-allowed",
	[CORE_NOT_AUTHORIZED] = "not-authorized",
	[CORE_RECIPIENT_UNAVAILABLE] = "recipient-unavailable",
	[CORE_REGISTRATION_REQUIRED] = "registration-required",
	[CORE_REMOTE_SERVER_TIMEOUT] = "remote-server-timeout",
	[CORE_RESOURCE_CONSTRAINT] = "resource-constraint",
	[CORE_SERVICE_UNAVAILABLE] = "service-unavailable",
};

const char *fake_error_name(enum core_error error)
{
	return errors[error];
}

bool fake_find_status(const char *name, enum core_status *status)
{
	for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++)
		if (!strcmp(statuses[i], name)) {
			*status = (enum core_status)i;
			return true;
		}
	return false;
}

enum core_presence_type fake_find_type(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(presence_types); i++)
		if (!strcmp(presence_types[i], name))
			return (enum core_presence_type)i;
	g_error("no such presence: %s", name);
}

/* --- the frontend port ----------------------------------------------------------------------- */

static GString *begin(const char *what, struct core_address from, const char *to)
{
	GString *line = g_string_new(what);
	g_string_append_printf(line, " %s%s%s -> %s", from.node ? from.node : "-",
			       from.resource && *from.resource ? "/" : "", from.resource ? from.resource : "", to);
	return line;
}

static void end(struct fakes *fakes, GString *line)
{
	g_ptr_array_add(fakes->lines, g_string_free(line, FALSE));
}

static void quote(GString *line, const char *before, const char *text)
{
	if (text && *text)
		g_string_append_printf(line, "%s\"%s\"", before, text);
}

static void add(GString *line, const char *before, const char *text)
{
	if (text && *text)
		g_string_append_printf(line, "%s%s", before, text);
}

static void note_message(struct fakes *fakes, GString *line, const struct core_message *message)
{
	static const char *const types[] = { " chat", " groupchat", " headline" };
	g_string_append(line, types[message->type]);
	quote(line, " ", message->body);
	if (message->subject)
		g_string_append_printf(line, " subject=\"%s\"", message->subject);
	add(line, " id=", message->id);
	add(line, " ", states[message->state]);
	if (message->time)
		g_string_append_printf(line, " time=%" G_GINT64_FORMAT, message->time);
	add(line, " receipt-of=", message->receipt_of);
	if (message->attention)
		g_string_append(line, " attention");
	if (message->from_occupant)
		g_string_append(line, " from-occupant");
	for (size_t i = 0; i < message->attachment_count; i++)
		add(line, " file=", message->attachments[i].url);
	end(fakes, line);
}

static void message(void *ctx, struct core_address from, const char *to, const struct core_message *message)
{
	note_message(ctx, begin("message", from, to), message);
}

static void carbon(void *ctx, struct core_address with, const char *to, const struct core_message *message)
{
	note_message(ctx, begin("carbon", with, to), message);
}

static void presence(void *ctx, struct core_address from, const char *to, const struct core_presence *presence)
{
	GString *line = begin("presence", from, to);
	if (presence->type == CORE_AVAILABLE)
		add(line, " ", statuses[presence->status]);
	else
		add(line, " ", presence_types[presence->type]);
	quote(line, " ", presence->text);
	add(line, " nick=", presence->nick);
	add(line, " icon=", presence->icon_hash);
	end(ctx, line);
}

static void occupant(void *ctx, struct core_address from, const char *to, const struct core_occupant *occupant)
{
	GString *line = begin("occupant", from, to);
	add(line, " ", occupant->available ? statuses[occupant->status] : "gone");
	if (occupant->moderator)
		g_string_append(line, " moderator");
	quote(line, " ", occupant->text);
	add(line, " nick=", occupant->newnick);
	add(line, " icon=", occupant->icon_hash);
	quote(line, " reason=", occupant->reason);
	for (size_t i = 0; i < occupant->code_count; i++)
		g_string_append_printf(line, " %d", occupant->codes[i]);
	end(ctx, line);
}

static void join_error(void *ctx, struct core_address from, const char *to, enum core_error error, const char *text)
{
	GString *line = begin("refused", from, to);
	add(line, " ", errors[error]);
	quote(line, " ", text);
	end(ctx, line);
}

static void undelivered(void *ctx, const struct core_undelivered *given, const char *text)
{
	GString *line = g_string_new("undelivered");
	add(line, " ", given->sender);
	add(line, " -> ", given->address);
	add(line, " id=", given->id);
	quote(line, " ", given->body);
	end(ctx, line);
}

static void blocked(void *ctx, const char *to, const char *const *nodes, size_t n, bool blocked)
{
	GString *line = g_string_new(blocked ? "blocked ->" : "unblocked ->");
	add(line, " ", to);
	for (size_t i = 0; i < n; i++)
		add(line, " ", nodes[i]);
	end(ctx, line);
}

static bool own_photo(void *ctx, uint64_t id, const char *user)
{
	struct fakes *fakes = ctx;
	fakes->photo = id;
	end(fakes, begin("photo wanted", (struct core_address){ 0 }, user));
	return true;
}

static void raw(void *ctx, struct core_address from, const char *to, const struct core_raw *raw)
{
	static const char *const kinds[] = { "message", "presence", "iq" };
	GString *line = begin("raw", from, to);
	g_string_append_printf(line, " %s%.*s", kinds[raw->kind], (int)raw->n, raw->bytes);
	end(ctx, line);
}

static void raw_room(void *ctx, const char *user, const char *room, const char *nick, char **enter, char **leave)
{
	*enter = g_strdup_printf("<enter %s %s %s>", user, room, nick);
	*leave = g_strdup_printf("<leave %s %s>", user, room);
}

static void raw_bytes(void *ctx, uint64_t source, const char *bytes, size_t n)
{
	GString *line = g_string_new("raw bytes");
	g_string_append_printf(line, " of %" G_GUINT64_FORMAT " %.*s", source, (int)n, bytes);
	end(ctx, line);
}

static void raw_end(void *ctx, uint64_t source)
{
	GString *line = g_string_new("raw end");
	g_string_append_printf(line, " of %" G_GUINT64_FORMAT, source);
	end(ctx, line);
}

static void contacts(void *ctx, const char *user, const struct core_contact_item *items, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		GString *line = begin("contact", (struct core_address){ items[i].node, NULL }, user);
		add(line, " name=", items[i].name);
		for (size_t k = 0; k < items[i].group_count; k++)
			add(line, " group=", items[i].groups[k]);
		add(line, " ", items[i].settled ? "settled" : NULL);
		end(ctx, line);
	}
}

static void contacts_gone(void *ctx, const char *user, const char *const *nodes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		end(ctx, begin("gone", (struct core_address){ nodes[i], NULL }, user));
}

static void ended(void *ctx, const char *user, const char *text)
{
	GString *line = g_string_new("ended");
	add(line, " ", user);
	quote(line, " ", text);
	end(ctx, line);
}

static void roster_wanted(void *ctx, const char *user)
{
	struct fakes *fakes = ctx;
	fakes->rosters_wanted++;
}

static void check_account(void *ctx, const struct core_account *account, uint64_t id)
{
	struct fakes *fakes = ctx;
	GString *line = g_string_new(NULL);
	g_string_append_printf(line, "check %s@%s %s at %s:%u in %u ms", account->name, account->domain,
			       account->password, account->host, account->port, account->ms);
	fakes->account = id;
	end(fakes, line);
}

const struct core_frontend fake_frontend = {
	.message = message,
	.carbon = carbon,
	.presence = presence,
	.occupant = occupant,
	.join_error = join_error,
	.undelivered = undelivered,
	.blocked = blocked,
	.own_photo = own_photo,
	.raw_room = raw_room,
	.raw = raw,
	.raw_bytes = raw_bytes,
	.raw_end = raw_end,
	.contacts = contacts,
	.contacts_gone = contacts_gone,
	.roster_wanted = roster_wanted,
	.ended = ended,
	.check_account = check_account,
};

/* --- the backend port ------------------------------------------------------------------------ */

static GString *net(const char *what, struct user *user, const char *name)
{
	GString *line = g_string_new("net ");
	g_string_append_printf(line, "%s %s", what, user_jid(user));
	add(line, " ", name);
	return line;
}

static int login(void *ctx, struct user *user)
{
	struct fakes *fakes = ctx;
	struct user_login said;
	user_login(user, &said);
	GString *line = net("login", user, NULL);
	g_string_append_printf(line, " %s/%s %s", said.legacy_name, said.password, statuses[said.status]);
	quote(line, " ", said.status_text);
	end(ctx, line);
	user_set_seat(user, fakes->result ? NULL : ctx);
	return fakes->result;
}

static void logout(void *ctx, struct user *user)
{
	if (user_seat(user))
		end(ctx, net("logout", user, NULL));
	user_set_seat(user, NULL);
}

static int finish(void *ctx, GString *line)
{
	struct fakes *fakes = ctx;
	end(fakes, line);
	return fakes->result;
}

static int status(void *ctx, struct user *user, enum core_status status, const char *text)
{
	GString *line = net("status", user, statuses[status]);
	quote(line, " ", text);
	return finish(ctx, line);
}

static void remember(void *ctx, struct user *user, const struct core_message *message)
{
	GString *line = net("remember", user, message->address);
	quote(line, " ", message->body);
	end(ctx, line);
}

static int net_message(void *ctx, struct user *user, const char *name, const struct core_message *message)
{
	GString *line = net("message", user, name);
	quote(line, " ", message->body);
	if (message->receipt_wanted)
		add(line, " id=", message->id);
	return finish(ctx, line);
}

static int chat_state(void *ctx, struct user *user, const char *name, enum core_chat_state state)
{
	GString *line = net("state", user, name);
	add(line, " ", states[state]);
	return finish(ctx, line);
}

static int attention(void *ctx, struct user *user, const char *name, const char *text)
{
	GString *line = net("attention", user, name);
	quote(line, " ", text);
	return finish(ctx, line);
}

static int join(void *ctx, struct user *user, const char *room, const char *nickname, const char *password)
{
	GString *line = net("join", user, room);
	add(line, " ", nickname);
	add(line, " password=", password);
	return finish(ctx, line);
}

static int leave(void *ctx, struct user *user, const char *room)
{
	return finish(ctx, net("leave", user, room));
}

static int subject(void *ctx, struct user *user, const char *room, const char *text)
{
	GString *line = net("subject", user, room);
	g_string_append_printf(line, " \"%s\"", text);
	return finish(ctx, line);
}

static int put_contact(void *ctx, struct user *user, const struct core_contact *contact)
{
	GString *line = net("put", user, contact->name);
	add(line, " alias=", contact->alias);
	for (size_t i = 0; i < contact->group_count; i++)
		add(line, " group=", contact->groups[i]);
	return finish(ctx, line);
}

static int block(void *ctx, struct user *user, const struct core_contact *contact)
{
	return finish(ctx, net(contact->blocked ? "block" : "unblock", user, contact->name));
}

static int remove_contact(void *ctx, struct user *user, const struct core_contact *contact)
{
	return finish(ctx, net("remove", user, contact->name));
}

static int get_vcard(void *ctx, struct user *user, const char *name, uint32_t id)
{
	struct fakes *fakes = ctx;
	fakes->vcard = id;
	return finish(ctx, net("vcard", user, name));
}

static int set_vcard(void *ctx, struct user *user, const struct core_vcard *vcard)
{
	GString *line = net("set-vcard", user, vcard->nickname);
	g_string_append_printf(line, " %zu bytes", vcard->photo_len);
	return finish(ctx, line);
}

static int net_raw(void *ctx, struct user *user, const char *xml, size_t n)
{
	GString *line = net("raw", user, NULL);
	g_string_append_printf(line, " %.*s", (int)n, xml);
	return finish(ctx, line);
}

static uint64_t source(void *ctx, struct user *user)
{
	return user_seat(user) ? FAKE_SOURCE : 0;
}

const struct core_backend fake_backend = {
	.login = login,
	.logout = logout,
	.status = status,
	.message = net_message,
	.chat_state = chat_state,
	.attention = attention,
	.join = join,
	.leave = leave,
	.subject = subject,
	.put_contact = put_contact,
	.remove_contact = remove_contact,
	.get_vcard = get_vcard,
	.set_vcard = set_vcard,
	.block = block,
	.raw = net_raw,
	.source = source,
	.remember = remember,
};
