/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_UPLOAD_TICKET_H
#define FRONTEND_SERVER_UPLOAD_TICKET_H

#include <stdbool.h>
#include <stdint.h>

/* What an address of an upload says of it, sealed with HMAC-SHA-256: nothing of it need be kept. */

enum { UPLOAD_KEY_SIZE = 32, UPLOAD_TICKET_MAX = 128 };

struct upload_ticket {
	const char *path, *type; /* type NULL: any */
	uint64_t size;
	int64_t until; /* seconds since 1970 */
};

/* To be freed. */
char *upload_ticket_write(const unsigned char key[UPLOAD_KEY_SIZE], const struct upload_ticket *ticket);
/* Whether `text` is a ticket for this path, type and size; `until` of *ticket is that of now. */
bool upload_ticket_is_good(const unsigned char key[UPLOAD_KEY_SIZE], const struct upload_ticket *ticket,
			   const char *text);

#endif
