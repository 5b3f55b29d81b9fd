/* SPDX-License-Identifier: MIT */
#include "jid/prep.h"
#include "xmpp/c2s_private.h"
#include "xmpp/error.h"

/* Longest tag of a client, and longest name of a stream, that we listen to. */
enum { TAG_MAX = 64, PREVID_MAX = 256 };

/* RFC 6120, section 7.7: a client may try again, a few times. False: it is over. */
static bool may_go_on(struct xmpp_c2s *c2s)
{
	if (++c2s->refusals >= C2S_REFUSALS_MAX)
		c2s_end(c2s, XMPP_C2S_POLICY_VIOLATION, "too many attempts to bind a resource");
	return c2s->state != C2S_OVER;
}

/* --- what the owner is asked ----------------------------------------------------------------- */

/* False: there is no resource, or it is over. */
static bool ask_bind(struct xmpp_c2s *c2s, const struct xmpp_c2s_bind *bind, struct xmpp_c2s_bound *bound)
{
	*bound = (struct xmpp_c2s_bound){ 0 };
	return c2s->events->bind(c2s->ctx, bind, bound) && c2s->state != C2S_OVER;
}

static void set_ready(struct xmpp_c2s *c2s, bool resumed)
{
	c2s->managed |= resumed;
	c2s_set_state(c2s, C2S_READY);
}

static void become_ready(struct xmpp_c2s *c2s, bool resumed)
{
	set_ready(c2s, resumed);
	c2s->events->ready(c2s->ctx, resumed);
}

/* --- RFC 6120, section 7 --------------------------------------------------------------------- */

static void put_iq(struct buf *out, const char *type, const struct xml_element *request)
{
	xml_put(out, "<iq");
	xml_put_attr(out, "type", type);
	xml_put_attr(out, "id", xml_attr(request, "id"));
}

static void refuse_bind(struct xmpp_c2s *c2s, const struct xml_element *request, enum xmpp_condition condition)
{
	if (!may_go_on(c2s))
		return;
	put_iq(c2s->out, "error", request);
	xml_put(c2s->out, ">");
	xmpp_put_error(c2s->out, condition, NULL);
	xml_put(c2s->out, "</iq>");
}

static bool is_set(const struct xml_element *iq)
{
	const char *type = xml_attr(iq, "type");
	return type && !strcmp(type, "set");
}

static void bind_resource(struct xmpp_c2s *c2s, const struct xml_element *iq, const char *resource)
{
	struct xmpp_c2s_bound bound;
	if (!ask_bind(c2s, &(struct xmpp_c2s_bind){ .resource = resource }, &bound)) {
		refuse_bind(c2s, iq, XMPP_RESOURCE_CONSTRAINT);
		return;
	}
	put_iq(c2s->out, "result", iq);
	xml_put(c2s->out, "><bind xmlns='" NS_BIND "'>");
	xml_put_text(c2s->out, "jid", bound.full);
	xml_put(c2s->out, "</bind></iq>");
	become_ready(c2s, false);
}

void c2s_on_bind(struct xmpp_c2s *c2s, const struct xml_element *iq, struct arena *arena)
{
	const struct xml_element *bind = xml_child(iq, NS_BIND, "bind");
	const char *wanted = xml_child_text(bind, NS_BIND, "resource", arena);
	const char *resource = wanted && *wanted ? jid_resourceprep(arena, wanted, strlen(wanted)) : NULL;
	if (!bind)
		c2s_end(c2s, XMPP_C2S_NOT_AUTHORIZED, NULL);
	else if (!is_set(iq) || !xml_attr(iq, "id") || (wanted && *wanted && !resource))
		refuse_bind(c2s, iq, XMPP_BAD_REQUEST);
	else
		bind_resource(c2s, iq, resource);
}

/* RFC 3921, section 3: there is nothing left to do. Once stanzas are counted it is the owner's, who counts. */
bool c2s_answers(struct xmpp_c2s *c2s, const struct xml_element *stanza)
{
	if (strcmp(stanza->name, "iq") || c2s->managed || !xml_child(stanza, NS_SESSION, "session") || !is_set(stanza))
		return false;
	put_iq(c2s->out, "result", stanza);
	xml_put(c2s->out, "/>");
	return true;
}

/* --- XEP-0198, section 5 --------------------------------------------------------------------- */

struct resumption {
	const char *previd; /* as asked for; NULL: malformed */
	uint32_t h;
	/* what came of it */
	const char *full;
	uint32_t handled;
	bool known;
};

static bool read_count(const char *text, uint32_t *count)
{
	guint64 value;
	if (!text || !g_ascii_string_to_unsigned(text, 10, 0, UINT32_MAX, &value, NULL))
		return false;
	*count = (uint32_t)value;
	return true;
}

static const char *read_previd(const struct xml_element *resume, uint32_t *h)
{
	const char *previd = xml_attr(resume, "previd");
	bool fine = previd && *previd && strlen(previd) <= PREVID_MAX;
	return fine && read_count(xml_attr(resume, "h"), h) ? previd : NULL;
}

/* False: it cannot go on, or is over. */
static bool ask_resume(struct xmpp_c2s *c2s, struct resumption *asked)
{
	const struct xmpp_c2s_resume resume = { .previd = asked->previd, .h = asked->h };
	return asked->previd && c2s->events->resume(c2s->ctx, &resume, &asked->full, &asked->handled, &asked->known) &&
	       c2s->state != C2S_OVER;
}

static void put_resumed(struct buf *out, const struct resumption *resumption)
{
	xml_put(out, "<resumed xmlns='" NS_SM "'");
	xml_put_number_attr(out, "h", resumption->handled);
	xml_put_attr(out, "previd", resumption->previd);
	xml_put(out, "/>");
}

static void put_sm_failed(struct buf *out, const char *condition, const struct resumption *resumption)
{
	xml_put(out, "<failed xmlns='" NS_SM "'");
	if (resumption && resumption->known)
		xml_put_number_attr(out, "h", resumption->handled);
	xml_put(out, "><");
	buf_append_text(out, condition);
	xml_put(out, " xmlns='" NS_STANZAS "'/></failed>");
}

static void put_not_resumed(struct buf *out, const struct resumption *resumption)
{
	put_sm_failed(out, resumption->previd ? "item-not-found" : "bad-request", resumption);
}

void c2s_on_resume(struct xmpp_c2s *c2s, const struct xml_element *resume, struct arena *arena)
{
	struct resumption asked = { 0 };
	asked.previd = read_previd(resume, &asked.h);
	if (ask_resume(c2s, &asked)) {
		put_resumed(c2s->out, &asked);
		become_ready(c2s, true);
	} else if (may_go_on(c2s)) {
		put_not_resumed(c2s->out, &asked);
	}
}

/* XEP-0198, section 3: not before there is a resource. */
void c2s_on_early_enable(struct xmpp_c2s *c2s, const struct xml_element *enable, struct arena *arena)
{
	if (may_go_on(c2s))
		put_sm_failed(c2s->out, "unexpected-request", NULL);
}

/* --- along with a login (XEP-0388) ----------------------------------------------------------- */

/* XEP-0386, section 4: what the session begins with. */
static unsigned read_wanted(const struct xml_element *bind)
{
	const struct xml_element *sm = xml_child(bind, NS_SM, "enable");
	unsigned wanted = 0;
	if (sm)
		wanted |= XMPP_C2S_SM;
	if (sm && xml_is_true(xml_attr(sm, "resume")))
		wanted |= XMPP_C2S_SM_RESUME;
	if (xml_child(bind, NS_CARBONS, "enable"))
		wanted |= XMPP_C2S_CARBONS;
	if (xml_child(bind, NS_CSI, "inactive"))
		wanted |= XMPP_C2S_INACTIVE;
	return wanted;
}

/* It becomes part of a resource; one that cannot is left out, as any may be. */
static char *read_tag(const struct xml_element *bind, struct arena *arena)
{
	const char *text = xml_child_text(bind, NS_BIND2, "tag", arena);
	const char *tag = text ? jid_resourceprep(arena, text, strlen(text)) : NULL;
	return tag && strlen(tag) <= TAG_MAX ? g_strdup(tag) : NULL;
}

void c2s_wish_read(struct c2s_wish *wish, const struct xml_element *authenticate, struct arena *arena)
{
	const struct xml_element *bind = xml_child(authenticate, NS_BIND2, "bind");
	const struct xml_element *resume = xml_child(authenticate, NS_SM, "resume");
	c2s_wish_clear(wish);
	wish->bind = bind != NULL;
	wish->resume = resume != NULL;
	if (bind) {
		wish->tag = read_tag(bind, arena);
		wish->wanted = read_wanted(bind);
	}
	if (resume)
		wish->previd = g_strdup(read_previd(resume, &wish->h));
}

void c2s_wish_clear(struct c2s_wish *wish)
{
	g_free(wish->tag);
	g_free(wish->previd);
	*wish = (struct c2s_wish){ 0 };
}

void xmpp_c2s_put_enabled(struct buf *out, const char *sm_id, unsigned sm_max)
{
	xml_put(out, "<enabled xmlns='" NS_SM "'");
	if (*sm_id) {
		xml_put_attr(out, "id", sm_id);
		xml_put(out, " resume='true'");
		xml_put_number_attr(out, "max", sm_max);
	}
	xml_put(out, "/>");
}

static void put_bound(struct xmpp_c2s *c2s, const struct xmpp_c2s_bound *bound)
{
	struct buf *out = c2s->out;
	xml_put(out, "<bound xmlns='" NS_BIND2 "'>");
	if (bound->sm_id) {
		c2s->managed = true;
		xmpp_c2s_put_enabled(out, bound->sm_id, bound->sm_max);
	} else if (c2s->wish.wanted & XMPP_C2S_SM) {
		put_sm_failed(out, "internal-server-error", NULL);
	}
	xml_put(out, "</bound>");
}

/* A login whose wish for a resource is not granted is one without: the client may still bind by RFC 6120. */
void c2s_succeed(struct xmpp_c2s *c2s)
{
	struct resumption asked = { .previd = c2s->wish.previd, .h = c2s->wish.h };
	struct xmpp_c2s_bind bind = { .tag = c2s->wish.tag, .wanted = c2s->wish.wanted };
	struct xmpp_c2s_bound bound = { 0 };
	struct buf *out = c2s->out;
	c2s_set_state(c2s, C2S_BINDING);
	bool resumed = c2s->wish.resume && ask_resume(c2s, &asked);
	bool has_bound = !resumed && c2s->state != C2S_OVER && c2s->wish.bind && ask_bind(c2s, &bind, &bound);
	if (c2s->state == C2S_OVER)
		return;
	xml_put(out, "<success xmlns='" NS_SASL2 "'>");
	xml_put_text(out, "authorization-identifier", resumed ? asked.full : has_bound ? bound.full : c2s->bare);
	if (resumed)
		put_resumed(out, &asked);
	else if (c2s->wish.resume)
		put_not_resumed(out, &asked);
	if (has_bound)
		put_bound(c2s, &bound);
	xml_put(out, "</success>");
	c2s_wish_clear(&c2s->wish);
	if (resumed || has_bound)
		set_ready(c2s, resumed);
	/* XEP-0388, section 2.6.1: at once, and no stream begins anew. */
	c2s_put_features(c2s);
	if (resumed || has_bound)
		c2s->events->ready(c2s->ctx, resumed);
}
