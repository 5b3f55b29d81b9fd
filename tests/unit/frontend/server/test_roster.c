/* SPDX-License-Identifier: MIT */
#include "serving.h"

/* Rosters that are ours (RFC 6121, section 2). */

#define GET        "<iq type='get' id='r'><query xmlns='jabber:iq:roster'/></iq>"
#define GET_VER(v) "<iq type='get' id='r'><query xmlns='jabber:iq:roster' ver='" v "'/></iq>"
#define SET(item)  "<iq type='set' id='s'><query xmlns='jabber:iq:roster'>" item "</query></iq>"
#define RESULT(inner) \
	"<iq type='result' id='r' from='" ME "' to='" ME "/a'><query xmlns='jabber:iq:roster'>" inner "</query></iq>"
#define DONE "<iq type='result' id='s' from='" ME "' to='" ME "/a'/>"
#define REFUSED(type, condition)                                                                             \
	"<iq type='error' id='s' from='" ME "' to='" ME "/a'><error type='" type "'><" condition " " STANZAS \
	"/></error></iq>"
#define ITEM(node, name, inner) "<item jid='" node "@" DOMAIN "' name='" name "' subscription='both'>" inner "</item>"
#define PUSH(to, item)          "<iq type='set' id='*' to='" ME "/" to "'><query xmlns='jabber:iq:roster'>" item "</query></iq>"

static int setup(void **state)
{
	struct serving *serving = *state = serving_new(NULL);
	serving_bind(serving, 0, "a");
	return 0;
}

static int teardown(void **state)
{
	serving_end(*state);
	return 0;
}

static void contact(struct serving *serving, const char *name, const char *alias)
{
	net_contact(serving->rig->fakes, ME,
		    &(struct core_contact){ .name = name, .alias = alias, .status = CORE_ONLINE });
}

static void announce(struct serving *serving)
{
	struct jid me = fakes_jid(serving->rig->fakes, ME);
	core_user_announce_contacts(serving->rig->fakes->core, &me);
}

/* The value of the last `ver`, to be freed. */
static char *version_in(const char *text)
{
	const char *at = g_strrstr(text, " ver='");
	assert_non_null(at);
	return g_strndup(at + strlen(" ver='"), strcspn(at + strlen(" ver='"), "'"));
}

static void the_roster_is_what_the_network_has(void **state)
{
	static const char *const groups[] = { "x", "y", NULL };
	struct serving *serving = *state;
	net_contact(serving->rig->fakes, ME,
		    &(struct core_contact){ .name = "bob", .alias = "Bob", .groups = groups, .group_count = 2 });
	say(serving, 0, GET);
	hears(serving, 0, RESULT(ITEM("bob", "Bob", "<group>x</group><group>y</group>")));
	say(serving, 0, "<iq type='get' id='r' to='bob@" DOMAIN "'><query xmlns='jabber:iq:roster'/></iq>");
	g_autofree char *answer = heard(serving, 0);
	assert_non_null(strstr(answer, "<service-unavailable"));
}

static void who_has_asked_hears_of_changes_before_presence(void **state)
{
	struct serving *serving = *state;
	serving_bind(serving, 1, "b");
	say(serving, 0, GET);
	say(serving, 0, "<presence/>");
	forget_all(serving);
	contact(serving, "bob", "Bob");
	announce(serving);
	hears(serving, 0,
	      PUSH("a", ITEM("bob", "Bob", "")) "<presence from='bob@" DOMAIN "/bot' to='" ME
						"'><x xmlns='vcard-temp:x:update'><photo/></x>" CAPS "</presence>");
	say(serving, 0, "<iq type='result' id='anything'/>");
	core_legacy_contact_removed(fakes_user(serving->rig->fakes, ME), "bob");
	hears(serving, 0, PUSH("a", "<item jid='bob@" DOMAIN "' subscription='remove'/>"));
	silence(serving);
}

static void news_come_by_themselves(void **state)
{
	struct serving *serving = *state;
	say(serving, 0, GET);
	forget_all(serving);
	contact(serving, "bob", "Bob");
	wait_for(serving->rig->fakes, buf_len(&serving->line[0].out) > 0);
	hears(serving, 0, PUSH("a", ITEM("bob", "Bob", "")));
}

static void a_change_by_one_is_told_to_all(void **state)
{
	struct serving *serving = *state;
	serving_bind(serving, 1, "b");
	say(serving, 0, GET);
	say(serving, 1, GET);
	forget_all(serving);
	say(serving, 0, SET("<item jid='new@" DOMAIN "' name='N'><group>g</group></item>"));
	hears(serving, 0, PUSH("a", ITEM("new", "N", "<group>g</group>")) DONE);
	hears(serving, 1, PUSH("b", ITEM("new", "N", "<group>g</group>")));
	expect_net(serving->rig, "net put " ME " new alias=N group=g");
	say(serving, 0, SET("<item jid='new@" DOMAIN "' name='M'/>"));
	hears(serving, 0, PUSH("a", ITEM("new", "M", "")) DONE);
	hears(serving, 1, PUSH("b", ITEM("new", "M", "")));
	expect_net(serving->rig, "net put " ME " new alias=M");
	say(serving, 0, SET("<item jid='new@" DOMAIN "' subscription='remove'/>"));
	hears(serving, 0, PUSH("a", "<item jid='new@" DOMAIN "' subscription='remove'/>") DONE);
	hears(serving, 1, PUSH("b", "<item jid='new@" DOMAIN "' subscription='remove'/>"));
	expect_net(serving->rig, "net remove " ME " new");
}

static void what_cannot_be_is_refused(void **state)
{
	struct serving *serving = *state;
	say(serving, 0, SET(""));
	hears(serving, 0, REFUSED("modify", "bad-request"));
	say(serving, 0, SET("<item jid='x@" DOMAIN "'/><item jid='y@" DOMAIN "'/>"));
	hears(serving, 0, REFUSED("modify", "bad-request"));
	say(serving, 0, SET("<item jid='" ME "'/>"));
	hears(serving, 0, REFUSED("cancel", "not-allowed"));
	say(serving, 0, SET("<item jid='none@" DOMAIN "' subscription='remove'/>"));
	hears(serving, 0, REFUSED("cancel", "item-not-found"));
	say(serving, 0, SET("<item jid='x@elsewhere'/>"));
	g_autofree char *answer = heard(serving, 0);
	assert_non_null(strstr(answer, "<not-acceptable"));
	expect_net(serving->rig, "");
}

/* RFC 6121, section 2.6. */
static void who_has_it_is_not_told_again(void **state)
{
	struct serving *serving = *state;
	contact(serving, "bob", "Bob");
	contact(serving, "eve", "Eve");
	say(serving, 0, GET_VER(""));
	g_autofree char *first = heard(serving, 0), *version = version_in(first);
	g_autofree char *again = g_strdup_printf(GET_VER("%s"), version);
	say(serving, 0, again);
	hears(serving, 0, "<iq type='result' id='r' from='" ME "' to='" ME "/a'/>");
	/* A push says what it is then, so that who has heard it has it. */
	contact(serving, "bob", "Bobby");
	announce(serving);
	g_autofree char *push = heard(serving, 0), *after = version_in(push);
	assert_string_not_equal(after, version);
	g_autofree char *now = g_strdup_printf(GET_VER("%s"), after);
	say(serving, 0, now);
	hears(serving, 0, "<iq type='result' id='r' from='" ME "' to='" ME "/a'/>");
	say(serving, 0, again);
	g_autofree char *whole = heard(serving, 0);
	assert_non_null(strstr(whole, "Bobby"));
	/* What was before has the mark it had. */
	contact(serving, "bob", "Bob");
	announce(serving);
	g_autofree char *back = heard(serving, 0), *same = version_in(back);
	assert_string_equal(same, version);
}

static void a_part_of_several_changes_has_no_mark_of_a_whole(void **state)
{
	struct serving *serving = *state;
	say(serving, 0, GET_VER("x"));
	forget_all(serving);
	contact(serving, "bob", "Bob");
	contact(serving, "eve", "Eve");
	announce(serving);
	g_autofree char *pushes = heard(serving, 0), *last = version_in(pushes);
	assert_non_null(strstr(pushes, "ver='part'"));
	assert_int_equal(strlen(last), CORE_ROSTER_VERSION_SIZE - 1);
	/* Something else is not said yet. */
	contact(serving, "joe", "Joe");
	core_legacy_contact_removed(fakes_user(serving->rig->fakes, ME), "bob");
	g_autofree char *gone = heard(serving, 0), *part = version_in(gone);
	assert_string_equal(part, "part");
	announce(serving);
	g_autofree char *rest = heard(serving, 0), *whole = version_in(rest);
	g_autofree char *get = g_strdup_printf(GET_VER("%s"), whole);
	say(serving, 0, get);
	hears(serving, 0, "<iq type='result' id='r' from='" ME "' to='" ME "/a'/>");
}

static void who_goes_takes_his_mark_with_him(void **state)
{
	struct serving *serving = *state;
	contact(serving, "bob", "Bob");
	say(serving, 0, GET_VER(""));
	g_autofree char *with = heard(serving, 0), *version = version_in(with);
	say(serving, 0, SET("<item jid='new@" DOMAIN "'/>"));
	forget_all(serving);
	say(serving, 0, SET("<item jid='new@" DOMAIN "' subscription='remove'/>"));
	g_autofree char *gone = heard(serving, 0), *then = version_in(gone);
	assert_string_equal(then, version);
}

static void a_roster_of_thousands_is_told_whole(void **state)
{
	enum { MANY = 5000 };
	struct serving *serving = *state;
	size_t count = 0;
	for (unsigned i = 0; i < MANY; i++) {
		g_autofree char *name = g_strdup_printf("contact-number-%u-with-a-long-name", i);
		g_autofree char *alias = g_strdup_printf("%s, who has another long name on the network", name);
		contact(serving, name, alias);
	}
	say(serving, 0, GET);
	g_autofree char *text = heard(serving, 0);
	for (const char *at = text; (at = strstr(at, "<item ")); at++)
		count++;
	assert_int_equal(count, MANY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(the_roster_is_what_the_network_has),
		TEST(who_has_asked_hears_of_changes_before_presence),
		TEST(news_come_by_themselves),
		TEST(a_change_by_one_is_told_to_all),
		TEST(what_cannot_be_is_refused),
		TEST(who_has_it_is_not_told_again),
		TEST(a_part_of_several_changes_has_no_mark_of_a_whole),
		TEST(who_goes_takes_his_mark_with_him),
		TEST(a_roster_of_thousands_is_told_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
