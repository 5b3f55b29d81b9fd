/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"
#include "frontend/shared_bookmarks.h"

/* Private storage (XEP-0049): one element of each name and namespace. */

enum { ELEMENTS_MAX = 20 }; /* put by one request */

static bool is_fit(const struct xml_element *element)
{
	return element && *element->ns && strcmp(element->ns, NS_PRIVATE) != 0 &&
	       strlen(element->ns) <= CORE_DOCUMENT_NAME_MAX && strlen(element->name) <= CORE_DOCUMENT_NAME_MAX;
}

static bool refused(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	enum xmpp_condition wrong = XMPP_UNDEFINED_CONDITION;
	unsigned count = 0;
	if (!core_keeps_documents(frontend->core))
		wrong = XMPP_SERVICE_UNAVAILABLE;
	else if (!xml_first(payload))
		wrong = XMPP_BAD_REQUEST;
	for (const struct xml_element *at = xml_first(payload); at; at = xml_next(at))
		if (!is_fit(at) || ++count > ELEMENTS_MAX)
			wrong = XMPP_NOT_ACCEPTABLE;
	if (wrong != XMPP_UNDEFINED_CONDITION)
		iq_error(frontend, iq_address(request), wrong, NULL);
	return wrong != XMPP_UNDEFINED_CONDITION;
}

static bool is_bookmarks(const struct xml_element *element)
{
	return xml_is(element, NS_OLD_BOOKMARKS, "storage");
}

/* --- get ------------------------------------------------------------------------------------- */

static void put_nothing(struct buf *out, const struct pep_task *task)
{
	xml_put(out, "<");
	buf_append_text(out, task->items[0].id);
	xml_put_attr(out, "xmlns", task->node);
	xml_put(out, "/>");
}

static void found(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	if (!task)
		return;
	struct buf *out = pep_task_begin_answer(task);
	if (out) {
		xml_put(out, "<query xmlns='" NS_PRIVATE "'>");
		if (documents->count)
			buf_append_text(out, documents->all[0].text);
		else
			put_nothing(out, task);
		xml_put(out, "</query>");
		pep_task_end_answer(task, out);
	}
	pep_task_free(task);
}

static void find(struct pep_task *task)
{
	core_documents_find(task->frontend->core, &task->who, CORE_DOCUMENT_PRIVATE, task->node, task->items[0].id, 1,
			    (struct core_documents_reply){ found, task->frontend, task->id });
}

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const struct xml_element *wanted = xml_first(payload);
	if (refused(frontend, request, payload))
		return;
	if (xml_next(wanted)) {
		iq_error(frontend, iq_address(request), XMPP_BAD_REQUEST, "One element at a time");
		return;
	}
	bool bookmarks = is_bookmarks(wanted);
	struct pep_task *task = pep_task_new(frontend, request, bookmarks ? NS_BOOKMARKS : wanted->ns);
	if (!task)
		return;
	if (bookmarks) {
		shared_bookmarks_get(task);
		return;
	}
	task->items[0].id = arena_strdup(task->arena, wanted->name);
	pep_task_begin(task, find);
}

/* --- set ------------------------------------------------------------------------------------- */

static void store(struct pep_task *task)
{
	const struct core_document *documents = task->more;
	task->done = pep_task_end;
	for (size_t i = 0; i < task->count; i++)
		core_document_put(task->frontend->core, &task->who, &documents[i], CORE_DOCUMENTS_MAX,
				  pep_task_reply(task));
}

/* False: something is too large. */
static bool read_all(struct pep_task *task, const struct xml_element *payload)
{
	struct core_document *documents = task->more = arena_alloc(task->arena, ELEMENTS_MAX * sizeof(*documents));
	for (const struct xml_element *at = xml_first(payload); at; at = xml_next(at)) {
		documents[task->count] =
			(struct core_document){ CORE_DOCUMENT_PRIVATE, arena_strdup(task->arena, at->ns),
						arena_strdup(task->arena, at->name), pep_text(at, task->arena), 0 };
		if (!documents[task->count++].text)
			return false;
	}
	return true;
}

static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const struct xml_element *first = xml_first(payload);
	if (refused(frontend, request, payload))
		return;
	bool bookmarks = is_bookmarks(first) && !xml_next(first);
	struct pep_task *task = pep_task_new(frontend, request, bookmarks ? NS_BOOKMARKS : NS_PRIVATE);
	const char *storage = task && bookmarks ? pep_text(first, task->arena) : NULL;
	if (!task)
		return;
	if (bookmarks ? !storage : !read_all(task, payload))
		pep_task_fail(task, XMPP_NOT_ACCEPTABLE, NULL);
	else if (bookmarks)
		shared_bookmarks_set(task, storage);
	else
		pep_task_begin(task, store);
}

const struct iq_feature iq_private = { NS_PRIVATE, "query", IQ_ACCOUNT, get, set };
