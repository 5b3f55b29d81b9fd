/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_UPLOAD_H
#define FRONTEND_SERVER_UPLOAD_H

#include "config/config.h"
#include "loop/loop.h"

/* Files of users for others to fetch (XEP-0363): put into service.web_directory by HTTP, at an address that was given
 * to the user before. The address itself says what may be put there and until when, sealed with a key of this process.
 */
struct upload;

enum {
	UPLOAD_SLOT_SECONDS = 300, /* an address can be used for so long */
	UPLOAD_NAME_MAX = 120,     /* bytes of a file's name; what is longer is cut */
	UPLOAD_TYPE_MAX = 200,     /* bytes of a media type */
	UPLOAD_USERS_MAX = 100000, /* who have put something on one day */
	UPLOAD_EXPIRED_AT_ONCE = 1000
};

/* NULL without an error where service.upload_port is 0; with an error if it cannot be had. */
struct upload *upload_open(struct loop *loop, const struct config *config, GError **error);
void upload_close(struct upload **upload);
/* Limits count at once; service.web_directory and service.web_url stay as they were at the start. */
void upload_set_config(struct upload *upload, const struct config *config);

unsigned upload_port(const struct upload *upload);
/* Bytes of the largest file. */
uint64_t upload_max(const struct upload *upload);

struct upload_request {
	const char *user; /* his bare JID */
	const char *name;
	const char *type; /* NULL: it is not said */
	uint64_t size;
};

struct upload_slot {
	char *put, *get; /* to be freed */
};

enum upload_verdict {
	UPLOAD_GRANTED,
	UPLOAD_TOO_LARGE,
	UPLOAD_TOO_MUCH, /* for today */
	UPLOAD_SENSELESS
};

enum upload_verdict upload_ask(struct upload *upload, const struct upload_request *request, struct upload_slot *slot);
/* When there is a new day, in seconds since 1970. */
int64_t upload_next_day(void);

#endif
