/* SPDX-License-Identifier: MIT */
#include "c2s_rig.h"

#define BIND_OF(inside) "<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'>" inside "</bind></iq>"
#define BOUND(jid)                                                                                          \
	"<iq type='result' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>" jid "</jid></bind>" \
	"</iq>"
#define BAD_REQUEST(id)                                                                                          \
	"<iq type='error'" id "><error type='modify'><bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" \
	"</error></iq>"
#define SESSION "<iq type='set' id='s'><session xmlns='urn:ietf:params:xml:ns:xmpp-session'/></iq>"

/* --- RFC 6120, section 7 --------------------------------------------------------------------- */

static void a_resource_is_bound_as_asked_for(void **state)
{
	static const struct {
		const char *bind, *saw;
	} rows[] = {
		{ BIND, "bind r - 0\nready\n" },
		{ BIND_OF(""), "bind - - 0\nready\n" },
		{ BIND_OF("<resource/>"), "bind - - 0\nready\n" },
		{ BIND_OF("<resource>A b&amp;\u2168</resource>"), "bind A b&IX - 0\nready\n" },
		{ "<iq type='set' id='b' to='localhost'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
		  "bind - - 0\nready\n" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_logged_in();
		assert_true(rig_feed(rig, rows[i].bind));
		assert_string_equal(rig_saw(rig), rows[i].saw);
		/* What was bound is told, which may be something else. */
		assert_string_equal(rig_said(rig), BOUND("romeo@localhost/r"));
		assert_true(xmpp_c2s_is_ready(rig->c2s) && xmpp_c2s_is_authenticated(rig->c2s));
		rig_free(rig);
	}
}

static void a_bind_that_is_no_bind_is_a_bad_request(void **state)
{
	static const struct {
		const char *bind, *said;
	} rows[] = {
		{ BIND_OF("<resource>a\ufffdb</resource>"), BAD_REQUEST(" id='b'") },
		{ "<iq type='get' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
		  BAD_REQUEST(" id='b'") },
		{ "<iq id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", BAD_REQUEST(" id='b'") },
		{ "<iq type='set'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", BAD_REQUEST("") },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_logged_in();
		assert_true(rig_feed(rig, rows[i].bind));
		assert_string_equal(rig_said(rig), rows[i].said);
		assert_string_equal(rig_saw(rig), "");
		assert_true(rig_feed(rig, BIND));
		assert_string_equal(rig_saw(rig), "bind r - 0\nready\n");
		rig_free(rig);
	}
}

static void a_resource_may_be_one_too_many(void **state)
{
	struct rig *rig = rig_logged_in();
	rig->no_resource = true;
	for (unsigned i = 0; i < 4; i++) {
		assert_true(rig_feed(rig, BIND));
		assert_string_equal(rig_said(rig), "<iq type='error' id='b'><error type='wait'><resource-constraint "
						   "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
		assert_false(xmpp_c2s_is_ready(rig->c2s));
	}
	assert_false(rig_feed(rig, BIND));
	assert_true(g_error_matches(rig->error, XMPP_C2S_ERROR, XMPP_C2S_POLICY_VIOLATION));
	rig_free(rig);
}

static void bad_requests_have_an_end(void **state)
{
	struct rig *rig = rig_logged_in();
	for (unsigned i = 0; i < 4; i++)
		assert_true(
			rig_feed(rig, "<iq type='get' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"));
	assert_false(rig_feed(rig, "<iq type='get' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"));
	rig_free(rig);
}

static void an_end_from_inside_is_the_end(void **state)
{
	struct rig *rig = rig_logged_in();
	rig->ends_in_event = true;
	assert_false(rig_feed(rig, BIND "<presence/>"));
	assert_string_equal(rig_said(rig), ERROR("conflict"));
	assert_string_equal(rig_saw(rig), "bind r - 0\n");
	rig_free(rig);
}

static void the_session_of_old_is_answered(void **state)
{
	struct rig *rig = rig_ready();
	assert_true(rig_feed(rig, SESSION));
	assert_string_equal(rig_said(rig), "<iq type='result' id='s'/>");
	assert_string_equal(rig_saw(rig), "");
	rig_free(rig);
}

static void what_is_counted_is_not_answered_here(void **state)
{
	struct rig *rig = rig_ready();
	assert_true(rig_feed(rig, "<enable xmlns='urn:xmpp:sm:3'/>" SESSION));
	assert_string_equal(rig_saw(rig), "element <enable xmlns='urn:xmpp:sm:3'/>\nstanza " SESSION "\n");
	assert_string_equal(rig_said(rig), "");
	rig_free(rig);
}

/* --- XEP-0198 -------------------------------------------------------------------------------- */

#define RESUME  "<resume xmlns='urn:xmpp:sm:3' previd='x&amp;y' h='4294967295'/>"
#define RESUMED "<resumed xmlns='urn:xmpp:sm:3' h='7' previd='x&amp;y'/>"

static void a_stream_is_resumed_in_the_place_of_a_bind(void **state)
{
	struct rig *rig = rig_logged_in();
	rig->resumes = true;
	rig->handled = 7;
	assert_true(rig_feed(rig, RESUME SESSION));
	assert_string_equal(rig_said(rig), RESUMED);
	assert_string_equal(rig_saw(rig), "resume x&y 4294967295\nready again\nstanza " SESSION "\n");
	rig_free(rig);
}

static void a_stream_that_is_not_resumed_can_be_bound(void **state)
{
	struct rig *rig = rig_logged_in();
	rig->handled = 7;
	assert_true(rig_feed(rig, RESUME));
	assert_string_equal(rig_said(rig), "<failed xmlns='urn:xmpp:sm:3'>"
					   "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
	rig->known = true;
	assert_true(rig_feed(rig, RESUME));
	assert_string_equal(rig_said(rig), "<failed xmlns='urn:xmpp:sm:3' h='7'>"
					   "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
	rig_saw(rig);
	assert_true(rig_feed(rig, BIND));
	assert_string_equal(rig_saw(rig), "bind r - 0\nready\n");
	rig_free(rig);
}

static void streams_are_not_guessed(void **state)
{
	struct rig *rig = rig_logged_in();
	for (unsigned i = 0; i < 4; i++)
		assert_true(rig_feed(rig, RESUME));
	assert_false(rig_feed(rig, RESUME));
	assert_true(g_error_matches(rig->error, XMPP_C2S_ERROR, XMPP_C2S_POLICY_VIOLATION));
	rig_free(rig);
}

static void what_cannot_be_a_resumption_is_not_asked_for(void **state)
{
	static const char *const bad[] = {
		"<resume xmlns='urn:xmpp:sm:3' h='0'/>",
		"<resume xmlns='urn:xmpp:sm:3' previd='' h='0'/>",
		"<resume xmlns='urn:xmpp:sm:3' previd='x'/>",
		"<resume xmlns='urn:xmpp:sm:3' previd='x' h=''/>",
		"<resume xmlns='urn:xmpp:sm:3' previd='x' h='-1'/>",
		"<resume xmlns='urn:xmpp:sm:3' previd='x' h=' 1'/>",
		"<resume xmlns='urn:xmpp:sm:3' previd='x' h='0x1'/>",
		"<resume xmlns='urn:xmpp:sm:3' previd='x' h='4294967296'/>",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
		struct rig *rig = rig_logged_in();
		assert_true(rig_feed(rig, bad[i]));
		assert_string_equal(rig_saw(rig), "");
		assert_string_equal(rig_said(rig),
				    "<failed xmlns='urn:xmpp:sm:3'>"
				    "<bad-request xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
		rig_free(rig);
	}
}

static void management_has_to_wait_for_a_resource(void **state)
{
	struct rig *rig = rig_logged_in();
	assert_true(rig_feed(rig, "<enable xmlns='urn:xmpp:sm:3' resume='true'/>"));
	assert_string_equal(rig_said(rig), "<failed xmlns='urn:xmpp:sm:3'><unexpected-request "
					   "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>");
	assert_string_equal(rig_saw(rig), "");
	rig_free(rig);
}

/* --- along with a login (XEP-0388, XEP-0386) ------------------------------------------------- */

#define AUTHENTICATE(inside)                                                               \
	"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>" ROMEO \
	"</initial-response>" inside "</authenticate>"
#define SUCCESS(jid, more)                                                                                   \
	"<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>" jid "</authorization-identifier>" more \
	"</success><stream:features>"
#define BIND2(inside) "<bind xmlns='urn:xmpp:bind:0'>" inside "</bind>"

static struct rig *authenticate(const char *text)
{
	struct rig *rig = rig_open(true);
	assert_true(rig_feed(rig, text));
	assert_string_equal(rig_saw(rig), "login romeo secret\n");
	return rig;
}

static void a_resource_comes_with_the_login(void **state)
{
	struct rig *rig = authenticate(AUTHENTICATE(BIND2("<tag>Some Client</tag>")));
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	const char *said = rig_said(rig);
	assert_true(g_str_has_prefix(said, SUCCESS("romeo@localhost/r", "<bound xmlns='urn:xmpp:bind:0'></bound>")));
	assert_null(strstr(said, "xmpp-bind"));
	assert_non_null(strstr(said, "<sm "));
	assert_string_equal(rig_saw(rig), "bind - Some Client 0\nready\n");
	assert_true(rig_feed(rig, "<presence/>"));
	assert_string_equal(rig_saw(rig), "stanza <presence/>\n");
	rig_free(rig);
}

static void what_the_session_begins_with_comes_too(void **state)
{
	static const struct {
		const char *text, *saw;
	} rows[] = {
		{ AUTHENTICATE(BIND2("<enable xmlns='urn:xmpp:sm:3'/>")), "bind - - 1\nready\n" },
		{ AUTHENTICATE(BIND2("<enable xmlns='urn:xmpp:sm:3' resume='1'/>")), "bind - - 3\nready\n" },
		{ AUTHENTICATE(BIND2("<enable xmlns='urn:xmpp:sm:3' resume='true'/><enable xmlns='urn:xmpp:carbons:2'/>"
				     "<inactive xmlns='urn:xmpp:csi:0'/><tag>x</tag>")),
		  "bind - x 15\nready\n" },
		{ AUTHENTICATE(BIND2("<active xmlns='urn:xmpp:csi:0'/><enable xmlns='urn:xmpp:other:0'/>")),
		  "bind - - 0\nready\n" },
		{ AUTHENTICATE(BIND2("<tag>1234567890123456789012345678901234567890123456789012345678901234</tag>")),
		  "bind - 1234567890123456789012345678901234567890123456789012345678901234 0\nready\n" },
		{ AUTHENTICATE(BIND2("<tag>12345678901234567890123456789012345678901234567890123456789012345</tag>")),
		  "bind - - 0\nready\n" },
		{ AUTHENTICATE(BIND2("<tag>a\ufffdb</tag>")), "bind - - 0\nready\n" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = authenticate(rows[i].text);
		xmpp_c2s_authenticated(rig->c2s, &rig->out);
		assert_string_equal(rig_saw(rig), rows[i].saw);
		rig_free(rig);
	}
}

static void management_is_on_if_it_says_so(void **state)
{
	static const struct {
		const char *sm_id, *said;
	} rows[] = {
		{ "i<d", "<enabled xmlns='urn:xmpp:sm:3' id='i&lt;d' resume='true' max='300'/>" },
		{ "", "<enabled xmlns='urn:xmpp:sm:3'/>" },
		{ NULL, "<failed xmlns='urn:xmpp:sm:3'><internal-server-error "
			"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = authenticate(AUTHENTICATE(BIND2("<enable xmlns='urn:xmpp:sm:3' resume='true'/>")));
		rig->sm_id = rows[i].sm_id;
		xmpp_c2s_authenticated(rig->c2s, &rig->out);
		g_autofree char *bound = g_strdup_printf("<bound xmlns='urn:xmpp:bind:0'>%s</bound>", rows[i].said);
		assert_non_null(strstr(rig_said(rig), bound));
		assert_true(rig_feed(rig, SESSION));
		/* What is counted is the owner's. */
		assert_int_equal(!strcmp(rig_said(rig), ""), rows[i].sm_id != NULL);
		rig_free(rig);
	}
}

static void a_stream_is_resumed_with_the_login(void **state)
{
	struct rig *rig = authenticate(AUTHENTICATE(RESUME BIND2("<tag>x</tag>")));
	rig->resumes = true;
	rig->handled = 7;
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	assert_true(g_str_has_prefix(rig_said(rig), SUCCESS("romeo@localhost/r", RESUMED)));
	assert_string_equal(rig_saw(rig), "resume x&y 4294967295\nready again\n");
	rig_free(rig);
}

static void where_it_is_not_a_resource_is_bound(void **state)
{
	struct rig *rig = authenticate(AUTHENTICATE(RESUME BIND2("")));
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	assert_true(g_str_has_prefix(rig_said(rig),
				     SUCCESS("romeo@localhost/r",
					     "<failed xmlns='urn:xmpp:sm:3'>"
					     "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"
					     "<bound xmlns='urn:xmpp:bind:0'></bound>")));
	assert_string_equal(rig_saw(rig), "resume x&y 4294967295\nbind - - 0\nready\n");
	rig_free(rig);
}

static void without_a_resource_the_login_stands(void **state)
{
	struct rig *rig = authenticate(AUTHENTICATE(RESUME));
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	assert_true(g_str_has_prefix(
		rig_said(rig),
		SUCCESS("romeo@localhost",
			"<failed xmlns='urn:xmpp:sm:3'><item-not-found "
			"xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>") "<bind "
										  "xmlns='urn:ietf:params:xml:ns:xmpp-"
										  "bind'/>"));
	rig_free(rig);
	rig = authenticate(AUTHENTICATE(BIND2("")));
	rig->no_resource = true;
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	assert_true(g_str_has_prefix(rig_said(rig), SUCCESS("romeo@localhost", "") "<bind "));
	rig->no_resource = false;
	rig_saw(rig);
	assert_true(rig_feed(rig, BIND));
	assert_string_equal(rig_saw(rig), "bind r - 0\nready\n");
	rig_free(rig);
}

static void an_end_from_inside_leaves_no_success(void **state)
{
	struct rig *rig = authenticate(AUTHENTICATE(BIND2("<tag>x</tag>")));
	rig->ends_in_event = true;
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	assert_string_equal(rig_said(rig), ERROR("conflict"));
	assert_string_equal(rig_saw(rig), "bind - x 0\n");
	assert_false(xmpp_c2s_is_authenticated(rig->c2s));
	rig_free(rig);
}

static void a_wish_does_not_outlive_its_login(void **state)
{
	struct rig *rig = authenticate(AUTHENTICATE(RESUME BIND2("<tag>x</tag>")));
	assert_true(xmpp_c2s_refused(rig->c2s, XMPP_C2S_FAIL_NOT_AUTHORIZED, NULL, &rig->out));
	assert_true(rig_feed(rig, AUTHENTICATE("")));
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	assert_string_equal(rig_saw(rig), "login romeo secret\n");
	assert_non_null(strstr(rig_said(rig), SUCCESS("romeo@localhost", "")));
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_resource_is_bound_as_asked_for),
		cmocka_unit_test(a_bind_that_is_no_bind_is_a_bad_request),
		cmocka_unit_test(a_resource_may_be_one_too_many),
		cmocka_unit_test(bad_requests_have_an_end),
		cmocka_unit_test(an_end_from_inside_is_the_end),
		cmocka_unit_test(the_session_of_old_is_answered),
		cmocka_unit_test(what_is_counted_is_not_answered_here),
		cmocka_unit_test(a_stream_is_resumed_in_the_place_of_a_bind),
		cmocka_unit_test(a_stream_that_is_not_resumed_can_be_bound),
		cmocka_unit_test(streams_are_not_guessed),
		cmocka_unit_test(what_cannot_be_a_resumption_is_not_asked_for),
		cmocka_unit_test(management_has_to_wait_for_a_resource),
		cmocka_unit_test(a_resource_comes_with_the_login),
		cmocka_unit_test(what_the_session_begins_with_comes_too),
		cmocka_unit_test(management_is_on_if_it_says_so),
		cmocka_unit_test(a_stream_is_resumed_with_the_login),
		cmocka_unit_test(where_it_is_not_a_resource_is_bound),
		cmocka_unit_test(without_a_resource_the_login_stands),
		cmocka_unit_test(an_end_from_inside_leaves_no_success),
		cmocka_unit_test(a_wish_does_not_outlive_its_login),
	};
	return rig_run(tests);
}
