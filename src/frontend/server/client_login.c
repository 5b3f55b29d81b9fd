/* SPDX-License-Identifier: MIT */
#include "admin/admin.h"
#include "base/secret.h"
#include "frontend/server/guard.h"
#include "frontend/server/private.h"
#include "loop/timer.h"

LOG_AREA("Server");

/* Who a client is: the network says it, of users; the configuration, of administrators. */

enum {
	TRY_AGAIN_MS = 60000, /* after a refusal, to log in with something better */
	REFUSE_MS = 1000      /* until who may not try at all is told */
};

static bool is_admin(const struct client *client, const struct jid *who)
{
	const struct config *config = client->server->config;
	const char *password = config_text(config, CONFIG_SERVICE_ADMIN_PASSWORD);
	return *password && admin_is_admin(client->server->frontend->admin, who);
}

static void answer(struct client *client, const struct core_result *result)
{
	static const enum xmpp_c2s_failure failures[] = {
		[CORE_FORBIDDEN] = XMPP_C2S_FAIL_ACCOUNT_DISABLED,
		[CORE_NOT_AUTHORIZED] = XMPP_C2S_FAIL_NOT_AUTHORIZED,
		[CORE_REMOTE_SERVER_TIMEOUT] = XMPP_C2S_FAIL_TEMPORARY,
	};
	struct guard *guard = client->server->guard;
	bool known =
		result->error < G_N_ELEMENTS(failures) && (result->error == CORE_FORBIDDEN || failures[result->error]);
	enum xmpp_c2s_failure failure = known ? failures[result->error] : XMPP_C2S_FAIL_TEMPORARY;
	struct buf *out = stream_out(client->stream);
	if (!result->error) {
		log_info("%s logs in from %s", client->jid, client_peer(client));
		guard_succeeded(guard, client_peer(client), client->jid);
		client_set_state(client, CLIENT_KNOWN);
		client_enter(client);
		xmpp_c2s_authenticated(client->c2s, out);
		client_leave(client);
		return;
	}
	log_info("%s cannot log in from %s: %s", client->jid, client_peer(client),
		 result->text ? result->text : "the network gives no reason");
	if (failure == XMPP_C2S_FAIL_NOT_AUTHORIZED)
		guard_failed(guard, client_peer(client), client->jid);
	client_set_state(client, CLIENT_STRANGER);
	timer_start(client->timer, TRY_AGAIN_MS, 0);
	if (xmpp_c2s_refused(client->c2s, failure, result->text, out))
		stream_flush(client->stream);
	else
		client_close(client);
}

static void network_has_answered(void *ctx, uint64_t id, const struct core_result *result)
{
	struct server *server = ctx;
	struct client *client = idmap_take(server->logins, id);
	if (!client)
		return;
	client->login = 0;
	if (result->error)
		client->arrival = 0;
	answer(client, result);
}

static void ask_network(struct client *client, const struct jid *who)
{
	struct server *server = client->server;
	client->login = idmap_add(server->logins, client);
	client->arrival = core_arrive(server->frontend->core, who, client->password,
				      (struct core_reply){ network_has_answered, server, client->login });
	secret_free(&client->password);
}

static void check_admin(struct client *client)
{
	bool right = secret_is(client->password, config_text(client->server->config, CONFIG_SERVICE_ADMIN_PASSWORD));
	secret_free(&client->password);
	answer(client, &(struct core_result){ .error = right ? CORE_OK : CORE_NOT_AUTHORIZED,
					      .text = right ? NULL : "The password is wrong" });
}

void client_login_try(struct client *client)
{
	struct jid who;
	if (!client->password) {
		answer(client, &(struct core_result){ CORE_REMOTE_SERVER_TIMEOUT, .text = "Too many wrong passwords" });
		return;
	}
	struct arena *arena = arena_new(512);
	g_assert(jid_parse_text(&who, arena, client->jid));
	if (is_admin(client, &who))
		check_admin(client);
	else
		ask_network(client, &who);
	arena_free(&arena);
}

/* Never at once: the answer must not come from inside, and who has guessed wrong waits. */
void client_login(void *ctx, const struct xmpp_c2s_login *login)
{
	struct client *client = ctx;
	g_free(client->jid);
	client->jid = g_strdup_printf("%s@%s", login->name, client->server->frontend->jid);
	client->password = secret_dup(login->password);
	client_set_state(client, CLIENT_ASKING);
	uint64_t wait = guard_delay(client->server->guard, client_peer(client), client->jid);
	if (wait == GUARD_NEVER)
		secret_free(&client->password);
	timer_start(client->timer, wait == GUARD_NEVER ? REFUSE_MS : wait, 0);
}

void client_login_drop(struct client *client)
{
	secret_free(&client->password);
	if (!client->login)
		return;
	idmap_take(client->server->logins, client->login);
	client->login = 0;
	/* Not to wait for the answer is no way to try more of them. */
	guard_failed(client->server->guard, client_peer(client), client->jid);
}

void client_login_aborted(void *ctx)
{
	struct client *client = ctx;
	client_login_drop(client);
	if (client->arrival)
		core_depart(client->server->frontend->core, client->arrival);
	client->arrival = 0;
	client_set_state(client, CLIENT_STRANGER);
	timer_start(client->timer, TRY_AGAIN_MS, 0);
}
