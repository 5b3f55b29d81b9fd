/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_MEDIA_H
#define FRONTEND_MEDIA_H

#include "frontend/private.h"

/* Pictures inside of formatted text (`<img src='http..'>`), which most clients show only as the address of a file
 * (XEP-0066) that is all of the body. */

/* Costs a look at each tag and nothing else. */
bool media_is_in(const struct core_message *message);

/* What `given` becomes, in order:
 *   service.oob_split          a message for each picture and for each text between them
 *   service.oob_replace_body   one, with the first picture's address as its body
 *   neither                    one, with all addresses beside its body
 * At least one; the first keeps the id. All of it lies in the arena or is borrowed from `given`. */
struct media_messages {
	const struct core_message *first;
	size_t count;
};
struct media_messages media_messages(const struct frontend *frontend, struct arena *arena,
				     const struct core_message *given);

#endif
