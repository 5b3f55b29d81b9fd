/* SPDX-License-Identifier: MIT */
#ifndef CORE_CORE_H
#define CORE_CORE_H

#include "base/metrics.h"
#include "config/config.h"
#include "core/ports.h"
#include "jid/jid.h"
#include "loop/loop.h"
#include "storage/storage.h"

/* The gateway itself: who is logged in, which contacts and rooms they have, who hears what. It knows
 * neither XML nor frames nor sockets; it is driven by core_user_*() (what users do), core_legacy_*()
 * (what networks report) and its timers, and answers through the two ports. */
struct core;

struct core_options {
	struct loop *loop;
	const struct config *config; /* a reference is taken */
	struct storage *storage;     /* borrowed */
	struct metrics *metrics;     /* borrowed */
	const struct core_frontend *frontend;
	void *frontend_ctx;
	const struct core_backend *backend;
	void *backend_ctx;
	/* Intervals in ms, for tests; 0 is the default that is given in brackets. */
	unsigned tick_ms;    /* how often what waits is looked at (1000) */
	unsigned gather_ms;  /* how long new and changed contacts are gathered before they are announced (5000) */
	unsigned enter_ms;   /* how long a join may go unanswered (60000) */
	unsigned vcard_ms;   /* how long a vCard may take (40000) */
	unsigned retry_ms;   /* before a lost user is logged in again, doubling up to 5 minutes (1000) */
	unsigned leave_ms;   /* after it a session that has left a room is no client that goes away (2000) */
	unsigned return_ms;  /* how long clients are expected back in their rooms after a start (300000) */
	unsigned steady_ms;  /* a login that lasted this long was no failed try (60000) */
	unsigned arrival_ms; /* server mode: how long a login may take (60000) */
};

struct core *core_new(const struct core_options *options);

/* Everybody must have been logged out by core_logout_all(), and the storage closed, which answers
 * what was under way. */
void core_free(struct core **core);

/* Logs everybody out politely and forgets them; rooms are told (XEP-0045 code 332). Their online
 * flags stay, so that they are asked to come back after the next start. */
void core_logout_all(struct core *core);

/* Another snapshot after a reload. */
void core_set_config(struct core *core, const struct config *config);

/* What the backends announced: the first announcement counts until the next start. */
void core_set_features(struct core *core, const struct core_features *features);
const struct core_features *core_features(const struct core *core);

/* The link to XMPP is up (for the first time, or again): those who were online before the start are
 * probed (and logged in if they stay connected), service.login_rate of them a second; those who are logged in get
 * their presences again. */
void core_link_up(struct core *core);
/* What is shown from now on is not seen. */
void core_link_down(struct core *core);

size_t core_user_count(const struct core *core);

/* The one look-up of the path of a message: the user of that bare JID, or NULL. */
struct user *core_find_user(const struct core *core, struct str bare);

/* An answer to one of the calls below that take time. Comes once, never before the call returned. */
struct core_result {
	enum core_error error;
	const char *text; /* for people, may be NULL */
	const struct core_vcard *vcard;
	bool registered;
	const char *uin, *language;
	const bool *settings; /* by enum core_setting (core/settings.h) */
};

struct core_reply {
	void (*done)(void *ctx, uint64_t id, const struct core_result *result);
	void *ctx;
	uint64_t id;
};

/* --- what users do -------------------------------------------------------------------------- */

/* Presence to the transport itself. */
void core_user_presence(struct core *core, const struct jid *from, const struct core_presence *presence);

/* Presence to a contact: subscriptions, probes, directed presence. */
void core_user_contact_presence(struct core *core, const struct jid *from, const struct jid *to,
				const struct core_presence *presence);

/* XEP-0045, 7.2: enter `to` (room@transport/nick), or enter it again, or change the nick. Password and history may
 * be NULL. */
void core_user_join(struct core *core, const struct jid *from, const struct jid *to, const char *password,
		    const struct core_history *history);
void core_user_leave(struct core *core, const struct jid *from, const struct jid *to);
/* Presence of somebody inside (7.6, 7.7): another nickname is a wish to be renamed. Who is not inside enters. */
void core_user_room_presence(struct core *core, const struct jid *from, const struct jid *to);

/* True if `to` is a room that the user has entered or is entering. */
bool core_user_in_room(struct core *core, const struct jid *from, const struct jid *to);

/* A ping (XEP-0199) to a contact or an occupant; to the latter it asks whether one is still inside (XEP-0410):
 * CORE_NOT_ACCEPTABLE if not, CORE_ITEM_NOT_FOUND if nobody has that nickname. */
enum core_error core_user_ping(struct core *core, const struct jid *from, const struct jid *to);

/* CORE_OK, or why the message must be returned to its sender. */
enum core_error core_user_message(struct core *core, const struct jid *from, const struct jid *to,
				  const struct core_message *message, const char **text);

/* Server mode: a message that was written to a client of `who`, which has not confirmed it and is gone (XEP-0198). It
 * goes to his other clients if they take messages, else it is kept until one does; when he has logged out already, in
 * the database for the next time. What was said in a room is not, which he would have to enter again anyhow. */
void core_user_unread(struct core *core, const struct jid *who, struct core_address from,
		      const struct core_message *message);

/* The sender's server could not deliver to this resource, or it is gone: as if it went offline. */
void core_user_gone(struct core *core, const struct jid *from);

void core_user_get_vcard(struct core *core, const struct jid *from, const struct jid *to, struct core_reply reply);
enum core_error core_user_set_vcard(struct core *core, const struct jid *from, const struct core_vcard *vcard);

/* Contacts that are in the user's roster now, as mutual subscriptions. */
void core_user_contacts_kept(struct core *core, const char *jid, const char *const *nodes, size_t n);

/* What the user's server keeps of our domain: all of it, as it is at this moment. With `writable` what it lacks is
 * put there. */
void core_user_roster(struct core *core, const char *jid, const struct core_contact_item *items, size_t n,
		      bool writable);

/* The user has put an item into the roster, changed it, or taken it out. `by_server`: the server tells what has
 * been done there; else it was asked of us, and the server has to follow. */
/* False: nobody of that name can be a contact. */
bool core_user_put_item(struct core *core, const struct jid *from, const struct core_contact_item *item,
			bool by_server);
/* False: it is not in the roster. */
bool core_user_drop_item(struct core *core, const struct jid *from, const char *node, bool by_server);

/* The contacts of a user who is logged in, as a roster, and their presences. */
void core_user_each_item(struct core *core, const struct jid *from,
			 void (*each)(void *ctx, const struct core_contact_item *item), void *ctx);
void core_user_show_contacts(struct core *core, const struct jid *from);
/* What has changed in the roster is announced at once, not after a while. */
void core_user_announce_contacts(struct core *core, const struct jid *from);

/* A mark of the names and groups of all contacts of the user (a bare JID) but those that are just going: the same
 * contacts have the same mark. False: some change was not announced yet, so that nobody has all of this. */
enum { CORE_ROSTER_VERSION_SIZE = 41 };
bool core_user_roster_version(const struct core *core, const char *user, const char *const *going, size_t n,
			      char version[CORE_ROSTER_VERSION_SIZE]);

/* jabber:iq:register. What is wrong with the values comes as an error with a text for people. */
struct core_registration {
	const char *uin, *password, *language, *encoding;
	/* Where core_needs_local_account(): that which the user has on registration.local_account_server. */
	const char *local_name, *local_password;
};
/* Whether this JID may register here at all (registration.enable_public_registration, service.allowed_servers). */
bool core_may_register(const struct core *core, const struct jid *from);
/* Whether who registers for the first time has to give a local account (registration.require_local_account). */
bool core_needs_local_account(const struct core *core);
void core_user_get_registration(struct core *core, const struct jid *from, struct core_reply reply);
void core_user_register(struct core *core, const struct jid *from, const struct core_registration *registration,
			struct core_reply reply);
void core_user_unregister(struct core *core, const struct jid *from, struct core_reply reply);

/* Blocks contacts (XEP-0191), all of them known (where documents are kept, others too), or lets them be heard again; n
 * = 0: all that are blocked. */
enum core_error core_user_block(struct core *core, const struct jid *from, const char *const *nodes, size_t n,
				bool block, const char **text);
/* Whether `to` is one of them. */
bool core_user_blocks(struct core *core, const struct jid *from, const struct jid *to);
/* Those that are. From then on this session is told of changes. */
void core_user_each_blocked(struct core *core, const struct jid *from, void (*each)(void *ctx, const char *node),
			    void *ctx);

/* jabber:iq:gateway: the node for a name typed by a user; NULL if it cannot be one. */
const char *core_node_of_name(const struct core *core, struct arena *arena, const char *name);

/* Rooms the networks listed (ROOM_LIST), the user's own and the global ones, in the order of their nodes; `from`
 * may have no session. */
void core_user_each_room(struct core *core, const struct jid *from,
			 void (*each)(void *ctx, const char *node, const char *name), void *ctx);
/* The name of one of them, or NULL. */
const char *core_user_room_name(const struct core *core, const struct jid *from, const char *node);

/* A room as one session inside sees it. */
struct core_room {
	const char *subject;  /* NULL: none known */
	const char *password; /* that the user gave; NULL: none. A secret */
	size_t occupants;
};
/* False if this session is not inside. Borrowed until the next call into the core. */
bool core_user_room(struct core *core, const struct jid *from, const struct jid *to, struct core_room *room);
/* Nobody if this session is not inside. */
void core_user_each_occupant(struct core *core, const struct jid *from, const struct jid *to,
			     void (*each)(void *ctx, const char *nick, bool moderator), void *ctx);

/* --- what the frontend found out ---------------------------------------------------------------- */

/* The answer to check_account() of the frontend port: CORE_OK; CORE_NOT_AUTHORIZED: the server refuses name or
 * password; CORE_REMOTE_SERVER_TIMEOUT: no answer could be had of it. Ids that are not known any more are ignored. */
void core_account_checked(struct core *core, uint64_t id, enum core_error error);

/* --- what networks report ------------------------------------------------------------------- */

/* A contact's or own login state. `code` is the ConnectionError number, `text` the network's words. */
void core_legacy_connected(struct user *user);
void core_legacy_disconnected(struct user *user, int code, const char *text);

/* An absent alias or no groups leave what is known. */
void core_legacy_contact(struct user *user, const struct core_contact *contact);
void core_legacy_contact_removed(struct user *user, const char *name);
void core_legacy_auth_request(struct user *user, const char *name);

/* `name` is a contact, or a room if nickname is not empty; `pm`: privately by an occupant of a room;
 * `carbon`: the user's own words from another client. */
struct core_legacy_message {
	const char *name, *nickname;
	bool pm, carbon;
	struct core_message message;
};
void core_legacy_message(struct user *user, const struct core_legacy_message *message);
/* A message that was handed to a backend, which was lost before it confirmed it: goes back to its sender. */
void core_legacy_undelivered(struct core *core, const struct core_undelivered *undelivered);
void core_legacy_chat_state(struct user *user, const char *name, enum core_chat_state state);
void core_legacy_receipt(struct user *user, const char *name, const char *id);

void core_legacy_participant(struct user *user, const struct core_participant *participant);
void core_legacy_nickname(struct user *user, const char *room, const char *nickname);
void core_legacy_subject(struct user *user, const char *room, const char *nickname, const char *subject);
void core_legacy_vcard(struct user *user, uint32_t id, const struct core_vcard *vcard);

/* user NULL: the list of the whole instance. Replaces the former list. */
void core_legacy_room_list(struct core *core, struct user *user, const char *const *rooms, const char *const *names,
			   size_t n);

#endif
