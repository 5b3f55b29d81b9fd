/* SPDX-License-Identifier: MIT */
#include "frontend/iq/pep.h"

#include "frontend/pep.h"
#include "xmpp/form.h"

/* What the owner of a node does to it as a whole (XEP-0060, section 8). */

static bool missing(struct pep_task *task)
{
	if (task->exists)
		return false;
	pep_task_fail(task, XMPP_ITEM_NOT_FOUND, NULL);
	return true;
}

/* --- configure ------------------------------------------------------------------------------- */

static void show_options(struct pep_task *task)
{
	if (missing(task))
		return;
	struct buf *out = pep_task_begin_answer(task);
	if (out) {
		xml_put(out, "<pubsub xmlns='" NS_PUBSUB_OWN "'><configure");
		xml_put_attr(out, "node", task->node);
		xml_put(out, ">");
		pep_options_put_form(out, &task->options);
		xml_put(out, "</configure></pubsub>");
		pep_task_end_answer(task, out);
	}
	pep_task_free(task);
}

static void get_options(struct pep_task *task, const struct stanza *request, const struct xml_element *action)
{
	pep_task_look(task, show_options);
}

static void change_options(struct pep_task *task)
{
	if (missing(task))
		return;
	pep_options_change(&task->options, &task->wanted);
	task->done = pep_task_end;
	pep_task_put_options(task);
}

static void set_options(struct pep_task *task, const struct stanza *request, const struct xml_element *action)
{
	const struct xml_element *form = form_find(action);
	if (form && !g_strcmp0(xml_attr(form, "type"), "cancel"))
		pep_task_succeed(task);
	else if (form && pep_options_read(&task->wanted, form, false, task->arena))
		pep_task_look(task, change_options);
	else
		pep_task_fail(task, form ? XMPP_NOT_ACCEPTABLE : XMPP_BAD_REQUEST, NULL);
}

/* --- delete, purge --------------------------------------------------------------------------- */

static void finish(struct pep_task *task, const char *what)
{
	if (task->error) {
		pep_task_fail(task, condition_of(task->error), NULL);
		return;
	}
	struct buf *out = pep_task_begin_answer(task);
	if (out)
		pep_task_end_answer(task, out);
	if (pep_option_is_on(&task->options, PEP_NOTIFY_DELETE))
		pep_tell_node(task->frontend, &task->who, task->node, what);
	pep_task_free(task);
}

static void drop_items(struct pep_task *task)
{
	core_document_drop(task->frontend->core, &task->who, CORE_DOCUMENT_PEP, task->node, NULL, pep_task_reply(task));
}

static void purged(struct pep_task *task)
{
	finish(task, "purge");
}

static void purge_if_there(struct pep_task *task)
{
	if (missing(task))
		return;
	task->done = purged;
	drop_items(task);
}

static void purge(struct pep_task *task, const struct stanza *request, const struct xml_element *action)
{
	pep_task_look(task, purge_if_there);
}

static void deleted(struct pep_task *task)
{
	finish(task, "delete");
}

static void delete_if_there(struct pep_task *task)
{
	if (missing(task))
		return;
	task->done = deleted;
	drop_items(task);
	pep_task_drop_options(task);
}

static void delete (struct pep_task *task, const struct stanza *request, const struct xml_element *action)
{
	pep_task_look(task, delete_if_there);
}

/* --------------------------------------------------------------------------------------------- */

static const struct pep_action gets[] = { { "configure", get_options }, { 0 } };
static const struct pep_action sets[] = {
	{ "configure", set_options }, { "delete", delete }, { "purge", purge }, { 0 }
};

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	pep_act(frontend, request, payload, gets);
}

static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	pep_act(frontend, request, payload, sets);
}

const struct iq_feature iq_pep_owner = { NS_PUBSUB_OWN, "pubsub", IQ_ACCOUNT, get, set };

/* --- the list of nodes (section 5.2) --------------------------------------------------------- */

static void put_nodes(struct buf *out, const char *bare, const struct core_documents *documents)
{
	size_t start = buf_len(out);
	xml_put(out, "<query xmlns='" NS_DISCO_ITEMS "'>");
	for (size_t i = 0; i < documents->count && buf_len(out) - start < FRONTEND_ITEMS_MAX; i++) {
		xml_put(out, "<item");
		xml_put_attr(out, "jid", bare);
		xml_put_attr(out, "node", documents->all[i].item);
		xml_put(out, "/>");
	}
	xml_put(out, "</query>");
}

static void listed(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	if (!task)
		return;
	struct buf *out = pep_task_begin_answer(task);
	if (out) {
		put_nodes(out, jid_bare_text(&task->who, task->arena), documents);
		pep_task_end_answer(task, out);
	}
	pep_task_free(task);
}

static void list(struct pep_task *task)
{
	core_documents_find(task->frontend->core, &task->who, CORE_DOCUMENT_PEP, PEP_NODE_OF_OPTIONS, NULL,
			    CORE_DOCUMENTS_MAX, (struct core_documents_reply){ listed, task->frontend, task->id });
}

static void answer_none(struct frontend *frontend, const struct stanza *request)
{
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	put_nodes(out, "", &(struct core_documents){ 0 });
	iq_end(frontend, iq_address(request), out);
}

/* A task as well: a list may be long, and one user has a few of them at a time only. */
void pep_get_nodes(struct frontend *frontend, const struct stanza *request)
{
	if (!core_find_user(frontend->core, jid_bare(&request->from))) {
		answer_none(frontend, request);
		return;
	}
	struct pep_task *task = pep_task_new(frontend, request, NS_DISCO_ITEMS);
	if (task)
		pep_task_begin(task, list);
}
