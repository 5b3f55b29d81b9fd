/* SPDX-License-Identifier: MIT */
#ifndef XMPP_ERROR_H
#define XMPP_ERROR_H

#include "xml/writer.h"

/* Stanza errors (RFC 6120, section 8.3.3): one row a condition with its usual type. */
#define XMPP_CONDITIONS(X)                                              \
	X(BAD_REQUEST, "bad-request", "modify")                         \
	X(CONFLICT, "conflict", "cancel")                               \
	X(FEATURE_NOT_IMPLEMENTED, "feature-not-implemented", "cancel") \
	X(FORBIDDEN, "forbidden", "auth")                               \
	X(GONE, "gone", "cancel")                                       \
	X(INTERNAL_SERVER_ERROR, "internal-server-error", "cancel")     \
	X(ITEM_NOT_FOUND, "item-not-found", "cancel")                   \
	X(JID_MALFORMED, "jid-malformed", "modify")                     \
	X(NOT_ACCEPTABLE, "not-acceptable", "modify")                   \
	X(NOT_ALLOWED, "not-allowed", "cancel")                         \
	X(NOT_AUTHORIZED, "not-authorized", "auth")                     \
	X(RECIPIENT_UNAVAILABLE, "recipient-unavailable", "wait")       \
	X(REDIRECT, "redirect", "modify")                               \
	X(REGISTRATION_REQUIRED, "registration-required", "auth")       \
	X(REMOTE_SERVER_NOT_FOUND, "remote-server-not-found", "cancel") \
	X(REMOTE_SERVER_TIMEOUT, "remote-server-timeout", "wait")       \
	X(RESOURCE_CONSTRAINT, "resource-constraint", "wait")           \
	X(SERVICE_UNAVAILABLE, "service-unavailable", "cancel")         \
	X(SUBSCRIPTION_REQUIRED, "subscription-required", "auth")       \
	X(UNDEFINED_CONDITION, "undefined-condition", "cancel")

enum xmpp_condition {
#define X(id, name, type) XMPP_##id,
	XMPP_CONDITIONS(X)
#undef X
		XMPP_CONDITION_COUNT
};

const char *xmpp_condition_name(enum xmpp_condition condition);

/* `<error type='..'><condition/><text>..</text></error>`; text may be NULL. */
void xmpp_put_error(struct buf *out, enum xmpp_condition condition, const char *text);

/* The same with a condition of another namespace besides (RFC 6120, section 8.3.4). */
void xmpp_put_error_with(struct buf *out, enum xmpp_condition condition, const char *ns, const char *name);

/* The condition of a stanza of type error; XMPP_UNDEFINED_CONDITION if it says none we know. */
enum xmpp_condition xmpp_read_error(const struct xml_element *stanza);

#endif
