/* SPDX-License-Identifier: MIT */
#include "serving.h"

/* XEP-0280. */

#define BOB         "bob@" DOMAIN
#define ENABLE(way) "<iq type='set' id='c'><" way " xmlns='urn:xmpp:carbons:2'/></iq>"
#define COPY(way, to, type, inner)                                                                       \
	"<message from='" ME "' to='" ME "/" to "' type='" type "'><" way " xmlns='urn:xmpp:carbons:2'>" \
	"<forwarded xmlns='urn:xmpp:forward:0'>" inner "</forwarded></" way "></message>"
#define SENT(to, attributes, inner) \
	COPY("sent", to, "chat",    \
	     "<message xmlns='jabber:client' from='" ME "/a' to='" BOB "' " attributes ">" inner "</message>")

/* Of three, b and c want copies; c takes no messages to the bare JID. */
static int setup(void **state)
{
	struct serving *serving = *state = serving_new(NULL);
	serving_come(serving, 0, "a", 0);
	serving_come(serving, 1, "b", 0);
	serving_come(serving, 2, "c", -1);
	say(serving, 1, ENABLE("enable"));
	say(serving, 2, ENABLE("enable"));
	forget_all(serving);
	return 0;
}

static int teardown(void **state)
{
	serving_end(*state);
	return 0;
}

static void enabling_is_answered(void **state)
{
	struct serving *serving = *state;
	say(serving, 0, ENABLE("enable"));
	hears(serving, 0, "<iq type='result' id='c' from='" ME "' to='" ME "/a'/>");
	assert_true(serving->line[0].client.resource->carbons);
	say(serving, 0, ENABLE("disable"));
	assert_false(serving->line[0].client.resource->carbons);
}

static void what_one_says_the_others_see(void **state)
{
	struct serving *serving = *state;
	say(serving, 0, "<message to='" BOB "' type='chat' id='1'><body>hi</body></message>");
	hears(serving, 1, SENT("b", "type='chat' id='1'", "<body>hi</body>"));
	hears(serving, 2, SENT("c", "type='chat' id='1'", "<body>hi</body>"));
	silence(serving);
	say(serving, 1, "<message to='" BOB "' type='chat'><body>no copy for a</body></message>");
	hears(serving, 0, "");
	hears(serving, 1, "");
}

static void only_what_people_say_is_copied(void **state)
{
	static const char *const quiet[] = {
		"<message to='" BOB "' type='groupchat'><body>x</body></message>",
		"<message to='" BOB "' type='headline'><body>x</body></message>",
		"<message to='" BOB "' type='error'><body>x</body></message>",
		"<message to='" BOB "'><subject>x</subject></message>",
		"<message to='" BOB "' type='chat'><body>x</body><private xmlns='urn:xmpp:carbons:2'/></message>",
		"<message to='" BOB "' type='chat'><body>x</body><no-copy xmlns='urn:xmpp:hints'/></message>",
	};
	struct serving *serving = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(quiet); i++) {
		say(serving, 0, quiet[i]);
		hears(serving, 1, "");
		hears(serving, 2, "");
	}
	say(serving, 0, "<message to='" BOB "'><body>x</body></message>");
	say(serving, 0, "<message to='" BOB "'><displayed xmlns='urn:xmpp:chat-markers:0' id='1'/></message>");
	hears(serving, 1,
	      COPY("sent", "b", "normal",
		   "<message xmlns='jabber:client' from='" ME "/a' to='" BOB "'><body>x</body></message>")
		      COPY("sent", "b", "normal",
			   "<message xmlns='jabber:client' from='" ME "/a' to='" BOB
			   "'><displayed xmlns='urn:xmpp:chat-markers:0' id='1'/></message>"));
}

#define SAYS(to, inner) "<message from='" BOB "/bot' to='" to "' type='chat' id='*'>" inner "</message>"
#define INNER(to)                                                                                          \
	"<message xmlns='jabber:client' from='" BOB "/bot' to='" to "' type='chat' id='*'><body>hi</body>" \
	"<active xmlns='http://jabber.org/protocol/chatstates'/></message>"
#define HI "<body>hi</body><active xmlns='http://jabber.org/protocol/chatstates'/>"

static void who_got_it_gets_no_copy(void **state)
{
	struct serving *serving = *state;
	net_writes(serving->rig->fakes, ME, "bob", "hi");
	hears(serving, 0, SAYS(ME, HI));
	hears(serving, 1, SAYS(ME, HI));
	hears(serving, 2, COPY("received", "c", "chat", INNER(ME)));
}

static void what_is_for_one_the_others_see(void **state)
{
	struct serving *serving = *state;
	say(serving, 0, "<message to='" BOB "' type='chat'><body>x</body></message>");
	forget_all(serving);
	net_writes(serving->rig->fakes, ME, "bob", "hi");
	hears(serving, 0, SAYS(ME "/a", HI));
	hears(serving, 1, COPY("received", "b", "chat", INNER(ME "/a")));
	hears(serving, 2, COPY("received", "c", "chat", INNER(ME "/a")));
}

static void what_nobody_gets_is_not_copied(void **state)
{
	struct serving *serving = *state;
	say(serving, 0, "<presence type='unavailable'/>");
	say(serving, 1, "<presence type='unavailable'/>");
	forget_all(serving);
	net_writes(serving->rig->fakes, ME, "bob", "hi");
	silence(serving);
}

static void own_words_from_elsewhere_are_shown_to_all_that_want_copies(void **state)
{
	struct serving *serving = *state;
	core_legacy_message(fakes_user(serving->rig->fakes, ME),
			    &(struct core_legacy_message){
				    .name = "bob", .carbon = true, .message = { .body = "by phone", .id = "7" } });
	hears(serving, 0, "");
	hears(serving, 1,
	      COPY("sent", "b", "chat",
		   "<message xmlns='jabber:client' type='chat' from='" ME "' to='" BOB
		   "' id='7'><body>by phone</body></message>"));
	hears(serving, 2,
	      COPY("sent", "c", "chat",
		   "<message xmlns='jabber:client' type='chat' from='" ME "' to='" BOB
		   "' id='7'><body>by phone</body></message>"));
}

/* XEP-0280, section 6.1: each client in a room has it by itself what is said to it privately. */
static void private_words_in_rooms_are_for_who_is_inside(void **state)
{
	struct serving *serving = *state;
	struct fakes *fakes = serving->rig->fakes;
	say(serving, 0, "<presence to='#room@" DOMAIN "/me'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
	net_participant(fakes, ME,
			&(struct core_participant){ .room = "#room", .nickname = "me", .flags = CORE_FLAG_ME });
	net_occupant(fakes, ME, "#room", "bob", 0);
	forget_all(serving);
	say(serving, 0, "<message to='#room@" DOMAIN "/bob' type='chat'><body>psst</body></message>");
	silence(serving);
	say(serving, 1, "<presence to='#room@" DOMAIN "/me'><x xmlns='http://jabber.org/protocol/muc'/></presence>");
	forget_all(serving);
	say(serving, 0, "<message to='#room@" DOMAIN "/bob' type='chat'><body>psst</body></message>");
	g_autofree char *copy = heard(serving, 1);
	assert_non_null(strstr(copy, "<sent"));
	silence(serving);
	core_legacy_message(fakes_user(fakes, ME),
			    &(struct core_legacy_message){
				    .name = "#room", .nickname = "bob", .pm = true, .message = { .body = "back" } });
	g_autofree char *one = heard(serving, 0), *other = heard(serving, 1);
	assert_non_null(strstr(one, "back"));
	assert_non_null(strstr(other, "back"));
	assert_null(strstr(other, "<received"));
	silence(serving);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(enabling_is_answered),
		TEST(what_one_says_the_others_see),
		TEST(only_what_people_say_is_copied),
		TEST(who_got_it_gets_no_copy),
		TEST(what_is_for_one_the_others_see),
		TEST(what_nobody_gets_is_not_copied),
		TEST(own_words_from_elsewhere_are_shown_to_all_that_want_copies),
		TEST(private_words_in_rooms_are_for_who_is_inside),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
