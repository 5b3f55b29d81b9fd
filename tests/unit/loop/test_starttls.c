/* SPDX-License-Identifier: MIT */
#include "certs.h"
#include "loop/certificate.h"
#include "loop/tls_private.h"
#include "rig.h"

/* The accepting end b negotiates TLS by a word in the clear, as clients of an XMPP server do (RFC 6120, section 5). */
struct door {
	struct rig rig;
	struct certs certs;
	struct tls *client, *server;
	unsigned a_done, b_done;
	GError *a_error, *b_error;
	bool free_settings;
};

#define STARTTLS "<starttls/>"
#define PROCEED  "<proceed/>"

static struct tls *new_server(const struct certs *certs)
{
	g_autoptr(GString) warnings = g_string_new(NULL);
	struct certificate_options options = { certs->cert, "", certs->key, "", "localhost", "xmpp-client" };
	return certificate_tls(&options, warnings, NULL);
}

static int setup(void **state)
{
	struct door *door = g_new0(struct door, 1);
	certs_make(&door->certs, "DNS:localhost");
	door->client = tls_new_client(door->certs.cert, TRUE, NULL);
	door->server = new_server(&door->certs);
	rig_open(&door->rig);
	rig_connect(&door->rig);
	*state = door;
	return 0;
}

static int teardown(void **state)
{
	struct door *door = *state;
	rig_close(&door->rig);
	tls_free(&door->client);
	tls_free(&door->server);
	certs_clear(&door->certs);
	g_clear_error(&door->a_error);
	g_clear_error(&door->b_error);
	g_free(door);
	return 0;
}

static struct door *door_of(struct end *end, size_t offset)
{
	return (struct door *)((char *)end - offset);
}

static void b_is_secured(void *ctx, const GError *error)
{
	struct door *door = ctx;
	door->b_done++;
	door->b_error = error ? g_error_copy(error) : NULL;
}

static void a_is_secured(void *ctx, const GError *error)
{
	struct door *door = ctx;
	door->a_done++;
	door->a_error = error ? g_error_copy(error) : NULL;
}

/* From inside the callback, as the server does. */
static void b_begins(struct end *end, size_t n)
{
	struct door *door = door_of(end, offsetof(struct door, rig.b));
	if (stream_is_tls(end->stream) || !g_str_has_suffix(end->got->str, STARTTLS))
		return;
	stream_write(end->stream, PROCEED, strlen(PROCEED));
	stream_start_tls(end->stream, door->server, NULL, b_is_secured, door);
	if (door->free_settings)
		tls_free(&door->server);
}

static void a_begins(struct end *end, size_t n)
{
	struct door *door = door_of(end, offsetof(struct door, rig.a));
	if (!stream_is_tls(end->stream))
		stream_start_tls(end->stream, door->client, "localhost", a_is_secured, door);
}

static void asks(struct door *door, const char *text)
{
	door->rig.b.on_data = b_begins;
	rig_start(&door->rig);
	stream_write(door->rig.a.stream, text, strlen(text));
}

static void gets_through(struct door *door)
{
	struct rig *rig = &door->rig;
	rig->a.on_data = a_begins;
	asks(door, STARTTLS);
	wait_for(rig->loop, door->a_done && door->b_done);
	assert_null(door->a_error);
	assert_null(door->b_error);
	stream_write(rig->a.stream, "to b", 4);
	stream_write(rig->b.stream, "to a", 4);
	wait_for(rig->loop, rig->a.got->len == strlen(PROCEED) + 4 && rig->b.got->len == strlen(STARTTLS) + 4);
	assert_string_equal(rig->a.got->str, PROCEED "to a");
	assert_string_equal(rig->b.got->str, STARTTLS "to b");
}

static void accepted_stream_changes_to_tls(void **state)
{
	gets_through(*state);
}

/* What somebody in between puts there in the clear must not count as said by the client under TLS. */
static void words_in_the_clear_after_it_are_an_error(void **state)
{
	struct door *door = *state;
	struct rig *rig = &door->rig;
	asks(door, STARTTLS);
	wait_for(rig->loop, rig->a.got->len == strlen(PROCEED));
	unsigned calls = rig->b.calls;
	stream_write(rig->a.stream, "<auth/>", 7);
	wait_for(rig->loop, door->b_done);
	assert_non_null(door->b_error);
	assert_int_equal(rig->b.calls, calls);
	assert_string_equal(rig->b.got->str, STARTTLS);
}

static void flood(struct end *end, size_t n)
{
	struct door *door = door_of(end, offsetof(struct door, rig.b));
	if (door->b_done || door->b_error || end->calls > 1)
		return;
	stream_start_tls(end->stream, door->server, NULL, b_is_secured, door);
}

/* Many reads may come in one round. */
static void all_that_follows_the_call_is_taken_for_tls(void **state)
{
	struct door *door = *state;
	struct rig *rig = &door->rig;
	g_autofree char *much = g_strnfill(1 << 20, ' ');
	rig->b.on_data = flood;
	rig_start(rig);
	stream_write(rig->a.stream, much, 1 << 20);
	wait_for(rig->loop, door->b_done);
	assert_non_null(door->b_error);
	assert_int_equal(rig->b.calls, 1);
}

static void settings_may_be_replaced_meanwhile(void **state)
{
	struct door *door = *state;
	door->free_settings = true;
	gets_through(door);
	assert_null(door->server);
}

/* What clients can do */

static void offers(struct door *door, const char *protocols)
{
	SSL_CTX_set_alpn_protos(door->client->context, (const unsigned char *)protocols, (unsigned)strlen(protocols));
}

static void client_that_names_xmpp_gets_through(void **state)
{
	offers(*state, "\x08http/1.1\x0bxmpp-client");
	gets_through(*state);
}

static void is_refused(struct door *door, const char *reason)
{
	struct rig *rig = &door->rig;
	rig->a.on_data = a_begins;
	asks(door, STARTTLS);
	wait_for(rig->loop, door->b_done && door->a_done);
	assert_non_null(door->b_error);
	assert_non_null(strstr(door->b_error->message, reason));
	assert_non_null(door->a_error);
}

static void client_that_names_others_is_refused(void **state)
{
	offers(*state, "\x08http/1.1\x02h2");
	is_refused(*state, "no application protocol");
}

static void client_of_tls_1_2_gets_through(void **state)
{
	struct door *door = *state;
	SSL_CTX_set_max_proto_version(door->client->context, TLS1_2_VERSION);
	gets_through(door);
}

static void weak_ciphers_are_refused(void **state)
{
	struct door *door = *state;
	SSL_CTX_set_max_proto_version(door->client->context, TLS1_2_VERSION);
	SSL_CTX_set_cipher_list(door->client->context, "ECDHE-ECDSA-AES128-SHA:ECDHE-ECDSA-AES128-SHA256");
	is_refused(door, "no shared cipher");
}

#define facts(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(accepted_stream_changes_to_tls),
		facts(words_in_the_clear_after_it_are_an_error),
		facts(all_that_follows_the_call_is_taken_for_tls),
		facts(settings_may_be_replaced_meanwhile),
		facts(client_that_names_xmpp_gets_through),
		facts(client_that_names_others_is_refused),
		facts(client_of_tls_1_2_gets_through),
		facts(weak_ciphers_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
