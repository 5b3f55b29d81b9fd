/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include "core/raw.h"

#define A USER "/a"
#define B USER "/b"

static int setup(void **state)
{
	struct rig *rig = rig_new("sqlite3", NULL);
	core_set_features(rig->fakes->core, &(struct core_features){ .need_password = true, .rawxml = true });
	fakes_register(rig->fakes, USER);
	receive(rig, "<presence from='" A "' to='gate.localhost'/>");
	fakes_settle(rig->fakes);
	net_connected(rig->fakes, USER);
	fakes_forget(rig->fakes);
	forget(rig);
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	rig_end(*state);
	return 0;
}

static void net_sends(struct rig *rig, const char *text)
{
	core_legacy_raw(rig->fakes->core, FAKE_SOURCE, text, strlen(text));
}

static void second_session(struct rig *rig)
{
	receive(rig, "<presence from='" B "' to='gate.localhost'><priority>-1</priority></presence>");
	fakes_forget(rig->fakes);
	forget(rig);
}

static void enter(struct rig *rig)
{
	receive(rig, "<presence from='" A "' to='room%conf.tld@gate.localhost/me'>"
		     "<x xmlns='http://jabber.org/protocol/muc'/></presence>");
	net_sends(rig, "<presence from='room@conf.tld/bob' to='" USER "'>"
		       "<x xmlns='http://jabber.org/protocol/muc#user'/></presence>"
		       "<presence from='room@conf.tld/me' to='" USER "'>"
		       "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>"
		       "<message type='groupchat' from='room@conf.tld/bob' to='" USER "'>"
		       "<subject>plans</subject></message>");
	fakes_forget(rig->fakes);
	forget(rig);
}

/* --- from the network ------------------------------------------------------------------------ */

/* A network's stream ends for one user, the backend's connection is everybody's. */
static void the_end_tag_of_a_stream_ends_nothing(void **state)
{
	net_sends(*state, "<presence from='buddy1@domain.tld/res' to='" USER "'/></stream:stream>ignored");
	expect(*state, "<presence from='buddy1\\40domain.tld@gate.localhost/res' to='" USER "'/>");
	net_sends(*state, "<presence from='buddy2@domain.tld/res' to='" USER "'/>");
	expect(*state, "<presence from='buddy2\\40domain.tld@gate.localhost/res' to='" USER "'/>");
}

static void presence_of_a_stranger_is_escaped_and_keeps_its_resource(void **state)
{
	net_sends(*state, "<presence from='buddy1@domain.tld/res' to='" USER "'/>");
	expect(*state, "<presence from='buddy1\\40domain.tld@gate.localhost/res' to='" USER "'/>");
}

static void stanzas_may_be_split_over_messages(void **state)
{
	net_sends(*state, "<presence from='buddy1@domain.tld/res' to='user@loc");
	expect(*state, "");
	net_sends(*state, "alhost'><show>away</show></presence><mess");
	expect(*state, "<presence from='buddy1\\40domain.tld@gate.localhost/res' to='" USER "'><show>away</show>"
		       "</presence>");
	net_sends(*state, "age from='bob@domain.tld' to='" USER "'><body>hi</body></message>");
	expect(*state, "<message from='bob\\40domain.tld@gate.localhost' to='" USER "'><body>hi</body></message>");
}

static void contacts_have_the_presence_of_the_network_only(void **state)
{
	struct rig *rig = *state;
	net_contact(rig->fakes, USER,
		    &(struct core_contact){ .name = "Buddy1@domain.tld", .status = CORE_AWAY, .icon_hash = "" });
	expect(rig, "");
	net_sends(rig, "<presence from='buddy1@domain.tld/res' to='" USER "'/>");
	expect(rig, "<presence from='buddy1\\40domain.tld@gate.localhost/res' to='" USER "'/>");
	net_sends(rig, "<presence from='buddy1@domain.tld/res' to='" USER "'/>");
	expect(rig, "");
}

static void every_resource_is_shown_to_sessions_and_probes_and_hidden_at_logout(void **state)
{
	struct rig *rig = *state;
	static const char one[] = "<presence from='b\\40d.tld@gate.localhost/%s' to='%s'%s/>";
	net_sends(rig, "<presence from='b@d.tld/one' to='" USER "'/><presence from='b@d.tld/two' to='" USER "'/>");
	forget(rig);
	receive(rig, "<presence type='probe' from='" A "' to='b\\40d.tld@gate.localhost'/>");
	g_autofree char *seen = rig_sent(rig);
	assert_non_null(strstr(seen, "/one' to='" A "'"));
	assert_non_null(strstr(seen, "/two' to='" A "'"));
	forget(rig);
	receive(rig, "<presence from='" B "' to='gate.localhost'/>");
	g_autofree char *newcomer = rig_sent(rig);
	assert_non_null(strstr(newcomer, "/one' to='" B "'"));
	assert_non_null(strstr(newcomer, "/two' to='" B "'"));
	forget(rig);
	net_sends(rig, "<presence type='unavailable' from='b@d.tld/one' to='" USER "'/>");
	g_autofree char *gone = g_strdup_printf(one, "one", USER, " type='unavailable'");
	expect(rig, gone);
	net_sends(rig, "<presence from='b@d.tld/one' to='" USER "'/>");
	forget(rig);
	receive(rig, "<presence type='unavailable' from='" A "' to='gate.localhost'/>");
	forget(rig);
	receive(rig, "<presence type='unavailable' from='" B "' to='gate.localhost'/>");
	g_autofree char *end = rig_sent(rig);
	assert_non_null(strstr(end, "/one' to='" B "' type='unavailable'"));
	assert_non_null(strstr(end, "/two' to='" B "' type='unavailable'"));
}

static void probes_of_who_is_not_there_are_answered(void **state)
{
	receive(*state, "<presence type='probe' from='" A "' to='b\\40d.tld@gate.localhost'/>");
	expect(*state, "<presence type='unavailable' from='b\\40d.tld@gate.localhost' to='" A "'/>");
}

static void messages_go_to_the_resource_that_wrote_last(void **state)
{
	struct rig *rig = *state;
	net_sends(rig, "<message id='1' from='b@d.tld/x' to='" USER "'><body>a</body></message>");
	expect(rig, "<message id='1' from='b\\40d.tld@gate.localhost/x' to='" USER "'><body>a</body></message>");
	receive(rig, "<message id='m' type='chat' from='" A "' to='b\\40d.tld@gate.localhost/x' xml:lang='de'>"
		     "<body>b &amp; c</body><active xmlns='http://jabber.org/protocol/chatstates'/></message>");
	expect_net(rig, "net raw user@localhost <message from='user@localhost/a' to='b@d.tld/x' id='m' type='chat' "
			"xml:lang='de'><body>b &amp; c</body>"
			"<active xmlns='http://jabber.org/protocol/chatstates'/></message>\n"
			"net remember user@localhost b\\40d.tld@gate.localhost/x \"b & c\"\n");
	net_sends(rig, "<message from='b@d.tld/x' to='" USER "'><body>a</body></message>");
	expect(rig, "<message from='b\\40d.tld@gate.localhost/x' to='" A "'><body>a</body></message>");
}

static void garbage_resets_the_stream_of_that_backend_only(void **state)
{
	struct rig *rig = *state;
	struct core *core = rig->fakes->core;
	static const char half[] = "<message from='b@d.tld' to='" USER "'><bo";
	net_sends(rig, "<message from='b@d.tld' to='" USER "'><bo");
	core_legacy_raw(core, FAKE_SOURCE + 1, half, strlen(half));
	core_legacy_raw(core, FAKE_SOURCE + 1, "<<>>", 4);
	net_sends(rig, "dy>a</body></message>");
	expect(rig, "<message from='b\\40d.tld@gate.localhost' to='" USER "'><body>a</body></message>");
	net_sends(rig, "</nonsense><message from='b@d.tld' to='" USER "'><body>lost</body></message>");
	net_sends(rig, "<message from='b@d.tld' to='" USER "'><body>b</body></message>");
	expect(rig, "<message from='b\\40d.tld@gate.localhost' to='" USER "'><body>b</body></message>");
}

static void a_backend_speaks_for_its_own_users_only(void **state)
{
	struct rig *rig = *state;
	static const char text[] = "<message from='b@d.tld' to='" USER "'><body>a</body></message>";
	core_legacy_raw(rig->fakes->core, FAKE_SOURCE + 1, text, strlen(text));
	net_sends(rig, "<message from='b@d.tld' to='other@localhost'><body>a</body></message>");
	net_sends(rig, "<message from='b@d.tld'><body>a</body></message>");
	expect(rig, "");
}

static void a_stream_that_ended_begins_anew(void **state)
{
	struct rig *rig = *state;
	net_sends(rig, "<message from='b@d.tld' to='" USER "'><bo");
	core_legacy_raw_end(rig->fakes->core, FAKE_SOURCE);
	net_sends(rig, "<message from='b@d.tld' to='" USER "'><body>b</body></message>");
	expect(rig, "<message from='b\\40d.tld@gate.localhost' to='" USER "'><body>b</body></message>");
}

static void what_servers_alone_may_say_is_left_out(void **state)
{
	net_sends(*state, "<message from='b@d.tld' to='" USER "'><body>a</body>"
			  "<privilege xmlns='urn:xmpp:privilege:2'/></message>");
	expect(*state, "<message from='b\\40d.tld@gate.localhost' to='" USER "'><body>a</body></message>");
}

static void stanzas_too_large_for_the_server_are_left_out(void **state)
{
	struct rig *rig = *state;
	g_autofree char *quotes = g_strnfill(100000, '\'');
	g_autofree char *text = g_strdup_printf("<message from='b@d.tld' to='" USER "'><body>%s</body></message>"
						"<message from='b@d.tld' to='" USER "'><body>b</body></message>",
						quotes);
	net_sends(rig, text);
	expect(rig, "<message from='b\\40d.tld@gate.localhost' to='" USER "'><body>b</body></message>");
}

static void subscriptions_are_between_bare_jids(void **state)
{
	net_sends(*state, "<presence type='subscribe' from='b@d.tld/x' to='" USER "'/>");
	expect(*state, "<presence type='subscribe' from='b\\40d.tld@gate.localhost' to='" USER "'/>");
}

/* --- from the user --------------------------------------------------------------------------- */

static void own_presence_of_the_best_session_reaches_the_network(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<presence from='" A "' to='gate.localhost'><show>away</show></presence>");
	expect_net(rig, "net status user@localhost away\n"
			"net raw user@localhost <presence from='user@localhost/a'><show>away</show></presence>\n");
	receive(rig, "<presence from='" B "' to='gate.localhost'><priority>-1</priority></presence>");
	expect_net(rig, "");
	receive(rig, "<presence type='unavailable' from='" A "' to='gate.localhost'/>");
	expect_net(rig,
		   "net status user@localhost online\n"
		   "net raw user@localhost <presence from='user@localhost/b'><priority>-1</priority></presence>\n");
	receive(rig, "<presence type='unavailable' from='" B "' to='gate.localhost'><status>bye</status></presence>");
	expect_net(rig, "net raw user@localhost <presence from='user@localhost/b' type='unavailable'>"
			"<status>bye</status></presence>\n"
			"net logout user@localhost\n");
}

static void what_was_said_before_the_network_came_is_said_then(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<presence type='unavailable' from='" A "' to='gate.localhost'/>");
	receive(rig, "<presence from='" A "' to='gate.localhost'><show>xa</show></presence>");
	fakes_settle(rig->fakes);
	receive(rig, "<presence from='" A "' to='room%conf.tld@gate.localhost/me'>"
		     "<x xmlns='http://jabber.org/protocol/muc'/></presence>");
	fakes_forget(rig->fakes);
	net_connected(rig->fakes, USER);
	expect_net(rig, "net raw user@localhost <presence from='user@localhost/a'><show>xa</show></presence>\n"
			"net join user@localhost room@conf.tld me\n"
			"net raw user@localhost <presence from='user@localhost/a' to='room@conf.tld/me'>"
			"<x xmlns='http://jabber.org/protocol/muc'/></presence>\n");
}

static void another_session_that_speaks_for_the_user_is_told(void **state)
{
	struct rig *rig = *state;
	second_session(rig);
	receive(rig, "<presence from='" A "' to='gate.localhost'><priority>-5</priority></presence>");
	expect_net(rig,
		   "net raw user@localhost <presence from='user@localhost/b'><priority>-1</priority></presence>\n");
}

static void the_invisible_stay_so_after_a_loss(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<presence from='" A "' to='gate.localhost'><invisible xmlns='urn:xmpp:invisible:0'/></presence>");
	net_disconnected(rig->fakes, USER, 0, "lost");
	fakes_forget(rig->fakes);
	wait_for(rig->fakes, rig->fakes->lines->len > 0);
	fakes_forget(rig->fakes);
	net_connected(rig->fakes, USER);
	expect_net(rig, "");
}

static void who_is_blocked_is_neither_heard_nor_seen(void **state)
{
	struct rig *rig = *state;
	net_contact(rig->fakes, USER, &(struct core_contact){ .name = "b@d.tld", .status = CORE_ONLINE });
	receive(rig, "<iq type='set' id='1' from='" A "' to='gate.localhost'><block xmlns='urn:xmpp:blocking'>"
		     "<item jid='b\\40d.tld@gate.localhost'/></block></iq>");
	fakes_forget(rig->fakes);
	forget(rig);
	net_sends(rig, "<message from='b@d.tld/x' to='" USER "'><body>a</body></message>"
		       "<presence from='b@d.tld/x' to='" USER "'/>");
	expect(rig, "");
	receive(rig, "<message id='2' from='" A "' to='b\\40d.tld@gate.localhost'><body>a</body></message>");
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "not-acceptable"));
	forget(rig);
	expect_net(rig, "");
}

static void the_invisible_stay_so(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<presence from='" A "' to='gate.localhost'><invisible xmlns='urn:xmpp:invisible:0'/></presence>");
	expect_net(rig, "net status user@localhost invisible\n");
}

static void subscriptions_reach_the_network_and_are_answered_by_it(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<presence type='subscribe' from='" USER "' to='b\\40d.tld@gate.localhost'/>");
	expect_net(rig, "net raw user@localhost <presence from='user@localhost' to='b@d.tld' type='subscribe'>"
			"</presence>\n"
			"net put user@localhost b@d.tld\n");
	expect(rig, "");
}

static void directed_presence_reaches_the_network(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<presence from='" A "' to='b\\40d.tld@gate.localhost'/>");
	expect_net(rig, "net raw user@localhost <presence from='user@localhost/a' to='b@d.tld'></presence>\n");
}

static void what_cannot_be_sent_comes_back(void **state)
{
	struct rig *rig = *state;
	rig->fakes->result = -107;
	receive(rig, "<message id='1' from='" A "' to='b@gate.localhost'><body>a</body></message>");
	receive(rig, "<iq id='2' type='get' from='" A "' to='b@gate.localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "id='1'"));
	assert_non_null(strstr(sent, "id='2'"));
	assert_null(strstr(sent, "type='result'"));
	rig->fakes->result = 0;
	fakes_forget(rig->fakes);
	forget(rig);
	receive(rig, "<message id='1' from='x@localhost/a' to='b@gate.localhost'><body>a</body></message>");
	receive(rig,
		"<iq id='2' type='get' from='x@localhost/a' to='b@gate.localhost'><vCard xmlns='vcard-temp'/></iq>");
	g_autofree char *stranger = rig_sent(rig);
	assert_non_null(strstr(stranger, "<message from='b@gate.localhost' id='1' to='x@localhost/a' type='error'"));
	assert_non_null(strstr(stranger, "<iq from='b@gate.localhost' id='2' to='x@localhost/a' type='error'"));
	forget(rig);
}

/* --- IQ -------------------------------------------------------------------------------------- */

static void answers_go_to_the_resource_that_asked_from_whom_it_asked(void **state)
{
	struct rig *rig = *state;
	second_session(rig);
	receive(rig,
		"<iq id='v1' type='get' from='" B "' to='b\\40d.tld@gate.localhost'><vCard xmlns='vcard-temp'/></iq>");
	expect_net(rig, "net raw user@localhost <iq from='user@localhost/b' to='b@d.tld' id='v1' type='get'>"
			"<vCard xmlns='vcard-temp'/></iq>\n");
	net_sends(rig, "<iq id='v1' type='result' from='b@d.tld' to='" USER "'><vCard xmlns='vcard-temp'/></iq>");
	expect(rig, "<iq id='v1' type='result' from='b\\40d.tld@gate.localhost' to='" B
		    "'><vCard xmlns='vcard-temp'/></iq>");
	/* It was answered: what comes now is of nobody's asking. */
	net_sends(rig, "<iq id='v1' type='result' from='b@d.tld' to='" USER "'/>");
	expect(rig, "<iq id='v1' type='result' from='b\\40d.tld@gate.localhost' to='" A "'/>");
}

static void the_same_id_of_two_resources_is_told_apart(void **state)
{
	struct rig *rig = *state;
	second_session(rig);
	receive(rig, "<iq id='1' type='get' from='" A "' to='b@gate.localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
	fakes_forget(rig->fakes);
	receive(rig, "<iq id='1' type='get' from='" B "' to='b@gate.localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
	g_autofree char *line = g_strdup(rig->fakes->lines->pdata[0]);
	g_autoptr(GRegex) regex = g_regex_new("id='([^']*)'", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	assert_true(g_regex_match(regex, line, 0, &match));
	g_autofree char *id = g_match_info_fetch(match, 1);
	assert_string_not_equal(id, "1");
	fakes_forget(rig->fakes);
	g_autofree char *second = g_strdup_printf("<iq id='%s' type='result' from='b' to='" USER "'/>", id);
	net_sends(rig, second);
	expect(rig, "<iq id='1' type='result' from='b@gate.localhost' to='" B "'/>");
	net_sends(rig, "<iq id='1' type='error' from='b' to='" USER "'/>");
	expect(rig, "<iq id='1' type='error' from='b@gate.localhost' to='" A "'/>");
}

static void what_the_gateway_itself_is_asked_it_answers(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<iq id='1' type='get' from='" A "' to='gate.localhost'><ping xmlns='urn:xmpp:ping'/></iq>");
	expect(rig, "<iq id='1' type='result' from='gate.localhost' to='" A "'/>");
	receive(rig,
		"<iq id='1' type='get' from='" A "' to='b@gate.localhost'><query xmlns='jabber:iq:register'/></iq>");
	forget(rig);
	expect_net(rig, "");
	/* What it knows nothing of is for the account on the network. */
	receive(rig, "<iq id='2' type='set' from='" A "' to='gate.localhost'><vCard xmlns='vcard-temp'/></iq>");
	expect_net(rig,
		   "net raw user@localhost <iq from='user@localhost/a' id='2' type='set'><vCard xmlns='vcard-temp'/>"
		   "</iq>\n");
	net_sends(rig, "<iq id='2' type='result' to='" USER "'/>");
	expect(rig, "<iq id='2' type='result' from='gate.localhost' to='" A "'/>");
}

static void an_answer_counts_from_whom_was_asked_only(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<iq id='1' type='get' from='" A "' to='b@gate.localhost/r'><ping xmlns='urn:xmpp:ping'/></iq>");
	receive(rig, "<iq id='2' type='set' from='" A "' to='gate.localhost'><vCard xmlns='vcard-temp'/></iq>");
	fakes_forget(rig->fakes);
	net_sends(rig, "<iq id='1' type='result' from='evil/r' to='" USER "'/>");
	expect(rig, "<iq id='1' type='result' from='evil@gate.localhost/r' to='" A "'/>");
	net_sends(rig, "<iq id='1' type='result' from='b/evil' to='" USER "'/>");
	expect(rig, "<iq id='1' type='result' from='b@gate.localhost/evil' to='" A "'/>");
	net_sends(rig, "<iq id='2' type='result' from='evil' to='" USER "'/>");
	expect(rig, "<iq id='2' type='result' from='evil@gate.localhost' to='" A "'/>");
	net_sends(rig, "<iq id='1' type='result' from='B/r' to='" USER "'/>"
		       "<iq id='2' type='result' to='" USER "'/>");
	expect(rig, "<iq id='1' type='result' from='b@gate.localhost/r' to='" A "'/>"
		    "<iq id='2' type='result' from='gate.localhost' to='" A "'/>");
}

static void requests_of_the_network_go_to_the_best_session_and_its_answer_back(void **state)
{
	struct rig *rig = *state;
	second_session(rig);
	net_sends(rig, "<iq id='n1' type='get' from='b@d.tld/x' to='" USER "'><ping xmlns='urn:xmpp:ping'/></iq>");
	expect(rig, "<iq id='n1' type='get' from='b\\40d.tld@gate.localhost/x' to='" A
		    "'><ping xmlns='urn:xmpp:ping'/></iq>");
	receive(rig, "<iq id='n1' type='result' from='" A "' to='b\\40d.tld@gate.localhost/x'/>");
	expect_net(rig,
		   "net raw user@localhost <iq from='user@localhost/a' to='b@d.tld/x' id='n1' type='result'></iq>\n");
	net_sends(rig, "<iq id='n2' type='set' from='b@d.tld/x' to='" USER "'><query xmlns='jabber:iq:roster'/></iq>");
	expect(rig, "");
	expect_net(rig,
		   "net raw user@localhost <iq type='error' from='user@localhost' to='b@d.tld/x' id='n2'>"
		   "<error type='cancel'><service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"
		   "</iq>\n");
}

/* --- rooms ----------------------------------------------------------------------------------- */

static void rooms_are_entered_by_the_stanza_and_the_frame(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<presence from='" A "' to='room%conf.tld@gate.localhost/me'>"
		     "<x xmlns='http://jabber.org/protocol/muc'/></presence>");
	expect_net(rig, "net join user@localhost room@conf.tld me\n"
			"net raw user@localhost <presence from='user@localhost/a' to='room@conf.tld/me'>"
			"<x xmlns='http://jabber.org/protocol/muc'/></presence>\n");
	net_sends(rig, "<presence from='room@conf.tld/me' to='" USER "'>"
		       "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>");
	expect(rig, "<presence from='room%conf.tld@gate.localhost/me' to='" A "'>"
		    "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>");
	receive(rig, "<message type='groupchat' id='1' from='" A
		     "' to='room%conf.tld@gate.localhost'><body>a</body></message>");
	expect_net(rig,
		   "net raw user@localhost <message from='user@localhost/a' to='room@conf.tld' type='groupchat' id='1'>"
		   "<body>a</body></message>\n"
		   "net remember user@localhost room%conf.tld@gate.localhost \"a\"\n");
	net_sends(rig,
		  "<message type='groupchat' id='1' from='room@conf.tld/me' to='" USER "'><body>a</body></message>");
	expect(rig, "<message type='groupchat' id='1' from='room%conf.tld@gate.localhost/me' to='" A
		    "'><body>a</body></message>");
	receive(rig, "<presence type='unavailable' from='" A "' to='room%conf.tld@gate.localhost/me'/>");
	expect_net(rig, "net leave user@localhost room@conf.tld\n"
			"net raw user@localhost <presence type='unavailable' from='user@localhost/a' "
			"to='room@conf.tld/me'/>\n");
	forget(rig);
	/* What the network says to that is not told again. */
	net_sends(rig, "<presence type='unavailable' from='room@conf.tld/me' to='" USER "'>"
		       "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>");
	expect(rig, "");
}

static void another_session_is_shown_the_room_as_it_is(void **state)
{
	struct rig *rig = *state;
	second_session(rig);
	enter(rig);
	receive(rig, "<message type='groupchat' id='1' from='" B
		     "' to='room%conf.tld@gate.localhost'><body>a</body></message>");
	forget(rig);
	expect_net(rig, "");
	receive(rig, "<presence from='" B "' to='room%conf.tld@gate.localhost/me'>"
		     "<x xmlns='http://jabber.org/protocol/muc'/></presence>");
	expect_net(rig, "");
	expect(rig, "<presence from='room%conf.tld@gate.localhost/bob' to='" B "'>"
		    "<x xmlns='http://jabber.org/protocol/muc#user'/></presence>"
		    "<presence from='room%conf.tld@gate.localhost/me' to='" B "'>"
		    "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>"
		    "<message type='groupchat' from='room%conf.tld@gate.localhost/bob' to='" B "'>"
		    "<subject>plans</subject></message>");
}

static void a_refused_join_is_told_and_forgotten(void **state)
{
	struct rig *rig = *state;
	static const char refusal[] = "<presence type='error' from='%s' to='%s'>"
				      "<error type='cancel'><conflict " STANZAS "/></error></presence>";
	g_autofree char *in = g_strdup_printf(refusal, "room@conf.tld/me", USER);
	g_autofree char *out = g_strdup_printf(refusal, "room%conf.tld@gate.localhost/me", A);
	receive(rig, "<presence from='" A "' to='room%conf.tld@gate.localhost/me'>"
		     "<x xmlns='http://jabber.org/protocol/muc'/></presence>");
	forget(rig);
	net_sends(rig, in);
	expect(rig, out);
	struct jid from = fakes_jid(rig->fakes, A), to = fakes_jid(rig->fakes, "room%conf.tld@gate.localhost");
	assert_false(core_user_in_room(rig->fakes->core, &from, &to));
}

static void nicknames_change_by_the_networks_word(void **state)
{
	struct rig *rig = *state;
	enter(rig);
	receive(rig, "<presence from='" A "' to='room%conf.tld@gate.localhost/you'/>");
	expect_net(rig,
		   "net raw user@localhost <presence from='user@localhost/a' to='room@conf.tld/you'></presence>\n");
	net_sends(rig, "<presence type='unavailable' from='room@conf.tld/me' to='" USER "'>"
		       "<x xmlns='http://jabber.org/protocol/muc#user'><item nick='you'/><status code='303'/>"
		       "<status code='110'/></x></presence><presence from='room@conf.tld/you' to='" USER "'>"
		       "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/></x></presence>");
	forget(rig);
	net_sends(rig, "<presence type='unavailable' from='room@conf.tld/you' to='" USER "'>"
		       "<x xmlns='http://jabber.org/protocol/muc#user'><status code='110'/><status "
		       "code='307'/></x></presence>");
	forget(rig);
	struct jid from = fakes_jid(rig->fakes, A), to = fakes_jid(rig->fakes, "room%conf.tld@gate.localhost");
	assert_false(core_user_in_room(rig->fakes->core, &from, &to));
}

static void rooms_are_entered_again_when_the_network_is_back(void **state)
{
	struct rig *rig = *state;
	enter(rig);
	net_disconnected(rig->fakes, USER, 0, "lost");
	g_autofree char *lost = rig_sent(rig);
	assert_non_null(
		strstr(lost, "<presence from='room%conf.tld@gate.localhost/bob' to='" A "' type='unavailable'>"));
	forget(rig);
	wait_for(rig->fakes, rig->fakes->lines->len >= 2);
	fakes_forget(rig->fakes);
	net_connected(rig->fakes, USER);
	expect_net(rig, "net raw user@localhost <presence from='user@localhost/a'></presence>\n"
			"net join user@localhost room@conf.tld me\n"
			"net raw user@localhost <presence from='user@localhost/a' to='room@conf.tld/me'>"
			"<x xmlns='http://jabber.org/protocol/muc'/></presence>\n");
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(the_end_tag_of_a_stream_ends_nothing),
		T(presence_of_a_stranger_is_escaped_and_keeps_its_resource),
		T(stanzas_may_be_split_over_messages),
		T(contacts_have_the_presence_of_the_network_only),
		T(every_resource_is_shown_to_sessions_and_probes_and_hidden_at_logout),
		T(probes_of_who_is_not_there_are_answered),
		T(messages_go_to_the_resource_that_wrote_last),
		T(garbage_resets_the_stream_of_that_backend_only),
		T(a_backend_speaks_for_its_own_users_only),
		T(a_stream_that_ended_begins_anew),
		T(what_servers_alone_may_say_is_left_out),
		T(stanzas_too_large_for_the_server_are_left_out),
		T(subscriptions_are_between_bare_jids),
		T(own_presence_of_the_best_session_reaches_the_network),
		T(what_was_said_before_the_network_came_is_said_then),
		T(the_invisible_stay_so),
		T(the_invisible_stay_so_after_a_loss),
		T(another_session_that_speaks_for_the_user_is_told),
		T(who_is_blocked_is_neither_heard_nor_seen),
		T(subscriptions_reach_the_network_and_are_answered_by_it),
		T(directed_presence_reaches_the_network),
		T(what_cannot_be_sent_comes_back),
		T(answers_go_to_the_resource_that_asked_from_whom_it_asked),
		T(the_same_id_of_two_resources_is_told_apart),
		T(what_the_gateway_itself_is_asked_it_answers),
		T(an_answer_counts_from_whom_was_asked_only),
		T(requests_of_the_network_go_to_the_best_session_and_its_answer_back),
		T(rooms_are_entered_by_the_stanza_and_the_frame),
		T(another_session_is_shown_the_room_as_it_is),
		T(a_refused_join_is_told_and_forgotten),
		T(nicknames_change_by_the_networks_word),
		T(rooms_are_entered_again_when_the_network_is_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
