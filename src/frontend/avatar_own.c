/* SPDX-License-Identifier: MIT */
#include "core/photo.h"
#include "frontend/ask.h"
#include "frontend/avatar.h"

/* The user's own picture: his presence says that there is one (XEP-0153), his server has it. */

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

bool avatar_fetch_own(void *ctx, uint64_t id, const char *user)
{
	struct frontend *frontend = ctx;
	struct buf *out = ask_begin(frontend, "get", (struct core_address){ 0 }, user);
	if (!out)
		return false;
	xml_put(out, "<vCard xmlns='" NS_VCARD "'/>");
	ask_end(frontend, out, (struct ask_reply){ fetched, frontend, id });
	return true;
}
