/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_PEP_H
#define FRONTEND_PEP_H

#include "core/document.h"
#include "frontend/private.h"

/* Server mode: what users publish (XEP-0163, the part of XEP-0060 that it needs). Nobody but the user's own clients
 * hears of it: contacts are of another network. A node is a document that tells how it is configured, and one for each
 * item. */

enum {
	PEP_ITEMS_MAX = 1000,   /* of a node */
	PEP_PUBLISHED_MAX = 20, /* items by one request */
	PEP_TASKS_MAX = 200     /* of a user, one after the other */
};

/* The options of a node are an item by its name in the node that has none, which nobody else can name. */
#define PEP_NODE_OF_OPTIONS ""

/* --- pep_options.c: how a node is configured ------------------------------------------------- */

enum pep_option {
	PEP_ACCESS_MODEL,
	PEP_MAX_ITEMS,
	PEP_NOTIFY_DELETE,
	PEP_NOTIFY_RETRACT,
	PEP_PERSIST_ITEMS,
	PEP_PUBLISH_MODEL,
	PEP_SEND_LAST,
	PEP_TITLE,
	PEP_TYPE,
	PEP_OPTION_COUNT
};

struct pep_options {
	const char *values[PEP_OPTION_COUNT]; /* borrowed; NULL: not said */
};

/* From a submitted form. False: a value is none, or (strict) a field is unknown. */
bool pep_options_read(struct pep_options *options, const struct xml_element *form, bool strict, struct arena *arena);
/* What was said, or else holds. */
const char *pep_option(const struct pep_options *options, enum pep_option option);
bool pep_option_is_on(const struct pep_options *options, enum pep_option option);
/* How many of its items a node keeps. */
unsigned pep_options_keep(const struct pep_options *options);
/* Whether what is wanted is so (XEP-0060, section 7.1.5). */
bool pep_options_meet(const struct pep_options *options, const struct pep_options *wanted);
void pep_options_change(struct pep_options *options, const struct pep_options *changes);
/* As kept. */
const char *pep_options_text(const struct pep_options *options, struct arena *arena);
void pep_options_parse(struct pep_options *options, const char *text, struct arena *arena);
void pep_options_put_form(struct buf *out, const struct pep_options *options);

/* --- pep_task.c: one thing that is done to a node, or to what else a user keeps --------------- */

struct pep_item {
	const char *id, *payload; /* XML; NULL: of no interest */
};

struct pep_task {
	struct frontend *frontend;
	struct arena *arena; /* all of it lies there */
	uint64_t id;
	uint64_t request; /* of iq_keep(); 0: nobody asked */
	struct jid who;
	const char *node;
	struct pep_options options; /* of the node, once it was looked up */
	bool exists;
	void (*start)(struct pep_task *task);
	void (*looked_up)(struct pep_task *task);

	/* Of those who do something: */
	struct pep_options wanted;
	bool has_wanted;
	struct pep_item items[PEP_PUBLISHED_MAX];
	size_t count;
	unsigned open; /* answers of the database that are waited for */
	unsigned max;
	bool notify; /* whatever the node's options say */
	void *more;  /* of what the task is about; in the arena */
	enum core_error error;
	/* Once the items are published, for what follows from it; NULL: nothing does. */
	void (*published)(const struct pep_task *task);
	void (*done)(struct pep_task *task); /* all answers are there, and the error is of one of them */
};

/* For a request that names a node (else it is refused), or (request NULL) for a user. NULL: the asker was told. */
struct pep_task *pep_task_new(struct frontend *frontend, const struct stanza *request, const char *node);
struct pep_task *pep_task_for(struct frontend *frontend, const struct jid *who, const char *node);
void pep_task_free(struct pep_task *task);
/* Calls start() when the user's tasks before this one have ended: what clients ask is done in its order, however many
 * answers of the database each takes (RFC 6120, section 10.1). */
void pep_task_begin(struct pep_task *task, void (*start)(struct pep_task *task));
/* Begins the task unless it has begun. Finds out whether the node is there, and its options; without a database the
 * task ends. */
void pep_task_look(struct pep_task *task, void (*looked_up)(struct pep_task *task));
/* To be given to the core's calls; each counts as open until it is answered. When none is left, done() is called. */
struct core_documents_reply pep_task_reply(struct pep_task *task);
/* For answers that are asked for without it. NULL: the task is gone, or was ended for an error. */
struct pep_task *pep_task_answered(struct frontend *frontend, uint64_t id, const struct core_documents *documents);
/* Keeps the options of the node, or drops them, and it. */
void pep_task_put_options(struct pep_task *task);
void pep_task_drop_options(struct pep_task *task);
/* These end the task; `name`: a condition of XEP-0060 besides, or NULL. */
void pep_task_fail(struct pep_task *task, enum xmpp_condition condition, const char *name);
void pep_task_succeed(struct pep_task *task);
/* Either of them, by the error of the task; a done() where nothing follows. */
void pep_task_end(struct pep_task *task);
/* `<iq type='result'..>`, to be ended by pep_task_end_answer(), after which the task is still there. NULL: nobody
 * asked, or he cannot be told. */
struct buf *pep_task_begin_answer(struct pep_task *task);
void pep_task_end_answer(struct pep_task *task, struct buf *out);

/* Parts of a frontend's life. */
void pep_init(struct frontend *frontend);
void pep_fini(struct frontend *frontend);

/* --- pep_publish.c ----------------------------------------------------------------------------- */

/* Publishes the task's items, as wanted. Ends the task. */
void pep_publish(struct pep_task *task);
void pep_retract(struct pep_task *task);

/* --- pep_event.c: what the user's clients hear (NODE+notify in their capabilities) ---------------- */

void pep_tell_item(struct frontend *frontend, const struct jid *who, const char *node, const struct pep_item *item);
void pep_tell_retracted(struct frontend *frontend, const struct jid *who, const char *node, const char *id);
/* `what` happened to the whole node: "delete", "purge". */
void pep_tell_node(struct frontend *frontend, const struct jid *who, const char *node, const char *what);
/* A presence of a client of the user; `before` is the mark of the client that it had, see clients_mark(). */
void pep_client_came(struct frontend *frontend, const struct jid *from, uint64_t before, uint64_t mark);
/* The mark that this client of the user has; 0: none. */
uint64_t pep_client_mark(struct frontend *frontend, const struct jid *from);
void pep_events_init(struct frontend *frontend);
void pep_events_fini(struct frontend *frontend);

/* The XML of an element, as it is kept; NULL: too long. */
const char *pep_text(const struct xml_element *element, struct arena *arena);

#endif
