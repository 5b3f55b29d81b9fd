/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_WRITTEN_H
#define FRONTEND_SERVER_WRITTEN_H

#include "base/str.h"
#include "xmpp/stanza.h"

/* A stanza as text: as it was written by us, or by a network in raw mode. Nothing is copied. */
struct written {
	const char *p;
	size_t n;
	enum stanza_kind kind;
	struct str type; /* "" if absent */
};

/* False: it is none. */
bool written_read(struct written *written, const char *p, size_t n);

/* Whether `markup`, such as "<body", stands anywhere in it; in words it never does, there '<' is escaped. */
bool written_has(const struct written *written, const char *markup);

#endif
