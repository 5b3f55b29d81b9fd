/* SPDX-License-Identifier: MIT */
#include "pool/pool.h"

#include "base/log.h"
#include "pool/private.h"

LOG_AREA("NetworkPluginServer");

static unsigned or_default(unsigned given, unsigned fallback)
{
	return given ? given : fallback;
}

static void set_intervals(struct pool *pool, const struct pool_options *options)
{
	pool->ping_ms = or_default(options->ping_ms, POOL_PING_MS);
	pool->answer_ms = or_default(options->answer_ms, POOL_ANSWER_MS);
	pool->start_ms = or_default(options->start_ms, POOL_START_MS);
	pool->idle_ms = or_default(options->idle_ms, POOL_IDLE_MS);
	pool->queue_ms = or_default(options->queue_ms, POOL_QUEUE_MS);
	pool->exit_ms = or_default(options->exit_ms, POOL_EXIT_MS);
	pool->backoff = backoff_make(or_default(options->backoff_ms, POOL_BACKOFF_MS), POOL_BACKOFF_MAX_MS);
}

void pool_became_ready(struct pool *pool)
{
	if (pool->ready)
		return;
	pool->ready = true;
	timer_stop(pool->ready_timer);
	features_publish(pool);
	pool->events->ready(pool->ctx);
}

static void wait_for_ready_over(void *ctx)
{
	struct pool *pool = ctx;
	log_warn("no backend has answered within %u ms of the start; going on without one", pool->answer_ms);
	pool_became_ready(pool);
}

static void retry(void *ctx)
{
	seat_serve(ctx);
}

static void make_timers(struct pool *pool)
{
	pool->ready_timer = timer_new(pool->loop, wait_for_ready_over, pool);
	pool->retry_timer = timer_new(pool->loop, retry, pool);
	pool->queue_timer = timer_new(pool->loop, seat_expire, pool);
	pool->delay_timer = timer_new(pool->loop, seat_delay_over, pool);
	health_init(pool);
}

static void free_timers(struct pool *pool)
{
	timer_free(&pool->ready_timer);
	timer_free(&pool->retry_timer);
	timer_free(&pool->queue_timer);
	timer_free(&pool->delay_timer);
	timer_free(&pool->ping_timer);
	timer_free(&pool->memory_timer);
	timer_free(&pool->confirm_timer);
}

struct pool *pool_new(const struct pool_options *options, GError **error)
{
	struct pool *pool = g_new0(struct pool, 1);
	pool->loop = options->loop;
	pool->config = config_ref(options->config);
	pool->metrics = options->metrics;
	pool->overrides = g_strdupv((char **)options->overrides);
	pool->events = options->events;
	pool->ctx = options->ctx;
	set_intervals(pool, options);
	pool->in = arena_new(POOL_ARENA_CHUNK);
	pool->out = arena_new(POOL_ARENA_CHUNK);
	make_timers(pool);
	pool->crashed_pids = g_array_new(FALSE, FALSE, sizeof(int64_t));
	pool->queries = idmap_new();
	pool->features.news = true;
	pool->listener =
		listen_tcp(pool->loop, pool_host(pool), (unsigned)config_int(pool->config, CONFIG_SERVICE_BACKEND_PORT),
			   peer_accept, pool, error);
	if (!pool->listener) {
		pool_free(&pool);
		return NULL;
	}
	pool->port = listen_port(pool->listener);
	return pool;
}

static void close_guests(struct pool *pool)
{
	struct peer *guest;
	while ((guest = g_queue_peek_head(&pool->guests)))
		peer_close(guest);
}

void pool_free(struct pool **at)
{
	struct pool *pool = *at;
	if (!pool)
		return;
	g_assert(pool->stopped || !pool->core);
	g_assert(g_queue_is_empty(&pool->backends) && g_queue_is_empty(&pool->waiting));
	if (pool->listener)
		listen_close(&pool->listener);
	close_guests(pool);
	free_timers(pool);
	g_assert(idmap_size(pool->queries) == 0);
	idmap_free(&pool->queries);
	g_array_unref(pool->crashed_pids);
	arena_free(&pool->in);
	arena_free(&pool->out);
	g_strfreev(pool->overrides);
	config_unref(&pool->config);
	g_free(pool);
	*at = NULL;
}

unsigned pool_port(const struct pool *pool)
{
	return pool->port;
}

/* The original took a name here only where the resolver was not asked. */
const char *pool_host(const struct pool *pool)
{
	const char *host = config_text(pool->config, CONFIG_SERVICE_BACKEND_HOST);
	return strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
}

void pool_start(struct pool *pool, struct core *core)
{
	g_assert(!pool->core && !pool->stopping);
	pool->core = core;
	timer_start(pool->ready_timer, pool->answer_ms, 0);
	health_start(pool);
	seat_serve(pool);
}

static void finish_stop(void *ctx)
{
	pool_check_stopped(ctx);
}

void pool_check_stopped(struct pool *pool)
{
	if (!pool->stopping || !g_queue_is_empty(&pool->backends))
		return;
	pool->stopped = true;
	pool->stop_done(pool->stop_ctx);
}

static void drop_seats(struct pool *pool, GQueue *seats)
{
	struct seat *seat;
	while ((seat = g_queue_peek_head(seats))) {
		send_logout(pool, seat);
		seat_free(pool, seat);
	}
}

void pool_stop(struct pool *pool, void (*done)(void *ctx), void *ctx)
{
	g_assert(!pool->stopping);
	pool->stopping = true;
	pool->stop_done = done;
	pool->stop_ctx = ctx;
	free_timers(pool);
	listen_close(&pool->listener);
	drop_seats(pool, &pool->waiting);
	close_guests(pool);
	if (g_queue_is_empty(&pool->backends)) {
		loop_defer(pool->loop, finish_stop, pool);
		return;
	}
	/* None leaves the list before the end of the round. */
	for (GList *at = pool->backends.head; at; at = at->next) {
		struct backend *backend = at->data;
		drop_seats(pool, &backend->seats);
		backend_stop(backend);
	}
}

static void hold(struct peer *peer, bool pause)
{
	if (!peer || !peer->stream)
		return;
	if (pause)
		stream_pause(peer->stream);
	else
		stream_resume(peer->stream);
}

void pool_pause(struct pool *pool, bool pause)
{
	if (pool->paused == pause || pool->stopping)
		return;
	pool->paused = pause;
	for (GList *at = pool->backends.head; at; at = at->next)
		hold(((struct backend *)at->data)->peer, pause);
	for (GList *at = pool->guests.head; at; at = at->next)
		hold(at->data, pause);
	if (!pause)
		health_resume(pool);
}

void pool_set_config(struct pool *pool, const struct config *config)
{
	config_unref(&pool->config);
	pool->config = config_ref(config);
	if (!pool->core || pool->stopping)
		return;
	health_configure(pool);
	pool->features.news = true;
	if (pool->ready)
		features_publish(pool);
	seat_serve(pool);
}

size_t pool_backend_count(const struct pool *pool)
{
	return backend_count(pool, BACKEND_READY) + backend_count(pool, BACKEND_DRAINING);
}

size_t pool_crashed_count(const struct pool *pool)
{
	return pool->crashed;
}
