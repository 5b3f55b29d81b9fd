/* SPDX-License-Identifier: MIT */
#include "core/settings.h"
#include "frontend/iq/adhoc.h"
#include "xmpp/form.h"

/* Arguments as forms (XEP-0004), and answers. */

/* Of commands about a user that name no argument for it. */
#define WHOSE       "username"
#define WHOSE_LABEL "Jabber ID"

enum { LINES_MAX = 5000 };

static bool asks_whose(const struct adhoc_command *command)
{
	return command->for_admin && command->row->context == ADMIN_CONTEXT_USER;
}

/* Users are not asked who they are. */
static bool is_asked(const struct adhoc_session *session, size_t i)
{
	const struct admin_row *row = session->command.row;
	bool self = i == 0 && row->flags & ADMIN_SELF && !session->command.for_admin;
	return row->kind == ADMIN_CMD && !self && admin_applies(session->frontend->admin, &row->arguments[i]);
}

bool adhoc_has_form(const struct adhoc_session *session)
{
	bool any = asks_whose(&session->command);
	for (size_t i = 0; session->command.row->arguments[i].name; i++)
		any |= is_asked(session, i);
	return any;
}

/* --- writing --------------------------------------------------------------------------------- */

void adhoc_put_status(struct buf *out, const struct adhoc_session *session, const char *status)
{
	g_autofree char *id = adhoc_session_name(session);
	xml_put(out, "<command xmlns='" NS_COMMANDS "' node='");
	if (session->command.for_admin)
		xml_put(out, ADHOC_ADMIN_NODE);
	buf_append_text(out, session->command.row->name);
	xml_put(out, "'");
	xml_put_attr(out, "sessionid", id);
	xml_put_attr(out, "status", status);
	xml_put(out, ">");
}

static void put_field(struct buf *out, const struct adhoc_session *session, const struct admin_argument *argument,
		      bool whose)
{
	static const char *const types[] = {
		[ADMIN_STRING] = "text-single",
		[ADMIN_PASSWORD] = "text-private",
		[ADMIN_BOOLEAN] = "boolean",
	};
	form_put(out, whose ? "jid-single" : types[argument->type], argument->name,
		 admin_label(session->frontend->admin, argument), NULL, argument->required);
}

void adhoc_put_form(struct buf *out, const struct adhoc_session *session)
{
	const struct adhoc_command *command = &session->command;
	const struct admin_row *row = command->row;
	adhoc_put_status(out, session, "executing");
	if (row->flags & ADMIN_SETTINGS)
		xml_put(out, "<actions execute='next'><next/></actions>");
	else
		xml_put(out, "<actions execute='complete'><complete/></actions>");
	form_begin(out, "form", adhoc_title(command), command->for_admin ? row->description : row->hint);
	if (asks_whose(command))
		form_put(out, "jid-single", WHOSE, WHOSE_LABEL, NULL, true);
	for (size_t i = 0; row->arguments[i].name; i++)
		if (is_asked(session, i))
			put_field(out, session, &row->arguments[i], i == 0 && row->flags & ADMIN_SELF);
	form_end(out);
	xml_put(out, "</command>");
}

void adhoc_put_question(struct buf *out, const struct adhoc_session *session)
{
	adhoc_put_status(out, session, "executing");
	xml_put(out, "<actions execute='complete'><complete/></actions>");
	form_begin(out, "form", adhoc_title(&session->command), NULL);
	form_put(out, "fixed", NULL, NULL, session->command.row->hint, false);
	form_end(out);
	xml_put(out, "</command>");
}

/* As it always was: no title, no instructions. */
void adhoc_put_settings(struct buf *out, const struct adhoc_session *session, const bool *values)
{
	adhoc_put_status(out, session, "executing");
	if (session->whose)
		xml_put(out, "<actions execute='complete'><prev/><complete/></actions>");
	else
		xml_put(out, "<actions execute='complete'><complete/></actions>");
	form_begin(out, "form", NULL, NULL);
	for (int i = 0; i < CORE_SETTING_COUNT; i++) {
		const struct core_setting_info *info = core_setting_info((enum core_setting)i);
		form_put(out, "boolean", info->name, info->label, values[i] ? "1" : "0", false);
	}
	form_end(out);
	xml_put(out, "</command>");
}

static void put_note(struct buf *out, const char *text, bool failed)
{
	if (failed)
		xml_put(out, "<note type='error'>");
	else
		xml_put(out, "<note type='info'>");
	xml_escape(out, text);
	xml_put(out, "</note>");
}

void adhoc_put_fixed(struct buf *out, const char *text)
{
	form_begin(out, "result", NULL, NULL);
	form_put(out, "fixed", NULL, NULL, text, false);
	form_end(out);
}

/* A line is a note, several are a form; a list too long for a stanza is cut. */
void adhoc_put_text(struct buf *out, const struct adhoc_session *session, const char *text, bool failed)
{
	const char *title = adhoc_title(&session->command);
	size_t start = buf_len(out);
	g_auto(GStrv) lines = g_strsplit(text, "\n", LINES_MAX + 1);
	unsigned n = g_strv_length(lines);
	while (n && !*lines[n - 1])
		n--;
	if (failed || n <= 1) {
		put_note(out, n ? text : "(nothing)", failed);
		return;
	}
	form_begin(out, "result", title, NULL);
	form_begin_lines(out, "answer", title);
	for (unsigned i = 0; i < n && i < LINES_MAX && buf_len(out) - start < FRONTEND_ITEMS_MAX; i++)
		xml_put_text(out, "value", lines[i]);
	form_end_lines(out);
	form_end(out);
}

/* --- reading --------------------------------------------------------------------------------- */

/* What cannot be typed in a line cannot be an argument, either. */
static bool is_value(const char *text)
{
	return strlen(text) <= ADMIN_LINE_MAX && !strchr(text, '\n');
}

static bool read_value(const struct xml_element *form, const char *name, bool required, struct arena *arena,
		       const char **value)
{
	const char *text = form_value(form, name, arena);
	*value = text && *text ? text : NULL;
	return *value ? is_value(*value) : !required;
}

bool adhoc_read_form(const struct adhoc_session *session, const struct xml_element *payload, struct arena *arena,
		     const char *values[ADMIN_ARGUMENTS_MAX], const char **whose)
{
	const struct admin_row *row = session->command.row;
	const struct xml_element *form = form_find(payload);
	if (!form || (asks_whose(&session->command) && !read_value(form, WHOSE, true, arena, whose)))
		return false;
	for (size_t i = 0; row->arguments[i].name; i++)
		if (is_asked(session, i) &&
		    !read_value(form, row->arguments[i].name, row->arguments[i].required, arena, &values[i]))
			return false;
	return true;
}
