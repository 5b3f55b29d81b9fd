/* SPDX-License-Identifier: MIT */
#ifndef CORE_REPEAT_H
#define CORE_REPEAT_H

#include "core/types.h"
#include "jid/jid.h"

/* Knows messages of one user that come a second time: a client that lost its stream sends again what was not
 * acknowledged to it, under the same id (XEP-0198, section 5). Old clients use ids again for other words, so the
 * words count too, and only for a while. */
enum { REPEATS_KEPT = 16, REPEAT_MS = 180000 };

struct repeats {
	uint64_t marks[REPEATS_KEPT], times[REPEATS_KEPT];
	unsigned next;
};

/* What a message is known by; 0 if it cannot be: it has no id or no words. */
uint64_t repeat_mark(const struct jid *to, const struct core_message *message);

/* `repeats` may be NULL: none. Times in ms. */
bool repeat_is_one(const struct repeats *repeats, uint64_t mark, uint64_t now);
/* Makes *repeats at the first message; free with g_free. */
void repeat_note(struct repeats **repeats, uint64_t mark, uint64_t now);
void repeat_forget(struct repeats *repeats, uint64_t mark);

#endif
