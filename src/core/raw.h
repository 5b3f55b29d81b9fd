/* SPDX-License-Identifier: MIT */
#ifndef CORE_RAW_H
#define CORE_RAW_H

#include "core/core.h"

/* Raw mode (features.rawxml): the network speaks XMPP too, and stanzas pass as the bytes they are. Here is decided
 * whom they come from and whom they go to; what stands in them is the frontend's business. `xml` is a whole stanza
 * with the addresses of the network. */

/* --- what users do -------------------------------------------------------------------------- */

/* What the network knows an address of ours by. */
struct core_raw_target {
	const char *name; /* NULL: the gateway itself */
	const char *resource;
	bool room; /* one that the user has entered or is entering */
};

/* Fills *target, which is borrowed until the next call into the core. CORE_RECIPIENT_UNAVAILABLE: the sender is not
 * logged in to the network. */
enum core_error core_user_raw_target(struct core *core, const struct jid *from, const struct jid *to,
				     struct core_raw_target *target);

/* CORE_OK, or why it did not go out. */
enum core_error core_user_raw(struct core *core, const struct jid *from, const char *xml, size_t n, const char **text);

/* The same for a message to anybody but the gateway: what the other side says next goes to the sender's resource.
 * `message` says what of it must come back if it is lost; without a body nothing does. */
enum core_error core_user_raw_message(struct core *core, const struct jid *from, const struct jid *to,
				      const struct core_message *message, const struct core_raw *raw,
				      const char **text);

/* Presence to the gateway; n 0: one that the network is not to see. An available one after core_user_presence(): the
 * network hears it if it is the one that speaks for the user, now or when it becomes that. An unavailable one before:
 * the network hears the last session's. */
void core_user_raw_presence(struct core *core, const struct jid *from, bool available, const char *xml, size_t n);

/* Presence to a room by a session that is inside: true, and the network has heard it. */
bool core_user_raw_inside(struct core *core, const struct jid *from, const struct jid *to, const char *xml, size_t n);
/* The stanzas that enter and leave the room that core_user_join() made; the network hears them when it is time. */
void core_user_raw_enter(struct core *core, const struct jid *from, const struct jid *to, const char *enter,
			 const char *leave);

/* --- what networks report ------------------------------------------------------------------- */

/* A piece of the stream of the backend `source` (never 0), which the frontend port takes; its end. */
void core_legacy_raw(struct core *core, uint64_t source, const char *bytes, size_t n);
void core_legacy_raw_end(struct core *core, uint64_t source);

/* The user of that bare JID, if this backend has it; no other may speak for it. */
struct user *core_raw_user(const struct core *core, struct str bare, uint64_t source);

/* Who speaks: a bare name and a resource ("" for none) of the network; name NULL is the user's own account there. */
struct core_raw_sender {
	const char *name, *resource;
};

/* The address that sender has here. False: it can have none. Borrowed until the next call into the core. */
bool core_raw_address(struct user *user, struct core_raw_sender sender, struct core_address *address);
/* The full JID of the session that speaks for the user; NULL: there is none. */
const char *core_raw_session(const struct user *user);

enum core_raw_message { CORE_RAW_CHAT, CORE_RAW_GROUPCHAT, CORE_RAW_SUBJECT };
void core_legacy_raw_message(struct user *user, struct core_raw_sender sender, enum core_raw_message type,
			     const struct core_raw *raw);

struct core_raw_presence {
	enum core_presence_type type;
	bool error;          /* of type error; `type` does not count */
	bool occupant;       /* has what XEP-0045 says of occupants */
	bool own;            /* code 110 */
	const char *newnick; /* code 303 */
};
/* May end the user: if it says that the session's only room is left. */
void core_legacy_raw_presence(struct user *user, struct core_raw_sender sender,
			      const struct core_raw_presence *presence, const struct core_raw *raw);

#endif
