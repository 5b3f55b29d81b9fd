/* SPDX-License-Identifier: MIT */
#include "frontend/chat.h"

enum {
	WAITING_MAX = 10000,
	/* A program that answers every answer would go on for ever: after some answers in a row to what is no command
	 * there is a pause. Senders that share a place share their patience. */
	PATIENCE = 5,
	PATIENCE_PLACES = 256,
	PATIENCE_MS = 60000
};

struct patience {
	uint64_t since;
	unsigned spent;
};

struct chat {
	struct patience patience[PATIENCE_PLACES];
	struct idmap *waiting; /* struct chat_wait */
};

/* Who waits for an answer. */
struct chat_wait {
	bool normal; /* of no type */
	char to[];
};

/* --- answering ------------------------------------------------------------------------------- */

static void say(struct frontend *frontend, const char *to, bool normal, const char *text)
{
	size_t n = strlen(text);
	while (n && text[n - 1] == '\n')
		n--;
	g_autofree char *body = g_strndup(text, n);
	struct buf *out = stanza_begin(frontend, "message", (struct core_address){ 0 }, to, true);
	if (!out)
		return;
	if (!normal)
		xml_put(out, " type='chat'");
	put_id(frontend, out, NULL);
	xml_put(out, ">");
	put_payloads(frontend, out, NULL, &(struct core_message){ .body = body });
	xml_put(out, "</message>");
	route_end(frontend, out, to);
}

static struct patience *patience_with(struct frontend *frontend, const char *to)
{
	struct str bare = { to, strcspn(to, "/") };
	return &frontend->chat->patience[str_hash(&bare) % PATIENCE_PLACES];
}

static bool is_patient(struct frontend *frontend, const char *to, bool unknown)
{
	struct patience *patience = patience_with(frontend, to);
	uint64_t now = loop_now(frontend->loop);
	if (!unknown || now - patience->since >= PATIENCE_MS)
		*patience = (struct patience){ .since = now };
	if (unknown)
		patience->spent++;
	return patience->spent <= PATIENCE;
}

static void answered(void *ctx, uint64_t id, const struct admin_answer *answer)
{
	struct frontend *frontend = ctx;
	struct chat_wait *wait = idmap_take(frontend->chat->waiting, id);
	if (!wait)
		return;
	if (is_patient(frontend, wait->to, answer->unknown))
		say(frontend, wait->to, wait->normal, *answer->text ? answer->text : "(nothing)");
	g_free(wait);
}

static void welcomed(void *ctx, uint64_t id, const struct admin_answer *answer)
{
	struct frontend *frontend = ctx;
	struct chat_wait *wait = idmap_take(frontend->chat->waiting, id);
	if (!wait)
		return;
	if (*answer->text)
		say(frontend, wait->to, false, answer->text);
	g_free(wait);
}

/* 0: too many wait. */
static uint64_t await_answer(struct frontend *frontend, const char *to, bool normal)
{
	size_t size = strlen(to) + 1;
	if (idmap_size(frontend->chat->waiting) >= WAITING_MAX)
		return 0;
	struct chat_wait *wait = g_malloc(sizeof(*wait) + size);
	wait->normal = normal;
	memcpy(wait->to, to, size);
	return idmap_add(frontend->chat->waiting, wait);
}

/* --- what comes in --------------------------------------------------------------------------- */

bool chat_received(struct frontend *frontend, const struct stanza *message, const char *body)
{
	bool chat = !strcmp(message->type, "chat");
	if (message->to.node || !strcmp(message->type, "groupchat"))
		return false;
	/* Servers announce things, and nobody answers a headline (RFC 6121, section 5.2.2). */
	if (!body || !message->from.node || !strcmp(message->type, "headline"))
		return true;
	uint64_t id = await_answer(frontend, message->from.full, !chat);
	if (!id) {
		incoming_refuse(frontend, message, XMPP_RESOURCE_CONSTRAINT, NULL);
		return true;
	}
	struct admin_asker asker = { &message->from, frontend_is_admin(frontend, &message->from) };
	admin_ask(frontend->admin, &asker, body, (struct admin_reply){ answered, frontend, id });
	return true;
}

void chat_added(struct frontend *frontend, const struct stanza *presence)
{
	const char *bare = jid_bare_text(&presence->from, presence->arena);
	uint64_t id = presence->from.node ? await_answer(frontend, bare, false) : 0;
	if (!presence->from.node)
		return;
	frontend_port()->presence(frontend, (struct core_address){ 0 }, bare,
				  &(struct core_presence){ .type = CORE_SUBSCRIBE });
	if (id)
		admin_welcome(frontend->admin, &presence->from, (struct admin_reply){ welcomed, frontend, id });
}

void chats_init(struct frontend *frontend)
{
	frontend->chat = g_new0(struct chat, 1);
	frontend->chat->waiting = idmap_new();
}

static void drop(void *ctx, uint64_t id, void *wait)
{
	g_free(idmap_take(ctx, id));
}

void chats_fini(struct frontend *frontend)
{
	idmap_each(frontend->chat->waiting, drop, frontend->chat->waiting);
	idmap_free(&frontend->chat->waiting);
	g_clear_pointer(&frontend->chat, g_free);
}
