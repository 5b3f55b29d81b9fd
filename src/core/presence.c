/* SPDX-License-Identifier: MIT */
#include "core/room.h"

LOG_AREA("UserManager");

/* What users say of being there. */

static bool same_best(const struct session *best, enum core_status status, const char *text)
{
	return best && best->status == status && g_strcmp0(best->text, text) == 0;
}

static void tell_status(struct user *user)
{
	struct core *core = user->core;
	const struct session *best = user_best(user);
	if (best && user->seat)
		core->backend->status(core->backend_ctx, user, best->status, best->text ? best->text : "");
}

bool user_listens(const struct user *user)
{
	const struct session *session = user->sessions;
	while (session && session->priority < 0)
		session = session->next;
	return session;
}

void user_review(struct user *user)
{
	if (user->state == USER_LOADING)
		return;
	/* In server mode there is nobody else who could keep them. */
	if (!user_listens(user) && !user->kept && (user->core->server || user_stays(user)))
		kept_begin(user, NULL);
	else if (user_listens(user) && user->kept)
		kept_replay(user->kept);
}

static void update_session(struct user *user, const struct jid *from, const struct core_presence *presence)
{
	const struct session *best = user_best(user);
	enum core_status status = best ? best->status : CORE_OFFLINE;
	g_autofree char *text = best ? g_strdup(best->text) : NULL;
	bool added;
	struct session *session = user_put_session(user, from, presence, &added);
	if (!session) {
		log_warn("%s: more than %d sessions, %s is not served", user->key.p, CORE_SESSIONS_MAX, from->full);
		return;
	}
	/* Who only entered rooms has heard of no contacts. */
	added |= session->implicit;
	session->implicit = session->directed = false;
	message_forget_session(user, NULL);
	bool same = same_best(user_best(user), status, text);
	if (!same && user->state != USER_LOADING) {
		tell_status(user);
		login_show_transport_to_all(user);
	} else if (added && user->state != USER_LOADING) {
		login_show_transport(user, session->full);
	}
	if (!added)
		return;
	roster_show(user, session->full);
	subscription_ask_again(user, session->full);
	comeback_session(user, session);
}

void presence_drop_session(struct user *user, struct session *session)
{
	struct core *core = user->core;
	const struct session *best = user_best(user);
	bool was_best = best == session;
	rooms_leave_session(user, session);
	if (user->state != USER_LOADING) {
		struct core_presence presence = { .type = CORE_UNAVAILABLE };
		roster_hide(user, session->full, false);
		core->frontend->presence(core->frontend_ctx, (struct core_address){ 0 }, session->full, &presence);
	}
	user_drop_session(user, session);
	/* What he has set is not known before it is loaded. */
	if (!user->sessions && !user->arrivals &&
	    !(user->state == USER_LOADING ? user->comes_back : user_stays(user))) {
		login_end(user, NULL, false);
		return;
	}
	if (was_best && user->state != USER_LOADING) {
		tell_status(user);
		raw_tell(user);
		login_show_transport_to_all(user);
	}
	user_review(user);
}

/* A session that has told nobody but contacts. */
static void imply(struct core *core, struct user *user, const struct jid *from, const struct core_presence *presence)
{
	bool added;
	if (!user && !core->server)
		user = login_start(core, from, presence);
	else if (!user || user->sessions || !user_put_session(user, from, presence, &added))
		return;
	user->sessions->implicit = user->sessions->directed = true;
	user_review(user);
}

void presence_directed(struct core *core, struct user *user, const struct jid *from,
		       const struct core_presence *presence)
{
	struct session *session = user ? user_session(user, jid_resource(from)) : NULL;
	if (presence->type == CORE_AVAILABLE && session) {
		session->directed = session->implicit;
	} else if (presence->type == CORE_AVAILABLE) {
		imply(core, user, from, presence);
	} else if (session && session->directed) {
		session->directed = false;
		rooms_end_implied(user);
	}
}

void core_user_gone(struct core *core, const struct jid *from)
{
	struct user *user = core_find_user(core, jid_bare(from));
	struct session *session;
	arena_reset(core->scratch);
	if (!user)
		return;
	if (jid_is_bare(from)) {
		struct session *next;
		/* With the last one the user may go. */
		for (session = user->sessions; session; session = next) {
			next = session->next;
			presence_drop_session(user, session);
		}
	} else if ((session = user_session(user, jid_resource(from)))) {
		presence_drop_session(user, session);
	}
}

static void answer(struct core *core, const struct jid *to, enum core_presence_type type)
{
	core->frontend->presence(core->frontend_ctx, (struct core_address){ 0 }, to->full,
				 &(struct core_presence){ .type = type });
}

void core_user_presence(struct core *core, const struct jid *from, const struct core_presence *presence)
{
	struct user *user = core_find_user(core, jid_bare(from));
	arena_reset(core->scratch);
	switch (presence->type) {
	case CORE_AVAILABLE:
		if (user) {
			update_session(user, from, presence);
			user_review(user);
		} else if (!core->server) {
			login_start(core, from, presence);
		}
		break;
	case CORE_UNAVAILABLE:
		if (user)
			core_user_gone(core, from);
		else
			answer(core, from, CORE_UNAVAILABLE);
		break;
	case CORE_PROBE:
		if (user)
			login_show_transport(user, from->full);
		else
			answer(core, from, CORE_UNAVAILABLE);
		/* Whoever asks may be there without having said so. Another gateway would ask back for ever. */
		if (from->node && (!user || !user->sessions))
			answer(core, from, CORE_PROBE);
		break;
	case CORE_SUBSCRIBE: {
		/* RFC 6121, section 3.1.3: answered from and to bare JIDs. */
		const char *bare = jid_bare_text(from, core->scratch);
		core->frontend->presence(core->frontend_ctx, (struct core_address){ 0 }, bare,
					 &(struct core_presence){ .type = CORE_SUBSCRIBED });
		if (user)
			login_show_transport(user, bare);
		break;
	}
	case CORE_SUBSCRIBED:
	case CORE_UNSUBSCRIBE:
	case CORE_UNSUBSCRIBED:
		break;
	}
}
