/* SPDX-License-Identifier: MIT */
#ifndef XMPP_COMPONENT_H
#define XMPP_COMPONENT_H

#include "base/buf.h"
#include "xml/parser.h"

/* The component's side of a stream to a server (XEP-0114), without I/O: bytes in, events and bytes out. */
struct xmpp_component;

struct xmpp_component_events {
	/* The server accepted the handshake. */
	void (*up)(void *ctx);
	/* A stanza of the server; borrowed for the call. Only after `up`. */
	void (*stanza)(void *ctx, const struct xml_element *stanza, struct arena *arena);
	/* In its place for one of too many elements or attributes, which is skipped: its start tag. */
	void (*skipped)(void *ctx, const struct xml_element *start, const char *why, struct arena *arena);
};

enum xmpp_stream_error {
	XMPP_STREAM_ERROR_XML,    /* not well-formed, or over a limit */
	XMPP_STREAM_ERROR_SECRET, /* the handshake was refused */
	XMPP_STREAM_ERROR_SERVER, /* a stream error; the text has its condition and text */
	XMPP_STREAM_ERROR_CLOSED  /* the server closed the stream */
};
#define XMPP_STREAM_ERROR (xmpp_stream_error_quark())
GQuark xmpp_stream_error_quark(void);

/* `jid` and `secret` are copied. */
struct xmpp_component *xmpp_component_new(const char *jid, const char *secret,
					  const struct xmpp_component_events *events, void *ctx);
void xmpp_component_free(struct xmpp_component **component);

/* Writes the stream header. */
void xmpp_component_open(struct xmpp_component *component, struct buf *out);

/* Takes what the server sent; answers of the stream itself go to `out`. False: the stream is over,
 * `error` says why; it is then to be closed and this object freed. */
bool xmpp_component_feed(struct xmpp_component *component, const char *bytes, size_t n, struct buf *out,
			 GError **error);

/* Writes the stream's end, if it was opened. */
void xmpp_component_close(struct xmpp_component *component, struct buf *out);

#endif
