/* SPDX-License-Identifier: MIT */
#include "frontend/roster.h"
#include "frontend/server/private.h"

/* In server mode the roster is ours: whoever has asked for it is told of changes (RFC 6121, section 2.1.6). */

struct push {
	struct frontend *frontend;
	const struct roster_change *change;
	char version[CORE_ROSTER_VERSION_SIZE]; /* "": of something in between, see put_version() */
};

/* A client that has heard a part only must not have a mark that stands for a whole: what it has then is the mark of
 * nothing, after which it gets everything (section 2.6.3). */
static void put_version(const struct push *push, struct buf *out, bool last)
{
	if (last && *push->version) {
		xml_put_attr(out, "ver", push->version);
		return;
	}
	xml_put(out, " ver='part'");
}

static void put(const struct push *push, struct resource *to, size_t index)
{
	const struct roster_change *change = push->change;
	struct buf *out = resource_out(to);
	size_t start = out ? buf_len(out) : 0;
	if (!out)
		return;
	xml_put(out, "<iq type='set'");
	put_id(push->frontend, out, NULL);
	xml_put_attr(out, "to", to->full);
	xml_put(out, "><query xmlns='" NS_ROSTER "'");
	if (to->versions)
		put_version(push, out, index + 1 == change->count);
	xml_put(out, ">");
	roster_put_item(push->frontend, out, &change->items[index], change->gone ? "remove" : "both");
	xml_put(out, "</query></iq>");
	resource_sent(to, out, start);
}

static void put_all(const struct push *push, struct resource *to)
{
	for (size_t i = 0; i < push->change->count; i++)
		put(push, to, i);
}

static void read_version(struct push *push)
{
	const struct roster_change *change = push->change;
	size_t n = change->gone ? change->count : 0;
	g_autofree const char **gone = g_new(const char *, n + 1);
	size_t count = 0;
	for (size_t i = 0; i < n; i++)
		if (change->items[i].node)
			gone[count++] = change->items[i].node;
	if (!core_user_roster_version(push->frontend->core, change->user, gone, count, push->version))
		*push->version = '\0';
}

static bool wants_version(const struct account *account)
{
	for (const struct resource *each = account->resources; each; each = each->next)
		if (each->interested && each->versions)
			return true;
	return false;
}

bool roster_pushed(struct frontend *frontend, const struct roster_change *change)
{
	struct push push = { .frontend = frontend, .change = change };
	if (!frontend->server)
		return false;
	const struct account *account = account_of(frontend->server, str_of(change->user));
	if (account && wants_version(account))
		read_version(&push);
	for (struct resource *each = account ? account->resources : NULL; each; each = each->next)
		if (each->interested)
			put_all(&push, each);
	return true;
}
