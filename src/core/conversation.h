/* SPDX-License-Identifier: MIT */
#ifndef CORE_CONVERSATION_H
#define CORE_CONVERSATION_H

#include "base/str.h"

struct session;

/* What is remembered of a one-to-one chat: the address and the name of the other side, and which of the user's
 * sessions wrote last (answers go there until any presence of the user resets it). */
struct conversation {
	struct str key; /* folded name; first member, so that the table is a set */
	const char *node, *name;
	const struct session *last; /* borrowed; NULL: the bare JID */
	char text[];
};

#endif
