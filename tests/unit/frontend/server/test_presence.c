/* SPDX-License-Identifier: MIT */
#include "serving.h"

/* Presence of a user's own resources (RFC 6121, section 4), and subscriptions (section 3). */

#define OWN(name, to, type, inner) "<presence from='" ME "/" name "' to='" to "'" type ">" inner "</presence>"
#define NO_PHOTO                   "<x xmlns='vcard-temp:x:update'><photo/></x>"
#define GONE                       " type='unavailable'"

static int setup(void **state)
{
	*state = serving_new(NULL);
	return 0;
}

static int teardown(void **state)
{
	serving_end(*state);
	return 0;
}

static void contact(struct serving *serving, const char *name, enum core_status status)
{
	struct jid me = fakes_jid(serving->rig->fakes, ME);
	net_contact(serving->rig->fakes, ME, &(struct core_contact){ .name = name, .alias = name, .status = status });
	core_user_announce_contacts(serving->rig->fakes->core, &me);
	forget_all(serving);
}

static void the_first_presence_shows_who_is_there(void **state)
{
	struct serving *serving = *state;
	contact(serving, "bob", CORE_AWAY);
	serving_bind(serving, 0, "a");
	say(serving, 0, "<presence><show>dnd</show><c xmlns='caps'/></presence>");
	hears(serving, 0,
	      OWN("a", ME, "", "<show>dnd</show><c xmlns='caps'/>") "<presence from='bob@" DOMAIN "/bot' to='" ME
								    "/a'><show>away</show>" NO_PHOTO CAPS
								    "</presence>");
	serving_bind(serving, 1, "b");
	say(serving, 1, "<presence/>");
	hears(serving, 0, OWN("b", ME, "", ""));
	hears(serving, 1,
	      OWN("a", ME, "", "<show>dnd</show><c xmlns='caps'/>")
		      OWN("b", ME, "", "") "<presence from='bob@" DOMAIN "/bot' to='" ME
					   "/b'><show>away</show>" NO_PHOTO CAPS "</presence>");
}

static void a_change_reaches_the_others_and_oneself(void **state)
{
	struct serving *serving = *state;
	serving_come(serving, 0, "a", 0);
	serving_come(serving, 1, "b", 0);
	serving_bind(serving, 2, "silent");
	say(serving, 1, "<presence><show>xa</show></presence>");
	hears(serving, 0, OWN("b", ME, "", "<show>xa</show>"));
	hears(serving, 1, OWN("b", ME, "", "<show>xa</show>"));
	silence(serving);
}

static void who_goes_tells_the_others_and_hears_no_more(void **state)
{
	struct serving *serving = *state;
	contact(serving, "bob", CORE_ONLINE);
	serving_come(serving, 0, "a", 0);
	serving_come(serving, 1, "b", 0);
	say(serving, 1, "<presence type='unavailable'><status>bye</status></presence>");
	hears(serving, 0, OWN("b", ME, GONE, "<status>bye</status>"));
	hears(serving, 1, OWN("b", ME, GONE, "<status>bye</status>"));
	contact(serving, "bob", CORE_DND);
	say(serving, 0, "<presence/>");
	hears(serving, 1, "");
}

static void a_lost_connection_is_an_end_too(void **state)
{
	struct serving *serving = *state;
	serving_come(serving, 0, "a", 0);
	serving_come(serving, 1, "b", 5);
	serving_drop(serving, 1);
	hears(serving, 0, OWN("b", ME, GONE, ""));
	expect_net(serving->rig, "net status " ME " online");
	silence(serving);
}

static void priority_says_who_speaks(void **state)
{
	struct serving *serving = *state;
	serving_come(serving, 0, "a", -5);
	serving_come(serving, 1, "b", 7);
	assert_ptr_equal(account_best(account_of(&serving->server, str_of(ME))), serving->line[1].client.resource);
	say(serving, 1, "<presence><priority>-1</priority></presence>");
	assert_null(account_best(account_of(&serving->server, str_of(ME))));
}

static void one_asks_for_oneself(void **state)
{
	struct serving *serving = *state;
	serving_come(serving, 0, "a", 0);
	serving_bind(serving, 1, "b");
	say(serving, 1, "<presence type='probe' to='" ME "'/>");
	hears(serving, 1, OWN("a", ME, "", "<priority>0</priority>"));
	say(serving, 1, "<presence type='probe' to='" ME "/none'/>");
	say(serving, 1, "<presence type='subscribe' to='" ME "'/>");
	silence(serving);
}

static void presence_to_one_is_withdrawn_at_the_end(void **state)
{
	struct serving *serving = *state;
	serving_come(serving, 0, "a", 0);
	serving_bind(serving, 1, "b");
	say(serving, 1, "<presence to='" ME "/a'><status>psst</status></presence>");
	hears(serving, 0, OWN("b", ME "/a", "", "<status>psst</status>"));
	serving_drop(serving, 1);
	hears(serving, 0, OWN("b", ME "/a", GONE, ""));
	silence(serving);
}

static void a_presence_that_is_too_large_is_refused(void **state)
{
	struct serving *serving = *state;
	g_autofree char *status = g_strnfill(70000, 'x');
	g_autofree char *presence = g_strdup_printf("<presence id='p'><status>%s</status></presence>", status);
	serving_bind(serving, 0, "a");
	say(serving, 0, presence);
	g_autofree char *answer = heard(serving, 0);
	assert_non_null(strstr(answer, "<not-acceptable"));
	assert_null(serving->line[0].client.resource->presence);
}

/* --- subscriptions ------------------------------------------------------------------------------ */

#define PRESENCE(from, to, type) "<presence from='" from "@" DOMAIN "' to='" to "' type='" type "'/>"
#define PUSH(to, item)           "<iq type='set' id='*' to='" ME "/" to "'><query xmlns='jabber:iq:roster'>" item "</query></iq>"
#define NEW                                                                   \
	PUSH("a", "<item jid='new@" DOMAIN "' name='' subscription='both'/>") \
	PRESENCE("new", ME, "subscribed") "<presence from='new@" DOMAIN "/bot' to='" ME "' type='unavailable'/>"

static void who_is_subscribed_to_is_a_contact_at_once(void **state)
{
	struct serving *serving = *state;
	serving_come(serving, 0, "a", 0);
	say(serving, 0, "<presence type='subscribe' to='new@" DOMAIN "'/>");
	hears(serving, 0, NEW);
	expect_net(serving->rig, "net put " ME " new");
	/* Again: nothing is news. */
	say(serving, 0, "<presence type='subscribe' to='new@" DOMAIN "'/>");
	hears(serving, 0,
	      PRESENCE("new", ME, "subscribed") "<presence from='new@" DOMAIN "/bot' to='" ME "' type='unavailable'/>");
}

static void who_is_unsubscribed_from_is_none_any_more(void **state)
{
	struct serving *serving = *state;
	serving_come(serving, 0, "a", 0);
	contact(serving, "bob", CORE_ONLINE);
	say(serving, 0, "<presence type='unsubscribe' to='bob@" DOMAIN "'/>");
	hears(serving, 0,
	      PUSH("a", "<item jid='bob@" DOMAIN "' subscription='remove'/>") PRESENCE("bob", ME, "unsubscribed"));
	expect_net(serving->rig, "net remove " ME " bob");
}

/* RFC 6121, section 3.1.3: until it is answered. */
static void a_request_is_shown_to_everybody_who_comes(void **state)
{
	struct serving *serving = *state;
	core_legacy_auth_request(fakes_user(serving->rig->fakes, ME), "fan");
	serving_come(serving, 2, "early", 0);
	serving_bind(serving, 0, "a");
	say(serving, 0, "<presence/>");
	g_autofree char *first = heard(serving, 0);
	assert_non_null(strstr(first, "type='subscribe'"));
	say(serving, 0, "<presence to='fan@" DOMAIN "' type='unsubscribed'/>");
	expect_net(serving->rig, "net remove " ME " fan");
	serving_bind(serving, 1, "b");
	say(serving, 1, "<presence/>");
	g_autofree char *second = heard(serving, 1);
	assert_null(strstr(second, "type='subscribe'"));
}

static void a_request_that_is_granted_makes_a_contact(void **state)
{
	struct serving *serving = *state;
	serving_come(serving, 0, "a", 0);
	core_legacy_auth_request(fakes_user(serving->rig->fakes, ME), "fan");
	hears(serving, 0, PRESENCE("fan", ME, "subscribe"));
	say(serving, 0, "<presence to='fan@" DOMAIN "' type='subscribed'/>");
	hears(serving, 0,
	      PUSH("a", "<item jid='fan@" DOMAIN "' name='' subscription='both'/>") "<presence from='fan@" DOMAIN
										    "/bot' to='" ME
										    "/a' type='unavailable'/>");
	expect_net(serving->rig, "net put " ME " fan");
}

/* --- administrators ----------------------------------------------------------------------------- */

static void an_administrator_has_the_gateway_as_a_contact(void **state)
{
	struct serving *serving = *state;
	struct resource *resource = serving_bind(serving, 0, "a");
	resource->arrival = 0;
	say(serving, 0, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
	hears(serving, 0,
	      "<iq type='result' id='r' from='" ME "' to='" ME "/a'><query xmlns='jabber:iq:roster'><item jid='" DOMAIN
	      "' name='Admin' subscription='both'/></query></iq>");
	say(serving, 0, "<presence/>");
	g_autofree char *text = heard(serving, 0);
	assert_non_null(strstr(text, "<item jid='" DOMAIN "' name='Admin' subscription='both'>"));
	assert_non_null(strstr(text, "<presence from='" DOMAIN "' to='" ME "/a'>"));
	/* On no network. */
	say(serving, 0, "<presence to='bob@" DOMAIN "'/>");
	say(serving, 0, "<presence/>");
	expect_net(serving->rig, "");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_first_presence_shows_who_is_there),
		TEST(a_change_reaches_the_others_and_oneself),
		TEST(who_goes_tells_the_others_and_hears_no_more),
		TEST(a_lost_connection_is_an_end_too),
		TEST(priority_says_who_speaks),
		TEST(one_asks_for_oneself),
		TEST(presence_to_one_is_withdrawn_at_the_end),
		TEST(a_presence_that_is_too_large_is_refused),
		TEST(who_is_subscribed_to_is_a_contact_at_once),
		TEST(who_is_unsubscribed_from_is_none_any_more),
		TEST(a_request_is_shown_to_everybody_who_comes),
		TEST(a_request_that_is_granted_makes_a_contact),
		TEST(an_administrator_has_the_gateway_as_a_contact),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
