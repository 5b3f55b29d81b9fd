/* SPDX-License-Identifier: MIT */
#include "xmpp/client_auth.h"

#include "base/secret.h"
#include "xml/writer.h"
#include "xmpp/ns.h"
#include "xmpp/scram.h"

#include <openssl/rand.h>

/* GREETED: our header is out. ENCRYPTING: asked for TLS. ASKED: the first of SASL is out. ANSWERED: nothing is left
 * for us to say. OVER: step and error stay. */
enum state { GREETED, ENCRYPTING, ASKED, ANSWERED, OVER };

enum { NONCE_BYTES = 18 };

static const struct xml_limits limits = { .depth = 8, .attributes = 32, .elements = 500, .bytes = 64 << 10 };

struct client_auth {
	enum state state;
	enum client_auth_step step;
	char *domain, *name, *password;
	bool trusted, encrypted;
	struct xml_parser *parser;
	struct scram *scram; /* NULL: PLAIN, or nothing was said yet */
	bool proved;         /* the server knows the password */
	struct buf *out;     /* of the feed that runs */
	GError *error;       /* why it is over */
};

GQuark client_auth_error_quark(void)
{
	return g_quark_from_static_string("client-auth-error");
}

static void end(struct client_auth *auth, enum client_auth_step step, const char *text)
{
	enum client_auth_error code =
		step == CLIENT_AUTH_REFUSED ? CLIENT_AUTH_ERROR_REFUSED : CLIENT_AUTH_ERROR_FAILED;
	auth->state = OVER;
	auth->step = step;
	if (step != CLIENT_AUTH_ACCEPTED)
		auth->error = g_error_new_literal(CLIENT_AUTH_ERROR, (int)code, text);
	xml_put(auth->out, "</stream:stream>");
	xml_parser_stop(auth->parser);
}

/* --- SASL ------------------------------------------------------------------------------------ */

/* One element of SASL with its text in base64, which is wiped. */
static void say(struct client_auth *auth, const char *start, const char *text, size_t n, const char *tag)
{
	char *encoded = g_base64_encode((const guchar *)text, n);
	buf_append_text(auth->out, start);
	buf_append_text(auth->out, encoded);
	buf_append_text(auth->out, tag);
	secret_wipe(encoded, strlen(encoded));
	g_free(encoded);
}

static void begin_scram(struct client_auth *auth, enum scram_hash hash, const char *start)
{
	guchar random[NONCE_BYTES];
	g_assert(RAND_bytes(random, sizeof(random)) == 1);
	g_autofree char *nonce = g_base64_encode(random, sizeof(random));
	auth->scram = scram_new(hash, auth->name, auth->password, nonce);
	if (!auth->scram) {
		end(auth, CLIENT_AUTH_REFUSED, "no account has such a name or password");
		return;
	}
	g_autofree char *first = scram_first(auth->scram);
	say(auth, start, first, strlen(first), "</auth>");
	auth->state = ASKED;
}

static void begin_scram_1(struct client_auth *auth)
{
	begin_scram(auth, SCRAM_SHA_1, "<auth xmlns='" NS_SASL "' mechanism='SCRAM-SHA-1'>");
}

static void begin_scram_256(struct client_auth *auth)
{
	begin_scram(auth, SCRAM_SHA_256, "<auth xmlns='" NS_SASL "' mechanism='SCRAM-SHA-256'>");
}

/* RFC 4616: NUL name NUL password. */
static void begin_plain(struct client_auth *auth)
{
	size_t name = strlen(auth->name), password = strlen(auth->password), n = name + password + 2;
	char *text = g_malloc0(n + 1);
	memcpy(text + 1, auth->name, name);
	memcpy(text + name + 2, auth->password, password);
	say(auth, "<auth xmlns='" NS_SASL "' mechanism='PLAIN'>", text, n, "</auth>");
	secret_wipe(text, n);
	g_free(text);
	auth->proved = true; /* PLAIN has no proof */
	auth->state = ANSWERED;
}

/* In the order of preference. */
static const struct {
	const char *name;
	void (*begin)(struct client_auth *auth);
	bool tells; /* the password goes over the wire */
} mechanisms[] = { { "SCRAM-SHA-256", begin_scram_256, false },
		   { "SCRAM-SHA-1", begin_scram_1, false },
		   { "PLAIN", begin_plain, true } };

static bool is_offered(const struct xml_element *offer, const char *name, struct arena *arena)
{
	for (const struct xml_element *at = xml_first(offer); at; at = xml_next(at))
		if (xml_is(at, NS_SASL, "mechanism") && !strcmp(xml_text(at, arena), name))
			return true;
	return false;
}

static void choose(struct client_auth *auth, const struct xml_element *features, struct arena *arena)
{
	const struct xml_element *offer = xml_child(features, NS_SASL, "mechanisms");
	for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++)
		if ((!mechanisms[i].tells || auth->trusted || auth->encrypted) &&
		    is_offered(offer, mechanisms[i].name, arena)) {
			mechanisms[i].begin(auth);
			return;
		}
	end(auth, CLIENT_AUTH_FAILED, "the server offers neither SCRAM nor, with TLS, PLAIN");
}

static void on_features(struct client_auth *auth, const struct xml_element *features, struct arena *arena)
{
	if (!auth->encrypted && xml_child(features, NS_TLS, "starttls")) {
		xml_put(auth->out, "<starttls xmlns='" NS_TLS "'/>");
		auth->state = ENCRYPTING;
	} else {
		choose(auth, features, arena);
	}
}

static char *decoded(const struct xml_element *element, struct arena *arena)
{
	gsize n = 0;
	g_autofree guchar *bytes = g_base64_decode(xml_text(element, arena), &n);
	return arena_strndup(arena, (const char *)bytes, n);
}

static void on_challenge(struct client_auth *auth, const struct xml_element *challenge, struct arena *arena)
{
	g_autoptr(GError) error = NULL;
	if (auth->state == ASKED) {
		g_autofree char *answer = scram_final(auth->scram, decoded(challenge, arena), &error);
		if (!answer) {
			end(auth, CLIENT_AUTH_FAILED, error->message);
			return;
		}
		say(auth, "<response xmlns='" NS_SASL "'>", answer, strlen(answer), "</response>");
		auth->state = ANSWERED;
	} else if (auth->scram && !auth->proved && scram_is_proof(auth->scram, decoded(challenge, arena))) {
		/* RFC 6120, section 6.4.5: the proof may come before the success. */
		auth->proved = true;
		xml_put(auth->out, "<response xmlns='" NS_SASL "'/>");
	} else {
		end(auth, CLIENT_AUTH_FAILED, "the server asks for more than its mechanism has");
	}
}

static void on_success(struct client_auth *auth, const struct xml_element *success, struct arena *arena)
{
	if (auth->state == ANSWERED && (auth->proved || scram_is_proof(auth->scram, decoded(success, arena))))
		end(auth, CLIENT_AUTH_ACCEPTED, NULL);
	else
		end(auth, CLIENT_AUTH_FAILED, "the server does not prove that it knows the account");
}

/* RFC 6120, section 6.5: what speaks of the account, and what of the server. */
static void on_failure(struct client_auth *auth, const struct xml_element *failure, struct arena *arena)
{
	static const char *const about_account[] = { "account-disabled", "credentials-expired", "not-authorized",
						     NULL };
	const char *text = xml_child_text(failure, NS_SASL, "text", arena);
	const struct xml_element *at = xml_first(failure);
	const char *condition = at && strcmp(at->name, "text") ? at->name : "undefined-condition";
	end(auth, g_strv_contains(about_account, condition) ? CLIENT_AUTH_REFUSED : CLIENT_AUTH_FAILED,
	    text && *text ? text : condition);
}

/* --- the stream ------------------------------------------------------------------------------ */

static void on_open(void *ctx, const struct xml_element *header)
{
	if (!xml_is(header, NS_STREAM, "stream"))
		end(ctx, CLIENT_AUTH_FAILED, "the answer is not an XMPP stream");
}

static void on_proceed(struct client_auth *auth, const struct xml_element *proceed, struct arena *arena)
{
	auth->step = CLIENT_AUTH_START_TLS;
	/* RFC 6120, section 5.4.3.3: what came with it in the clear is nobody's. */
	xml_parser_stop(auth->parser);
}

static void on_tls_failure(struct client_auth *auth, const struct xml_element *failure, struct arena *arena)
{
	end(auth, CLIENT_AUTH_FAILED, "the server does not begin the TLS that it offers");
}

static void on_stream_error(struct client_auth *auth, const struct xml_element *error, struct arena *arena)
{
	const struct xml_element *at = xml_first(error);
	end(auth, CLIENT_AUTH_FAILED, at ? at->name : "undefined-condition");
}

enum { IN_GREETED = 1 << GREETED, IN_ENCRYPTING = 1 << ENCRYPTING, IN_SASL = 1 << ASKED | 1 << ANSWERED, ANY = ~0 };

static const struct {
	const char *ns, *name;
	int states;
	void (*on)(struct client_auth *auth, const struct xml_element *element, struct arena *arena);
} elements[] = {
	{ NS_STREAM, "error", ANY, on_stream_error },     { NS_STREAM, "features", IN_GREETED, on_features },
	{ NS_TLS, "proceed", IN_ENCRYPTING, on_proceed }, { NS_TLS, "failure", IN_ENCRYPTING, on_tls_failure },
	{ NS_SASL, "challenge", IN_SASL, on_challenge },  { NS_SASL, "success", IN_SASL, on_success },
	{ NS_SASL, "failure", IN_SASL, on_failure },
};

static void on_element(void *ctx, const struct xml_element *element, struct arena *arena)
{
	struct client_auth *auth = ctx;
	for (size_t i = 0; i < G_N_ELEMENTS(elements); i++)
		if (elements[i].states & 1 << auth->state && xml_is(element, elements[i].ns, elements[i].name)) {
			elements[i].on(auth, element, arena);
			return;
		}
	end(auth, CLIENT_AUTH_FAILED, "the server says what has no place here");
}

static void on_close(void *ctx)
{
	end(ctx, CLIENT_AUTH_FAILED, "the server closed the stream");
}

struct client_auth *client_auth_new(const char *domain, const char *name, const char *password, bool trusted)
{
	static const struct xml_parser_events events = { .open = on_open, .stanza = on_element, .close = on_close };
	struct client_auth *auth = g_new0(struct client_auth, 1);
	auth->domain = g_strdup(domain);
	auth->name = g_strdup(name);
	auth->password = secret_dup(password);
	auth->trusted = trusted;
	auth->parser = xml_parser_new(&limits, &events, auth);
	return auth;
}

void client_auth_free(struct client_auth **authp)
{
	struct client_auth *auth = *authp;
	if (!auth)
		return;
	*authp = NULL;
	xml_parser_free(&auth->parser);
	scram_free(&auth->scram);
	secret_free(&auth->password);
	g_clear_error(&auth->error);
	g_free(auth->domain);
	g_free(auth->name);
	g_free(auth);
}

void client_auth_open(struct client_auth *auth, struct buf *out)
{
	if (auth->step == CLIENT_AUTH_START_TLS) {
		auth->step = CLIENT_AUTH_MORE;
		auth->state = GREETED;
		auth->encrypted = true;
		xml_parser_reset(auth->parser);
	}
	xml_put(out,
		"<?xml version='1.0'?><stream:stream xmlns='" NS_CLIENT "' xmlns:stream='" NS_STREAM "' version='1.0'");
	xml_put_attr(out, "to", auth->domain);
	xml_put(out, ">");
}

enum client_auth_step client_auth_feed(struct client_auth *auth, const char *bytes, size_t n, struct buf *out,
				       GError **error)
{
	g_autoptr(GError) broken = NULL;
	auth->out = out;
	if (auth->step == CLIENT_AUTH_MORE && !xml_parser_feed(auth->parser, bytes, n, &broken) && auth->state != OVER)
		end(auth, CLIENT_AUTH_FAILED, broken->message);
	auth->out = NULL;
	if (error && auth->error)
		*error = g_error_copy(auth->error);
	return auth->step;
}
