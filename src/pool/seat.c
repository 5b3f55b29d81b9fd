/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "core/user.h"
#include "pool/private.h"

LOG_AREA("NetworkPluginServer");

#define NO_BACKEND_TEXT "There is no backend for this network at the moment."

static GQueue *list_of(struct pool *pool, struct seat *seat)
{
	return seat->backend ? &seat->backend->seats : &pool->waiting;
}

static void unseat(struct pool *pool, struct seat *seat)
{
	g_queue_unlink(list_of(pool, seat), &seat->link);
	user_set_seat(seat->user, NULL);
	g_free(seat);
}

void seat_free(struct pool *pool, struct seat *seat)
{
	struct backend *backend = seat->backend;
	unseat(pool, seat);
	if (backend && backend->seats.length == 0 && backend->state < BACKEND_STOPPING)
		backend_vacated(backend);
}

void seat_lose(struct pool *pool, struct seat *seat, int code, const char *text)
{
	struct user *user = seat->user;
	unseat(pool, seat);
	core_legacy_disconnected(user, code, text);
}

void seat_take(struct pool *pool, struct user *user)
{
	struct seat *seat = g_new0(struct seat, 1);
	seat->link.data = seat;
	seat->user = user;
	seat->since = loop_now(pool->loop);
	user_set_seat(user, seat);
	g_queue_push_tail_link(&pool->waiting, &seat->link);
	seat_serve(pool);
}

static guint capacity(const struct pool *pool)
{
	return (guint)config_int(pool->config, CONFIG_SERVICE_USERS_PER_BACKEND);
}

static bool has_room(const struct pool *pool, const struct backend *backend)
{
	return backend->state == BACKEND_READY && backend->seats.length < capacity(pool) &&
	       stream_queued(backend->peer->stream) <= POOL_OUT_MAX;
}

struct backend *seat_room(const struct pool *pool)
{
	for (const GList *at = pool->backends.head; at; at = at->next)
		if (has_room(pool, at->data))
			return at->data;
	return NULL;
}

/* service.login_delay: the least time between two logins. Arms the timer if it is not over. */
static bool must_wait(struct pool *pool)
{
	uint64_t delay = (uint64_t)config_int(pool->config, CONFIG_SERVICE_LOGIN_DELAY) * 1000;
	uint64_t passed = loop_now(pool->loop) - pool->last_seat;
	if (delay == 0 || pool->last_seat == 0 || passed >= delay)
		return false;
	timer_start(pool->delay_timer, delay - passed, 0);
	return true;
}

void seat_delay_over(void *ctx)
{
	seat_serve(ctx);
}

static void sit(struct pool *pool, struct seat *seat, struct backend *backend)
{
	g_queue_unlink(&pool->waiting, &seat->link);
	seat->backend = backend;
	g_queue_push_tail_link(&backend->seats, &seat->link);
	timer_stop(backend->timer);
	pool->last_seat = loop_now(pool->loop);
	send_login(pool, seat);
	if (backend->seats.length >= capacity(pool) && !config_bool(pool->config, CONFIG_SERVICE_REUSE_OLD_BACKENDS))
		backend_set_state(backend, BACKEND_DRAINING);
}

/* Those who wait are in the order of their time, so one timer serves them all. */
static void arm_expiry(struct pool *pool)
{
	const struct seat *first = g_queue_peek_head(&pool->waiting);
	if (!first || timer_active(pool->queue_timer))
		return;
	uint64_t waited = loop_now(pool->loop) - first->since;
	timer_start(pool->queue_timer, waited < pool->queue_ms ? pool->queue_ms - waited : 1, 0);
}

void seat_serve(struct pool *pool)
{
	struct backend *backend;
	struct seat *seat;
	if (!pool->core || pool->stopping)
		return;
	while ((seat = g_queue_peek_head(&pool->waiting)) && (backend = seat_room(pool)) && !must_wait(pool))
		sit(pool, seat, backend);
	spawn_missing(pool);
	arm_expiry(pool);
}

void seat_expire(void *ctx)
{
	struct pool *pool = ctx;
	struct seat *seat;
	/* Where there is room they only wait for each other (service.login_delay). */
	if (pool->waiting.length > 0 && seat_room(pool)) {
		timer_start(pool->queue_timer, pool->queue_ms, 0);
		return;
	}
	uint64_t now = loop_now(pool->loop);
	while (!pool->stopping && (seat = g_queue_peek_head(&pool->waiting)) && now - seat->since >= pool->queue_ms) {
		log_warn("%s has waited for a backend in vain", user_jid(seat->user));
		seat_lose(pool, seat, PBNETWORK__CONNECTION_ERROR__CONNECTION_ERROR_NETWORK_ERROR, NO_BACKEND_TEXT);
	}
	if (!pool->stopping)
		arm_expiry(pool);
}
