/* SPDX-License-Identifier: MIT */
#include "core/figures.h"

#include "core/contact.h"
#include "core/private.h"

enum { FRESH_MS = 1000 };

static uint64_t count_online(const struct user *user)
{
	GHashTableIter iter;
	const struct contact *contact;
	uint64_t count = 0;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact))
		count += contact->status != CORE_OFFLINE;
	return count;
}

const struct core_figures *core_figures(struct core *core)
{
	uint64_t now = loop_now(core->loop);
	struct core_figures *figures = &core->figures;
	GHashTableIter iter;
	const struct user *user;
	figures->uptime = (now - core->started_at) / 1000;
	if (core->counted_at && now - core->counted_at < FRESH_MS)
		return figures;
	core->counted_at = now;
	figures->users_online = figures->contacts = figures->contacts_online = 0;
	g_hash_table_iter_init(&iter, core->users);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&user)) {
		figures->users_online += user->state == USER_ONLINE;
		figures->contacts += g_hash_table_size(user->contacts);
		figures->contacts_online += count_online(user);
	}
	return figures;
}
