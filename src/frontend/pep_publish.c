/* SPDX-License-Identifier: MIT */
#include "frontend/pep.h"

/* --- publishing (XEP-0060, section 7.1) ------------------------------------------------------ */

static void answer_published(struct pep_task *task)
{
	struct buf *out = pep_task_begin_answer(task);
	if (!out)
		return;
	xml_put(out, "<pubsub xmlns='" NS_PUBSUB "'><publish");
	xml_put_attr(out, "node", task->node);
	xml_put(out, ">");
	for (size_t i = 0; i < task->count; i++) {
		xml_put(out, "<item");
		xml_put_attr(out, "id", task->items[i].id);
		xml_put(out, "/>");
	}
	xml_put(out, "</publish></pubsub>");
	pep_task_end_answer(task, out);
}

static void published(struct pep_task *task)
{
	if (task->error) {
		pep_task_fail(task, condition_of(task->error), NULL);
		return;
	}
	answer_published(task);
	for (size_t i = 0; i < task->count; i++)
		pep_tell_item(task->frontend, &task->who, task->node, &task->items[i]);
	if (task->published)
		task->published(task);
	pep_task_free(task);
}

static void keep(struct pep_task *task)
{
	unsigned max = pep_options_keep(&task->options);
	for (size_t i = 0; i < task->count; i++) {
		struct core_document document = { .kind = CORE_DOCUMENT_PEP,
						  .node = task->node,
						  .item = task->items[i].id,
						  .text = task->items[i].payload };
		core_document_put(task->frontend->core, &task->who, &document, max, pep_task_reply(task));
	}
}

static void publish(struct pep_task *task)
{
	task->done = published;
	if (task->exists && task->has_wanted && !pep_options_meet(&task->options, &task->wanted)) {
		pep_task_fail(task, XMPP_CONFLICT, "precondition-not-met");
		return;
	}
	if (!task->exists) {
		task->options = task->wanted;
		pep_task_put_options(task);
	}
	if (pep_option_is_on(&task->options, PEP_PERSIST_ITEMS))
		keep(task);
	if (!task->open)
		published(task);
}

void pep_publish(struct pep_task *task)
{
	pep_task_look(task, publish);
}

/* --- retracting (section 7.2) ---------------------------------------------------------------- */

static void dropped(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct frontend *frontend = ctx;
	struct pep_task *task = idmap_find(frontend->pep_tasks, id);
	if (!task)
		return;
	if (documents->error || !documents->count) {
		pep_task_fail(task, documents->error ? condition_of(documents->error) : XMPP_ITEM_NOT_FOUND, NULL);
		return;
	}
	struct buf *out = pep_task_begin_answer(task);
	if (out)
		pep_task_end_answer(task, out);
	if (task->notify || pep_option_is_on(&task->options, PEP_NOTIFY_RETRACT))
		pep_tell_retracted(frontend, &task->who, task->node, task->items[0].id);
	pep_task_free(task);
}

static void retract(struct pep_task *task)
{
	core_document_drop(task->frontend->core, &task->who, CORE_DOCUMENT_PEP, task->node, task->items[0].id,
			   (struct core_documents_reply){ dropped, task->frontend, task->id });
}

void pep_retract(struct pep_task *task)
{
	pep_task_look(task, retract);
}
