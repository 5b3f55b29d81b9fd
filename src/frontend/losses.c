/* SPDX-License-Identifier: MIT */
#include "frontend/losses.h"

#include "base/hash.h"
#include "frontend/private.h"

LOG_AREA("Component");

void losses_fini(struct losses *losses)
{
	g_clear_pointer(&losses->users, g_hash_table_destroy);
	losses->count = 0;
}

void losses_note(struct losses *losses, const char *to)
{
	g_autofree char *bare = g_strndup(to, strcspn(to, "/"));
	losses->count++;
	if (!losses->users)
		losses->users = g_hash_table_new_full(hash_text, g_str_equal, g_free, NULL);
	size_t before = GPOINTER_TO_SIZE(g_hash_table_lookup(losses->users, bare));
	if (before > 0 || g_hash_table_size(losses->users) < LOSSES_USERS_MAX)
		g_hash_table_replace(losses->users, g_steal_pointer(&bare), GSIZE_TO_POINTER(before + 1));
}

static void tell(struct frontend *frontend, const char *jid, size_t count)
{
	g_autofree char *text =
		count == 1
			? g_strdup("1 message for you could not be kept while the server was away.")
			: g_strdup_printf("%zu messages for you could not be kept while the server was away.", count);
	struct core_message message = { .type = CORE_CHAT_MESSAGE, .body = text };
	frontend_port()->message(frontend, (struct core_address){ 0 }, jid, &message);
}

void losses_tell(struct losses *losses, struct frontend *frontend)
{
	struct losses told = *losses;
	GHashTableIter iter;
	void *jid, *count;
	*losses = (struct losses){ 0 };
	if (told.count == 0)
		return;
	log_warn("%zu messages for %u users could not be kept while the server was away", told.count,
		 g_hash_table_size(told.users));
	g_hash_table_iter_init(&iter, told.users);
	while (g_hash_table_iter_next(&iter, &jid, &count))
		tell(frontend, jid, GPOINTER_TO_SIZE(count));
	losses_fini(&told);
}
