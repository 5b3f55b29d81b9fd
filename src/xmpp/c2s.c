/* SPDX-License-Identifier: MIT */
#include "jid/prep.h"
#include "xmpp/c2s_private.h"

GQuark xmpp_c2s_error_quark(void)
{
	return g_quark_from_static_string("xmpp-c2s-error");
}

/* Before somebody has logged in: nothing of the negotiation needs more. */
static const struct xml_limits stranger_limits = {
	.depth = 8, .attributes = 24, .elements = 64, .bytes = C2S_STRANGER_BYTES
};
static const struct xml_limits client_limits = {
	.depth = 64, .attributes = 64, .elements = 10000, .bytes = C2S_CLIENT_BYTES
};

void c2s_set_state(struct xmpp_c2s *c2s, enum c2s_state state)
{
	static const unsigned allowed[] = {
		[C2S_GREETING] = C2S_IN(OPEN) | C2S_IN(OVER),
		[C2S_OPEN] = C2S_IN(SECURING) | C2S_IN(CHALLENGED) | C2S_IN(ASKING) | C2S_IN(OVER),
		[C2S_SECURING] = C2S_IN(GREETING) | C2S_IN(OVER),
		[C2S_CHALLENGED] = C2S_IN(OPEN) | C2S_IN(ASKING) | C2S_IN(OVER),
		[C2S_ASKING] = C2S_IN(OPEN) | C2S_IN(RESTARTING) | C2S_IN(BINDING) | C2S_IN(OVER),
		[C2S_RESTARTING] = C2S_IN(BINDING) | C2S_IN(OVER),
		[C2S_BINDING] = C2S_IN(READY) | C2S_IN(OVER),
		[C2S_READY] = C2S_IN(OVER),
		[C2S_OVER] = 0,
	};
	g_assert(allowed[c2s->state] & 1u << state);
	c2s->state = state;
}

/* --- the end --------------------------------------------------------------------------------- */

static const char *const conditions[] = {
	[XMPP_C2S_BAD_FORMAT] = "bad-format",
	[XMPP_C2S_BAD_NAMESPACE_PREFIX] = "bad-namespace-prefix",
	[XMPP_C2S_CONFLICT] = "conflict",
	[XMPP_C2S_CONNECTION_TIMEOUT] = "connection-timeout",
	[XMPP_C2S_HOST_UNKNOWN] = "host-unknown",
	[XMPP_C2S_INTERNAL_SERVER_ERROR] = "internal-server-error",
	[XMPP_C2S_INVALID_NAMESPACE] = "invalid-namespace",
	[XMPP_C2S_INVALID_XML] = "invalid-xml",
	[XMPP_C2S_NOT_AUTHORIZED] = "not-authorized",
	[XMPP_C2S_NOT_WELL_FORMED] = "not-well-formed",
	[XMPP_C2S_POLICY_VIOLATION] = "policy-violation",
	[XMPP_C2S_RESET] = "reset",
	[XMPP_C2S_RESOURCE_CONSTRAINT] = "resource-constraint",
	[XMPP_C2S_RESTRICTED_XML] = "restricted-xml",
	[XMPP_C2S_SYSTEM_SHUTDOWN] = "system-shutdown",
	[XMPP_C2S_UNDEFINED_CONDITION] = "undefined-condition",
	[XMPP_C2S_UNSUPPORTED_ENCODING] = "unsupported-encoding",
	[XMPP_C2S_UNSUPPORTED_STANZA_TYPE] = "unsupported-stanza-type",
	[XMPP_C2S_UNSUPPORTED_VERSION] = "unsupported-version",
};

static void put_stream_error(struct buf *out, enum xmpp_c2s_error error, const char *text, const char *condition)
{
	xml_put(out, "<stream:error><");
	buf_append_text(out, conditions[error]);
	xml_put(out, " xmlns='" NS_STREAMS "'/>");
	if (text) {
		xml_put(out, "<text xmlns='" NS_STREAMS "' xml:lang='en'>");
		xml_escape(out, text);
		xml_put(out, "</text>");
	}
	if (condition)
		buf_append_text(out, condition);
	xml_put(out, "</stream:error>");
}

static void finish(struct xmpp_c2s *c2s)
{
	c2s_set_state(c2s, C2S_OVER);
	xml_parser_stop(c2s->parser);
}

void c2s_end(struct xmpp_c2s *c2s, enum xmpp_c2s_error error, const char *text)
{
	if (c2s->state == C2S_OVER)
		return;
	c2s->error = g_error_new(XMPP_C2S_ERROR, (int)error, "%s%s%s", conditions[error], text ? ": " : "",
				 text ? text : "");
	/* Between <proceed/> and TLS nothing can be said. */
	if (c2s->state != C2S_SECURING) {
		if (!c2s->greeted)
			c2s_put_header(c2s, NULL);
		put_stream_error(c2s->out, error, text, c2s->condition);
		xml_put(c2s->out, "</stream:stream>");
	}
	finish(c2s);
}

static void close_stream(struct xmpp_c2s *c2s)
{
	if (c2s->state == C2S_OVER)
		return;
	if (c2s->greeted && c2s->state != C2S_SECURING)
		xml_put(c2s->out, "</stream:stream>");
	finish(c2s);
}

/* --- headers --------------------------------------------------------------------------------- */

/* RFC 6120, section 4.7.5: at least 1.0. */
static bool is_version(const char *text)
{
	char *end = NULL;
	if (!text || !g_ascii_isdigit(*text))
		return false;
	guint64 major = g_ascii_strtoull(text, &end, 10);
	return major >= 1 && *end == '.' && g_ascii_isdigit(end[1]);
}

static bool is_domain(const struct xmpp_c2s *c2s, const char *text)
{
	char room[JID_PREP_ROOM];
	struct str domain = text ? jid_prep(JID_DOMAIN, str_of(text), room) : (struct str){ NULL, 0 };
	return domain.p && str_is(domain, c2s->domain);
}

static void on_open(void *ctx, const struct xml_element *header)
{
	struct xmpp_c2s *c2s = ctx;
	const char *content = xml_attr(header, "xmlns");
	c2s_put_header(c2s, xml_attr(header, "from"));
	if (strcmp(header->ns, NS_STREAM) || !content || strcmp(content, NS_CLIENT)) {
		c2s_end(c2s, XMPP_C2S_INVALID_NAMESPACE, NULL);
	} else if (strcmp(header->name, "stream")) {
		c2s_end(c2s, XMPP_C2S_BAD_FORMAT, NULL);
	} else if (!is_domain(c2s, xml_attr(header, "to"))) {
		c2s_end(c2s, XMPP_C2S_HOST_UNKNOWN, NULL);
	} else if (!is_version(xml_attr(header, "version"))) {
		c2s_end(c2s, XMPP_C2S_UNSUPPORTED_VERSION, NULL);
	} else {
		c2s_set_state(c2s, c2s->state == C2S_GREETING ? C2S_OPEN : C2S_BINDING);
		c2s_put_features(c2s);
	}
}

/* --- what comes before a resource is bound --------------------------------------------------- */

static void on_starttls(struct xmpp_c2s *c2s, const struct xml_element *starttls, struct arena *arena)
{
	if (!c2s->offer.starttls) {
		xml_put(c2s->out, "<failure xmlns='" NS_TLS "'/>");
		c2s->error = g_error_new(XMPP_C2S_ERROR, XMPP_C2S_POLICY_VIOLATION, "TLS is not offered");
		close_stream(c2s);
		return;
	}
	xml_put(c2s->out, "<proceed xmlns='" NS_TLS "'/>");
	c2s_set_state(c2s, C2S_SECURING);
	/* RFC 6120, section 5.4.3.3: what came with it in the clear is nobody's. */
	xml_parser_stop(c2s->parser);
	c2s->events->starttls(c2s->ctx);
}

static void on_stream_error(struct xmpp_c2s *c2s, const struct xml_element *error, struct arena *arena)
{
	const struct xml_element *condition = xml_first(error);
	c2s->error = g_error_new(XMPP_C2S_ERROR, XMPP_C2S_UNDEFINED_CONDITION, "the client says %s",
				 condition ? condition->name : "undefined-condition");
	close_stream(c2s);
}

static const struct row {
	const char *ns, *name;
	unsigned states;
	c2s_on_element *on;
} rows[] = {
	{ NS_TLS, "starttls", C2S_IN(OPEN), on_starttls },
	{ NS_SASL, "auth", C2S_IN(OPEN), c2s_on_auth },
	{ NS_SASL, "auth", C2S_IN(CHALLENGED) | C2S_IN(ASKING), c2s_on_second_auth },
	{ NS_SASL, "response", C2S_IN(CHALLENGED), c2s_on_response },
	{ NS_SASL, "abort", C2S_IN(CHALLENGED) | C2S_IN(ASKING), c2s_on_abort },
	{ NS_SASL2, "authenticate", C2S_IN(OPEN), c2s_on_authenticate },
	{ NS_SASL2, "authenticate", C2S_IN(CHALLENGED) | C2S_IN(ASKING), c2s_on_second_auth },
	{ NS_SASL2, "response", C2S_IN(CHALLENGED), c2s_on_response },
	{ NS_SASL2, "abort", C2S_IN(CHALLENGED) | C2S_IN(ASKING), c2s_on_abort },
	{ NS_CLIENT, "iq", C2S_IN(BINDING), c2s_on_bind },
	{ NS_SM, "resume", C2S_IN(BINDING), c2s_on_resume },
	{ NS_SM, "enable", C2S_IN(BINDING), c2s_on_early_enable },
	{ NS_STREAM, "error", ~0u, on_stream_error },
};

static const struct row *find_row(const struct xmpp_c2s *c2s, const struct xml_element *element)
{
	for (const struct row *row = rows; row < rows + G_N_ELEMENTS(rows); row++)
		if (row->states & 1u << c2s->state && xml_is(element, row->ns, row->name))
			return row;
	return NULL;
}

static bool is_stanza_name(const char *name)
{
	return !strcmp(name, "message") || !strcmp(name, "presence") || !strcmp(name, "iq");
}

/* What has no place here: which error says so. */
static void refuse(struct xmpp_c2s *c2s, const struct xml_element *element)
{
	bool client = !strcmp(element->ns, NS_CLIENT);
	if (!strcmp(element->ns, NS_STREAM) || (is_stanza_name(element->name) && !client))
		c2s_end(c2s, XMPP_C2S_INVALID_NAMESPACE, NULL);
	else if (c2s->state == C2S_READY)
		c2s_end(c2s, XMPP_C2S_UNSUPPORTED_STANZA_TYPE, NULL);
	else
		c2s_end(c2s, XMPP_C2S_NOT_AUTHORIZED, NULL);
}

/* --- events of the parser -------------------------------------------------------------------- */

/* As early as possible: of what is refused nothing more is read, and a second header has no end. */
static void on_begin(void *ctx, const struct xml_element *start)
{
	struct xmpp_c2s *c2s = ctx;
	bool judged = c2s->state != C2S_READY || !strcmp(start->ns, NS_STREAM);
	if (judged && !find_row(c2s, start))
		refuse(c2s, start);
}

static void pass(struct xmpp_c2s *c2s, const struct xml_element *element, struct arena *arena)
{
	bool managing = !strcmp(element->ns, NS_SM);
	if (!strcmp(element->ns, NS_CLIENT) && is_stanza_name(element->name)) {
		if (!c2s_answers(c2s, element))
			c2s->events->stanza(c2s->ctx, element, arena);
	} else if (managing || !strcmp(element->ns, NS_CSI)) {
		c2s->managed |= managing;
		c2s->events->element(c2s->ctx, element, arena);
	} else {
		refuse(c2s, element);
	}
}

static void on_stanza(void *ctx, const struct xml_element *element, struct arena *arena)
{
	struct xmpp_c2s *c2s = ctx;
	const struct row *row;
	if (c2s->state == C2S_READY && strcmp(element->ns, NS_STREAM)) {
		pass(c2s, element, arena);
		return;
	}
	row = find_row(c2s, element);
	if (row)
		row->on(c2s, element, arena);
	else
		refuse(c2s, element);
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	struct xmpp_c2s *c2s = ctx;
	if (c2s->state == C2S_READY && !strcmp(start->ns, NS_CLIENT) && is_stanza_name(start->name))
		c2s->events->skipped(c2s->ctx, start, why, arena);
	else
		c2s_end(c2s, XMPP_C2S_POLICY_VIOLATION, why);
}

static void on_close(void *ctx)
{
	close_stream(ctx);
}

/* --- life ------------------------------------------------------------------------------------ */

struct xmpp_c2s *xmpp_c2s_new(const char *domain, const struct xmpp_c2s_offer *offer,
			      const struct xmpp_c2s_events *events, void *ctx)
{
	static const struct xml_parser_events parser_events = {
		.open = on_open, .begin = on_begin, .stanza = on_stanza, .skipped = on_skipped, .close = on_close
	};
	struct xmpp_c2s *c2s = g_new0(struct xmpp_c2s, 1);
	c2s->domain = g_strdup(domain);
	c2s->offer = *offer;
	c2s->events = events;
	c2s->ctx = ctx;
	c2s->parser = xml_parser_new(&stranger_limits, &parser_events, c2s);
	xml_parser_guard(c2s->parser);
	return c2s;
}

void xmpp_c2s_free(struct xmpp_c2s **c2sp)
{
	struct xmpp_c2s *c2s = *c2sp;
	if (!c2s)
		return;
	*c2sp = NULL;
	xml_parser_free(&c2s->parser);
	c2s_wish_clear(&c2s->wish);
	g_clear_error(&c2s->error);
	g_free(c2s->condition);
	g_free(c2s->domain);
	g_free(c2s->bare);
	g_free(c2s);
}

static void end_broken(struct xmpp_c2s *c2s, const GError *broken)
{
	static const enum xmpp_c2s_error errors[] = {
		[XML_ERROR_NOT_WELL_FORMED] = XMPP_C2S_NOT_WELL_FORMED,
		[XML_ERROR_RESTRICTED] = XMPP_C2S_RESTRICTED_XML,
		[XML_ERROR_TOO_LARGE] = XMPP_C2S_POLICY_VIOLATION,
		[XML_ERROR_ENCODING] = XMPP_C2S_UNSUPPORTED_ENCODING,
	};
	c2s_end(c2s, errors[broken->code], broken->message);
}

bool xmpp_c2s_feed(struct xmpp_c2s *c2s, const char *bytes, size_t n, struct buf *out, GError **error)
{
	g_autoptr(GError) broken = NULL;
	g_assert(c2s->state != C2S_SECURING);
	c2s->out = out;
	if (c2s->state != C2S_OVER && !xml_parser_feed(c2s->parser, bytes, n, &broken))
		end_broken(c2s, broken);
	c2s->out = NULL;
	if (c2s->state == C2S_OVER && error && c2s->error)
		*error = g_error_copy(c2s->error);
	return c2s->state != C2S_OVER;
}

void xmpp_c2s_secured(struct xmpp_c2s *c2s, const struct xmpp_c2s_offer *offer)
{
	if (c2s->state == C2S_OVER)
		return;
	c2s_set_state(c2s, C2S_GREETING);
	c2s->offer = *offer;
	c2s->greeted = false;
	xml_parser_reset(c2s->parser);
}

void xmpp_c2s_authenticated(struct xmpp_c2s *c2s, struct buf *out)
{
	/* What was ended, or is not wanted any more, has no answer. */
	if (c2s->state != C2S_ASKING)
		return;
	c2s->out = out;
	c2s->mechanism = NULL;
	if (c2s->sasl2) {
		xml_parser_relax(c2s->parser, &client_limits);
		c2s_succeed(c2s);
	} else {
		/* RFC 6120, section 6.4.6: what comes next is a new stream. */
		xml_put(out, "<success xmlns='" NS_SASL "'/>");
		xml_parser_reset(c2s->parser);
		xml_parser_relax(c2s->parser, &client_limits);
		c2s_set_state(c2s, C2S_RESTARTING);
		c2s->greeted = false;
	}
	c2s->out = NULL;
}

bool xmpp_c2s_is_authenticated(const struct xmpp_c2s *c2s)
{
	return c2s->state >= C2S_RESTARTING && c2s->state <= C2S_READY;
}

bool xmpp_c2s_is_ready(const struct xmpp_c2s *c2s)
{
	return c2s->state == C2S_READY;
}

void xmpp_c2s_rest(struct xmpp_c2s *c2s)
{
	xml_parser_rest(c2s->parser);
}

void xmpp_c2s_set_condition(struct xmpp_c2s *c2s, const char *element)
{
	g_free(c2s->condition);
	c2s->condition = g_strdup(element);
}

/* Both may come from inside a call that has set another buffer. */
void xmpp_c2s_end(struct xmpp_c2s *c2s, enum xmpp_c2s_error error, const char *text, struct buf *out)
{
	struct buf *before = c2s->out;
	c2s->out = out;
	c2s_end(c2s, error, text);
	c2s->out = before;
}

void xmpp_c2s_close(struct xmpp_c2s *c2s, struct buf *out)
{
	struct buf *before = c2s->out;
	c2s->out = out;
	close_stream(c2s);
	c2s->out = before;
}
