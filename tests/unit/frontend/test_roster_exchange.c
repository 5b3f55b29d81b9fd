/* SPDX-License-Identifier: MIT */
#include "frontend/roster.h"

#include "rig.h"

#define ROSTERX "http://jabber.org/protocol/rosterx"
#define OFFER(resource, items)                                                              \
	"<iq from='gate.localhost' to='" USER "/" resource "' type='set' id='00000000-q1'>" \
	"<x xmlns='" ROSTERX "'>" items "</x></iq>"
#define ITEM(action, node)   "<item action='" action "' jid='" node "@gate.localhost'/>"
#define PRESENCE(node, type) "<presence from='" node "@gate.localhost' to='" USER "' type='" type "'/>"

/* The client says what it is, and what that supports as soon as it is asked. */
static void available(struct rig *rig, const char *resource)
{
	g_autofree char *text =
		g_strdup_printf("<presence from='" USER "/%s' to='gate.localhost'>"
				"<c xmlns='http://jabber.org/protocol/caps' node='n' ver='1'/></presence>",
				resource);
	receive(rig, text);
	forget(rig);
}

/* Who sent what since the last look is answered: disco#info with the feature, offers as `takes` says for the
 * resource. */
static unsigned answer_all(struct rig *rig, const char *type)
{
	g_autoptr(GMatchInfo) match = NULL;
	g_autoptr(GRegex) regex = g_regex_new(" to='([^']*)' type='([gs]et)' id='([^']*)'", 0, 0, NULL);
	g_autofree char *sent = g_strndup(buf_len(&rig->out) ? buf_data(&rig->out) : "", buf_len(&rig->out));
	unsigned count = 0;
	forget(rig);
	for (g_regex_match(regex, sent, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL)) {
		g_autofree char *from = g_match_info_fetch(match, 1), *asked = g_match_info_fetch(match, 2);
		g_autofree char *id = g_match_info_fetch(match, 3);
		bool info = !strcmp(asked, "get");
		g_autofree char *text = g_strdup_printf(
			"<iq from='%s' to='gate.localhost' type='%s' id='%s'>%s</iq>", from, info ? "result" : type, id,
			info ? "<query xmlns='http://jabber.org/protocol/disco#info'><feature var='" ROSTERX
			       "'/></query>"
			     : "");
		receive(rig, text);
		count++;
	}
	return count;
}

static int setup(void **state)
{
	struct rig *rig = rig_start();
	available(rig, "a");
	*state = rig;
	return 0;
}

static int teardown(void **state)
{
	rig_end(*state);
	return 0;
}

static void put(struct rig *rig, const char *node, bool settled)
{
	struct core_contact_item item = { .node = node, .settled = settled };
	roster_contacts(rig->frontend, USER, &item, 1);
}

/* The rest of a test begins when what the clients support is known. */
static void learn(struct rig *rig)
{
	put(rig, "first", false);
	while (answer_all(rig, "result"))
		continue;
}

static void clients_are_told_instead_of_asked(void **state)
{
	struct rig *rig = *state;
	put(rig, "bob", false);
	assert_int_equal(answer_all(rig, "result"), 1);
	expect(rig, OFFER("a", ITEM("add", "bob")));
}

static void every_client_is_told(void **state)
{
	struct rig *rig = *state;
	available(rig, "b");
	learn(rig);
	put(rig, "bob", false);
	expect(rig, OFFER("a", ITEM("add", "bob")) OFFER("b", ITEM("add", "bob")));
}

/* XEP-0144, section 6. */
static void each_action_has_its_own_request(void **state)
{
	static const char *const groups[] = { "Friends", "<Work>" };
	struct core_contact_item items[] = {
		{ .node = "a", .name = "A'a", .groups = groups, .group_count = 2 },
		{ .node = "b", .settled = true },
		{ .node = "c" },
	};
	struct rig *rig = *state;
	learn(rig);
	roster_contacts(rig->frontend, USER, items, G_N_ELEMENTS(items));
	expect(rig, OFFER("a", "<item action='add' jid='a@gate.localhost' name='A&apos;a'><group>Friends</group>"
			       "<group>&lt;Work&gt;</group></item>" ITEM("add", "c")) OFFER("a", ITEM("modify", "b")));
	const char *node = "a";
	roster_contacts_gone(rig->frontend, USER, &node, 1);
	expect(rig, OFFER("a", ITEM("delete", "a")));
}

static void many_items_are_told_in_parts(void **state)
{
	struct core_contact_item items[250];
	struct rig *rig = *state;
	learn(rig);
	for (size_t i = 0; i < G_N_ELEMENTS(items); i++)
		items[i] = (struct core_contact_item){ .node = arena_printf(rig->fakes->arena, "c%zu", i) };
	roster_contacts(rig->frontend, USER, items, G_N_ELEMENTS(items));
	assert_int_equal(answer_all(rig, "result"), 3);
	expect(rig, "");
}

static void who_is_refused_by_all_asks(void **state)
{
	struct rig *rig = *state;
	available(rig, "b");
	learn(rig);
	put(rig, "bob", false);
	assert_int_equal(answer_all(rig, "error"), 2);
	expect(rig, PRESENCE("bob", "subscribe"));
	const char *node = "bob";
	roster_contacts_gone(rig->frontend, USER, &node, 1);
	assert_int_equal(answer_all(rig, "error"), 2);
	expect(rig, PRESENCE("bob", "unsubscribe") PRESENCE("bob", "unsubscribed"));
}

static void a_server_that_grants_rosters_comes_first(void **state)
{
	struct rig *rig = *state;
	learn(rig);
	receive(rig, "<message from='localhost' to='gate.localhost'><privilege xmlns='urn:xmpp:privilege:2'>"
		     "<perm access='roster' type='both' push='false'/></privilege></message>");
	put(rig, "bob", false);
	expect(rig, "<iq type='set' id='*' from='gate.localhost' to='" USER "'><query xmlns='jabber:iq:roster'>"
		    "<item jid='bob@gate.localhost' subscription='both'/></query></iq>");
}

static void who_has_no_client_is_asked(void **state)
{
	struct rig *rig = *state;
	receive(rig, "<presence type='unavailable' from='" USER "/a' to='gate.localhost'/>");
	forget(rig);
	put(rig, "bob", false);
	expect(rig, PRESENCE("bob", "subscribe"));
}

/* The user logs out between question and answer; what was under way at the end is forgotten. */
static void users_may_go_in_between(void **state)
{
	struct rig *rig = *state;
	put(rig, "bob", false);
	available(rig, "b");
	receive(rig, "<presence type='unavailable' from='" USER "/a' to='gate.localhost'/>");
	receive(rig, "<presence type='unavailable' from='" USER "/b' to='gate.localhost'/>");
	forget(rig);
	put(rig, "anna", false);
	expect(rig, PRESENCE("anna", "subscribe"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(clients_are_told_instead_of_asked), TEST(every_client_is_told),
		TEST(each_action_has_its_own_request),   TEST(many_items_are_told_in_parts),
		TEST(who_is_refused_by_all_asks),        TEST(a_server_that_grants_rosters_comes_first),
		TEST(who_has_no_client_is_asked),        TEST(users_may_go_in_between),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
