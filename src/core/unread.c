/* SPDX-License-Identifier: MIT */
#include "core/private.h"

LOG_AREA("ConversationManager");

static const char *sender_of(struct core *core, struct core_address from, const struct core_message *message)
{
	if (!from.node)
		return "";
	if (!message->from_occupant)
		return from.node;
	return arena_printf(core->scratch, "%s/%s", from.node, from.resource ? from.resource : "");
}

static void kept(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	core->metrics->value[METRIC_KEPT_DROPPED] += answer->dropped + (answer->error ? 1 : 0);
	if (answer->error && !g_error_matches(answer->error, STORAGE_ERROR, STORAGE_ERROR_NONE))
		log_error("a message that was not read is not kept: %s", answer->error->message);
}

/* For who is not here, or not known here yet. */
static void keep(struct core *core, const struct jid *who, const char *sender, const struct core_message *message)
{
	struct storage_message row = kept_row(core, "", sender, message->from_occupant, message);
	metrics_count(core->metrics, METRIC_MESSAGES_KEPT);
	storage_keep_message_for(core->storage, jid_bare_text(who, core->scratch), &row,
				 (struct storage_reply){ kept, core, 0 });
}

void core_user_unread(struct core *core, const struct jid *who, struct core_address from,
		      const struct core_message *message)
{
	struct user *user = core_find_user(core, jid_bare(who));
	arena_reset(core->scratch);
	if (message->type == CORE_GROUPCHAT || !kept_is_worth(message))
		return;
	const char *sender = sender_of(core, from, message);
	if (!user || user->state == USER_LOADING) {
		if (user)
			user->has_messages = true;
		keep(core, who, sender, message);
		return;
	}
	if (!user->kept && user_listens(user)) {
		core->frontend->message(core->frontend_ctx, from, user->key.p, message);
		return;
	}
	if (!user->kept)
		kept_begin(user, NULL);
	kept_put(user->kept, sender, message->from_occupant, message);
}
