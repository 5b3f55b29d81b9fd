/* SPDX-License-Identifier: MIT */
#include "xmpp/component.h"

#include "base/secret.h"
#include "xml/writer.h"
#include "xmpp/ns.h"

GQuark xmpp_stream_error_quark(void)
{
	return g_quark_from_static_string("xmpp-stream-error");
}

enum state { IDLE, OPENED, HANDSHAKE_SENT, UP, OVER };

struct xmpp_component {
	enum state state;
	char *jid, *secret;
	const struct xmpp_component_events *events;
	void *ctx;
	struct xml_parser *parser;
	struct buf *out; /* of the feed that runs */
	GError *error;   /* why it is over */
};

static void end(struct xmpp_component *component, enum xmpp_stream_error code, const char *text)
{
	component->state = OVER;
	if (!component->error)
		component->error = g_error_new_literal(XMPP_STREAM_ERROR, (int)code, text);
	xml_parser_stop(component->parser);
}

/* XEP-0114, section 3: the lower-case hexadecimal SHA-1 of stream id and secret. */
static void on_open(void *ctx, const struct xml_element *header)
{
	struct xmpp_component *component = ctx;
	const char *id = xml_attr(header, "id");
	if (!xml_is(header, NS_STREAM, "stream")) {
		end(component, XMPP_STREAM_ERROR_XML, "the answer is not an XMPP stream");
		return;
	}
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	g_checksum_update(sum, (const guchar *)(id ? id : ""), -1);
	g_checksum_update(sum, (const guchar *)component->secret, -1);
	xml_put(component->out, "<handshake>");
	buf_append_text(component->out, g_checksum_get_string(sum));
	xml_put(component->out, "</handshake>");
	component->state = HANDSHAKE_SENT;
}

/* RFC 6120, section 4.9. */
static void stream_error(struct xmpp_component *component, const struct xml_element *error, struct arena *arena)
{
	const char *text = xml_child_text(error, NS_STREAMS, "text", arena);
	const struct xml_element *at = xml_first(error);
	const char *condition = at && strcmp(at->name, "text") ? at->name : "undefined-condition";
	bool refused = component->state == HANDSHAKE_SENT && !strcmp(condition, "not-authorized");
	const char *whole = arena_printf(arena, "%s%s%s", condition, text ? ": " : "", text ? text : "");
	end(component, refused ? XMPP_STREAM_ERROR_SECRET : XMPP_STREAM_ERROR_SERVER, whole);
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct xmpp_component *component = ctx;
	if (xml_is(stanza, NS_STREAM, "error")) {
		stream_error(component, stanza, arena);
	} else if (component->state == UP) {
		component->events->stanza(component->ctx, stanza, arena);
	} else if (!strcmp(stanza->name, "handshake")) {
		component->state = UP;
		component->events->up(component->ctx);
	}
	/* Anything else before the handshake's answer, such as stream features, is not for us. */
}

/* What users send passes through the server as it is: none may end the link for all. */
static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	struct xmpp_component *component = ctx;
	if (component->state == UP)
		component->events->skipped(component->ctx, start, why, arena);
}

static void on_close(void *ctx)
{
	end(ctx, XMPP_STREAM_ERROR_CLOSED, "the server closed the stream");
}

struct xmpp_component *xmpp_component_new(const char *jid, const char *secret,
					  const struct xmpp_component_events *events, void *ctx)
{
	static const struct xml_parser_events parser_events = {
		.open = on_open, .stanza = on_stanza, .skipped = on_skipped, .close = on_close
	};
	struct xmpp_component *component = g_new0(struct xmpp_component, 1);
	component->jid = g_strdup(jid);
	component->secret = secret_dup(secret);
	component->events = events;
	component->ctx = ctx;
	component->parser = xml_parser_new(&XML_LIMITS_DEFAULT, &parser_events, component);
	return component;
}

void xmpp_component_free(struct xmpp_component **componentp)
{
	struct xmpp_component *component = *componentp;
	if (!component)
		return;
	*componentp = NULL;
	xml_parser_free(&component->parser);
	g_clear_error(&component->error);
	secret_free(&component->secret);
	g_free(component->jid);
	g_free(component);
}

void xmpp_component_open(struct xmpp_component *component, struct buf *out)
{
	xml_put(out, "<?xml version='1.0'?><stream:stream xmlns='" NS_COMPONENT "' xmlns:stream='" NS_STREAM "'");
	xml_put_attr(out, "to", component->jid);
	xml_put(out, ">");
	component->state = OPENED;
}

bool xmpp_component_feed(struct xmpp_component *component, const char *bytes, size_t n, struct buf *out, GError **error)
{
	g_autoptr(GError) broken = NULL;
	component->out = out;
	if (component->state != OVER && !xml_parser_feed(component->parser, bytes, n, &broken)) {
		component->state = OVER;
		if (!component->error)
			component->error = g_error_new(XMPP_STREAM_ERROR, XMPP_STREAM_ERROR_XML, "broken XML: %s",
						       broken->message);
	}
	component->out = NULL;
	if (component->state != OVER)
		return true;
	if (error)
		*error = g_error_copy(component->error);
	return false;
}

void xmpp_component_close(struct xmpp_component *component, struct buf *out)
{
	if (component->state != IDLE)
		xml_put(out, "</stream:stream>");
}
