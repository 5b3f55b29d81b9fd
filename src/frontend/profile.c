/* SPDX-License-Identifier: MIT */
#include "frontend/profile.h"

#include "frontend/avatar.h"

/* A change of the vCard that something published brings about. */
struct change {
	struct frontend *frontend;
	struct arena *arena;
	uint64_t id;
	struct jid who;
	const char *element; /* of the vCard, that is replaced */
	const char *inside;  /* its new contents; NULL: there are none */
	const char *type;    /* of the picture, as was published */
};

static struct change *change_new(struct frontend *frontend, const struct jid *who, const char *element)
{
	struct arena *arena = arena_new(1024);
	struct change *change = arena_zalloc(arena, sizeof(*change));
	bool parsed;
	*change = (struct change){ .frontend = frontend, .arena = arena, .element = element };
	parsed = jid_parse_text(&change->who, arena, arena_strdup(arena, who->full));
	g_assert(parsed); /* it was one before */
	change->id = idmap_add(frontend->profile_changes, change);
	return change;
}

static void change_free(struct change *change)
{
	struct arena *arena = change->arena;
	idmap_take(change->frontend->profile_changes, change->id);
	arena_free(&arena);
}

static const struct xml_element *parse(struct arena *arena, const char *text)
{
	return xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
}

/* --- the vCard ------------------------------------------------------------------------------- */

/* As it was, but for one element. NULL: too large. */
static const char *rewritten(struct change *change, const char *before)
{
	const struct xml_element *vcard = before ? parse(change->arena, before) : NULL;
	const char *copy = NULL;
	struct buf text;
	buf_init(&text, CORE_DOCUMENT_TEXT_MAX);
	xml_put(&text, "<vCard xmlns='" NS_VCARD "'>");
	for (const struct xml_element *at = xml_first(vcard); at; at = xml_next(at))
		if (strcmp(at->name, change->element) != 0)
			xml_put_element(&text, at, NS_VCARD);
	if (change->inside) {
		xml_put(&text, "<");
		buf_append_text(&text, change->element);
		xml_put(&text, ">");
		buf_append_text(&text, change->inside);
		xml_put(&text, "</");
		buf_append_text(&text, change->element);
		xml_put(&text, ">");
	}
	xml_put(&text, "</vCard>");
	if (!text.failed)
		copy = arena_strndup(change->arena, buf_data(&text), buf_len(&text));
	buf_fini(&text);
	return copy;
}

static void tell_network(const struct change *change, const char *text)
{
	const struct xml_element *vcard = parse(change->arena, text);
	struct core_vcard value;
	if (vcard && avatar_read_vcard(vcard, change->arena, &value))
		core_user_set_vcard(change->frontend->core, &change->who, &value);
}

static void kept(void *ctx, uint64_t id, const struct core_documents *documents)
{
}

static void vcard_found(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct frontend *frontend = ctx;
	struct change *change = idmap_find(frontend->profile_changes, id);
	if (!change)
		return;
	const char *text =
		documents->error ? NULL : rewritten(change, documents->count ? documents->all[0].text : NULL);
	if (text) {
		struct core_document document = { CORE_DOCUMENT_VCARD, "", "", text, 0 };
		core_document_put(frontend->core, &change->who, &document, 1,
				  (struct core_documents_reply){ kept, frontend, 0 });
		tell_network(change, text);
	}
	change_free(change);
}

static void change_vcard(struct change *change)
{
	core_documents_find(change->frontend->core, &change->who, CORE_DOCUMENT_VCARD, "", "", 1,
			    (struct core_documents_reply){ vcard_found, change->frontend, change->id });
}

/* --- what is published ----------------------------------------------------------------------- */

static void nick_published(struct frontend *frontend, const struct jid *who, const char *payload)
{
	struct change *change = change_new(frontend, who, "NICKNAME");
	const struct xml_element *nick = parse(change->arena, payload);
	const char *text = nick ? xml_text(nick, change->arena) : "";
	struct buf inside;
	buf_init(&inside, FRONTEND_TEXT_MAX);
	xml_escape(&inside, text);
	if (*text && !inside.failed)
		change->inside = arena_strndup(change->arena, buf_data(&inside), buf_len(&inside));
	buf_fini(&inside);
	change_vcard(change);
}

static void picture_found(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct frontend *frontend = ctx;
	struct change *change = idmap_find(frontend->profile_changes, id);
	if (!change)
		return;
	const struct xml_element *data = documents->count ? parse(change->arena, documents->all[0].text) : NULL;
	const char *encoded = data ? xml_text(data, change->arena) : "";
	struct buf inside;
	/* A picture that is not here is no reason to take away the one before. */
	if (!*encoded) {
		change_free(change);
		return;
	}
	buf_init(&inside, CORE_DOCUMENT_TEXT_MAX);
	xml_put_text(&inside, "TYPE", change->type);
	xml_put_text(&inside, "BINVAL", encoded);
	change->inside = inside.failed ? NULL : arena_strndup(change->arena, buf_data(&inside), buf_len(&inside));
	buf_fini(&inside);
	change_vcard(change);
}

/* The picture that lies here, and not elsewhere. */
static const struct xml_element *info_of(const struct xml_element *metadata)
{
	for (const struct xml_element *at = xml_first(metadata); at; at = xml_next(at))
		if (!strcmp(at->name, "info") && xml_attr(at, "id") && !xml_attr(at, "url"))
			return at;
	return NULL;
}

static void avatar_published(struct frontend *frontend, const struct jid *who, const char *payload)
{
	struct change *change = change_new(frontend, who, "PHOTO");
	const struct xml_element *metadata = parse(change->arena, payload), *info = info_of(metadata);
	if (!info && xml_child(metadata, NULL, "info")) {
		change_free(change);
	} else if (!info) {
		change_vcard(change);
	} else {
		change->type = xml_attr(info, "type");
		core_documents_find(frontend->core, &change->who, CORE_DOCUMENT_PEP, NS_AVATAR_DATA,
				    xml_attr(info, "id"), 1,
				    (struct core_documents_reply){ picture_found, frontend, change->id });
	}
}

void profile_published(struct frontend *frontend, const struct jid *who, const char *node, const struct pep_item *item)
{
	static const struct {
		const char *node;
		void (*published)(struct frontend *frontend, const struct jid *who, const char *payload);
	} nodes[] = { { NS_NICK, nick_published }, { NS_AVATAR_METADATA, avatar_published } };
	for (size_t i = 0; i < G_N_ELEMENTS(nodes); i++)
		if (!strcmp(nodes[i].node, node))
			nodes[i].published(frontend, who, item->payload);
}

/* --- the photo of a vCard, as an avatar (XEP-0398, section 3) ------------------------------------ */

static void publish(struct frontend *frontend, const struct jid *who, const char *node, const char *id, char *payload)
{
	struct pep_task *task = pep_task_for(frontend, who, node);
	task->items[0] = (struct pep_item){ arena_strdup(task->arena, id), arena_strdup(task->arena, payload) };
	task->count = 1;
	pep_publish(task);
	g_free(payload);
}

static void publish_photo(struct frontend *frontend, const struct jid *who, const struct core_vcard *vcard,
			  const char *id)
{
	const char *type = avatar_type(vcard->photo, vcard->photo_len);
	g_autofree char *encoded = g_base64_encode(vcard->photo, vcard->photo_len);
	publish(frontend, who, NS_AVATAR_DATA, id,
		g_strdup_printf("<data xmlns='" NS_AVATAR_DATA "'>%s</data>", encoded));
	publish(frontend, who, NS_AVATAR_METADATA, id,
		g_strdup_printf("<metadata xmlns='" NS_AVATAR_METADATA "'><info bytes='%zu' id='%s' type='%s'/>"
				"</metadata>",
				vcard->photo_len, id, type ? type : "image/png"));
}

/* What clients have been told already is not said again. */
static void metadata_found(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct frontend *frontend = ctx;
	struct change *change = idmap_find(frontend->profile_changes, id);
	if (!change)
		return;
	const struct xml_element *vcard = parse(change->arena, change->inside);
	const struct xml_element *metadata = documents->count ? parse(change->arena, documents->all[0].text) : NULL;
	const struct xml_element *info = info_of(metadata);
	const char *known = info ? xml_attr(info, "id") : "";
	struct core_vcard value;
	if (!documents->error && vcard && avatar_read_vcard(vcard, change->arena, &value)) {
		g_autofree char *picture =
			value.photo_len ? g_compute_checksum_for_data(G_CHECKSUM_SHA1, value.photo, value.photo_len)
					: g_strdup("");
		if (!strcmp(known, picture))
			;
		else if (value.photo_len)
			publish_photo(frontend, &change->who, &value, picture);
		else
			publish(frontend, &change->who, NS_AVATAR_METADATA, known,
				g_strdup("<metadata xmlns='" NS_AVATAR_METADATA "'/>"));
	}
	change_free(change);
}

void profile_vcard_set(struct frontend *frontend, const struct jid *who, const char *vcard)
{
	struct change *change = change_new(frontend, who, NULL);
	change->inside = arena_strdup(change->arena, vcard);
	core_documents_find(frontend->core, &change->who, CORE_DOCUMENT_PEP, NS_AVATAR_METADATA, NULL, 1,
			    (struct core_documents_reply){ metadata_found, frontend, change->id });
}

/* --------------------------------------------------------------------------------------------- */

void profiles_init(struct frontend *frontend)
{
	frontend->profile_changes = idmap_new();
}

static void drop(void *ctx, uint64_t id, void *change)
{
	change_free(change);
}

void profiles_fini(struct frontend *frontend)
{
	idmap_each(frontend->profile_changes, drop, NULL);
	idmap_free(&frontend->profile_changes);
}
