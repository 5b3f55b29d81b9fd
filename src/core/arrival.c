/* SPDX-License-Identifier: MIT */
#include "core/arrival.h"

#include "core/private.h"

LOG_AREA("UserRegistry");

/* WAITING   for the network's word (or the database's)
 * DUE       the answer is there, and is told in the next round
 * IN        the answer was CORE_OK */
enum arrival_state { ARRIVAL_WAITING, ARRIVAL_DUE, ARRIVAL_IN };

struct arrival {
	uint64_t id, since;
	struct user *user;    /* NULL: what becomes of him makes no difference any more */
	struct arrival *next; /* of the same user */
	enum arrival_state state;
	struct core_reply reply;
	enum core_error error;
	char *text; /* owned; of the answer */
	GList link; /* in the queue of its state */
};

/* Somebody who is not logged in any more, while clients of his are there. */
struct farewell {
	char *text; /* owned; may be NULL */
	char jid[];
};

struct arrivals {
	struct core *core;
	struct idmap *ids;
	GQueue waiting;   /* in the order they came, so that one timer serves all */
	GQueue due;       /* to be answered */
	GQueue farewells; /* owned */
	struct timer *timer;
};

static void look(void *ctx);

struct arrivals *arrivals_new(struct core *core)
{
	struct arrivals *arrivals = g_new0(struct arrivals, 1);
	arrivals->core = core;
	arrivals->ids = idmap_new();
	g_queue_init(&arrivals->waiting);
	g_queue_init(&arrivals->due);
	g_queue_init(&arrivals->farewells);
	arrivals->timer = timer_new(core->loop, look, arrivals);
	return arrivals;
}

static void free_farewell(void *item)
{
	struct farewell *farewell = item;
	g_free(farewell->text);
	g_free(farewell);
}

static GQueue *queue_of(struct arrivals *arrivals, const struct arrival *arrival)
{
	return arrival->state == ARRIVAL_WAITING ? &arrivals->waiting : &arrivals->due;
}

static void set_state(struct arrivals *arrivals, struct arrival *arrival, enum arrival_state state)
{
	g_assert(state > arrival->state);
	g_queue_unlink(queue_of(arrivals, arrival), &arrival->link);
	arrival->state = state;
	if (state == ARRIVAL_DUE)
		g_queue_push_tail_link(&arrivals->due, &arrival->link);
}

static void free_arrival(struct arrivals *arrivals, struct arrival *arrival)
{
	if (arrival->state != ARRIVAL_IN)
		g_queue_unlink(queue_of(arrivals, arrival), &arrival->link);
	idmap_take(arrivals->ids, arrival->id);
	g_free(arrival->text);
	g_free(arrival);
}

static void free_entry(void *ctx, uint64_t id, void *value)
{
	free_arrival(ctx, value);
}

void arrivals_free(struct arrivals **arrivalsp)
{
	struct arrivals *arrivals = *arrivalsp;
	if (!arrivals)
		return;
	*arrivalsp = NULL;
	idmap_each(arrivals->ids, free_entry, arrivals);
	g_queue_clear_full(&arrivals->farewells, free_farewell);
	idmap_free(&arrivals->ids);
	timer_free(&arrivals->timer);
	g_free(arrivals);
}

static void arm(struct arrivals *arrivals)
{
	const struct core *core = arrivals->core;
	const struct arrival *first = g_queue_peek_head(&arrivals->waiting);
	if (arrivals->due.length || arrivals->farewells.length) {
		timer_start(arrivals->timer, 0, 0);
	} else if (first) {
		uint64_t waited = loop_now(core->loop) - first->since;
		timer_start(arrivals->timer, waited < core->arrival_ms ? core->arrival_ms - waited : 0, 0);
	} else {
		timer_stop(arrivals->timer);
	}
}

/* --- whose they are -------------------------------------------------------------------------- */

static void attach(struct user *user, struct arrival *arrival)
{
	arrival->user = user;
	arrival->next = user->arrivals;
	user->arrivals = arrival;
}

static void detach(struct arrival *arrival)
{
	struct arrival **at;
	if (!arrival->user)
		return;
	for (at = &arrival->user->arrivals; *at != arrival;)
		at = &(*at)->next;
	*at = arrival->next;
	arrival->user = NULL;
}

static size_t count_of(const struct user *user)
{
	size_t count = 0;
	for (const struct arrival *arrival = user->arrivals; arrival; arrival = arrival->next)
		count++;
	return count;
}

/* Nobody is there who wants him to be logged in. */
static void release(struct user *user)
{
	if (!user->arrivals && !user->sessions && !(user->let_in && user_stays(user)))
		login_end(user, NULL, false);
}

/* --- answers --------------------------------------------------------------------------------- */

static void settle(struct arrivals *arrivals, struct arrival *arrival, enum core_error error, const char *text)
{
	g_free(arrival->text);
	arrival->text = g_strdup(text);
	arrival->error = error;
	if (arrival->state == ARRIVAL_WAITING)
		set_state(arrivals, arrival, ARRIVAL_DUE);
	arm(arrivals);
}

static void tell(struct arrivals *arrivals, struct arrival *arrival)
{
	struct core_reply reply = arrival->reply;
	struct user *user = arrival->user;
	g_autofree char *text = g_steal_pointer(&arrival->text);
	struct core_result result = { .error = arrival->error, .text = text };
	if (arrival->error) {
		detach(arrival);
		free_arrival(arrivals, arrival);
		if (user)
			release(user);
	} else {
		set_state(arrivals, arrival, ARRIVAL_IN);
	}
	reply.done(reply.ctx, reply.id, &result);
}

static void expire(struct arrivals *arrivals)
{
	const struct core *core = arrivals->core;
	struct arrival *arrival;
	uint64_t now = loop_now(core->loop);
	while ((arrival = g_queue_peek_head(&arrivals->waiting)) && now - arrival->since >= core->arrival_ms) {
		log_info("%s: the network has not answered in time", arrival->user->key.p);
		settle(arrivals, arrival, CORE_REMOTE_SERVER_TIMEOUT, "The network did not answer in time");
	}
}

static void look(void *ctx)
{
	struct arrivals *arrivals = ctx;
	struct core *core = arrivals->core;
	arena_reset(core->scratch);
	while (!g_queue_is_empty(&arrivals->farewells)) {
		struct farewell *farewell = g_queue_pop_head(&arrivals->farewells);
		core->frontend->ended(core->frontend_ctx, farewell->jid, farewell->text);
		free_farewell(farewell);
	}
	expire(arrivals);
	/* Who comes anew because of an answer is for the next round. */
	for (guint n = arrivals->due.length; n && !g_queue_is_empty(&arrivals->due); n--) {
		arena_reset(core->scratch);
		tell(arrivals, g_queue_peek_head(&arrivals->due));
	}
	arm(arrivals);
}

/* --- coming and going ------------------------------------------------------------------------ */

char *core_uin_of(const struct jid *who)
{
	struct str node = jid_node(who);
	return g_strdelimit(g_strndup(node.p, node.n), "%", '@');
}

static struct arrival *arrival_new(struct arrivals *arrivals, struct core_reply reply)
{
	struct arrival *arrival = g_new0(struct arrival, 1);
	arrival->link.data = arrival;
	arrival->reply = reply;
	arrival->since = loop_now(arrivals->core->loop);
	arrival->id = idmap_add(arrivals->ids, arrival);
	g_queue_push_tail_link(&arrivals->waiting, &arrival->link);
	return arrival;
}

/* With the password that the network has, or is being asked about. */
static void join(struct arrivals *arrivals, struct user *user, struct arrival *arrival)
{
	if (count_of(user) >= CORE_SESSIONS_MAX) {
		settle(arrivals, arrival, CORE_REMOTE_SERVER_TIMEOUT, "Too many clients of this account are connected");
		return;
	}
	attach(user, arrival);
	if (user->state == USER_ONLINE && user->let_in)
		settle(arrivals, arrival, CORE_OK, NULL);
	else if (user_was_lost(user))
		login_now(user);
}

static void turn_away(struct arrivals *arrivals, const struct user *user, struct arrival *arrival)
{
	/* He may have changed it there: only the network could say. */
	if (user->state == USER_RETRYING)
		settle(arrivals, arrival, CORE_REMOTE_SERVER_TIMEOUT, user_unready_text(user));
	else if (user->let_in)
		settle(arrivals, arrival, CORE_NOT_AUTHORIZED, "The user name or the password is wrong");
	else /* Maybe it is the other one who guesses: nobody is to take this for a wrong password. */
		settle(arrivals, arrival, CORE_REMOTE_SERVER_TIMEOUT, "Another login with this name is under way");
}

uint64_t core_arrive(struct core *core, const struct jid *who, const char *password, struct core_reply reply)
{
	struct arrivals *arrivals = core->arrivals;
	struct user *user = core_find_user(core, jid_bare(who));
	struct arrival *arrival = arrival_new(arrivals, reply);
	uint64_t id = arrival->id;
	arena_reset(core->scratch);
	if (!user)
		attach(login_arrive(core, who, password), arrival);
	else if (secret_is(password, user->password))
		join(arrivals, user, arrival);
	else
		turn_away(arrivals, user, arrival);
	arm(arrivals);
	return id;
}

bool core_has_arrived(const struct core *core, uint64_t id)
{
	const struct arrival *arrival = idmap_find(core->arrivals->ids, id);
	return arrival && arrival->state == ARRIVAL_IN;
}

void core_depart(struct core *core, uint64_t id)
{
	struct arrival *arrival = idmap_find(core->arrivals->ids, id);
	if (!arrival)
		return;
	struct user *user = arrival->user;
	arena_reset(core->scratch);
	detach(arrival);
	free_arrival(core->arrivals, arrival);
	arm(core->arrivals);
	if (user)
		release(user);
}

/* --- what becomes of the user ---------------------------------------------------------------- */

void arrivals_refuse(struct user *user, enum core_error error, const char *text)
{
	struct arrival *next;
	for (struct arrival *arrival = user->arrivals; arrival; arrival = next) {
		next = arrival->next;
		if (arrival->state != ARRIVAL_WAITING)
			continue;
		detach(arrival);
		settle(user->core->arrivals, arrival, error, text);
	}
}

static void let_in(struct user *user)
{
	struct core *core = user->core;
	if (!user->let_in && user->row)
		storage_set_online(core->storage, user->row, true, (struct storage_reply){ 0 });
	user->let_in = true;
	for (struct arrival *arrival = user->arrivals; arrival; arrival = arrival->next)
		if (arrival->state == ARRIVAL_WAITING)
			settle(core->arrivals, arrival, CORE_OK, NULL);
}

/* He is in, whatever the database says. */
static void stored(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct user *user = idmap_find(core->ids, id);
	if (answer->error)
		log_error("%s is not stored: %s", user ? user->key.p : "a user", answer->error->message);
	if (!user)
		return;
	arena_reset(core->scratch);
	if (!answer->error) {
		user->row = answer->user->id;
		kept_stored(user);
	}
	let_in(user);
}

void arrivals_store(struct user *user)
{
	struct core *core = user->core;
	struct storage_user account = { .jid = user->key.p,
					.uin = user->uin,
					.password = "",
					.language = config_text(core->config, CONFIG_REGISTRATION_LANGUAGE),
					.encoding = "utf8" };
	storage_put_user(core->storage, &account, (struct storage_reply){ stored, core, user->id });
}

/* Only who has been let in by the network is stored, or anybody could fill the database by trying names. */
bool arrivals_connected(struct user *user)
{
	struct core *core = user->core;
	bool registers = core->features.need_registration && core->features.need_password;
	if (!user->let_in && !user->row && registers) {
		arrivals_refuse(user, CORE_NOT_AUTHORIZED, "This account is not registered with this server");
		login_end(user, NULL, false);
		return false;
	}
	if (user->let_in || user->row || storage_is_none(core->storage)) {
		let_in(user);
		return true;
	}
	arrivals_store(user);
	return true;
}

/* Refusals of the name or the password among the ConnectionError numbers; with the others it may work later. */
static enum core_error error_of(int code)
{
	enum { INVALID_USERNAME = 1, AUTHENTICATION_FAILED = 2, AUTHENTICATION_IMPOSSIBLE = 3 };
	bool refused = code >= INVALID_USERNAME && code <= AUTHENTICATION_IMPOSSIBLE;
	return refused ? CORE_NOT_AUTHORIZED : CORE_REMOTE_SERVER_TIMEOUT;
}

bool arrivals_disconnected(struct user *user, int code, const char *text)
{
	arrivals_refuse(user, error_of(code), text);
	if (user->let_in && (user->arrivals || user->sessions || user_stays(user)))
		return true;
	log_info("%s: the network refuses: %s (%d)", user->key.p, text, code);
	login_end(user, text, false);
	return false;
}

void arrivals_end(struct user *user, const char *text, bool shutdown)
{
	struct arrivals *arrivals = user->core->arrivals;
	struct arrival *arrival;
	bool connected = false;
	while ((arrival = user->arrivals)) {
		user->arrivals = arrival->next;
		arrival->user = NULL;
		if (arrival->state != ARRIVAL_IN) {
			settle(arrivals, arrival, CORE_REMOTE_SERVER_TIMEOUT, text);
			continue;
		}
		connected = true;
		free_arrival(arrivals, arrival);
	}
	/* At the end of everything all streams end. */
	if (!connected || shutdown)
		return;
	struct farewell *farewell = g_malloc(sizeof(*farewell) + user->key.n + 1);
	memcpy(farewell->jid, user->key.p, user->key.n + 1);
	farewell->text = g_strdup(text);
	g_queue_push_tail(&arrivals->farewells, farewell);
	arm(arrivals);
}
