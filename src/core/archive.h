/* SPDX-License-Identifier: MIT */
#ifndef CORE_ARCHIVE_H
#define CORE_ARCHIVE_H

#include "core/core.h"

/* The archive of a user's own conversations in server mode (XEP-0313): stanzas as texts, which only the frontend
 * understands. It lies in the database; without one, or with service.archive_days = 0, there is none. What is older
 * than that is dropped. */
struct core_archived {
	uint64_t id;        /* grows with time; unique */
	const char *with;   /* the JID of the other one, prepared; in answers the bare one */
	const char *stanza; /* XML, as it was sent or delivered */
	int64_t stamp;      /* microseconds since 1970; 0: that of the id. Later ones become that too */
};

enum {
	CORE_ARCHIVE_STANZA_MAX = 128 << 10, /* bytes; what is larger is not kept */
	CORE_ARCHIVE_PAGE_MAX = 100,         /* stanzas */
	CORE_ARCHIVE_PAGE_BYTES = 256 << 10, /* but for the last stanza of a page */
	CORE_ARCHIVE_IN_FLIGHT = 32 << 20    /* bytes on their way to the database; what comes then is lost */
};

/* Ids that are asked for are there, or the answer is CORE_ITEM_NOT_FOUND. */
struct core_archive_query {
	const char *with;       /* a JID, bare for all of it; NULL: all */
	int64_t start, end;     /* stamps, both included; 0: no bound */
	uint64_t after, before; /* ids, not included; 0: no bound */
	uint64_t page_after;    /* where in all that a page begins... */
	uint64_t page_before;   /* ...or ends, likewise */
	bool last;              /* the last of what matches, not the first */
	unsigned max;           /* at most CORE_ARCHIVE_PAGE_MAX; 0: only the count */
	const uint64_t *ids;    /* only these, at most CORE_ARCHIVE_PAGE_MAX, in this order */
	size_t id_count;
};

/* Oldest first. */
struct core_archive_page {
	enum core_error error; /* CORE_ITEM_NOT_FOUND; CORE_INTERNAL_SERVER_ERROR: the database fails */
	size_t count;
	const struct core_archived *all;
	bool complete;  /* nothing more matches in that direction */
	uint64_t total; /* all that matches without page_after and page_before */
};

struct core_archive_reply {
	void (*done)(void *ctx, uint64_t id, const struct core_archive_page *page);
	void *ctx;
	uint64_t id;
};

bool core_has_archive(const struct core *core);

/* A new id, greater than all before, also those of an earlier life of the process. */
uint64_t core_archive_id(struct core *core);

/* Keeps it, some time soon. `who` is the bare JID of a user; of one who is not logged in, or not stored, nothing is
 * kept. */
void core_archive_put(struct core *core, struct str who, const struct core_archived *archived);

/* The answer comes once, never before the call returned; not after core_free(). */
void core_archive_find(struct core *core, const struct jid *who, const struct core_archive_query *query,
		       struct core_archive_reply reply);

#endif
