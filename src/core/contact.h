/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONTACT_H
#define CORE_CONTACT_H

#include "base/str.h"
#include "core/types.h"

/* One contact of one user, packed small: there are many. */
struct contact {
	struct str key;      /* folded name; first member, so that a table of contacts is a set */
	const char *name;    /* as the network spells it */
	const char *node;    /* prepared JID node */
	char *fields;        /* alias NUL text NUL icon hash NUL; NULL: all empty */
	char *groups;        /* interned (GRefString), joined by newlines; NULL: none */
	uint8_t status;      /* enum core_status */
	uint8_t flags;       /* of the database */
	bool subscribed : 1; /* subscription "both", else "ask" */
	bool fresh : 1;      /* to be announced to the user */
	bool changed : 1;    /* to be stored */
	bool missed : 1;     /* has gone while there was no link */
	bool unsent : 1;     /* the network could not be told that the user has it */
	bool renamed : 1;    /* name or groups are to be told to the user's roster */
	bool listed : 1;     /* the user's roster is known to agree with what is here */
	char text[];
};

/* Blocked is what the network says; muted what the user said here. */
enum { CONTACT_ESCAPED = 2, CONTACT_BLOCKED = 8, CONTACT_MUTED = 64 };

enum contact_change {
	CONTACT_NAMED = 1,
	CONTACT_REGROUPED = 2,
	CONTACT_PRESENCE = 4,
	CONTACT_ICON = 8,
	CONTACT_FLAGS = 16
};

/* `key` is the folded name. Texts are copied. */
struct contact *contact_new(const char *key, const char *name, const char *node);
void contact_free(struct contact *contact);

/* As the user sees it. */
bool contact_is_there(const struct contact *contact);

const char *contact_alias(const struct contact *contact);
const char *contact_status_text(const struct contact *contact);
const char *contact_icon(const struct contact *contact);

/* Takes over what the network says; returns what changed (enum contact_change bits). */
unsigned contact_update(struct contact *contact, const struct core_contact *seen);

/* Takes over what the user calls it (a name that is NULL stays), and with `to_groups` the groups; true if that
 * changed anything. */
bool contact_rename(struct contact *contact, const struct core_contact_item *item, bool to_groups);

/* True if it is in these groups, in whatever order, and no others. */
bool contact_in_groups(const struct contact *contact, const char *const *groups, size_t n);

/* Sets the fields kept in the database. */
void contact_restore(struct contact *contact, const char *alias, const char *groups, const char *icon);

/* As a value; the group names are split into `groups` (at most max, NULL-terminated), whose texts lie in `scratch`. */
struct arena;
void contact_value(const struct contact *contact, struct core_contact *value, struct arena *scratch);

#endif
