/* SPDX-License-Identifier: MIT */
#ifndef PLUGIN_PLUGIN_H
#define PLUGIN_PLUGIN_H

#include "base/buf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What every backend shares: it takes the bytes that come from the gateway ("main"), calls back with
 * what they ask, and turns what the network has to say into frames. No socket and no loop in here:
 * plugin/main_loop.h drives it on libuv, another loop needs only a struct plugin_port.
 * docs/backends.md tells how to write a backend with it. Not thread-safe.
 *
 * Names: `user` is the bare JID of an XMPP user, the key of everything; `buddy` is a name on the
 * legacy network, spelled as the network spells it; `room` is a room's name there.
 *
 * Texts that are received are NUL-terminated UTF-8, never NULL ("" stands for absent) and borrowed
 * for the call. Texts that are sent may be NULL for absent, are cleaned of what UTF-8 or XML forbids,
 * and are copied. Anything may be sent from inside a callback. */
struct plugin;

/* Why a login ended. NETWORK and OTHER make main try again by itself; all others are final. */
enum plugin_error {
	PLUGIN_ERROR_NETWORK = 0,
	PLUGIN_ERROR_INVALID_USERNAME = 1,
	PLUGIN_ERROR_AUTHENTICATION_FAILED = 2,
	PLUGIN_ERROR_AUTHENTICATION_IMPOSSIBLE = 3,
	PLUGIN_ERROR_NO_SSL_SUPPORT = 4,
	PLUGIN_ERROR_ENCRYPTION = 5,
	PLUGIN_ERROR_NAME_IN_USE = 6,
	PLUGIN_ERROR_INVALID_SETTINGS = 7,
	PLUGIN_ERROR_CERT_NOT_PROVIDED = 8,
	PLUGIN_ERROR_CERT_UNTRUSTED = 9,
	PLUGIN_ERROR_CERT_EXPIRED = 10,
	PLUGIN_ERROR_CERT_NOT_ACTIVATED = 11,
	PLUGIN_ERROR_CERT_HOSTNAME_MISMATCH = 12,
	PLUGIN_ERROR_CERT_FINGERPRINT_MISMATCH = 13,
	PLUGIN_ERROR_CERT_SELF_SIGNED = 14,
	PLUGIN_ERROR_CERT_OTHER = 15,
	PLUGIN_ERROR_OTHER = 16
};

enum plugin_status {
	PLUGIN_ONLINE = 0,
	PLUGIN_AWAY = 1,
	PLUGIN_CHAT = 2, /* free for chat */
	PLUGIN_XA = 3,
	PLUGIN_DND = 4,
	PLUGIN_OFFLINE = 5,
	PLUGIN_INVISIBLE = 6
};

/* Of a participant, a bit mask. CONFLICT, NOT_AUTHORIZED and ROOM_NOT_FOUND report a failed join:
 * they go with the user's own nickname and PLUGIN_OFFLINE, the text in status_message. */
enum plugin_flag {
	PLUGIN_FLAG_NONE = 0,
	PLUGIN_FLAG_MODERATOR = 1,
	PLUGIN_FLAG_CONFLICT = 2,
	PLUGIN_FLAG_BANNED = 4,
	PLUGIN_FLAG_NOT_AUTHORIZED = 8,
	PLUGIN_FLAG_ME = 16,
	PLUGIN_FLAG_KICKED = 32,
	PLUGIN_FLAG_ROOM_NOT_FOUND = 64
};

/* Chat states (XEP-0085). */
enum plugin_typing_state { PLUGIN_COMPOSING, PLUGIN_PAUSED, PLUGIN_ACTIVE };

/* Values. Lists of texts are NULL-terminated; a list that is sent may be NULL. */

struct plugin_setting {
	const char *key, *value;
};

struct plugin_login {
	const char *user, *legacy_name, *password;
	const char *const *extra_fields;       /* what was asked for by plugin_features.extra_fields */
	const struct plugin_setting *settings; /* of the user */
	size_t settings_count;
};

struct plugin_buddy {
	const char *user, *buddy;
	const char *alias;         /* "": no change */
	const char *const *groups; /* empty: no change */
	enum plugin_status status;
	const char *status_message;
	const char *icon_hash; /* SHA-1 of the avatar in hex, "" if there is none */
	bool blocked;
};

struct plugin_attachment {
	const char *url, *mime_type, *description;
};

struct plugin_message {
	const char *user;
	const char *buddy; /* a contact, a room, or (received) "room/nickname" as main spelled it */
	const char *body;
	const char *nickname; /* sent: who said it in the room; "" for a message of a contact */
	const char *xhtml;    /* what is inside of an XHTML-IM body (XEP-0071), or "" */
	int64_t timestamp;    /* seconds since 1970 of a message that is not new, else 0 */
	const char *id;       /* received: acknowledge it by plugin_ack() if it is not "" */
	bool headline;
	bool pm;     /* sent: a private message of `nickname` in the room `buddy` */
	bool carbon; /* sent: the user wrote it, from another device of the network */
	const struct plugin_attachment *attachments;
	size_t attachments_count;
};

struct plugin_room {
	const char *user, *room, *nickname, *password;
};

struct plugin_participant {
	const char *user, *room, *nickname;
	unsigned flags;            /* enum plugin_flag */
	enum plugin_status status; /* PLUGIN_OFFLINE: left */
	const char *status_message;
	const char *new_name; /* `nickname` is called so from now on */
	const char *icon_hash;
	const char *alias; /* to be shown in place of the nickname */
};

struct plugin_vcard {
	const char *user, *buddy;
	int32_t id;
	const char *full_name, *nickname;
	const void *photo; /* NULL or photo_len bytes */
	size_t photo_len;
};

struct plugin_room_name {
	const char *room, *name;
};

/* What main asks. Any callback may be NULL: then it is ignored. The plugin must not be freed in one. */
struct plugin_events {
	void (*login)(void *ctx, const struct plugin_login *login);
	/* Comes also for users that were reported as disconnected. */
	void (*logout)(void *ctx, const char *user, const char *legacy_name);
	/* The user's own status; may come before plugin_connected() was said. */
	void (*status)(void *ctx, const char *user, enum plugin_status status, const char *message);

	/* To a contact, a room, or "room/nickname" (private); which one the backend tells by the rooms
	 * the user is in. */
	void (*message)(void *ctx, const struct plugin_message *message);
	void (*typing)(void *ctx, const char *user, const char *buddy, enum plugin_typing_state state);
	void (*attention)(void *ctx, const char *user, const char *buddy, const char *text);

	/* Only after plugin_connected(). May come again for a room the user is in. */
	void (*join_room)(void *ctx, const struct plugin_room *room);
	void (*leave_room)(void *ctx, const char *user, const char *room);
	void (*subject)(void *ctx, const char *user, const char *room, const char *subject);

	/* A contact was added, renamed, regrouped, or its plugin_auth_request() was granted. */
	void (*buddy_changed)(void *ctx, const struct plugin_buddy *buddy);
	/* A contact was removed, or its plugin_auth_request() was refused. */
	void (*buddy_removed)(void *ctx, const char *user, const char *buddy);
	void (*buddy_block)(void *ctx, const char *user, const char *buddy, bool blocked);
	/* All contacts main has stored, after a login; only with the feature send_buddies_on_login. */
	void (*buddies)(void *ctx, const struct plugin_buddy *buddies, size_t n);

	/* To be answered by plugin_vcard() with the same id. `buddy` may be "room/nickname". */
	void (*vcard_request)(void *ctx, const char *user, const char *buddy, int32_t id);
	/* The user published an own card; a photo of 0 bytes takes the avatar away. */
	void (*vcard_update)(void *ctx, const struct plugin_vcard *vcard);

	/* With the feature rawxml: a piece of a stream of stanzas, cut anywhere. */
	void (*raw_xml)(void *ctx, const char *xml, size_t n);

	/* End: say good-bye to the network. */
	void (*exit)(void *ctx);
};

/* How frames reach main. */
struct plugin_port {
	/* Where frames are appended; NULL when there is no connection, then they are dropped. */
	struct buf *(*output)(void *ctx);
	/* Frames were appended, or one did not fit: then the buffer has failed, or the frame is too large for any. */
	void (*flush)(void *ctx);
	/* May be NULL. Main said EXIT; comes after plugin_events.exit. */
	void (*exit)(void *ctx);
};

/* `port` and `port_ctx` are borrowed for the plugin's life. */
struct plugin *plugin_new(const struct plugin_port *port, void *port_ctx);
void plugin_free(struct plugin **plugin);

/* `events` is borrowed for the plugin's life. Without this call everything main asks is ignored. */
void plugin_set_events(struct plugin *plugin, const struct plugin_events *events, void *ctx);

/* What the backend can do and needs; main shows and asks accordingly. */
struct plugin_features {
	bool need_password;
	bool need_registration;    /* false: users are registered at their first presence */
	bool muc;                  /* rooms */
	bool receipts;             /* says plugin_ack() */
	bool rawxml;               /* speaks XMPP stanzas instead of values */
	bool disable_jid_escaping; /* contacts are user%host@gateway instead of XEP-0106 */
	bool send_buddies_on_login;
	const char *const *extra_fields; /* names of further fields of the registration form, or NULL */
};

/* Announced before the first PONG; later calls are sent at once. Without it main assumes need_password
 * and need_registration, and nothing else. */
void plugin_set_features(struct plugin *plugin, const struct plugin_features *features);

/* Takes n bytes of the connection. False when the stream is broken (a frame over the limit): close it. */
bool plugin_feed(struct plugin *plugin, const void *bytes, size_t n);

/* True if main sent a PING since the last call. Main pings every 20 seconds. */
bool plugin_ping_seen(struct plugin *plugin);

/* What the network has to say. */

/* The login succeeded. Contacts are best reported before. */
void plugin_connected(struct plugin *plugin, const char *user);
/* The login failed or ended. */
void plugin_disconnected(struct plugin *plugin, const char *user, enum plugin_error error, const char *text);

/* A contact exists or changed; status, status_message, icon_hash and blocked are always taken. */
void plugin_buddy(struct plugin *plugin, const struct plugin_buddy *buddy);
void plugin_buddy_removed(struct plugin *plugin, const char *user, const char *buddy);
/* A stranger wants to be a contact. Answered by buddy_changed or buddy_removed. */
void plugin_auth_request(struct plugin *plugin, const char *user, const char *buddy);

void plugin_message(struct plugin *plugin, const struct plugin_message *message);
/* The message with this id reached its receiver. */
void plugin_ack(struct plugin *plugin, const char *user, const char *buddy, const char *id);
void plugin_typing(struct plugin *plugin, const char *user, const char *buddy, enum plugin_typing_state state);
void plugin_attention(struct plugin *plugin, const char *user, const char *buddy, const char *text);

/* Someone entered, changed or left. When joining, the user's own entry comes last. */
void plugin_participant(struct plugin *plugin, const struct plugin_participant *participant);
/* The nickname of the user is another than asked for; before the user's own participant. */
void plugin_nickname_changed(struct plugin *plugin, const char *user, const char *room, const char *nickname);
void plugin_subject(struct plugin *plugin, const char *user, const char *room, const char *nickname,
		    const char *subject);
/* Rooms that exist, in place of those of the last call; `user` NULL: the same for all users. */
void plugin_room_list(struct plugin *plugin, const char *user, const struct plugin_room_name *rooms, size_t n);

void plugin_vcard(struct plugin *plugin, const struct plugin_vcard *vcard);

/* Whole characters; a stanza may be spread over several calls. */
void plugin_raw_xml(struct plugin *plugin, const char *xml, size_t n);

#endif
