/* SPDX-License-Identifier: MIT */
#include "base/hash.h"
#include "frontend/iq/iq.h"
#include "frontend/pep.h"

/* --- one after the other --------------------------------------------------------------------- */

static GQueue *line_of(const struct pep_task *task)
{
	struct frontend *frontend = task->frontend;
	const char *bare = jid_bare_text(&task->who, task->arena);
	GQueue *line = g_hash_table_lookup(frontend->pep_lines, bare);
	if (!line)
		g_hash_table_insert(frontend->pep_lines, g_strdup(bare), line = g_queue_new());
	return line;
}

static void leave_line(struct pep_task *task)
{
	GQueue *line = line_of(task);
	bool was_first = g_queue_peek_head(line) == task;
	g_queue_remove(line, task);
	struct pep_task *next = g_queue_peek_head(line);
	if (!next)
		g_hash_table_remove(task->frontend->pep_lines, jid_bare_text(&task->who, task->arena));
	else if (was_first && next->start)
		next->start(next);
}

void pep_task_begin(struct pep_task *task, void (*start)(struct pep_task *task))
{
	task->start = start;
	if (g_queue_peek_head(line_of(task)) == task)
		start(task);
}

/* --------------------------------------------------------------------------------------------- */

struct pep_task *pep_task_for(struct frontend *frontend, const struct jid *who, const char *node)
{
	struct arena *arena = arena_new(1024);
	struct pep_task *task = arena_zalloc(arena, sizeof(*task));
	bool parsed;
	task->frontend = frontend;
	task->arena = arena;
	task->node = arena_strdup(arena, node);
	parsed = jid_parse_text(&task->who, arena, arena_strdup(arena, who->full));
	g_assert(parsed); /* it was one before */
	task->id = idmap_add(frontend->pep_tasks, task);
	g_queue_push_tail(line_of(task), task);
	return task;
}

struct pep_task *pep_task_new(struct frontend *frontend, const struct stanza *request, const char *node)
{
	struct iq_address address = iq_address(request);
	if (!node || !*node) {
		iq_error_with(frontend, address, XMPP_BAD_REQUEST, NS_PUBSUB_ERR, "nodeid-required");
		return NULL;
	}
	if (strlen(node) > CORE_DOCUMENT_NAME_MAX) {
		iq_error(frontend, address, XMPP_NOT_ACCEPTABLE, "The name of the node is too long");
		return NULL;
	}
	if (!core_find_user(frontend->core, jid_bare(&request->from))) {
		/* An administrator, who is on no network, has nothing here. */
		iq_error(frontend, address, XMPP_SERVICE_UNAVAILABLE, NULL);
		return NULL;
	}
	uint64_t kept = iq_keep(frontend, request);
	struct pep_task *task = kept ? pep_task_for(frontend, &request->from, node) : NULL;
	if (!task)
		return NULL;
	task->request = kept;
	if (g_queue_get_length(line_of(task)) <= PEP_TASKS_MAX)
		return task;
	pep_task_fail(task, XMPP_RESOURCE_CONSTRAINT, NULL);
	return NULL;
}

void pep_task_free(struct pep_task *task)
{
	struct arena *arena = task->arena;
	idmap_take(task->frontend->pep_tasks, task->id);
	if (task->request)
		iq_drop(task->frontend, task->request);
	leave_line(task);
	arena_free(&arena);
}

void pep_task_fail(struct pep_task *task, enum xmpp_condition condition, const char *name)
{
	struct iq_address address;
	if (task->request && iq_kept(task->frontend, task->request, &address)) {
		if (name)
			iq_error_with(task->frontend, address, condition, NS_PUBSUB_ERR, name);
		else
			iq_error(task->frontend, address, condition, NULL);
	}
	pep_task_free(task);
}

struct buf *pep_task_begin_answer(struct pep_task *task)
{
	struct iq_address address;
	return task->request && iq_kept(task->frontend, task->request, &address) ? iq_begin(task->frontend, address)
										 : NULL;
}

void pep_task_end_answer(struct pep_task *task, struct buf *out)
{
	struct iq_address address;
	if (iq_kept(task->frontend, task->request, &address))
		iq_end(task->frontend, address, out);
}

void pep_task_succeed(struct pep_task *task)
{
	struct buf *out = pep_task_begin_answer(task);
	if (out)
		pep_task_end_answer(task, out);
	pep_task_free(task);
}

void pep_task_end(struct pep_task *task)
{
	if (task->error)
		pep_task_fail(task, condition_of(task->error), NULL);
	else
		pep_task_succeed(task);
}

/* --- asking the database --------------------------------------------------------------------- */

static void answered(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct frontend *frontend = ctx;
	struct pep_task *task = idmap_find(frontend->pep_tasks, id);
	if (!task)
		return;
	if (documents->error)
		task->error = documents->error;
	if (--task->open == 0)
		task->done(task);
}

struct core_documents_reply pep_task_reply(struct pep_task *task)
{
	task->open++;
	return (struct core_documents_reply){ answered, task->frontend, task->id };
}

struct pep_task *pep_task_answered(struct frontend *frontend, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = idmap_find(frontend->pep_tasks, id);
	if (!task || !documents->error)
		return task;
	pep_task_fail(task, condition_of(documents->error), NULL);
	return NULL;
}

static void looked_up(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	if (!task)
		return;
	task->exists = documents->count > 0;
	if (task->exists)
		pep_options_parse(&task->options, documents->all[0].text, task->arena);
	task->looked_up(task);
}

static void look(struct pep_task *task)
{
	core_documents_find(task->frontend->core, &task->who, CORE_DOCUMENT_PEP, PEP_NODE_OF_OPTIONS, task->node, 1,
			    (struct core_documents_reply){ looked_up, task->frontend, task->id });
}

void pep_task_look(struct pep_task *task, void (*then)(struct pep_task *task))
{
	task->looked_up = then;
	pep_task_begin(task, look);
}

void pep_task_put_options(struct pep_task *task)
{
	struct core_document document = { .kind = CORE_DOCUMENT_PEP,
					  .node = PEP_NODE_OF_OPTIONS,
					  .item = task->node,
					  .text = pep_options_text(&task->options, task->arena) };
	core_document_put(task->frontend->core, &task->who, &document, CORE_DOCUMENTS_MAX, pep_task_reply(task));
}

void pep_task_drop_options(struct pep_task *task)
{
	core_document_drop(task->frontend->core, &task->who, CORE_DOCUMENT_PEP, PEP_NODE_OF_OPTIONS, task->node,
			   pep_task_reply(task));
}

/* --------------------------------------------------------------------------------------------- */

const char *pep_text(const struct xml_element *element, struct arena *arena)
{
	struct buf text;
	buf_init(&text, CORE_DOCUMENT_TEXT_MAX);
	xml_put_element(&text, element, "");
	const char *copy = text.failed ? NULL : arena_strndup(arena, buf_data(&text), buf_len(&text));
	buf_fini(&text);
	return copy;
}

void pep_init(struct frontend *frontend)
{
	frontend->pep_tasks = idmap_new();
	frontend->pep_lines = g_hash_table_new_full(hash_text, g_str_equal, g_free, (GDestroyNotify)g_queue_free);
	pep_events_init(frontend);
}

static void forbid(void *ctx, uint64_t id, void *task)
{
	((struct pep_task *)task)->start = NULL;
}

static void drop(void *ctx, uint64_t id, void *task)
{
	pep_task_free(task);
}

void pep_fini(struct frontend *frontend)
{
	idmap_each(frontend->pep_tasks, forbid, NULL);
	idmap_each(frontend->pep_tasks, drop, NULL);
	idmap_free(&frontend->pep_tasks);
	g_hash_table_unref(frontend->pep_lines);
	pep_events_fini(frontend);
}
