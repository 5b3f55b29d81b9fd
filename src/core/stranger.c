/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "core/document.h"
#include "core/private.h"

/* Server mode: those who are no contacts and are blocked all the same (XEP-0191). What they are called is here while
 * the user is logged in and, with a database, kept with him, as a JID. */

enum {
	STRANGERS_MAX = 1000,
	CHANGES_MAX = 1000 /* on their way to the database, which is everybody's; those of one request may be more */
};

static void kept(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct core *core = ctx;
	struct user *user = idmap_find(core->ids, id);
	if (user)
		user->strangers_changing--;
}

static struct core_documents_reply reply_of(struct user *user)
{
	user->strangers_changing++;
	return (struct core_documents_reply){ kept, user->core, user->id };
}

bool strangers_are_busy(const struct user *user)
{
	return user->strangers_changing >= CHANGES_MAX;
}

static const char *key_of(struct user *user, const char *node)
{
	struct core *core = user->core;
	return core_fold(core, jid_name_of_node(core->scratch, node, NULL));
}

static bool add(struct user *user, const char *node)
{
	if (!user->strangers)
		user->strangers = g_hash_table_new_full(hash_text, g_str_equal, g_free, g_free);
	if (g_hash_table_size(user->strangers) >= STRANGERS_MAX)
		return false;
	user->mutes = true;
	return g_hash_table_insert(user->strangers, g_strdup(key_of(user, node)), g_strdup(node));
}

static void loaded(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct core *core = ctx;
	struct user *user = idmap_find(core->ids, id);
	if (!user)
		return;
	arena_reset(core->scratch);
	for (size_t i = 0; i < documents->count; i++) {
		struct jid jid;
		if (jid_parse_text(&jid, core->scratch, documents->all[i].item) && jid.node)
			add(user, arena_strndup(core->scratch, jid.full, jid.node));
	}
}

static struct jid own_jid(struct user *user)
{
	struct jid jid;
	bool parsed = jid_parse_text(&jid, user->core->scratch, user->key.p);
	g_assert(parsed); /* it was one before */
	return jid;
}

void strangers_load(struct user *user)
{
	struct core *core = user->core;
	struct jid who = own_jid(user);
	if (core_keeps_documents(core))
		core_documents_find(core, &who, CORE_DOCUMENT_BLOCKED, "", NULL, STRANGERS_MAX,
				    (struct core_documents_reply){ loaded, core, user->id });
}

bool strangers_have(const struct user *user, const char *key)
{
	return user->strangers && g_hash_table_contains(user->strangers, key);
}

static const char *jid_of(struct user *user, const struct jid *who, const char *node)
{
	struct str domain = jid_domain(who);
	return arena_printf(user->core->scratch, "%s@%.*s", node, (int)domain.n, domain.p);
}

bool strangers_block(struct user *user, const char *node)
{
	struct core *core = user->core;
	struct jid who = own_jid(user);
	struct core_document document = { CORE_DOCUMENT_BLOCKED, "", jid_of(user, &who, node), "", 0 };
	if (strangers_have(user, key_of(user, node)) || !add(user, node))
		return false;
	if (core_keeps_documents(core))
		core_document_put(core, &who, &document, STRANGERS_MAX, reply_of(user));
	return true;
}

bool strangers_unblock(struct user *user, const char *node)
{
	struct core *core = user->core;
	struct jid who = own_jid(user);
	const char *key = key_of(user, node);
	const char *known = user->strangers ? g_hash_table_lookup(user->strangers, key) : NULL;
	if (!known)
		return false;
	if (core_keeps_documents(core))
		core_document_drop(core, &who, CORE_DOCUMENT_BLOCKED, "", jid_of(user, &who, known), reply_of(user));
	g_hash_table_remove(user->strangers, key);
	return true;
}

void strangers_each(const struct user *user, void (*each)(void *ctx, const char *node), void *ctx)
{
	GHashTableIter iter;
	char *node;
	if (!user->strangers)
		return;
	g_hash_table_iter_init(&iter, user->strangers);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&node))
		each(ctx, node);
}
