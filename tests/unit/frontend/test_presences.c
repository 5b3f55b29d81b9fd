/* SPDX-License-Identifier: MIT */
#include "rig.h"

#define MUC             "<x xmlns='http://jabber.org/protocol/muc'/>"
#define MUC_USER        "<x xmlns='http://jabber.org/protocol/muc#user'>"
#define MEMBER          "<item affiliation='member' role='participant'/>"
#define NOBODY          "<item affiliation='none' role='none'/>"
#define FROM_A          "<presence from='user@localhost/a' "
#define FROM_BOB        "<presence from='bob@gate.localhost/bot' to='user@localhost'>"
#define NO_PHOTO        "<x xmlns='vcard-temp:x:update'><photo/></x>"
#define ROOM_FROM(nick) "<presence from='#r@gate.localhost/" nick "' to='user@localhost/a'>"
#define ROOM_GONE(nick) "<presence from='#r@gate.localhost/" nick "' to='user@localhost/a' type='unavailable'>"

static void report(struct rig *rig, struct core_contact contact)
{
	contact.name = "bob";
	net_contact(rig->fakes, USER, &contact);
}

static void participant(struct rig *rig, struct core_participant participant)
{
	participant.room = "#r";
	net_participant(rig->fakes, USER, &participant);
}

/* USER/a is in #r as "me". */
static struct rig *start_inside(void)
{
	struct rig *rig = rig_start();
	receive(rig, FROM_A "to='#r@gate.localhost/me'>" MUC "</presence>");
	net_occupant(rig->fakes, USER, "#r", "me", CORE_FLAG_ME);
	core_legacy_subject(fakes_user(rig->fakes, USER), "#r", NULL, "");
	forget(rig);
	fakes_forget(rig->fakes);
	return rig;
}

/* --- of contacts ------------------------------------------------------------------------------- */

static void shows_have_their_words(void **state)
{
	static const struct {
		enum core_status status;
		const char *show;
	} rows[] = { { CORE_AWAY, "<show>away</show>" },
		     { CORE_CHAT, "<show>chat</show>" },
		     { CORE_XA, "<show>xa</show>" },
		     { CORE_DND, "<show>dnd</show>" },
		     { CORE_ONLINE, "" },
		     { CORE_INVISIBLE, "" } };
	struct rig *rig = rig_start();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *wanted = g_strdup_printf(FROM_BOB "%s" NO_PHOTO CAPS "</presence>", rows[i].show);
		report(rig, (struct core_contact){ .status = rows[i].status });
		expect(rig, wanted);
	}
	report(rig, (struct core_contact){ .status = CORE_OFFLINE });
	expect(rig, "<presence from='bob@gate.localhost/bot' to='user@localhost' type='unavailable'/>");
	rig_end(rig);
}

static void status_and_picture_are_cleaned_and_bounded(void **state)
{
	struct rig *rig = rig_start();
	report(rig, (struct core_contact){ .status = CORE_ONLINE, .text = "<b>\x01&\xff", .icon_hash = "h'<" });
	expect(rig, FROM_BOB
	       "<status>&lt;b&gt;&amp;_</status>"
	       "<x xmlns='vcard-temp:x:update'><photo>030a857a09c3a2aef2449e8aa02bb3020becd5ac</photo></x>" CAPS
	       "</presence>");
	g_autofree char *text = g_strnfill(1 << 20, '"');
	report(rig, (struct core_contact){ .status = CORE_ONLINE, .text = text, .icon_hash = text });
	fakes_settle(rig->fakes);
	assert_true(buf_len(&rig->out) < 16384);
	rig_end(rig);
}

static void nothing_of_presence_is_worth_keeping(void **state)
{
	struct rig *rig = rig_start();
	report(rig, (struct core_contact){ .status = CORE_ONLINE });
	assert_int_equal(rig->lasting, 0);
	rig_end(rig);
}

static void a_wish_to_subscribe_has_a_nickname(void **state)
{
	struct rig *rig = rig_start();
	report(rig, (struct core_contact){ .status = CORE_OFFLINE, .alias = "Bob & <co>" });
	receive(rig, FROM_A "to='gate.localhost' type='unavailable'/>");
	expect(rig, "<presence from='gate.localhost' to='user@localhost/a' type='unavailable'/>"
		    "<presence from='bob@gate.localhost' to='user@localhost' type='subscribe'>"
		    "<nick xmlns='http://jabber.org/protocol/nick'>Bob &amp; &lt;co&gt;</nick></presence>");
	rig_end(rig);
}

/* --- of the user ------------------------------------------------------------------------------- */

static void presence_is_read_with_all_it_has(void **state)
{
	static const struct {
		const char *inside, *net;
	} rows[] = {
		{ "<show>away</show><status>brb</status>", "net status user@localhost away \"brb\"\n" },
		{ "<show>dnd</show><priority>-1</priority>", "net status user@localhost dnd\n" },
		{ "<show>xa</show><priority>nonsense</priority>", "net status user@localhost xa\n" },
		{ "<show>chat</show><priority>99999</priority>", "net status user@localhost chat\n" },
		{ "<show>strange</show>", "net status user@localhost online\n" },
		{ "<invisible xmlns='urn:xmpp:invisible:0'/>", "net status user@localhost invisible\n" },
	};
	struct rig *rig = rig_start();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *text = g_strdup_printf(FROM_A "to='gate.localhost'>%s</presence>", rows[i].inside);
		receive(rig, text);
		expect_net(rig, rows[i].net);
	}
	rig_end(rig);
}

static void the_transport_mirrors_show_and_status_with_caps_of_its_own(void **state)
{
	struct rig *rig = rig_start();
	receive(rig,
		FROM_A "to='gate.localhost'><show>away</show><status>brb</status>"
		       "<c xmlns='http://jabber.org/protocol/caps' node='client' ver='1' hash='sha-1'/></presence>");
	expect(rig, "<presence from='gate.localhost' to='user@localhost/a'><show>away</show><status>brb</status>" CAPS
		    "</presence>");
	rig_end(rig);
}

static void subscriptions_go_through(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, FROM_A "to='bob@gate.localhost' type='subscribe'/>");
	expect_net(rig, "net put user@localhost bob\n");
	expect(rig, "<presence from='bob@gate.localhost' to='user@localhost' type='subscribed'/>"
		    "<presence from='bob@gate.localhost' to='user@localhost' type='subscribe'/>"
		    "<presence from='bob@gate.localhost/bot' to='user@localhost' type='unavailable'/>");
	receive(rig, FROM_A "to='bob@gate.localhost' type='unsubscribe'/>");
	expect(rig, "<presence from='bob@gate.localhost' to='user@localhost' type='unsubscribed'/>"
		    "<presence from='bob@gate.localhost' to='user@localhost' type='unsubscribe'/>");
	receive(rig, FROM_A "to='gate.localhost' type='subscribe'/>");
	expect(rig, "<presence from='gate.localhost' to='user@localhost' type='subscribed'/>"
		    "<presence from='gate.localhost' to='user@localhost'>" CAPS "</presence>"
		    "<presence from='gate.localhost' to='user@localhost' type='subscribe'/>");
	receive(rig, "<presence from='x@y/z' to='gate.localhost' type='probe'/>");
	expect(rig, "<presence from='gate.localhost' to='x@y/z' type='unavailable'/>"
		    "<presence from='gate.localhost' to='x@y/z' type='probe'/>");
	receive(rig, "<presence from='gate.elsewhere' to='gate.localhost' type='probe'/>");
	expect(rig, "<presence from='gate.localhost' to='gate.elsewhere' type='unavailable'/>");
	rig_end(rig);
}

static void unknown_types_are_refused(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, FROM_A "to='bob@gate.localhost' type='strange' id='1'/>");
	expect(rig, "<presence from='bob@gate.localhost' to='user@localhost/a' type='error' id='1'>"
		    "<error type='modify'><bad-request " STANZAS "/><text " STANZAS ">Unknown type of presence</text>"
		    "</error></presence>");
	rig_end(rig);
}

static void errors_are_not_answered(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, FROM_A "to='bob@gate.localhost' type='error'/>");
	receive(rig, "<presence from='user@localhost' to='gate.localhost' type='error'><error type='cancel'>"
		     "<remote-server-not-found " STANZAS "/></error></presence>");
	expect(rig, "");
	assert_int_equal(core_user_count(rig->fakes->core), 1);
	receive(rig, FROM_A "to='bob@gate.localhost' type='error'><error type='cancel'>"
			    "<remote-server-not-found " STANZAS "/></error></presence>");
	assert_int_equal(core_user_count(rig->fakes->core), 0);
	rig_end(rig);
}

/* --- of rooms ---------------------------------------------------------------------------------- */

static void told_before(struct rig *rig, const char *body, int64_t time)
{
	struct core_legacy_message message = { .name = "#r",
					       .nickname = "anna",
					       .message = { .id = body, .body = body, .time = time } };
	core_legacy_message(fakes_user(rig->fakes, USER), &message);
}

/* XEP-0045, section 7.2.14: 1700000000 is 2023-11-14T22:13:20Z. */
static void only_the_history_that_is_wanted_is_told(void **state)
{
	static const struct {
		const char *wish;
		bool old, new;
	} cases[] = {
		{ "", true, true },
		{ "since='2023-11-14T22:13:20Z'", false, true },
		{ "since='2023-11-14T23:13:21+01:00'", false, false },
		{ "since='yesterday' seconds='-5' maxchars='many'", true, true },
		{ "seconds='60'", false, false },
		{ "maxstanzas='0'", false, false },
		{ "maxchars='0'", false, false },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		struct rig *rig = rig_start();
		g_autofree char *join = g_strdup_printf(FROM_A "to='#r@gate.localhost/me'><x "
							       "xmlns='http://jabber.org/protocol/muc'><history %s/>"
							       "</x></presence>",
							cases[i].wish);
		receive(rig, join);
		told_before(rig, "old", 1699999999);
		told_before(rig, "new", 1700000000);
		g_autofree char *sent = rig_sent(rig);
		assert_int_equal(strstr(sent, "<body>old</body>") != NULL, cases[i].old);
		assert_int_equal(strstr(sent, "<body>new</body>") != NULL, cases[i].new);
		if (cases[i].new)
			assert_non_null(strstr(sent, "stamp='2023-11-14T22:13:20Z'"));
		rig_end(rig);
	}
}

static void a_join_is_answered_as_the_xep_has_it(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, FROM_A "to='#r@gate.localhost/me'><x xmlns='http://jabber.org/protocol/muc'>"
			    "<password>pw</password><history maxstanzas='0'/></x></presence>");
	expect_net(rig, "net join user@localhost #r me password=pw\n");
	participant(rig,
		    (struct core_participant){
			    .nickname = "anna", .flags = CORE_FLAG_MODERATOR, .status = CORE_AWAY, .text = "b&b" });
	participant(rig, (struct core_participant){ .nickname = "bert", .status = CORE_ONLINE, .icon_hash = "hash" });
	core_legacy_nickname(fakes_user(rig->fakes, USER), "#r", "me_");
	core_legacy_subject(fakes_user(rig->fakes, USER), "#r", "anna", "Hello");
	participant(rig, (struct core_participant){ .nickname = "me_", .flags = CORE_FLAG_ME, .status = CORE_ONLINE });
	expect(rig, ROOM_FROM("anna") "<show>away</show><status>b&amp;b</status>" MUC_USER
				      "<item affiliation='admin' role='moderator'/></x>" CAPS
				      "</presence>" ROOM_FROM("bert") MUC_USER MEMBER
	       "</x><x xmlns='vcard-temp:x:update'><photo>2346ad27d7568ba9896f1b7da6b5991251debdf2</photo></x>" CAPS
	       "</presence>" ROOM_FROM("me_") MUC_USER
	       "<status code='110'/><status code='210'/>" MEMBER "</x>" CAPS "</presence>"
	       "<message from='#r@gate.localhost/anna' to='user@localhost/a' type='groupchat' id='*'>"
	       "<subject>Hello</subject></message>");
	rig_end(rig);
}

static void refused_joins_are_errors_of_the_occupant(void **state)
{
	static const struct {
		int flag;
		const char *error;
	} rows[] = {
		{ CORE_FLAG_CONFLICT,
		  "<error type='cancel'><conflict " STANZAS "/><text " STANZAS ">No &lt;1&gt;</text></error>" },
		{ CORE_FLAG_NOT_AUTHORIZED,
		  "<error type='auth'><not-authorized " STANZAS "/><text " STANZAS ">No &lt;1&gt;</text></error>" },
		{ CORE_FLAG_ROOM_NOT_FOUND,
		  "<error type='cancel'><item-not-found " STANZAS "/><text " STANZAS ">No &lt;1&gt;</text></error>" },
	};
	struct rig *rig = rig_start();
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *wanted = g_strdup_printf("<presence from='#r@gate.localhost/me' to='user@localhost/a' "
							  "type='error'>" MUC "%s</presence>",
							  rows[i].error);
		receive(rig, FROM_A "to='#r@gate.localhost/me'>" MUC "</presence>");
		participant(rig, (struct core_participant){ .nickname = "me",
							    .flags = rows[i].flag,
							    .status = CORE_OFFLINE,
							    .text = "No <1>" });
		assert_int_equal(rig->lasting, 1);
		expect(rig, wanted);
	}
	receive(rig, FROM_A "to='#r@gate.localhost'>" MUC "</presence>");
	expect(rig, "<presence from='#r@gate.localhost' to='user@localhost/a' type='error'>" MUC
		    "<error type='modify'><jid-malformed " STANZAS "/><text " STANZAS ">A nickname is missing: "
		    "room@service/nickname</text></error></presence>");
	rig_end(rig);
}

static void who_goes_is_shown_with_the_reason(void **state)
{
	struct rig *rig = start_inside();
	participant(rig, (struct core_participant){ .nickname = "anna", .status = CORE_ONLINE });
	participant(rig, (struct core_participant){ .nickname = "bert", .status = CORE_ONLINE });
	participant(rig, (struct core_participant){ .nickname = "carl", .status = CORE_ONLINE });
	forget(rig);
	participant(rig, (struct core_participant){ .nickname = "anna", .status = CORE_OFFLINE, .text = "bye" });
	participant(rig,
		    (struct core_participant){
			    .nickname = "bert", .flags = CORE_FLAG_KICKED, .status = CORE_OFFLINE, .text = "<rude>" });
	participant(rig, (struct core_participant){ .nickname = "carl", .newname = "karl", .status = CORE_ONLINE });
	participant(rig, (struct core_participant){
				 .nickname = "me", .flags = CORE_FLAG_BANNED, .status = CORE_OFFLINE, .text = "spam" });
	expect(rig, ROOM_GONE("anna") "<status>bye</status>" MUC_USER NOBODY "</x></presence>" ROOM_GONE("bert")
			    MUC_USER "<status code='307'/><item affiliation='none' role='none'>"
				     "<reason>&lt;rude&gt;</reason></item></x></presence>" ROOM_GONE("carl") MUC_USER
	       "<status code='303'/>"
	       "<item affiliation='member' role='participant' nick='karl'/></x></presence>" ROOM_FROM("karl")
		       MUC_USER MEMBER "</x>" CAPS "</presence>" ROOM_GONE("me") MUC_USER
	       "<status code='110'/><status code='301'/>"
	       "<item affiliation='outcast' role='none'><reason>spam</reason></item></x></presence>");
	rig_end(rig);
}

static void a_nickname_is_changed_by_presence(void **state)
{
	struct rig *rig = start_inside();
	receive(rig, FROM_A "to='#r@gate.localhost/me'><show>away</show></presence>");
	expect(rig, "");
	expect_net(rig, "");
	receive(rig, FROM_A "to='#r@gate.localhost/you'/>");
	expect_net(rig, "net join user@localhost #r you\n");
	participant(rig, (struct core_participant){
				 .nickname = "me", .newname = "you", .flags = CORE_FLAG_ME, .status = CORE_ONLINE });
	expect(rig, ROOM_GONE("me") MUC_USER
	       "<status code='303'/><status code='110'/>"
	       "<item affiliation='member' role='participant' nick='you'/></x></presence>" ROOM_FROM("you") MUC_USER
	       "<status code='110'/>" MEMBER "</x>" CAPS "</presence>");
	rig_end(rig);
}

static void rooms_are_left(void **state)
{
	struct rig *rig = start_inside();
	receive(rig, FROM_A "to='#r@gate.localhost/me' type='unavailable'/>");
	expect(rig, ROOM_GONE("me") MUC_USER "<status code='110'/>" NOBODY "</x></presence>");
	expect_net(rig, "net leave user@localhost #r\n");
	receive(rig, FROM_A "to='#r@gate.localhost/me' type='unavailable'/>");
	expect(rig, "");
	expect_net(rig, "");
	rig_end(rig);
}

static void rooms_without_a_mark_are_known_by_having_entered_them(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, FROM_A "to='room%x@gate.localhost/me'>" MUC "</presence>");
	net_occupant(rig->fakes, USER, "room@x", "me", CORE_FLAG_ME);
	forget(rig);
	fakes_forget(rig->fakes);
	receive(rig, FROM_A "to='room%x@gate.localhost/me' type='unavailable'/>");
	expect_net(rig, "net leave user@localhost room@x\n");
	/* Now it is a contact like any other. */
	receive(rig, FROM_A "to='room%x@gate.localhost/me'/>");
	expect_net(rig, "");
	rig_end(rig);
}

static void a_shutdown_is_said_in_rooms(void **state)
{
	struct rig *rig = start_inside();
	core_logout_all(rig->fakes->core);
	expect(rig,
	       ROOM_GONE("me") MUC_USER "<status code='332'/><status code='110'/>"
					"<item affiliation='none' role='none'><reason>The gateway is being shut down"
					"</reason></item></x></presence>"
					"<presence from='gate.localhost' to='user@localhost' type='unavailable'>"
					"<status>The gateway is being shut down</status></presence>");
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_have_their_words),
		cmocka_unit_test(status_and_picture_are_cleaned_and_bounded),
		cmocka_unit_test(nothing_of_presence_is_worth_keeping),
		cmocka_unit_test(a_wish_to_subscribe_has_a_nickname),
		cmocka_unit_test(presence_is_read_with_all_it_has),
		cmocka_unit_test(the_transport_mirrors_show_and_status_with_caps_of_its_own),
		cmocka_unit_test(subscriptions_go_through),
		cmocka_unit_test(unknown_types_are_refused),
		cmocka_unit_test(errors_are_not_answered),
		cmocka_unit_test(a_join_is_answered_as_the_xep_has_it),
		cmocka_unit_test(only_the_history_that_is_wanted_is_told),
		cmocka_unit_test(refused_joins_are_errors_of_the_occupant),
		cmocka_unit_test(who_goes_is_shown_with_the_reason),
		cmocka_unit_test(a_nickname_is_changed_by_presence),
		cmocka_unit_test(rooms_are_left),
		cmocka_unit_test(rooms_without_a_mark_are_known_by_having_entered_them),
		cmocka_unit_test(a_shutdown_is_said_in_rooms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
