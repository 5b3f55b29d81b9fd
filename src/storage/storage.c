/* SPDX-License-Identifier: MIT */
#include "storage/storage.h"

#include "base/log.h"
#include "loop/worker.h"
#include "storage/batch.h"
#include "storage/schema.h"

LOG_AREA("StorageBackend");

/* Questions that wait for the worker; past this they are refused. */
enum { QUEUE_MAX = 65536 };

struct storage {
	struct worker *worker;
	bool none, misses_key;
	char *name; /* of the database, owned */

	/* Of the worker's thread, and of nobody else while it runs. */
	struct database *db; /* NULL: type none */
	bool opened;
	GError *refusal; /* what everything is answered with, owned */

	int64_t version_before; /* written before the first answer is handed back, read after it */
};

static const struct driver_type *const drivers[] = { &sqlite_driver };

GQuark storage_error_quark(void)
{
	return g_quark_from_static_string("storage-error");
}

static bool run_open(struct database *db, struct job *job, GError **error)
{
	g_assert_not_reached(); /* it is done before there is a transaction */
}

static bool run_refuse(struct database *db, struct job *job, GError **error)
{
	g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_FAILED, "database %s: more than %d requests wait for it",
		    database_name(db), QUEUE_MAX);
	return false;
}

static const struct job_kind job_open = { "opening", false, run_open };
static const struct job_kind job_refuse = { "queueing", false, run_refuse };

static void open_database(struct storage *storage, struct job *job)
{
	GError *error = NULL;

	storage->opened = true;
	if (!storage->db) {
		g_set_error(&storage->refusal, STORAGE_ERROR, STORAGE_ERROR_NONE,
			    "there is no database ([database] type is none)");
	} else if (!database_open(storage->db, &error) ||
		   !schema_ensure(storage->db, &storage->version_before, &error)) {
		job_fail(job, error);
		storage->refusal = error;
	}
}

static void run_batch(void *ctx, void **jobs, size_t n)
{
	struct storage *storage = ctx;
	struct job **queued = (struct job **)jobs;

	if (!storage->opened) {
		open_database(storage, queued[0]);
		queued++;
		n--;
	}
	if (n == 0)
		return;
	if (!storage->refusal)
		batch_run(storage->db, queued, n);
	else
		for (size_t i = 0; i < n; i++)
			job_fail(queued[i], storage->refusal);
}

static void report_opened(const struct storage *storage)
{
	if (storage->none)
		return;
	if (storage->version_before == 0)
		log_info("database %s: its tables were made", storage->name);
	else if (storage->version_before != SCHEMA_VERSION)
		log_info("database %s: tables of version %" G_GINT64_FORMAT " were brought to version %d",
			 storage->name, storage->version_before, SCHEMA_VERSION);
	if (storage->misses_key)
		log_warn("database %s: database.encryption_key is not set, passwords are stored in the clear",
			 storage->name);
}

/* A user that is gone by the time of a late change is nobody's failure. */
static void report_failure(const struct job *job)
{
	if (job->error->code == STORAGE_ERROR_NONE || job->error->code == STORAGE_ERROR_NOT_FOUND)
		log_debug("%s: %s", job->kind->what, job->error->message);
	else
		log_error("%s failed: %s", job->kind->what, job->error->message);
}

static void post(struct storage *storage, struct job *job)
{
	if (worker_queued(storage->worker) >= QUEUE_MAX)
		job->kind = &job_refuse;
	worker_post(storage->worker, job);
}

/* What was stored in the clear, before there was a key, is sealed when it is next read. */
static void seal_later(struct storage *storage, const struct storage_user *user)
{
	struct job *job = job_new(&job_seal_password, (struct storage_reply){ 0 });

	job->user_id = user->id;
	job->user = (struct storage_user){ .jid = job_text(job, user->jid), .password = job_text(job, user->password) };
	post(storage, job);
}

static void finish(void *ctx, void *item)
{
	struct storage *storage = ctx;
	struct job *job = item;

	if (job->kind == &job_open && !job->error)
		report_opened(storage);
	if (job->error)
		job->answer = (struct storage_answer){ .error = job->error };
	if (job->message.body)
		job->answer.messages = &job->message;
	if (!job->error && job->found.unsealed)
		seal_later(storage, &job->found);
	if (job->reply.done)
		job->reply.done(job->reply.ctx, job->reply.id, &job->answer);
	else if (job->error)
		report_failure(job);
	job_free(&job);
}

/* False for an unknown type. */
static bool find_driver(const char *name, const struct driver_type **type, GError **error)
{
	*type = NULL;
	if (g_strcmp0(name, "none") == 0)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(drivers); i++)
		if (g_strcmp0(name, drivers[i]->name) == 0)
			*type = drivers[i];
	if (*type)
		return true;
	g_autoptr(GString) known = g_string_new("none");
	for (size_t i = 0; i < G_N_ELEMENTS(drivers); i++)
		g_string_append_printf(known, ", %s", drivers[i]->name);
	g_set_error(error, STORAGE_ERROR, STORAGE_ERROR_FAILED, "database type \"%s\" is not known; known are: %s",
		    name ? name : "", known->str);
	return false;
}

struct storage *storage_open(struct loop *loop, const struct storage_options *options, struct storage_reply ready,
			     GError **error)
{
	static const struct worker_events events = { .batch = run_batch, .done = finish };
	const struct driver_type *type;

	if (!find_driver(options->type, &type, error))
		return NULL;
	struct storage *storage = g_new0(struct storage, 1);
	storage->none = !type;
	storage->misses_key = !options->no_passwords && !(options->encryption_key && *options->encryption_key);
	storage->name = g_strdup(options->database ? options->database : "");
	if (type)
		storage->db = database_new(type, options);
	storage->worker = worker_new(loop, &events, storage);
	post(storage, job_new(&job_open, ready));
	return storage;
}

void storage_close(struct storage **storage)
{
	struct storage *gone = g_steal_pointer(storage);

	if (!gone)
		return;
	/* Not through the member: what is asked from inside the last answers is still posted there. */
	struct worker *worker = gone->worker;
	worker_free(&worker);
	database_free(&gone->db);
	g_clear_error(&gone->refusal);
	g_free(gone->name);
	g_free(gone);
}

bool storage_is_none(const struct storage *storage)
{
	return storage->none;
}

void storage_find_user(struct storage *storage, const char *jid, struct storage_reply reply)
{
	struct job *job = job_new(&job_find_user, reply);

	job->name = job_text(job, jid);
	post(storage, job);
}

void storage_put_user(struct storage *storage, const struct storage_user *user, struct storage_reply reply)
{
	struct job *job = job_new(&job_put_user, reply);

	job->user = (struct storage_user){
		.jid = job_text(job, user->jid),
		.uin = job_text(job, user->uin),
		.password = job_text(job, user->password),
		.language = job_text(job, user->language),
		.encoding = job_text(job, user->encoding),
	};
	post(storage, job);
}

void storage_remove_user(struct storage *storage, const char *jid, struct storage_reply reply)
{
	struct job *job = job_new(&job_remove_user, reply);

	job->name = job_text(job, jid);
	post(storage, job);
}

void storage_set_online(struct storage *storage, int64_t user, bool online, struct storage_reply reply)
{
	struct job *job = job_new(&job_set_online, reply);

	job->user_id = user;
	job->flag = online;
	post(storage, job);
}

void storage_list_users(struct storage *storage, bool only_online, struct storage_reply reply)
{
	struct job *job = job_new(&job_list_users, reply);

	job->flag = only_online;
	post(storage, job);
}

void storage_uin_in_use(struct storage *storage, const char *uin, const char *except_jid, struct storage_reply reply)
{
	struct job *job = job_new(&job_uin_in_use, reply);

	job->name = job_text(job, uin);
	job->except = job_text(job, except_jid);
	post(storage, job);
}

void storage_put_contacts(struct storage *storage, int64_t user, const struct storage_contact *contacts, size_t n,
			  struct storage_reply reply)
{
	struct job *job = job_new(&job_put_contacts, reply);

	job->user_id = user;
	job->contact_count = n;
	job->contacts = n > 0 ? arena_alloc(job->arena, n * sizeof(*contacts)) : NULL;
	for (size_t i = 0; i < n; i++)
		job->contacts[i] = (struct storage_contact){
			.id = contacts[i].id,
			.name = job_text(job, contacts[i].name),
			.subscription = job_text(job, contacts[i].subscription),
			.alias = job_text(job, contacts[i].alias),
			.groups = job_text(job, contacts[i].groups),
			.flags = contacts[i].flags,
			.icon_hash = job_text(job, contacts[i].icon_hash),
		};
	post(storage, job);
}

void storage_remove_contact(struct storage *storage, int64_t user, const char *name, struct storage_reply reply)
{
	struct job *job = job_new(&job_remove_contact, reply);

	job->user_id = user;
	job->name = job_text(job, name);
	post(storage, job);
}

void storage_put_setting(struct storage *storage, int64_t user, const struct storage_setting *setting,
			 struct storage_reply reply)
{
	struct job *job = job_new(&job_put_setting, reply);

	job->user_id = user;
	job->setting = (struct storage_setting){
		.name = job_text(job, setting->name),
		.value = job_text(job, setting->value),
		.type = setting->type,
	};
	post(storage, job);
}

void storage_list_returning(struct storage *storage, bool all, struct storage_reply reply)
{
	struct job *job = job_new(&job_list_returning, reply);

	job->flag = all;
	post(storage, job);
}

static void keep_message(struct storage *storage, struct job *job, const struct storage_message *message)
{
	job->message = (struct storage_message){
		.room = job_text(job, message->room),
		.sender = job_text(job, message->sender),
		.is_private = message->is_private,
		.message_id = job_text(job, message->message_id),
		.body = job_text(job, message->body),
		.xhtml = job_text(job, message->xhtml),
		.attachments = job_text(job, message->attachments),
		.stamp = message->stamp,
	};
	post(storage, job);
}

void storage_keep_message(struct storage *storage, int64_t user, const struct storage_message *message,
			  struct storage_reply reply)
{
	struct job *job = job_new(&job_keep_message, reply);

	job->user_id = user;
	keep_message(storage, job, message);
}

void storage_keep_message_for(struct storage *storage, const char *jid, const struct storage_message *message,
			      struct storage_reply reply)
{
	struct job *job = job_new(&job_keep_message, reply);

	job->name = job_text(job, jid);
	keep_message(storage, job, message);
}

void storage_list_messages(struct storage *storage, int64_t user, const char *room, unsigned limit,
			   struct storage_reply reply)
{
	struct job *job = job_new(&job_list_messages, reply);

	job->user_id = user;
	job->name = job_text(job, room);
	job->limit = limit;
	post(storage, job);
}

void storage_drop_messages(struct storage *storage, int64_t user, const char *room, int64_t up_to,
			   struct storage_reply reply)
{
	struct job *job = job_new(&job_drop_messages, reply);

	job->user_id = user;
	job->name = job_text(job, room);
	job->up_to = up_to;
	post(storage, job);
}

void storage_put_room(struct storage *storage, int64_t user, const struct storage_room *room,
		      struct storage_reply reply)
{
	struct job *job = job_new(&job_put_room, reply);

	job->user_id = user;
	job->room = (struct storage_room){
		.node = job_text(job, room->node),
		.nick = job_text(job, room->nick),
		.resources = job_text(job, room->resources),
	};
	post(storage, job);
}

void storage_remove_room(struct storage *storage, int64_t user, const char *node, struct storage_reply reply)
{
	struct job *job = job_new(&job_remove_room, reply);

	job->user_id = user;
	job->name = node ? job_text(job, node) : NULL;
	post(storage, job);
}

static struct job *document_job(const struct job_kind *kind, const char *jid, const struct storage_document *document,
				struct storage_reply reply)
{
	struct job *job = job_new(kind, reply);

	job->name = job_text(job, jid);
	job->document = (struct storage_document){
		.kind = document->kind,
		.node = document->node ? job_text(job, document->node) : NULL,
		.item = document->item ? job_text(job, document->item) : NULL,
		.text = document->text ? job_text(job, document->text) : NULL,
		.stamp = document->stamp,
	};
	return job;
}

void storage_find_documents(struct storage *storage, const char *jid, int kind, const char *node, const char *item,
			    unsigned max, struct storage_reply reply)
{
	struct storage_document wanted = { .kind = kind, .node = node, .item = item };
	struct job *job = document_job(&job_find_documents, jid, &wanted, reply);

	job->limit = max;
	post(storage, job);
}

void storage_put_document(struct storage *storage, const char *jid, const struct storage_document *document,
			  unsigned keep, struct storage_reply reply)
{
	struct job *job = document_job(&job_put_document, jid, document, reply);

	job->limit = keep;
	post(storage, job);
}

void storage_drop_documents(struct storage *storage, const char *jid, int kind, const char *node, const char *item,
			    struct storage_reply reply)
{
	struct storage_document wanted = { .kind = kind, .node = node, .item = item };

	post(storage, document_job(&job_drop_documents, jid, &wanted, reply));
}

void storage_archive_put(struct storage *storage, int64_t user, const struct storage_archived *archived,
			 struct storage_reply reply)
{
	struct job *job = job_new(&job_archive_put, reply);

	job->user_id = user;
	job->archived = (struct storage_archived){
		.id = archived->id,
		.peer = job_text(job, archived->peer),
		.resource = job_text(job, archived->resource),
		.stanza = job_text(job, archived->stanza),
		.stamp = archived->stamp,
	};
	post(storage, job);
}

void storage_archive_find(struct storage *storage, int64_t user, const struct storage_archive_query *query,
			  struct storage_reply reply)
{
	struct job *job = job_new(&job_archive_find, reply);
	size_t size = query->id_count * sizeof(*query->ids);

	job->user_id = user;
	job->query = *query;
	job->query.peer = query->peer ? job_text(job, query->peer) : NULL;
	job->query.resource = query->resource ? job_text(job, query->resource) : NULL;
	job->query.ids = size ? memcpy(arena_alloc(job->arena, size), query->ids, size) : NULL;
	post(storage, job);
}

void storage_archive_last(struct storage *storage, struct storage_reply reply)
{
	post(storage, job_new(&job_archive_last, reply));
}

void storage_archive_expire(struct storage *storage, int64_t before, unsigned max, struct storage_reply reply)
{
	struct job *job = job_new(&job_archive_expire, reply);

	job->up_to = before;
	job->limit = max;
	post(storage, job);
}
