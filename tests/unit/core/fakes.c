/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#include "base/log.h"
#include "core/arrival.h"
#include "fakes_private.h"

#include <glib/gstdio.h>
#include <sqlite3.h>

static void ignore_line(void *ctx, enum log_level level, const char *area, const char *text)
{
}

static void note_answer(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct fakes *fakes = ctx;
	fakes->answered++;
}

struct fakes *fakes_new(const char *storage_type, const char *const *overrides)
{
	struct fakes *fakes = g_new0(struct fakes, 1);
	g_autoptr(GError) error = NULL;
	log_capture(ignore_line, NULL);
	fakes->loop = loop_new();
	fakes->arena = arena_new(4096);
	fakes->lines = g_ptr_array_new_with_free_func(g_free);
	fakes->folder = g_dir_make_tmp("core-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(fakes->folder, "test.cfg", NULL);
	g_autofree char *text = g_strdup_printf("[service]\njid=gate.localhost\nserver=127.0.0.1\nport=5347\n"
						"password=x\nbackend=/bin/true\nworking_dir=%s\n[database]\ntype=%s\n",
						fakes->folder, storage_type);
	assert_true(g_file_set_contents(path, text, -1, NULL));
	fakes->config = config_load(&(struct config_source){ .path = path, .overrides = overrides }, NULL, &error);
	if (error)
		fail_msg("%s", error->message);
	fakes->options = (struct core_options){ .loop = fakes->loop,
						.config = fakes->config,
						.metrics = &fakes->metrics,
						.frontend = &fake_frontend,
						.frontend_ctx = fakes,
						.backend = &fake_backend,
						.backend_ctx = fakes };
	return fakes;
}

static struct storage_reply answer(struct fakes *fakes)
{
	return (struct storage_reply){ note_answer, fakes, 0 };
}

void fakes_open(struct fakes *fakes)
{
	g_autofree char *file = g_build_filename(fakes->folder, "database.sql", NULL);
	struct storage_options options = { .type = config_text(fakes->config, CONFIG_DATABASE_TYPE), .database = file };
	unsigned before = fakes->answered;
	fakes->storage = storage_open(fakes->loop, &options, answer(fakes), NULL);
	assert_non_null(fakes->storage);
	wait_for(fakes, fakes->answered > before);
	fakes->options.storage = fakes->storage;
	fakes->core = core_new(&fakes->options);
}

void fakes_close(struct fakes *fakes)
{
	core_logout_all(fakes->core);
	storage_close(&fakes->storage);
	core_free(&fakes->core);
}

void fakes_free(struct fakes *fakes)
{
	static const char *const files[] = { "test.cfg", "database.sql" };
	loop_free(&fakes->loop);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *path = g_build_filename(fakes->folder, files[i], NULL);
		g_unlink(path);
	}
	g_rmdir(fakes->folder);
	log_capture(NULL, NULL);
	config_unref(&fakes->config);
	arena_free(&fakes->arena);
	g_ptr_array_unref(fakes->lines);
	g_free(fakes->folder);
	g_free(fakes);
}

static void log_in_at_server(struct fakes *fakes, const char *who)
{
	struct jid jid = fakes_jid(fakes, who);
	core_arrive(fakes->core, &jid, "secret", fakes_reply(fakes, who));
	fakes_settle(fakes);
	net_connected(fakes, who);
	fakes_settle(fakes);
	user_presence(fakes, arena_printf(fakes->arena, "%s/a", who), "online", NULL, 0);
}

static void log_in_at_gateway(struct fakes *fakes, const char *who)
{
	user_presence(fakes, arena_printf(fakes->arena, "%s/a", who), "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, who);
}

void fakes_log_in(struct fakes *fakes, const char *who)
{
	if (config_bool(fakes->config, CONFIG_SERVICE_SERVER_MODE))
		log_in_at_server(fakes, who);
	else
		log_in_at_gateway(fakes, who);
	fakes_forget(fakes);
}

struct fakes *fakes_start(const char *who)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes_open(fakes);
	if (!who)
		return fakes;
	fakes_register(fakes, who);
	fakes_log_in(fakes, who);
	return fakes;
}

void fakes_end(struct fakes *fakes)
{
	if (fakes->core)
		fakes_close(fakes);
	fakes_free(fakes);
}

/* --- the database ---------------------------------------------------------------------------- */

/* Questions that follow from answers: a registration takes three, bookmarks taken over from another list ten. */
enum { QUESTIONS = 20 };

void fakes_settle(struct fakes *fakes)
{
	for (int i = 0; i < QUESTIONS; i++) {
		unsigned before = fakes->answered;
		storage_list_users(fakes->storage, true, answer(fakes));
		wait_for(fakes, fakes->answered > before);
		loop_once(fakes->loop, 0);
	}
}

void fakes_register(struct fakes *fakes, const char *jid)
{
	g_autofree char *node = g_strndup(jid, strcspn(jid, "@"));
	struct storage_user user = {
		.jid = jid, .uin = node, .password = "secret", .language = "en", .encoding = "utf8"
	};
	storage_put_user(fakes->storage, &user, answer(fakes));
	fakes_settle(fakes);
}

struct found {
	GString *text;
	int64_t id;
};

static void note_user(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct found *found = ctx;
	if (answer->error)
		return;
	const struct storage_user *user = answer->user;
	found->id = user->id;
	g_string_append_printf(found->text, "%s/%s", user->uin, user->password);
	for (size_t i = 0; i < user->contact_count; i++) {
		const struct storage_contact *contact = &user->contacts[i];
		g_autofree char *groups = g_strdelimit(g_strdup(contact->groups), "\n", ',');
		g_string_append_printf(found->text, " %s:%s:%s:%s:%u:%s", contact->name, contact->subscription,
				       contact->alias, groups, contact->flags, contact->icon_hash);
	}
}

static struct found find(struct fakes *fakes, const char *jid)
{
	struct found found = { .text = g_string_new(NULL) };
	storage_find_user(fakes->storage, jid, (struct storage_reply){ note_user, &found, 0 });
	fakes_settle(fakes);
	return found;
}

char *fakes_stored(struct fakes *fakes, const char *jid)
{
	return g_string_free(find(fakes, jid).text, FALSE);
}

static int64_t id_of(struct fakes *fakes, const char *jid)
{
	struct found found = find(fakes, jid);
	g_string_free(found.text, TRUE);
	assert_true(found.id > 0);
	return found.id;
}

void fakes_store_contact(struct fakes *fakes, const char *jid, const struct storage_contact *contact)
{
	storage_put_contacts(fakes->storage, id_of(fakes, jid), contact, 1, answer(fakes));
	fakes_settle(fakes);
}

void fakes_store_setting(struct fakes *fakes, const char *jid, const char *name, const char *value)
{
	struct storage_setting setting = { .name = name, .value = value, .type = 4 };
	storage_put_setting(fakes->storage, id_of(fakes, jid), &setting, answer(fakes));
	fakes_settle(fakes);
}

void fakes_sql(struct fakes *fakes, const char *sql)
{
	g_autofree char *file = g_build_filename(fakes->folder, "database.sql", NULL);
	sqlite3 *db;
	assert_int_equal(sqlite3_open(file, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 5000);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

struct user *fakes_user(struct fakes *fakes, const char *jid)
{
	return core_find_user(fakes->core, str_of(jid));
}

struct jid fakes_jid(struct fakes *fakes, const char *text)
{
	struct jid jid;
	/* A copy: what the core keeps must not be ours. */
	assert_true(jid_parse_text(&jid, fakes->arena, arena_strdup(fakes->arena, text)));
	return jid;
}

/* --- what came ------------------------------------------------------------------------------- */

void fakes_forget(struct fakes *fakes)
{
	fakes_settle(fakes);
	g_ptr_array_set_size(fakes->lines, 0);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static char *join_lines(GPtrArray *lines, bool sort)
{
	if (sort)
		g_ptr_array_sort(lines, by_text);
	g_autoptr(GString) text = g_string_new(NULL);
	for (guint i = 0; i < lines->len; i++)
		g_string_append_printf(text, "%s\n", (const char *)lines->pdata[i]);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

static GPtrArray *split(const char *text)
{
	GPtrArray *lines = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) parts = g_strsplit(text, "\n", -1);
	for (char **part = parts; *part; part++)
		if (**part)
			g_ptr_array_add(lines, g_strdup(*part));
	return lines;
}

static void compare(struct fakes *fakes, const char *text, bool sort)
{
	g_autoptr(GPtrArray) lines = split(text);
	g_autofree char *wanted = join_lines(lines, sort);
	fakes_settle(fakes);
	g_autofree char *came = join_lines(fakes->lines, sort);
	assert_string_equal(came, wanted);
	g_ptr_array_set_size(fakes->lines, 0);
}

void fakes_expect(struct fakes *fakes, const char *lines)
{
	compare(fakes, lines, false);
}

void fakes_expect_any_order(struct fakes *fakes, const char *lines)
{
	compare(fakes, lines, true);
}

void fakes_expect_later(struct fakes *fakes, const char *lines)
{
	g_autoptr(GPtrArray) wanted = split(lines);
	gint64 until = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND;
	while (fakes->lines->len < wanted->len && g_get_monotonic_time() < until)
		loop_once(fakes->loop, 50);
	compare(fakes, lines, false);
}
