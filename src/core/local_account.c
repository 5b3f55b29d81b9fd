/* SPDX-License-Identifier: MIT */
#include "core/local_account.h"

#include "config/server.h"
#include "core/private.h"
#include "jid/prep.h"

LOG_AREA("UserRegistration");

enum { CHECKS_MAX = 32, REFUSAL_MS = 1000 };

struct check {
	local_account_done *done;
	uint64_t id;      /* of `done` */
	char *jid, *name; /* who asks, and for which account */
	char *refusal;    /* NULL while the server is asked */
	uint64_t refused_at;
};

static void finish(struct core *core, uint64_t key, enum core_error error, const char *text)
{
	struct check *check = idmap_take(core->account_checks, key);
	check->done(core, check->id, error, text);
	g_free(check->jid);
	g_free(check->name);
	g_free(check->refusal);
	g_free(check);
}

/* --- asking ---------------------------------------------------------------------------------- */

struct search {
	const char *jid, *name;
	bool found;
};

static void compare(void *ctx, uint64_t key, void *value)
{
	const struct check *check = value;
	struct search *search = ctx;
	search->found |= !strcmp(check->jid, search->jid) || !strcmp(check->name, search->name);
}

static bool is_busy(struct core *core, const char *jid, const char *name)
{
	struct search search = { jid, name, false };
	idmap_each(core->account_checks, compare, &search);
	return search.found;
}

/* "romeo" or, at that server, "romeo@localhost". NULL: no account has such a name. */
static const char *account_name(struct core *core, const char *typed, const char *domain)
{
	struct jid jid;
	if (!typed || !strchr(typed, '@'))
		return typed ? jid_nodeprep(core->scratch, typed, strlen(typed)) : NULL;
	if (!jid_parse_text(&jid, core->scratch, typed) || !jid_is_bare(&jid) || !str_is(jid_domain(&jid), domain))
		return NULL;
	return arena_strndup(core->scratch, jid.full, jid.node);
}

static enum core_error start(struct core *core, const struct local_account *account, const struct config_server *server,
			     local_account_done *done, uint64_t id, const char **text)
{
	const char *name = account_name(core, account->name, server->domain);
	*text = arena_printf(core->scratch, "The name and the password of your account on %s are needed",
			     server->domain);
	if (!name || !account->password || !*account->password)
		return CORE_NOT_ACCEPTABLE;
	*text = "Another account is being checked for you: please try again in a moment";
	if (core->closing || idmap_size(core->account_checks) >= CHECKS_MAX || is_busy(core, account->jid, name))
		return CORE_RESOURCE_CONSTRAINT;
	struct check *check = g_new0(struct check, 1);
	*check = (struct check){ .done = done, .id = id, .jid = g_strdup(account->jid), .name = g_strdup(name) };
	struct core_account wanted = { .domain = server->domain,
				       .host = server->host,
				       .port = server->port,
				       .name = check->name,
				       .password = account->password,
				       .ms = (unsigned)config_int(core->config,
								  CONFIG_REGISTRATION_LOCAL_ACCOUNT_SERVER_TIMEOUT) };
	core->frontend->check_account(core->frontend_ctx, &wanted, idmap_add(core->account_checks, check));
	return CORE_OK;
}

enum core_error local_account_check(struct core *core, const struct local_account *account, local_account_done *done,
				    uint64_t id, const char **text)
{
	struct config_server server;
	/* The configuration was checked when it was read. */
	g_assert(config_server_parse(&server, config_text(core->config, CONFIG_REGISTRATION_LOCAL_ACCOUNT_SERVER)));
	enum core_error error = start(core, account, &server, done, id, text);
	config_server_clear(&server);
	return error;
}

/* --- answers --------------------------------------------------------------------------------- */

void core_account_checked(struct core *core, uint64_t id, enum core_error error)
{
	struct check *check = idmap_find(core->account_checks, id);
	if (!check)
		return;
	arena_reset(core->scratch);
	if (error == CORE_OK) {
		finish(core, id, CORE_OK, NULL);
	} else if (error == CORE_NOT_AUTHORIZED) {
		log_info("%s: the password for the local account %s is wrong", check->jid, check->name);
		check->refusal = g_strdup("The name or the password of your local account is wrong");
		check->refused_at = loop_now(core->loop);
		core_need_tick(core);
	} else {
		finish(core, id, error, "Your local account cannot be checked at the moment");
	}
}

struct due {
	uint64_t before;
	GArray *keys;
	bool more;
};

static void note_due(void *ctx, uint64_t key, void *value)
{
	const struct check *check = value;
	struct due *due = ctx;
	if (!check->refusal)
		return;
	if (check->refused_at <= due->before)
		g_array_append_val(due->keys, key);
	else
		due->more = true;
}

bool local_accounts_expire(struct core *core)
{
	uint64_t now = loop_now(core->loop);
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	struct due due = { now > REFUSAL_MS ? now - REFUSAL_MS : 0, keys, false };
	idmap_each(core->account_checks, note_due, &due);
	for (guint i = 0; i < keys->len; i++) {
		uint64_t key = g_array_index(keys, uint64_t, i);
		const struct check *check = idmap_find(core->account_checks, key);
		finish(core, key, CORE_NOT_AUTHORIZED, check->refusal);
	}
	return due.more;
}

static void note(void *ctx, uint64_t key, void *value)
{
	g_array_append_val((GArray *)ctx, key);
}

void local_accounts_close(struct core *core)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(uint64_t));
	core->closing = true;
	idmap_each(core->account_checks, note, keys);
	for (guint i = 0; i < keys->len; i++)
		finish(core, g_array_index(keys, uint64_t, i), CORE_SERVICE_UNAVAILABLE,
		       "The gateway is being shut down");
}
