/* SPDX-License-Identifier: MIT */
#include "frontend/shared_bookmarks.h"

#include "base/hash.h"

struct mark {
	const char *jid, *name, *nick, *password; /* NULL: not said, but for the JID */
	bool autojoin;
	const struct xml_element *extensions; /* of XEP-0402; NULL: none */
};

/* What became of one item. */
struct news {
	struct news *next;
	struct pep_item item; /* payload NULL: it is gone */
};

/* Of a task that reads both, or changes the items. */
struct change {
	const char *storage; /* the old form; NULL: there is none */
	struct news *news;
	void (*go_on)(struct pep_task *task);
};

static const struct xml_element *parse(struct pep_task *task, const char *text)
{
	return xml_parse_document(task->arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
}

/* --- one bookmark ---------------------------------------------------------------------------- */

/* Both forms say it alike, each in its namespace. */
static bool read_mark(struct mark *mark, const struct xml_element *conference, const char *jid, struct arena *arena)
{
	struct jid room;
	if (!jid || !jid_parse_text(&room, arena, jid) || !jid_is_bare(&room))
		return false;
	*mark = (struct mark){
		.jid = room.full,
		.name = xml_attr(conference, "name"),
		.nick = xml_child_text(conference, NULL, "nick", arena),
		.password = xml_child_text(conference, NULL, "password", arena),
		.autojoin = xml_is_true(xml_attr(conference, "autojoin")),
		.extensions = xml_child(conference, NULL, "extensions"),
	};
	return true;
}

static bool read_document(struct pep_task *task, struct mark *mark, const struct core_document *document)
{
	const struct xml_element *conference = parse(task, document->text);
	return conference && read_mark(mark, conference, document->item, task->arena);
}

static bool is_same(const struct mark *a, const struct mark *b)
{
	return !g_strcmp0(a->name, b->name) && !g_strcmp0(a->nick, b->nick) && !g_strcmp0(a->password, b->password) &&
	       a->autojoin == b->autojoin;
}

static void put_mark(struct buf *out, const struct mark *mark, bool old)
{
	xml_put(out, "<conference");
	if (old)
		xml_put_attr(out, "jid", mark->jid);
	else
		xml_put(out, " xmlns='" NS_BOOKMARKS "'");
	xml_put_attr(out, "name", mark->name);
	xml_put_attr(out, "autojoin", mark->autojoin ? "true" : "false");
	xml_put(out, ">");
	xml_put_text(out, "nick", mark->nick);
	xml_put_text(out, "password", mark->password);
	if (!old && mark->extensions)
		xml_put_element(out, mark->extensions, NS_BOOKMARKS);
	xml_put(out, "</conference>");
}

/* --- the old form ---------------------------------------------------------------------------- */

static void find_private(struct pep_task *task,
			 void (*found)(void *ctx, uint64_t id, const struct core_documents *documents))
{
	core_documents_find(task->frontend->core, &task->who, CORE_DOCUMENT_PRIVATE, NS_OLD_BOOKMARKS, "storage", 1,
			    (struct core_documents_reply){ found, task->frontend, task->id });
}

static void find_items(struct pep_task *task,
		       void (*found)(void *ctx, uint64_t id, const struct core_documents *documents))
{
	core_documents_find(task->frontend->core, &task->who, CORE_DOCUMENT_PEP, NS_BOOKMARKS, NULL, PEP_ITEMS_MAX,
			    (struct core_documents_reply){ found, task->frontend, task->id });
}

static struct change *begin(struct pep_task *task, void (*go_on)(struct pep_task *task))
{
	struct change *change = task->more = arena_zalloc(task->arena, sizeof(*change));
	change->go_on = go_on;
	return change;
}

static void take_private(struct pep_task *task, const struct core_documents *documents)
{
	struct change *change = task->more;
	if (documents->count)
		change->storage = arena_strdup(task->arena, documents->all[0].text);
}

static const struct xml_element *old_form(struct pep_task *task)
{
	const struct change *change = task->more;
	const struct xml_element *storage = change->storage ? parse(task, change->storage) : NULL;
	return xml_is(storage, NS_OLD_BOOKMARKS, "storage") ? storage : NULL;
}

/* What is no room, as are bookmarks of pages, is only there. */
static void put_others(struct buf *out, const struct xml_element *storage)
{
	for (const struct xml_element *at = xml_first(storage); at; at = xml_next(at))
		if (strcmp(at->name, "conference") != 0)
			xml_put_element(out, at, NS_OLD_BOOKMARKS);
}

static void items_found(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	struct buf *out = task ? pep_task_begin_answer(task) : NULL;
	struct mark mark;
	if (out) {
		xml_put(out, "<query xmlns='" NS_PRIVATE "'><storage xmlns='" NS_OLD_BOOKMARKS "'>");
		size_t start = buf_len(out);
		for (size_t i = 0; i < documents->count && buf_len(out) - start < FRONTEND_ITEMS_MAX; i++)
			if (read_document(task, &mark, &documents->all[i]))
				put_mark(out, &mark, true);
		put_others(out, old_form(task));
		xml_put(out, "</storage></query>");
		pep_task_end_answer(task, out);
	}
	if (task)
		pep_task_free(task);
}

static void answer_private(struct pep_task *task)
{
	struct buf *out = pep_task_begin_answer(task);
	if (out) {
		const struct xml_element *storage = old_form(task);
		xml_put(out, "<query xmlns='" NS_PRIVATE "'>");
		if (storage)
			xml_put_element(out, storage, NS_PRIVATE);
		else
			xml_put(out, "<storage xmlns='" NS_OLD_BOOKMARKS "'/>");
		xml_put(out, "</query>");
		pep_task_end_answer(task, out);
	}
	pep_task_free(task);
}

static void private_found(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	if (!task)
		return;
	take_private(task, documents);
	if (task->exists)
		find_items(task, items_found);
	else
		answer_private(task);
}

static void get(struct pep_task *task)
{
	find_private(task, private_found);
}

void shared_bookmarks_get(struct pep_task *task)
{
	begin(task, NULL);
	pep_task_look(task, get);
}

/* --- from the old form ------------------------------------------------------------------------- */

static void note(struct pep_task *task, const char *id, const char *payload)
{
	struct change *change = task->more;
	struct news *news = arena_zalloc(task->arena, sizeof(*news));
	news->item = (struct pep_item){ arena_strdup(task->arena, id), payload };
	news->next = change->news;
	change->news = news;
}

static void put_item(struct pep_task *task, const struct mark *mark)
{
	struct buf text;
	buf_init(&text, CORE_DOCUMENT_TEXT_MAX);
	put_mark(&text, mark, false);
	if (!text.failed) {
		const char *payload = arena_strndup(task->arena, buf_data(&text), buf_len(&text));
		struct core_document document = { CORE_DOCUMENT_PEP, NS_BOOKMARKS, mark->jid, payload, 0 };
		core_document_put(task->frontend->core, &task->who, &document, PEP_ITEMS_MAX, pep_task_reply(task));
		note(task, mark->jid, payload);
	}
	buf_fini(&text);
}

/* `known`: item -> document, of which those that stay are taken out. */
static void put_items(struct pep_task *task, const struct xml_element *storage, GHashTable *known)
{
	size_t n = 0;
	for (const struct xml_element *at = xml_first(storage); at && n < PEP_ITEMS_MAX; at = xml_next(at)) {
		struct mark mark, before;
		if (strcmp(at->name, "conference") != 0 || !read_mark(&mark, at, xml_attr(at, "jid"), task->arena))
			continue;
		const struct core_document *document = g_hash_table_lookup(known, mark.jid);
		bool was = document && read_document(task, &before, document);
		mark.extensions = was ? before.extensions : NULL;
		g_hash_table_remove(known, mark.jid);
		if (!was || !is_same(&mark, &before))
			put_item(task, &mark);
		n++;
	}
}

static void drop_items(struct pep_task *task, GHashTable *gone)
{
	GHashTableIter iter;
	const char *item;
	g_hash_table_iter_init(&iter, gone);
	while (g_hash_table_iter_next(&iter, (void **)&item, NULL)) {
		core_document_drop(task->frontend->core, &task->who, CORE_DOCUMENT_PEP, NS_BOOKMARKS, item,
				   pep_task_reply(task));
		note(task, item, NULL);
	}
}

/* XEP-0402, section 3. */
static const struct pep_options options = { .values = {
						    [PEP_PERSIST_ITEMS] = "true",
						    [PEP_MAX_ITEMS] = "max",
						    [PEP_SEND_LAST] = "never",
						    [PEP_ACCESS_MODEL] = "whitelist",
					    } };

static void put_options(struct pep_task *task)
{
	task->options = options;
	task->exists = true;
	pep_task_put_options(task);
}

static void changed(struct pep_task *task)
{
	const struct change *change = task->more;
	if (task->error) {
		pep_task_fail(task, condition_of(task->error), NULL);
		return;
	}
	for (const struct news *at = change->news; at; at = at->next) {
		if (at->item.payload)
			pep_tell_item(task->frontend, &task->who, NS_BOOKMARKS, &at->item);
		else
			pep_tell_retracted(task->frontend, &task->who, NS_BOOKMARKS, at->item.id);
	}
	change->go_on(task);
}

static void replace_items(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	if (!task)
		return;
	g_autoptr(GHashTable) known = g_hash_table_new(hash_text, g_str_equal);
	for (size_t i = 0; i < documents->count; i++)
		g_hash_table_insert(known, (void *)documents->all[i].item, (void *)&documents->all[i]);
	task->done = changed;
	if (!task->exists)
		put_options(task);
	put_items(task, old_form(task), known);
	drop_items(task, known);
	if (!task->open)
		changed(task);
}

static void replace(struct pep_task *task)
{
	find_items(task, replace_items);
}

static void set(struct pep_task *task)
{
	if (task->error)
		pep_task_fail(task, condition_of(task->error), NULL);
	else
		pep_task_look(task, replace);
}

static void put_private(struct pep_task *task)
{
	const struct change *change = task->more;
	struct core_document document = { CORE_DOCUMENT_PRIVATE, NS_OLD_BOOKMARKS, "storage", change->storage, 0 };
	task->done = set;
	core_document_put(task->frontend->core, &task->who, &document, CORE_DOCUMENTS_MAX, pep_task_reply(task));
}

void shared_bookmarks_set(struct pep_task *task, const char *storage)
{
	begin(task, pep_task_succeed)->storage = arena_strdup(task->arena, storage);
	pep_task_begin(task, put_private);
}

static void private_to_import(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	if (!task)
		return;
	const struct change *change = task->more;
	take_private(task, documents);
	if (change->storage)
		find_items(task, replace_items);
	else
		change->go_on(task);
}

static void import(struct pep_task *task)
{
	const struct change *change = task->more;
	if (task->exists)
		change->go_on(task);
	else
		find_private(task, private_to_import);
}

void shared_bookmarks_import(struct pep_task *task, void (*go_on)(struct pep_task *task))
{
	begin(task, go_on);
	pep_task_look(task, import);
}

/* --- by ourselves ------------------------------------------------------------------------------ */

static void publish_unless_there(void *ctx, uint64_t id, const struct core_documents *documents)
{
	struct pep_task *task = pep_task_answered(ctx, id, documents);
	if (!task)
		return;
	if (documents->count) {
		pep_task_free(task);
		return;
	}
	task->wanted = options; /* for a new node; one that is there may be otherwise */
	pep_publish(task);
}

static void look_for_it(struct pep_task *task)
{
	core_documents_find(task->frontend->core, &task->who, CORE_DOCUMENT_PEP, NS_BOOKMARKS, task->items[0].id, 1,
			    (struct core_documents_reply){ publish_unless_there, task->frontend, task->id });
}

void shared_bookmarks_add(struct frontend *frontend, const struct jid *who, const char *room, const char *conference)
{
	struct pep_task *task = pep_task_for(frontend, who, NS_BOOKMARKS);
	task->items[0] = (struct pep_item){ arena_strdup(task->arena, room), arena_strdup(task->arena, conference) };
	task->count = 1;
	shared_bookmarks_import(task, look_for_it);
}

void shared_bookmarks_drop(struct frontend *frontend, const struct jid *who, const char *room)
{
	struct pep_task *task = pep_task_for(frontend, who, NS_BOOKMARKS);
	task->items[0].id = arena_strdup(task->arena, room);
	task->count = 1;
	task->notify = true;
	pep_retract(task);
}
