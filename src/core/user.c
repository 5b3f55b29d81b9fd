/* SPDX-License-Identifier: MIT */
#include "core/user.h"

#include "core/contact.h"
#include "core/conversation.h"
#include "core/private.h"
#include "core/room.h"
#include "core/room_list.h"

LOG_AREA("User");

static const char *const state_names[] = { "loading", "waiting", "online", "retrying" };

/* From -> to that make sense; anything else is a fault of ours. */
static const bool state_allowed[4][4] = {
	[USER_LOADING] = { [USER_WAITING] = true },
	[USER_WAITING] = { [USER_WAITING] = true, [USER_ONLINE] = true, [USER_RETRYING] = true },
	[USER_ONLINE] = { [USER_ONLINE] = true, [USER_RETRYING] = true, [USER_WAITING] = true },
	[USER_RETRYING] = { [USER_WAITING] = true },
};

const char *user_state_name(enum user_state state)
{
	return state_names[state];
}

void user_set_state(struct user *user, enum user_state state)
{
	g_assert(state_allowed[user->state][state]);
	log_debug("%s: %s -> %s", user->key.p, state_names[user->state], state_names[state]);
	user->state = state;
}

struct user *user_new(struct core *core, const struct jid *jid)
{
	struct str bare = jid_bare(jid);
	struct user *user = g_malloc0(sizeof(*user) + bare.n + 1);
	user->key = (struct str){ memcpy(user->jid, bare.p, bare.n), bare.n };
	user->core = core;
	user->state = USER_LOADING;
	user->active_at = loop_now(core->loop);
	user->id = idmap_add(core->ids, user);
	user->backoff = backoff_make(core->retry_ms, CORE_RETRY_MAX_MS);
	user->contacts = g_hash_table_new(str_hash, str_equal);
	g_hash_table_add(core->users, user);
	return user;
}

static void free_session(struct session *session)
{
	g_free(session->text);
	g_clear_pointer(&session->raw, g_bytes_unref);
	g_free(session);
}

static void free_table(GHashTable **table, void (*free_one)(void *value))
{
	GHashTableIter iter;
	void *value;
	if (!*table)
		return;
	g_hash_table_iter_init(&iter, *table);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		free_one(value);
	g_clear_pointer(table, g_hash_table_destroy);
}

static void free_contact(void *contact)
{
	contact_free(contact);
}

static void free_conversation(void *conversation)
{
	g_free(conversation);
}

static void free_room(void *room)
{
	room_free(room);
}

void user_free(struct user *user)
{
	struct core *core = user->core;
	g_assert(!user->arrivals);
	roster_drop_news(user);
	if (user->kept)
		kept_end(user->kept);
	idmap_take(core->ids, user->id);
	g_hash_table_remove(core->users, user);
	raw_free(user);
	free_table(&user->rooms, free_room);
	free_table(&user->conversations, free_conversation);
	free_table(&user->contacts, free_contact);
	g_clear_pointer(&user->strangers, g_hash_table_unref);
	room_list_free(&user->room_list);
	while (user->sessions) {
		struct session *session = user->sessions;
		user->sessions = session->next;
		free_session(session);
	}
	timer_free(&user->retry);
	g_strfreev(user->settings);
	g_free(user->repeats);
	g_clear_pointer(&user->requests, g_ptr_array_unref);
	g_free(user->photo);
	g_free(user->uin);
	secret_free(&user->password);
	g_free(user);
}

void user_set_account(struct user *user, const struct storage_user *stored)
{
	g_autoptr(GPtrArray) settings = g_ptr_array_new();
	user->row = stored->id;
	g_free(user->uin);
	user->uin = g_strdup(stored->uin);
	/* That of server mode is in memory only, what is stored is none. */
	if (!user->core->server) {
		secret_free(&user->password);
		user->password = secret_dup(stored->password);
	}
	g_clear_pointer(&user->settings, g_strfreev);
	if (!stored->setting_count)
		return;
	for (size_t i = 0; i < stored->setting_count; i++) {
		g_ptr_array_add(settings, g_strdup(stored->settings[i].name));
		g_ptr_array_add(settings, g_strdup(stored->settings[i].value));
	}
	g_ptr_array_add(settings, NULL);
	user->settings = (char **)g_ptr_array_steal(settings, NULL);
}

const char *user_setting(const struct user *user, const char *name)
{
	for (char **at = user->settings; at && *at; at += 2)
		if (!strcmp(*at, name))
			return at[1];
	return NULL;
}

void user_put_setting(struct user *user, const char *name, const char *value)
{
	size_t n = user->settings ? g_strv_length(user->settings) : 0;
	for (size_t i = 0; i < n; i += 2)
		if (!strcmp(user->settings[i], name)) {
			g_free(user->settings[i + 1]);
			user->settings[i + 1] = g_strdup(value);
			return;
		}
	user->settings = g_renew(char *, user->settings, n + 3);
	user->settings[n] = g_strdup(name);
	user->settings[n + 1] = g_strdup(value);
	user->settings[n + 2] = NULL;
}

static bool switched(const struct user *user, const char *name, bool fallback)
{
	const char *text = user_setting(user, name);
	if (text)
		config_parse_bool(text, &fallback);
	return fallback;
}

bool user_stays(const struct user *user)
{
	return switched(user, "stay_connected", config_bool(user->core->config, CONFIG_SETTINGS_STAY_CONNECTED));
}

bool user_is_served(const struct user *user)
{
	return switched(user, "enable_transport", true);
}

bool user_wants_headlines(const struct user *user)
{
	return switched(user, "send_headlines", config_bool(user->core->config, CONFIG_SETTINGS_SEND_HEADLINES));
}

const char *user_jid(const struct user *user)
{
	return user->key.p;
}

void *user_seat(const struct user *user)
{
	return user->seat;
}

void user_set_seat(struct user *user, void *seat)
{
	user->seat = seat;
}

struct session *user_session(const struct user *user, const char *resource)
{
	struct session *session = user->sessions;
	while (session && strcmp(session->resource, resource))
		session = session->next;
	return session;
}

static struct session *add_session(struct user *user, const struct jid *from)
{
	unsigned count = 0;
	struct session **at = &user->sessions;
	for (; *at; at = &(*at)->next)
		if (++count >= CORE_SESSIONS_MAX)
			return NULL;
	*at = g_malloc0(sizeof(**at) + from->len + 1);
	memcpy((*at)->full, from->full, from->len);
	(*at)->resource = jid_is_bare(from) ? (*at)->full + from->len : (*at)->full + from->bare + 1;
	return *at;
}

struct session *user_put_session(struct user *user, const struct jid *from, const struct core_presence *presence,
				 bool *added)
{
	struct session *session = user_session(user, jid_resource(from));
	*added = !session;
	if (!session && !(session = add_session(user, from)))
		return NULL;
	session->status = presence->status;
	session->priority = presence->priority;
	/* A server may leave out what it sent before (XEP-0115, section 8.4). */
	if (presence->client)
		session->client = presence->client;
	g_free(session->text);
	session->text =
		presence->text && *presence->text
			? g_strndup(presence->text, text_cut(presence->text, strlen(presence->text), CORE_TEXT_MAX))
			: NULL;
	return session;
}

void user_drop_session(struct user *user, struct session *session)
{
	struct session **at = &user->sessions;
	while (*at != session)
		at = &(*at)->next;
	*at = session->next;
	message_forget_session(user, session);
	free_session(session);
}

/* chat, online, dnd, away, xa: most available first (RFC 6121, section 4.7.2.1 names them). */
static int availability(enum core_status status)
{
	static const int rank[] = { [CORE_CHAT] = 5, [CORE_ONLINE] = 4,  [CORE_DND] = 3,      [CORE_AWAY] = 2,
				    [CORE_XA] = 1,   [CORE_OFFLINE] = 0, [CORE_INVISIBLE] = 0 };
	return rank[status];
}

/* A session that only entered rooms said nothing of being there: it speaks where no other does. */
static bool outranks(const struct session *one, const struct session *other)
{
	if (one->implicit != other->implicit)
		return other->implicit;
	if (one->priority != other->priority)
		return one->priority > other->priority;
	return availability(one->status) > availability(other->status);
}

const struct session *user_best(const struct user *user)
{
	const struct session *best = user->sessions;
	for (const struct session *each = best; each; each = each->next)
		if (outranks(each, best))
			best = each;
	return best;
}

void user_login(struct user *user, struct user_login *login)
{
	const struct session *best = user_best(user);
	struct arena *scratch = user->core->scratch;
	size_t count = user->settings ? g_strv_length(user->settings) / 2 : 0;
	const char **names = arena_alloc(scratch, (count + 1) * sizeof(*names));
	const char **values = arena_alloc(scratch, (count + 1) * sizeof(*values));
	for (size_t i = 0; i < count; i++) {
		names[i] = user->settings[2 * i];
		values[i] = user->settings[2 * i + 1];
	}
	*login = (struct user_login){ .legacy_name = user->uin ? user->uin : "",
				      .password = user->password ? user->password : "",
				      .setting_count = count,
				      .setting_names = names,
				      .setting_values = values,
				      .status = best ? best->status : CORE_AWAY,
				      .status_text = best ? best->text : NULL };
}

void user_each_contact(struct user *user, void (*each)(void *ctx, const struct core_contact *contact), void *ctx)
{
	GHashTableIter iter;
	struct contact *contact;
	g_hash_table_iter_init(&iter, user->contacts);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&contact)) {
		struct core_contact value;
		contact_value(contact, &value, user->core->scratch);
		each(ctx, &value);
	}
}

void user_each_session(const struct user *user, void (*each)(void *ctx, const char *full, uint64_t client), void *ctx)
{
	for (const struct session *session = user->sessions; session; session = session->next)
		if (!session->implicit)
			each(ctx, session->full, session->client);
}
