/* SPDX-License-Identifier: MIT */
#include "irc/network.h"

#include "base/log.h"
#include "base/secret.h"

LOG_AREA("irc.network");

static const char *const state_names[] = { "idle", "connecting", "open", "up", "dead" };

static void set_state(struct irc_network *network, enum irc_network_state state)
{
	/* Step by step upwards, back to idle from anywhere, and dead is the end. */
	g_assert(network->state != IRC_NETWORK_DEAD);
	g_assert(state == IRC_NETWORK_IDLE || state == IRC_NETWORK_DEAD || state == network->state + 1U);
	log_debug("%s on %s: %s -> %s", network->user, network->servers[network->at].host, state_names[network->state],
		  state_names[state]);
	network->state = state;
}

static void free_pending(struct irc_pending *pending)
{
	g_free(pending->target);
	g_free(pending->text);
	g_free(pending->where);
	g_free(pending);
}

static void connect_now(struct irc_network *network)
{
	const struct irc_server *server = &network->servers[network->at];
	network->due = irc_link_now(network->link) + IRC_NETWORK_CONNECT_MS;
	set_state(network, IRC_NETWORK_CONNECTING);
	log_info("%s: connecting to %s port %u%s", network->user, server->host, server->port,
		 server->tls ? " with TLS" : "");
	irc_link_open(network->link, server);
}

static void on_opened(void *ctx)
{
	struct irc_network *network = ctx;
	set_state(network, IRC_NETWORK_OPEN);
	network->due = UINT64_MAX;
	irc_connection_open(network->connection);
	irc_network_settle(network);
}

static void on_data(void *ctx, const char *bytes, size_t n)
{
	struct irc_network *network = ctx;
	irc_connection_feed(network->connection, bytes, n);
	irc_network_settle(network);
}

static void on_ended(void *ctx, const char *why)
{
	struct irc_network *network = ctx;
	irc_network_note_fallen(network, IRC_FAILURE_NETWORK, why);
	irc_network_settle(network);
}

static void on_woken(void *ctx)
{
	struct irc_network *network = ctx;
	uint64_t now = irc_link_now(network->link);
	if (network->state == IRC_NETWORK_IDLE && now >= network->due)
		connect_now(network);
	else if (network->state == IRC_NETWORK_CONNECTING && now >= network->due)
		irc_network_note_fallen(network, IRC_FAILURE_NETWORK, "The server did not answer in time");
	else
		irc_connection_tick(network->connection);
	irc_network_settle(network);
}

static const struct irc_link_events link_events = {
	.opened = on_opened, .data = on_data, .ended = on_ended, .woken = on_woken
};

static struct irc_server *copy_servers(const struct irc_server *from, unsigned count)
{
	struct irc_server *servers = g_new(struct irc_server, count);
	for (unsigned i = 0; i < count; i++) {
		servers[i] = from[i];
		servers[i].host = g_strdup(from[i].host);
	}
	return servers;
}

struct irc_network *irc_network_new(const struct irc_network_setup *setup)
{
	g_assert(setup->count > 0);
	struct irc_network *network = g_new0(struct irc_network, 1);
	network->owner = setup->owner;
	network->events = setup->events;
	network->persistent = setup->persistent;
	network->user = g_strdup(setup->user);
	network->key = g_strdup(setup->key);
	network->servers = copy_servers(setup->servers, setup->count);
	network->count = setup->count;
	network->connection = irc_connection_new(setup->settings, setup->connection_events, network);
	network->link = irc_link_new(setup->host, &link_events, network);
	network->backoff = backoff_make(IRC_NETWORK_RETRY_FIRST_MS, IRC_NETWORK_RETRY_LIMIT_MS);
	network->due = UINT64_MAX;
	g_queue_init(&network->pending);
	return network;
}

void irc_network_free(struct irc_network **at)
{
	struct irc_network *network = *at;
	struct irc_pending *pending;
	*at = NULL;
	if (!network)
		return;
	while ((pending = g_queue_pop_head(&network->pending)))
		free_pending(pending);
	irc_link_free(&network->link);
	irc_connection_free(&network->connection);
	for (unsigned i = 0; i < network->count; i++)
		irc_server_fini(&network->servers[i]);
	g_free(network->servers);
	g_free(network->user);
	g_free(network->key);
	g_free(network->text);
	g_free(network);
}

void irc_network_open(struct irc_network *network)
{
	network->tried = 1;
	connect_now(network);
}

static bool say_pending(struct irc_network *network, const struct irc_pending *pending)
{
	return irc_connection_say(network->connection, pending->target, pending->text, pending->action);
}

/* Sends what waited for the network, or gives it back for the reason `text`. */
static void clear_pending(struct irc_network *network, const char *text)
{
	struct irc_pending *pending;
	while ((pending = g_queue_pop_head(&network->pending))) {
		if (network->state != IRC_NETWORK_UP || !say_pending(network, pending))
			network->events->undelivered(network, pending->where, text);
		free_pending(pending);
	}
}

void irc_network_note_up(struct irc_network *network)
{
	set_state(network, IRC_NETWORK_UP);
	network->was_up = true;
	network->tried = 1;
	network->up_since = irc_link_now(network->link);
	clear_pending(network, "there is no such name, or too much waits to be sent");
}

void irc_network_note_fallen(struct irc_network *network, enum irc_failure why, const char *text)
{
	if (network->fallen)
		return;
	network->fallen = true;
	network->why = why;
	g_free(network->text);
	network->text = g_strdup(text);
}

void irc_network_linger(struct irc_network *network)
{
	network->linger = irc_link_now(network->link) + IRC_NETWORK_LINGER_MS;
}

bool irc_network_hold(struct irc_network *network, const struct irc_pending *pending)
{
	if (network->pending.length >= IRC_NETWORK_PENDING_MAX)
		return false;
	struct irc_pending *copy = g_new(struct irc_pending, 1);
	*copy = (struct irc_pending){ g_strdup(pending->target), g_strdup(pending->text), g_strdup(pending->where),
				      pending->action };
	g_queue_push_tail(&network->pending, copy);
	return true;
}

static void flush(struct irc_network *network)
{
	struct buf *out = irc_connection_output(network->connection);
	if (buf_len(out))
		irc_link_write(network->link, buf_data(out), buf_len(out));
	secret_wipe(buf_data(out), buf_len(out)); /* the user's password was in the first ones */
	buf_clear(out);
}

static void retry_later(struct irc_network *network)
{
	uint32_t delay = backoff_next(&network->backoff);
	log_info("%s on %s: trying again in %u s", network->user, network->servers[network->at].host, delay / 1000);
	network->due = irc_link_now(network->link) + delay;
}

/* What has ended is tried elsewhere, later, or given up. */
static void fall(struct irc_network *network)
{
	bool was_up = network->state == IRC_NETWORK_UP;
	bool recoverable = network->why == IRC_FAILURE_NETWORK;
	if (was_up && irc_link_now(network->link) - network->up_since >= IRC_NETWORK_STEADY_MS)
		backoff_reset(&network->backoff);
	network->fallen = false;
	log_info("%s on %s: %s", network->user, network->servers[network->at].host, network->text);
	flush(network);
	irc_link_close(network->link);
	irc_connection_lost(network->connection);
	set_state(network, IRC_NETWORK_IDLE);
	if (recoverable && !was_up && network->tried < network->count) {
		network->tried++;
		network->at = (network->at + 1) % network->count;
		connect_now(network);
	} else if (recoverable && network->persistent && network->was_up &&
		   network->backoff.tries < IRC_NETWORK_RETRIES) {
		if (was_up)
			network->events->interrupted(network, network->text);
		retry_later(network);
	} else {
		clear_pending(network, network->text);
		network->events->down(network, network->why, network->text);
		set_state(network, IRC_NETWORK_DEAD);
	}
}

static bool is_useless(const struct irc_network *network)
{
	return network->persistent && irc_connection_channels(network->connection) == 0 &&
	       irc_link_now(network->link) >= network->linger;
}

static uint64_t next_due(const struct irc_network *network)
{
	uint64_t due = MIN(irc_connection_due(network->connection), network->due);
	if (network->persistent && irc_connection_channels(network->connection) == 0)
		due = MIN(due, network->linger);
	return due;
}

void irc_network_settle(struct irc_network *network)
{
	if (network->fallen)
		fall(network);
	if (network->state != IRC_NETWORK_DEAD && is_useless(network))
		set_state(network, IRC_NETWORK_DEAD);
	if (network->state == IRC_NETWORK_DEAD) {
		network->events->dead(network);
		return;
	}
	flush(network);
	irc_link_wake(network->link, next_due(network));
}
