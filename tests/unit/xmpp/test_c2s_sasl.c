/* SPDX-License-Identifier: MIT */
#include "base/secret.h"
#include "c2s_rig.h"

#include <stdio.h>

#define SASL        "urn:ietf:params:xml:ns:xmpp-sasl"
#define EMPTY_AUTH  "<auth xmlns='" SASL "' mechanism='PLAIN'/>"
#define RESPONSE(x) "<response xmlns='" SASL "'>" x "</response>"
#define ABORT       "<abort xmlns='" SASL "'/>"

/* RFC 4616 in base64, for texts that are not known beforehand. */
static char *plain(const char *authzid, const char *name, const char *password)
{
	GByteArray *bytes = g_byte_array_new();
	g_byte_array_append(bytes, (const guchar *)authzid, (guint)strlen(authzid) + 1);
	g_byte_array_append(bytes, (const guchar *)name, (guint)strlen(name) + 1);
	g_byte_array_append(bytes, (const guchar *)password, (guint)strlen(password));
	char *text = g_base64_encode(bytes->data, bytes->len);
	secret_wipe(bytes->data, bytes->len);
	g_byte_array_free(bytes, TRUE);
	return text;
}

static bool log_in(struct rig *rig, const char *authzid, const char *name, const char *password)
{
	g_autofree char *text = plain(authzid, name, password);
	g_autofree char *auth = g_strdup_printf(AUTH("%s"), text);
	return rig_feed(rig, auth);
}

/* --- success --------------------------------------------------------------------------------- */

static void a_login_is_asked_for_and_then_a_new_stream_begins(void **state)
{
	struct rig *rig = rig_open(true);
	assert_true(rig_feed(rig, AUTH(ROMEO)));
	assert_string_equal(rig_saw(rig), "login romeo secret\n");
	assert_string_equal(rig_said(rig), "");
	assert_false(xmpp_c2s_is_authenticated(rig->c2s));
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	assert_string_equal(rig_said(rig), "<success xmlns='" SASL "'/>");
	assert_true(xmpp_c2s_is_authenticated(rig->c2s));
	assert_true(rig_feed(rig, HEADER));
	const char *said = rig_said(rig);
	assert_true(g_str_has_prefix(said, "<?xml version='1.0'?><stream:stream "));
	assert_true(g_str_has_suffix(said, "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>"
					   "<session xmlns='urn:ietf:params:xml:ns:xmpp-session'><optional/></session>"
					   "<sm xmlns='urn:xmpp:sm:3'/><csi xmlns='urn:xmpp:csi:0'/>"
					   "<ver xmlns='urn:xmpp:features:rosterver'/>"
					   "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>262144</max-bytes>"
					   "</limits></stream:features>"));
	rig_free(rig);
}

static void a_login_without_a_first_word_is_challenged(void **state)
{
	struct rig *rig = rig_open(true);
	assert_true(rig_feed(rig, EMPTY_AUTH));
	assert_string_equal(rig_said(rig), "<challenge xmlns='" SASL "'/>");
	assert_string_equal(rig_saw(rig), "");
	assert_true(rig_feed(rig, RESPONSE(ROMEO)));
	assert_string_equal(rig_saw(rig), "login romeo secret\n");
	rig_free(rig);
}

static void names_and_passwords_are_prepared(void **state)
{
	static const struct {
		const char *authzid, *name, *password, *saw;
	} rows[] = {
		{ "", "Romeo", "secret", "login romeo secret\n" },
		{ "", "romeo%irc.example.org", "s e cret", "login romeo%irc.example.org s e cret\n" },
		{ "", "d\\27artagnan", "x", "login d\\27artagnan x\n" },
		{ "romeo@localhost", "ROMEO", "secret", "login romeo secret\n" },
		{ "Romeo@LOCALHOST", "romeo", "secret", "login romeo secret\n" },
		{ "", "rom\u00ade\u2168o", "a\u00a0b\u00e4", "login romeixo a b\u00e4\n" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_open(true);
		assert_true(log_in(rig, rows[i].authzid, rows[i].name, rows[i].password));
		assert_string_equal(rig_saw(rig), rows[i].saw);
		rig_free(rig);
	}
}

static void over_tls_it_is_the_same(void **state)
{
	struct rig *rig = rig_open(false);
	assert_true(rig_feed(rig, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"));
	xmpp_c2s_secured(rig->c2s, &(struct xmpp_c2s_offer){ .plain = true });
	assert_true(rig_feed(rig, HEADER) && rig_feed(rig, AUTH(ROMEO)));
	assert_string_equal(rig_saw(rig), "starttls\nlogin romeo secret\n");
	rig_free(rig);
}

/* --- failures -------------------------------------------------------------------------------- */

static void what_is_wrong_is_named(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ AUTH("AHJvbWVvAHNlY3JldA="), FAILURE("incorrect-encoding") },
		{ AUTH("AHJvbWVvAHNlY3JldA"), FAILURE("incorrect-encoding") },
		{ AUTH("AHJvbWVv\nAHNlY3JldA=="), FAILURE("incorrect-encoding") },
		{ AUTH(" " ROMEO), FAILURE("incorrect-encoding") },
		{ AUTH(ROMEO "\n"), FAILURE("incorrect-encoding") },
		{ AUTH("AHJvbWVv=HNlY3JldA="), FAILURE("incorrect-encoding") },
		{ AUTH("A==="), FAILURE("incorrect-encoding") },
		{ AUTH("===="), FAILURE("incorrect-encoding") },
		{ AUTH("AHJvbWVv-_NlY3JldA=="), FAILURE("incorrect-encoding") },
		{ AUTH("="), FAILURE("malformed-request") },
		{ AUTH("cm9tZW8="), FAILURE("malformed-request") },             /* romeo */
		{ AUTH("AHJvbWVv"), FAILURE("malformed-request") },             /* 0 romeo */
		{ AUTH("AHJvbWVvAA=="), FAILURE("malformed-request") },         /* 0 romeo 0 */
		{ AUTH("AABzZWNyZXQ="), FAILURE("malformed-request") },         /* 0 0 secret */
		{ AUTH("AHJvbWVvAHNlAGNyZXQ="), FAILURE("malformed-request") }, /* 0 romeo 0 se 0 cret */
		{ AUTH("AHJvbWVvAP//"), FAILURE("not-authorized") },            /* 0 romeo 0 ff ff */
		{ AUTH("AHJvbWVvAAc="), FAILURE("not-authorized") },            /* 0 romeo 0 07 */
		{ AUTH("AHJvQG1lbwB4"), FAILURE("not-authorized") },            /* 0 ro@meo 0 x */
		{ "<auth xmlns='" SASL "' mechanism='SCRAM-SHA-1'>" ROMEO "</auth>", FAILURE("invalid-mechanism") },
		{ "<auth xmlns='" SASL "' mechanism='plain'>" ROMEO "</auth>", FAILURE("invalid-mechanism") },
		{ "<auth xmlns='" SASL "'>" ROMEO "</auth>", FAILURE("invalid-mechanism") },
		{ EMPTY_AUTH RESPONSE("*"), "<challenge xmlns='" SASL "'/>" FAILURE("incorrect-encoding") },
		{ EMPTY_AUTH RESPONSE(""), "<challenge xmlns='" SASL "'/>" FAILURE("malformed-request") },
		{ EMPTY_AUTH "<response xmlns='urn:xmpp:sasl:2'>" ROMEO "</response>",
		  "<challenge xmlns='" SASL "'/>" FAILURE("malformed-request") },
		{ EMPTY_AUTH ABORT, "<challenge xmlns='" SASL "'/>" FAILURE("aborted") },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_open(true);
		assert_true(rig_feed(rig, rows[i].text));
		assert_string_equal(rig_said(rig), rows[i].said);
		assert_string_equal(rig_saw(rig), "");
		/* It may be tried again. */
		assert_true(rig_feed(rig, AUTH(ROMEO)));
		assert_string_equal(rig_saw(rig), "login romeo secret\n");
		rig_free(rig);
	}
}

static void nobody_acts_for_another_one(void **state)
{
	static const char *const others[] = {
		"juliet@localhost", "romeo@example.org", "romeo@localhost/x", "localhost", "romeo", "@"
	};
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
		struct rig *rig = rig_open(true);
		assert_true(log_in(rig, others[i], "romeo", "secret"));
		assert_string_equal(rig_said(rig), FAILURE("invalid-authzid"));
		assert_string_equal(rig_saw(rig), "");
		rig_free(rig);
	}
}

static void names_and_passwords_are_bounded(void **state)
{
	g_autofree char *longer = g_strnfill(1024, 'x');
	g_autofree char *fits = g_strnfill(1023, 'x');
	const struct {
		const char *name, *password;
		bool fine;
	} rows[] = { { longer, "x", false }, { "x", longer, false }, { fits, fits, true } };
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_open(true);
		assert_true(log_in(rig, "", rows[i].name, rows[i].password));
		assert_int_equal(g_str_has_prefix(rig_saw(rig), "login x"), rows[i].fine);
		assert_string_equal(rig_said(rig), rows[i].fine ? "" : FAILURE("not-authorized"));
		rig_free(rig);
	}
}

static void a_password_in_the_clear_is_refused(void **state)
{
	struct rig *rig = rig_open(false);
	assert_true(rig_feed(rig, AUTH(ROMEO)));
	assert_string_equal(rig_said(rig), FAILURE("encryption-required"));
	assert_string_equal(rig_saw(rig), "");
	rig_free(rig);
}

static void a_refusal_has_its_reason(void **state)
{
	static const struct {
		enum xmpp_c2s_failure failure;
		const char *text, *said;
	} rows[] = {
		{ XMPP_C2S_FAIL_NOT_AUTHORIZED, NULL, FAILURE("not-authorized") },
		{ XMPP_C2S_FAIL_TEMPORARY, "", FAILURE("temporary-auth-failure") },
		{ XMPP_C2S_FAIL_ACCOUNT_DISABLED, "Not <here>",
		  FAILURE("account-disabled/><text xml:lang='en'>Not &lt;here&gt;</text") },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_open(true);
		assert_true(rig_feed(rig, AUTH(ROMEO)));
		assert_true(xmpp_c2s_refused(rig->c2s, rows[i].failure, rows[i].text, &rig->out));
		g_autoptr(GString) said = g_string_new(rows[i].said);
		g_string_replace(said, "</text/>", "</text>", 0);
		assert_string_equal(rig_said(rig), said->str);
		assert_false(xmpp_c2s_is_authenticated(rig->c2s));
		rig_free(rig);
	}
}

static void the_third_failure_ends_it(void **state)
{
	struct rig *rig = rig_open(true);
	for (unsigned i = 0; i < 2; i++) {
		assert_true(rig_feed(rig, AUTH(ROMEO)));
		assert_true(xmpp_c2s_refused(rig->c2s, XMPP_C2S_FAIL_NOT_AUTHORIZED, NULL, &rig->out));
	}
	rig_said(rig);
	assert_true(rig_feed(rig, AUTH(ROMEO)));
	assert_false(xmpp_c2s_refused(rig->c2s, XMPP_C2S_FAIL_NOT_AUTHORIZED, NULL, &rig->out));
	const char *said = rig_said(rig);
	assert_true(g_str_has_prefix(said, FAILURE("not-authorized") "<stream:error><policy-violation "));
	assert_true(g_str_has_suffix(said, "</stream:error></stream:stream>"));
	assert_false(rig_feed(rig, " "));
	assert_true(g_error_matches(rig->error, XMPP_C2S_ERROR, XMPP_C2S_POLICY_VIOLATION));
	rig_free(rig);
}

static void a_stream_of_nonsense_ends_too(void **state)
{
	struct rig *rig = rig_open(true);
	assert_false(rig_feed(rig, EMPTY_AUTH ABORT EMPTY_AUTH ABORT EMPTY_AUTH ABORT EMPTY_AUTH));
	assert_true(g_error_matches(rig->error, XMPP_C2S_ERROR, XMPP_C2S_POLICY_VIOLATION));
	rig_free(rig);
}

/* --- while the answer is awaited ------------------------------------------------------------- */

static void an_abort_takes_the_question_back(void **state)
{
	struct rig *rig = rig_open(true);
	assert_true(rig_feed(rig, AUTH(ROMEO) ABORT));
	assert_string_equal(rig_saw(rig), "login romeo secret\naborted\n");
	assert_string_equal(rig_said(rig), FAILURE("aborted"));
	/* An answer that comes all the same is nobody's. */
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	assert_true(xmpp_c2s_refused(rig->c2s, XMPP_C2S_FAIL_NOT_AUTHORIZED, NULL, &rig->out));
	assert_string_equal(rig_said(rig), "");
	assert_false(xmpp_c2s_is_authenticated(rig->c2s));
	rig_free(rig);
}

static void nothing_else_may_be_said_meanwhile(void **state)
{
	static const struct {
		const char *text;
		enum xmpp_c2s_error code;
	} rows[] = {
		{ AUTH(ROMEO), XMPP_C2S_POLICY_VIOLATION },
		{ "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'/>", XMPP_C2S_POLICY_VIOLATION },
		{ RESPONSE(ROMEO), XMPP_C2S_NOT_AUTHORIZED },
		{ "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>", XMPP_C2S_NOT_AUTHORIZED },
		{ "<presence/>", XMPP_C2S_NOT_AUTHORIZED },
		{ BIND, XMPP_C2S_NOT_AUTHORIZED },
		{ "<stream:stream xmlns='jabber:client'>", XMPP_C2S_INVALID_NAMESPACE },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_open(true);
		assert_true(rig_feed(rig, AUTH(ROMEO)));
		assert_true(rig_feed(rig, " \n"));
		assert_false(rig_feed(rig, rows[i].text));
		assert_true(g_error_matches(rig->error, XMPP_C2S_ERROR, (int)rows[i].code));
		assert_string_equal(rig_saw(rig), "login romeo secret\n");
		rig_said(rig);
		/* The answer comes too late. */
		xmpp_c2s_authenticated(rig->c2s, &rig->out);
		assert_false(xmpp_c2s_refused(rig->c2s, XMPP_C2S_FAIL_TEMPORARY, NULL, &rig->out));
		assert_string_equal(rig_said(rig), "");
		rig_free(rig);
	}
}

/* --- XEP-0388 -------------------------------------------------------------------------------- */

#define AUTHENTICATE(inside) "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'>" inside "</authenticate>"
#define INITIAL              "<initial-response>" ROMEO "</initial-response>"

static void a_login_by_sasl2_needs_no_new_stream(void **state)
{
	struct rig *rig = rig_open(true);
	assert_true(rig_feed(rig, AUTHENTICATE(INITIAL "<user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'>"
						       "<software>x</software><device>y</device></user-agent>")));
	assert_string_equal(rig_saw(rig), "login romeo secret\n");
	assert_string_equal(rig_said(rig), "");
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	const char *said = rig_said(rig);
	assert_true(g_str_has_prefix(said, "<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>romeo@localhost"
					   "</authorization-identifier></success><stream:features><bind "));
	assert_true(xmpp_c2s_is_authenticated(rig->c2s));
	assert_true(rig_feed(rig, BIND "<presence/>"));
	assert_string_equal(rig_saw(rig), "bind r - 0\nready\nstanza <presence/>\n");
	rig_free(rig);
}

static void sasl2_challenges_too(void **state)
{
	struct rig *rig = rig_open(true);
	assert_true(rig_feed(rig, AUTHENTICATE("")));
	assert_string_equal(rig_said(rig), "<challenge xmlns='urn:xmpp:sasl:2'/>");
	assert_true(rig_feed(rig, "<response xmlns='urn:xmpp:sasl:2'>" ROMEO "</response>"));
	assert_string_equal(rig_saw(rig), "login romeo secret\n");
	rig_free(rig);
}

#define FAILURE2(condition, text) "<failure xmlns='urn:xmpp:sasl:2'><" condition " xmlns='" SASL "'/>" text "</failure>"

static void sasl2_fails_in_its_own_words(void **state)
{
	static const struct {
		const char *text, *said;
	} rows[] = {
		{ AUTHENTICATE("<initial-response>=</initial-response>"), FAILURE2("incorrect-encoding", "") },
		{ AUTHENTICATE("<initial-response/>"), FAILURE2("malformed-request", "") },
		{ "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='X'/>", FAILURE2("invalid-mechanism", "") },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_open(true);
		assert_true(rig_feed(rig, rows[i].text));
		assert_string_equal(rig_said(rig), rows[i].said);
		assert_true(rig_feed(rig, AUTHENTICATE(INITIAL)));
		assert_true(xmpp_c2s_refused(rig->c2s, XMPP_C2S_FAIL_NOT_AUTHORIZED, "no", &rig->out));
		assert_string_equal(rig_said(rig), FAILURE2("not-authorized", "<text xml:lang='en'>no</text>"));
		assert_false(rig_feed(rig, AUTHENTICATE("") "<abort xmlns='urn:xmpp:sasl:2'/>"));
		assert_non_null(strstr(rig_said(rig), FAILURE2("aborted", "") "<stream:error><policy-violation "));
		rig_free(rig);
	}
}

/* --- what is left of a password -------------------------------------------------------------- */

enum { SECRET_LENGTH = 24, MEMORY_PIECE = 1 << 16 };

/* The needle, kept so that it is not found itself. */
struct needle {
	char bytes[2 * SECRET_LENGTH];
	size_t n;
};

static void hide(struct needle *needle, const char *text)
{
	needle->n = strlen(text);
	for (size_t i = 0; i < needle->n; i++)
		needle->bytes[i] = (char)(text[i] ^ 0x55);
}

static bool begins(const struct needle *needle, const char *bytes)
{
	size_t same = 0;
	while (same < needle->n && (char)(bytes[same] ^ 0x55) == needle->bytes[same])
		same++;
	return same == needle->n;
}

static bool is_there(const struct needle *needle, const char *bytes, size_t n)
{
	const char first = (char)(needle->bytes[0] ^ 0x55), *end = bytes + n, *at = bytes;
	while ((at = memchr(at, first, (size_t)(end - at))) && (size_t)(end - at) >= needle->n)
		if (begins(needle, at++))
			return true;
	return false;
}

static bool search(FILE *memory, size_t from, size_t to, const struct needle *needle)
{
	static char piece[MEMORY_PIECE];
	bool found = false;
	for (size_t at = from; at < to && !found; at += MEMORY_PIECE - SECRET_LENGTH) {
		if (fseek(memory, (long)at, SEEK_SET))
			break;
		size_t n = fread(piece, 1, MIN(sizeof(piece), to - at), memory);
		found = is_there(needle, piece, n);
		secret_wipe(piece, sizeof(piece));
	}
	return found;
}

/* In any memory that malloc may have given, also what was freed since. */
static bool is_in_memory(const struct needle *needle)
{
	FILE *maps = fopen("/proc/self/maps", "re"), *memory = fopen("/proc/self/mem", "re");
	char line[512];
	bool found = false;
	assert_non_null(maps);
	assert_non_null(memory);
	setvbuf(memory, NULL, _IONBF, 0);
	while (!found && fgets(line, sizeof(line), maps)) {
		size_t from, to;
		char access[5];
		unsigned long inode;
		if (sscanf(line, "%zx-%zx %4s %*s %*s %lu", &from, &to, access, &inode) != 4 || inode ||
		    access[1] != 'w' || to - from > (256u << 20))
			continue;
		found = search(memory, from, to, needle);
	}
	fclose(maps);
	fclose(memory);
	return found;
}

static void log_in_secretly(struct rig *rig, struct needle *clear, struct needle *encoded)
{
	char message[] = "\0romeo\0abcdefghijklmnopqrstuvwx";
	char *password = message + strlen("-romeo-");
	for (size_t i = 0; i < SECRET_LENGTH; i++)
		password[i] = (char)('a' + g_random_int_range(0, 26));
	hide(clear, password);
	char *text = g_base64_encode((const guchar *)message, sizeof(message) - 1);
	/* Its end is of the password only. */
	hide(encoded, text + strlen(text) - SECRET_LENGTH);
	assert_true(is_in_memory(clear) && is_in_memory(encoded));
	secret_wipe(message, sizeof(message));
	rig->quiet = true;
	assert_true(rig_feed(rig, "<auth xmlns='" SASL "' mechanism='PLAIN'>"));
	assert_true(xmpp_c2s_feed(rig->c2s, text, strlen(text), &rig->out, NULL));
	secret_wipe(text, strlen(text));
	g_free(text);
	assert_string_equal(rig_saw(rig), "");
	assert_true(rig_feed(rig, "</auth>"));
}

static void a_password_is_nowhere_once_it_was_told(void **state)
{
	struct rig *rig = rig_open(true);
	struct needle clear, encoded;
	log_in_secretly(rig, &clear, &encoded);
	assert_string_equal(rig_saw(rig), "login\n");
	assert_false(is_in_memory(&clear));
	assert_false(is_in_memory(&encoded));
	rig_free(rig);
}

static void a_half_password_is_wiped_with_its_stream(void **state)
{
	struct rig *rig = rig_open(true);
	struct needle needle;
	char text[] = "<auth xmlns='" SASL "' mechanism='PLAIN'>%s";
	char secret[SECRET_LENGTH + 1] = "";
	for (size_t i = 0; i < SECRET_LENGTH; i++)
		secret[i] = (char)('A' + g_random_int_range(0, 26));
	hide(&needle, secret);
	assert_true(xmpp_c2s_feed(rig->c2s, text, strlen(text) - 2, &rig->out, NULL));
	assert_true(xmpp_c2s_feed(rig->c2s, secret, SECRET_LENGTH, &rig->out, NULL));
	secret_wipe(secret, sizeof(secret));
	assert_true(is_in_memory(&needle));
	xmpp_c2s_free(&rig->c2s);
	assert_false(is_in_memory(&needle));
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_login_is_asked_for_and_then_a_new_stream_begins),
		cmocka_unit_test(a_login_without_a_first_word_is_challenged),
		cmocka_unit_test(names_and_passwords_are_prepared),
		cmocka_unit_test(over_tls_it_is_the_same),
		cmocka_unit_test(what_is_wrong_is_named),
		cmocka_unit_test(nobody_acts_for_another_one),
		cmocka_unit_test(names_and_passwords_are_bounded),
		cmocka_unit_test(a_password_in_the_clear_is_refused),
		cmocka_unit_test(a_refusal_has_its_reason),
		cmocka_unit_test(the_third_failure_ends_it),
		cmocka_unit_test(a_stream_of_nonsense_ends_too),
		cmocka_unit_test(an_abort_takes_the_question_back),
		cmocka_unit_test(nothing_else_may_be_said_meanwhile),
		cmocka_unit_test(a_login_by_sasl2_needs_no_new_stream),
		cmocka_unit_test(sasl2_challenges_too),
		cmocka_unit_test(sasl2_fails_in_its_own_words),
	};
	const struct CMUnitTest secrets[] = {
		cmocka_unit_test(a_password_is_nowhere_once_it_was_told),
		cmocka_unit_test(a_half_password_is_wiped_with_its_stream),
	};
	return rig_run(tests) + cmocka_run_group_tests(secrets, NULL, NULL);
}
