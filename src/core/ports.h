/* SPDX-License-Identifier: MIT */
#ifndef CORE_PORTS_H
#define CORE_PORTS_H

#include "core/types.h"

struct user;

/* An address on our side: node@transport/resource. node NULL: the transport itself. */
struct core_address {
	const char *node, *resource;
};

/* The frontend port: what the core asks of XMPP. `to` is a bare or full JID of a user. Every call
 * returns at once; a stanza that cannot be sent now is the frontend's to keep or to count. */
struct core_frontend {
	void (*message)(void *ctx, struct core_address from, const char *to, const struct core_message *message);
	/* Returns a message to its sender as an error that he may try again (RFC 6120: recipient-unavailable). */
	void (*undelivered)(void *ctx, const struct core_undelivered *undelivered, const char *text);
	/* What the user wrote to `with` by another client of the network, for one session of the user (or, as there
	 * is none, or in server mode, for the bare JID). */
	void (*carbon)(void *ctx, struct core_address with, const char *to, const struct core_message *message);
	void (*presence)(void *ctx, struct core_address from, const char *to, const struct core_presence *presence);
	void (*occupant)(void *ctx, struct core_address from, const char *to, const struct core_occupant *occupant);
	/* Whether somebody can log in there; core_account_checked() is called with the id, once, never before this has
	 * returned. Not after core_free(). */
	void (*check_account)(void *ctx, const struct core_account *account, uint64_t id);
	/* A join refused, or a room lost before it was entered. */
	void (*join_error)(void *ctx, struct core_address from, const char *to, enum core_error error,
			   const char *text);
	/* Contacts are blocked, or no longer: for a session that asked for the list of them (XEP-0191); in server mode
	 * for the bare JID, as the server knows which of its clients asked. */
	void (*blocked)(void *ctx, const char *to, const char *const *nodes, size_t n, bool blocked);
	/* The stanzas by which the user (a bare JID) enters and leaves a room of the network in raw mode; to be freed.
	 */
	void (*raw_room)(void *ctx, const char *user, const char *room, const char *nick, char **enter, char **leave);
	/* A stanza as it came; and a piece of the stream that stanzas come in from the backend `source`, or its end. */
	void (*raw)(void *ctx, struct core_address from, const char *to, const struct core_raw *raw);
	void (*raw_bytes)(void *ctx, uint64_t source, const char *bytes, size_t n);
	void (*raw_end)(void *ctx, uint64_t source);
	/* The vCard of the user (a bare JID) is wanted, for core_photo_came(). False: that cannot be done at present.
	 */
	bool (*own_photo)(void *ctx, uint64_t id, const char *user);
	/* Makes these appear in the roster of the user (a bare JID) by the best way there is; those that are
	 * there for certain are told by core_user_contacts_kept(), once for each, later. */
	void (*contacts)(void *ctx, const char *user, const struct core_contact_item *items, size_t n);
	/* Takes them out of it; a node that is NULL is the transport itself. */
	void (*contacts_gone)(void *ctx, const char *user, const char *const *nodes, size_t n);
	/* Server mode: the user (a bare JID) was logged out although clients of his are connected, whose streams are
	 * to be closed; `text` says why, may be NULL. Their arrivals are void. Never from inside a call of the
	 * frontend; not when everybody is logged out (core_logout_all()). */
	void (*ended)(void *ctx, const char *user, const char *text);
	/* Answered by core_user_roster() where the user's server lets us read its roster. */
	void (*roster_wanted)(void *ctx, const char *user);
};

/* The backend port: what the core asks of a network, always for one user, whose place in it the
 * implementation keeps by user_set_seat(). Calls return 0 or a negative errno: -ENOTCONN no backend
 * has the user (now), -ENOBUFS its backend does not keep up. Names are those of the other network. */
struct core_backend {
	/* Gives the user a place as soon as there is one; then LOGIN goes out with what user_login()
	 * says at that moment. */
	int (*login)(void *ctx, struct user *user);
	/* Gives the place back; the seat is NULL after it. Harmless without one. */
	void (*logout)(void *ctx, struct user *user);
	int (*status)(void *ctx, struct user *user, enum core_status status, const char *text);
	int (*message)(void *ctx, struct user *user, const char *name, const struct core_message *message);
	int (*chat_state)(void *ctx, struct user *user, const char *name, enum core_chat_state state);
	int (*attention)(void *ctx, struct user *user, const char *name, const char *text);
	int (*join)(void *ctx, struct user *user, const char *room, const char *nickname, const char *password);
	int (*leave)(void *ctx, struct user *user, const char *room);
	int (*subject)(void *ctx, struct user *user, const char *room, const char *subject);
	int (*put_contact)(void *ctx, struct user *user, const struct core_contact *contact);
	int (*remove_contact)(void *ctx, struct user *user, const struct core_contact *contact);
	/* Keeps the contact away from the user, or no longer (contact->blocked). */
	int (*block)(void *ctx, struct user *user, const struct core_contact *contact);
	int (*get_vcard)(void *ctx, struct user *user, const char *name, uint32_t id);
	int (*set_vcard)(void *ctx, struct user *user, const struct core_vcard *vcard);
	/* What was just handed over by another call than `message` was this message of the user, who is to have it
	 * back if it is lost (core_legacy_undelivered()). */
	void (*remember)(void *ctx, struct user *user, const struct core_message *message);
	/* A whole stanza; and which stream of stanzas is that of the user's backend (0: none). */
	int (*raw)(void *ctx, struct user *user, const char *xml, size_t n);
	uint64_t (*source)(void *ctx, struct user *user);
};

#endif
