/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_PRIVATE_H
#define FRONTEND_PRIVATE_H

#include "base/idmap.h"
#include "base/log.h"
#include "base/text.h"
#include "frontend/frontend.h"
#include "xml/parser.h"
#include "xml/writer.h"
#include "xmpp/disco.h"
#include "xmpp/error.h"
#include "xmpp/ns.h"
#include "xmpp/stanza.h"

/* Shared by the files of this room only. */

/* What one stanza may hold of a network's text, in bytes. A stanza that passes the server's limit (512 KiB
 * on a component link of Prosody) would end the link for everybody; escaping makes six bytes of one. */
enum {
	FRONTEND_BODY_MAX = 48 << 10,
	FRONTEND_TEXT_MAX = 4 << 10, /* status, reason, name, error text, URL... */
	FRONTEND_SUBJECT_MAX = 8 << 10,
	FRONTEND_ID_MAX = 256,
	FRONTEND_PHOTO_MAX = 256 << 10,  /* raw; base64 makes four bytes of three */
	FRONTEND_FILES_MAX = 32 << 10,   /* of a message, as written, but for the last one */
	FRONTEND_ITEMS_MAX = 256 << 10,  /* of one disco#items answer, but for its last item */
	FRONTEND_RAW_MAX = 448 << 10,    /* a stanza that passes as it is, in and out */
	FRONTEND_RAW_OUT_MAX = 8 << 20,  /* the same to a network */
	FRONTEND_STANZA_MAX = 500 << 10, /* whatever the above and what an answer repeats of a request make */
	FRONTEND_ROSTER_MAX = 3 << 20,   /* of a whole roster in server mode, but for its last item, */
	FRONTEND_OWN_MAX = 7 << 19,      /* and so of a stanza of ours to a client of ours */
	FRONTEND_IQ_WAITING_MAX = 10000
};

struct adhoc;
struct ask;
struct chat;
struct clients;
struct picture_store;
struct upload;
struct server;

struct frontend {
	struct loop *loop;
	struct config *config;
	struct metrics *metrics;
	struct server *server; /* NULL: gateway mode */
	struct core *core;
	struct admin *admin;
	const struct frontend_route *route;
	void *route_ctx;
	char *jid;
	struct arena *scratch;           /* of one outgoing stanza */
	struct idmap *waiting;           /* struct iq_wait: requests the core is busy with */
	struct upload *upload;           /* of the server, borrowed; NULL: none */
	struct idmap *archive_questions; /* struct question: what archives are asked for */
	struct idmap *asks;              /* struct ask: requests of ours that are not answered */
	GQueue asked;                    /* the same, oldest first */
	struct ask *asking;              /* the one being written */
	struct timer *ask_timer;
	unsigned ask_ms;                /* how long an answer may take; for tests */
	GHashTable *grants;             /* struct grant, a set by domain: what servers grant us */
	struct timer *report_timer;     /* of the report on them; NULL before the first link */
	GHashTable *uncopied;           /* bare JIDs whose server lets us show no copies, of which the log was told */
	struct idmap *roster_tasks;     /* changes of rosters under way */
	struct idmap *roster_exchanges; /* struct exchange: the same, by users' clients */
	GQueue account_checks;          /* local accounts that are being tried, owned */
	struct clients *clients;
	struct chat *chat;       /* owned */
	struct adhoc *adhoc;     /* owned */
	struct idmap *bookmarks; /* struct putting: on their way */
	struct picture_store *pictures;
	GHashTable *avatar_ids;                 /* what a network calls a picture -> its SHA-1 */
	struct idmap *avatar_waits;             /* struct avatar_wait: requests for pictures */
	char *avatar_lent;                      /* the id that was given last */
	struct idmap *pep_tasks, *pep_arrivals; /* struct pep_task; clients that are yet to hear what is there */
	GHashTable *pep_lines;                  /* bare JID -> GQueue of struct pep_task, the first under way */
	struct idmap *profile_changes;
	GHashTable *raw_sources; /* struct raw_source, owned: streams of networks in raw mode */
	GHashTable *raw_by_id;   /* struct request: of users to networks in raw mode */
	GQueue raw_requests;     /* the same, oldest first; owned */
	struct timer *raw_timer;
	char *contact_caps, *transport_caps; /* <c/> elements */
	struct core_features caps_of;        /* what they were made from */
	bool foreign_told;                   /* that the server sends us what is for others */
	char id_prefix[12];
	uint64_t last_id;
	bool quoting;        /* what is being written is the archive's, and does not go there again */
	size_t stanza_start; /* of the stanza that is being written, in its buffer */
};

/* A stanza from XMPP whose `from` can be trusted and whose domain is ours. */
void frontend_take(struct frontend *frontend, const struct stanza *stanza);
/* Server mode: what a user has sent to his own account, the bare JID. */
bool frontend_is_own(const struct frontend *frontend, const struct stanza *stanza);
/* Of service.admin_jid; in server mode by its password. */
bool frontend_is_admin(const struct frontend *frontend, const struct jid *who);

/* route.c: the way of one stanza; at level trace "Component.RAW" shows it, without what people say */
void route_received(const struct xml_element *stanza);
/* The buffer for one stanza; NULL if it cannot be sent (it is counted as dropped). */
struct buf *route_begin(struct frontend *frontend, const char *to, bool lasting);
/* A stanza over FRONTEND_STANZA_MAX is taken out again. */
void route_end(struct frontend *frontend, struct buf *out, const char *to);

/* outgoing.c: one stanza from its start tag to its end */
struct buf *stanza_begin(struct frontend *frontend, const char *name, struct core_address from, const char *to,
			 bool lasting);
/* A JID of ours. */
void put_address(struct frontend *frontend, struct buf *out, struct core_address address);
void put_id(struct frontend *frontend, struct buf *out, const char *id);
/* `<name>text</name>`, cut to FRONTEND_TEXT_MAX; nothing at all if the text is NULL or empty. */
void put_short(struct buf *out, const char *name, const char *text);
/* XEP-0153, for what a network calls the picture; an empty hash says that there is none. */
void put_icon(struct frontend *frontend, struct buf *out, const char *hash);
/* All that is inside of a message, hints apart; `node` is whom it is from. */
void put_payloads(struct frontend *frontend, struct buf *out, const char *node, const struct core_message *message);
#define HINTS_NOT_COPIED "<no-copy xmlns='" NS_HINTS "'/><private xmlns='" NS_CARBONS "'/>"
enum xmpp_condition condition_of(enum core_error error);

/* outgoing_carbon.c */
void outgoing_carbon(struct frontend *frontend, struct core_address with, const char *to,
		     const struct core_message *message);
/* True if a server refused to show one (XEP-0356, section 5.1). */
bool outgoing_carbon_refused(struct frontend *frontend, const struct stanza *error);
void carbons_init(struct frontend *frontend);
void carbons_fini(struct frontend *frontend);

/* iq/adhoc_session.c */
void adhoc_init(struct frontend *frontend);
void adhoc_fini(struct frontend *frontend);

/* iq/archive.c */
void archive_questions_init(struct frontend *frontend);
void archive_questions_fini(struct frontend *frontend);

/* iq/upload.c */
void upload_put_form(struct frontend *frontend, struct buf *out);

/* bookmark.c */
void bookmarks_init(struct frontend *frontend);
void bookmarks_fini(struct frontend *frontend);

/* outgoing_muc.c: two calls of the port */
void outgoing_occupant(void *ctx, struct core_address from, const char *to, const struct core_occupant *occupant);
void outgoing_join_error(void *ctx, struct core_address from, const char *to, enum core_error error, const char *text);

/* iq/blocking.c: a call of the port */
void outgoing_blocked(void *ctx, const char *to, const char *const *nodes, size_t n, bool blocked);

/* incoming_*.c */
void incoming_message(struct frontend *frontend, const struct stanza *stanza);
/* What is inside of a message. Returns what incoming_muc() should see, or NULL. */
const struct xml_element *incoming_payloads(struct core_message *message, const struct stanza *stanza);
void incoming_presence(struct frontend *frontend, const struct stanza *stanza);
/* RFC 6121, section 4.7.1, but for errors; "" is available. */
bool incoming_presence_type(const char *name, enum core_presence_type *type);
/* Of an available one (RFC 6121, section 4.7.2.3). */
int incoming_priority(const struct stanza *stanza);
/* The payload of a message that is for a room rather than for people in it: muc#user, jabber:x:conference or a
 * form. False: it is nothing of the kind. */
bool incoming_muc(struct frontend *frontend, const struct stanza *stanza, const struct xml_element *payload,
		  bool has_words);
/* Answers a stanza with an error from the address it was sent to. */
void incoming_refuse(struct frontend *frontend, const struct stanza *stanza, enum xmpp_condition condition,
		     const char *text);
/* An error: if it says that the sender's resource is not there any more, the core is told. */
void incoming_gone(struct frontend *frontend, const struct stanza *error);

/* caps.c: what the transport, a contact and a room say of themselves */
void caps_refresh(struct frontend *frontend);
/* `<c/>` of a contact, or of the transport. */
const char *caps_element(struct frontend *frontend, bool contact);
void caps_put_info(struct frontend *frontend, struct buf *out, const struct stanza *request, const char *node);
bool caps_knows_node(const struct frontend *frontend, const char *node);

#endif
