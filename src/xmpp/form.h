/* SPDX-License-Identifier: MIT */
#ifndef XMPP_FORM_H
#define XMPP_FORM_H

#include "xml/writer.h"

/* Data forms (XEP-0004). */

/* The form inside a payload, or NULL. */
const struct xml_element *form_find(const struct xml_element *payload);

/* The first value of a field of a submitted form; NULL if the field is missing or has no value. */
const char *form_value(const struct xml_element *form, const char *var, struct arena *arena);

/* Writing: begin, fields, end. Values of NULL are left out. */
void form_begin(struct buf *out, const char *type, const char *title, const char *instructions);
void form_put(struct buf *out, const char *type, const char *var, const char *label, const char *value, bool required);
/* A list-single whose options are `count` texts, each its own label. */
void form_put_list(struct buf *out, const char *var, const char *label, const char *value, const char *const *options,
		   size_t count);
/* A text-multi: <value/> elements, one a line, stand between. */
void form_begin_lines(struct buf *out, const char *var, const char *label);
void form_end_lines(struct buf *out);
void form_end(struct buf *out);

#endif
