/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "base/text.h"
#include "jid/jid.h"
#include "jid/prep.h"
#include "xmpp/c2s_private.h"

/* What a client has sent of a mechanism, decoded; bytes[n] is NUL. */
struct c2s_mechanism {
	const char *name;
	bool tells; /* the password goes over the wire */
	void (*respond)(struct xmpp_c2s *c2s, char *bytes, size_t n, struct arena *arena);
};

/* --- what is said ---------------------------------------------------------------------------- */

static const char *exchange_ns(const struct xmpp_c2s *c2s)
{
	return c2s->sasl2 ? NS_SASL2 : NS_SASL;
}

static void put_failure(struct xmpp_c2s *c2s, const char *condition, const char *text)
{
	struct buf *out = c2s->out;
	xml_put(out, "<failure");
	xml_put_attr(out, "xmlns", exchange_ns(c2s));
	xml_put(out, "><");
	buf_append_text(out, condition);
	if (c2s->sasl2)
		xml_put(out, " xmlns='" NS_SASL "'");
	xml_put(out, "/>");
	if (text && *text) {
		xml_put(out, "<text xml:lang='en'>");
		xml_escape(out, text);
		xml_put(out, "</text>");
	}
	xml_put(out, "</failure>");
}

/* RFC 6120, section 6.4.5: the client may try again, a few times. */
static void fail(struct xmpp_c2s *c2s, const char *condition, const char *text)
{
	put_failure(c2s, condition, text);
	c2s->mechanism = NULL;
	g_clear_pointer(&c2s->bare, g_free);
	c2s_wish_clear(&c2s->wish);
	if (c2s->state != C2S_OPEN)
		c2s_set_state(c2s, C2S_OPEN);
	if (++c2s->failures >= C2S_FAILURES_MAX)
		c2s_end(c2s, XMPP_C2S_POLICY_VIOLATION, "too many failed attempts to log in");
}

/* --- PLAIN (RFC 4616) ------------------------------------------------------------------------ */

struct plain {
	const char *authzid, *name, *password;
};

/* Three texts with a NUL between them; the first may be empty. */
static bool split_plain(struct plain *plain, const char *bytes, size_t n)
{
	const char *name = memchr(bytes, '\0', n);
	const char *password = name ? memchr(name + 1, '\0', n - (size_t)(name + 1 - bytes)) : NULL;
	if (!password)
		return false;
	*plain = (struct plain){ bytes, name + 1, password + 1 };
	return *plain->name && *plain->password && strlen(plain->password) == n - (size_t)(plain->password - bytes);
}

static bool prepare(const char *text, char room[static JID_PREP_ROOM])
{
	return text_is_clean(text, strlen(text)) && jid_saslprep(text, room);
}

static const char *localpart(const char *text, struct arena *arena)
{
	char room[JID_PREP_ROOM];
	return prepare(text, room) ? jid_nodeprep(arena, arena_strdup(arena, room), strlen(room)) : NULL;
}

/* Nobody may act for another one. */
static bool is_own(const struct xmpp_c2s *c2s, const char *authzid, struct arena *arena)
{
	struct jid jid;
	return jid_parse_text(&jid, arena, authzid) && jid_is_bare(&jid) && !strcmp(jid.full, c2s->bare);
}

static void respond_plain(struct xmpp_c2s *c2s, char *bytes, size_t n, struct arena *arena)
{
	char password[JID_PREP_ROOM];
	struct plain plain;
	if (!split_plain(&plain, bytes, n)) {
		fail(c2s, "malformed-request", NULL);
		return;
	}
	const char *name = localpart(plain.name, arena);
	g_free(c2s->bare);
	c2s->bare = name ? g_strconcat(name, "@", c2s->domain, NULL) : NULL;
	if (!name || !prepare(plain.password, password)) {
		fail(c2s, "not-authorized", NULL);
	} else if (*plain.authzid && !is_own(c2s, plain.authzid, arena)) {
		fail(c2s, "invalid-authzid", NULL);
	} else {
		const struct xmpp_c2s_login login = { .name = name, .password = password };
		c2s_set_state(c2s, C2S_ASKING);
		c2s->events->login(c2s->ctx, &login);
	}
	secret_wipe(password, sizeof(password));
}

/* --- the exchange ---------------------------------------------------------------------------- */

static const struct c2s_mechanism mechanisms[] = { { "PLAIN", true, respond_plain } };

static bool is_usable(const struct xmpp_c2s *c2s, const struct c2s_mechanism *mechanism)
{
	return !mechanism->tells || c2s->offer.plain;
}

bool c2s_has_mechanism(const struct xmpp_c2s *c2s)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++)
		if (is_usable(c2s, &mechanisms[i]))
			return true;
	return false;
}

void c2s_put_mechanisms(const struct xmpp_c2s *c2s, struct buf *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(mechanisms); i++)
		if (is_usable(c2s, &mechanisms[i]))
			xml_put_text(out, "mechanism", mechanisms[i].name);
}

static const struct c2s_mechanism *find_mechanism(const char *name)
{
	for (size_t i = 0; name && i < G_N_ELEMENTS(mechanisms); i++)
		if (!strcmp(mechanisms[i].name, name))
			return &mechanisms[i];
	return NULL;
}

/* RFC 4648, section 4, with nothing beside (RFC 6120, section 6.4.2): whole groups, padding at the end only. */
static bool is_base64(const char *text, size_t n)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t digits = strspn(text, alphabet);
	return n % 4 == 0 && n - digits <= 2 && strspn(text + digits, "=") == n - digits;
}

/* `text` has the lifetime of the stanza, after which the parser overwrites it and the arena. */
static void respond(struct xmpp_c2s *c2s, const char *text, struct arena *arena)
{
	gsize n = strlen(text);
	/* RFC 6120, section 6.4.2: a response that is there, but empty. */
	bool empty = !c2s->sasl2 && !strcmp(text, "=");
	char *bytes = arena_strdup(arena, empty ? "" : text);
	if (!empty && !is_base64(text, n)) {
		fail(c2s, "incorrect-encoding", NULL);
		return;
	}
	if (empty)
		n = 0;
	else if (n > 0)
		g_base64_decode_inplace(bytes, &n);
	bytes[n] = '\0';
	c2s->mechanism->respond(c2s, bytes, n, arena);
}

/* `initial` NULL: the client waits for a challenge, in which PLAIN has nothing to say. */
static void begin(struct xmpp_c2s *c2s, const char *name, const char *initial, struct arena *arena)
{
	const struct c2s_mechanism *mechanism = find_mechanism(name);
	if (!mechanism) {
		fail(c2s, "invalid-mechanism", NULL);
		return;
	}
	if (!is_usable(c2s, mechanism)) {
		fail(c2s, "encryption-required", NULL);
		return;
	}
	c2s->mechanism = mechanism;
	if (initial) {
		respond(c2s, initial, arena);
		return;
	}
	c2s_set_state(c2s, C2S_CHALLENGED);
	xml_put(c2s->out, "<challenge");
	xml_put_attr(c2s->out, "xmlns", exchange_ns(c2s));
	xml_put(c2s->out, "/>");
}

void c2s_on_auth(struct xmpp_c2s *c2s, const struct xml_element *auth, struct arena *arena)
{
	const char *text = xml_text(auth, arena);
	c2s->sasl2 = false;
	begin(c2s, xml_attr(auth, "mechanism"), *text ? text : NULL, arena);
}

void c2s_on_authenticate(struct xmpp_c2s *c2s, const struct xml_element *authenticate, struct arena *arena)
{
	const char *initial = xml_child_text(authenticate, NS_SASL2, "initial-response", arena);
	c2s->sasl2 = true;
	c2s_wish_read(&c2s->wish, authenticate, arena);
	begin(c2s, xml_attr(authenticate, "mechanism"), initial, arena);
}

void c2s_on_response(struct xmpp_c2s *c2s, const struct xml_element *response, struct arena *arena)
{
	if (strcmp(response->ns, exchange_ns(c2s)))
		fail(c2s, "malformed-request", NULL);
	else
		respond(c2s, xml_text(response, arena), arena);
}

void c2s_on_abort(struct xmpp_c2s *c2s, const struct xml_element *abort, struct arena *arena)
{
	bool asking = c2s->state == C2S_ASKING;
	fail(c2s, "aborted", NULL);
	if (asking)
		c2s->events->login_aborted(c2s->ctx);
}

void c2s_on_second_auth(struct xmpp_c2s *c2s, const struct xml_element *auth, struct arena *arena)
{
	c2s_end(c2s, XMPP_C2S_POLICY_VIOLATION, "one attempt to log in at a time");
}

bool xmpp_c2s_refused(struct xmpp_c2s *c2s, enum xmpp_c2s_failure failure, const char *text, struct buf *out)
{
	static const char *const conditions[] = {
		[XMPP_C2S_FAIL_ACCOUNT_DISABLED] = "account-disabled",
		[XMPP_C2S_FAIL_NOT_AUTHORIZED] = "not-authorized",
		[XMPP_C2S_FAIL_TEMPORARY] = "temporary-auth-failure",
	};
	if (c2s->state != C2S_ASKING)
		return c2s->state != C2S_OVER;
	c2s->out = out;
	fail(c2s, conditions[failure], text);
	c2s->out = NULL;
	return c2s->state != C2S_OVER;
}
