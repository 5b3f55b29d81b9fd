/* SPDX-License-Identifier: MIT */
/* test_admin_doc FILE           compares FILE with what the table of commands gives
 * test_admin_doc --write FILE   writes it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "admin/admin.h"

static const char *program, *path;

static const char intro[] = "# Commands\n"
			    "\n"
			    "This page is made of `src/admin/table.c`.\n"
			    "\n"
			    "## For users\n"
			    "\n"
			    "Each of these is a message to the gateway's own address, in any client; upper and lower "
			    "case, and further blanks, do\n"
			    "not matter. Clients with ad-hoc commands (XEP-0050) have the same as forms. Who adds the "
			    "gateway to his contacts and\n"
			    "is not registered is told how to register.\n"
			    "\n"
			    "| message | what happens |\n"
			    "|---|---|\n";

static const char for_administrators[] =
	"\n"
	"`register` answers with the advice to delete the message that has the password in it. `join` puts the room "
	"among the\n"
	"user's bookmarks, where the server lets the gateway (XEP-0356), and sends an invitation otherwise. What\n"
	"`enable_transport` and `stay_connected` switch counts at once.\n"
	"\n"
	"## For administrators\n"
	"\n"
	"Those whose bare JID is in `service.admin_jid` give these by chat with the gateway too, and find them among "
	"its\n"
	"ad-hoc commands, with `admin/` before the name. Programs send them as QUERY to the backend port\n"
	"([backends.md](backends.md)), which only processes of the gateway's own user and root can do.\n"
	"\n"
	"Words stand apart by single blanks. A variable (VAR) is read by its name, or `get NAME`, and set by\n"
	"`set NAME VALUE`. What is about one user has that user's bare JID first: `set stay_connected user@example.org "
	"on`;\n"
	"by chat, administrators who leave it out mean themselves. Answers that begin with `Error:` say what was "
	"wrong.\n"
	"\n"
	"| name | kind | arguments | what it does |\n"
	"|---|---|---|---|\n";

static void put_arguments(GString *text, const struct admin_row *row, bool to_user)
{
	const struct admin_argument *at = row->arguments + (to_user && row->flags & ADMIN_SELF ? 1 : 0);
	for (; at->name; at++)
		if (at->when != ADMIN_WITH_LOCAL)
			g_string_append_printf(text, at->required ? " %s" : " [%s]", at->word);
}

/* A bar would end a cell of the table. */
static void escape_bars(GString *text, size_t from)
{
	g_autofree char *rest = g_strdup(text->str + from);
	g_auto(GStrv) parts = g_strsplit(rest, "on|off", -1);
	g_autofree char *escaped = g_strjoinv("on\\|off", parts);
	g_string_truncate(text, from);
	g_string_append(text, escaped);
}

static void put_for_user(GString *text, const struct admin_row *row)
{
	size_t start = text->len;
	if (!row->hint)
		return;
	g_string_append_printf(text, "| `%s%s", row->kind == ADMIN_VAR ? "set " : "", row->name);
	put_arguments(text, row, true);
	escape_bars(text, start + 2);
	g_string_append_printf(text, "` | %s |\n", row->hint);
}

static void put_for_administrator(GString *text, const struct admin_row *row)
{
	if (admin_find(str_of(row->name), true) != row || row->flags & ADMIN_OWN)
		return;
	g_string_append_printf(text, "| %s | %s |", row->name, row->kind == ADMIN_CMD ? "CMD" : "VAR");
	if (row->context == ADMIN_CONTEXT_USER)
		g_string_append(text, " JID");
	size_t start = text->len;
	put_arguments(text, row, false);
	escape_bars(text, start);
	g_string_append_printf(text, " | %s |\n", row->description);
}

static char *render(void)
{
	GString *text = g_string_new(intro);
	size_t n;
	const struct admin_row *rows = admin_rows(&n);
	for (size_t i = 0; i < n; i++)
		put_for_user(text, &rows[i]);
	g_string_append(text, for_administrators);
	for (size_t i = 0; i < n; i++)
		put_for_administrator(text, &rows[i]);
	return g_string_free(text, FALSE);
}

static void document_in_the_tree_is_current(void **state)
{
	g_autofree char *expected = render(), *found = NULL;
	if (!g_file_get_contents(path, &found, NULL, NULL) || strcmp(found, expected) != 0)
		fail_msg("%s is not what src/admin/table.c gives; run: %s --write %s", path, program, path);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(document_in_the_tree_is_current) };
	g_autoptr(GError) error = NULL;
	program = argv[0];
	path = argv[argc - 1];
	if (argc != 3 || strcmp(argv[1], "--write") != 0)
		return cmocka_run_group_tests(tests, NULL, NULL);
	g_autofree char *text = render();
	if (g_file_set_contents_full(path, text, -1, G_FILE_SET_CONTENTS_NONE, 0644, &error))
		return 0;
	g_printerr("%s\n", error->message);
	return 1;
}
