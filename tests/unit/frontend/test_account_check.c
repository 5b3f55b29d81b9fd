/* SPDX-License-Identifier: MIT */
#include "../loop/certs.h"
#include "iq.h"
#include "loop/listen.h"
#include "loop/tls.h"

#define HEADER                                                       \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
	"xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>"
#define SASL     "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define TLS      "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
#define PLAIN    "<mechanisms " SASL "><mechanism>PLAIN</mechanism></mechanisms>"
#define FEATURES "<stream:features>" PLAIN "</stream:features>"
#define STARTTLS "<stream:features><starttls " TLS "/>" PLAIN "</stream:features>"
#define HELLO    "to='localhost'>"
#define LOGIN    ">AHJvbWVvAHB3</auth>"
#define REQUEST                                                                 \
	SET(GATE, REGISTER "><username>juliet</username><password>x</password>" \
			   "<local_username>romeo</local_username><local_password>pw</local_password></query>")
#define DONE    RESULT(GATE, "") "<presence from='" GATE "' to='user@localhost' type='subscribe'/>"
#define UNKNOWN ERROR_TEXT(GATE, "wait", "remote-server-timeout", "Your local account cannot be checked at the moment")

/* What a server says once it has heard something. */
struct line {
	const char *heard, *said; /* said NULL: it closes */
	bool secure;              /* TLS begins */
};

struct server {
	struct rig *rig;
	struct listener *listener;
	struct stream *stream;
	struct tls *tls;
	struct certs certs;
	GString *heard;
	const struct line *next; /* of its script; ends with heard NULL */
	bool over, secured;
};

static void on_tls(void *ctx, const GError *error)
{
	struct server *server = ctx;
	assert_null(error);
	server->secured = true;
}

static void on_data(void *ctx, const char *bytes, size_t n)
{
	struct server *server = ctx;
	g_string_append_len(server->heard, bytes, (gssize)n);
	while (server->stream && server->next->heard && strstr(server->heard->str, server->next->heard)) {
		const struct line *line = server->next++;
		g_string_truncate(server->heard, 0);
		if (line->said)
			stream_write(server->stream, line->said, strlen(line->said));
		else
			stream_close(&server->stream);
		if (line->secure)
			stream_start_tls(server->stream, server->tls, NULL, on_tls, server);
	}
}

static void on_ended(void *ctx, const GError *why)
{
	struct server *server = ctx;
	server->over = true;
}

static void accepted(void *ctx, struct stream *stream)
{
	static const struct stream_events events = { .data = on_data, .ended = on_ended };
	struct server *server = ctx;
	assert_null(server->stream);
	server->stream = stream;
	stream_start(stream, &events, server);
}

/* A port that is free, and closed. */
static unsigned find_port(void)
{
	struct loop *loop = loop_new();
	struct listener *listener = listen_tcp(loop, "127.0.0.1", 0, accepted, NULL, NULL);
	unsigned port = listen_port(listener);
	listen_close(&listener);
	loop_free(&loop);
	return port;
}

/* With script NULL nobody listens. */
static struct server *start(const struct line *script, const char *ms)
{
	struct server *server = g_new0(struct server, 1);
	unsigned port = find_port();
	g_autofree char *where = g_strdup_printf("registration.local_account_server=localhost 127.0.0.1:%u", port);
	g_autofree char *limit = g_strdup_printf("registration.local_account_server_timeout=%s", ms);
	const char *const overrides[] = { "registration.require_local_account=1", where, limit, NULL };
	server->rig = rig_new("sqlite3", overrides);
	server->next = script;
	server->heard = g_string_new(NULL);
	certs_make(&server->certs, "DNS:elsewhere.example");
	server->tls = certs_server(&server->certs);
	if (script)
		server->listener = listen_tcp(server->rig->fakes->loop, "127.0.0.1", port, accepted, server, NULL);
	assert_true(!script || server->listener);
	return server;
}

static void stop(struct server *server)
{
	if (server->stream)
		stream_close(&server->stream);
	if (server->listener)
		listen_close(&server->listener);
	rig_end(server->rig);
	tls_free(&server->tls);
	certs_clear(&server->certs);
	g_string_free(server->heard, TRUE);
	g_free(server);
}

static void expect_answer(struct server *server, const char *stanzas)
{
	wait_for(server->rig->fakes, buf_len(&server->rig->out) > 0);
	expect(server->rig, stanzas);
}

static void check(const struct line *script, const char *ms, const char *answer)
{
	struct server *server = start(script, ms);
	receive(server->rig, REQUEST);
	expect_answer(server, answer);
	stop(server);
}

static void the_form_asks_for_the_account(void **state)
{
	struct server *server = start(NULL, "1000");
	receive(server->rig, GET(GATE, REGISTER "/>"));
	g_autofree char *sent = rig_sent(server->rig);
	assert_non_null(
		strstr(sent, "<field label='Local username:' type='text-single' var='local_username'><required>"));
	assert_non_null(
		strstr(sent, "<field label='Local password' type='text-private' var='local_password'><required>"));
	/* Not of who has registered. */
	forget(server->rig);
	fakes_register(server->rig->fakes, USER);
	receive(server->rig, GET(GATE, REGISTER "/>"));
	g_autofree char *again = rig_sent(server->rig);
	assert_null(strstr(again, "local_"));
	stop(server);
}

static void an_accepted_login_registers(void **state)
{
	static const struct line script[] = { { HELLO, HEADER FEATURES }, { LOGIN, "<success " SASL "/>" }, { 0 } };
	struct server *server = start(script, "10000");
	receive(server->rig, REQUEST);
	expect_answer(server, DONE);
	/* We leave at once, politely. */
	wait_for(server->rig->fakes, server->over);
	assert_string_equal(server->heard->str, "</stream:stream>");
	stop(server);
}

static void a_form_says_it_too(void **state)
{
	static const struct line script[] = { { HELLO, HEADER FEATURES }, { LOGIN, "<success " SASL "/>" }, { 0 } };
	struct server *server = start(script, "10000");
	receive(server->rig, SET(GATE, REGISTER "><x xmlns='jabber:x:data' type='submit'>"
						"<field var='username'><value>juliet</value></field>"
						"<field var='password'><value>x</value></field>"
						"<field var='local_username'><value>romeo</value></field>"
						"<field var='local_password'><value>pw</value></field></x></query>"));
	expect_answer(server, DONE);
	stop(server);
}

static void tls_needs_no_certificate_on_this_machine(void **state)
{
	static const struct line script[] = { { HELLO, HEADER STARTTLS, false },
					      { "<starttls", "<proceed " TLS "/>", true },
					      { HELLO, HEADER FEATURES, false },
					      { LOGIN, "<success " SASL "/>", false },
					      { 0 } };
	struct server *server = start(script, "10000");
	receive(server->rig, REQUEST);
	expect_answer(server, DONE);
	assert_true(server->secured);
	stop(server);
}

static void a_refused_login_is_told(void **state)
{
	static const struct line script[] = { { HELLO, HEADER FEATURES },
					      { LOGIN, "<failure " SASL "><not-authorized/></failure>" },
					      { 0 } };
	check(script, "10000",
	      ERROR_TEXT(GATE, "auth", "not-authorized", "The name or the password of your local account is wrong"));
}

static void missing_fields_are_told(void **state)
{
	struct server *server = start(NULL, "1000");
	receive(server->rig, SET(GATE, REGISTER "><username>juliet</username><password>x</password></query>"));
	expect(server->rig, ERROR_TEXT(GATE, "modify", "not-acceptable",
				       "The name and the password of your account on localhost are needed"));
	stop(server);
}

static void no_answer_is_told_in_time(void **state)
{
	static const struct line silent[] = { { 0 } };
	static const struct line hangs[] = { { HELLO, HEADER FEATURES }, { 0 } };
	static const struct line no_tls[] = { { HELLO, HEADER STARTTLS },
					      { "<starttls", "<proceed " TLS "/>" },
					      { 0 } };
	check(silent, "50", UNKNOWN);
	check(hangs, "50", UNKNOWN);
	check(no_tls, "50", UNKNOWN);
}

static void what_fails_is_told_at_once(void **state)
{
	static const struct line closes[] = { { HELLO, NULL }, { 0 } };
	static const struct line late[] = { { HELLO, HEADER FEATURES }, { LOGIN, NULL }, { 0 } };
	static const struct line other[] = { { HELLO, "HTTP/1.1 400 Bad Request\r\n\r\n" }, { 0 } };
	static const struct line broken[] = { { HELLO, HEADER STARTTLS },
					      { "<starttls", "<proceed " TLS "/>" },
					      { "\x16\x03", "garbage garbage garbage" },
					      { 0 } };
	check(NULL, "600000", UNKNOWN);
	check(closes, "600000", UNKNOWN);
	check(late, "600000", UNKNOWN);
	check(other, "600000", UNKNOWN);
	check(broken, "600000", UNKNOWN);
}

static void an_end_in_the_middle_is_clean(void **state)
{
	static const struct line hangs[] = { { HELLO, HEADER FEATURES }, { 0 } };
	struct server *server = start(hangs, "600000");
	receive(server->rig, REQUEST);
	fakes_settle(server->rig->fakes);
	stop(server);
	server = start(hangs, "600000");
	receive(server->rig, REQUEST);
	wait_for(server->rig->fakes, strstr(server->heard->str, "<auth"));
	stop(server);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_asks_for_the_account),
		cmocka_unit_test(an_accepted_login_registers),
		cmocka_unit_test(a_form_says_it_too),
		cmocka_unit_test(tls_needs_no_certificate_on_this_machine),
		cmocka_unit_test(a_refused_login_is_told),
		cmocka_unit_test(missing_fields_are_told),
		cmocka_unit_test(no_answer_is_told_in_time),
		cmocka_unit_test(what_fails_is_told_at_once),
		cmocka_unit_test(an_end_in_the_middle_is_clean),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
