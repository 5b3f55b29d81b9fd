/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "pool/private.h"

#include <signal.h>

LOG_AREA("NetworkPluginServer");

static void give_up(struct backend *backend)
{
	backend_lose(backend, "does not answer pings");
	/* The core that this writes tells where it hangs. */
	backend_kill(backend, SIGABRT, POOL_DUMP_MS, SIGKILL);
}

static void put_ping(struct backend *backend)
{
	if (peer_send(backend->peer, WIRE_PING, NULL))
		unconfirmed_pinged(&backend->unconfirmed);
}

static void ping(struct backend *backend, bool check)
{
	if (check && backend->pinged && !backend->alive) {
		give_up(backend);
		return;
	}
	backend->alive = false;
	backend->pinged = true;
	put_ping(backend);
}

/* If we come much too late it was us who stood still, and the answers have not been read yet. */
static void ping_all(void *ctx)
{
	struct pool *pool = ctx;
	uint64_t now = loop_now(pool->loop);
	bool check = !pool->paused && now - pool->last_ping < pool->ping_ms * 3 / 2;
	pool->last_ping = now;
	GList *next;
	for (GList *at = pool->backends.head; at && !pool->stopping; at = next) {
		struct backend *backend = at->data;
		next = at->next;
		if (backend->state == BACKEND_READY || backend->state == BACKEND_DRAINING)
			ping(backend, check);
	}
}

/* While it is not confirmed what was sent, for the backends that have none of our pings to answer. */
static void ask_for_confirmation(void *ctx)
{
	struct pool *pool = ctx;
	bool more = false;
	for (GList *at = pool->backends.head; at; at = at->next) {
		struct backend *backend = at->data;
		if (backend->peer && unconfirmed_wants_ping(&backend->unconfirmed))
			put_ping(backend);
		unconfirmed_rest(&backend->unconfirmed);
		more |= !unconfirmed_is_empty(&backend->unconfirmed);
	}
	if (!more)
		timer_stop(pool->confirm_timer);
}

void health_confirm(struct backend *backend)
{
	struct timer *timer = backend->pool->confirm_timer;
	if (unconfirmed_are_many(&backend->unconfirmed))
		put_ping(backend);
	if (!timer_active(timer))
		timer_start(timer, POOL_CONFIRM_MS, POOL_CONFIRM_MS);
}

/* service.memory_collector_time: the largest backend takes no new users, so that it ends in time. */
static void drain_largest(void *ctx)
{
	struct pool *pool = ctx;
	struct backend *largest = NULL;
	for (GList *at = pool->backends.head; at; at = at->next) {
		struct backend *backend = at->data;
		if (backend->state == BACKEND_READY && backend->res > (largest ? largest->res : 0))
			largest = backend;
	}
	if (!largest)
		return;
	log_info("%s takes no more users: it is the largest with %" G_GINT64_FORMAT " KB", largest->name, largest->res);
	backend_set_state(largest, BACKEND_DRAINING);
	if (largest->seats.length == 0)
		backend_stop(largest);
	else
		seat_serve(pool); /* starts another one if it was the last that takes users */
}

void health_init(struct pool *pool)
{
	pool->ping_timer = timer_new(pool->loop, ping_all, pool);
	pool->memory_timer = timer_new(pool->loop, drain_largest, pool);
	pool->confirm_timer = timer_new(pool->loop, ask_for_confirmation, pool);
}

void health_start(struct pool *pool)
{
	pool->last_ping = loop_now(pool->loop);
	timer_start(pool->ping_timer, pool->ping_ms, pool->ping_ms);
	health_configure(pool);
}

void health_configure(struct pool *pool)
{
	uint64_t seconds = (uint64_t)config_int(pool->config, CONFIG_SERVICE_MEMORY_COLLECTOR_TIME);
	if (seconds == 0)
		timer_stop(pool->memory_timer);
	else
		timer_start(pool->memory_timer, seconds * 1000, seconds * 1000);
}

/* What they said meanwhile is read after this: until then nobody is late. */
void health_resume(struct pool *pool)
{
	for (GList *at = pool->backends.head; at; at = at->next) {
		struct backend *backend = at->data;
		backend->alive = true;
		if (backend->state == BACKEND_STARTING)
			timer_start(backend->timer, pool->start_ms, 0);
	}
	for (GList *at = pool->guests.head; at; at = at->next)
		peer_touch(at->data);
}
