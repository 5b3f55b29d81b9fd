/* SPDX-License-Identifier: MIT */
#include "storage/job.h"

#include "base/secret.h"
#include "storage/account.h"
#include "storage/archive.h"
#include "storage/contact.h"
#include "storage/document.h"
#include "storage/message.h"
#include "storage/room.h"

/* Bytes: a question is small; an answer may be a user with many contacts. */
enum { QUESTION_CHUNK = 768, ANSWER_CHUNK = 4096 };

struct job *job_new(const struct job_kind *kind, struct storage_reply reply)
{
	struct arena *arena = arena_new(QUESTION_CHUNK);
	struct job *job = arena_zalloc(arena, sizeof(*job));

	job->arena = arena;
	job->kind = kind;
	job->reply = reply;
	return job;
}

static void wipe_text(const char *text)
{
	if (text)
		secret_wipe((char *)text, strlen(text));
}

static void forget_answer(struct job *job)
{
	wipe_text(job->found.password);
	job->found = (struct storage_user){ 0 };
	job->answer = (struct storage_answer){ 0 };
	arena_free(&job->found_arena);
	g_clear_error(&job->error);
}

void job_free(struct job **job)
{
	struct job *gone = g_steal_pointer(job);

	if (!gone)
		return;
	forget_answer(gone);
	wipe_text(gone->user.password);
	struct arena *arena = gone->arena; /* the job is in it */
	arena_free(&arena);
}

const char *job_text(struct job *job, const char *text)
{
	return text ? arena_strdup(job->arena, text) : "";
}

bool job_run(struct job *job, struct database *db)
{
	forget_answer(job);
	if (job->kind->run(db, job, &job->error))
		return true;
	g_assert(job->error);
	return false;
}

void job_fail(struct job *job, const GError *error)
{
	forget_answer(job);
	job->error = g_error_copy(error);
}

static struct arena *answer_arena(struct job *job)
{
	if (!job->found_arena)
		job->found_arena = arena_new(ANSWER_CHUNK);
	return job->found_arena;
}

static bool find_user(struct database *db, struct job *job, GError **error)
{
	job->answer.user = &job->found;
	return account_find(db, job->name, answer_arena(job), &job->found, error);
}

static bool put_user(struct database *db, struct job *job, GError **error)
{
	job->answer.user = &job->found;
	return account_put(db, &job->user, answer_arena(job), &job->found, error);
}

static bool seal_password(struct database *db, struct job *job, GError **error)
{
	return account_seal(db, job->user_id, job->user.jid, job->user.password, answer_arena(job), error);
}

static bool remove_user(struct database *db, struct job *job, GError **error)
{
	return account_remove(db, job->name, error);
}

static bool set_online(struct database *db, struct job *job, GError **error)
{
	return account_set_online(db, job->user_id, job->flag, error);
}

static bool list_users(struct database *db, struct job *job, GError **error)
{
	return account_list(db, job->flag, answer_arena(job), &job->answer.names, error);
}

static bool find_uin(struct database *db, struct job *job, GError **error)
{
	return account_uin_in_use(db, job->name, job->except, &job->answer.yes, error);
}

static bool put_contacts(struct database *db, struct job *job, GError **error)
{
	return account_check(db, job->user_id, error) &&
	       contact_put(db, job->user_id, job->contacts, job->contact_count, error);
}

static bool remove_contact(struct database *db, struct job *job, GError **error)
{
	return contact_remove(db, job->user_id, job->name, error);
}

static bool put_setting(struct database *db, struct job *job, GError **error)
{
	return account_put_setting(db, job->user_id, &job->setting, error);
}

static bool list_returning(struct database *db, struct job *job, GError **error)
{
	return account_list_returning(db, job->flag, answer_arena(job), &job->answer, error);
}

static bool keep_message(struct database *db, struct job *job, GError **error)
{
	int64_t user = job->user_id;
	return (job->name ? account_id(db, job->name, &user, error) : account_check(db, user, error)) &&
	       message_keep(db, user, &job->message, &job->answer.dropped, error);
}

static bool list_messages(struct database *db, struct job *job, GError **error)
{
	return message_list(db, job->user_id, job->name, job->limit, answer_arena(job), &job->answer, error);
}

static bool drop_messages(struct database *db, struct job *job, GError **error)
{
	return message_drop(db, job->user_id, job->name, job->up_to, error);
}

static bool put_room(struct database *db, struct job *job, GError **error)
{
	return account_check(db, job->user_id, error) && room_put(db, job->user_id, &job->room, error);
}

static bool remove_room(struct database *db, struct job *job, GError **error)
{
	return room_remove(db, job->user_id, job->name, error);
}

static bool archive_one(struct database *db, struct job *job, GError **error)
{
	return account_check(db, job->user_id, error) && archive_put(db, job->user_id, &job->archived, error);
}

static bool find_archived(struct database *db, struct job *job, GError **error)
{
	job->answer.archive = &job->page;
	return archive_find(db, job->user_id, &job->query, answer_arena(job), &job->page, error);
}

static bool find_last_archived(struct database *db, struct job *job, GError **error)
{
	return archive_last(db, &job->answer.last_id, error);
}

static bool expire_archive(struct database *db, struct job *job, GError **error)
{
	return archive_expire(db, job->up_to, job->limit, &job->answer.dropped, error);
}

static bool find_documents(struct database *db, struct job *job, GError **error)
{
	int64_t user;
	return account_id(db, job->name, &user, error) &&
	       document_find(db, user, &job->document, job->limit, answer_arena(job), &job->answer, error);
}

static bool put_document(struct database *db, struct job *job, GError **error)
{
	int64_t user;
	return account_id(db, job->name, &user, error) && document_put(db, user, &job->document, job->limit, error);
}

static bool drop_documents(struct database *db, struct job *job, GError **error)
{
	int64_t user;
	return account_id(db, job->name, &user, error) &&
	       document_drop(db, user, &job->document, answer_arena(job), &job->answer, error);
}

const struct job_kind job_find_user = { "reading a user", false, find_user };
const struct job_kind job_put_user = { "storing a user", true, put_user };
const struct job_kind job_seal_password = { "sealing a password", true, seal_password };
const struct job_kind job_remove_user = { "removing a user", true, remove_user };
const struct job_kind job_set_online = { "storing whether a user is online", true, set_online };
const struct job_kind job_list_users = { "listing the users", false, list_users };
const struct job_kind job_uin_in_use = { "looking for the user of a network's name", false, find_uin };
const struct job_kind job_put_contacts = { "storing contacts", true, put_contacts };
const struct job_kind job_remove_contact = { "removing a contact", true, remove_contact };
const struct job_kind job_put_setting = { "storing a setting", true, put_setting };
const struct job_kind job_list_returning = { "listing the users to be brought back", false, list_returning };
const struct job_kind job_keep_message = { "keeping a message", true, keep_message };
const struct job_kind job_list_messages = { "reading kept messages", false, list_messages };
const struct job_kind job_drop_messages = { "dropping delivered messages", true, drop_messages };
const struct job_kind job_put_room = { "storing a room", true, put_room };
const struct job_kind job_remove_room = { "removing a room", true, remove_room };
const struct job_kind job_archive_put = { "storing a message in the archive", true, archive_one };
const struct job_kind job_archive_find = { "reading the archive", false, find_archived };
const struct job_kind job_archive_last = { "reading the newest of the archive", false, find_last_archived };
const struct job_kind job_archive_expire = { "dropping what is old in the archive", true, expire_archive };
const struct job_kind job_find_documents = { "reading what a user keeps", false, find_documents };
const struct job_kind job_put_document = { "storing what a user keeps", true, put_document };
const struct job_kind job_drop_documents = { "dropping what a user kept", true, drop_documents };
