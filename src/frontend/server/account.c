/* SPDX-License-Identifier: MIT */
#include "frontend/server/private.h"

struct account *account_of(const struct server *server, struct str bare)
{
	return g_hash_table_lookup(server->accounts, &bare);
}

struct str account_bare(const char *jid)
{
	return (struct str){ jid, strcspn(jid, "/") };
}

struct resource *account_resource(const struct account *account, const char *name)
{
	struct resource *resource = account->resources;
	while (resource && strcmp(resource_name(resource), name))
		resource = resource->next;
	return resource;
}

struct resource *account_find_resource(const struct server *server, const char *full)
{
	struct str bare = account_bare(full);
	const struct account *account = full[bare.n] ? account_of(server, bare) : NULL;
	return account ? account_resource(account, full + bare.n + 1) : NULL;
}

bool server_vouches(const struct server *server, const struct jid *who)
{
	const struct resource *resource = account_find_resource(server, who->full);
	return resource && !resource->arrival;
}

struct resource *account_best(const struct account *account)
{
	struct resource *best = NULL;
	for (struct resource *each = account->resources; each; each = each->next)
		if (resource_listens(each) && (!best || each->priority >= best->priority))
			best = each;
	return best;
}
