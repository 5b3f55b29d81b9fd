/* SPDX-License-Identifier: MIT */
#include "iq.h"

#include "xmpp/disco.h"

#define FEATURE(var) "<feature var='" var "'/>"
#define DISCO        FEATURE("http://jabber.org/protocol/disco#info") FEATURE("http://jabber.org/protocol/disco#items")

#define TRANSPORT_INFO                                                                                               \
	"<identity category='gateway' type='gateway' name='Spectrum 2 Transport'/>" DISCO FEATURE(                   \
		"jabber:iq:register") FEATURE("jabber:iq:gateway") FEATURE("http://jabber.org/protocol/commands")    \
		FEATURE("http://jabber.org/protocol/rosterx") FEATURE("jabber:iq:version") FEATURE("jabber:iq:last") \
			FEATURE("urn:xmpp:time") FEATURE("http://jabber.org/protocol/stats")                         \
				FEATURE("urn:xmpp:blocking") FEATURE("urn:xmpp:ping") FEATURE("vcard-temp")          \
					FEATURE("http://jabber.org/protocol/rsm")                                    \
						FEATURE("http://jabber.org/protocol/muc")
#define CONTACT_INFO                                                                                                   \
	"<identity category='client' type='pc' name='Spectrum 2 Transport'/>" DISCO FEATURE("urn:xmpp:ping")           \
		FEATURE("vcard-temp") FEATURE("http://jabber.org/protocol/chatstates") FEATURE("urn:xmpp:attention:0") \
			FEATURE("jabber:x:oob") FEATURE("urn:xmpp:receipts")                                           \
				FEATURE("http://jabber.org/protocol/xhtml-im")
/* --- disco --------------------------------------------------------------------------------- */

static void transport_and_contacts_say_what_they_are(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(GATE, INFO "/>"));
	expect(rig, RESULT(GATE, INFO ">" TRANSPORT_INFO "</query>"));
	receive(rig, GET(BOB, INFO "/>"));
	expect(rig, RESULT(BOB, INFO ">" CONTACT_INFO "</query>"));
	receive(rig, "<iq type='get' id='1' from='" A "'>" INFO "/></iq>");
	expect(rig, RESULT(GATE, INFO ">" TRANSPORT_INFO "</query>"));
	rig_end(rig);
}

/* The node and hash of the presence of a contact. */
static char *announced_node(struct rig *rig)
{
	static enum core_status status = CORE_ONLINE;
	status = status == CORE_ONLINE ? CORE_AWAY : CORE_ONLINE;
	forget(rig);
	net_contact(rig->fakes, USER, &(struct core_contact){ .name = "bob", .status = status });
	g_autofree char *text = g_strndup(buf_data(&rig->out), buf_len(&rig->out));
	char *ver = strstr(text, "ver='") + 5;
	ver[strcspn(ver, "'")] = '\0';
	forget(rig);
	return g_strdup(ver);
}

static void the_hash_of_presence_is_that_of_the_answer(void **state)
{
	static const char *const features[] = { "http://jabber.org/protocol/disco#info",
						"http://jabber.org/protocol/disco#items",
						"urn:xmpp:ping",
						"vcard-temp",
						"http://jabber.org/protocol/chatstates",
						"urn:xmpp:attention:0",
						"jabber:x:oob",
						"urn:xmpp:receipts",
						"http://jabber.org/protocol/xhtml-im",
						NULL };
	struct disco_info info = { "client", "pc", "Spectrum 2 Transport", features };
	struct rig *rig = rig_start();
	g_autofree char *wanted = disco_caps_ver(&info), *ver = announced_node(rig);
	assert_string_equal(ver, wanted);
	g_autofree char *question = g_strdup_printf(GET(BOB, INFO " node='https://spectrum.im/#%s'/>"), ver);
	g_autofree char *answer =
		g_strdup_printf(RESULT(BOB, INFO " node='https://spectrum.im/#%s'>" CONTACT_INFO "</query>"), ver);
	receive(rig, question);
	expect(rig, answer);
	receive(rig, GET(GATE, INFO " node='strange'/>"));
	expect(rig, ERROR(GATE, "cancel", "item-not-found"));
	rig_end(rig);
}

static void what_is_announced_late_changes_the_hash(void **state)
{
	struct rig *rig = rig_start();
	g_autofree char *before = announced_node(rig);
	core_set_features(rig->fakes->core, &(struct core_features){ .need_password = true });
	g_autofree char *after = announced_node(rig);
	assert_string_not_equal(before, after);
	rig_end(rig);
}

static void the_administrator_names_the_transport(void **state)
{
	static const char *const overrides[] = { "identity.name=IRC & co", "identity.category=conference",
						 "identity.type=irc", "service.enable_xhtml=0", NULL };
	struct rig *rig = rig_new("none", overrides);
	receive(rig, GET(GATE, INFO "/>"));
	expect(rig,
	       RESULT(GATE, INFO "><identity category='conference' type='irc' name='IRC &amp; co'/>" DISCO FEATURE(
				    "jabber:iq:register") FEATURE("jabber:iq:gateway")
				    FEATURE("http://jabber.org/protocol/commands") FEATURE(
					    "http://jabber.org/protocol/rosterx") FEATURE("jabber:iq:version")
					    FEATURE("jabber:iq:last") FEATURE("urn:xmpp:time") FEATURE(
						    "http://jabber.org/protocol/stats") FEATURE("urn:xmpp:blocking")
						    FEATURE("urn:xmpp:ping") FEATURE("vcard-temp")
							    FEATURE("http://jabber.org/protocol/rsm") "</query>"));
	rig_end(rig);
}

/* --- ping, version, gateway ---------------------------------------------------------------- */

static void pings_are_answered_by_whom_they_ask(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(GATE, PING));
	receive(rig, GET(BOB, PING));
	receive(rig, GET("bob@" GATE, PING));
	expect(rig, RESULT(GATE, "") RESULT(BOB, "") RESULT("bob@" GATE, ""));
	rig_end(rig);
}

static void a_ping_to_oneself_in_a_room_tells_whether_one_is_inside(void **state)
{
	static const char *const rooms[] = { "#r", "r%x" };
	for (size_t i = 0; i < G_N_ELEMENTS(rooms); i++) {
		struct rig *rig = rig_start();
		g_autofree char *me = g_strdup_printf("%s@" GATE "/me", rooms[i]);
		g_autofree char *other = g_strdup_printf("%s@" GATE "/other", rooms[i]);
		g_autofree char *join = g_strdup_printf("<presence from='" A "' to='%s'>"
							"<x xmlns='http://jabber.org/protocol/muc'/></presence>",
							me);
		g_autofree char *ping = g_strdup_printf("<iq type='get' id='1' from='" A "' to='%s'>" PING "</iq>", me);
		g_autofree char *ping_b =
			g_strdup_printf("<iq type='get' id='1' from='user@localhost/b' to='%s'>" PING "</iq>", me);
		g_autofree char *ping_other =
			g_strdup_printf("<iq type='get' id='1' from='" A "' to='%s'>" PING "</iq>", other);
		g_autofree char *in = g_strdup_printf("<iq type='result' id='1' from='%s' to='" A "'/>", me);
		g_autofree char *out =
			g_strdup_printf("<iq type='error' id='1' from='%s' to='" A "'><error type='modify'>"
					"<not-acceptable " STANZAS "/></error></iq>",
					me);
		g_autofree char *out_b =
			g_strdup_printf("<iq type='error' id='1' from='%s' to='user@localhost/b'><error type='modify'>"
					"<not-acceptable " STANZAS "/></error></iq>",
					me);
		g_autofree char *nobody =
			g_strdup_printf("<iq type='error' id='1' from='%s' to='" A "'>"
					"<error type='cancel'><item-not-found " STANZAS "/></error></iq>",
					other);
		receive(rig, ping);
		expect(rig, out);
		receive(rig, join);
		net_occupant(rig->fakes, USER, i ? "r@x" : "#r", "me", CORE_FLAG_ME);
		forget(rig);
		receive(rig, ping);
		expect(rig, in);
		receive(rig, ping_b);
		expect(rig, out_b);
		receive(rig, ping_other);
		expect(rig, nobody);
		rig_end(rig);
	}
}

static void the_transport_tells_its_version(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(GATE, "<query xmlns='jabber:iq:version'/>"));
	expect(rig, RESULT(GATE, "<query xmlns='jabber:iq:version'><name>Spectrum</name><version>" SPECTRUM_VERSION
				 "</version></query>"));
	rig_end(rig);
}

static void names_become_addresses(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(GATE, PROMPT "/>"));
	expect(rig, RESULT(GATE,
			   PROMPT "><desc>Enter legacy network contact ID.</desc><prompt>Contact ID</prompt></query>"));
	receive(rig, SET(GATE, PROMPT "><prompt>A@B</prompt></query>"));
	expect(rig, RESULT(GATE, PROMPT "><jid>a\\40b@" GATE "</jid></query>"));
	receive(rig, SET(GATE, PROMPT "><prompt>a\\40b</prompt></query>"));
	expect(rig, RESULT(GATE, PROMPT "><jid>a\\40b@" GATE "</jid></query>"));
	receive(rig, SET(GATE, PROMPT "><prompt>msn/it's</prompt></query>"));
	expect(rig, RESULT(GATE, PROMPT "><jid>msn\\2fit\\27s@" GATE "</jid></query>"));
	receive(rig, SET(GATE, PROMPT "/>"));
	receive(rig, SET(GATE, PROMPT "><prompt/></query>"));
	expect(rig, ERROR_TEXT(GATE, "modify", "not-acceptable", "This cannot be the name of a contact")
			    ERROR_TEXT(GATE, "modify", "not-acceptable", "This cannot be the name of a contact"));
	rig_end(rig);
}

static void names_become_addresses_the_other_way_too(void **state)
{
	static const char *const overrides[] = { "service.jid_escaping=0", NULL };
	struct rig *rig = rig_new("none", overrides);
	receive(rig, SET(GATE, PROMPT "><prompt>a@b</prompt></query>"));
	expect(rig, RESULT(GATE, PROMPT "><jid>a%b@" GATE "</jid></query>"));
	rig_end(rig);
}

/* --- vCards -------------------------------------------------------------------------------- */

static void vcards_of_contacts_come_from_the_network(void **state)
{
	struct rig *rig = rig_start();
	struct core_vcard card = {
		.full_name = "Bob & <co>", .nickname = "Bob\x01", .photo = "\x89PNG\r\n", .photo_len = 6
	};
	receive(rig, GET(BOB, VCARD "/>"));
	expect(rig, "");
	expect_net(rig, "net vcard user@localhost bob\n");
	core_legacy_vcard(fakes_user(rig->fakes, USER), rig->fakes->vcard, &card);
	expect(rig,
	       RESULT(BOB, VCARD "><FN>Bob &amp; &lt;co&gt;</FN><NICKNAME>Bob</NICKNAME><PHOTO><TYPE>image/png</TYPE>"
				 "<BINVAL>iVBORw0K</BINVAL></PHOTO></vCard>"));
	receive(rig, GET(BOB, VCARD "/>"));
	core_legacy_vcard(fakes_user(rig->fakes, USER), rig->fakes->vcard, &(struct core_vcard){ 0 });
	expect(rig, RESULT(BOB, VCARD "/>"));
	rig_end(rig);
}

static void photos_are_bounded(void **state)
{
	struct rig *rig = rig_start();
	g_autofree char *photo = g_strnfill(1 << 20, 'x');
	receive(rig, GET(BOB, VCARD "/>"));
	core_legacy_vcard(fakes_user(rig->fakes, USER), rig->fakes->vcard,
			  &(struct core_vcard){ .full_name = photo, .photo = photo, .photo_len = 1 << 20 });
	fakes_settle(rig->fakes);
	assert_true(buf_len(&rig->out) < 512 << 10);
	forget(rig);
	receive(rig, GET(BOB, VCARD "/>"));
	core_legacy_vcard(fakes_user(rig->fakes, USER), rig->fakes->vcard,
			  &(struct core_vcard){ .photo = photo, .photo_len = 256 << 10 });
	fakes_settle(rig->fakes);
	assert_true(buf_len(&rig->out) > 256 << 10);
	assert_true(buf_len(&rig->out) < 512 << 10);
	rig_end(rig);
}

static void without_a_session_there_are_none(void **state)
{
	struct rig *rig = rig_new("sqlite3", NULL);
	receive(rig, GET(BOB, VCARD "/>"));
	expect(rig, ERROR_TEXT(BOB, "wait", "recipient-unavailable", "You are not logged in to the network"));
	receive(rig, SET(GATE, VCARD "/>"));
	expect(rig, ERROR_TEXT(GATE, "wait", "recipient-unavailable", "You are not logged in to the network"));
	rig_end(rig);
}

static void the_transport_has_one_of_its_own(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(GATE, VCARD "/>"));
	expect(rig, RESULT(GATE, VCARD "><FN>Spectrum 2 Transport</FN></vCard>"));
	expect_net(rig, "");
	rig_end(rig);
}

static void the_user_sets_the_own_one(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, SET(GATE, VCARD "><NICKNAME>Julie</NICKNAME><PHOTO><BINVAL>aGVs\nbG8=</BINVAL></PHOTO></vCard>"));
	receive(rig, SET(GATE, VCARD "/>"));
	expect(rig, RESULT(GATE, "") RESULT(GATE, ""));
	expect_net(rig, "net set-vcard user@localhost Julie 5 bytes\nnet set-vcard user@localhost 0 bytes\n");
	receive(rig, SET(BOB, VCARD "/>"));
	expect(rig, ERROR_TEXT(BOB, "auth", "forbidden", "Only your own vCard can be changed"));
	rig_end(rig);
}

/* --- what is none of these ------------------------------------------------------------------ */

static void what_is_unknown_is_refused_by_whom_it_was_asked(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(GATE, "<query xmlns='strange'/>"));
	receive(rig, SET(BOB, "<query xmlns='strange'/>"));
	receive(rig, GET("#r@" GATE "/x", "<vcard xmlns='vcard-temp'/>"));
	receive(rig, GET(BOB, PROMPT "/>"));
	expect(rig, ERROR(GATE, "cancel", "service-unavailable") ERROR(BOB, "cancel", "service-unavailable")
			    ERROR("#r@" GATE "/x", "cancel", "service-unavailable")
				    ERROR(BOB, "cancel", "service-unavailable"));
	receive(rig, SET(GATE, INFO "/>"));
	receive(rig, SET(BOB, PING));
	expect(rig, ERROR(GATE, "cancel", "not-allowed") ERROR(BOB, "cancel", "not-allowed"));
	rig_end(rig);
}

static void malformed_requests_are_told_apart(void **state)
{
	static const char one[] = ERROR_TEXT(GATE, "modify", "bad-request", "An IQ request has exactly one payload");
	static const char typed[] =
		"<error type='modify'><bad-request " STANZAS "/><text " STANZAS ">An IQ has an id and a "
		"type of get, set, result or error</text></error></iq>";
	struct rig *rig = rig_start();
	g_autofree char *without_id = g_strconcat("<iq type='error' from='" GATE "' to='" A "'>", typed, NULL);
	g_autofree char *with_id = g_strconcat("<iq type='error' id='1' from='" GATE "' to='" A "'>", typed, NULL);
	receive(rig, GET(GATE, ""));
	expect(rig, one);
	receive(rig, GET(GATE, PING PING));
	expect(rig, one);
	receive(rig, "<iq type='get' from='" A "' to='" GATE "'>" PING "</iq>");
	expect(rig, without_id);
	receive(rig, "<iq type='strange' id='1' from='" A "' to='" GATE "'>" PING "</iq>");
	expect(rig, with_id);
	receive(rig, "<iq id='1' from='" A "' to='" GATE "'>" PING "</iq>");
	expect(rig, with_id);
	rig_end(rig);
}

/* A server ends the link for a stanza past its limit; an apostrophe of the request is six bytes of the answer. */
static void what_an_answer_repeats_is_bounded(void **state)
{
	struct rig *rig = rig_start();
	g_autofree char *text = g_strnfill(100000, '\'');
	g_autofree char *by_id =
		g_strdup_printf("<iq type='get' id=\"%s\" from='" A "' to='" GATE "'>" PING "</iq>", text);
	g_autofree char *by_node =
		g_strdup_printf("<iq type='get' id='1' from='" A "' to='" GATE "'>" ITEMS " node=\"%s\"/></iq>", text);
	g_autofree char *in_message = g_strdup_printf("<message id=\"%s\" from='stranger@localhost/a' to='" BOB "'>"
						      "<body>hi</body></message>",
						      text);
	receive(rig, by_id);
	receive(rig, by_node);
	receive(rig, in_message);
	assert_int_equal(rig->fakes->metrics.value[METRIC_STANZAS_DROPPED], 3);
	receive(rig, GET(GATE, PING));
	expect(rig, RESULT(GATE, ""));
	rig_end(rig);
}

static void answers_are_not_answered(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, IQ("result", A, GATE) "</iq>");
	receive(rig, IQ("error", A, GATE) PING "</iq>");
	receive(rig, IQ("error", A, BOB) "<error type='cancel'><gone " STANZAS "/></error></iq>");
	expect(rig, "");
	rig_end(rig);
}

static void a_link_that_is_away_loses_nothing_but_the_answer(void **state)
{
	struct rig *rig = rig_start();
	rig->closed = true;
	receive(rig, GET(GATE, PING));
	receive(rig, GET(GATE, INFO "/>"));
	receive(rig, GET(GATE, REGISTER "/>"));
	receive(rig, GET(BOB, VCARD "/>"));
	core_legacy_vcard(fakes_user(rig->fakes, USER), rig->fakes->vcard, &(struct core_vcard){ 0 });
	fakes_settle(rig->fakes);
	rig->closed = false;
	expect(rig, "");
	assert_int_equal(rig->fakes->metrics.value[METRIC_STANZAS_DROPPED], 4);
	rig_end(rig);
}

static void answers_under_way_at_the_end_are_dropped(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(BOB, VCARD "/>"));
	receive(rig, GET(GATE, REGISTER "/>"));
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transport_and_contacts_say_what_they_are),
		cmocka_unit_test(the_hash_of_presence_is_that_of_the_answer),
		cmocka_unit_test(what_is_announced_late_changes_the_hash),
		cmocka_unit_test(the_administrator_names_the_transport),
		cmocka_unit_test(pings_are_answered_by_whom_they_ask),
		cmocka_unit_test(a_ping_to_oneself_in_a_room_tells_whether_one_is_inside),
		cmocka_unit_test(the_transport_tells_its_version),
		cmocka_unit_test(names_become_addresses),
		cmocka_unit_test(names_become_addresses_the_other_way_too),
		cmocka_unit_test(vcards_of_contacts_come_from_the_network),
		cmocka_unit_test(photos_are_bounded),
		cmocka_unit_test(without_a_session_there_are_none),
		cmocka_unit_test(the_transport_has_one_of_its_own),
		cmocka_unit_test(the_user_sets_the_own_one),
		cmocka_unit_test(what_is_unknown_is_refused_by_whom_it_was_asked),
		cmocka_unit_test(malformed_requests_are_told_apart),
		cmocka_unit_test(what_an_answer_repeats_is_bounded),
		cmocka_unit_test(answers_are_not_answered),
		cmocka_unit_test(a_link_that_is_away_loses_nothing_but_the_answer),
		cmocka_unit_test(answers_under_way_at_the_end_are_dropped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
