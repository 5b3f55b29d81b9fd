/* SPDX-License-Identifier: MIT */
#include "frontend/server/archive.h"

#include "base/hash.h"
#include "core/archive.h"

#define END_TAG "</message>"

enum { UNREAD_MAX = 20000 };

static bool has(const struct xml_element *message, const char *ns, const char *name)
{
	return xml_child(message, ns, name);
}

static bool has_words(const struct xml_element *message, struct arena *arena)
{
	const char *body = xml_child_text(message, NULL, "body", arena);
	return (body && *body) || has(message, NS_OOB, "x");
}

bool archive_wants(const struct xml_element *message, struct arena *arena)
{
	static const char *const unwanted[] = { "groupchat", "headline", "error" };
	const char *type = xml_attr(message, "type");
	for (size_t i = 0; type && i < G_N_ELEMENTS(unwanted); i++)
		if (!strcmp(type, unwanted[i]))
			return false;
	if (has(message, NS_HINTS, "no-store") || has(message, NS_HINTS, "no-permanent-store"))
		return false;
	return has_words(message, arena) || has(message, NS_HINTS, "store");
}

/* --- what is there already ------------------------------------------------------------------- */

static bool is_our_id(const struct xml_element *element, struct str bare)
{
	const char *by = xml_is(element, NS_SID, "stanza-id") ? xml_attr(element, "by") : NULL;
	return by && str_is(bare, by);
}

static bool any_our_ids(const struct xml_element *message, struct str bare)
{
	const struct xml_element *at = xml_first(message);
	while (at && !is_our_id(at, bare))
		at = xml_next(at);
	return at;
}

/* XEP-0359, section 6: nobody else speaks in our name. */
static void put_without_forged(struct buf *out, const struct xml_element *message, struct str bare)
{
	xml_put(out, "<message");
	for (const struct xml_attribute *at = message->attributes; at; at = at->next) {
		if (!*at->ns)
			xml_put_attr(out, at->name, at->value);
		else if (!strcmp(at->name, "lang"))
			xml_put_attr(out, "xml:lang", at->value);
	}
	xml_put(out, ">");
	for (const struct xml_element *at = message->first; at; at = at->next) {
		if (!at->name)
			xml_escape_n(out, at->text, at->text_len);
		else if (!is_our_id(at, bare))
			xml_put_element(out, at, message->ns);
	}
	xml_put(out, END_TAG);
}

/* --- putting --------------------------------------------------------------------------------- */

/* Since when it is on its way (XEP-0203); 0: it does not say. */
static int64_t stamp_of(const struct xml_element *message)
{
	const struct xml_element *delay = xml_child(message, NS_DELAY, "delay");
	const char *text = delay ? xml_attr(delay, "stamp") : NULL;
	g_autoptr(GDateTime) when = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;
	return when ? g_date_time_to_unix(when) * G_USEC_PER_SEC : 0;
}

static uint64_t put(struct server *server, struct str bare, const char *with, const char *stanza, int64_t stamp)
{
	struct core *core = server->frontend->core;
	struct core_archived archived = { core_archive_id(core), with, stanza, stamp };
	core_archive_put(core, bare, &archived);
	return archived.id;
}

static void put_element(struct server *server, struct str bare, const char *with, const struct xml_element *message)
{
	struct buf text;
	buf_init(&text, FRONTEND_STANZA_MAX);
	put_without_forged(&text, message, bare);
	buf_append(&text, "", 1);
	if (!text.failed)
		put(server, bare, with, buf_data(&text), stamp_of(message));
	buf_fini(&text);
}

void archive_sent(const struct resource *resource, const struct stanza *message)
{
	const struct account *account = resource->account;
	if (core_has_archive(account->server->frontend->core) && archive_wants(message->element, message->arena))
		put_element(account->server, account->key, message->to.full, message->element);
}

void archive_own(struct server *server, struct str bare, const char *message, size_t n)
{
	if (!core_has_archive(server->frontend->core))
		return;
	struct arena *arena = arena_new(4096);
	const struct xml_element *element = xml_parse_document(arena, &XML_LIMITS_DEFAULT, message, n, NULL);
	const char *to = element ? xml_attr(element, "to") : NULL;
	struct jid with;
	if (to && archive_wants(element, arena) && jid_parse_text(&with, arena, to))
		put_element(server, bare, with.full, element);
	arena_free(&arena);
}

/* --- what is delivered again ------------------------------------------------------------------ */

static uint64_t key_of(struct str bare, const struct jid *from, const char *id)
{
	g_autofree char *text = g_strdup_printf("%.*s\n%.*s\n%s", (int)bare.n, bare.p, (int)from->bare, from->full, id);
	return hash_bytes(text, strlen(text));
}

/* 0: it is none of ours. */
static uint64_t id_in(const struct xml_element *message, struct str bare)
{
	guint64 id = 0;
	for (const struct xml_element *at = xml_first(message); at; at = xml_next(at)) {
		const char *text = is_our_id(at, bare) ? xml_attr(at, "id") : NULL;
		if (text && g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &id, NULL))
			return id;
	}
	return 0;
}

void archive_unread(struct server *server, struct str bare, const struct stanza *message)
{
	uint64_t id = id_in(message->element, bare);
	if (!id || !message->id)
		return;
	uint64_t key = key_of(bare, &message->from, message->id);
	if (!server->unread)
		server->unread = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	if (g_hash_table_size(server->unread) < UNREAD_MAX)
		g_hash_table_replace(server->unread, g_memdup2(&key, sizeof(key)), g_memdup2(&id, sizeof(id)));
}

/* The id it had before; 0: it is new. */
static uint64_t take_unread(struct server *server, struct str bare, const struct xml_element *message,
			    const struct jid *from)
{
	const char *text = xml_attr(message, "id");
	if (!server->unread || !text || !xml_child(message, NS_DELAY, "delay"))
		return 0;
	uint64_t key = key_of(bare, from, text);
	const uint64_t *found = g_hash_table_lookup(server->unread, &key);
	uint64_t id = found ? *found : 0;
	g_hash_table_remove(server->unread, &key);
	return id;
}

void archive_fini(struct server *server)
{
	g_clear_pointer(&server->unread, g_hash_table_destroy);
}

/* --- delivering ------------------------------------------------------------------------------ */

/* What is in a message, whoever of the user's clients it is for. */
static guint inside_of(const char *text, size_t n)
{
	const char *start = memchr(text, '>', n);
	struct str inside = start ? (struct str){ start, n - (size_t)(start - text) } : (struct str){ text, n };
	return str_hash(&inside);
}

/* A copy for another client of the user: what is said privately in a room goes to each that is inside. 0: it is none.
 */
static uint64_t seen_id(struct server *server, struct str bare, const struct jid *from, const char *text, size_t n)
{
	struct archive_seen *seen = &server->seen;
	guint inside = inside_of(text, n), who = str_hash(&bare),
	      sender = str_hash(&(struct str){ from->full, from->len });
	uint64_t now = loop_now(server->loop);
	if (seen->id && seen->now == now && seen->inside == inside && seen->who == who && seen->sender == sender)
		return seen->id;
	*seen = (struct archive_seen){ .now = now, .inside = inside, .who = who, .sender = sender };
	return 0;
}

static void put_id_in(struct buf *out, struct str bare, uint64_t id)
{
	buf_truncate(out, buf_len(out) - strlen(END_TAG));
	xml_put(out, "<stanza-id xmlns='" NS_SID "' by='");
	xml_escape_n(out, bare.p, bare.n);
	xml_put(out, "' id='");
	xml_put_number(out, id);
	xml_put(out, "'/>" END_TAG);
}

static void archive_text(struct server *server, struct str bare, const struct xml_element *message,
			 const struct jid *from, struct buf *out, size_t start)
{
	size_t n = buf_len(out) - start;
	if (n < strlen(END_TAG) || memcmp(buf_data(out) + start + n - strlen(END_TAG), END_TAG, strlen(END_TAG)) != 0)
		return;
	bool private = has(message, NS_MUC_USER, "x");
	uint64_t id = take_unread(server, bare, message, from);
	if (!id && private)
		id = seen_id(server, bare, from, buf_data(out) + start, n);
	if (!id) {
		g_autofree char *text = g_strndup(buf_data(out) + start, n);
		id = put(server, bare, from->full, text, stamp_of(message));
		if (private)
			server->seen.id = id;
	}
	put_id_in(out, bare, id);
}

static void deliver(struct server *server, struct str bare, struct arena *arena, struct buf *out, size_t start)
{
	const char *text = buf_data(out) + start;
	const struct xml_element *message =
		xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, buf_len(out) - start, NULL);
	const char *sender = message ? xml_attr(message, "from") : NULL;
	struct jid from;
	if (!sender || !jid_parse_text(&from, arena, sender))
		return;
	if (any_our_ids(message, bare)) {
		buf_truncate(out, start);
		put_without_forged(out, message, bare);
	}
	if (!out->failed && archive_wants(message, arena))
		archive_text(server, bare, message, &from, out, start);
}

void archive_deliver(struct server *server, struct str bare, struct buf *out, size_t start)
{
	static const char tag[] = "<message";
	if (!core_has_archive(server->frontend->core) || server->frontend->quoting || out->failed ||
	    buf_len(out) - start <= strlen(tag) || memcmp(buf_data(out) + start, tag, strlen(tag)) != 0)
		return;
	struct arena *arena = arena_new(4096);
	deliver(server, bare, arena, out, start);
	arena_free(&arena);
}
