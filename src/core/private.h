/* SPDX-License-Identifier: MIT */
#ifndef CORE_PRIVATE_H
#define CORE_PRIVATE_H

#include "base/arena.h"
#include "base/idmap.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/str.h"
#include "base/text.h"
#include "core/core.h"
#include "core/figures.h"
#include "core/user.h"
#include "jid/escape.h"
#include "loop/backoff.h"
#include "loop/timer.h"

/* Shared by the files of this room only. */

struct archive;
struct arrival;
struct arrivals;
struct contact;
struct conversation;
struct kept;
struct repeats;
struct room;
struct room_list;

/* Of a contact's full JID. */
#define CORE_RESOURCE "bot"

/* What one side may make us hold. */
enum {
	CORE_CONTACTS_MAX = 20000,     /* of a user */
	CORE_CONVERSATIONS_MAX = 1000, /* of a user */
	CORE_ROOMS_MAX = 500,          /* of a user */
	CORE_OCCUPANTS_MAX = 100000,   /* of a room */
	CORE_SESSIONS_MAX = 50,        /* of a user */
	CORE_TEXT_MAX = 1023,          /* bytes of an alias or a status text */
	CORE_SUBJECT_MAX = 8192,       /* bytes of a subject */
	CORE_STORES_IN_FLIGHT = 32,    /* rosters on their way to the database */
	CORE_GATHER_OWN_MS = 500,      /* the most that changes are gathered for where rosters are ours */
	CORE_RAW_PRESENCE_MAX = 16384, /* bytes of a presence, or a subject, that is kept as it came */
	CORE_RETRY_MAX_MS = 300000     /* between two tries to log in again */
};

struct core {
	struct loop *loop;
	struct config *config;
	struct storage *storage;
	struct metrics *metrics;
	const struct core_frontend *frontend;
	void *frontend_ctx;
	const struct core_backend *backend;
	void *backend_ctx;
	unsigned tick_ms, gather_ms, enter_ms, vcard_ms, retry_ms, steady_ms, leave_ms, return_ms, arrival_ms;
	struct core_features features;
	bool server;                  /* server mode: users log in by core_arrive() only, and rosters are ours */
	struct arrivals *arrivals;    /* owned */
	GHashTable *users;            /* struct str * (in the user) -> struct user *, owned */
	struct idmap *ids;            /* users, for answers that come late */
	struct idmap *registrations;  /* on their way through the database */
	struct idmap *account_checks; /* local accounts that are being tried */
	bool closing;                 /* everybody was logged out */
	struct idmap *settings;       /* likewise */
	struct idmap *documents;      /* struct question, likewise */
	size_t documents_in_flight;   /* bytes on their way to the database */
	struct idmap *kept;           /* struct kept, for answers of the database */
	struct arena *scratch;        /* of the call from outside that is being served */
	struct timer *tick;
	GQueue gathering;            /* users with contacts to announce and keep, oldest change first */
	GQueue entering;             /* rooms whose join is not answered, oldest first */
	GQueue leaving;              /* rooms whose last session has left and may be gone altogether, oldest first */
	GQueue asking;               /* vCard requests not answered, oldest first */
	GPtrArray *returning;        /* struct comeback, owned: who is still to be asked after the start */
	struct room_list *room_list; /* of the whole instance; NULL until the first */
	struct archive *archive;     /* owned; NULL: there can be none */
	unsigned storing;
	uint32_t last_vcard; /* id of the newest request; 31 bits on the wire */
	bool subjects_due;   /* some room waits to be told its (empty) subject */
	bool probed;
	bool linked;         /* to XMPP; what is shown meanwhile is lost */
	uint64_t back_until; /* until then clients are expected back in their rooms; 0: not any more */

	/* Of core_figures(). */
	struct core_figures figures;
	uint64_t started_at, counted_at;
};

/* One user. The states, and what holds in each:
 *   LOADING   the database is asked; no seat
 *   WAITING   has a seat or stands in line for one; LOGIN is or will be sent
 *   ONLINE    the network said CONNECTED
 *   RETRYING  lost for a reason that passes; no seat; the retry timer runs */
enum user_state { USER_LOADING, USER_WAITING, USER_ONLINE, USER_RETRYING };

/* The user's own picture: to be fetched; on its way; on its way, but another one is wanted now; could not be had. */
enum photo_state { PHOTO_WANTED, PHOTO_ASKED, PHOTO_STALE, PHOTO_FAILED };

struct session {
	struct session *next;
	const char *resource; /* in full */
	char *text;           /* owned; NULL if none */
	uint64_t client;      /* core_presence.client, as last said */
	int priority;
	enum core_status status;
	GBytes *raw;          /* its presence as it came, in raw mode; NULL if none */
	bool implicit;        /* sent no presence to the transport: it only entered rooms, or... */
	bool directed;        /* ...sent presence to a contact */
	bool watches_blocked; /* asked for the list of blocked contacts */
	char full[];
};

/* What every message needs stands first: with many users it is the memory that takes time. */
struct user {
	struct str key; /* the bare JID; first member, so that the table is a set */
	enum user_state state;
	void *seat;
	struct core *core;
	struct session *sessions;
	struct arrival *arrivals;    /* clients that log in or have; server mode only */
	struct kept *kept;           /* owned; NULL: somebody is there for what comes */
	struct conversation *recent; /* the one that was looked for last; NULL: none */
	uint64_t active_at;          /* the last message either way */
	GHashTable *rooms;           /* struct room, owned; NULL until the first */
	GHashTable *conversations;   /* struct conversation, owned; NULL until the first */
	GHashTable *contacts;        /* struct contact, owned */
	struct room_list *room_list; /* NULL until the first */
	struct repeats *repeats;     /* owned; NULL until the first message */
	unsigned strangers_changing; /* in the database */
	unsigned archiving;          /* stanzas on their way there */
	GHashTable *strangers;       /* key -> node: who is no contact and is blocked; NULL until the first */
	GHashTable *raw;             /* presences kept in raw mode; NULL until the first */
	size_t raw_bytes;            /* and their weight */
	GBytes *raw_said;            /* the own presence that the network has heard, in raw mode */
	uint64_t id;
	int64_t row;         /* in the database; 0: not stored */
	char *uin;           /* owned */
	char *password;      /* owned, secret */
	char *photo;         /* hash of the own picture that the network is to be given, owned; NULL: none */
	char **settings;     /* owned: name, value, name, value..., NULL; NULL if none */
	struct timer *retry; /* NULL unless it was needed */
	struct backoff backoff;
	GList *gathering; /* place in core->gathering */
	uint64_t gathered_at;
	uint64_t online_since;
	unsigned vcards_asked; /* and not answered yet */
	enum photo_state photo_state;
	bool let_in;         /* the network has taken his password once; server mode only */
	bool told;           /* of the failures in a row */
	bool mutes;          /* some contact is not to be heard */
	bool roster_read;    /* the server's roster was asked for */
	bool comes_back;     /* logged in after the start without a session */
	bool has_messages;   /* of rooms there may be kept ones in the database */
	GPtrArray *requests; /* of contacts that want to see him, where rosters are ours: nodes; NULL until the first */
	size_t kept_bytes;   /* of kept messages in memory */
	char jid[];
};

/* archive.c */
/* NULL where nothing can be kept. */
struct archive *archive_new(struct core *core);
void archive_free(struct archive **archive);
/* The configuration has changed. */
void archive_refresh(struct archive *archive);

/* core.c */
void core_need_tick(struct core *core);
bool core_escaping(const struct core *core);
/* Asks the user's server whether the user is online: the answer is presence, which logs in. */
void core_probe(struct core *core, const char *jid);
/* The node of a contact, with or without XEP-0106. A name that '%' makes no node of, such as "nick@host:6697",
 * is escaped all the same rather than lost. NULL: it can be none at all. */
const char *core_node(struct core *core, const char *name, bool escaping);
/* The values of a table that may change while they are gone through; `table` may be NULL. */
GPtrArray *core_values(GHashTable *table);

static inline const char *core_fold(struct core *core, const char *name)
{
	return text_fold(core->scratch, text_clean(core->scratch, name));
}

/* user.c */
const char *user_state_name(enum user_state state);
struct user *user_new(struct core *core, const struct jid *jid);
void user_free(struct user *user);
void user_set_state(struct user *user, enum user_state state);
void user_set_account(struct user *user, const struct storage_user *stored);
const char *user_setting(const struct user *user, const char *name);
void user_put_setting(struct user *user, const char *name, const char *value);
/* What users switch for themselves. One who stays does so on the network when the last session goes. */
bool user_stays(const struct user *user);
bool user_is_served(const struct user *user);
bool user_wants_headlines(const struct user *user);
struct session *user_session(const struct user *user, const char *resource);
/* Adds or changes. True in *added for one that was not there. NULL: too many. */
struct session *user_put_session(struct user *user, const struct jid *from, const struct core_presence *presence,
				 bool *added);
void user_drop_session(struct user *user, struct session *session);
/* The session that speaks for the user: highest priority, then most available. NULL: none. */
const struct session *user_best(const struct user *user);

/* kept.c: messages that wait until somebody is there, of one user or of one of his rooms. They lie in the database, or,
 * of users who are not stored, in memory. While there is a `struct kept`, everything new goes in at its end, so that
 * nothing overtakes; it ends when all of it was handed on. */
/* The owner (user->kept or room->kept) gets it; room NULL: what is said to the user himself. */
void kept_begin(struct user *user, struct room *room);
/* What lies in the database stays there; what lies in memory goes to the user's server if he is its owner. */
void kept_end(struct kept *kept);

/* Chat states, receipts and headlines are of the moment. */
bool kept_is_worth(const struct core_message *message);

/* A message as it is kept, in the scratch; `room` and `sender` as in struct storage_message. */
struct storage_message kept_row(struct core *core, const char *room, const char *sender, bool is_private,
				const struct core_message *message);
/* `sender` as in struct storage_message; "node/nick" of an occupant who said it outside of room->kept. */
void kept_put(struct kept *kept, const char *sender, bool is_private, const struct core_message *message);

/* The user is in the database from now on, and so is what lay in memory. */
void kept_stored(struct user *user);

/* Hands everything on, oldest first: to the user, or, as far as room->history wants it, to who is in the room. That
 * ends it; a room is settled then. A replay that is under way goes on. */
void kept_replay(struct kept *kept);

/* Forgets what is kept, in the database too. */
void kept_drop(struct kept *kept);

/* arrival.c */
struct arrivals *arrivals_new(struct core *core);
void arrivals_free(struct arrivals **arrivals);
/* Answers those who wait; they are the user's no more. */
void arrivals_refuse(struct user *user, enum core_error error, const char *text);
/* The network has let the user in, or refuses or loses him. False: he was logged out, and freed. */
bool arrivals_connected(struct user *user);
bool arrivals_disconnected(struct user *user, int code, const char *text);
/* Puts a user into the database who is not there. */
void arrivals_store(struct user *user);
/* The user is logged out: clients of his are ended, those who wait are told. */
void arrivals_end(struct user *user, const char *text, bool shutdown);

/* comeback.c */
void comeback_start(struct core *core);
/* True while somebody is expected back. */
bool comeback_tick(struct core *core);
/* The rooms the user was in, and the sessions that were inside. */
void comeback_rooms(struct user *user, const struct storage_user *stored);
void comeback_session(struct user *user, struct session *session);

/* login.c */
/* Who stays connected, without a session. */
void login_return(struct core *core, const char *jid);
struct user *login_start(struct core *core, const struct jid *from, const struct core_presence *presence);
/* Server mode: by a client that has this password. */
struct user *login_arrive(struct core *core, const struct jid *who, const char *password);
/* The next try, at once. */
void login_now(struct user *user);
/* Everything a logout is, to the user and to the network; frees the user. `text`: why, for the user, or NULL.
 * With `shutdown` it is the gateway that goes: the online flag stays. */
void login_end(struct user *user, const char *text, bool shutdown);
/* Logs in again: with another password, or because it is wanted. */
void login_again(struct user *user);
void login_show_transport(struct user *user, const char *to);
void login_show_transport_to_all(struct user *user);
/* The network was lost and is tried again. */
bool user_was_lost(const struct user *user);
const char *user_unready_text(const struct user *user);

/* presence.c */
/* One session less; the last one logs out who does not stay connected, which frees the user. */
void presence_drop_session(struct user *user, struct session *session);
/* Presence sent to a contact logs in whoever is not here (NULL, or without a session), and out again. */
void presence_directed(struct core *core, struct user *user, const struct jid *from,
		       const struct core_presence *presence);
/* Some session takes messages: RFC 6121, section 8.5.2, none of negative priority does. */
bool user_listens(const struct user *user);
/* After sessions or settings have changed: whether messages are kept, or what was kept is delivered. */
void user_review(struct user *user);

/* roster.c */
struct contact *roster_find(const struct user *user, const char *key);
struct contact *roster_find_node(struct user *user, const char *node);
struct contact *roster_put(struct user *user, const struct core_contact *seen, bool *added);
void roster_remove(struct user *user, struct contact *contact);
void roster_load(struct user *user, const struct storage_user *stored);
/* Tells `to` of every available contact / that they are all gone (and, with forget, notes it). */
void roster_show(struct user *user, const char *to);
void roster_hide(struct user *user, const char *to, bool forget);
/* After the link was away: who is available, and who went meanwhile. */
void roster_show_again(struct user *user);
void roster_gather(struct user *user, struct contact *contact);
/* Its name and groups are to go into the user's roster. */
void roster_tell(struct user *user, struct contact *contact);
/* The same, of all that has changed, at once: nothing in the scratch stays. */
void roster_tell_now(struct user *user, struct contact *contact);
void roster_show_one(const struct user *user, const struct contact *contact, const char *to);
/* As an item, whose groups lie in the scratch. */
void roster_item(const struct user *user, const struct contact *contact, struct core_contact_item *item);
/* Leaves what has changed unsaid. */
void roster_drop_news(struct user *user);
/* Announces and stores what has changed; everything due, or of one user at once. */
void roster_flush(struct user *user);
bool roster_flush_due(struct core *core);

/* stranger.c */
void strangers_load(struct user *user);
/* So much of them is on its way to the database that more has to wait. */
bool strangers_are_busy(const struct user *user);
bool strangers_have(const struct user *user, const char *key);
/* False: nothing was changed. */
bool strangers_block(struct user *user, const char *node);
bool strangers_unblock(struct user *user, const char *node);
void strangers_each(const struct user *user, void (*each)(void *ctx, const char *node), void *ctx);

/* blocking.c: whether the user does not want to hear the contact of that name */
bool blocking_hides(const struct user *user, const char *key);

/* subscription.c */
void subscription_ask(struct user *user, const char *node, const char *alias);
/* Tells the network: added, confirmed or changed. At once, or when it is there. */
void subscription_put(struct user *user, struct contact *contact);
/* Forgets a contact, and tells the network to: always, or where service.enable_remove_buddy wants it. */
void subscription_drop(struct user *user, struct contact *contact, bool for_good);
/* A contact that the user has made known; NULL: it cannot be one. */
struct contact *subscription_add(struct user *user, const char *name);
/* Requests of contacts that are not answered: to a session that has just come. */
void subscription_ask_again(const struct user *user, const char *to);
/* Tells the network, which is there, of contacts that the user took while it was not. */
void subscription_catch_up(struct user *user);

/* message.c */
/* What a call of the backend port comes to for who has sent a message. */
enum core_error message_outcome(int result, const char **text);
void message_tell(struct core *core, const char *to, const char *text);
/* A chat that began before the contact was known goes on under the name that the network uses. */
void message_rename(struct user *user, const char *key, const char *name);
/* The next words of that contact go to that session; where they go (the bare JID if to none). */
void message_note_session(struct user *user, const char *node, const struct session *session);
const char *message_place(struct user *user, const char *key);
void message_forget_session(struct user *user, const struct session *session);

/* room.c, rooms.c */
struct room *rooms_find(const struct user *user, const char *key);
struct room *rooms_find_node(const struct user *user, const char *node);
struct room *rooms_find_jid(const struct user *user, const struct jid *to);
const char *rooms_first_nick(const struct user *user);
void rooms_refuse(struct user *user, enum core_error error, const char *text);
void rooms_enter_all(struct user *user);
void rooms_lost(struct user *user);
void rooms_leave_session(struct user *user, struct session *session);
void rooms_close(struct user *user, const char *text, bool shutdown);
bool rooms_expire(struct core *core);
/* After the link was away. */
void rooms_show_again(struct user *user);
/* A room to be entered; NULL: too many. */
struct room *rooms_add(struct user *user, const char *node, const char *nick);

/* raw.c: only in raw mode */
bool raw_is_on(const struct core *core);
/* A stanza to the network, if it is there; `xml` may be NULL. */
void raw_put(struct user *user, GBytes *xml);
/* The presence of the session that speaks for the user, if it is another one than was told; in any case. */
void raw_tell(struct user *user);
void raw_tell_anew(struct user *user);
/* Of a room that nobody has entered in this life of the process. */
void raw_restore_room(struct room *room);
const char *raw_node(struct user *user, const char *key, const char *name);
bool raw_is_own(const struct user *user, const char *key);
void raw_send(struct core *core, struct core_address from, const char *to, const struct core_raw *raw);
void raw_send_room(struct room *room, const char *resource, const struct core_raw *raw);

/* raw_presence.c. In another mode nothing is kept, and nothing is done. */
bool raw_has(const struct user *user, const char *node, const char *resource);
void raw_show(const struct user *user, const char *to);
void raw_hide(struct user *user, const char *to, bool forget_them);
/* The next two are false, and nothing was done, in another mode. */
bool raw_answer_probe(struct user *user, const char *node, const char *to);
bool raw_show_room(const struct room *room, const char *to);
void raw_lose_room(struct room *room);
void raw_forget_node(struct user *user, const char *node);
void raw_free(struct user *user);

/* photo.c */
void photo_tell(struct user *user);

/* vcard.c */
bool vcards_expire(struct core *core);
void vcards_drop(struct core *core);

#endif
