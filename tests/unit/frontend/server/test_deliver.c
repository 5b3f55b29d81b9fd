/* SPDX-License-Identifier: MIT */
#include "serving.h"

#include "frontend/server/sm.h"

/* Who of an account gets what is for it (RFC 6121, section 8.5). */

#define FROM "bob@" DOMAIN

static int setup(void **state)
{
	struct serving *serving = *state = serving_new(NULL);
	serving_come(serving, 0, "a", 0);
	serving_come(serving, 1, "b", 5);
	serving_come(serving, 2, "away", -1);
	serving_bind(serving, 3, "new");
	return 0;
}

static int teardown(void **state)
{
	serving_end(*state);
	return 0;
}

static void deliver(struct serving *serving, const char *to, const char *stanza)
{
	struct frontend *frontend = serving->rig->frontend;
	struct buf *out = route_begin(frontend, to, true);
	assert_non_null(out);
	buf_append_text(out, stanza);
	route_end(frontend, out, to);
}

/* Lines that hear it, as digits. */
static void reaches(struct serving *serving, const char *to, const char *stanza, const char *lines)
{
	deliver(serving, to, stanza);
	for (unsigned i = 0; i < G_N_ELEMENTS(serving->line); i++)
		hears(serving, i, strchr(lines, (char)('0' + i)) ? stanza : "");
}

#define MESSAGE(type)  "<message from='" FROM "' to='" ME "' type='" type "'><body>hi</body></message>"
#define PRESENCE(type) "<presence from='" FROM "' to='" ME "' type='" type "'/>"

static void a_full_jid_is_that_resource_available_or_not(void **state)
{
	reaches(*state, ME "/a", MESSAGE("chat"), "0");
	reaches(*state, ME "/away", MESSAGE("groupchat"), "2");
	reaches(*state, ME "/new", "<iq type='result' id='1'/>", "3");
	reaches(*state, ME "/new", PRESENCE("unavailable"), "3");
}

static void words_for_the_account_reach_all_that_listen(void **state)
{
	reaches(*state, ME, MESSAGE("chat"), "01");
	reaches(*state, ME, MESSAGE("normal"), "01");
	reaches(*state, ME, "<message><body>hi</body></message>", "01");
	reaches(*state, ME, MESSAGE("headline"), "01");
}

static void rooms_and_errors_are_for_resources_only(void **state)
{
	reaches(*state, ME, MESSAGE("groupchat"), "");
	reaches(*state, ME, MESSAGE("error"), "");
	reaches(*state, ME, "<iq type='get' id='1'/>", "");
}

static void words_for_a_resource_that_is_gone_reach_the_others(void **state)
{
	reaches(*state, ME "/gone", MESSAGE("chat"), "01");
	reaches(*state, ME "/gone", MESSAGE("headline"), "");
	reaches(*state, ME "/gone", MESSAGE("groupchat"), "");
	reaches(*state, ME "/gone", MESSAGE("error"), "");
	reaches(*state, ME "/gone", "<presence/>", "");
	reaches(*state, ME "/gone", "<iq type='result' id='1'/>", "");
}

static void presence_reaches_all_that_are_available(void **state)
{
	reaches(*state, ME, "<presence from='" FROM "/bot'/>", "012");
	reaches(*state, ME, PRESENCE("unavailable"), "012");
	reaches(*state, ME, PRESENCE("subscribe"), "012");
}

static void answers_to_subscriptions_reach_who_has_the_roster(void **state)
{
	struct serving *serving = *state;
	serving->line[1].client.resource->interested = false;
	serving->line[3].client.resource->interested = true;
	reaches(serving, ME, PRESENCE("subscribed"), "023");
	reaches(serving, ME, PRESENCE("unsubscribed"), "023");
}

static void words_that_nobody_hears_are_counted(void **state)
{
	struct serving *serving = *state;
	uint64_t *dropped = &serving->server.metrics->value[METRIC_STANZAS_DROPPED], before = *dropped;
	reaches(serving, "nobody@" DOMAIN, MESSAGE("chat"), "");
	reaches(serving, "nobody@" DOMAIN "/a", "<presence/>", "");
	assert_int_equal(*dropped, before + 1);
	serving_drop(serving, 0);
	serving_drop(serving, 1);
	forget_all(serving);
	reaches(serving, ME, MESSAGE("chat"), "");
	assert_int_equal(*dropped, before + 2);
}

static void messages_between_own_resources_keep_what_is_in_them(void **state)
{
	struct serving *serving = *state;
	say(serving, 0, "<message to='" ME "/b' type='chat' id='1'><body>me</body><x xmlns='y'><z/></x></message>");
	hears(serving, 1,
	      "<message from='" ME "/a' to='" ME
	      "/b' type='chat' id='1'><body>me</body><x xmlns='y'><z/></x></message>");
	silence(serving);
}

static void who_returns_an_error_is_there_still(void **state)
{
	struct serving *serving = *state;
	say(serving, 1,
	    "<message to='" FROM "' type='error'><error type='cancel'><item-not-found " STANZAS "/></error></message>");
	say(serving, 1,
	    "<presence to='" FROM "' type='error'><error type='cancel'><item-not-found " STANZAS
	    "/></error></presence>");
	silence(serving);
	net_contact(serving->rig->fakes, ME, &(struct core_contact){ .name = "bob", .status = CORE_ONLINE });
	say(serving, 0, "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>");
	g_autofree char *text = heard(serving, 1);
	assert_non_null(strstr(text, "<presence from='" FROM "/bot'"));
}

static void what_a_client_without_a_connection_gets_is_kept_for_it(void **state)
{
	struct serving *serving = *state;
	struct resource *lost = serving->line[1].client.resource;
	serving->line[2].client.resource->carbons = true;
	lost->sm = sm_new();
	client_end(&serving->line[1].client, XMPP_C2S_RESET, NULL);
	deliver(serving, ME "/b", MESSAGE("chat"));
	assert_int_equal(sm_count(lost->sm), 1);
	hears(serving, 1, "");
	g_autofree char *copy = heard(serving, 2);
	assert_non_null(strstr(copy, "<received"));
	deliver(serving, ME, MESSAGE("chat"));
	assert_int_equal(sm_count(lost->sm), 2);
	resource_free(lost);
	forget_all(serving);
}

static void what_the_network_says_reaches_its_user(void **state)
{
	struct serving *serving = *state;
	net_writes(serving->rig->fakes, ME, "bob", "hello");
	g_autofree char *one = heard(serving, 0), *two = heard(serving, 1);
	assert_non_null(strstr(one, "<body>hello</body>"));
	assert_string_equal(one, two);
	silence(serving);
	/* Who has answered is who is spoken to. */
	say(serving, 1, "<message to='" FROM "' type='chat'><body>hi</body></message>");
	net_writes(serving->rig->fakes, ME, "bob", "again");
	g_autofree char *again = heard(serving, 1);
	assert_non_null(strstr(again, "to='" ME "/b'"));
	silence(serving);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_full_jid_is_that_resource_available_or_not),
		TEST(words_for_the_account_reach_all_that_listen),
		TEST(rooms_and_errors_are_for_resources_only),
		TEST(words_for_a_resource_that_is_gone_reach_the_others),
		TEST(presence_reaches_all_that_are_available),
		TEST(answers_to_subscriptions_reach_who_has_the_roster),
		TEST(words_that_nobody_hears_are_counted),
		TEST(messages_between_own_resources_keep_what_is_in_them),
		TEST(who_returns_an_error_is_there_still),
		TEST(what_a_client_without_a_connection_gets_is_kept_for_it),
		TEST(what_the_network_says_reaches_its_user),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
