/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

int fixture_setup(void **state)
{
	struct fixture *fixture = g_new0(struct fixture, 1);

	fixture->loop = loop_new();
	fixture->folder = g_dir_make_tmp("storage-XXXXXX", NULL);
	assert_non_null(fixture->folder);
	fixture->file = g_build_filename(fixture->folder, "database.sql", NULL);
	fixture->order = g_string_new(NULL);
	fixture->text = g_strdup("");
	*state = fixture;
	return 0;
}

static void remove_folder(const char *folder)
{
	GDir *dir = g_dir_open(folder, 0, NULL);
	const char *name;

	while ((name = g_dir_read_name(dir))) {
		g_autofree char *path = g_build_filename(folder, name, NULL);
		g_remove(path);
	}
	g_dir_close(dir);
	g_rmdir(folder);
}

int fixture_teardown(void **state)
{
	struct fixture *fixture = *state;

	storage_close(&fixture->storage);
	loop_free(&fixture->loop);
	remove_folder(fixture->folder);
	g_clear_error(&fixture->error);
	g_string_free(fixture->order, TRUE);
	g_free(fixture->folder);
	g_free(fixture->file);
	g_free(fixture->text);
	g_free(fixture);
	return 0;
}

static void render_user(GString *out, const struct storage_user *user)
{
	g_string_append_printf(out, "%s %s %s %s %s%s%s\n", user->jid, user->uin, user->password, user->language,
			       user->encoding, user->vip ? " vip" : "", user->online ? " online" : "");
	for (size_t i = 0; i < user->contact_count; i++) {
		const struct storage_contact *contact = &user->contacts[i];
		g_string_append_printf(out, "contact %" G_GINT64_FORMAT " %s %s [%s] [%s] %u [%s]\n", contact->id,
				       contact->name, contact->subscription, contact->alias, contact->groups,
				       contact->flags, contact->icon_hash);
	}
	for (size_t i = 0; i < user->setting_count; i++)
		g_string_append_printf(out, "setting %s %d [%s]\n", user->settings[i].name, user->settings[i].type,
				       user->settings[i].value);
	for (size_t i = 0; i < user->room_count; i++)
		g_string_append_printf(out, "room %s %s [%s]\n", user->rooms[i].node, user->rooms[i].nick,
				       user->rooms[i].resources);
	if (user->has_messages)
		g_string_append(out, "has messages\n");
}

static void render_message(GString *out, const struct storage_message *message)
{
	g_string_append_printf(out, "%s/%s%s %s [%s] [%s] [%s] %" G_GINT64_FORMAT "\n", message->room, message->sender,
			       message->is_private ? " private" : "", message->message_id, message->body,
			       message->xhtml, message->attachments, message->stamp);
}

static void render_page(GString *out, const struct storage_archive_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		const struct storage_archived *at = &page->all[i];
		g_string_append_printf(out, "%" G_GINT64_FORMAT " %s/%s %s %" G_GINT64_FORMAT "\n", at->id, at->peer,
				       at->resource, at->stanza, at->stamp);
	}
	g_string_append_printf(out, "%s of %" G_GINT64_FORMAT "\n", page->complete ? "all" : "some", page->total);
}

static void render_documents(GString *out, const struct storage_answer *answer)
{
	for (size_t i = 0; i < answer->document_count; i++) {
		const struct storage_document *at = &answer->documents[i];
		g_string_append_printf(out, "%d %s/%s %s %" G_GINT64_FORMAT "\n", at->kind, at->node, at->item,
				       at->text ? at->text : "-", at->stamp);
	}
}

static void note_answer(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct fixture *fixture = ctx;
	GString *text = g_string_new(NULL);

	fixture->answered++;
	g_string_append_printf(fixture->order, "%" G_GUINT64_FORMAT " ", id);
	g_clear_error(&fixture->error);
	if (answer->error)
		fixture->error = g_error_copy(answer->error);
	if (answer->user)
		render_user(text, answer->user);
	for (size_t i = 0; answer->names && answer->names[i]; i++)
		g_string_append_printf(text, "%s\n", answer->names[i]);
	for (size_t i = 0; !answer->error && i < answer->message_count; i++)
		render_message(text, &answer->messages[i]);
	if (answer->message_count)
		fixture->last_message = answer->messages[answer->message_count - 1].id;
	for (size_t i = 0; i < answer->returning_count; i++)
		g_string_append_printf(text, "%s [%s]%s\n", answer->returning[i].jid,
				       answer->returning[i].stay_connected,
				       answer->returning[i].online ? " online" : "");
	if (answer->error && answer->messages)
		g_string_append_printf(text, "not kept: %s\n", answer->messages->body);
	if (answer->archive)
		render_page(text, answer->archive);
	render_documents(text, answer);
	fixture->last_id = answer->last_id;
	fixture->dropped += answer->dropped;
	fixture->id = answer->user ? answer->user->id : 0;
	fixture->yes = answer->yes;
	g_free(fixture->text);
	fixture->text = g_string_free(text, FALSE);
}

struct storage_reply fixture_reply(struct fixture *fixture)
{
	return (struct storage_reply){ .done = note_answer, .ctx = fixture, .id = ++fixture->asked };
}

void fixture_wait(struct fixture *fixture)
{
	while (fixture->answered < fixture->asked)
		loop_once(fixture->loop, -1);
}

bool fixture_open(struct fixture *fixture, const char *prefix)
{
	struct storage_options options = { .type = "sqlite3", .database = fixture->file, .prefix = prefix };

	storage_close(&fixture->storage);
	fixture->storage = storage_open(fixture->loop, &options, fixture_reply(fixture), NULL);
	assert_non_null(fixture->storage);
	fixture_wait(fixture);
	return !fixture->error;
}

int64_t fixture_add(struct fixture *fixture, const char *jid, const char *uin)
{
	struct storage_user user = { .jid = jid, .uin = uin, .password = "pw", .language = "en", .encoding = "utf8" };

	storage_put_user(fixture->storage, &user, fixture_reply(fixture));
	fixture_wait(fixture);
	assert_null(fixture->error);
	assert_true(fixture->id > 0);
	return fixture->id;
}

const char *fixture_find(struct fixture *fixture, const char *jid)
{
	storage_find_user(fixture->storage, jid, fixture_reply(fixture));
	fixture_wait(fixture);
	return fixture->text;
}

int fixture_code(struct fixture *fixture)
{
	if (!fixture->error)
		return -1;
	assert_true(fixture->error->domain == STORAGE_ERROR);
	assert_non_null(strstr(fixture->error->message, fixture->file));
	return fixture->error->code;
}

static int append_row(void *ctx, int n, char **columns, char **names)
{
	for (int i = 0; i < n; i++)
		g_string_append_printf(ctx, "%s%s", i > 0 ? "|" : "", columns[i] ? columns[i] : "NULL");
	g_string_append_c(ctx, '\n');
	return 0;
}

char *fixture_sql(const char *file, const char *sql)
{
	GString *rows = g_string_new(NULL);
	sqlite3 *db;
	char *message = NULL;

	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	if (sqlite3_exec(db, sql, append_row, rows, &message) != SQLITE_OK)
		fail_msg("%s: %s", sql, message);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
	return g_string_free(rows, FALSE);
}
