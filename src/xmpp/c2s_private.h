/* SPDX-License-Identifier: MIT */
#ifndef XMPP_C2S_PRIVATE_H
#define XMPP_C2S_PRIVATE_H

#include "xml/writer.h"
#include "xmpp/c2s.h"
#include "xmpp/ns.h"

/* Shared by c2s*.c only. */

enum c2s_state {
	C2S_GREETING,   /* waits for the header of a stranger's stream */
	C2S_OPEN,       /* features are out, nobody has logged in */
	C2S_SECURING,   /* <proceed/> is out */
	C2S_CHALLENGED, /* waits for a <response/> */
	C2S_ASKING,     /* a login waits for its answer */
	C2S_RESTARTING, /* logged in; waits for the header of the new stream */
	C2S_BINDING,    /* logged in; waits for what binds a resource */
	C2S_READY,
	C2S_OVER
};
#define C2S_IN(state) (1u << C2S_##state)

/* Raw bytes of one stanza, before somebody has logged in (RFC 6120, section 13.12: at least 10,000) and after that. */
#define C2S_STRANGER_BYTES 10240
#define C2S_CLIENT_BYTES   262144

/* Refused logins, and resources that could not be had, until the stream is ended (RFC 6120, sections 6.4.5, 7.7.2). */
enum { C2S_FAILURES_MAX = 3, C2S_REFUSALS_MAX = 5 };

struct c2s_mechanism;

/* What is to be done along with a login (XEP-0388, inline features). */
struct c2s_wish {
	bool bind, resume;
	char *tag; /* owned; NULL: none */
	unsigned wanted;
	char *previd; /* owned; NULL: malformed */
	uint32_t h;
};

struct xmpp_c2s {
	enum c2s_state state;
	struct xmpp_c2s_offer offer;
	const struct xmpp_c2s_events *events;
	void *ctx;
	char *domain, *bare; /* owned; the second is NULL until a login */
	struct xml_parser *parser;
	struct buf *out; /* of the call that runs */
	char *condition; /* of the next stream error, beside its own; owned; may be NULL */
	GError *error;   /* why it is over; NULL: closed properly */
	bool greeted;    /* our header is out */
	bool sasl2;      /* the exchange, or the last one, is one of XEP-0388 */
	bool managed;    /* stream management may be on, so stanzas count */
	unsigned failures, refusals;
	const struct c2s_mechanism *mechanism; /* of the exchange; NULL: there is none */
	struct c2s_wish wish;
};

typedef void c2s_on_element(struct xmpp_c2s *c2s, const struct xml_element *element, struct arena *arena);

/* c2s.c */
void c2s_set_state(struct xmpp_c2s *c2s, enum c2s_state state);
void c2s_end(struct xmpp_c2s *c2s, enum xmpp_c2s_error error, const char *text);

/* c2s_features.c */
/* `from` is what the client's header says, may be NULL. */
void c2s_put_header(struct xmpp_c2s *c2s, const char *from);
void c2s_put_features(struct xmpp_c2s *c2s);

/* c2s_sasl.c */
bool c2s_has_mechanism(const struct xmpp_c2s *c2s);
void c2s_put_mechanisms(const struct xmpp_c2s *c2s, struct buf *out);
c2s_on_element c2s_on_auth, c2s_on_authenticate, c2s_on_response, c2s_on_abort, c2s_on_second_auth;

/* c2s_bind.c */
void c2s_wish_read(struct c2s_wish *wish, const struct xml_element *authenticate, struct arena *arena);
void c2s_wish_clear(struct c2s_wish *wish);
/* The login of XEP-0388 has succeeded: does what it wished for, and says so. */
void c2s_succeed(struct xmpp_c2s *c2s);
c2s_on_element c2s_on_bind, c2s_on_resume, c2s_on_early_enable;
/* A stanza of a bound client that is for the stream itself, and was answered. */
bool c2s_answers(struct xmpp_c2s *c2s, const struct xml_element *stanza);

#endif
