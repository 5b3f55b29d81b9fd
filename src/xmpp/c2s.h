/* SPDX-License-Identifier: MIT */
#ifndef XMPP_C2S_H
#define XMPP_C2S_H

#include "base/buf.h"
#include "xml/parser.h"

#include <stdint.h>

/* The server's side of a client's stream (RFC 6120), without I/O: bytes in, events and bytes out. It negotiates TLS,
 * SASL (RFC 6120, section 6, and XEP-0388), a resource (section 7, and XEP-0386) or the resumption of one (XEP-0198),
 * each in its turn; then stanzas pass. What comes out of turn, before a resource is bound, ends the stream with the
 * error that the RFC names; nothing else is ever answered to it. */
struct xmpp_c2s;

/* What a client logs in with. Borrowed for the call; the password is wiped after it. */
struct xmpp_c2s_login {
	const char *name;     /* a prepared localpart (XEP-0106 is not undone) */
	const char *password; /* UTF-8, not empty, without NUL */
};

/* Bits of what a client asks for along with its resource (XEP-0386, section 4). */
enum { XMPP_C2S_SM = 1, XMPP_C2S_SM_RESUME = 2, XMPP_C2S_CARBONS = 4, XMPP_C2S_INACTIVE = 8 };

struct xmpp_c2s_bind {
	const char *resource; /* as asked for, prepared; NULL: any. With XEP-0386 a prefix is asked for: see `tag` */
	const char *tag;      /* of a client by XEP-0386; NULL: none */
	unsigned wanted;
};

struct xmpp_c2s_bound {
	const char *full;  /* the JID; borrowed until the event has returned */
	const char *sm_id; /* what resumes the stream; "": it cannot be resumed; NULL: stream management is off */
	unsigned sm_max;   /* seconds it can be resumed for */
};

struct xmpp_c2s_resume {
	const char *previd;
	uint32_t h; /* stanzas that the client has handled */
};

struct xmpp_c2s_events {
	/* <proceed/> was written: TLS begins with the next byte either way. xmpp_c2s_secured() follows. */
	void (*starttls)(void *ctx);
	/* Answered by xmpp_c2s_authenticated() or xmpp_c2s_refused(), never from inside. */
	void (*login)(void *ctx, const struct xmpp_c2s_login *login);
	/* The client does not want the answer any more (<abort/>); no answer is to come. */
	void (*login_aborted)(void *ctx);
	/* A resource is wanted. False: none can be had, the client is told resource-constraint. */
	bool (*bind)(void *ctx, const struct xmpp_c2s_bind *bind, struct xmpp_c2s_bound *bound);
	/* The same for a stream that is to go on. `full` and the number of its stanzas that we have handled are filled
	 * in. False: it cannot; `h` is filled in if it was known (XEP-0198, section 5), else *known is false. */
	bool (*resume)(void *ctx, const struct xmpp_c2s_resume *resume, const char **full, uint32_t *h, bool *known);
	/* The answer to either of them was written: stanzas may be from now on. */
	void (*ready)(void *ctx, bool resumed);
	/* All that comes once a resource is bound: a stanza, or another element such as those of XEP-0198 and XEP-0352.
	 * Borrowed for the call. */
	void (*stanza)(void *ctx, const struct xml_element *stanza, struct arena *arena);
	void (*element)(void *ctx, const struct xml_element *element, struct arena *arena);
	/* In the place of `stanza` for one of too many elements or attributes: its start tag. */
	void (*skipped)(void *ctx, const struct xml_element *start, const char *why, struct arena *arena);
};

/* What the stream may offer at the moment. */
struct xmpp_c2s_offer {
	bool starttls; /* TLS is not active, and can be */
	bool plain;    /* passwords may be sent over this connection as it is */
};

/* All of RFC 6120, section 4.9.3 that we say. */
enum xmpp_c2s_error {
	XMPP_C2S_BAD_FORMAT,
	XMPP_C2S_BAD_NAMESPACE_PREFIX,
	XMPP_C2S_CONFLICT,
	XMPP_C2S_CONNECTION_TIMEOUT,
	XMPP_C2S_HOST_UNKNOWN,
	XMPP_C2S_INTERNAL_SERVER_ERROR,
	XMPP_C2S_INVALID_NAMESPACE,
	XMPP_C2S_INVALID_XML,
	XMPP_C2S_NOT_AUTHORIZED,
	XMPP_C2S_NOT_WELL_FORMED,
	XMPP_C2S_POLICY_VIOLATION,
	XMPP_C2S_RESET,
	XMPP_C2S_RESOURCE_CONSTRAINT,
	XMPP_C2S_RESTRICTED_XML,
	XMPP_C2S_SYSTEM_SHUTDOWN,
	XMPP_C2S_UNDEFINED_CONDITION,
	XMPP_C2S_UNSUPPORTED_ENCODING,
	XMPP_C2S_UNSUPPORTED_STANZA_TYPE,
	XMPP_C2S_UNSUPPORTED_VERSION
};

/* Errors of xmpp_c2s_feed(): the code is one of those above. */
#define XMPP_C2S_ERROR (xmpp_c2s_error_quark())
GQuark xmpp_c2s_error_quark(void);

/* RFC 6120, section 6.5, as far as we say it. */
enum xmpp_c2s_failure { XMPP_C2S_FAIL_ACCOUNT_DISABLED, XMPP_C2S_FAIL_NOT_AUTHORIZED, XMPP_C2S_FAIL_TEMPORARY };

/* `domain` is the prepared name that is served; copied. */
struct xmpp_c2s *xmpp_c2s_new(const char *domain, const struct xmpp_c2s_offer *offer,
			      const struct xmpp_c2s_events *events, void *ctx);
/* Wipes what it has of passwords. Not from inside an event. */
void xmpp_c2s_free(struct xmpp_c2s **c2s);

/* Takes what the client sent; what the stream answers goes to `out`. Events come during the call. False: the stream is
 * over and `out` holds its end; what was wrong is in `error`, which stays NULL if the client closed it properly. It is
 * then to be closed and this object freed. Between an event `starttls` and xmpp_c2s_secured() nothing is fed. */
bool xmpp_c2s_feed(struct xmpp_c2s *c2s, const char *bytes, size_t n, struct buf *out, GError **error);

/* TLS is active: the stream begins anew. */
void xmpp_c2s_secured(struct xmpp_c2s *c2s, const struct xmpp_c2s_offer *offer);

/* The answers to a login. After the first the events `resume` or `bind`, and `ready`, may come from inside (XEP-0388).
 * After a refusal the client may try again on the same stream; false: it has tried too often, and the stream is over
 * as after xmpp_c2s_end(). `text` is for people, may be NULL. */
void xmpp_c2s_authenticated(struct xmpp_c2s *c2s, struct buf *out);
bool xmpp_c2s_refused(struct xmpp_c2s *c2s, enum xmpp_c2s_failure failure, const char *text, struct buf *out);

/* A login was answered with success. */
bool xmpp_c2s_is_authenticated(const struct xmpp_c2s *c2s);
/* A resource is bound. */
bool xmpp_c2s_is_ready(const struct xmpp_c2s *c2s);

/* For a client that is idle: gives back the memory that only reading needs, unless half a stanza is there. What comes
 * next but white space takes it anew, which costs a few microseconds. Not from inside an event. */
void xmpp_c2s_rest(struct xmpp_c2s *c2s);

/* Ends the stream with an error (RFC 6120, section 4.9) / properly. With a header before it if none was written. */
void xmpp_c2s_end(struct xmpp_c2s *c2s, enum xmpp_c2s_error error, const char *text, struct buf *out);
void xmpp_c2s_close(struct xmpp_c2s *c2s, struct buf *out);
/* What the next stream error says of itself by a condition of its own (RFC 6120, section 4.9.4): an element as it is to
 * be written; copied. */
void xmpp_c2s_set_condition(struct xmpp_c2s *c2s, const char *element);

/* `<enabled/>` of XEP-0198 (section 3), for sm_id and sm_max of struct xmpp_c2s_bound. */
void xmpp_c2s_put_enabled(struct buf *out, const char *sm_id, unsigned sm_max);

#endif
