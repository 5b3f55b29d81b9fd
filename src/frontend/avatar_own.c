/* SPDX-License-Identifier: MIT */
#include "core/document.h"
#include "core/photo.h"
#include "frontend/ask.h"
#include "frontend/avatar.h"

/* The user's own picture: his presence says that there is one (XEP-0153), his server has it, which we may be. */

bool avatar_read_vcard(const struct xml_element *vcard, struct arena *arena, struct core_vcard *value)
{
	const struct xml_element *photo = xml_child(vcard, NULL, "PHOTO");
	const char *encoded = xml_child_text(photo, NULL, "BINVAL", arena);
	*value = (struct core_vcard){ .has_photo = true, .nickname = xml_child_text(vcard, NULL, "NICKNAME", arena) };
	if (!encoded || !*encoded)
		return true;
	gsize n = 0;
	g_autofree guchar *bytes = g_base64_decode(encoded, &n);
	if (n > FRONTEND_PHOTO_MAX)
		return false;
	value->photo = arena_strndup(arena, (const char *)bytes, n);
	value->photo_len = n;
	return true;
}

void avatar_own(struct frontend *frontend, const struct stanza *presence)
{
	const struct xml_element *x = xml_child(presence->element, NS_VCARD_X, "x");
	const char *hash = xml_child_text(x, NULL, "photo", presence->arena);
	if (!hash) /* not ready to say (XEP-0153, section 3.2) */
		return;
	g_autofree char *lower = g_ascii_strdown(hash, -1);
	if (!*lower || picture_is_id(lower))
		core_user_photo(frontend->core, &presence->from, lower);
}

static void fetched(void *ctx, uint64_t id, const struct xml_element *answer, struct arena *arena)
{
	struct frontend *frontend = ctx;
	struct core_vcard value;
	const struct xml_element *vcard = ask_succeeded(answer) ? xml_child(answer, NS_VCARD, "vCard") : NULL;
	bool good = vcard && avatar_read_vcard(vcard, arena, &value);
	core_photo_came(frontend->core, id, good ? &value : NULL);
}

static void found(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct frontend *frontend = ctx;
	struct arena *arena = arena_new(4096);
	const char *text = documents->count ? documents->all[0].text : "";
	const struct xml_element *vcard = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
	struct core_vcard value;
	core_photo_came(frontend->core, id, vcard && avatar_read_vcard(vcard, arena, &value) ? &value : NULL);
	arena_free(&arena);
}

static bool look_up_own(struct frontend *frontend, uint64_t id, const char *user)
{
	struct arena *arena = arena_new(1024);
	struct jid who;
	bool kept = core_keeps_documents(frontend->core) && jid_parse_text(&who, arena, user);
	if (kept)
		core_documents_find(frontend->core, &who, CORE_DOCUMENT_VCARD, "", "", 1,
				    (struct core_documents_reply){ found, frontend, id });
	arena_free(&arena);
	return kept;
}

bool avatar_fetch_own(void *ctx, uint64_t id, const char *user)
{
	struct frontend *frontend = ctx;
	if (frontend->server)
		return look_up_own(frontend, id, user);
	struct buf *out = ask_begin(frontend, "get", (struct core_address){ 0 }, user);
	if (!out)
		return false;
	xml_put(out, "<vCard xmlns='" NS_VCARD "'/>");
	ask_end(frontend, out, (struct ask_reply){ fetched, frontend, id });
	return true;
}
