/* SPDX-License-Identifier: MIT */
#include "core/document.h"

#include "core/arrival.h"
#include "core/private.h"
#include "storage/document.h"

LOG_AREA("UserManager");

/* The numbers of the kinds are in databases, and the limits are the database's. */
G_STATIC_ASSERT(CORE_DOCUMENT_PRIVATE == 0 && CORE_DOCUMENT_VCARD == 1 && CORE_DOCUMENT_PEP == 2 &&
		CORE_DOCUMENT_BLOCKED == 3);
G_STATIC_ASSERT((int)CORE_DOCUMENTS_MAX == (int)DOCUMENTS_MAX &&
		(int)CORE_DOCUMENTS_BYTES_MAX == (int)DOCUMENTS_BYTES_MAX);

/* Bytes on their way to the database, of all users: it may be slower than they are. */
enum { DOCUMENTS_IN_FLIGHT = 32 << 20 };

/* A question on its way through the database. */
struct question {
	struct core_documents_reply reply;
	uint64_t id;
	size_t weight; /* in core->documents_in_flight */
	bool refused;  /* before it was asked: the database only gives the answer its turn */
};

static struct question *question_new(struct core *core, struct core_documents_reply reply)
{
	struct question *question = g_new0(struct question, 1);
	question->reply = reply;
	question->id = idmap_add(core->documents, question);
	return question;
}

static enum core_error error_of(const struct question *question, const GError *error)
{
	if (question->refused || g_error_matches(error, STORAGE_ERROR, STORAGE_ERROR_FULL))
		return CORE_RESOURCE_CONSTRAINT;
	/* Who is not stored, such as an administrator, has nothing and can keep nothing. */
	bool unknown = g_error_matches(error, STORAGE_ERROR, STORAGE_ERROR_NOT_FOUND);
	if (!error || (unknown && !question->weight))
		return CORE_OK;
	if (unknown || g_error_matches(error, STORAGE_ERROR, STORAGE_ERROR_NONE))
		return CORE_SERVICE_UNAVAILABLE;
	log_error("what users keep cannot be read or stored: %s", error->message);
	return CORE_INTERNAL_SERVER_ERROR;
}

static void answered(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct question *question = idmap_take(core->documents, id);
	struct core_documents_reply reply = question->reply;
	struct core_documents documents = { .error = error_of(question, answer->error) };
	size_t n = documents.error ? 0 : answer->document_count;
	g_autofree struct core_document *all = g_new0(struct core_document, n + 1);
	for (size_t i = 0; i < n; i++) {
		const struct storage_document *row = &answer->documents[i];
		all[i] = (struct core_document){ (enum core_document_kind)row->kind, row->node, row->item, row->text,
						 row->stamp };
	}
	documents.count = n;
	documents.all = all;
	core->documents_in_flight -= question->weight;
	g_free(question);
	reply.done(reply.ctx, reply.id, &documents);
}

bool core_keeps_documents(const struct core *core)
{
	return core->server && !storage_is_none(core->storage);
}

void core_documents_find(struct core *core, const struct jid *who, enum core_document_kind kind, const char *node,
			 const char *item, unsigned max, struct core_documents_reply reply)
{
	struct question *question = question_new(core, reply);
	g_autofree char *jid = g_strndup(who->full, who->bare);
	storage_find_documents(core->storage, jid, kind, node, item, max,
			       (struct storage_reply){ answered, core, question->id });
}

static bool is_too_much(const struct core *core, const struct core_document *document)
{
	return strlen(document->node) > CORE_DOCUMENT_NAME_MAX || strlen(document->item) > CORE_DOCUMENT_NAME_MAX ||
	       strlen(document->text) > CORE_DOCUMENT_TEXT_MAX ||
	       core->documents_in_flight + strlen(document->text) > DOCUMENTS_IN_FLIGHT;
}

void core_document_put(struct core *core, const struct jid *who, const struct core_document *document, unsigned keep,
		       struct core_documents_reply reply)
{
	struct question *question = question_new(core, reply);
	struct storage_reply later = { answered, core, question->id };
	g_autofree char *jid = g_strndup(who->full, who->bare);
	struct user *user = core_find_user(core, jid_bare(who));
	question->refused = is_too_much(core, document);
	if (question->refused) {
		storage_find_documents(core->storage, jid, document->kind, document->node, document->item, 0, later);
		return;
	}
	question->weight = strlen(document->node) + strlen(document->item) + strlen(document->text) + 1;
	core->documents_in_flight += question->weight;
	/* Whom the database could not take when he came has his row first. */
	if (user && user->let_in && !user->row && !storage_is_none(core->storage))
		arrivals_store(user);
	struct storage_document row = { (int)document->kind, document->node, document->item, document->text,
					document->stamp ? document->stamp : g_get_real_time() };
	storage_put_document(core->storage, jid, &row, keep, later);
}

void core_document_drop(struct core *core, const struct jid *who, enum core_document_kind kind, const char *node,
			const char *item, struct core_documents_reply reply)
{
	struct question *question = question_new(core, reply);
	g_autofree char *jid = g_strndup(who->full, who->bare);
	storage_drop_documents(core->storage, jid, kind, node, item,
			       (struct storage_reply){ answered, core, question->id });
}
