/* SPDX-License-Identifier: MIT */
#ifndef XMPP_XHTML_H
#define XMPP_XHTML_H

#include "base/buf.h"
#include "xml/element.h"

/* XHTML-IM (XEP-0071). Both ways pass through one reduction to its "Recommended Profile": of
 * elements, attributes, URL schemes and style properties only what is known to be harmless is left.
 * Text of unknown elements stays, that of scripts, style sheets and other namespaces does not. */

/* Bytes of what comes and of what is written. */
enum { XHTML_MAX = 64 << 10 };

/* Writes `<html xmlns='http://jabber.org/protocol/xhtml-im'>` for the inside of a body as a network
 * gave it: any bytes. Usual HTML that is no XML (`<br>`, `&nbsp;`, a lone `&`) is mended. False, and
 * nothing is written, if it is malformed all the same, too large, or shows nothing. `arena` is for
 * scratch. */
bool xhtml_put(struct buf *out, struct arena *arena, const char *inner);

/* The inside of the body of an `<html/>` of that namespace, reduced, as text; NULL in the same cases.
 * `html` may be NULL. */
const char *xhtml_inner(const struct xml_element *html, struct arena *arena);

/* The inside of a body, reduced as for xhtml_put(), as a tree: a `<body/>` of nothing but known elements in
 * lower case. NULL where xhtml_put() is false. */
const struct xml_element *xhtml_read(struct arena *arena, const char *inner);

/* What such a tree says without its formatting; pictures are their addresses. "" for NULL. */
const char *xhtml_text(const struct xml_element *body, struct arena *arena);

#endif
