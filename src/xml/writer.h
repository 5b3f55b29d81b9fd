/* SPDX-License-Identifier: MIT */
#ifndef XML_WRITER_H
#define XML_WRITER_H

#include "base/buf.h"
#include "xml/element.h"

#include <stdint.h>

/* Writing XML straight into an output buffer, in one pass and without allocation. Whatever text is
 * given, the result is well-formed: & < > ' " are escaped, characters that XML forbids are left
 * out, malformed UTF-8 becomes '_' (as text_clean() does). */

/* Markup written by the programmer, as it is. The literal's length is known at compile time. */
#define xml_put(out, literal) ((void)buf_append((out), "" literal, sizeof(literal) - 1))

/* Character data or an attribute value (without its quotes). The _n form takes a length. */
void xml_escape(struct buf *out, const char *text);
void xml_escape_n(struct buf *out, const char *text, size_t n);

/* ` name='value'`; nothing at all if value is NULL. `name` is a literal such as "id". */
void xml_put_attr(struct buf *out, const char *name, const char *value);

/* A number in decimal, as text or as ` name='number'`. */
void xml_put_number(struct buf *out, uint64_t number);
void xml_put_number_attr(struct buf *out, const char *name, uint64_t number);

/* `<name>text</name>` without attributes; nothing at all if text is NULL. */
void xml_put_text(struct buf *out, const char *name, const char *text);

/* A tree; xmlns is written where it differs from the parent's, `ns` being that of what is around. */
void xml_put_element(struct buf *out, const struct xml_element *element, const char *ns);

#endif
