/* SPDX-License-Identifier: MIT */
#ifndef XMPP_STANZA_H
#define XMPP_STANZA_H

#include "jid/jid.h"
#include "xml/element.h"

/* What every stanza has (RFC 6120, section 8.1), taken from its element once. */
enum stanza_kind { STANZA_MESSAGE, STANZA_PRESENCE, STANZA_IQ };

struct stanza {
	enum stanza_kind kind;
	const struct xml_element *element;
	struct arena *arena;
	const char *type; /* "" if absent */
	const char *id;   /* NULL if absent */
	struct jid from, to;
};

enum stanza_fault { STANZA_OK, STANZA_UNKNOWN, STANZA_NO_FROM, STANZA_BAD_FROM, STANZA_BAD_TO };

/* Fills *stanza from `element`, borrowing from it and from `arena`. A missing `to` stands for
 * `domain`. With STANZA_BAD_TO all but `to` is filled, so that an error can be answered. */
enum stanza_fault stanza_read(struct stanza *stanza, const struct xml_element *element, struct arena *arena,
			      const char *domain);

bool stanza_is_error(const struct stanza *stanza);

#endif
