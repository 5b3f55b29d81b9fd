/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "core/raw.h"
#include "pool/private.h"

#include <signal.h>

LOG_AREA("NetworkPluginServer");

#define LOST_TEXT "The backend of this network has failed. You will be logged in again."

static const struct {
	const char *name;
	unsigned next; /* states that may follow, as bits */
} states[] = {
	[BACKEND_STARTING] = { "starting", 1 << BACKEND_READY | 1 << BACKEND_STOPPING | 1 << BACKEND_GONE },
	[BACKEND_READY] = { "ready", 1 << BACKEND_DRAINING | 1 << BACKEND_STOPPING | 1 << BACKEND_GONE },
	[BACKEND_DRAINING] = { "draining", 1 << BACKEND_STOPPING | 1 << BACKEND_GONE },
	[BACKEND_STOPPING] = { "stopping", 1 << BACKEND_GONE },
	[BACKEND_GONE] = { "gone", 0 },
};

/* The one line that is said about a backend that has ended. */
static void write_obituary(const struct backend *backend)
{
	const char *how = backend->end.text ? backend->end.text : "connection closed";
	double age = (double)backend->end.age / 1000;
	if (backend->expected) {
		log_info("%s has left: %s, after %.1f s", backend->name, how, age);
		return;
	}
	const char *last = backend->end.last_line;
	log_warn("%s has ended: %s, after %.1f s, with %zu users%s%s", backend->name, how, age, backend->lost_users,
		 last && *last ? "; last line on stderr: " : "", last ? last : "");
}

static void give_back(void *ctx, const struct core_undelivered *undelivered)
{
	struct backend *backend = ctx;
	core_legacy_undelivered(backend->pool->core, undelivered);
}

/* One that left as it was told to has done what it was told before. */
static void return_unconfirmed(struct backend *backend)
{
	if (!backend->expected || backend->broke)
		unconfirmed_take(&backend->unconfirmed, give_back, backend);
}

static void free_backend(void *arg)
{
	struct backend *backend = arg;
	struct pool *pool = backend->pool;
	g_queue_unlink(&pool->backends, &backend->link);
	pool->metrics->value[METRIC_BACKENDS_RUNNING] = pool->backends.length;
	timer_free(&backend->timer);
	unconfirmed_fini(&backend->unconfirmed);
	process_free(&backend->process);
	g_free(backend->end.text);
	g_free(backend->end.last_line);
	g_free(backend->name);
	g_free(backend);
	pool_check_stopped(pool);
}

void backend_set_state(struct backend *backend, enum backend_state state)
{
	g_assert(states[backend->state].next & 1u << state);
	log_debug("%s: %s -> %s", backend->name, states[backend->state].name, states[state].name);
	backend->state = state;
	timer_stop(backend->timer);
	if (state >= BACKEND_STOPPING && backend->pool->core)
		core_legacy_raw_end(backend->pool->core, backend->source);
	if (state != BACKEND_GONE)
		return;
	write_obituary(backend);
	return_unconfirmed(backend);
	loop_defer(backend->pool->loop, free_backend, backend);
}

size_t backend_count(const struct pool *pool, enum backend_state state)
{
	size_t n = 0;
	for (const GList *at = pool->backends.head; at; at = at->next)
		n += ((const struct backend *)at->data)->state == state;
	return n;
}

static bool slot_is_taken(const struct pool *pool, unsigned slot)
{
	for (const GList *at = pool->backends.head; at; at = at->next)
		if (((const struct backend *)at->data)->slot == slot)
			return true;
	return false;
}

static bool has_idle_twin(const struct backend *backend)
{
	for (const GList *at = backend->pool->backends.head; at; at = at->next) {
		const struct backend *other = at->data;
		if (other != backend && other->state == BACKEND_READY && other->seats.length == 0)
			return true;
	}
	return false;
}

static void give_up_start(struct backend *backend)
{
	if (backend->pool->paused) { /* its answer would not be read */
		timer_start(backend->timer, backend->pool->start_ms, 0);
		return;
	}
	log_warn("%s has not answered within %u ms of its start", backend->name, backend->pool->start_ms);
	backend_set_state(backend, BACKEND_STOPPING);
	backend_kill(backend, SIGABRT, POOL_DUMP_MS, SIGKILL);
	spawn_note_end(backend);
	seat_serve(backend->pool);
}

static void insist(struct backend *backend)
{
	log_warn("%s lingers; sending it signal %d", backend->name, backend->next_signal);
	backend_kill(backend, backend->next_signal, backend->pool->exit_ms / 2,
		     backend->next_signal == SIGKILL ? 0 : SIGKILL);
}

static void time_is_up(void *ctx)
{
	struct backend *backend = ctx;
	if (backend->state == BACKEND_STARTING)
		give_up_start(backend);
	else if (backend->state == BACKEND_STOPPING)
		insist(backend);
	else if (backend->seats.length == 0 && has_idle_twin(backend))
		backend_stop(backend);
}

struct backend *backend_new(struct pool *pool)
{
	struct backend *backend = g_new0(struct backend, 1);
	backend->pool = pool;
	backend->link.data = backend;
	backend->source = ++pool->last_source;
	backend->slot = 1;
	while (slot_is_taken(pool, backend->slot))
		backend->slot++;
	backend->name = g_strdup_printf("backend %u", backend->slot);
	backend->timer = timer_new(pool->loop, time_is_up, backend);
	g_queue_push_head_link(&pool->backends, &backend->link);
	pool->metrics->value[METRIC_BACKENDS_RUNNING] = pool->backends.length;
	return backend;
}

void backend_adopt(struct backend *backend, struct peer *peer)
{
	struct pool *pool = backend->pool;
	g_queue_unlink(&pool->guests, &peer->link);
	timer_free(&peer->timer);
	peer->backend = backend;
	backend->peer = peer;
	backend->alive = backend->answered = true;
	backend_set_state(backend, BACKEND_READY);
	log_info("%s is ready", backend->name);
	timer_start(backend->timer, pool->idle_ms, 0);
	features_publish(pool);
	pool_became_ready(pool);
	seat_serve(pool);
}

void backend_vacated(struct backend *backend)
{
	struct pool *pool = backend->pool;
	if (backend->state == BACKEND_DRAINING || config_int(pool->config, CONFIG_SERVICE_USERS_PER_BACKEND) == 1)
		backend_stop(backend);
	else
		timer_start(backend->timer, pool->idle_ms, 0);
}

void backend_kill(struct backend *backend, int signum, unsigned ms, int next)
{
	if (!backend->process)
		return;
	if (signum)
		process_signal(backend->process, signum);
	backend->next_signal = next;
	if (next)
		timer_start(backend->timer, ms, 0);
}

void backend_stop(struct backend *backend)
{
	struct pool *pool = backend->pool;
	if (backend->state >= BACKEND_STOPPING)
		return;
	bool asked = backend->peer && peer_send(backend->peer, WIRE_EXIT, NULL);
	backend->expected = true;
	backend_set_state(backend, BACKEND_STOPPING);
	if (backend->process) {
		if (asked)
			backend_kill(backend, 0, pool->exit_ms, SIGTERM);
		else
			backend_kill(backend, SIGTERM, pool->exit_ms / 2, SIGKILL);
	} else {
		peer_finish(backend->peer);
		backend->peer = NULL;
		backend_set_state(backend, BACKEND_GONE);
	}
	seat_serve(pool);
}

static void move_users(struct backend *backend)
{
	struct seat *seat;
	while ((seat = g_queue_peek_head(&backend->seats)))
		seat_lose(backend->pool, seat, PBNETWORK__CONNECTION_ERROR__CONNECTION_ERROR_OTHER_ERROR, LOST_TEXT);
}

static void note_loss(struct backend *backend, const char *why)
{
	struct pool *pool = backend->pool;
	backend->lost_users = backend->seats.length;
	if (why)
		log_warn("%s %s", backend->name, why);
	if (backend->lost_users > 0) {
		list_note_crash(backend);
		metrics_count(pool->metrics, METRIC_BACKENDS_CRASHED);
	}
	backend_set_state(backend, BACKEND_STOPPING);
	backend_kill(backend, 0, pool->exit_ms, SIGTERM);
	spawn_note_end(backend);
}

void backend_lose(struct backend *backend, const char *why)
{
	if (backend->state < BACKEND_STOPPING)
		note_loss(backend, why);
	if (backend->peer)
		peer_close(backend->peer);
	backend->peer = NULL;
	if (!backend->process && backend->state != BACKEND_GONE)
		backend_set_state(backend, BACKEND_GONE);
	return_unconfirmed(backend);
	move_users(backend);
	seat_serve(backend->pool);
}

void backend_ended(struct backend *backend, const struct process_end *end)
{
	backend->end.text = g_strdup(process_end_text(end));
	backend->end.last_line = g_strdup(end->last_line);
	backend->end.age = end->age;
	backend->broke = end->signal != 0;
	process_free(&backend->process);
	spawn_note_end(backend);
	/* What it sent before it ended is read first: its connection ends next. */
	if (backend->peer && backend->state < BACKEND_STOPPING)
		return;
	if (backend->peer)
		peer_close(backend->peer);
	backend->peer = NULL;
	backend_set_state(backend, BACKEND_GONE);
	seat_serve(backend->pool);
}
