/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "frontend/iq/adhoc.h"
#include "loop/timer.h"

enum { SESSIONS_MAX = 10000, OF_OWNER_MAX = 10, LIFE_MS = 15 * 60 * 1000 };

/* All commands under way. */
struct adhoc {
	struct idmap *ids;
	GHashTable *owners; /* struct adhoc_owner, a set by bare JID */
	GQueue sessions;    /* the longest unused first */
	struct timer *timer;
};

/* Who has some of them. */
struct adhoc_owner {
	struct str key; /* first member */
	GQueue sessions;
	char jid[];
};

static struct adhoc_owner *find_owner(struct adhoc *adhoc, struct str bare)
{
	struct adhoc_owner *owner = g_hash_table_lookup(adhoc->owners, &bare);
	if (owner)
		return owner;
	owner = g_malloc0(sizeof(*owner) + bare.n + 1);
	owner->key = (struct str){ memcpy(owner->jid, bare.p, bare.n), bare.n };
	g_hash_table_add(adhoc->owners, owner);
	return owner;
}

void adhoc_session_end(struct adhoc_session *session)
{
	struct adhoc *adhoc = session->frontend->adhoc;
	struct adhoc_owner *owner = session->owner;
	idmap_take(adhoc->ids, session->id);
	g_queue_unlink(&adhoc->sessions, &session->of_all);
	g_queue_unlink(&owner->sessions, &session->of_owner);
	if (g_queue_is_empty(&owner->sessions)) {
		g_hash_table_remove(adhoc->owners, owner);
		g_free(owner);
	}
	g_free(session->whose);
	g_free(session);
}

/* What runs is ended by its answer. */
static bool make_room(struct adhoc_owner *owner)
{
	if (owner->sessions.length < OF_OWNER_MAX)
		return true;
	for (GList *at = owner->sessions.head; at; at = at->next) {
		struct adhoc_session *session = at->data;
		if (session->stage == ADHOC_RUNNING)
			continue;
		adhoc_session_end(session);
		return true;
	}
	return false;
}

/* Whoever opens many and leaves them must not keep all others out. */
static bool make_room_for_all(struct adhoc *adhoc)
{
	struct adhoc_session *oldest = g_queue_peek_head(&adhoc->sessions);
	if (adhoc->sessions.length < SESSIONS_MAX)
		return true;
	if (oldest->stage == ADHOC_RUNNING)
		return false;
	adhoc_session_end(oldest);
	return true;
}

static void arm(struct frontend *frontend)
{
	struct adhoc *adhoc = frontend->adhoc;
	const struct adhoc_session *oldest = g_queue_peek_head(&adhoc->sessions);
	if (!oldest || timer_active(adhoc->timer))
		return;
	uint64_t unused = loop_now(frontend->loop) - oldest->used_at;
	timer_start(adhoc->timer, unused < LIFE_MS ? LIFE_MS - unused : 1, 0);
}

/* One that still runs is left to its answer, and looked at again. */
static void expire(void *ctx)
{
	struct frontend *frontend = ctx;
	struct adhoc_session *session;
	while ((session = g_queue_peek_head(&frontend->adhoc->sessions)) &&
	       loop_now(frontend->loop) - session->used_at >= LIFE_MS) {
		if (session->stage == ADHOC_RUNNING)
			adhoc_session_touch(session);
		else
			adhoc_session_end(session);
	}
	arm(frontend);
}

struct adhoc_session *adhoc_session_new(struct frontend *frontend, const struct jid *jid,
					const struct adhoc_command *command)
{
	struct adhoc *adhoc = frontend->adhoc;
	if (!make_room_for_all(adhoc))
		return NULL;
	struct adhoc_owner *owner = g_hash_table_lookup(adhoc->owners, &(struct str){ jid->full, jid->bare });
	if (owner && !make_room(owner))
		return NULL;
	struct adhoc_session *session = g_malloc0(sizeof(*session) + jid->len + 1);
	memcpy(session->jid, jid->full, jid->len);
	session->frontend = frontend;
	session->command = *command;
	session->id = idmap_add(adhoc->ids, session);
	session->used_at = loop_now(frontend->loop);
	session->owner = find_owner(adhoc, jid_bare(jid));
	session->of_owner.data = session->of_all.data = session;
	g_queue_push_tail_link(&session->owner->sessions, &session->of_owner);
	g_queue_push_tail_link(&adhoc->sessions, &session->of_all);
	arm(frontend);
	return session;
}

void adhoc_session_touch(struct adhoc_session *session)
{
	struct adhoc *adhoc = session->frontend->adhoc;
	session->used_at = loop_now(session->frontend->loop);
	g_queue_unlink(&adhoc->sessions, &session->of_all);
	g_queue_push_tail_link(&adhoc->sessions, &session->of_all);
}

/* --- ids ------------------------------------------------------------------------------------- */

struct adhoc_session *adhoc_session_of_id(struct frontend *frontend, uint64_t id)
{
	return idmap_find(frontend->adhoc->ids, id);
}

char *adhoc_session_name(const struct adhoc_session *session)
{
	return g_strdup_printf("%s%" G_GINT64_MODIFIER "x", session->frontend->id_prefix, session->id);
}

struct adhoc_session *adhoc_session_find(struct frontend *frontend, const char *text, bool *expired)
{
	size_t n = strlen(frontend->id_prefix);
	guint64 id;
	*expired = !strncmp(text, frontend->id_prefix, n) &&
		   g_ascii_string_to_unsigned(text + n, 16, 1, G_MAXINT64, &id, NULL);
	return *expired ? adhoc_session_of_id(frontend, id) : NULL;
}

void adhoc_init(struct frontend *frontend)
{
	struct adhoc *adhoc = frontend->adhoc = g_new0(struct adhoc, 1);
	adhoc->ids = idmap_new();
	adhoc->owners = g_hash_table_new(str_hash, str_equal);
	g_queue_init(&adhoc->sessions);
	adhoc->timer = timer_new(frontend->loop, expire, frontend);
}

void adhoc_fini(struct frontend *frontend)
{
	struct adhoc *adhoc = frontend->adhoc;
	struct adhoc_session *session;
	while ((session = g_queue_peek_head(&adhoc->sessions)))
		adhoc_session_end(session);
	idmap_free(&adhoc->ids);
	g_hash_table_destroy(adhoc->owners);
	timer_free(&adhoc->timer);
	g_clear_pointer(&frontend->adhoc, g_free);
}
