/* SPDX-License-Identifier: MIT */
#include "frontend/server/sm.h"

/* Stanzas one after another, each with this before it, so that one allocation has them all. */
struct head {
	uint32_t n;
	uint32_t stamp; /* seconds since 1970; good until 2106 */
};

enum { SHRINK_FROM = 4096 };

struct sm {
	struct buf kept;
	uint32_t handled;
	uint32_t acked;  /* what the client has confirmed, modulo 2^32 as its h is (XEP-0198, section 4) */
	uint32_t count;  /* kept */
	uint32_t others; /* stanzas since the last question, messages apart */
	bool message;    /* one was sent since the last question */
	bool asked;      /* there is no answer yet */
};

struct sm *sm_new_at(uint32_t h)
{
	struct sm *sm = g_new0(struct sm, 1);
	buf_init(&sm->kept, SM_BYTES_MAX + SM_ROUND_MAX);
	sm->handled = sm->acked = h;
	return sm;
}

struct sm *sm_new(void)
{
	return sm_new_at(0);
}

void sm_free(struct sm **sm)
{
	if (!*sm)
		return;
	buf_fini(&(*sm)->kept);
	g_clear_pointer(sm, g_free);
}

static bool is_message(const char *stanza, size_t n)
{
	static const char tag[] = "<message";
	return n >= sizeof(tag) - 1 && !memcmp(stanza, tag, sizeof(tag) - 1);
}

static bool keep(struct sm *sm, const char *stanza, size_t n)
{
	struct head head = { (uint32_t)n, (uint32_t)(g_get_real_time() / G_USEC_PER_SEC) };
	if (buf_len(&sm->kept) + sizeof(head) + n > SM_BYTES_MAX + SM_ROUND_MAX)
		return false;
	buf_append(&sm->kept, &head, sizeof(head));
	buf_append(&sm->kept, stanza, n);
	sm->count++;
	return true;
}

bool sm_sent(struct sm *sm, const char *stanza, size_t n)
{
	if (is_message(stanza, n))
		sm->message = true;
	else
		sm->others++;
	return keep(sm, stanza, n) && sm->count <= SM_STANZAS_MAX && buf_len(&sm->kept) <= SM_BYTES_MAX;
}

void sm_ask(struct sm *sm, struct buf *out)
{
	if (sm->asked || (!sm->message && sm->others < SM_ASK_AFTER))
		return;
	xml_put(out, "<r xmlns='" NS_SM "'/>");
	sm->asked = true;
	sm->message = false;
	sm->others = 0;
}

void sm_forget_question(struct sm *sm)
{
	sm->asked = false;
	sm->message = sm->count > 0;
}

void sm_handled(struct sm *sm)
{
	sm->handled++;
}

uint32_t sm_handled_count(const struct sm *sm)
{
	return sm->handled;
}

static struct head first(const struct sm *sm, size_t at)
{
	struct head head;
	memcpy(&head, buf_data(&sm->kept) + at, sizeof(head));
	return head;
}

/* Memory goes back with what it was for. */
static void shrink(struct sm *sm)
{
	size_t n = buf_len(&sm->kept);
	if (n == 0) {
		buf_fini(&sm->kept);
	} else if (sm->kept.cap > SHRINK_FROM && n < sm->kept.cap / 4) {
		struct buf smaller;
		buf_init(&smaller, SM_BYTES_MAX + SM_ROUND_MAX);
		buf_append(&smaller, buf_data(&sm->kept), n);
		buf_fini(&sm->kept);
		sm->kept = smaller;
	}
}

bool sm_acked(struct sm *sm, uint32_t h, uint32_t *sent)
{
	uint32_t news = h - sm->acked;
	*sent = sm->acked + sm->count;
	if (news > sm->count)
		return false;
	for (uint32_t i = 0; i < news; i++)
		buf_consume(&sm->kept, sizeof(struct head) + first(sm, 0).n);
	sm->acked = h;
	sm->count -= news;
	sm->asked = false;
	shrink(sm);
	return true;
}

void sm_each(const struct sm *sm, void (*each)(void *ctx, const char *stanza, size_t n, int64_t stamp), void *ctx)
{
	for (size_t at = 0; at < buf_len(&sm->kept);) {
		struct head head = first(sm, at);
		each(ctx, buf_data(&sm->kept) + at + sizeof(head), head.n, head.stamp);
		at += sizeof(head) + head.n;
	}
}

size_t sm_count(const struct sm *sm)
{
	return sm->count;
}

size_t sm_bytes(const struct sm *sm)
{
	return buf_len(&sm->kept);
}
