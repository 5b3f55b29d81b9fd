/* SPDX-License-Identifier: MIT */
#include "frontend/avatar.h"

#include "base/hash.h"
#include "core/photo.h"

/* Names of networks whose SHA-1 is known to be another; past this all are forgotten. */
enum { NAMES_MAX = 20000 };

static const struct {
	const char *magic;
	size_t n;
	const char *type;
} pictures[] = {
	{ "\x89PNG", 4, "image/png" },
	{ "\xff\xd8\xff", 3, "image/jpeg" },
	{ "GIF8", 4, "image/gif" },
	{ "RIFF", 4, "image/webp" },
};

const char *avatar_type(const void *photo, size_t n)
{
	for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++)
		if (n > pictures[i].n && !memcmp(photo, pictures[i].magic, pictures[i].n))
			return pictures[i].type;
	return NULL;
}

/* Keeps the text until the next one. */
static const char *lend(struct frontend *frontend, char *id)
{
	g_free(frontend->avatar_lent);
	return frontend->avatar_lent = id;
}

/* Before its picture was seen. */
static const char *first_id(struct frontend *frontend, const char *hash)
{
	if (picture_is_id(hash))
		return hash;
	char *lower = g_ascii_strdown(hash, -1);
	if (picture_is_id(lower))
		return lend(frontend, lower);
	g_free(lower);
	return lend(frontend, g_compute_checksum_for_string(G_CHECKSUM_SHA1, hash, -1));
}

const char *avatar_id(struct frontend *frontend, const char *hash)
{
	if (!*hash)
		return hash;
	const char *known = g_hash_table_lookup(frontend->avatar_ids, hash);
	return known ? known : first_id(frontend, hash);
}

const char *avatar_learn(struct frontend *frontend, const char *hash, const void *photo, size_t n, bool *news)
{
	char *id = g_compute_checksum_for_data(G_CHECKSUM_SHA1, photo, n);
	*news = hash && *hash && strcmp(avatar_id(frontend, hash), id);
	if (*news) {
		if (g_hash_table_size(frontend->avatar_ids) >= NAMES_MAX)
			g_hash_table_remove_all(frontend->avatar_ids);
		g_hash_table_insert(frontend->avatar_ids, g_strdup(hash), g_strdup(id));
	}
	if (n <= FRONTEND_PHOTO_MAX)
		picture_store_put(frontend->pictures, id, photo, n);
	return lend(frontend, id);
}

void avatar_came(struct frontend *frontend, const char *asker, const char *asked, const struct core_vcard *vcard)
{
	struct arena *arena = arena_new(4096);
	struct jid from, to;
	bool news = false;
	if (vcard->photo_len && jid_parse_text(&from, arena, asker) && jid_parse_text(&to, arena, asked)) {
		const char *hash = core_user_contact_icon(frontend->core, &from, &to);
		avatar_learn(frontend, hash, vcard->photo, vcard->photo_len, &news);
		/* As if he had asked once more how the contact is. */
		if (news)
			core_user_contact_presence(frontend->core, &from, &to,
						   &(struct core_presence){ .type = CORE_PROBE });
	}
	arena_free(&arena);
}

void avatars_init(struct frontend *frontend)
{
	g_autofree char *folder =
		g_build_filename(config_text(frontend->config, CONFIG_SERVICE_WORKING_DIR), "avatars", NULL);
	frontend->pictures = picture_store_new(frontend->loop, folder);
	frontend->avatar_ids = g_hash_table_new_full(hash_text, g_str_equal, g_free, g_free);
	frontend->avatar_waits = idmap_new();
}

static void free_wait(void *ctx, uint64_t id, void *wait)
{
	avatar_wait_free(ctx, id);
}

void avatars_fini(struct frontend *frontend)
{
	picture_store_free(&frontend->pictures);
	idmap_each(frontend->avatar_waits, free_wait, frontend);
	idmap_free(&frontend->avatar_waits);
	g_hash_table_destroy(frontend->avatar_ids);
	g_free(frontend->avatar_lent);
}
