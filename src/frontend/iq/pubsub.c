/* SPDX-License-Identifier: MIT */
#include "core/photo.h"
#include "frontend/avatar.h"
#include "frontend/iq/iq.h"

/* The one node a contact has (XEP-0084): its picture, for those who ask by XEP-0060 rather than for the vCard. */

#define NS_METADATA "urn:xmpp:avatar:metadata"
#define NS_DATA     "urn:xmpp:avatar:data"

/* A request whose picture is looked for, first where pictures are kept, then on the network. */
struct avatar_wait {
	uint64_t request; /* of iq_keep() */
	bool data;        /* the picture itself */
	char *hash;       /* what the network calls it */
	char *wanted;     /* the id that was asked for, or that it should have */
	char *asker, *asked;
};

void avatar_wait_free(struct frontend *frontend, uint64_t id)
{
	struct avatar_wait *wait = idmap_take(frontend->avatar_waits, id);
	g_free(wait->hash);
	g_free(wait->wanted);
	g_free(wait->asker);
	g_free(wait->asked);
	g_free(wait);
}

static void put_item(struct buf *out, const struct avatar_wait *wait, const char *id, const void *photo, size_t n)
{
	char size[16];
	const char *type = avatar_type(photo, n);
	g_snprintf(size, sizeof(size), "%zu", n);
	xml_put(out, "<pubsub xmlns='" NS_PUBSUB "'><items");
	xml_put_attr(out, "node", wait->data ? NS_DATA : NS_METADATA);
	xml_put(out, "><item");
	xml_put_attr(out, "id", id);
	xml_put(out, ">");
	if (wait->data) {
		g_autofree char *encoded = g_base64_encode(photo, n);
		xml_put(out, "<data xmlns='" NS_DATA "'>");
		buf_append_text(out, encoded);
		xml_put(out, "</data>");
	} else {
		xml_put(out, "<metadata xmlns='" NS_METADATA "'><info");
		xml_put_attr(out, "bytes", size);
		xml_put_attr(out, "id", id);
		xml_put_attr(out, "type", type ? type : "image/png");
		xml_put(out, "/></metadata>");
	}
	xml_put(out, "</item></items></pubsub>");
}

/* photo NULL: there is none. */
static void answer(struct frontend *frontend, uint64_t id, const char *picture, const void *photo, size_t n)
{
	static const struct core_result found = { 0 }, missing = { .error = CORE_ITEM_NOT_FOUND };
	const struct avatar_wait *wait = idmap_find(frontend->avatar_waits, id);
	bool there = photo && n && n <= FRONTEND_PHOTO_MAX && (!wait->data || !strcmp(picture, wait->wanted));
	uint64_t request = wait->request;
	struct iq_address address;
	struct buf *out = iq_resume(frontend, request, there ? &found : &missing, &address);
	if (out) {
		put_item(out, wait, picture, photo, n);
		iq_end(frontend, address, out);
		iq_drop(frontend, request);
	}
	avatar_wait_free(frontend, id);
}

static void from_network(void *ctx, uint64_t id, const struct core_result *result)
{
	struct frontend *frontend = ctx;
	const struct avatar_wait *wait = idmap_find(frontend->avatar_waits, id);
	const struct core_vcard *vcard = result->error ? NULL : result->vcard;
	struct iq_address address;
	bool news;
	if (!wait)
		return;
	if (result->error) {
		iq_resume(frontend, wait->request, result, &address);
		avatar_wait_free(frontend, id);
		return;
	}
	const char *picture =
		vcard->photo_len ? avatar_learn(frontend, wait->hash, vcard->photo, vcard->photo_len, &news) : NULL;
	answer(frontend, id, picture, picture ? vcard->photo : NULL, vcard->photo_len);
}

static void ask_network(struct frontend *frontend, uint64_t id)
{
	const struct avatar_wait *wait = idmap_find(frontend->avatar_waits, id);
	struct arena *arena = arena_new(4096);
	struct jid from, to;
	bool parsed = jid_parse_text(&from, arena, wait->asker) && jid_parse_text(&to, arena, wait->asked);
	g_assert(parsed); /* they were JIDs before */
	core_user_get_vcard(frontend->core, &from, &to, (struct core_reply){ from_network, frontend, id });
	arena_free(&arena);
}

static void from_store(void *ctx, uint64_t id, const void *bytes, size_t n)
{
	struct frontend *frontend = ctx;
	const struct avatar_wait *wait = idmap_find(frontend->avatar_waits, id);
	if (!wait)
		return;
	if (bytes)
		answer(frontend, id, wait->wanted, bytes, n);
	else
		ask_network(frontend, id);
}

static void look(struct frontend *frontend, const struct stanza *request, bool data, const char *hash)
{
	uint64_t kept = iq_keep(frontend, request);
	if (!kept)
		return;
	struct avatar_wait *wait = g_new(struct avatar_wait, 1);
	*wait = (struct avatar_wait){ kept,
				      data,
				      g_strdup(hash),
				      g_strdup(avatar_id(frontend, hash)),
				      g_strdup(request->from.full),
				      g_strdup(request->to.full) };
	uint64_t id = idmap_add(frontend->avatar_waits, wait);
	if (!picture_store_get(frontend->pictures, wait->wanted, FRONTEND_PHOTO_MAX,
			       (struct picture_reply){ from_store, frontend, id }))
		ask_network(frontend, id);
}

/* The picture that the contact has, and no other one that is kept. */
static bool is_wanted(struct frontend *frontend, const struct xml_element *items, const char *hash)
{
	const struct xml_element *item = xml_child(items, NULL, "item");
	const char *id = item ? xml_attr(item, "id") : NULL;
	return !id || !strcmp(id, avatar_id(frontend, hash));
}

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const struct xml_element *items = xml_child(payload, NULL, "items");
	const char *node = items ? xml_attr(items, "node") : NULL;
	bool data = !g_strcmp0(node, NS_DATA);
	if (!items) {
		iq_error(frontend, iq_address(request), XMPP_FEATURE_NOT_IMPLEMENTED, NULL);
		return;
	}
	const char *hash = data || !g_strcmp0(node, NS_METADATA)
				   ? core_user_contact_icon(frontend->core, &request->from, &request->to)
				   : NULL;
	if (hash && *hash && is_wanted(frontend, items, hash))
		look(frontend, request, data, arena_strdup(request->arena, hash));
	else
		iq_error(frontend, iq_address(request), XMPP_ITEM_NOT_FOUND, NULL);
}

static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	iq_error(frontend, iq_address(request), XMPP_FEATURE_NOT_IMPLEMENTED, NULL);
}

const struct iq_feature iq_pubsub = { NS_PUBSUB, "pubsub", IQ_ENTITY, get, set };
