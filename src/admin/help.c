/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

/* The table as text. The lines of args, commands and variables are read by programs, which split them at blanks
 * and know quotes. */

static void put_quoted(GString *text, const char *value)
{
	g_string_append_c(text, '"');
	for (; *value; value++) {
		if (*value == '"' || *value == '\\')
			g_string_append_c(text, '\\');
		g_string_append_c(text, *value == '\n' ? ' ' : *value);
	}
	g_string_append_c(text, '"');
}

static const char *access_name(const struct admin_row *row)
{
	return row->access == ADMIN_ACCESS_ADMIN ? "Admin" : "User";
}

static const char *context_name(const struct admin_row *row)
{
	return row->context == ADMIN_CONTEXT_USER ? "User" : "Global";
}

static void each_row(struct admin_task *task, void (*put)(struct admin_task *task, const struct admin_row *row))
{
	size_t n;
	const struct admin_row *rows = admin_rows(&n);
	for (size_t i = 0; i < n; i++)
		if (row_is_for(&rows[i], task->by_admin, task->asker))
			put(task, &rows[i]);
}

static void put_command(struct admin_task *task, const struct admin_row *row)
{
	if (row->kind != ADMIN_CMD)
		return;
	g_string_append_printf(task->text, "%s - ", row->name);
	put_quoted(task->text, row->description);
	g_string_append_printf(task->text,
			       " Category: %s AccesMode: %s Context: %s Label: ", admin_category_name(row->category),
			       access_name(row), context_name(row));
	put_quoted(task->text, row->label ? row->label : row->name);
	g_string_append_c(task->text, '\n');
}

void run_commands(struct admin_task *task)
{
	each_row(task, put_command);
	task_finish(task);
}

static void put_variable(struct admin_task *task, const struct admin_row *row)
{
	g_autoptr(GString) value = g_string_new(NULL);
	if (row->kind != ADMIN_VAR)
		return;
	g_string_append_printf(task->text, "%s - ", row->name);
	put_quoted(task->text, row->description);
	if (row->value)
		row->value(task->admin, value);
	g_strchomp(value->str);
	g_string_append(task->text, " Value: ");
	put_quoted(task->text, value->str);
	g_string_append_printf(task->text, " Read-only: %s Category: %s AccesMode: %s Context: %s\n",
			       row->value ? "true" : "false", admin_category_name(row->category), access_name(row),
			       context_name(row));
}

void run_variables(struct admin_task *task)
{
	each_row(task, put_variable);
	task_finish(task);
}

void run_args(struct admin_task *task)
{
	const struct admin_row *row = admin_find(str_of(task->values[0]), task->by_admin);
	if (!row || row->kind != ADMIN_CMD) {
		task_refuse(task, "Unknown command passed as an argument.");
		return;
	}
	for (const struct admin_argument *at = row->arguments; at->name; at++) {
		if (!admin_applies(task->admin, at))
			continue;
		g_string_append_printf(task->text, "%s - ", at->name);
		put_quoted(task->text, admin_label(task->admin, at));
		g_string_append(task->text, " Example: ");
		put_quoted(task->text, at->example ? at->example : "");
		g_string_append(task->text, " Type: ");
		put_quoted(task->text, admin_type_name(at->type));
		g_string_append_c(task->text, '\n');
	}
	task_finish(task);
}

void run_help(struct admin_task *task)
{
	size_t n;
	const struct admin_row *rows = admin_rows(&n);
	for (int category = ADMIN_GENERAL; category <= ADMIN_MEMORY; category++) {
		g_string_append_printf(task->text, "%s:\n", admin_category_name((enum admin_category)category));
		for (size_t i = 0; i < n; i++) {
			const struct admin_row *row = &rows[i];
			if ((int)row->category == category && row_is_for(row, task->by_admin, task->asker))
				g_string_append_printf(task->text, "   %s   %s - %s\n",
						       row->kind == ADMIN_CMD ? "CMD" : "VAR", row->name,
						       row->description);
		}
	}
	task_finish(task);
}

/* --- for users ------------------------------------------------------------------------------- */

void help_put_usage(GString *text, const struct admin *admin, const struct admin_row *row, enum admin_verb verb)
{
	const struct admin_argument *at = row->arguments;
	if (row->flags & ADMIN_SELF)
		at++;
	g_string_append_printf(text, "%s%s", verb == ADMIN_SET ? "set " : "", row->name);
	for (; at->name && verb != ADMIN_GET; at++)
		if (admin_applies(admin, at))
			g_string_append_printf(text, at->required ? " %s" : " [%s]", at->word);
}

static void put_hint(struct admin_task *task, const struct admin_row *row)
{
	bool idle = row->flags & ADMIN_ACCOUNT && !task->by_admin && account_is_of_network(task->admin);
	if (!row->hint || idle)
		return;
	help_put_usage(task->text, task->admin, row, row->kind == ADMIN_VAR ? ADMIN_SET : ADMIN_RUN);
	g_string_append_printf(task->text, " - %s\n", row->hint);
}

void run_user_help(struct admin_task *task)
{
	task_say(task, "I am %s, a gateway to another network. Write me one of these:\n",
		 config_text(task->admin->config, CONFIG_IDENTITY_NAME));
	each_row(task, put_hint);
	task_finish(task);
}
