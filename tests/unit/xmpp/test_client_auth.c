/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xmpp/client_auth.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#define HEADER                                                       \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
	"xmlns:stream='http://etherx.jabber.org/streams' from='localhost' id='1' version='1.0'>"
#define OURS                                                         \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
	"xmlns:stream='http://etherx.jabber.org/streams' version='1.0' to='localhost'>"
#define SASL             "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
#define TLS              "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
#define FEATURES(inside) "<stream:features>" inside "</stream:features>"
#define OFFER(list)      "<mechanisms " SASL ">" list "</mechanisms>"
#define MECHANISM(name)  "<mechanism>" name "</mechanism>"
#define STARTTLS         "<starttls " TLS "><required/></starttls>"
#define PLAIN            FEATURES(OFFER(MECHANISM("X-OTHER") MECHANISM("PLAIN")))
#define SCRAM            FEATURES(OFFER(MECHANISM("PLAIN") MECHANISM("SCRAM-SHA-1")))
#define END              "</stream:stream>"

struct rig {
	struct client_auth *auth;
	struct buf out;
	GError *error;
};

static struct rig *rig_new(bool trusted)
{
	struct rig *rig = g_new0(struct rig, 1);
	rig->auth = client_auth_new("localhost", "romeo", "secret", trusted);
	buf_init(&rig->out, 1 << 20);
	client_auth_open(rig->auth, &rig->out);
	return rig;
}

static void rig_free(struct rig *rig)
{
	client_auth_free(&rig->auth);
	assert_null(rig->auth);
	client_auth_free(&rig->auth);
	buf_fini(&rig->out);
	g_clear_error(&rig->error);
	g_free(rig);
}

static enum client_auth_step feed(struct rig *rig, const char *text)
{
	/* In a block of its own, so that reading past it is seen. */
	size_t n = strlen(text);
	g_autofree char *piece = g_memdup2(text, n);
	g_clear_error(&rig->error);
	return client_auth_feed(rig->auth, piece, n, &rig->out, &rig->error);
}

static char *written(struct rig *rig)
{
	char *text = g_strndup(buf_len(&rig->out) ? buf_data(&rig->out) : "", buf_len(&rig->out));
	buf_clear(&rig->out);
	return text;
}

static void expect(struct rig *rig, const char *text)
{
	g_autofree char *sent = written(rig);
	assert_string_equal(sent, text);
}

/* Whatever comes after its end changes nothing. */
static void assert_over(struct rig *rig, enum client_auth_step step, const char *text)
{
	for (int i = 0; i < 2; i++) {
		assert_int_equal(feed(rig, "<success " SASL "/>"), step);
		assert_true(step == CLIENT_AUTH_ACCEPTED || strstr(rig->error->message, text));
	}
	g_autofree char *sent = written(rig);
	assert_true(g_str_has_suffix(sent, END));
}

/* --- PLAIN ----------------------------------------------------------------------------------- */

static void plain_is_for_who_may_be_told(void **state)
{
	struct rig *rig = rig_new(true);
	expect(rig, OURS);
	assert_int_equal(feed(rig, HEADER PLAIN), CLIENT_AUTH_MORE);
	expect(rig, "<auth " SASL " mechanism='PLAIN'>AHJvbWVvAHNlY3JldA==</auth>");
	assert_int_equal(feed(rig, "<success " SASL "/>"), CLIENT_AUTH_ACCEPTED);
	assert_null(rig->error);
	assert_over(rig, CLIENT_AUTH_ACCEPTED, "");
	rig_free(rig);
	rig = rig_new(false);
	expect(rig, OURS);
	assert_int_equal(feed(rig, HEADER PLAIN), CLIENT_AUTH_FAILED);
	expect(rig, END);
	rig_free(rig);
}

static void tls_is_taken_where_it_is_offered(void **state)
{
	static const bool ways[] = { false, true };
	for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
		struct rig *rig = rig_new(ways[i]);
		expect(rig, OURS);
		assert_int_equal(feed(rig, HEADER FEATURES(STARTTLS OFFER(MECHANISM("PLAIN")))), CLIENT_AUTH_MORE);
		expect(rig, "<starttls " TLS "/>");
		/* What comes with it in the clear is not heard. */
		assert_int_equal(feed(rig, "<proceed " TLS "/>" HEADER PLAIN), CLIENT_AUTH_START_TLS);
		assert_int_equal(feed(rig, PLAIN), CLIENT_AUTH_START_TLS);
		expect(rig, "");
		client_auth_open(rig->auth, &rig->out);
		expect(rig, OURS);
		/* A second offer of TLS is none. */
		assert_int_equal(feed(rig, HEADER FEATURES(STARTTLS OFFER(MECHANISM("PLAIN")))), CLIENT_AUTH_MORE);
		expect(rig, "<auth " SASL " mechanism='PLAIN'>AHJvbWVvAHNlY3JldA==</auth>");
		rig_free(rig);
	}
}

static void no_tls_after_all_is_a_failure(void **state)
{
	struct rig *rig = rig_new(true);
	assert_int_equal(feed(rig, HEADER FEATURES(STARTTLS) "<failure " TLS "/>"), CLIENT_AUTH_FAILED);
	assert_over(rig, CLIENT_AUTH_FAILED, "TLS");
	rig_free(rig);
}

/* --- SCRAM ----------------------------------------------------------------------------------- */

#define SALT "QSXCR+Q6sek8bf92"

static void hmac(const unsigned char *key, const char *text, unsigned char *out)
{
	unsigned size = 0;
	assert_non_null(HMAC(EVP_sha1(), key, 20, (const unsigned char *)text, strlen(text), out, &size));
}

/* The text in base64 of the one element in `sent`. */
static char *payload(const char *sent)
{
	g_auto(GStrv) parts = g_strsplit_set(sent, "<>", -1);
	gsize n = 0;
	g_autofree guchar *bytes = g_base64_decode(parts[2], &n);
	return g_strndup((const char *)bytes, n);
}

/* What a server that knows `password` says at the end. */
static char *proof(const char *password, const char *first, const char *challenge, const char *final)
{
	unsigned char salted[20], key[20], signature[20];
	gsize size = 0;
	g_autofree guchar *salt = g_base64_decode(SALT, &size);
	g_autofree char *bare = g_strndup(final, (gsize)(strstr(final, ",p=") - final));
	g_autofree char *message = g_strdup_printf("%s,%s,%s", first + 3, challenge, bare);
	PKCS5_PBKDF2_HMAC(password, (int)strlen(password), salt, (int)size, 1000, EVP_sha1(), 20, salted);
	hmac(salted, "Server Key", key);
	hmac(key, message, signature);
	g_autofree char *encoded = g_base64_encode(signature, sizeof(signature));
	return g_strdup_printf("v=%s", encoded);
}

/* Up to the point at which the server is to say its last word; returns its proof. */
static char *converse(struct rig *rig, const char *password)
{
	buf_clear(&rig->out);
	assert_int_equal(feed(rig, HEADER SCRAM), CLIENT_AUTH_MORE);
	g_autofree char *sent = written(rig);
	assert_true(g_str_has_prefix(sent, "<auth " SASL " mechanism='SCRAM-SHA-1'>"));
	g_autofree char *first = payload(sent);
	assert_true(g_str_has_prefix(first, "n,,n=romeo,r="));
	g_autofree char *challenge = g_strdup_printf("r=%sserver,s=" SALT ",i=1000", first + strlen("n,,n=romeo,r="));
	g_autofree char *encoded = g_base64_encode((const guchar *)challenge, strlen(challenge));
	g_autofree char *element = g_strdup_printf("<challenge " SASL ">%s</challenge>", encoded);
	assert_int_equal(feed(rig, element), CLIENT_AUTH_MORE);
	g_autofree char *response = written(rig);
	assert_true(g_str_has_prefix(response, "<response " SASL ">"));
	g_autofree char *final = payload(response);
	g_autofree char *text = proof(password, first, challenge, final);
	return g_base64_encode((const guchar *)text, strlen(text));
}

static enum client_auth_step feed_text(struct rig *rig, const char *name, const char *text)
{
	g_autofree char *element = g_strdup_printf("<%s " SASL ">%s</%s>", name, text, name);
	return feed(rig, element);
}

static void scram_is_preferred_and_proved(void **state)
{
	struct rig *rig = rig_new(false);
	g_autofree char *right = converse(rig, "secret");
	assert_int_equal(feed_text(rig, "success", right), CLIENT_AUTH_ACCEPTED);
	rig_free(rig);
}

static void the_proof_may_come_before_the_success(void **state)
{
	struct rig *rig = rig_new(false);
	g_autofree char *right = converse(rig, "secret");
	assert_int_equal(feed_text(rig, "challenge", right), CLIENT_AUTH_MORE);
	expect(rig, "<response " SASL "/>");
	assert_int_equal(feed(rig, "<success " SASL "/>"), CLIENT_AUTH_ACCEPTED);
	rig_free(rig);
}

static void a_server_that_proves_nothing_is_no_witness(void **state)
{
	static const char *const names[] = { "success", "challenge" };
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		struct rig *rig = rig_new(false);
		g_autofree char *wrong = converse(rig, "other");
		assert_int_equal(feed_text(rig, names[i], wrong), CLIENT_AUTH_FAILED);
		assert_over(rig, CLIENT_AUTH_FAILED, "");
		rig_free(rig);
	}
	struct rig *rig = rig_new(false);
	assert_int_equal(feed(rig, HEADER SCRAM "<success " SASL "/>"), CLIENT_AUTH_FAILED);
	rig_free(rig);
}

/* --- refusals and failures ------------------------------------------------------------------- */

static void what_is_wrong_with_the_account_is_told_apart(void **state)
{
	static const struct {
		const char *inside;
		enum client_auth_step step;
		const char *text;
	} rows[] = {
		{ "<not-authorized/>", CLIENT_AUTH_REFUSED, "not-authorized" },
		{ "<not-authorized/><text>Wrong!</text>", CLIENT_AUTH_REFUSED, "Wrong!" },
		{ "<account-disabled/>", CLIENT_AUTH_REFUSED, "account-disabled" },
		{ "<credentials-expired/>", CLIENT_AUTH_REFUSED, "credentials-expired" },
		{ "<temporary-auth-failure/>", CLIENT_AUTH_FAILED, "temporary-auth-failure" },
		{ "", CLIENT_AUTH_FAILED, "undefined-condition" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_new(true);
		assert_int_equal(feed(rig, HEADER PLAIN), CLIENT_AUTH_MORE);
		assert_int_equal(feed_text(rig, "failure", rows[i].inside), rows[i].step);
		assert_string_equal(rig->error->message, rows[i].text);
		assert_over(rig, rows[i].step, rows[i].text);
		rig_free(rig);
	}
}

static void names_and_passwords_that_cannot_be_are_refused(void **state)
{
	struct rig *rig = rig_new(false);
	client_auth_free(&rig->auth);
	rig->auth = client_auth_new("localhost", "romeo", "a\x07", false);
	assert_int_equal(feed(rig, HEADER SCRAM), CLIENT_AUTH_REFUSED);
	rig_free(rig);
}

static void nonsense_is_a_failure(void **state)
{
	static const char *const texts[] = {
		"HTTP/1.1 400 Bad Request\r\n\r\n",
		"<html>",
		HEADER "<message/>",
		HEADER "</stream:stream>",
		HEADER "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
		HEADER "<stream:error/>",
		HEADER FEATURES(""),
		HEADER FEATURES(OFFER("")),
		HEADER FEATURES(OFFER(MECHANISM("DIGEST-MD5"))),
		HEADER "<success " SASL "/>",
		HEADER "<proceed " TLS "/>",
		HEADER PLAIN PLAIN,
		HEADER PLAIN "<challenge " SASL "/>",
		HEADER SCRAM "<challenge " SASL "/>",
		HEADER SCRAM "<challenge " SASL ">!!!!</challenge>",
		HEADER "<!DOCTYPE x>",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct rig *rig = rig_new(true);
		if (feed(rig, texts[i]) != CLIENT_AUTH_FAILED)
			fail_msg("taken: %s", texts[i]);
		assert_true(*rig->error->message);
		assert_over(rig, CLIENT_AUTH_FAILED, "");
		rig_free(rig);
	}
}

static void cuts_do_not_matter(void **state)
{
	static const char all[] = HEADER PLAIN "<success " SASL "/>";
	struct rig *rig = rig_new(true);
	enum client_auth_step step = CLIENT_AUTH_MORE;
	for (const char *at = all; *at; at++)
		step = feed(rig, (char[]){ *at, '\0' });
	assert_int_equal(step, CLIENT_AUTH_ACCEPTED);
	rig_free(rig);
}

static void endless_elements_have_an_end(void **state)
{
	struct rig *rig = rig_new(true);
	g_autofree char *text = g_strnfill(128 << 10, 'x');
	assert_int_equal(feed(rig, HEADER "<stream:features><x>"), CLIENT_AUTH_MORE);
	assert_int_equal(feed(rig, text), CLIENT_AUTH_FAILED);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_is_for_who_may_be_told),
		cmocka_unit_test(tls_is_taken_where_it_is_offered),
		cmocka_unit_test(no_tls_after_all_is_a_failure),
		cmocka_unit_test(scram_is_preferred_and_proved),
		cmocka_unit_test(the_proof_may_come_before_the_success),
		cmocka_unit_test(a_server_that_proves_nothing_is_no_witness),
		cmocka_unit_test(what_is_wrong_with_the_account_is_told_apart),
		cmocka_unit_test(names_and_passwords_that_cannot_be_are_refused),
		cmocka_unit_test(nonsense_is_a_failure),
		cmocka_unit_test(cuts_do_not_matter),
		cmocka_unit_test(endless_elements_have_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
