/* SPDX-License-Identifier: MIT */
#include "xmpp/form.h"

#include "xmpp/ns.h"

const struct xml_element *form_find(const struct xml_element *payload)
{
	return xml_child(payload, NS_FORM, "x");
}

const char *form_value(const struct xml_element *form, const char *var, struct arena *arena)
{
	const struct xml_element *field = xml_first(form);
	for (; field; field = xml_next(field)) {
		const char *name = xml_attr(field, "var");
		if (name && !strcmp(name, var) && !strcmp(field->name, "field"))
			return xml_child_text(field, NULL, "value", arena);
	}
	return NULL;
}

void form_begin(struct buf *out, const char *type, const char *title, const char *instructions)
{
	xml_put(out, "<x xmlns='" NS_FORM "'");
	xml_put_attr(out, "type", type);
	xml_put(out, ">");
	xml_put_text(out, "title", title);
	xml_put_text(out, "instructions", instructions);
}

static void open_field(struct buf *out, const char *type, const char *var, const char *label, const char *value)
{
	xml_put(out, "<field");
	xml_put_attr(out, "type", type);
	xml_put_attr(out, "var", var);
	xml_put_attr(out, "label", label);
	xml_put(out, ">");
	xml_put_text(out, "value", value);
}

void form_put(struct buf *out, const char *type, const char *var, const char *label, const char *value, bool required)
{
	open_field(out, type, var, label, value);
	if (required)
		xml_put(out, "<required/>");
	xml_put(out, "</field>");
}

void form_put_list(struct buf *out, const char *var, const char *label, const char *value, const char *const *options,
		   size_t count)
{
	open_field(out, "list-single", var, label, value);
	for (size_t i = 0; i < count; i++) {
		xml_put(out, "<option");
		xml_put_attr(out, "label", options[i]);
		xml_put(out, ">");
		xml_put_text(out, "value", options[i]);
		xml_put(out, "</option>");
	}
	xml_put(out, "</field>");
}

void form_begin_lines(struct buf *out, const char *var, const char *label)
{
	open_field(out, "text-multi", var, label, NULL);
}

void form_end_lines(struct buf *out)
{
	xml_put(out, "</field>");
}

void form_end(struct buf *out)
{
	xml_put(out, "</x>");
}
