/* SPDX-License-Identifier: MIT */
#include "frontend/private.h"

LOG_AREA("Component.RAW");

/* What is said between people, and what keeps them apart from others, is nobody's to read in a log. */
static const char *const hidden[] = {
	"body", "password", "value", "BINVAL", "subject", "html", "prompt", "url", "desc"
};

static bool is_hidden(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(hidden); i++)
		if (!strcmp(name, hidden[i]))
			return true;
	return false;
}

static void copy_visible(struct arena *arena, struct xml_element *copy, const struct xml_element *from)
{
	for (const struct xml_attribute *at = from->attributes; at; at = at->next)
		if (!*at->ns)
			xml_set_attr(arena, copy, at->name, is_hidden(at->name) ? "..." : at->value);
	if (is_hidden(from->name)) {
		xml_add_text(arena, copy, "...", 3);
		return;
	}
	for (const struct xml_element *at = from->first; at; at = at->next) {
		if (at->name)
			copy_visible(arena, xml_add(arena, copy, at->ns, at->name), at);
		else
			xml_add_text(arena, copy, at->text, at->text_len);
	}
}

static void trace(const char *direction, const struct xml_element *stanza)
{
	struct arena *arena = arena_new(4096);
	struct xml_element *copy = xml_new(arena, stanza->ns, stanza->name);
	struct buf text;
	copy_visible(arena, copy, stanza);
	buf_init(&text, 1 << 20);
	xml_put_element(&text, copy, stanza->ns);
	log_trace("%s %.*s", direction, (int)buf_len(&text), buf_data(&text));
	buf_fini(&text);
	arena_free(&arena);
}

void route_received(const struct xml_element *stanza)
{
	if (log_tracing())
		trace("in ", stanza);
}

struct buf *route_begin(struct frontend *frontend, const char *to, bool lasting)
{
	struct buf *out = frontend->route->out(frontend->route_ctx, to, lasting);
	if (out)
		frontend->stanza_start = buf_len(out);
	else
		metrics_count(frontend->metrics, METRIC_STANZAS_DROPPED);
	return out;
}

static void trace_sent(const struct frontend *frontend, const struct buf *out)
{
	struct arena *arena = arena_new(4096);
	const char *bytes = buf_data(out) + frontend->stanza_start;
	const struct xml_element *stanza =
		xml_parse_document(arena, &XML_LIMITS_DEFAULT, bytes, buf_len(out) - frontend->stanza_start, NULL);
	if (stanza)
		trace("out", stanza);
	arena_free(&arena);
}

/* The server would end the link, which is everybody's, and again when the stanza is sent again. */
static bool is_too_large(const struct frontend *frontend, const struct buf *out)
{
	size_t max = frontend->server ? FRONTEND_OWN_MAX : FRONTEND_STANZA_MAX;
	return !out->failed && buf_len(out) - frontend->stanza_start > max;
}

void route_end(struct frontend *frontend, struct buf *out, const char *to)
{
	if (is_too_large(frontend, out)) {
		log_warn("a stanza of %zu bytes for %s is too large for the server, it is left out",
			 buf_len(out) - frontend->stanza_start, to);
		buf_truncate(out, frontend->stanza_start);
		metrics_count(frontend->metrics, METRIC_STANZAS_DROPPED);
		return;
	}
	if (log_tracing() && !out->failed)
		trace_sent(frontend, out);
	frontend->route->sent(frontend->route_ctx, to);
}
