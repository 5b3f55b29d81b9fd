/* SPDX-License-Identifier: MIT */
#include "frontend/account_check.h"

#include "base/secret.h"
#include "frontend/private.h"
#include "loop/connect.h"
#include "loop/timer.h"
#include "loop/tls.h"
#include "xmpp/client_auth.h"

LOG_AREA("UserRegistration");

enum { QUEUE_MAX = 64 << 10 };

struct account_check {
	struct frontend *frontend;
	GList *place; /* in frontend->account_checks */
	uint64_t id;
	char *domain, *server; /* the latter for logs */
	char *name, *password; /* until there is a connection; secret */
	struct connect *connect;
	struct stream *stream;
	struct tls *tls;
	struct client_auth *auth;
	struct timer *timer; /* for all of it */
};

static void drop(struct account_check *check)
{
	g_queue_delete_link(&check->frontend->account_checks, check->place);
	if (check->connect)
		connect_cancel(&check->connect);
	if (check->stream)
		stream_close(&check->stream);
	client_auth_free(&check->auth);
	tls_free(&check->tls);
	timer_free(&check->timer);
	secret_free(&check->password);
	g_free(check->name);
	g_free(check->domain);
	g_free(check->server);
	g_free(check);
}

static void finish(struct account_check *check, enum core_error error)
{
	struct core *core = check->frontend->core;
	uint64_t id = check->id;
	drop(check);
	core_account_checked(core, id, error);
}

static void fail(struct account_check *check, const char *why)
{
	log_warn("registration.local_account_server %s: %s", check->server, why);
	finish(check, CORE_REMOTE_SERVER_TIMEOUT);
}

static void on_timeout(void *ctx)
{
	fail(ctx, "no answer in time");
}

static void open_stream(struct account_check *check)
{
	client_auth_open(check->auth, stream_out(check->stream));
	stream_flush(check->stream);
}

static void on_tls(void *ctx, const GError *error)
{
	struct account_check *check = ctx;
	if (error)
		fail(check, error->message);
	else
		open_stream(check);
}

/* Nobody stands between us and a server on this machine, whose certificate may be for no name at all. */
static void start_tls(struct account_check *check)
{
	g_autoptr(GError) error = NULL;
	const char *authorities = config_text(check->frontend->config, CONFIG_SERVICE_TLS_CA);
	bool verify = !stream_is_local(check->stream);
	check->tls = tls_new_client(verify && *authorities ? authorities : NULL, verify, &error);
	if (!check->tls)
		fail(check, error->message);
	else
		stream_start_tls(check->stream, check->tls, check->domain, on_tls, check);
}

static void on_data(void *ctx, const char *bytes, size_t n)
{
	struct account_check *check = ctx;
	g_autoptr(GError) error = NULL;
	enum client_auth_step step = client_auth_feed(check->auth, bytes, n, stream_out(check->stream), &error);
	stream_flush(check->stream);
	switch (step) {
	case CLIENT_AUTH_MORE:
		return;
	case CLIENT_AUTH_START_TLS:
		start_tls(check);
		return;
	case CLIENT_AUTH_ACCEPTED:
		finish(check, CORE_OK);
		return;
	case CLIENT_AUTH_REFUSED:
		finish(check, CORE_NOT_AUTHORIZED);
		return;
	case CLIENT_AUTH_FAILED:
		fail(check, error->message);
		return;
	}
}

static void on_ended(void *ctx, const GError *why)
{
	fail(ctx, why ? why->message : "it closed the connection");
}

static void on_connected(void *ctx, struct stream *stream, const GError *error)
{
	static const struct stream_events events = { .data = on_data, .ended = on_ended };
	struct account_check *check = ctx;
	check->connect = NULL;
	if (!stream) {
		fail(check, error->message);
		return;
	}
	check->stream = stream;
	stream_set_marks(stream, QUEUE_MAX, QUEUE_MAX / 2, QUEUE_MAX);
	check->auth = client_auth_new(check->domain, check->name, check->password, stream_is_local(stream));
	secret_free(&check->password);
	stream_start(stream, &events, check);
	open_stream(check);
}

void account_check_start(void *ctx, const struct core_account *account, uint64_t id)
{
	struct frontend *frontend = ctx;
	struct account_check *check = g_new0(struct account_check, 1);
	*check = (struct account_check){ .frontend = frontend,
					 .id = id,
					 .domain = g_strdup(account->domain),
					 .server = g_strdup_printf("%s (%s:%u)", account->domain, account->host,
								   account->port),
					 .name = g_strdup(account->name),
					 .password = secret_dup(account->password) };
	g_queue_push_tail(&frontend->account_checks, check);
	check->place = frontend->account_checks.tail;
	check->timer = timer_new(frontend->loop, on_timeout, check);
	timer_start(check->timer, account->ms, 0);
	check->connect = connect_tcp(frontend->loop, account->host, account->port, account->ms, on_connected, check);
}

void account_checks_init(struct frontend *frontend)
{
	g_queue_init(&frontend->account_checks);
}

void account_checks_fini(struct frontend *frontend)
{
	struct account_check *check;
	while ((check = g_queue_peek_head(&frontend->account_checks)))
		drop(check);
}
