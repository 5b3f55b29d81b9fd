/* SPDX-License-Identifier: MIT */
#ifndef CORE_ROOM_H
#define CORE_ROOM_H

#include "core/private.h"

/* One room as one user is in it (XEP-0045): whom the network says is there, and which of the user's
 * sessions have entered. The states:
 *   WANTED    to be joined as soon as the network is there
 *   ENTERING  the network was asked
 *   ENTERED   the user's own presence was seen
 * Until a room is entered for the first time, and while it is entered again, the time limit runs. */
enum room_state { ROOM_WANTED, ROOM_ENTERING, ROOM_ENTERED };

/* XEP-0045, section 15.6.2. */
enum {
	ROOM_SELF = 110,
	ROOM_NICK_ASSIGNED = 210,
	ROOM_BANNED = 301,
	ROOM_RENAMED = 303,
	ROOM_KICKED = 307,
	ROOM_SHUTDOWN = 332,
	ROOM_FAILURE = 333
};

struct occupant {
	struct str key;       /* the nickname on the network; first member, so that the table is a set */
	const char *nickname; /* as key */
	char *alias;          /* shown instead; owned, NULL if none */
	char *text;           /* owned, NULL if none */
	char *icon;           /* hash of the picture; owned, NULL if none */
	uint8_t status;
	bool moderator;
	bool stale; /* from before the network was lost */
};

struct room {
	struct str key; /* folded name, owned; first member, so that the table is a set */
	struct user *user;
	char *name;     /* as the network spells it */
	char *node;     /* of its JID */
	char *nick;     /* the user's own */
	char *wish;     /* the nickname asked for while inside; NULL: none */
	char *shown;    /* that the user was last seen under; NULL: never seen */
	char *password; /* secret, NULL if none */
	enum room_state state;
	GPtrArray *sessions;          /* struct session, borrowed: who gets what happens here */
	const struct session *wisher; /* of them, whose wish it is */
	GHashTable *occupants;        /* struct occupant, owned */
	char *subject, *subject_by;   /* NULL: none known */
	struct kept *kept;            /* owned; NULL: somebody is inside */
	char *returning;              /* resources that were inside before the start, joined by newlines; NULL: none */
	struct core_history history;  /* that is wanted of before the entry */
	bool fresh;                   /* until its subject was told, the network may tell what was said before */
	bool stored;                  /* in the database */
	const struct session *leaver; /* the last one inside, has left and may be gone altogether */
	uint64_t left_at;
	GList *leaving;    /* place in core->leaving */
	GPtrArray *missed; /* names that went while there was no link; NULL: none */
	bool subject_due;  /* to be sent, maybe empty, at the next tick */
	bool nick_changed; /* by the network: the next own presence says 210 */
	GList *entering;   /* place in core->entering */
	uint64_t asked_at;
	GBytes *raw_enter, *raw_leave,
		*raw_subject; /* in raw mode: what enters and leaves it; its subject as it came */
	GQueue sent;          /* struct sent: words of the user that the network has not reflected yet, oldest first */
};

struct room *room_new(struct user *user, const char *key, const char *name, const char *node, const char *nick);
void room_free(struct room *room);
void room_set_state(struct room *room, enum room_state state);
void room_set_nick(struct room *room, const char *nick);
/* Another nickname asked for while inside; NULL: no more. */
void room_set_wish(struct room *room, const struct session *wisher, const char *nick);
/* Starts the time limit of entering. */
void room_await(struct room *room);
/* One more inside, who stays. */
void room_add_session(struct room *room, struct session *session);
/* The last session, out of it, may be on its way out altogether; if not, the room is left (rooms_expire). */
void room_doubt(struct room *room, const struct session *leaver);
void room_stay(struct room *room);
bool room_has(const struct room *room, const struct session *session);
/* False if it was not in. */
bool room_remove_session(struct room *room, const struct session *session);

struct occupant *room_occupant(const struct room *room, const char *nickname);
/* What others see: the alias if there is one. */
const char *occupant_name(const struct occupant *occupant);
/* The occupant shown under that name. */
struct occupant *room_occupant_shown(const struct room *room, const char *name);
struct occupant *room_put_occupant(struct room *room, const struct core_participant *seen);
void room_remove_occupant(struct room *room, struct occupant *occupant);

/* Presence of one occupant to `to`, or to everybody inside (NULL). The codes are added to what
 * follows from being oneself (110). */
void room_show(struct room *room, const struct occupant *occupant, const char *to, bool own);
/* Unavailable presence of a name. */
void room_show_gone(struct room *room, const char *name, const char *to, const struct core_occupant *how);
void room_show_subject(struct room *room, const char *to);
/* Everybody but the user himself. */
void room_show_others(struct room *room, const char *to);
/* All of it to one session that enters: occupants, the user himself last, what was kept, the subject. `renamed`: it
 * asked for another nickname. */
void room_show_all(struct room *room, const char *to, bool renamed);
/* After the occupants: what was kept, then the subject, to all. */
void room_settle(struct room *room);
/* Another session of the user, which may be told of the room by that. `history` NULL: all. */
void room_welcome(struct room *room, struct session *session, bool renamed, const struct core_history *history);
/* Who went, or who is there, after a time without a link. */
void room_show_again(struct room *room);
/* Seconds since 1970: what was said before is not wanted. */
int64_t room_history_start(const struct room *room);
/* False for words of then that the network tells on entry and nobody wants. */
bool room_wants(const struct room *room, int64_t time);
/* For later; the room has nobody inside, or has older ones waiting. */
void room_keep(struct room *room, const char *sender, bool is_private, const struct core_message *message);
/* XEP-0045, section 7.4: clients know their own words by the id when they come back, which networks do not
 * carry. Notes what the user said; gives the id (owned by the caller) for words reflected, NULL if unknown. */
void room_note_sent(struct room *room, const char *id, const char *body);
char *room_take_sent(struct room *room, const char *body);
void room_refuse(struct room *room, enum core_error error, const char *text);
/* Everybody out: an error for who is not in yet, else the presence of one who is put out with that code. */
void room_put_out(struct room *room, enum core_error error, const char *text, int code);

/* participant.c: if the network told who is there, and nothing of the user himself, he is in; false if it did not */
bool participant_assume_self(struct room *room);

/* rooms.c */
/* Writes down who is inside, so that they are back after a crash. */
void rooms_store(struct room *room);
/* It is not entered again after a start. */
void rooms_unstore(struct room *room);
/* Out of the user's table, and freed. */
void rooms_forget(struct room *room);
/* The same, for good: the network is told, nothing is kept. */
void rooms_quit(struct room *room);
/* Sessions that were only in rooms end with the last room; the last session ends (and frees) the user. */
void rooms_end_implied(struct user *user);

#endif
