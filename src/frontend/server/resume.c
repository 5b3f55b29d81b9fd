/* SPDX-License-Identifier: MIT */
#include "frontend/server/resume.h"

#include "frontend/server/csi.h"
#include "frontend/server/sm.h"
#include "loop/timer.h"

#include <openssl/rand.h>

LOG_AREA("Server");

enum {
	TOKEN_BYTES = 18,   /* random ones, of which base64 makes 24 characters */
	ENDED_A_ROUND = 100 /* resources whose time is over, so that many at once keep nobody waiting */
};

/* TICKET_USED: its resource has a client; TICKET_WAITING: it has none; TICKET_OVER: it is gone. */
enum ticket_state { TICKET_USED, TICKET_WAITING, TICKET_OVER };

struct ticket {
	struct str key; /* first member, so that the table is a set */
	enum ticket_state state;
	struct resource *resource; /* NULL: TICKET_OVER */
	char *bare;                /* owned; TICKET_OVER: whose it was, */
	uint32_t h;                /* and what we had handled of it */
	uint64_t deadline;
	GList link; /* in resume->waiting or resume->over */
	char token[TOKEN_BYTES / 3 * 4 + 1];
};

struct resume {
	struct server *server;
	GHashTable *tickets;  /* struct ticket, owned, a set by token */
	GQueue waiting, over; /* struct ticket, borrowed, oldest first */
	struct timer *timer;  /* of the next deadline */
};

unsigned resume_seconds(const struct server *server)
{
	return (unsigned)config_int(server->config, CONFIG_SERVICE_RESUME_TIME);
}

/* --- time ------------------------------------------------------------------------------------- */

static uint64_t deadline_of(GQueue *queue)
{
	const struct ticket *oldest = g_queue_peek_head(queue);
	return oldest ? oldest->deadline : UINT64_MAX;
}

static void arm(struct resume *resume)
{
	uint64_t deadline = MIN(deadline_of(&resume->waiting), deadline_of(&resume->over)),
		 now = loop_now(resume->server->loop);
	if (deadline == UINT64_MAX)
		timer_stop(resume->timer);
	else
		timer_start(resume->timer, deadline > now ? deadline - now : 1, 0);
}

static GQueue *queue_of(struct resume *resume, const struct ticket *ticket)
{
	g_assert(ticket->state != TICKET_USED);
	return ticket->state == TICKET_WAITING ? &resume->waiting : &resume->over;
}

static void set_state(struct resume *resume, struct ticket *ticket, enum ticket_state state, uint64_t ms)
{
	g_assert(ticket->state != TICKET_OVER);
	if (ticket->state != TICKET_USED)
		g_queue_unlink(queue_of(resume, ticket), &ticket->link);
	ticket->state = state;
	ticket->deadline = loop_now(resume->server->loop) + ms;
	if (state != TICKET_USED)
		g_queue_push_tail_link(queue_of(resume, ticket), &ticket->link);
	arm(resume);
}

static void drop_oldest_over(struct resume *resume)
{
	struct ticket *ticket = g_queue_peek_head(&resume->over);
	g_queue_unlink(&resume->over, &ticket->link);
	g_hash_table_remove(resume->tickets, ticket);
}

static bool is_due(const struct resume *resume, GQueue *queue)
{
	return deadline_of(queue) <= loop_now(resume->server->loop);
}

static void end_oldest(struct resume *resume)
{
	struct ticket *ticket = g_queue_peek_head(&resume->waiting);
	log_info("%s has not come back", ticket->resource->full);
	resource_free(ticket->resource);
}

static void time_is_over(void *ctx)
{
	struct resume *resume = ctx;
	for (unsigned i = 0; i < ENDED_A_ROUND && is_due(resume, &resume->waiting); i++)
		end_oldest(resume);
	while (is_due(resume, &resume->over))
		drop_oldest_over(resume);
	arm(resume);
}

/* --- tickets ---------------------------------------------------------------------------------- */

static void free_ticket(void *p)
{
	struct ticket *ticket = p;
	g_free(ticket->bare);
	g_free(ticket);
}

struct resume *resume_new(struct server *server)
{
	struct resume *resume = g_new0(struct resume, 1);
	resume->server = server;
	resume->tickets = g_hash_table_new_full(str_hash, str_equal, free_ticket, NULL);
	resume->timer = timer_new(server->loop, time_is_over, resume);
	return resume;
}

void resume_free(struct resume **resume)
{
	if (!*resume)
		return;
	g_assert(!(*resume)->waiting.length);
	timer_free(&(*resume)->timer);
	g_hash_table_destroy((*resume)->tickets);
	g_clear_pointer(resume, g_free);
}

static void draw_token(struct ticket *ticket)
{
	unsigned char bytes[TOKEN_BYTES];
	g_assert(RAND_bytes(bytes, sizeof(bytes)) == 1);
	g_autofree char *text = g_base64_encode(bytes, sizeof(bytes));
	g_strlcpy(ticket->token, text, sizeof(ticket->token));
	ticket->key = str_of(ticket->token);
}

const char *resume_offer(struct resource *resource)
{
	struct server *server = resource->account->server;
	g_assert(resource->sm && !resource->ticket);
	if (!resume_seconds(server))
		return "";
	struct ticket *ticket = g_new0(struct ticket, 1);
	draw_token(ticket);
	ticket->resource = resource;
	ticket->link.data = ticket;
	g_hash_table_add(server->resume->tickets, ticket);
	resource->ticket = ticket;
	return ticket->token;
}

void resume_forget(struct resource *resource)
{
	struct ticket *ticket = resource->ticket;
	struct resume *resume = resource->account->server->resume;
	if (!ticket)
		return;
	resource->ticket = NULL;
	ticket->resource = NULL;
	ticket->bare = g_strdup(resource->account->jid);
	ticket->h = sm_handled_count(resource->sm);
	set_state(resume, ticket, TICKET_OVER, RESUME_OVER_MS);
	if (resume->over.length > RESUME_OVER_MAX)
		drop_oldest_over(resume);
}

bool resume_wait(struct resource *resource)
{
	struct server *server = resource->account->server;
	struct resume *resume = server->resume;
	g_assert(!resource->client);
	if (!resource->ticket || server->closing || !resume_seconds(server))
		return false;
	if (resume->waiting.length >= RESUME_WAITING_MAX)
		end_oldest(resume);
	set_state(resume, resource->ticket, TICKET_WAITING, (uint64_t)resume_seconds(server) * 1000);
	/* Of whose presence has changed often it will want the last only. */
	csi_set(resource, false);
	return true;
}

/* --- coming back ------------------------------------------------------------------------------- */

static bool is_of(const struct ticket *ticket, struct str bare)
{
	return str_eq(ticket->resource ? ticket->resource->account->key : str_of(ticket->bare), bare);
}

struct resource *resume_take(struct server *server, struct str bare, const struct xmpp_c2s_resume *asked, uint32_t *h,
			     bool *known)
{
	struct str key = str_of(asked->previd);
	struct ticket *ticket = g_hash_table_lookup(server->resume->tickets, &key);
	uint32_t sent;
	/* Whether somebody else has it is nobody's business. */
	*known = ticket && is_of(ticket, bare);
	if (!*known)
		return NULL;
	struct resource *resource = ticket->resource;
	*h = resource ? sm_handled_count(resource->sm) : ticket->h;
	if (!resource || resource->doomed || !sm_acked(resource->sm, asked->h, &sent))
		return NULL;
	if (resource->client)
		client_end(resource->client, XMPP_C2S_CONFLICT, "Resumed by a new connection");
	else
		set_state(server->resume, ticket, TICKET_USED, 0);
	return resource;
}

static void write_again(void *ctx, const char *stanza, size_t n, int64_t stamp)
{
	buf_append(ctx, stanza, n);
}

void resume_write_again(struct resource *resource)
{
	struct buf *out = client_out(resource->client);
	if (!out)
		return;
	client_allow(resource->client, sm_bytes(resource->sm));
	sm_each(resource->sm, write_again, out);
	sm_forget_question(resource->sm);
	sm_ask(resource->sm, out);
	client_flush(resource->client);
	csi_set(resource, true);
}
