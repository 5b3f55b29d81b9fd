/* SPDX-License-Identifier: MIT */
#include "c2s_rig.h"

#define OUR_HEADER(more)                                             \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:client' " \
	"xmlns:stream='http://etherx.jabber.org/streams' "           \
	"from='localhost'" more " version='1.0' xml:lang='en'>"
#define STARTTLS "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
#define MESSAGE  "<message to='a@localhost'><body>h&amp;i</body></message>"

static void assert_over(struct rig *rig, enum xmpp_c2s_error code, const char *said)
{
	assert_false(rig->alive);
	assert_true(g_error_matches(rig->error, XMPP_C2S_ERROR, (int)code));
	assert_non_null(strstr(rig_said(rig), said));
	/* It stays so, and says nothing more. */
	rig->alive = true;
	assert_false(rig_feed(rig, MESSAGE));
	assert_true(g_error_matches(rig->error, XMPP_C2S_ERROR, (int)code));
	assert_string_equal(rig_said(rig), "");
	assert_string_equal(rig_saw(rig), "");
}

/* --- headers and features -------------------------------------------------------------------- */

static void passwords_are_not_offered_where_they_must_not_be_sent(void **state)
{
	struct rig *rig = rig_new(false);
	assert_true(rig_feed(rig, HEADER));
	const char *said = rig_said(rig);
	assert_true(g_str_has_prefix(said, OUR_HEADER("") "<stream:features>"));
	assert_non_null(strstr(said, "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls>"));
	assert_null(strstr(said, "mechanism"));
	assert_null(strstr(said, "authentication"));
	rig_free(rig);
}

static void what_can_be_sent_is_offered(void **state)
{
	struct rig *rig = rig_new(true);
	assert_true(rig_feed(rig, HEADER));
	const char *said = rig_said(rig);
	assert_null(strstr(said, "starttls"));
	assert_non_null(strstr(said, "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"
				     "<mechanism>PLAIN</mechanism></mechanisms>"));
	assert_non_null(strstr(said, "<authentication xmlns='urn:xmpp:sasl:2'><mechanism>PLAIN</mechanism><inline>"));
	assert_non_null(strstr(said, "<max-bytes>10240</max-bytes>"));
	assert_null(strstr(said, "xmpp-bind"));
	rig_free(rig);
}

static void two_streams_have_two_names(void **state)
{
	struct rig *a = rig_new(true), *b = rig_new(true);
	assert_true(rig_feed(a, HEADER) && rig_feed(b, HEADER));
	assert_non_null(g_strstr_len(buf_data(&a->out), (gssize)buf_len(&a->out), " id='"));
	assert_int_equal(buf_len(&a->out), buf_len(&b->out));
	assert_memory_not_equal(buf_data(&a->out), buf_data(&b->out), buf_len(&a->out));
	rig_free(a);
	rig_free(b);
}

static void the_header_answers_who_asks(void **state)
{
	struct rig *rig = rig_new(true);
	assert_true(rig_feed(rig, "<?xml version='1.0' encoding='utf-8'?><stream:stream xmlns='jabber:client' "
				  "from='Romeo@localhost/x' version='1.1' "
				  "xmlns:stream='http://etherx.jabber.org/streams' to='LocalHost'>"));
	assert_true(g_str_has_prefix(rig_said(rig), OUR_HEADER(" to='romeo@localhost'")));
	rig_free(rig);
}

#define NS "xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"

static void a_wrong_header_is_answered_and_refused(void **state)
{
	static const struct {
		const char *header;
		enum xmpp_c2s_error code;
		const char *said;
	} rows[] = {
		{ "<stream:stream " NS " to='example.org' version='1.0'>", XMPP_C2S_HOST_UNKNOWN,
		  ERROR("host-unknown") },
		{ "<stream:stream " NS " version='1.0'>", XMPP_C2S_HOST_UNKNOWN, ERROR("host-unknown") },
		{ "<stream:stream " NS " to='a@localhost' version='1.0'>", XMPP_C2S_HOST_UNKNOWN,
		  ERROR("host-unknown") },
		{ "<stream:stream " NS " to='localhost'>", XMPP_C2S_UNSUPPORTED_VERSION, ERROR("unsupported-version") },
		{ "<stream:stream " NS " to='localhost' version='0.9'>", XMPP_C2S_UNSUPPORTED_VERSION,
		  ERROR("unsupported-version") },
		{ "<stream:stream " NS " to='localhost' version='-1.0'>", XMPP_C2S_UNSUPPORTED_VERSION,
		  ERROR("unsupported-version") },
		{ "<stream:stream xmlns='jabber:server' xmlns:stream='http://etherx.jabber.org/streams' "
		  "to='localhost' version='1.0'>",
		  XMPP_C2S_INVALID_NAMESPACE, ERROR("invalid-namespace") },
		{ "<stream:stream xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>",
		  XMPP_C2S_INVALID_NAMESPACE, ERROR("invalid-namespace") },
		{ "<stream:stream xmlns='jabber:client' xmlns:stream='x' to='localhost' version='1.0'>",
		  XMPP_C2S_INVALID_NAMESPACE, ERROR("invalid-namespace") },
		{ "<stream:streams " NS " to='localhost' version='1.0'>", XMPP_C2S_BAD_FORMAT, ERROR("bad-format") },
		{ "<html>", XMPP_C2S_INVALID_NAMESPACE, ERROR("invalid-namespace") },
		{ "<!DOCTYPE x [", XMPP_C2S_RESTRICTED_XML, "<restricted-xml " },
		{ "<?php ?>", XMPP_C2S_RESTRICTED_XML, "<restricted-xml " },
		{ "<!-- x -->", XMPP_C2S_RESTRICTED_XML, "<restricted-xml " },
		{ "GET / HTTP/1.1\r\n\r\n", XMPP_C2S_NOT_WELL_FORMED, "<not-well-formed " },
		{ "\x16\x03\x01", XMPP_C2S_NOT_WELL_FORMED, "<not-well-formed " },
		{ "\xff\xfe<", XMPP_C2S_UNSUPPORTED_ENCODING, "<unsupported-encoding " },
		{ "<?xml version='1.0' encoding='ISO-8859-1'?>", XMPP_C2S_UNSUPPORTED_ENCODING,
		  "<unsupported-encoding " },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_new(true);
		assert_false(rig_feed(rig, rows[i].header));
		g_autofree char *text = g_strndup(buf_data(&rig->out), buf_len(&rig->out));
		assert_true(g_str_has_prefix(text, "<?xml version='1.0'?><stream:stream "));
		assert_null(strstr(text, "features"));
		assert_true(g_str_has_suffix(text, "</stream:error></stream:stream>"));
		assert_over(rig, rows[i].code, rows[i].said);
		rig_free(rig);
	}
}

static void a_header_without_an_end_is_bounded(void **state)
{
	struct rig *rig = rig_new(true);
	g_autofree char *text = g_strnfill(20000, ' ');
	assert_true(rig_feed(rig, "<stream:stream "));
	assert_false(rig_feed(rig, text));
	assert_over(rig, XMPP_C2S_POLICY_VIOLATION, "<policy-violation ");
	rig_free(rig);
}

/* --- TLS ------------------------------------------------------------------------------------- */

static void tls_begins_a_new_stream(void **state)
{
	struct rig *rig = rig_open(false);
	assert_true(rig_feed(rig, STARTTLS));
	assert_string_equal(rig_said(rig), "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
	assert_string_equal(rig_saw(rig), "starttls\n");
	xmpp_c2s_secured(rig->c2s, &(struct xmpp_c2s_offer){ .plain = true });
	assert_string_equal(rig_said(rig), "");
	assert_true(rig_feed(rig, HEADER));
	const char *said = rig_said(rig);
	assert_true(g_str_has_prefix(said, OUR_HEADER("")));
	assert_null(strstr(said, "starttls"));
	assert_non_null(strstr(said, "PLAIN"));
	rig_free(rig);
}

static void what_comes_with_starttls_is_discarded(void **state)
{
	struct rig *rig = rig_open(false);
	assert_true(rig_feed(rig, STARTTLS AUTH(ROMEO) "<<<"));
	assert_string_equal(rig_said(rig), "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>");
	xmpp_c2s_secured(rig->c2s, &(struct xmpp_c2s_offer){ .plain = true });
	assert_true(rig_feed(rig, HEADER AUTH(ROMEO)));
	assert_string_equal(rig_saw(rig), "starttls\nlogin romeo secret\n");
	rig_free(rig);
}

static void tls_that_is_not_offered_fails(void **state)
{
	struct rig *rig = rig_open(true);
	assert_false(rig_feed(rig, STARTTLS));
	assert_over(rig, XMPP_C2S_POLICY_VIOLATION,
		    "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:stream>");
	rig_free(rig);
}

static void nothing_is_said_between_proceed_and_tls(void **state)
{
	struct rig *rig = rig_open(false);
	assert_true(rig_feed(rig, STARTTLS));
	rig_said(rig);
	xmpp_c2s_end(rig->c2s, XMPP_C2S_CONNECTION_TIMEOUT, NULL, &rig->out);
	assert_string_equal(rig_said(rig), "");
	rig_free(rig);
}

/* --- the order ------------------------------------------------------------------------------- */

static void strangers_get_nothing_but_negotiation(void **state)
{
	static const struct {
		const char *text;
		enum xmpp_c2s_error code;
		const char *said;
	} rows[] = {
		{ MESSAGE, XMPP_C2S_NOT_AUTHORIZED, ERROR("not-authorized") },
		{ "<presence/>", XMPP_C2S_NOT_AUTHORIZED, ERROR("not-authorized") },
		{ BIND, XMPP_C2S_NOT_AUTHORIZED, ERROR("not-authorized") },
		{ "<iq type='get' id='1'><query xmlns='jabber:iq:auth'/></iq>", XMPP_C2S_NOT_AUTHORIZED,
		  ERROR("not-authorized") },
		{ "<resume xmlns='urn:xmpp:sm:3' h='0' previd='x'/>", XMPP_C2S_NOT_AUTHORIZED,
		  ERROR("not-authorized") },
		{ "<response xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>" ROMEO "</response>", XMPP_C2S_NOT_AUTHORIZED,
		  ERROR("not-authorized") },
		{ "<message xmlns='jabber:server'/>", XMPP_C2S_INVALID_NAMESPACE, ERROR("invalid-namespace") },
		{ STREAM, XMPP_C2S_INVALID_NAMESPACE, ERROR("invalid-namespace") },
		{ "<stream:features/>", XMPP_C2S_INVALID_NAMESPACE, ERROR("invalid-namespace") },
		{ "text", XMPP_C2S_NOT_WELL_FORMED, "<not-well-formed " },
		{ "<!-- x -->", XMPP_C2S_RESTRICTED_XML, "<restricted-xml " },
		{ "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>&lol;", XMPP_C2S_RESTRICTED_XML, "<restricted-xml " },
		{ "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'></iq>", XMPP_C2S_NOT_WELL_FORMED,
		  "<not-well-formed " },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_open(true);
		if (rig_feed(rig, rows[i].text))
			fail_msg("accepted: %s", rows[i].text);
		assert_string_equal(rig_saw(rig), "");
		assert_over(rig, rows[i].code, rows[i].said);
		rig_free(rig);
	}
}

static void who_has_logged_in_must_bind_first(void **state)
{
	static const char *const early[] = {
		MESSAGE,
		"<presence/>",
		"<iq type='get' id='1' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>",
		"<iq type='set' id='1'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>",
		AUTH(ROMEO),
		"<inactive xmlns='urn:xmpp:csi:0'/>",
		STARTTLS,
	};
	for (size_t i = 0; i < G_N_ELEMENTS(early); i++) {
		struct rig *rig = rig_logged_in();
		assert_true(xmpp_c2s_is_authenticated(rig->c2s));
		assert_false(xmpp_c2s_is_ready(rig->c2s));
		assert_false(rig_feed(rig, early[i]));
		assert_string_equal(rig_saw(rig), "");
		assert_over(rig, XMPP_C2S_NOT_AUTHORIZED, ERROR("not-authorized"));
		rig_free(rig);
	}
}

static void what_a_stranger_sends_is_bounded(void **state)
{
	static const char *const starts[] = { "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>",
					      "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='" };
	g_autofree char *text = g_strnfill(12000, 'x');
	for (size_t i = 0; i < G_N_ELEMENTS(starts); i++) {
		struct rig *rig = rig_open(true);
		assert_true(rig_feed(rig, starts[i]));
		assert_false(rig_feed(rig, text));
		assert_over(rig, XMPP_C2S_POLICY_VIOLATION, "<policy-violation ");
		rig_free(rig);
	}
}

static void elements_of_a_stranger_are_bounded(void **state)
{
	static const char *const texts[] = { "<a/>", "<a>", NULL };
	for (size_t i = 0; texts[i]; i++) {
		struct rig *rig = rig_open(true);
		bool alive = rig_feed(rig, "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'>");
		for (unsigned n = 0; n < 100 && alive; n++)
			alive = rig_feed(rig, texts[i]);
		for (unsigned n = 0; n < 100 && alive && i == 1; n++)
			alive = rig_feed(rig, "</a>");
		if (alive)
			alive = rig_feed(rig, "</authenticate>");
		assert_false(alive);
		assert_over(rig, XMPP_C2S_POLICY_VIOLATION, "<policy-violation ");
		rig_free(rig);
	}
}

/* --- stanzas --------------------------------------------------------------------------------- */

static void stanzas_pass_once_a_resource_is_bound(void **state)
{
	struct rig *rig = rig_ready();
	assert_true(rig_feed(rig, MESSAGE "\n <r xmlns='urn:xmpp:sm:3'/> <inactive xmlns='urn:xmpp:csi:0'/>"
					  "<presence/>"));
	assert_string_equal(rig_saw(rig), "stanza " MESSAGE "\nelement <r xmlns='urn:xmpp:sm:3'/>\n"
					  "element <inactive xmlns='urn:xmpp:csi:0'/>\nstanza <presence/>\n");
	assert_string_equal(rig_said(rig), "");
	rig_free(rig);
}

static void a_stanza_of_too_many_elements_is_skipped(void **state)
{
	struct rig *rig = rig_ready();
	GString *text = g_string_new("<message to='a@localhost'>");
	for (unsigned i = 0; i < 11000; i++)
		g_string_append(text, "<a/>");
	g_string_append(text, "</message><presence/>");
	assert_true(rig_feed(rig, text->str));
	assert_string_equal(rig_saw(rig), "too many elements <message to='a@localhost'/>\nstanza <presence/>\n");
	g_string_free(text, TRUE);
	rig_free(rig);
}

static void a_stanza_may_be_large_but_not_endless(void **state)
{
	struct rig *rig = rig_ready();
	g_autofree char *half = g_strnfill(130000, 'x');
	g_autofree char *fits = g_strdup_printf("<message><body>%s%s</body></message>", half, half);
	assert_true(rig_feed(rig, fits));
	assert_int_equal(strlen(rig_saw(rig)), strlen(fits) + strlen("stanza \n"));
	assert_true(rig_feed(rig, "<message><body>") && rig_feed(rig, half) && rig_feed(rig, half));
	assert_false(rig_feed(rig, half));
	assert_over(rig, XMPP_C2S_POLICY_VIOLATION, "<policy-violation ");
	rig_free(rig);
}

static void what_is_no_stanza_ends_a_bound_stream(void **state)
{
	static const struct {
		const char *text;
		enum xmpp_c2s_error code;
		const char *said;
	} rows[] = {
		{ "<pubsub/>", XMPP_C2S_UNSUPPORTED_STANZA_TYPE, ERROR("unsupported-stanza-type") },
		{ "<x xmlns='y'/>", XMPP_C2S_UNSUPPORTED_STANZA_TYPE, ERROR("unsupported-stanza-type") },
		{ AUTH(ROMEO), XMPP_C2S_UNSUPPORTED_STANZA_TYPE, ERROR("unsupported-stanza-type") },
		{ "<message xmlns='jabber:server'/>", XMPP_C2S_INVALID_NAMESPACE, ERROR("invalid-namespace") },
		{ STREAM, XMPP_C2S_INVALID_NAMESPACE, ERROR("invalid-namespace") },
		{ "<message><?x y?>", XMPP_C2S_RESTRICTED_XML, "<restricted-xml " },
		{ "<message></presence>", XMPP_C2S_NOT_WELL_FORMED, "<not-well-formed " },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_ready();
		assert_false(rig_feed(rig, rows[i].text));
		assert_string_equal(rig_saw(rig), "");
		assert_over(rig, rows[i].code, rows[i].said);
		rig_free(rig);
	}
}

static void an_idle_stream_rests_and_goes_on(void **state)
{
	struct rig *rig = rig_ready();
	for (unsigned i = 0; i < 3; i++) {
		xmpp_c2s_rest(rig->c2s);
		assert_true(rig_feed(rig, "\n "));
		xmpp_c2s_rest(rig->c2s);
		assert_true(rig_feed(rig, "<presence/><pre"));
		/* Half a stanza is not lost. */
		xmpp_c2s_rest(rig->c2s);
		assert_true(rig_feed(rig, "sence/>"));
		assert_string_equal(rig_saw(rig), "stanza <presence/>\nstanza <presence/>\n");
	}
	xmpp_c2s_rest(rig->c2s);
	assert_false(rig_feed(rig, "<presence></message>"));
	assert_over(rig, XMPP_C2S_NOT_WELL_FORMED, "<not-well-formed ");
	rig_free(rig);
}

/* --- endings --------------------------------------------------------------------------------- */

static void the_client_may_close_at_any_time(void **state)
{
	struct rig *rigs[] = { rig_open(true), rig_logged_in(), rig_ready() };
	for (size_t i = 0; i < G_N_ELEMENTS(rigs); i++) {
		assert_false(rig_feed(rigs[i], "</stream:stream>" MESSAGE));
		assert_null(rigs[i]->error);
		assert_string_equal(rig_said(rigs[i]), "</stream:stream>");
		assert_string_equal(rig_saw(rigs[i]), "");
		rig_free(rigs[i]);
	}
}

static void an_error_of_the_client_closes(void **state)
{
	struct rig *rig = rig_ready();
	assert_false(rig_feed(rig, "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
				   "</stream:error>"));
	assert_string_equal(rig->error->message, "the client says conflict");
	assert_string_equal(rig_said(rig), "</stream:stream>");
	rig_free(rig);
}

static void an_end_has_a_header_before_it(void **state)
{
	struct rig *rig = rig_new(true);
	xmpp_c2s_end(rig->c2s, XMPP_C2S_SYSTEM_SHUTDOWN, "b<ye", &rig->out);
	assert_string_equal(rig_said(rig), OUR_HEADER("") "<stream:error><system-shutdown "
							  "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "
							  "xmlns='urn:ietf:params:xml:ns:xmpp-streams' xml:lang='en'>"
							  "b&lt;ye</text></stream:error></stream:stream>");
	/* It is said once. */
	xmpp_c2s_end(rig->c2s, XMPP_C2S_RESET, NULL, &rig->out);
	xmpp_c2s_close(rig->c2s, &rig->out);
	assert_string_equal(rig_said(rig), "");
	assert_false(rig_feed(rig, HEADER));
	rig_free(rig);
}

static void an_end_may_say_more(void **state)
{
	struct rig *rig = rig_ready();
	xmpp_c2s_set_condition(rig->c2s, "<too-late xmlns='x'/>");
	xmpp_c2s_set_condition(rig->c2s, "<too-high xmlns='x'/>");
	xmpp_c2s_end(rig->c2s, XMPP_C2S_UNDEFINED_CONDITION, NULL, &rig->out);
	assert_string_equal(rig_said(rig), "<stream:error><undefined-condition "
					   "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><too-high xmlns='x'/>"
					   "</stream:error></stream:stream>");
	rig_free(rig);
}

static void closing_ends_what_was_opened(void **state)
{
	struct rig *rig = rig_new(true), *ready = rig_ready();
	xmpp_c2s_close(rig->c2s, &rig->out);
	assert_string_equal(rig_said(rig), "");
	xmpp_c2s_close(ready->c2s, &ready->out);
	assert_string_equal(rig_said(ready), "</stream:stream>");
	xmpp_c2s_free(&rig->c2s);
	rig_free(rig);
	rig_free(ready);
}

static void it_may_be_ended_from_inside_an_event(void **state)
{
	struct rig *rig = rig_ready();
	rig->ends_in_event = true;
	assert_false(rig_feed(rig, MESSAGE MESSAGE));
	assert_string_equal(rig_saw(rig), "stanza " MESSAGE "\n");
	assert_over(rig, XMPP_C2S_CONFLICT, ERROR("conflict"));
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords_are_not_offered_where_they_must_not_be_sent),
		cmocka_unit_test(what_can_be_sent_is_offered),
		cmocka_unit_test(two_streams_have_two_names),
		cmocka_unit_test(the_header_answers_who_asks),
		cmocka_unit_test(a_wrong_header_is_answered_and_refused),
		cmocka_unit_test(a_header_without_an_end_is_bounded),
		cmocka_unit_test(tls_begins_a_new_stream),
		cmocka_unit_test(what_comes_with_starttls_is_discarded),
		cmocka_unit_test(tls_that_is_not_offered_fails),
		cmocka_unit_test(nothing_is_said_between_proceed_and_tls),
		cmocka_unit_test(strangers_get_nothing_but_negotiation),
		cmocka_unit_test(who_has_logged_in_must_bind_first),
		cmocka_unit_test(what_a_stranger_sends_is_bounded),
		cmocka_unit_test(elements_of_a_stranger_are_bounded),
		cmocka_unit_test(stanzas_pass_once_a_resource_is_bound),
		cmocka_unit_test(a_stanza_of_too_many_elements_is_skipped),
		cmocka_unit_test(a_stanza_may_be_large_but_not_endless),
		cmocka_unit_test(what_is_no_stanza_ends_a_bound_stream),
		cmocka_unit_test(an_idle_stream_rests_and_goes_on),
		cmocka_unit_test(the_client_may_close_at_any_time),
		cmocka_unit_test(an_error_of_the_client_closes),
		cmocka_unit_test(an_end_has_a_header_before_it),
		cmocka_unit_test(an_end_may_say_more),
		cmocka_unit_test(closing_ends_what_was_opened),
		cmocka_unit_test(it_may_be_ended_from_inside_an_event),
	};
	return rig_run(tests);
}
