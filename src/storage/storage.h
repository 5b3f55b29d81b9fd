/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_STORAGE_H
#define STORAGE_STORAGE_H

#include "loop/loop.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What is kept: accounts, their contacts and settings. Every call is asynchronous: it is queued to
 * one worker thread in order, and its answer comes later on the loop. Values are copied in; what an
 * answer gives is borrowed for the callback. */
struct storage;

struct storage_options {
	const char *type;     /* "sqlite3" or "none" */
	const char *database; /* file of SQLite, name otherwise */
	const char *server, *user, *password;
	int port;
	const char *prefix;         /* of the table names */
	const char *encryption_key; /* of passwords at rest; "" for none */
	bool no_passwords;          /* will be stored: no key is missed */
};

enum storage_error {
	STORAGE_ERROR_FAILED,  /* the engine's text says why (disk full, read-only, locked...) */
	STORAGE_ERROR_NONE,    /* there is no database (type none) */
	STORAGE_ERROR_TOO_NEW, /* written by a newer version of ours */
	STORAGE_ERROR_NOT_FOUND,
	STORAGE_ERROR_EXISTS,
	STORAGE_ERROR_SEALED,   /* the user is there, but this key does not open the password */
	STORAGE_ERROR_TOO_LONG, /* a password that could not be sealed */
	STORAGE_ERROR_FULL,     /* the user keeps as much as he may already */
};
#define STORAGE_ERROR (storage_error_quark())
GQuark storage_error_quark(void);

/* A contact as it is kept. Texts are never NULL in answers. */
struct storage_contact {
	int64_t id;               /* 0: new */
	const char *name;         /* buddies.uin: the name on the other network */
	const char *subscription; /* "both" or "ask" */
	const char *alias;        /* buddies.nickname */
	const char *groups;       /* names joined by newlines */
	unsigned flags;           /* 2: XEP-0106 escaping, 8: blocked */
	const char *icon_hash;    /* buddies_settings "icon_hash" */
};

struct storage_setting {
	const char *name, *value;
	int type; /* 4 boolean, 13 string, 0 unknown */
};

/* A message that waits for a user who is away. */
struct storage_message {
	int64_t id;         /* in answers: in the order of their coming */
	const char *room;   /* node of the room; "": to the user himself */
	const char *sender; /* who said it: in a room the nickname, else the node of the contact */
	bool is_private;    /* through a room, but for the user alone */
	const char *message_id, *body, *xhtml;
	const char *attachments; /* as the core writes them */
	int64_t stamp;           /* when it was said, seconds since 1970 */
};

/* A room a user is in. */
struct storage_room {
	const char *node, *nick;
	const char *resources; /* of the sessions inside, joined by newlines */
};

/* A text that a user keeps. */
struct storage_document {
	int kind; /* as the core numbers them; 0 node "storage:bookmarks" item "storage" came from the original */
	const char *node, *item;
	const char *text; /* NULL in the answer of storage_drop_documents */
	int64_t stamp;    /* grows within a node */
};

/* A stanza of a user's conversations. */
struct storage_archived {
	int64_t id;           /* grows with time, unique in the whole database */
	const char *peer;     /* the bare JID of the other one */
	const char *resource; /* the rest of his JID, "" if it was bare */
	const char *stanza;
	int64_t stamp; /* microseconds since 1970; at most the id */
};

struct storage_archive_query {
	const char *peer;       /* NULL: all */
	const char *resource;   /* NULL: any */
	int64_t start, end;     /* stamps, both included; 0: no bound */
	int64_t after, before;  /* ids, not included; 0: no bound */
	int64_t page_after;     /* where in that the page begins, not included; 0: at its start */
	int64_t page_before;    /* where it ends, likewise */
	bool last;              /* the last of what is there, not the first */
	unsigned max, max_size; /* of a page: stanzas, and their bytes, but for its last one */
	const int64_t *ids;     /* only these, whatever else is asked */
	size_t id_count;
};

/* Oldest first. */
struct storage_archive_page {
	size_t count;
	const struct storage_archived *all;
	bool complete; /* nothing follows in the direction that was asked for */
	int64_t total; /* all without page_after, page_before and the bounds of a page */
};

/* Somebody to be brought back after a start. */
struct storage_return {
	const char *jid;
	const char *stay_connected; /* the setting, "" if there is none */
	bool online;                /* the flag */
};

struct storage_user {
	int64_t id;
	const char *jid, *uin, *password, *language, *encoding;
	bool vip, online;
	bool unsealed; /* in an answer: the password lay there in the clear, although there is a key */
	size_t contact_count, setting_count;
	const struct storage_contact *contacts;
	const struct storage_setting *settings;
	size_t room_count;
	const struct storage_room *rooms;
	bool has_messages; /* some are kept */
};

/* An answer. `error` NULL: it worked. What else is set depends on the call. */
struct storage_answer {
	const GError *error;
	const struct storage_user *user; /* storage_find_user */
	const char *const *names;        /* storage_list_*: NULL-terminated */
	bool yes;                        /* storage_uin_in_use */
	size_t returning_count;          /* storage_list_returning */
	const struct storage_return *returning;
	/* storage_list_messages; after storage_keep_message the message itself, also with an error. */
	size_t message_count;
	const struct storage_message *messages;
	unsigned dropped; /* storage_keep_message: older ones that had to go; storage_archive_expire */
	const struct storage_archive_page *archive; /* storage_archive_find */
	int64_t last_id;                            /* storage_archive_last */
	size_t document_count;                      /* storage_find_documents, storage_drop_documents */
	const struct storage_document *documents;   /* newest first */
};

struct storage_reply {
	void (*done)(void *ctx, uint64_t id,
		     const struct storage_answer *answer); /* NULL: nobody waits; a failure is logged */
	void *ctx;
	uint64_t id;
};

/* Starts the thread and opens the database there, creating or migrating its tables. `ready` tells
 * how that went (answer->error); what was asked meanwhile waits, and is answered with the same
 * error if it failed. With type none it works, and only what is asked fails. NULL with an error only
 * for an unknown type. */
struct storage *storage_open(struct loop *loop, const struct storage_options *options, struct storage_reply ready,
			     GError **error);

/* Finishes everything queued (answers included), then closes. */
void storage_close(struct storage **storage);

/* True for type "none": nothing can be stored, everything answers STORAGE_ERROR_NONE. */
bool storage_is_none(const struct storage *storage);

/* The user with contacts (by id), settings and rooms; STORAGE_ERROR_NOT_FOUND if there is none. */
void storage_find_user(struct storage *storage, const char *jid, struct storage_reply reply);

/* Creates the user, or changes uin, password, language and encoding of an existing one (all but id,
 * vip, online, contacts and settings). Answers with the user as by storage_find_user. */
void storage_put_user(struct storage *storage, const struct storage_user *user, struct storage_reply reply);

/* Removes the user with all that is kept for him, in one transaction. */
void storage_remove_user(struct storage *storage, const char *jid, struct storage_reply reply);

/* Sets `online`; true also sets last_login. */
void storage_set_online(struct storage *storage, int64_t user, bool online, struct storage_reply reply);

/* JIDs of those with the online flag, or of all. */
void storage_list_users(struct storage *storage, bool only_online, struct storage_reply reply);

/* Those with the online flag, or all, with what decides how they come back. */
void storage_list_returning(struct storage *storage, bool all, struct storage_reply reply);

/* Does any user other than `except_jid` (may be NULL) have this uin? */
void storage_uin_in_use(struct storage *storage, const char *uin, const char *except_jid, struct storage_reply reply);

/* Adds or changes n contacts by (user, name), in one transaction; rows that say so already are not
 * written. STORAGE_ERROR_NOT_FOUND, as for all that takes a user's id, if the user is gone. */
void storage_put_contacts(struct storage *storage, int64_t user, const struct storage_contact *contacts, size_t n,
			  struct storage_reply reply);

/* It works too if there is no such contact. */
void storage_remove_contact(struct storage *storage, int64_t user, const char *name, struct storage_reply reply);

/* Inserts or updates. */
void storage_put_setting(struct storage *storage, int64_t user, const struct storage_setting *setting,
			 struct storage_reply reply);

/* Keeps a message for a user who is away. How many there can be is bounded (storage/message.h): the oldest go. */
void storage_keep_message(struct storage *storage, int64_t user, const struct storage_message *message,
			  struct storage_reply reply);

/* The same for a user of whom only the JID is known. */
void storage_keep_message_for(struct storage *storage, const char *jid, const struct storage_message *message,
			      struct storage_reply reply);

/* The oldest `limit` messages of a room ("": those to the user himself), oldest first. */
void storage_list_messages(struct storage *storage, int64_t user, const char *room, unsigned limit,
			   struct storage_reply reply);

/* Those of the same place up to an id that a list gave. */
void storage_drop_messages(struct storage *storage, int64_t user, const char *room, int64_t up_to,
			   struct storage_reply reply);

/* Inserts or updates by node. */
void storage_put_room(struct storage *storage, int64_t user, const struct storage_room *room,
		      struct storage_reply reply);

/* It works too if there is no such room. node NULL: all. */
void storage_remove_room(struct storage *storage, int64_t user, const char *node, struct storage_reply reply);

/* Documents of the user of that JID; node or item NULL: of any; at most `max`. */
void storage_find_documents(struct storage *storage, const char *jid, int kind, const char *node, const char *item,
			    unsigned max, struct storage_reply reply);

/* Inserts or updates by kind, node and item. It becomes the newest of its node, of which only `keep` stay. How much a
 * user may keep is bounded (storage/document.h): STORAGE_ERROR_FULL. */
void storage_put_document(struct storage *storage, const char *jid, const struct storage_document *document,
			  unsigned keep, struct storage_reply reply);

/* Answers with what there was, without texts. */
void storage_drop_documents(struct storage *storage, const char *jid, int kind, const char *node, const char *item,
			    struct storage_reply reply);

/* Adds to the user's archive, which is bounded (storage/archive.h): the oldest go. */
void storage_archive_put(struct storage *storage, int64_t user, const struct storage_archived *archived,
			 struct storage_reply reply);

/* STORAGE_ERROR_NOT_FOUND: an id that the query names is not in the user's archive. */
void storage_archive_find(struct storage *storage, int64_t user, const struct storage_archive_query *query,
			  struct storage_reply reply);

/* The greatest id in the archive of anybody, 0 if there is none. */
void storage_archive_last(struct storage *storage, struct storage_reply reply);

/* Drops the oldest with an id less than `before`, of all users together, `max` or a few less at once; the answer says
 * how many (answer->dropped). */
void storage_archive_expire(struct storage *storage, int64_t before, unsigned max, struct storage_reply reply);

#endif
