/* SPDX-License-Identifier: MIT */
#include "frontend/iq/pep.h"

#include "frontend/profile.h"
#include "frontend/shared_bookmarks.h"
#include "xmpp/form.h"

/* What the user's clients publish to his account, and read of it (XEP-0163). */

static void refuse(struct frontend *frontend, const struct stanza *request, enum xmpp_condition condition,
		   const char *name)
{
	iq_error_with(frontend, iq_address(request), condition, NS_PUBSUB_ERR, name);
}

/* --- publish --------------------------------------------------------------------------------- */

static bool read_item(struct pep_item *item, const struct xml_element *element, struct arena *arena)
{
	const struct xml_element *payload = xml_first(element);
	const char *id = xml_attr(element, "id");
	g_autofree char *made = id && *id ? NULL : g_uuid_string_random();
	if (!payload || xml_next(payload) || (id && strlen(id) > CORE_DOCUMENT_NAME_MAX))
		return false;
	item->id = arena_strdup(arena, made ? made : id);
	item->payload = pep_text(payload, arena);
	return item->payload;
}

static void published(const struct pep_task *task)
{
	profile_published(task->frontend, &task->who, task->node, &task->items[task->count - 1]);
}

static void publish(struct pep_task *task, const struct stanza *request, const struct xml_element *action)
{
	const struct xml_element *options = xml_child(action->parent, NULL, "publish-options");
	for (const struct xml_element *at = xml_first(action); at; at = xml_next(at)) {
		if (task->count == PEP_PUBLISHED_MAX) {
			pep_task_fail(task, XMPP_NOT_ALLOWED, "max-items-exceeded");
			return;
		}
		if (!read_item(&task->items[task->count++], at, task->arena)) {
			pep_task_fail(task, XMPP_BAD_REQUEST, "invalid-payload");
			return;
		}
	}
	if (!task->count) {
		pep_task_fail(task, XMPP_BAD_REQUEST, "item-required");
		return;
	}
	task->has_wanted = options;
	task->published = published;
	if (!pep_options_read(&task->wanted, form_find(options), true, task->arena))
		pep_task_fail(task, XMPP_CONFLICT, "precondition-not-met");
	else if (!strcmp(task->node, NS_BOOKMARKS))
		shared_bookmarks_import(task, pep_publish);
	else
		pep_publish(task);
}

/* --- retract --------------------------------------------------------------------------------- */

static void retract(struct pep_task *task, const struct stanza *request, const struct xml_element *action)
{
	const struct xml_element *item = xml_child(action, NULL, "item");
	const char *id = item ? xml_attr(item, "id") : NULL;
	if (!id || !*id || xml_next(item)) {
		pep_task_fail(task, XMPP_BAD_REQUEST, "item-required");
		return;
	}
	task->items[0].id = arena_strdup(task->arena, id);
	task->count = 1;
	task->notify = xml_is_true(xml_attr(action, "notify"));
	pep_retract(task);
}

/* --- create ---------------------------------------------------------------------------------- */

static void create_unless_there(struct pep_task *task)
{
	if (task->exists) {
		pep_task_fail(task, XMPP_CONFLICT, NULL);
		return;
	}
	task->options = task->wanted;
	task->done = pep_task_end;
	pep_task_put_options(task);
}

static void create(struct pep_task *task, const struct stanza *request, const struct xml_element *action)
{
	const struct xml_element *configure = xml_child(action->parent, NULL, "configure");
	if (pep_options_read(&task->wanted, form_find(configure), false, task->arena))
		pep_task_look(task, create_unless_there);
	else
		pep_task_fail(task, XMPP_NOT_ACCEPTABLE, NULL);
}

/* --- items (XEP-0060, section 6.5) ----------------------------------------------------------- */

static bool is_wanted(const struct pep_task *task, const char *id)
{
	for (size_t i = 0; i < task->count; i++)
		if (!strcmp(task->items[i].id, id))
			return true;
	return !task->count;
}

static void put_items(struct buf *out, const struct pep_task *task, const struct core_documents *documents)
{
	size_t start = buf_len(out);
	xml_put(out, "<pubsub xmlns='" NS_PUBSUB "'><items");
	xml_put_attr(out, "node", task->node);
	xml_put(out, ">");
	for (size_t i = 0; i < documents->count; i++) {
		const struct core_document *document = &documents->all[i];
		if (!is_wanted(task, document->item))
			continue;
		if (buf_len(out) - start + strlen(document->text) > FRONTEND_RAW_MAX)
			break;
		xml_put(out, "<item");
		xml_put_attr(out, "id", document->item);
		xml_put(out, ">");
		buf_append_text(out, document->text);
		xml_put(out, "</item>");
	}
	xml_put(out, "</items></pubsub>");
}

static void found(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	if (!task)
		return;
	struct buf *out = pep_task_begin_answer(task);
	if (out) {
		put_items(out, task, documents);
		pep_task_end_answer(task, out);
	}
	pep_task_free(task);
}

static void find(struct pep_task *task)
{
	if (!task->exists) {
		pep_task_fail(task, XMPP_ITEM_NOT_FOUND, NULL);
		return;
	}
	core_documents_find(task->frontend->core, &task->who, CORE_DOCUMENT_PEP, task->node,
			    task->count == 1 ? task->items[0].id : NULL, task->max,
			    (struct core_documents_reply){ found, task->frontend, task->id });
}

static void items(struct pep_task *task, const struct stanza *request, const struct xml_element *action)
{
	const char *text = xml_attr(action, "max_items");
	guint64 max = PEP_ITEMS_MAX;
	if (text && !g_ascii_string_to_unsigned(text, 10, 1, UINT32_MAX, &max, NULL)) {
		pep_task_fail(task, XMPP_BAD_REQUEST, NULL);
		return;
	}
	for (const struct xml_element *at = xml_first(action); at; at = xml_next(at)) {
		const char *id = xml_attr(at, "id");
		if (!id || task->count == PEP_PUBLISHED_MAX) {
			pep_task_fail(task, id ? XMPP_NOT_ACCEPTABLE : XMPP_BAD_REQUEST, NULL);
			return;
		}
		task->items[task->count++].id = arena_strdup(task->arena, id);
	}
	task->max = (unsigned)MIN(max, PEP_ITEMS_MAX);
	if (!strcmp(task->node, NS_BOOKMARKS))
		shared_bookmarks_import(task, find);
	else
		pep_task_look(task, find);
}

/* --------------------------------------------------------------------------------------------- */

static const struct pep_action gets[] = { { "items", items }, { 0 } };
static const struct pep_action sets[] = { { "create", create }, { "publish", publish }, { "retract", retract }, { 0 } };

void pep_act(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload,
	     const struct pep_action *actions)
{
	const struct xml_element *action = xml_first(payload);
	while (actions->name && !xml_is(action, payload->ns, actions->name))
		actions++;
	if (!core_keeps_documents(frontend->core))
		iq_error(frontend, iq_address(request), XMPP_SERVICE_UNAVAILABLE, NULL);
	else if (!action)
		iq_error(frontend, iq_address(request), XMPP_BAD_REQUEST, NULL);
	else if (!actions->name)
		refuse(frontend, request, XMPP_FEATURE_NOT_IMPLEMENTED, "unsupported");
	else {
		struct pep_task *task = pep_task_new(frontend, request, xml_attr(action, "node"));
		if (task)
			actions->act(task, request, action);
	}
}

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	pep_act(frontend, request, payload, gets);
}

static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	pep_act(frontend, request, payload, sets);
}

const struct iq_feature iq_pep = { NS_PUBSUB, "pubsub", IQ_ACCOUNT, get, set };
