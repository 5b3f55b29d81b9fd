/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "frontend/iq/iq.h"
#include "frontend/raw.h"
#include "loop/timer.h"

/* Which resource an answer is for: the network knows the user by one address only. */

enum { REQUESTS_MAX = 20000, ANSWER_MS = 120000 };

struct request {
	char *key; /* user and id as sent, owned */
	char *id, *asker, *asked;
	char *name, *resource; /* of the asked on the network */
	uint64_t since;
	GList *place; /* in frontend->raw_requests, oldest first */
};

static void forget(struct frontend *frontend, struct request *request)
{
	g_hash_table_remove(frontend->raw_by_id, request->key);
	g_queue_delete_link(&frontend->raw_requests, request->place);
	g_free(request->key);
	g_free(request->id);
	g_free(request->asker);
	g_free(request->asked);
	g_free(request->name);
	g_free(request->resource);
	g_free(request);
}

/* They are in the order of their time, so one timer serves them all. */
static void arm(struct frontend *frontend)
{
	const struct request *oldest = g_queue_peek_head(&frontend->raw_requests);
	if (!oldest || timer_active(frontend->raw_timer))
		return;
	uint64_t waited = loop_now(frontend->loop) - oldest->since;
	timer_start(frontend->raw_timer, waited < ANSWER_MS ? ANSWER_MS - waited : 1, 0);
}

static void give_up(struct frontend *frontend, struct request *request)
{
	struct iq_address address = { request->id, request->asked, request->asker };
	iq_error(frontend, address, XMPP_REMOTE_SERVER_TIMEOUT, "The network did not answer in time");
	forget(frontend, request);
}

static void expire(void *ctx)
{
	struct frontend *frontend = ctx;
	struct request *oldest;
	while ((oldest = g_queue_peek_head(&frontend->raw_requests)) &&
	       loop_now(frontend->loop) - oldest->since >= ANSWER_MS)
		give_up(frontend, oldest);
	arm(frontend);
}

static char *key_of(struct str user, const char *id)
{
	return g_strdup_printf("%.*s %s", (int)user.n, user.p, id);
}

const char *raw_iq_add(struct frontend *frontend, const struct stanza *stanza, const struct core_raw_target *target)
{
	struct str user = jid_bare(&stanza->from);
	/* Whoever asks what is never answered must not keep all others from asking. */
	if (frontend->raw_requests.length >= REQUESTS_MAX)
		give_up(frontend, g_queue_peek_head(&frontend->raw_requests));
	char *key = key_of(user, stanza->id);
	while (g_hash_table_contains(frontend->raw_by_id, key)) {
		g_free(key);
		const char *other = arena_printf(stanza->arena, "%sr%" G_GINT64_MODIFIER "x", frontend->id_prefix,
						 ++frontend->last_id);
		key = key_of(user, other);
	}
	struct request *request = g_new0(struct request, 1);
	*request = (struct request){ .key = key,
				     .id = g_strdup(stanza->id),
				     .asker = g_strdup(stanza->from.full),
				     .asked = g_strdup(stanza->to.full),
				     .name = g_strdup(target->name),
				     .resource = g_strdup(target->resource),
				     .since = loop_now(frontend->loop) };
	g_hash_table_insert(frontend->raw_by_id, key, request);
	g_queue_push_tail(&frontend->raw_requests, request);
	request->place = frontend->raw_requests.tail;
	arm(frontend);
	return strchr(key, ' ') + 1;
}

static struct request *find(struct frontend *frontend, struct str user, const char *id)
{
	g_autofree char *key = key_of(user, id);
	return g_hash_table_lookup(frontend->raw_by_id, key);
}

bool raw_iq_find(struct frontend *frontend, struct str user, const char *id, struct arena *arena, struct raw_iq *found)
{
	const struct request *request = find(frontend, user, id);
	struct jid asked;
	if (!request || !jid_parse_text(&asked, arena, arena_strdup(arena, request->asked)))
		return false;
	found->asker = arena_strdup(arena, request->asker);
	found->id = arena_strdup(arena, request->id);
	found->asked = asked.full;
	found->address = (struct core_address){ asked.node ? arena_strndup(arena, asked.full, asked.node) : NULL,
						jid_resource(&asked) };
	found->name = request->name ? arena_strdup(arena, request->name) : NULL;
	found->resource = arena_strdup(arena, request->resource);
	return true;
}

void raw_iq_forget(struct frontend *frontend, struct str user, const char *id)
{
	struct request *request = find(frontend, user, id);
	if (request)
		forget(frontend, request);
}

void raw_iq_init(struct frontend *frontend)
{
	frontend->raw_by_id = g_hash_table_new(hash_text, g_str_equal);
	frontend->raw_timer = timer_new(frontend->loop, expire, frontend);
}

void raw_iq_fini(struct frontend *frontend)
{
	struct request *request;
	while ((request = g_queue_peek_head(&frontend->raw_requests)))
		forget(frontend, request);
	g_hash_table_destroy(frontend->raw_by_id);
	timer_free(&frontend->raw_timer);
}
