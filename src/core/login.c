/* SPDX-License-Identifier: MIT */
#include "core/arrival.h"
#include "core/room.h"

LOG_AREA("UserManager");

static const char connecting[] = "Connecting";

/* Failures in a row after which the user is told, once. */
enum { TOLD_AFTER = 3 };

/* What a user is told of a network whose text is empty. */
static const char *reason(const char *text)
{
	return text && *text ? text : "The connection to the network was lost";
}

/* Who is logged in anew because something of his changed waits as well, but no try has failed. */
bool user_was_lost(const struct user *user)
{
	return user->state == USER_RETRYING && user->backoff.tries;
}

const char *user_unready_text(const struct user *user)
{
	return user_was_lost(user) ? "The network cannot be reached at the moment, trying again" : connecting;
}

/* The transport's own presence mirrors the show and status of the user, once the network is there. */
void login_show_transport(struct user *user, const char *to)
{
	struct core *core = user->core;
	struct core_presence presence = { .type = CORE_UNAVAILABLE, .text = user_unready_text(user) };
	if (user->state == USER_ONLINE) {
		const struct session *best = user_best(user);
		presence =
			(struct core_presence){ .type = CORE_AVAILABLE, .status = best ? best->status : CORE_ONLINE };
		presence.text = best ? best->text : NULL;
	}
	core->frontend->presence(core->frontend_ctx, (struct core_address){ 0 }, to, &presence);
}

void login_show_transport_to_all(struct user *user)
{
	for (const struct session *session = user->sessions; session; session = session->next)
		login_show_transport(user, session->full);
}

static void go_away(struct user *user, const char *text)
{
	struct core *core = user->core;
	struct core_presence presence = { .type = CORE_UNAVAILABLE, .text = text };
	if (user->sessions)
		core->frontend->presence(core->frontend_ctx, (struct core_address){ 0 }, user->key.p, &presence);
}

static void try_later(struct user *user, const char *text);

static void enter_network(struct user *user)
{
	struct core *core = user->core;
	user_set_state(user, USER_WAITING);
	metrics_count(core->metrics, METRIC_LOGINS);
	int failed = core->backend->login(core->backend_ctx, user);
	if (failed)
		try_later(user, NULL);
}

/* Nobody is let in: rooms that were asked for say why, the rest is a line in the log. */
static void refuse(struct user *user, enum core_error error, const char *text)
{
	log_info("%s: login refused: %s", user->key.p, text);
	rooms_refuse(user, error, text);
	arrivals_refuse(user, error == CORE_FORBIDDEN ? error : CORE_REMOTE_SERVER_TIMEOUT, text);
	arrivals_end(user, text, false);
	user_free(user);
}

static void admit(struct user *user, const struct storage_user *stored)
{
	struct core *core = user->core;
	user_set_account(user, stored);
	user->has_messages |= stored->has_messages;
	strangers_load(user);
	if (config_bool(core->config, CONFIG_SERVICE_VIP_ONLY) && !stored->vip) {
		const char *text = config_text(core->config, CONFIG_SERVICE_VIP_MESSAGE);
		if (*text && user->sessions)
			message_tell(core, user->key.p, text);
		refuse(user, CORE_FORBIDDEN, *text ? text : "This gateway is for certain users only");
		return;
	}
	if (!user_is_served(user)) {
		refuse(user, CORE_FORBIDDEN,
		       core->server ? "You have switched your account off; an administrator can switch it on"
				    : "The user has switched the gateway off in its settings");
		return;
	}
	if (!user->sessions && !user->arrivals && !user_stays(user)) {
		refuse(user, CORE_FORBIDDEN, "The user does not stay connected any more");
		return;
	}
	roster_load(user, stored);
	if (user->has_messages)
		kept_begin(user, NULL);
	comeback_rooms(user, stored);
	if (user->row && !core->server)
		storage_set_online(core->storage, user->row, true, (struct storage_reply){ 0 });
	enter_network(user);
	login_show_transport_to_all(user);
	user_review(user);
}

static void refuse_broken(struct user *user, const GError *error)
{
	log_error("%s: %s", user->key.p, error->message);
	refuse(user, CORE_INTERNAL_SERVER_ERROR, "The gateway's database does not work at the moment");
}

static void registered(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct user *user = idmap_find(core->ids, id);
	if (!user)
		return;
	arena_reset(core->scratch);
	if (answer->error)
		refuse_broken(user, answer->error);
	else
		admit(user, answer->user);
}

/* Networks without accounts, and registration.auto_register: the first room's nickname or the local
 * part of the JID is the name there. */
static void register_silently(struct user *user)
{
	struct core *core = user->core;
	g_autofree char *node = g_strndup(user->key.p, strcspn(user->key.p, "@"));
	const char *nick = rooms_first_nick(user);
	struct storage_user account = { .jid = user->key.p,
					.uin = nick ? nick : node,
					.password = "",
					.language = config_text(core->config, CONFIG_REGISTRATION_LANGUAGE),
					.encoding = "utf8" };
	if (storage_is_none(core->storage))
		admit(user, &account);
	else
		storage_put_user(core->storage, &account, (struct storage_reply){ registered, core, user->id });
}

/* Whoever is registered silently is among those who might register by themselves. */
static bool needs_no_form(const struct user *user)
{
	const struct core *core = user->core;
	struct jid jid;
	return (config_bool(core->config, CONFIG_REGISTRATION_AUTO_REGISTER) || !core->features.need_registration) &&
	       jid_parse_text(&jid, core->scratch, user->key.p) && core_may_register(core, &jid);
}

/* Whether a stranger is let in says the network. */
static void admit_stranger(struct user *user)
{
	struct jid jid;
	g_assert(jid_parse_text(&jid, user->core->scratch, user->key.p));
	g_autofree char *uin = core_uin_of(&jid);
	admit(user, &(struct storage_user){ .uin = uin });
}

static void loaded(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct user *user = idmap_find(core->ids, id);
	if (!user)
		return;
	arena_reset(core->scratch);
	bool unknown = g_error_matches(answer->error, STORAGE_ERROR, STORAGE_ERROR_NOT_FOUND) ||
		       g_error_matches(answer->error, STORAGE_ERROR, STORAGE_ERROR_NONE);
	if (!answer->error)
		admit(user, answer->user);
	else if (!unknown)
		refuse_broken(user, answer->error);
	else if (core->server)
		admit_stranger(user);
	else if (user->sessions && needs_no_form(user))
		register_silently(user);
	else
		refuse(user, CORE_REGISTRATION_REQUIRED, "You have not registered with this gateway");
}

struct user *login_start(struct core *core, const struct jid *from, const struct core_presence *presence)
{
	bool added;
	struct user *user = user_new(core, from);
	user_put_session(user, from, presence, &added);
	storage_find_user(core->storage, user->key.p, (struct storage_reply){ loaded, core, user->id });
	return user;
}

struct user *login_arrive(struct core *core, const struct jid *who, const char *password)
{
	struct user *user = user_new(core, who);
	user->password = secret_dup(password);
	storage_find_user(core->storage, user->key.p, (struct storage_reply){ loaded, core, user->id });
	return user;
}

void login_return(struct core *core, const char *text)
{
	struct jid jid;
	if (!jid_parse_text(&jid, core->scratch, text) || core_find_user(core, jid_bare(&jid)))
		return;
	struct user *user = user_new(core, &jid);
	user->comes_back = true;
	storage_find_user(core->storage, user->key.p, (struct storage_reply){ loaded, core, user->id });
}

static void leave_network(struct user *user)
{
	struct core *core = user->core;
	core->backend->logout(core->backend_ctx, user);
	g_assert(!user->seat);
}

void login_end(struct user *user, const char *text, bool shutdown)
{
	struct core *core = user->core;
	bool was_in = user->let_in || !core->server;
	arrivals_end(user, text, shutdown);
	rooms_close(user, text, shutdown);
	if (user->state == USER_LOADING) {
		user_free(user);
		return;
	}
	roster_flush(user);
	if (user->sessions) {
		roster_hide(user, user->key.p, true);
		go_away(user, text);
	}
	leave_network(user);
	if (user->row && was_in && !shutdown)
		storage_set_online(core->storage, user->row, false, (struct storage_reply){ 0 });
	user_free(user);
}

static void retry(void *ctx)
{
	struct user *user = ctx;
	arena_reset(user->core->scratch);
	enter_network(user);
}

static void start_retry(struct user *user, uint32_t delay)
{
	if (!user->retry)
		user->retry = timer_new(user->core->loop, retry, user);
	timer_start(user->retry, delay, 0);
}

void login_now(struct user *user)
{
	timer_stop(user->retry);
	enter_network(user);
}

void login_again(struct user *user)
{
	if (user->state == USER_LOADING)
		return;
	leave_network(user);
	if (user->retry)
		timer_stop(user->retry);
	roster_hide(user, user->key.p, true);
	rooms_lost(user);
	backoff_reset(&user->backoff);
	user->told = false;
	if (user->state == USER_ONLINE) {
		/* The network needs a moment to let go of the name. */
		user_set_state(user, USER_RETRYING);
		start_retry(user, user->core->retry_ms);
	} else {
		enter_network(user);
	}
	login_show_transport_to_all(user);
}

/* --- the network's word ---------------------------------------------------------------------- */

void core_legacy_connected(struct user *user)
{
	struct core *core = user->core;
	arena_reset(core->scratch);
	if (user->state != USER_WAITING) {
		log_debug("%s: CONNECTED while %s", user->key.p, user_state_name(user->state));
		return;
	}
	user_set_state(user, USER_ONLINE);
	user->online_since = loop_now(core->loop);
	if (core->server && !arrivals_connected(user))
		return;
	login_show_transport_to_all(user);
	raw_tell_anew(user);
	photo_tell(user);
	subscription_catch_up(user);
	if (!user->roster_read)
		core->frontend->roster_wanted(core->frontend_ctx, user->key.p);
	user->roster_read = true;
	rooms_enter_all(user);
}

/* Lost for a reason that passes: tried again, ever more slowly, for as long as the user is there. */
static void try_later(struct user *user, const char *text)
{
	struct core *core = user->core;
	if (user->state == USER_ONLINE && loop_now(core->loop) - user->online_since >= core->steady_ms) {
		backoff_reset(&user->backoff);
		user->told = false;
	}
	leave_network(user);
	roster_hide(user, user->key.p, true);
	rooms_lost(user);
	user_set_state(user, USER_RETRYING);
	go_away(user, reason(text));
	uint32_t delay = backoff_next(&user->backoff);
	start_retry(user, delay);
	log_info("%s: lost (%s), next try in %u ms", user->key.p, reason(text), delay);
	if (user->backoff.tries >= TOLD_AFTER && !user->told) {
		user->told = true;
		message_tell(core, user->key.p, reason(text));
	}
}

void core_legacy_disconnected(struct user *user, int code, const char *text)
{
	enum { NETWORK_ERROR = 0, OTHER_ERROR = 16 };
	struct core *core = user->core;
	arena_reset(core->scratch);
	if (user->state != USER_WAITING && user->state != USER_ONLINE) {
		log_debug("%s: DISCONNECTED while %s", user->key.p, user_state_name(user->state));
		return;
	}
	if (core->server && !arrivals_disconnected(user, code, reason(text)))
		return;
	if (code == NETWORK_ERROR || code == OTHER_ERROR) {
		try_later(user, text);
		return;
	}
	log_info("%s: the network refuses: %s (%d)", user->key.p, reason(text), code);
	message_tell(core, user->key.p, reason(text));
	login_end(user, reason(text), false);
}
