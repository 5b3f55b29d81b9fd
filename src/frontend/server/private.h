/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_PRIVATE_H
#define FRONTEND_SERVER_PRIVATE_H

#include "core/arrival.h"
#include "frontend/private.h"
#include "frontend/server/server.h"
#include "loop/listen.h"
#include "loop/tls.h"
#include "xmpp/c2s.h"

/* Shared by the files of this room only. A client is a connection; a resource is what it has bound, which outlives the
 * connection for a while if it can be resumed (XEP-0198); an account has all resources of one bare JID. */

struct client;
struct csi;
struct guard;
struct resume;
struct sm;
struct ticket;
struct upload;

/* Of a message that went into the archive, by which its copies are known; id 0: none. */
struct archive_seen {
	uint64_t id, now;
	guint who, sender, inside;
};

struct server {
	struct loop *loop;
	struct config *config;
	struct metrics *metrics;
	struct frontend *frontend;
	struct listener *listener, *tls_listener; /* the second may be NULL */
	struct tls *tls;
	struct guard *guard;   /* limits of who has not logged in */
	GHashTable *accounts;  /* struct account, owned, a set by bare JID */
	struct idmap *logins;  /* struct client, borrowed: who waits for the network's word */
	GQueue clients;        /* struct client, owned; oldest first */
	GQueue strangers;      /* struct client, borrowed: have not tried to log in, or failed; oldest first */
	size_t clients_max;    /* by the descriptors that we may have */
	struct resume *resume; /* resources that wait for their clients, and the names they are asked for by */
	struct buf aside;      /* a stanza that may go to several, or to nobody */
	struct buf unheard;    /* one to a resource without a client */
	GQueue doomed;         /* struct resource, borrowed: to be ended when nothing of them is on the stack */
	struct timer *reaper;
	struct resource *writing; /* whose buffer route_out() gave; NULL: aside */
	struct buf *written_to;   /* that buffer: asked for again it may be refused, with the stanza in it */
	size_t written_from;      /* where the stanza starts there */
	struct resource *leaving; /* is not to hear what its own end brings about */
	struct archive_seen seen;
	GHashTable *unread;    /* uint64_t *, owned -> uint64_t *, owned: ids of what is delivered again; NULL: none */
	struct upload *upload; /* NULL: none */
	bool closing;
};

struct account {
	struct str key; /* the bare JID; first member, so that the table is a set */
	struct server *server;
	struct resource *resources; /* in the order they were bound; never empty */
	char jid[];
};

struct resource {
	struct resource *next;
	struct account *account;
	struct client *client; /* NULL: waits to be resumed */
	uint64_t arrival;      /* of the core, see core/arrival.h */
	GBytes *presence;      /* the last available one that was broadcast, as written; NULL: not available */
	int64_t since;         /* when it became available, in seconds since 1970 */
	int priority;
	bool carbons;         /* wants copies (XEP-0280) */
	bool interested;      /* has asked for the roster (RFC 6121, section 2.2) */
	bool versions;        /* with a version of it (section 2.6) */
	bool doomed;          /* is to be ended: takes nothing more */
	bool watches_blocked; /* has asked for the block list (XEP-0191, section 3.3) */
	struct sm *sm;        /* owned; NULL: stream management is off */
	struct csi *csi;      /* owned; NULL: the client is active (XEP-0352) */
	GHashTable *directed; /* char *, a set: JIDs that have had directed presence; NULL until the first */
	/* Of resume.c, owned there: what it is resumed by; NULL: it cannot be. */
	struct ticket *ticket;
	char full[];
};

/* account.c */
struct account *account_of(const struct server *server, struct str bare);
/* The part of a JID up to its slash. */
struct str account_bare(const char *jid);
struct resource *account_resource(const struct account *account, const char *name);
/* The one of that full JID. NULL: there is none. */
struct resource *account_find_resource(const struct server *server, const char *full);
/* The resource that speaks for the account: highest priority, newest. NULL: none is available, or all have a negative
 * priority. */
struct resource *account_best(const struct account *account);

/* resource.c */
/* Binds it; the account comes with the first resource. `name` is prepared. */
struct resource *resource_new(struct server *server, const struct jid *bare, const char *name);
const char *resource_name(const struct resource *resource);
/* Gets messages to the bare JID: available, and of no negative priority (RFC 6121, section 8.5.2.1.1). */
bool resource_listens(const struct resource *resource);
/* The resource is gone for good: the core and the account's other resources are told, what was not confirmed is handed
 * on. Frees it, and the account with the last. A client that has it is ended by client_end() before. */
void resource_free(struct resource *resource);
/* Ends the stream of its client at once, and the resource as soon as nothing of it is on the stack. */
void resource_end(struct resource *resource, enum xmpp_c2s_error error, const char *text);
/* The same, also in the middle of writing to it: it takes too much. */
void resource_doom(struct resource *resource);
/* Those that are doomed; the server's reaper. */
void resource_end_doomed(void *server);
/* One stanza to the resource: append it to the buffer, then say resource_sent() with where it started. NULL: it takes
 * nothing more (the client is over its limit and about to be closed). */
struct buf *resource_out(struct resource *resource);
void resource_sent(struct resource *resource, struct buf *out, size_t start);
/* The same of a stanza that is there as text. */
void resource_put(struct resource *resource, const char *stanza, size_t n);

/* One connection. CLIENT_STRANGER: has not logged in; CLIENT_ASKING: waits for the network's word; CLIENT_KNOWN: has no
 * resource yet; CLIENT_BOUND: has one. */
enum client_state { CLIENT_STRANGER, CLIENT_ASKING, CLIENT_KNOWN, CLIENT_BOUND };

struct client {
	struct server *server;
	GList link;     /* in server->clients */
	GList stranger; /* in server->strangers */
	enum client_state state;
	struct stream *stream;
	struct xmpp_c2s *c2s;
	struct timer *timer;       /* the time limit of what it has to do next; keep-alive once it is bound */
	struct resource *resource; /* CLIENT_BOUND */
	char *jid;                 /* bare, of who logs in or has; owned */
	/* CLIENT_ASKING: what it logs in with, until the network is asked, and the place in server->logins. */
	char *password; /* owned, secret */
	uint64_t login;
	uint64_t arrival;  /* of the core, until a resource takes it over */
	bool counted;      /* by the guard */
	bool tls_begins;   /* by STARTTLS: its stream begins anew with it */
	bool heard, rests; /* since the last round of keep-alive */
	bool asked;        /* whether it lives, and there was no sign of it yet */
	size_t again;      /* bytes that it was sent again when it was resumed */
	bool stuck;        /* more did: it is about to be closed as if its connection was lost */
	bool busy;         /* inside its c2s: what ends it has to wait */
	bool over;         /* to be ended, with this: */
	enum xmpp_c2s_error error;
	char *text; /* owned; may be NULL */
};

/* client.c */
void client_new(struct server *server, struct stream *stream, bool direct_tls);
/* Ends the stream with an error, whatever its state, and frees the client, at once or when it is not busy any more. Its
 * resource, if it has one, is detached and stays the caller's. */
void client_end(struct client *client, enum xmpp_c2s_error error, const char *text);
/* The stream is over, its last words are written. */
void client_close(struct client *client);
void client_set_state(struct client *client, enum client_state state);
/* The buffer of its stream; NULL: it is over, or does not read. What is written goes out at the end of the round. */
struct buf *client_out(struct client *client);
void client_flush(struct client *client);
/* So much is sent to it again, and may wait beyond what any client may have waiting. */
void client_allow(struct client *client, size_t n);
/* Between these two its c2s is at work. The client may be freed by the second: then it is false. */
void client_enter(struct client *client);
bool client_leave(struct client *client);
/* "192.0.2.7:50212", for logs. */
const char *client_peer(const struct client *client);

/* client_login.c: events of xmpp_c2s */
void client_login(void *ctx, const struct xmpp_c2s_login *login);
void client_login_aborted(void *ctx);
/* The time to try the password has come. */
void client_login_try(struct client *client);
/* It does not wait any more. */
void client_login_drop(struct client *client);

/* binding.c: events of xmpp_c2s about resources */
bool binding_bind(void *ctx, const struct xmpp_c2s_bind *bind, struct xmpp_c2s_bound *bound);
bool binding_resume(void *ctx, const struct xmpp_c2s_resume *resume, const char **full, uint32_t *h, bool *known);
void binding_ready(void *ctx, bool resumed);

/* incoming.c: a stanza of a client, whose `from` is not trusted */
void server_receive(struct resource *resource, const struct xml_element *stanza, struct arena *arena);
void server_skipped(struct resource *resource, const struct xml_element *start, const char *why, struct arena *arena);

/* presence.c: RFC 6121, section 4 */
/* Presence of the resource to everybody: to the core, and to the account's other resources. */
void presence_broadcast(struct resource *resource, const struct stanza *stanza);
/* Presence of any type to somebody: a contact, a room; to the own account, or a resource of it. */
void presence_to_one(struct resource *resource, const struct stanza *stanza);
void presence_own(struct resource *resource, const struct stanza *stanza);
/* The resource goes, of its own will or not. Harmless for one that is not available. */
void presence_end(struct resource *resource);

/* deliver.c: the frontend's route. To a full JID, or by the rules of RFC 6121, section 8.5, to a bare one. */
void deliver_init(struct server *server);
void deliver_fini(struct server *server);
/* A stanza as text to a JID of the account. */
void deliver_text(struct account *account, const char *to, const char *stanza, size_t n);

/* carbon.c: XEP-0280 */
/* What `resource` has sent, for the account's other resources. */
void carbon_sent(struct resource *resource, const struct stanza *message);
/* What the user has said by another client of the network, as that client would have sent it to us: for all, and for
 * the archive. */
void carbon_shown(struct server *server, struct str bare, const char *message, size_t n);
/* What was delivered to `to`; NULL: to all that are shown anyway. */
void carbon_received(struct account *account, const struct resource *to, const char *stanza, size_t n);

/* ended.c: a call of the frontend port: the user was logged out by the network or an administrator */
void server_user_ended(void *ctx, const char *user, const char *text);

#endif
