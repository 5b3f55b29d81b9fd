/* SPDX-License-Identifier: MIT */
#include "core/photo.h"

#include "core/contact.h"
#include "core/private.h"

LOG_AREA("VCardResponder");

/* Kept with the user: the hash of the picture that the network was given. */
#define SETTING "photohash"

enum { TYPE_TEXT = 13 }; /* of users_settings.type */

const char *core_user_contact_icon(struct core *core, const struct jid *from, const struct jid *to)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	if (!user || user->state != USER_ONLINE || !to->node)
		return NULL;
	const struct contact *contact = roster_find_node(user, arena_strndup(core->scratch, to->full, to->node));
	return contact ? contact_icon(contact) : NULL;
}

static bool is_known(const struct user *user, const char *hash)
{
	const char *kept = user_setting(user, SETTING);
	return !strcmp(kept ? kept : "", hash);
}

static void forget_wish(struct user *user)
{
	g_clear_pointer(&user->photo, g_free);
	user->photo_state = PHOTO_WANTED;
}

/* The network took it. */
static void note(struct user *user)
{
	struct storage_setting setting = { SETTING, user->photo, TYPE_TEXT };
	user_put_setting(user, SETTING, user->photo);
	if (user->row)
		storage_put_setting(user->core->storage, user->row, &setting, (struct storage_reply){ 0 });
	forget_wish(user);
}

void photo_tell(struct user *user)
{
	struct core *core = user->core;
	struct core_vcard none = { .has_photo = true };
	if (user->state != USER_ONLINE || !user->photo || user->photo_state != PHOTO_WANTED)
		return;
	if (is_known(user, user->photo)) {
		forget_wish(user);
	} else if (*user->photo) {
		if (core->frontend->own_photo(core->frontend_ctx, user->id, user->key.p))
			user->photo_state = PHOTO_ASKED;
	} else if (!core->backend->set_vcard(core->backend_ctx, user, &none)) {
		note(user);
	}
}

void core_user_photo(struct core *core, const struct jid *from, const char *hash)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	if (!user || !g_strcmp0(user->photo, hash))
		return;
	g_free(user->photo);
	user->photo = g_strdup(hash);
	/* What is on its way may be the former one. */
	bool asked = user->photo_state == PHOTO_ASKED || user->photo_state == PHOTO_STALE;
	user->photo_state = asked ? PHOTO_STALE : PHOTO_WANTED;
	photo_tell(user);
}

void core_photo_came(struct core *core, uint64_t id, const struct core_vcard *vcard)
{
	struct user *user = idmap_find(core->ids, id);
	if (!user || !user->photo || user->photo_state == PHOTO_WANTED)
		return;
	arena_reset(core->scratch);
	if (user->photo_state == PHOTO_STALE) {
		user->photo_state = PHOTO_WANTED;
		photo_tell(user);
		return;
	}
	if (!vcard || !vcard->photo_len) {
		log_debug("%s: the picture he speaks of could not be fetched", user->key.p);
		user->photo_state = PHOTO_FAILED; /* until he speaks of another */
		return;
	}
	if (user->state == USER_ONLINE && !core->backend->set_vcard(core->backend_ctx, user, vcard))
		note(user);
	else
		user->photo_state = PHOTO_WANTED;
}
