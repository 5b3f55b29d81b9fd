/* SPDX-License-Identifier: MIT */
#include "frontend/bookmark.h"

#include "base/secret.h"
#include "frontend/private.h"
#include "frontend/privileged_iq.h"
#include "frontend/shared_bookmarks.h"
#include "jid/escape.h"

LOG_AREA("XMPPFrontend");

/* One room on its way into one user's bookmarks. Its texts lie in the arena, as it does itself. */
struct putting {
	struct frontend *frontend;
	struct arena *arena;
	uint64_t id;
	const char *user;
	struct bookmark bookmark;
	char *password; /* owned, secret; what the bookmark has */
};

static void put_jid(struct frontend *frontend, struct buf *out, const char *attribute, const char *node)
{
	xml_put(out, " ");
	buf_append_text(out, attribute);
	xml_put(out, "='");
	put_address(frontend, out, (struct core_address){ node, NULL });
	xml_put(out, "'");
}

static void finish(struct putting *putting)
{
	struct arena *arena = putting->arena;
	idmap_take(putting->frontend->bookmarks, putting->id);
	secret_free(&putting->password);
	arena_free(&arena);
}

/* As rooms of most servers write it: both forms, so that each client finds the one it knows. */
static void invite(struct putting *putting)
{
	const struct bookmark *bookmark = &putting->bookmark;
	struct frontend *frontend = putting->frontend;
	struct buf *out =
		stanza_begin(frontend, "message", (struct core_address){ bookmark->node, NULL }, putting->user, true);
	if (out) {
		put_id(frontend, out, NULL);
		xml_put(out, "><x xmlns='" NS_MUC_USER "'><invite from='");
		put_address(frontend, out, (struct core_address){ 0 });
		xml_put(out, "'/>");
		xml_put_text(out, "password", bookmark->password);
		xml_put(out, "</x><x xmlns='" NS_CONFERENCE "'");
		put_jid(frontend, out, "jid", bookmark->node);
		xml_put_attr(out, "password", bookmark->password);
		xml_put(out, "/></message>");
		route_end(frontend, out, putting->user);
	}
	finish(putting);
}

/* --- bookmarks (XEP-0402) -------------------------------------------------------------------- */

static void put_option(struct buf *out, const char *name, const char *value)
{
	xml_put(out, "<field var='pubsub#");
	buf_append_text(out, name);
	xml_put(out, "'>");
	xml_put_text(out, "value", value);
	xml_put(out, "</field>");
}

/* What XEP-0402 wants of the node: private, and all its items kept. */
static void put_options(struct buf *out)
{
	xml_put(out, "<publish-options><x xmlns='" NS_FORM "' type='submit'><field var='FORM_TYPE' type='hidden'>"
		     "<value>" NS_PUBSUB "#publish-options</value></field>");
	put_option(out, "persist_items", "true");
	put_option(out, "max_items", "max");
	put_option(out, "send_last_published_item", "never");
	put_option(out, "access_model", "whitelist");
	xml_put(out, "</x></publish-options>");
}

static void put_conference(struct buf *out, const struct bookmark *bookmark)
{
	xml_put(out, "<conference xmlns='" NS_BOOKMARKS "'");
	xml_put_attr(out, "name", bookmark->name);
	xml_put_attr(out, "autojoin", bookmark->autojoin ? "true" : "false");
	xml_put(out, ">");
	xml_put_text(out, "nick", bookmark->nick);
	xml_put_text(out, "password", bookmark->password);
	xml_put(out, "</conference>");
}

static struct putting *find(struct frontend *frontend, uint64_t id)
{
	return idmap_find(frontend->bookmarks, id);
}

static void published(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	struct putting *putting = find(ctx, id);
	if (ask_succeeded(privileged_iq_answer(answer))) {
		finish(putting);
		return;
	}
	log_debug("%s: a room could not be put among the bookmarks", putting->user);
	invite(putting);
}

static bool publish(struct putting *putting, bool options,
		    void (*done)(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena))
{
	struct buf *out = privileged_iq_begin(putting->frontend, "set", putting->user, NS_PUBSUB);
	if (!out)
		return false;
	xml_put(out, "<pubsub xmlns='" NS_PUBSUB "'><publish node='" NS_BOOKMARKS "'><item");
	put_jid(putting->frontend, out, "id", putting->bookmark.node);
	xml_put(out, ">");
	put_conference(out, &putting->bookmark);
	xml_put(out, "</item></publish>");
	if (options)
		put_options(out);
	xml_put(out, "</pubsub>");
	privileged_iq_end(putting->frontend, out, (struct ask_reply){ done, putting->frontend, putting->id });
	return true;
}

/* The node is there, made otherwise by one of the user's clients (XEP-0060, section 7.1.5): that is its choice. */
static void published_privately(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	const struct xml_element *error = xml_child(privileged_iq_answer(answer), NULL, "error");
	if (!xml_child(error, NS_PUBSUB_ERR, "precondition-not-met") || !publish(find(ctx, id), false, published))
		published(ctx, id, answer, arena);
}

static void publish_or_invite(struct putting *putting)
{
	if (!publish(putting, true, published_privately))
		invite(putting);
}

/* What is there stays as the user made it. That there is no node yet is an error, too. */
static void looked_up(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	struct putting *putting = find(ctx, id);
	const struct xml_element *iq = privileged_iq_answer(answer);
	const struct xml_element *items = xml_child(xml_child(iq, NS_PUBSUB, "pubsub"), NULL, "items");
	if (!iq)
		invite(putting);
	else if (xml_child(items, NULL, "item"))
		finish(putting);
	else
		publish_or_invite(putting);
}

static bool look_up(struct putting *putting)
{
	struct buf *out = privileged_iq_begin(putting->frontend, "get", putting->user, NS_PUBSUB);
	if (!out)
		return false;
	xml_put(out, "<pubsub xmlns='" NS_PUBSUB "'><items node='" NS_BOOKMARKS "'><item");
	put_jid(putting->frontend, out, "id", putting->bookmark.node);
	xml_put(out, "/></items></pubsub>");
	privileged_iq_end(putting->frontend, out, (struct ask_reply){ looked_up, putting->frontend, putting->id });
	return true;
}

static const char *copy(struct arena *arena, const char *text)
{
	return text && *text ? arena_strndup(arena, text, text_cut(text, strlen(text), FRONTEND_TEXT_MAX)) : NULL;
}

/* Bookmarks should have one (section 3): what the network calls the room, else its name there. */
static const char *name_of(const struct putting *putting, const char *given)
{
	const char *node = putting->bookmark.node, *listed = NULL;
	struct jid user;
	if (!given && jid_parse_text(&user, putting->arena, putting->user))
		listed = core_user_room_name(putting->frontend->core, &user, node);
	return copy(putting->arena, given ? given : listed ? listed : jid_unescape(putting->arena, node));
}

/* --- where we are the server -------------------------------------------------------------------- */

static const char *room_jid(const struct frontend *frontend, struct arena *arena, const char *node)
{
	return arena_printf(arena, "%s@%s", node, frontend->jid);
}

/* False: there is no place for them. */
static bool keep(struct putting *putting)
{
	struct frontend *frontend = putting->frontend;
	struct jid who;
	struct buf text;
	if (!frontend->server || !core_keeps_documents(frontend->core) ||
	    !jid_parse_text(&who, putting->arena, putting->user))
		return false;
	buf_init(&text, FRONTEND_ITEMS_MAX);
	put_conference(&text, &putting->bookmark);
	xml_put(&text, "\0");
	if (!text.failed)
		shared_bookmarks_add(frontend, &who, room_jid(frontend, putting->arena, putting->bookmark.node),
				     buf_data(&text));
	buf_fini(&text);
	finish(putting);
	return true;
}

static bool forget(struct frontend *frontend, const char *user, const char *node)
{
	struct arena *arena = arena_new(1024);
	struct jid who;
	bool kept = frontend->server && core_keeps_documents(frontend->core) && jid_parse_text(&who, arena, user);
	if (kept)
		shared_bookmarks_drop(frontend, &who, room_jid(frontend, arena, node));
	arena_free(&arena);
	return kept;
}

/* --------------------------------------------------------------------------------------------- */

void bookmark_put(struct frontend *frontend, const char *user, const struct bookmark *bookmark)
{
	struct arena *arena = arena_new(1024);
	struct putting *putting = arena_zalloc(arena, sizeof(*putting));
	char *password = bookmark->password ? secret_dup(bookmark->password) : NULL;
	*putting = (struct putting){
		.frontend = frontend,
		.arena = arena,
		.id = idmap_add(frontend->bookmarks, putting),
		.user = arena_strdup(arena, user),
		.bookmark = { .node = arena_strdup(arena, bookmark->node),
			      .nick = copy(arena, bookmark->nick),
			      .password = password,
			      .autojoin = bookmark->autojoin },
		.password = password,
	};
	putting->bookmark.name = name_of(putting, bookmark->name);
	if (!keep(putting) && !look_up(putting))
		publish_or_invite(putting);
}

/* Nothing waits for it. */
static void retracted(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	if (!ask_succeeded(privileged_iq_answer(answer)))
		log_debug("a room could not be taken out of a user's bookmarks, if it was there");
}

void bookmark_drop(struct frontend *frontend, const char *user, const char *node)
{
	struct buf *out = forget(frontend, user, node) ? NULL : privileged_iq_begin(frontend, "set", user, NS_PUBSUB);
	if (!out)
		return;
	xml_put(out, "<pubsub xmlns='" NS_PUBSUB "'><retract node='" NS_BOOKMARKS "' notify='true'><item");
	put_jid(frontend, out, "id", node);
	xml_put(out, "/></retract></pubsub>");
	privileged_iq_end(frontend, out, (struct ask_reply){ retracted, frontend, 0 });
}

static void drop(void *ctx, uint64_t id, void *putting)
{
	finish(putting);
}

void bookmarks_init(struct frontend *frontend)
{
	frontend->bookmarks = idmap_new();
}

void bookmarks_fini(struct frontend *frontend)
{
	idmap_each(frontend->bookmarks, drop, NULL);
	idmap_free(&frontend->bookmarks);
}
