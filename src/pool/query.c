/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "pool/private.h"

LOG_AREA("NetworkPluginServer");

/* Admin queries (QUERY). They carry no ids, so a connection is answered in the order in which it asks: what
 * it asks meanwhile waits. */
enum { QUESTIONS_MAX = 64 };

static void answer(struct peer *peer, const char *text)
{
	Pbnetwork__BackendConfig message = PBNETWORK__BACKEND_CONFIG__INIT;
	message.config = (char *)text;
	if (!peer_send(peer, WIRE_QUERY, &message.base))
		log_warn("the answer to an admin query could not be sent");
}

static void ask_next(struct peer *peer)
{
	struct pool *pool = peer->pool;
	while (!peer->query && !g_queue_is_empty(&peer->questions)) {
		char *command = g_queue_pop_head(&peer->questions);
		peer->query = idmap_add(pool->queries, peer);
		pool->events->query(pool->ctx, peer->query, command);
		secret_free(&command);
	}
}

void query_received(struct peer *peer, const char *command)
{
	if (!peer->pool->events->query) {
		answer(peer, "Error: Unknown variable or command");
	} else if (peer->questions.length >= QUESTIONS_MAX) {
		peer_fail(peer, "asks more than it waits for");
	} else {
		g_queue_push_tail(&peer->questions, secret_dup(command));
		ask_next(peer);
	}
}

void pool_answer_query(struct pool *pool, uint64_t id, const char *text)
{
	struct peer *peer = idmap_take(pool->queries, id);
	if (!peer)
		return;
	g_assert(peer->query == id);
	peer->query = 0;
	answer(peer, text);
	if (!peer->backend)
		peer_touch(peer);
	ask_next(peer);
}

/* It may name a password. */
static void free_question(void *text)
{
	char *command = text;
	secret_free(&command);
}

void query_forget(struct peer *peer)
{
	if (peer->query)
		idmap_take(peer->pool->queries, peer->query);
	peer->query = 0;
	g_queue_clear_full(&peer->questions, free_question);
}
