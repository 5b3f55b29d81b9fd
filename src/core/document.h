/* SPDX-License-Identifier: MIT */
#ifndef CORE_DOCUMENT_H
#define CORE_DOCUMENT_H

#include "core/core.h"

/* Texts that users have us keep for them in server mode: what they mean is the frontend's business. They lie in the
 * database; without one there are none. */
enum core_document_kind {
	CORE_DOCUMENT_PRIVATE, /* XEP-0049; node: the namespace, item: the name */
	CORE_DOCUMENT_VCARD,   /* XEP-0054; one, node and item "" */
	CORE_DOCUMENT_PEP,     /* XEP-0163; node and item are those of the standard */
	CORE_DOCUMENT_BLOCKED  /* XEP-0191, beyond the network's contacts; node "", item: the JID */
};

enum {
	CORE_DOCUMENT_NAME_MAX = 1000,     /* bytes of a node or an item */
	CORE_DOCUMENT_TEXT_MAX = 200000,   /* bytes of a text */
	CORE_DOCUMENTS_MAX = 2000,         /* of a user */
	CORE_DOCUMENTS_BYTES_MAX = 4 << 20 /* of a user */
};

struct core_document {
	enum core_document_kind kind;
	const char *node, *item, *text;
	int64_t stamp; /* when it was put, in microseconds since 1970; newer is greater within a node */
};

/* Newest first. */
struct core_documents {
	enum core_error error; /* CORE_SERVICE_UNAVAILABLE: there is no database */
	size_t count;
	const struct core_document *all;
};

struct core_documents_reply {
	void (*done)(void *ctx, uint64_t id, const struct core_documents *documents);
	void *ctx;
	uint64_t id;
};

bool core_keeps_documents(const struct core *core);

/* The answers come once, never before the call returned; not after core_free(). `who` is a user who is logged in. node
 * or item NULL: all of them; at most `max`. */
void core_documents_find(struct core *core, const struct jid *who, enum core_document_kind kind, const char *node,
			 const char *item, unsigned max, struct core_documents_reply reply);
/* Puts one in the place of any before it. Of its node only the newest `keep` stay. CORE_RESOURCE_CONSTRAINT: too many
 * or too large. */
void core_document_put(struct core *core, const struct jid *who, const struct core_document *document, unsigned keep,
		       struct core_documents_reply reply);
/* item NULL: all of the node. The answer holds what was dropped, without texts. */
void core_document_drop(struct core *core, const struct jid *who, enum core_document_kind kind, const char *node,
			const char *item, struct core_documents_reply reply);

#endif
