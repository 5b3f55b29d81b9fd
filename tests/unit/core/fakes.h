/* SPDX-License-Identifier: MIT */
#ifndef TEST_CORE_FAKES_H
#define TEST_CORE_FAKES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/core.h"
#include "core/user.h"

/* A core between two ports that write down what they are asked, on a real loop and a real storage. Each
 * call of a port becomes a line of text:
 *
 *     presence buddy1/bot -> user@localhost available away "brb"
 *     net message user@localhost buddy1 "hello"
 *
 * where "-" is the transport itself. */
struct fakes {
	struct loop *loop;
	struct storage *storage;
	struct config *config;
	struct metrics metrics;
	struct core *core;
	struct core_options options; /* as used; for changing before fakes_open() */
	struct arena *arena;         /* for what tests make up */
	GPtrArray *lines;            /* calls that were not expected yet */
	char *folder;
	int result;        /* what the calls of the backend port return */
	unsigned answered; /* core_reply and storage answers of tests */
	uint64_t photo;    /* id of the newest request for the user's own picture */
	uint32_t vcard;    /* id of the newest vCard request */
	unsigned rosters_wanted;
	uint64_t account; /* id of the newest check of a local account */
};

#define USER "user@localhost"

/* Of the one backend there is: its stream in raw mode. */
enum { FAKE_SOURCE = 7 };

/* The folder with its database stays until fakes_free(), so that a core can be opened again. Overrides
 * are "section.key=value", NULL-terminated, or NULL. */
struct fakes *fakes_new(const char *storage_type, const char *const *overrides);
void fakes_open(struct fakes *fakes);
/* Logs everybody out. */
void fakes_close(struct fakes *fakes);
void fakes_free(struct fakes *fakes);

/* The usual beginning: open, on SQLite; `who` (if not NULL) registered, and logged in as `who`/a with
 * the network there. No calls are left. */
struct fakes *fakes_start(const char *who);
/* Closes if it is open, and frees. */
void fakes_end(struct fakes *fakes);

void fakes_register(struct fakes *fakes, const char *jid);
/* As `who`/a, with the network there. No calls are left. */
void fakes_log_in(struct fakes *fakes, const char *who);
void fakes_store_contact(struct fakes *fakes, const char *jid, const struct storage_contact *contact);
void fakes_store_setting(struct fakes *fakes, const char *jid, const char *name, const char *value);
/* "" if there is none, else "uin/password", then " NAME:SUBSCRIPTION:ALIAS:GROUPS:FLAGS:ICON" for each contact. */
char *fakes_stored(struct fakes *fakes, const char *jid);
/* Makes a stored user VIP or not, past the storage. */
void fakes_sql(struct fakes *fakes, const char *sql);

struct user *fakes_user(struct fakes *fakes, const char *jid);
struct jid fakes_jid(struct fakes *fakes, const char *text);

/* Everything the database was asked for has been answered and dealt with. */
void fakes_settle(struct fakes *fakes);

/* The calls since the last look are exactly these lines, in this order or (any_order) in some. `later`
 * waits until there are as many. */
void fakes_expect(struct fakes *fakes, const char *lines);
void fakes_expect_any_order(struct fakes *fakes, const char *lines);
void fakes_expect_later(struct fakes *fakes, const char *lines);
void fakes_forget(struct fakes *fakes);

/* Waits for a condition that loop rounds bring about. */
#define wait_for(fakes, condition)                                                \
	do {                                                                      \
		gint64 until_ = g_get_monotonic_time() + 20 * G_TIME_SPAN_SECOND; \
		while (!(condition) && g_get_monotonic_time() < until_)           \
			loop_once((fakes)->loop, 50);                             \
		assert_true(condition);                                           \
	} while (0)

/* --- what users do ---------------------------------------------------------------------------- */

/* `what` is a show ("online", "away"...) or a type ("unavailable", "subscribe"...). */
void user_presence(struct fakes *fakes, const char *from, const char *what, const char *text, int priority);
void user_contact_presence(struct fakes *fakes, const char *from, const char *to, const char *what);
void user_join(struct fakes *fakes, const char *from, const char *to, const char *password);
void user_leave(struct fakes *fakes, const char *from, const char *to);
/* What comes back, if something does: "not-acceptable text"; NULL else. */
const char *user_sends(struct fakes *fakes, const char *from, const char *to, const struct core_message *message);
const char *user_writes(struct fakes *fakes, const char *from, const char *to, const char *body);
const char *user_writes_room(struct fakes *fakes, const char *from, const char *to, const char *body);

/* A reply that becomes a line "reply NAME: ...". */
struct core_reply fakes_reply(struct fakes *fakes, const char *name);

/* The local account that was asked for last is right, wrong... */
void fakes_account_checked(struct fakes *fakes, enum core_error error);

/* --- what networks report ------------------------------------------------------------------------ */

void net_connected(struct fakes *fakes, const char *jid);
void net_disconnected(struct fakes *fakes, const char *jid, int code, const char *text);
void net_contact(struct fakes *fakes, const char *jid, const struct core_contact *contact);
void net_writes(struct fakes *fakes, const char *jid, const char *name, const char *body);
void net_room_writes(struct fakes *fakes, const char *jid, const char *room, const char *nick, const char *body);
void net_participant(struct fakes *fakes, const char *jid, const struct core_participant *participant);
/* Somebody is there (flags, CORE_ONLINE). */
void net_occupant(struct fakes *fakes, const char *jid, const char *room, const char *nick, int flags);

#endif
