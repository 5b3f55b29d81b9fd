/* SPDX-License-Identifier: MIT */
#ifndef TEST_FRONTEND_RIG_H
#define TEST_FRONTEND_RIG_H

#include "../core/fakes.h"

#include "base/buf.h"
#include "frontend/frontend.h"
#include "xml/parser.h"

/* A frontend and a core, from the text of stanzas to the text of stanzas. The backend port is that of
 * core/fakes.h, the route a buffer. */
struct rig {
	struct fakes *fakes;
	struct frontend *frontend;
	struct admin *admin; /* with one backend */
	struct frontend_route route;
	struct buf out;
	bool closed;           /* the link: nothing can be sent */
	unsigned lasting;      /* stanzas that were worth keeping */
	GPtrArray *sent;       /* where stanzas went, in order */
	struct server *server; /* NULL, or one without clients */
};

/* Overrides as for fakes_new(). */
struct rig *rig_new(const char *storage_type, const char *const *overrides);
/* With USER registered and logged in as USER/a, the network there, and a backend that can all there is. */
struct rig *rig_start(void);
/* The same in server mode: USER is user@gate.localhost there. No client is connected. */
struct rig *rig_start_serving(void);
struct rig *rig_start_serving_with(const char *storage_type);
void rig_end(struct rig *rig);

/* The text of one stanza. */
void receive(struct rig *rig, const char *stanza);

/* What was sent since the last look is, as parsed XML, exactly this: the order of attributes does not
 * matter, that of elements does. Ids of our own making and hashes of capabilities are `*`. */
void expect(struct rig *rig, const char *stanzas);

/* The same as text, to be freed. */
char *rig_sent(struct rig *rig);
void forget(struct rig *rig);

/* The text of stanzas as expect() compares it, to be freed. */
char *rig_normal(const char *bytes, size_t n);

/* What the backend port was asked: fakes_expect(). */
#define expect_net(rig, lines) fakes_expect((rig)->fakes, lines)

#define CAPS    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://spectrum.im/' ver='*'/>"
#define STANZAS "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

#endif
