/* SPDX-License-Identifier: MIT */
#include "frontend/avatar.h"
#include "frontend/iq/iq.h"
#include "frontend/profile.h"

/* The user's own vCard (XEP-0054) in server mode: kept whole, and the network is told what it can hold. */

static void found(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	if (!task)
		return;
	struct buf *out = pep_task_begin_answer(task);
	if (out) {
		if (documents->count)
			buf_append_text(out, documents->all[0].text);
		else
			xml_put(out, "<vCard xmlns='" NS_VCARD "'/>");
		pep_task_end_answer(task, out);
	}
	pep_task_free(task);
}

static void find(struct pep_task *task)
{
	core_documents_find(task->frontend->core, &task->who, CORE_DOCUMENT_VCARD, "", "", 1,
			    (struct core_documents_reply){ found, task->frontend, task->id });
}

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct pep_task *task = pep_task_new(frontend, request, NS_VCARD);
	if (task)
		pep_task_begin(task, find);
}

static void stored(struct pep_task *task)
{
	if (task->error) {
		pep_task_fail(task, condition_of(task->error), NULL);
		return;
	}
	struct buf *out = pep_task_begin_answer(task);
	if (out)
		pep_task_end_answer(task, out);
	profile_vcard_set(task->frontend, &task->who, task->items[0].payload);
	pep_task_free(task);
}

static void store(struct pep_task *task)
{
	struct core_document document = { CORE_DOCUMENT_VCARD, "", "", task->items[0].payload, 0 };
	task->done = stored;
	core_document_put(task->frontend->core, &task->who, &document, 1, pep_task_reply(task));
}

static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct iq_address address = iq_address(request);
	const char *text = pep_text(payload, request->arena);
	struct core_vcard vcard;
	if (!core_keeps_documents(frontend->core)) {
		iq_error(frontend, address, XMPP_SERVICE_UNAVAILABLE, "There is no database to keep it in");
		return;
	}
	if (!text || !avatar_read_vcard(payload, request->arena, &vcard)) {
		iq_error(frontend, address, XMPP_NOT_ACCEPTABLE, "The vCard is too large");
		return;
	}
	enum core_error error = core_user_set_vcard(frontend->core, &request->from, &vcard);
	if (error) {
		iq_error(frontend, address, condition_of(error), "You are not logged in to the network");
		return;
	}
	struct pep_task *task = pep_task_new(frontend, request, NS_VCARD);
	if (!task)
		return;
	task->items[0].payload = arena_strdup(task->arena, text);
	pep_task_begin(task, store);
}

const struct iq_feature iq_own_vcard = { NS_VCARD, "vCard", IQ_ACCOUNT, get, set };
