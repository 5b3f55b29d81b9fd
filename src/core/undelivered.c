/* SPDX-License-Identifier: MIT */
#include "core/private.h"
#include "core/repeat.h"
#include "core/room.h"

LOG_AREA("ConversationManager");

#define LOST_TEXT "The way to the network was lost; this message may not have been delivered"

/* Who sends it again means it: it is no repetition, and its echo is that of the new one. */
static void forget_sent(struct user *user, const struct jid *to, const struct core_undelivered *undelivered)
{
	struct core_message message = { .id = undelivered->id, .body = undelivered->body };
	struct room *room = jid_is_bare(to) ? rooms_find_jid(user, to) : NULL;
	repeat_forget(user->repeats, repeat_mark(to, &message));
	if (room)
		g_free(room_take_sent(room, undelivered->body));
}

void core_legacy_undelivered(struct core *core, const struct core_undelivered *undelivered)
{
	struct jid from, to;
	arena_reset(core->scratch);
	if (!jid_parse_text(&from, core->scratch, undelivered->sender) ||
	    !jid_parse_text(&to, core->scratch, undelivered->address))
		return;
	struct user *user = core_find_user(core, jid_bare(&from));
	log_debug("%s: a message may not have been delivered", undelivered->sender);
	metrics_count(core->metrics, METRIC_MESSAGES_RETURNED);
	if (user)
		forget_sent(user, &to, undelivered);
	core->frontend->undelivered(core->frontend_ctx, undelivered, LOST_TEXT);
}
