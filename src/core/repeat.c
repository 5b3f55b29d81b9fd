/* SPDX-License-Identifier: MIT */
#include "core/repeat.h"

#include "base/hash.h"

#include <glib.h>

uint64_t repeat_mark(const struct jid *to, const struct core_message *message)
{
	uint64_t parts[3];
	if (!message->id || !*message->id || !message->body)
		return 0;
	parts[0] = hash_bytes(to->full, strlen(to->full));
	parts[1] = hash_bytes(message->id, strlen(message->id));
	parts[2] = hash_bytes(message->body, strlen(message->body));
	return hash_bytes(parts, sizeof(parts)) | 1;
}

bool repeat_is_one(const struct repeats *repeats, uint64_t mark, uint64_t now)
{
	for (size_t i = 0; repeats && mark && i < REPEATS_KEPT; i++)
		if (repeats->marks[i] == mark && now - repeats->times[i] < REPEAT_MS)
			return true;
	return false;
}

void repeat_note(struct repeats **repeats, uint64_t mark, uint64_t now)
{
	if (!mark)
		return;
	if (!*repeats)
		*repeats = g_new0(struct repeats, 1);
	struct repeats *known = *repeats;
	known->marks[known->next] = mark;
	known->times[known->next] = now;
	known->next = (known->next + 1) % REPEATS_KEPT;
}

void repeat_forget(struct repeats *repeats, uint64_t mark)
{
	for (size_t i = 0; repeats && i < REPEATS_KEPT; i++)
		if (repeats->marks[i] == mark)
			repeats->marks[i] = 0;
}
