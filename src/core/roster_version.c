/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "core/contact.h"
#include "core/private.h"

/* Digests of all contacts are joined by XOR, so that their order in the table makes no difference. */

enum { DIGEST = 20 };
G_STATIC_ASSERT(CORE_ROSTER_VERSION_SIZE == 2 * DIGEST + 1);

static void add(GChecksum *checksum, const char *text)
{
	g_checksum_update(checksum, (const guchar *)text, (gssize)strlen(text) + 1);
}

static void join(guint8 joined[DIGEST], GChecksum *checksum, const struct contact *contact)
{
	guint8 digest[DIGEST];
	gsize n = DIGEST;
	g_checksum_reset(checksum);
	add(checksum, contact->node);
	add(checksum, contact_alias(contact));
	add(checksum, contact->groups ? contact->groups : "");
	g_checksum_get_digest(checksum, digest, &n);
	for (gsize i = 0; i < DIGEST; i++)
		joined[i] ^= digest[i];
}

static void put_hex(char *text, const guint8 *bytes)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < DIGEST; i++) {
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 15];
	}
	text[2 * DIGEST] = '\0';
}

bool core_user_roster_version(const struct core *core, const char *jid, const char *const *going, size_t n,
			      char version[CORE_ROSTER_VERSION_SIZE])
{
	const struct user *user = core_find_user(core, str_of(jid));
	g_autoptr(GHashTable) gone = g_hash_table_new(hash_text, g_str_equal);
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 joined[DIGEST] = { 0 };
	GHashTableIter iter;
	struct contact *contact;
	for (size_t i = 0; i < n; i++)
		g_hash_table_add(gone, (void *)going[i]);
	if (user) {
		g_hash_table_iter_init(&iter, user->contacts);
		while (g_hash_table_iter_next(&iter, NULL, (void **)&contact))
			if (!g_hash_table_contains(gone, contact->node))
				join(joined, checksum, contact);
	}
	put_hex(version, joined);
	return !user || !user->gathering;
}
