/* SPDX-License-Identifier: MIT */
#include "frontend/ask.h"

#include "loop/timer.h"

enum { ASKED_MAX = 50000, ANSWER_MS = 30000 };

struct ask {
	struct ask_reply reply;
	uint64_t id, asked_at;
	GList *place; /* in frontend->asked, oldest first */
	char to[];
};

static void forget(struct frontend *frontend, struct ask *ask)
{
	idmap_take(frontend->asks, ask->id);
	g_queue_delete_link(&frontend->asked, ask->place);
	g_free(ask);
}

static void finish(struct frontend *frontend, struct ask *ask, const struct xml_element *answer, struct arena *arena)
{
	struct ask_reply reply = ask->reply;
	forget(frontend, ask);
	reply.done(reply.ctx, reply.id, answer, arena);
}

/* They are in the order of their time, so one timer serves them all. */
static void arm(struct frontend *frontend)
{
	const struct ask *oldest = g_queue_peek_head(&frontend->asked);
	if (!oldest || timer_active(frontend->ask_timer))
		return;
	uint64_t waited = loop_now(frontend->loop) - oldest->asked_at;
	timer_start(frontend->ask_timer, waited < frontend->ask_ms ? frontend->ask_ms - waited : 1, 0);
}

static void expire(void *ctx)
{
	struct frontend *frontend = ctx;
	struct ask *ask;
	while ((ask = g_queue_peek_head(&frontend->asked)) &&
	       loop_now(frontend->loop) - ask->asked_at >= frontend->ask_ms)
		finish(frontend, ask, NULL, NULL);
	arm(frontend);
}

static struct ask *add(struct frontend *frontend, const char *to)
{
	size_t size = strlen(to) + 1;
	struct ask *ask = g_malloc0(sizeof(*ask) + size);
	memcpy(ask->to, to, size);
	ask->id = idmap_add(frontend->asks, ask);
	ask->asked_at = loop_now(frontend->loop);
	g_queue_push_tail(&frontend->asked, ask);
	ask->place = frontend->asked.tail;
	return ask;
}

struct buf *ask_begin(struct frontend *frontend, const char *type, struct core_address from, const char *to)
{
	if (idmap_size(frontend->asks) >= ASKED_MAX)
		return NULL;
	struct buf *out = stanza_begin(frontend, "iq", from, to, false);
	if (!out)
		return NULL;
	frontend->asking = add(frontend, to);
	xml_put_attr(out, "type", type);
	char id[48];
	g_snprintf(id, sizeof(id), "%sq%" G_GINT64_MODIFIER "x", frontend->id_prefix, frontend->asking->id);
	xml_put_attr(out, "id", id);
	xml_put(out, ">");
	return out;
}

void ask_end(struct frontend *frontend, struct buf *out, struct ask_reply reply)
{
	struct ask *ask = frontend->asking;
	g_assert(ask);
	frontend->asking = NULL;
	ask->reply = reply;
	xml_put(out, "</iq>");
	route_end(frontend, out, ask->to);
	arm(frontend);
}

void ask_forget(struct frontend *frontend, const void *ctx)
{
	GList *next;
	for (GList *at = frontend->asked.head; at; at = next) {
		struct ask *ask = at->data;
		next = at->next;
		if (ask->reply.ctx == ctx)
			forget(frontend, ask);
	}
}

static struct ask *find(struct frontend *frontend, const char *id)
{
	guint64 number;
	if (!id || !g_str_has_prefix(id, frontend->id_prefix))
		return NULL;
	id += strlen(frontend->id_prefix);
	if (*id != 'q' || !g_ascii_string_to_unsigned(id + 1, 16, 1, G_MAXUINT64, &number, NULL))
		return NULL;
	return idmap_find(frontend->asks, number);
}

bool ask_answered(struct frontend *frontend, const struct stanza *answer)
{
	struct ask *ask = find(frontend, answer->id);
	if (!ask || strcmp(ask->to, answer->from.full) != 0)
		return false;
	finish(frontend, ask, answer->element, answer->arena);
	return true;
}

bool ask_succeeded(const struct xml_element *answer)
{
	return answer && !g_strcmp0(xml_attr(answer, "type"), "result");
}

void asks_init(struct frontend *frontend)
{
	frontend->ask_ms = ANSWER_MS;
	frontend->asks = idmap_new();
	frontend->ask_timer = timer_new(frontend->loop, expire, frontend);
}

void asks_fini(struct frontend *frontend)
{
	struct ask *ask;
	while ((ask = g_queue_peek_head(&frontend->asked)))
		forget(frontend, ask);
	idmap_free(&frontend->asks);
	timer_free(&frontend->ask_timer);
}
