/* SPDX-License-Identifier: MIT */
#ifndef CORE_TYPES_H
#define CORE_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The values that pass between the core and its two sides. They are borrowed for the call they are
 * passed to. Texts are NUL-terminated UTF-8; NULL is absent. What the core is given by a network may
 * hold any bytes protobuf allows: writers of XML clean it (xml/writer.h). */

/* Availability; the numbers are those of the backend protocol (StatusType). */
enum core_status { CORE_ONLINE, CORE_AWAY, CORE_CHAT, CORE_XA, CORE_DND, CORE_OFFLINE, CORE_INVISIBLE };

/* XEP-0085. */
enum core_chat_state {
	CORE_STATE_NONE,
	CORE_STATE_ACTIVE,
	CORE_STATE_COMPOSING,
	CORE_STATE_PAUSED,
	CORE_STATE_INACTIVE,
	CORE_STATE_GONE
};

/* Why something is refused, in the words of RFC 6120, section 8.3.3. */
enum core_error {
	CORE_OK,
	CORE_BAD_REQUEST,
	CORE_BLOCKED, /* by the user himself (XEP-0191, section 3.6) */
	CORE_CONFLICT,
	CORE_FEATURE_NOT_IMPLEMENTED,
	CORE_FORBIDDEN,
	CORE_INTERNAL_SERVER_ERROR,
	CORE_ITEM_NOT_FOUND,
	CORE_JID_MALFORMED,
	CORE_NOT_ACCEPTABLE,
	CORE_NOT_ALLOWED,
	CORE_NOT_AUTHORIZED,
	CORE_RECIPIENT_UNAVAILABLE,
	CORE_REGISTRATION_REQUIRED,
	CORE_REMOTE_SERVER_TIMEOUT,
	CORE_RESOURCE_CONSTRAINT,
	CORE_SERVICE_UNAVAILABLE
};

enum core_message_type { CORE_CHAT_MESSAGE, CORE_GROUPCHAT, CORE_HEADLINE };

struct core_attachment {
	const char *url, *mime, *description;
};

struct core_message {
	enum core_message_type type;
	const char *id;
	const char *body;
	const char *xhtml;   /* the inside of an XHTML-IM body, not checked */
	const char *subject; /* "" says: no subject */
	enum core_chat_state state;
	int64_t time; /* when it was sent, seconds since 1970; 0: now */
	bool attention;
	bool receipt_wanted;    /* XEP-0184 <request/> */
	const char *receipt_of; /* XEP-0184 <received/>: the id */
	bool from_occupant;     /* a private message through a room */
	size_t attachment_count;
	const struct core_attachment *attachments;
	/* Of what a user writes: his full JID, and the JID he wrote to. */
	const char *sender, *address;
};

/* A message of a user that was on its way when its backend was lost. */
struct core_undelivered {
	const char *sender, *address; /* as in struct core_message */
	const char *id;               /* may be NULL */
	const char *body;
};

/* What somebody who enters a room wants of what was said there before (XEP-0045, section 7.2.14); -1 where
 * nothing was said of it. */
struct core_history {
	int64_t maxchars, maxstanzas, seconds;
	int64_t since; /* seconds since 1970 */
};
#define CORE_HISTORY_ALL ((struct core_history){ -1, -1, -1, -1 })

enum core_presence_type {
	CORE_AVAILABLE,
	CORE_UNAVAILABLE,
	CORE_SUBSCRIBE,
	CORE_SUBSCRIBED,
	CORE_UNSUBSCRIBE,
	CORE_UNSUBSCRIBED,
	CORE_PROBE
};

struct core_presence {
	enum core_presence_type type;
	enum core_status status; /* of an available presence */
	const char *text;
	int priority;
	const char *nick;      /* XEP-0172, with a subscription request */
	const char *icon_hash; /* XEP-0153; "" : no picture; NULL: nothing said */
	uint64_t client;       /* of a user's presence: the frontend's mark for the client's kind; 0: nothing said */
};

/* A contact as a network reports it or a user changes it. */
struct core_contact {
	const char *name; /* on the other network */
	const char *alias;
	size_t group_count;
	const char *const *groups;
	enum core_status status;
	const char *text;
	const char *icon_hash;
	bool blocked;
};

/* A contact as an item of the user's roster. */
struct core_contact_item {
	const char *node; /* NULL: the transport itself */
	const char *name; /* "" or NULL: none */
	size_t group_count;
	const char *const *groups;
	/* From us: the user has it or was asked, so that only its name and groups are news. From a server: the
	 * subscription is "both". */
	bool settled;
};

/* An occupant of a room as a network reports it; flags are those of the backend protocol. */
enum core_occupant_flag {
	CORE_FLAG_MODERATOR = 1,
	CORE_FLAG_CONFLICT = 2,
	CORE_FLAG_BANNED = 4,
	CORE_FLAG_NOT_AUTHORIZED = 8,
	CORE_FLAG_ME = 16,
	CORE_FLAG_KICKED = 32,
	CORE_FLAG_ROOM_NOT_FOUND = 64
};

struct core_participant {
	const char *room;
	const char *nickname;
	int flags;
	enum core_status status; /* CORE_OFFLINE: has left */
	const char *text;
	const char *newname; /* renamed to this */
	const char *icon_hash;
	const char *alias; /* what to show instead of the nickname */
};

/* What an XMPP user sees of an occupant (XEP-0045). */
struct core_occupant {
	bool available;
	enum core_status status;
	const char *text;
	bool moderator;
	const char *newnick; /* 303 */
	const char *icon_hash;
	const char *reason; /* of a kick or ban */
	size_t code_count;
	int codes[6]; /* status codes in order */
};

struct core_vcard {
	const char *full_name, *nickname;
	const void *photo;
	size_t photo_len;
	bool has_photo; /* a photo is given, maybe an empty one */
};

/* A stanza that passes as it is (features.rawxml): what follows the addresses in its start tag, up to its end. */
enum core_raw_kind { CORE_RAW_MESSAGE, CORE_RAW_PRESENCE, CORE_RAW_IQ };

struct core_raw {
	enum core_raw_kind kind;
	const char *bytes;
	size_t n;
};

/* What a backend announced (BACKEND_CONFIG). */
struct core_features {
	bool need_password, need_registration;
	bool receipts, muc, rawxml, disable_jid_escaping, send_buddies_on_login;
};

/* An account of an XMPP server: `domain` is the server's name, `host` and `port` where it is reached. */
struct core_account {
	const char *domain, *host;
	unsigned port;
	const char *name; /* a prepared localpart */
	const char *password;
	unsigned ms; /* how long finding out may take */
};

#endif
