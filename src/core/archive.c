/* SPDX-License-Identifier: MIT */
#include "core/archive.h"

#include "core/private.h"

LOG_AREA("Archive");

enum {
	EXPIRE_AT_ONCE = 500,      /* stanzas of all users */
	EXPIRE_ON_MS = 1000,       /* before the next ones, if there are more */
	EXPIRE_AGAIN_MS = 3600000, /* if there are none */
	DAYS_MAX = 36500,
	OF_ONE_MAX = 5000 /* stanzas of one user on their way to the database, which is everybody's */
};

/* One on its way. */
struct putting {
	uint64_t user;
	size_t size;
};

struct archive {
	struct core *core;
	bool on;
	bool expiring; /* the database is asked */
	bool told;     /* that too much is on its way */
	uint64_t last_id;
	size_t in_flight;
	struct idmap *puttings; /* struct putting, owned */
	struct idmap *findings; /* struct core_archive_reply: questions that are not answered */
	struct timer *timer;
};

/* --- what is old ----------------------------------------------------------------------------- */

static int64_t days(const struct core *core)
{
	return CLAMP(config_int(core->config, CONFIG_SERVICE_ARCHIVE_DAYS), 0, DAYS_MAX);
}

static void expired(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct archive *archive = core->archive;
	archive->expiring = false;
	if (answer->error)
		log_error("old messages stay in the archive: %s", answer->error->message);
	timer_start(archive->timer, answer->dropped < EXPIRE_AT_ONCE ? EXPIRE_AGAIN_MS : EXPIRE_ON_MS, 0);
}

static void expire(void *ctx)
{
	struct archive *archive = ctx;
	if (archive->expiring)
		return;
	archive->expiring = true;
	storage_archive_expire(archive->core->storage, g_get_real_time() - days(archive->core) * G_TIME_SPAN_DAY,
			       EXPIRE_AT_ONCE, (struct storage_reply){ expired, archive->core, 0 });
}

/* --- life ------------------------------------------------------------------------------------ */

/* Comes before anybody has logged in: that takes a question of the database too. */
static void continued(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	core->archive->last_id = MAX(core->archive->last_id, (uint64_t)answer->last_id);
}

struct archive *archive_new(struct core *core)
{
	if (!core->server || storage_is_none(core->storage))
		return NULL;
	struct archive *archive = g_new0(struct archive, 1);
	archive->core = core;
	archive->puttings = idmap_new();
	archive->findings = idmap_new();
	archive->timer = timer_new(core->loop, expire, archive);
	storage_archive_last(core->storage, (struct storage_reply){ continued, core, 0 });
	archive_refresh(archive);
	return archive;
}

void archive_free(struct archive **archive)
{
	struct archive *gone = g_steal_pointer(archive);
	if (!gone)
		return;
	g_assert(idmap_size(gone->findings) == 0 && idmap_size(gone->puttings) == 0);
	idmap_free(&gone->puttings);
	idmap_free(&gone->findings);
	timer_free(&gone->timer);
	g_free(gone);
}

void archive_refresh(struct archive *archive)
{
	if (!archive)
		return;
	archive->on = days(archive->core) > 0;
	timer_start(archive->timer, EXPIRE_ON_MS, 0);
}

/* --- putting --------------------------------------------------------------------------------- */

bool core_has_archive(const struct core *core)
{
	return core->archive && core->archive->on;
}

uint64_t core_archive_id(struct core *core)
{
	struct archive *archive = core->archive;
	archive->last_id = MAX(archive->last_id + 1, (uint64_t)g_get_real_time());
	return archive->last_id;
}

static void put(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	g_autofree struct putting *putting = idmap_take(core->archive->puttings, id);
	struct user *user = idmap_find(core->ids, putting->user);
	core->archive->in_flight -= putting->size;
	if (user)
		user->archiving--;
	if (!core->archive->in_flight)
		core->archive->told = false;
	if (answer->error && answer->error->code != STORAGE_ERROR_NOT_FOUND)
		log_error("a message is not archived: %s", answer->error->message);
}

static bool is_too_much(struct archive *archive, const struct user *user, size_t size)
{
	if (size <= CORE_ARCHIVE_STANZA_MAX && archive->in_flight + size <= CORE_ARCHIVE_IN_FLIGHT &&
	    user->archiving < OF_ONE_MAX)
		return false;
	metrics_count(archive->core->metrics, METRIC_ARCHIVE_DROPPED);
	if (size <= CORE_ARCHIVE_STANZA_MAX && !archive->told) {
		archive->told = true;
		log_error("%s: the database is too slow: messages are missing in the archive", user->key.p);
	}
	return true;
}

static struct storage_archived row_of(struct arena *arena, const struct core_archived *archived)
{
	size_t bare = strcspn(archived->with, "/");
	int64_t id = (int64_t)archived->id;
	return (struct storage_archived){
		.id = id,
		.peer = arena_strndup(arena, archived->with, bare),
		.resource = archived->with[bare] ? archived->with + bare + 1 : "",
		.stanza = archived->stanza,
		.stamp = archived->stamp ? MIN(archived->stamp, id) : id,
	};
}

void core_archive_put(struct core *core, struct str who, const struct core_archived *archived)
{
	struct archive *archive = core->archive;
	struct user *user = core_has_archive(core) ? core_find_user(core, who) : NULL;
	size_t size = strlen(archived->stanza);
	if (!user || !user->row || is_too_much(archive, user, size))
		return;
	struct arena *arena = arena_new(256);
	struct storage_archived row = row_of(arena, archived);
	struct putting *putting = g_new(struct putting, 1);
	*putting = (struct putting){ user->id, size };
	archive->in_flight += size;
	user->archiving++;
	storage_archive_put(core->storage, user->row, &row,
			    (struct storage_reply){ put, core, idmap_add(archive->puttings, putting) });
	arena_free(&arena);
}

/* --- finding --------------------------------------------------------------------------------- */

static void answer(struct archive *archive, uint64_t id, const struct core_archive_page *page)
{
	struct core_archive_reply *reply = idmap_take(archive->findings, id);
	reply->done(reply->ctx, reply->id, page);
	g_free(reply);
}

static enum core_error error_of(const GError *error)
{
	if (!error)
		return CORE_OK;
	if (g_error_matches(error, STORAGE_ERROR, STORAGE_ERROR_NOT_FOUND))
		return CORE_ITEM_NOT_FOUND;
	log_error("the archive cannot be read: %s", error->message);
	return CORE_INTERNAL_SERVER_ERROR;
}

static void found(void *ctx, uint64_t id, const struct storage_answer *from)
{
	struct core *core = ctx;
	const struct storage_archive_page *read = from->archive;
	struct core_archive_page page = { .error = error_of(from->error), .complete = true };
	g_autofree struct core_archived *all = g_new0(struct core_archived, read ? read->count + 1 : 1);
	for (size_t i = 0; read && i < read->count; i++)
		all[i] = (struct core_archived){ (uint64_t)read->all[i].id, read->all[i].peer, read->all[i].stanza,
						 read->all[i].stamp };
	if (read) {
		page.count = read->count;
		page.complete = read->complete;
		page.total = (uint64_t)read->total;
	}
	page.all = all;
	answer(core->archive, id, &page);
}

static struct storage_archive_query query_of(struct arena *arena, const struct core_archive_query *query)
{
	size_t bare = query->with ? strcspn(query->with, "/") : 0;
	return (struct storage_archive_query){
		.peer = query->with ? arena_strndup(arena, query->with, bare) : NULL,
		.resource = query->with && query->with[bare] ? query->with + bare + 1 : NULL,
		.start = query->start,
		.end = query->end,
		.after = (int64_t)query->after,
		.before = (int64_t)query->before,
		.page_after = (int64_t)query->page_after,
		.page_before = (int64_t)query->page_before,
		.last = query->last,
		.max = MIN(query->max, CORE_ARCHIVE_PAGE_MAX),
		.max_size = CORE_ARCHIVE_PAGE_BYTES,
		.ids = (const int64_t *)query->ids,
		.id_count = MIN(query->id_count, CORE_ARCHIVE_PAGE_MAX),
	};
}

void core_archive_find(struct core *core, const struct jid *who, const struct core_archive_query *query,
		       struct core_archive_reply reply)
{
	const struct user *user = core_find_user(core, jid_bare(who));
	struct arena *arena = arena_new(512);
	struct storage_archive_query asked = query_of(arena, query);
	g_assert(core->archive);
	uint64_t id = idmap_add(core->archive->findings, g_memdup2(&reply, sizeof(reply)));
	/* Nothing is kept of row 0. */
	storage_archive_find(core->storage, user ? user->row : 0, &asked, (struct storage_reply){ found, core, id });
	arena_free(&arena);
}
