/* SPDX-License-Identifier: MIT */
/* What a server sends after a valid handshake: stanzas come whole, an end has a reason and stays one. The
 * first byte is the size of the pieces. */
#include "xmpp/component.h"
#include "xmpp/error.h"
#include "xmpp/form.h"
#include "xmpp/stanza.h"

enum { OUTPUT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	unsigned ups;
	bool over;
};

static void on_up(void *ctx)
{
	struct seen *seen = ctx;
	seen->ups++;
}

static void on_stanza(void *ctx, const struct xml_element *element, struct arena *arena)
{
	struct seen *seen = ctx;
	struct stanza stanza;
	g_assert(seen->ups == 1 && !seen->over);
	g_assert(element->name && element->ns);
	enum stanza_fault fault = stanza_read(&stanza, element, arena, "gate.localhost");
	if (fault == STANZA_OK || fault == STANZA_BAD_TO)
		g_assert(stanza.type && stanza.from.bare > 0);
	g_assert(fault != STANZA_OK || stanza.to.bare > 0);
	g_assert(xmpp_read_error(element) < XMPP_CONDITION_COUNT);
	for (const struct xml_element *at = xml_first(element); at; at = xml_next(at))
		form_value(form_find(at), "username", arena);
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	struct seen *seen = ctx;
	struct stanza stanza;
	g_assert(seen->ups == 1 && !seen->over);
	g_assert(start->name && !start->first && *why);
	stanza_read(&stanza, start, arena, "gate.localhost");
}

static bool feed(struct xmpp_component *component, const char *bytes, size_t n, struct buf *out)
{
	g_autoptr(GError) error = NULL;
	/* In a block of its own, so that reading past it is seen. */
	g_autofree char *piece = g_memdup2(bytes, n);
	bool alive = xmpp_component_feed(component, piece, n, out, &error);
	g_assert(alive == !error);
	g_assert(!error || *error->message);
	return alive;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct xmpp_component_events events = { .up = on_up, .stanza = on_stanza, .skipped = on_skipped };
	static const char start[] = "<stream:stream xmlns='jabber:component:accept' id='1' "
				    "xmlns:stream='http://etherx.jabber.org/streams'><handshake/>";
	struct seen seen = { 0 };
	struct buf out;
	if (size < 1)
		return 0;
	buf_init(&out, OUTPUT_MAX);
	struct xmpp_component *component = xmpp_component_new("gate.localhost", "secret", &events, &seen);
	xmpp_component_open(component, &out);
	bool alive = feed(component, start, sizeof(start) - 1, &out);
	g_assert(alive && seen.ups == 1);
	size_t written = buf_len(&out), piece = data[0] + 1u;
	for (size_t at = 1; alive && at < size; at += piece)
		alive = feed(component, (const char *)data + at, MIN(piece, size - at), &out);
	seen.over = !alive;
	g_assert(alive || !feed(component, "<message/>", 10, &out));
	/* The stream itself has nothing more to say. */
	g_assert(buf_len(&out) == written);
	xmpp_component_free(&component);
	buf_fini(&out);
	return 0;
}
