/* SPDX-License-Identifier: MIT */
#include "frontend/roster.h"

#include "rig.h"

#define GRANT(type)                                                                              \
	"<message from='localhost' to='gate.localhost'><privilege xmlns='urn:xmpp:privilege:2'>" \
	"<perm access='roster' type='" type "' push='true'/></privilege></message>"
#define QUERY(items)         "<query xmlns='jabber:iq:roster'>" items "</query>"
#define SET(item)            "<iq type='set' id='*' from='gate.localhost' to='" USER "'>" QUERY(item) "</iq>"
#define BOTH(node)           "<item jid='" node "@gate.localhost' name='' subscription='both'/>"
#define REMOVE(node)         "<item jid='" node "@gate.localhost' subscription='remove'/>"
#define PRESENCE(node, type) "<presence from='" node "gate.localhost' to='" USER "' type='" type "'/>"

static int setup(void **state)
{
	*state = rig_start();
	return 0;
}

static int teardown(void **state)
{
	rig_end(*state);
	return 0;
}

static struct rig *granted(void **state)
{
	receive(*state, GRANT("both"));
	return *state;
}

static void put(struct rig *rig, struct core_contact_item item)
{
	roster_contacts(rig->frontend, USER, &item, 1);
}

/* Puts n contacts of the names c0, c1... */
static void put_many(struct rig *rig, unsigned n)
{
	g_autofree struct core_contact_item *items = g_new0(struct core_contact_item, n);
	for (unsigned i = 0; i < n; i++)
		items[i] = (struct core_contact_item){ .node = arena_printf(rig->fakes->arena, "c%u", i), .name = "" };
	roster_contacts(rig->frontend, USER, items, n);
}

/* Ids of the requests that were sent since the last look. */
static GPtrArray *requests(struct rig *rig)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *sent = g_strndup(buf_len(&rig->out) ? buf_data(&rig->out) : "", buf_len(&rig->out));
	g_autoptr(GRegex) regex = g_regex_new("<iq[^>]* id='([^']*)'", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	for (g_regex_match(regex, sent, 0, &match); g_match_info_matches(match); g_match_info_next(match, NULL))
		g_ptr_array_add(ids, g_match_info_fetch(match, 1));
	forget(rig);
	return ids;
}

static void answer(struct rig *rig, const char *id, const char *type, const char *inner)
{
	g_autofree char *stanza =
		g_strdup_printf("<iq from='" USER "' to='gate.localhost' type='%s' id='%s'>%s</iq>", type, id, inner);
	receive(rig, stanza);
}

static void refuse(struct rig *rig, const char *id, const char *condition)
{
	g_autofree char *error = g_strdup_printf("<error type='cancel'><%s " STANZAS "/></error>", condition);
	answer(rig, id, "error", error);
}

/* All requests that were sent since the last look; how many. */
static unsigned answer_all(struct rig *rig, const char *condition)
{
	g_autoptr(GPtrArray) ids = requests(rig);
	for (guint i = 0; i < ids->len; i++)
		condition ? refuse(rig, ids->pdata[i], condition) : answer(rig, ids->pdata[i], "result", "");
	return ids->len;
}

/* --- putting ---------------------------------------------------------------------------------- */

static void without_privilege_the_user_is_asked(void **state)
{
	put(*state, (struct core_contact_item){ .node = "bob", .name = "Bob & Co" });
	expect(*state, "<presence from='bob@gate.localhost' to='" USER "' type='subscribe'>"
		       "<nick xmlns='http://jabber.org/protocol/nick'>Bob &amp; Co</nick></presence>");
	put(*state, (struct core_contact_item){ .node = "bob", .name = "Robert", .settled = true });
	expect(*state, "");
	receive(*state, GRANT("get"));
	put(*state, (struct core_contact_item){ 0 });
	expect(*state, PRESENCE("", "subscribe"));
}

static void with_privilege_the_roster_is_changed(void **state)
{
	static const char *const groups[] = { "Friends", "<Work>" };
	put(granted(state),
	    (struct core_contact_item){ .node = "b\\40x", .name = "B'b", .groups = groups, .group_count = 2 });
	expect(*state, SET("<item jid='b\\40x@gate.localhost' name='B&apos;b' subscription='both'>"
			   "<group>Friends</group><group>&lt;Work&gt;</group></item>"));
	put(*state, (struct core_contact_item){ .node = "bob", .name = "Bob", .settled = true });
	expect(*state, SET("<item jid='bob@gate.localhost' name='Bob' subscription='both'/>"));
}

static void what_is_kept_is_told_and_shown(void **state)
{
	struct rig *rig = granted(state);
	net_contact(rig->fakes, USER, &(struct core_contact){ .name = "c0", .status = CORE_AWAY });
	forget(rig);
	put_many(rig, 1);
	assert_int_equal(answer_all(rig, NULL), 1);
	expect(rig, "<presence from='c0@gate.localhost/bot' to='" USER "'><show>away</show>"
		    "<x xmlns='vcard-temp:x:update'><photo/></x>" CAPS "</presence>");
	/* It is no contact to be asked for any more. */
	receive(rig, "<presence type='unsubscribed' from='" USER "' to='c0@gate.localhost'/>");
	expect(rig, "");
}

static void many_are_under_way_but_not_all(void **state)
{
	struct rig *rig = granted(state);
	unsigned total = 0, n;
	put_many(rig, 30);
	for (unsigned i = 0; i < 30 && (n = answer_all(rig, NULL)); i++) {
		assert_in_range(n, 1, 10);
		total += n;
	}
	assert_int_equal(total, 30);
	assert_int_equal(idmap_size(rig->frontend->roster_tasks), 0);
}

static void a_bad_item_goes_another_way_alone(void **state)
{
	struct rig *rig = granted(state);
	put_many(rig, 2);
	g_autoptr(GPtrArray) ids = requests(rig);
	refuse(rig, ids->pdata[0], "not-acceptable");
	expect(rig, "");
	answer(rig, ids->pdata[1], "result", "");
	expect(rig, PRESENCE("c0@", "subscribe"));
}

static void a_refusal_sends_the_rest_another_way(void **state)
{
	struct rig *rig = granted(state);
	put_many(rig, 10);
	g_autoptr(GPtrArray) ids = requests(rig);
	assert_int_equal(ids->len, 8);
	refuse(rig, ids->pdata[0], "internal-server-error");
	for (unsigned i = 1; i < 8; i++)
		answer(rig, ids->pdata[i], "result", "");
	expect(rig, PRESENCE("c0@", "subscribe") PRESENCE("c8@", "subscribe") PRESENCE("c9@", "subscribe"));
}

static void a_server_that_always_refuses_is_left_alone(void **state)
{
	struct rig *rig = granted(state);
	for (unsigned i = 0; i < 3; i++) {
		put(rig, (struct core_contact_item){ .node = "bob", .settled = true });
		assert_int_equal(answer_all(rig, "internal-server-error"), 1);
	}
	put(rig, (struct core_contact_item){ .node = "bob" });
	expect(rig, PRESENCE("bob@", "subscribe"));
	frontend_up(rig->frontend);
	granted(state);
	forget(rig);
	put(rig, (struct core_contact_item){ .node = "bob", .name = "" });
	expect(rig, SET(BOTH("bob")));
}

static void refusals_are_forgotten_when_it_works(void **state)
{
	struct rig *rig = granted(state);
	for (unsigned i = 0; i < 9; i++) {
		put(rig, (struct core_contact_item){ .node = "bob", .settled = true });
		assert_int_equal(answer_all(rig, i % 3 < 2 ? "internal-server-error" : NULL), 1);
	}
}

static void silence_is_a_refusal(void **state)
{
	struct rig *rig = granted(state);
	rig->frontend->ask_ms = 1;
	put_many(rig, 10);
	/* Eight were asked for. */
	wait_for(rig->fakes, rig->sent->len == 18);
	assert_int_equal(idmap_size(rig->frontend->roster_tasks), 0);
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "from='c0@gate.localhost' to='" USER "' type='subscribe'"));
	assert_non_null(strstr(sent, "from='c9@gate.localhost' to='" USER "' type='subscribe'"));
	/* They are kept until there is a link. */
	assert_int_equal(rig->lasting, 10);
}

static void without_a_link_nothing_is_under_way(void **state)
{
	struct rig *rig = granted(state);
	rig->closed = true;
	put_many(rig, 3);
	assert_int_equal(idmap_size(rig->frontend->roster_tasks), 0);
}

static void what_is_under_way_at_the_end_is_forgotten(void **state)
{
	put_many(granted(state), 20);
}

/* --- taking out ------------------------------------------------------------------------------- */

static void taken_out_by_the_same_ways(void **state)
{
	static const char *const nodes[] = { "bob", NULL };
	struct rig *rig = *state;
	roster_contacts_gone(rig->frontend, USER, nodes, 2);
	expect(rig, PRESENCE("bob@", "unsubscribe") PRESENCE("bob@", "unsubscribed") PRESENCE("", "unsubscribe")
			    PRESENCE("", "unsubscribed"));
	granted(state);
	roster_contacts_gone(rig->frontend, USER, nodes, 2);
	expect(rig, SET(REMOVE("bob")) SET("<item jid='gate.localhost' subscription='remove'/>"));
}

static void what_is_not_there_is_out(void **state)
{
	static const char *const nodes[] = { "bob" };
	struct rig *rig = granted(state);
	roster_contacts_gone(rig->frontend, USER, nodes, 1);
	assert_int_equal(answer_all(rig, "item-not-found"), 1);
	expect(rig, "");
	roster_contacts_gone(rig->frontend, USER, nodes, 1);
	assert_int_equal(answer_all(rig, "forbidden"), 1);
	expect(rig, PRESENCE("bob@", "unsubscribe") PRESENCE("bob@", "unsubscribed"));
}

/* --- reading ---------------------------------------------------------------------------------- */

static void the_roster_is_read_where_that_is_granted(void **state)
{
	struct rig *rig = *state;
	roster_wanted(rig->frontend, USER);
	receive(rig, GRANT("set"));
	roster_wanted(rig->frontend, USER);
	expect(rig, "");
	granted(state);
	roster_wanted(rig->frontend, USER);
	expect(rig, "<iq type='get' id='*' from='gate.localhost' to='" USER "'>" QUERY("") "</iq>");
}

static void the_users_names_and_groups_are_taken_over(void **state)
{
	struct rig *rig = granted(state);
	net_contact(rig->fakes, USER,
		    &(struct core_contact){ .name = "Bob", .alias = "Bobby", .status = CORE_OFFLINE });
	roster_wanted(rig->frontend, USER);
	g_autoptr(GPtrArray) ids = requests(rig);
	answer(rig, ids->pdata[0], "result",
	       QUERY("<item jid='bob@gate.localhost' name='Robert' "
		     "subscription='both'><group>Work</group><group/></item>"
		     "<item jid='gate.localhost' name='IRC' subscription='both'/><item jid='x@' name='x'/><item/>"
		     "<item jid='bob@elsewhere.example' name='Other' subscription='both'/>"
		     "<item jid='bob@gate.localhost/x' name='Other' subscription='both'/>"
		     "<item jid='carol@gate.localhost' name='Carol' subscription='both'/><other/>"));
	expect_net(rig, "net put " USER " Bob alias=Robert group=Work\n");
	expect(rig, "");
}

static void a_roster_that_cannot_be_read_changes_nothing(void **state)
{
	struct rig *rig = granted(state);
	net_contact(rig->fakes, USER,
		    &(struct core_contact){ .name = "Bob", .alias = "Bobby", .status = CORE_OFFLINE });
	for (unsigned i = 0; i < 2; i++) {
		roster_wanted(rig->frontend, USER);
		g_autoptr(GPtrArray) ids = requests(rig);
		i ? refuse(rig, ids->pdata[0], "forbidden") : answer(rig, ids->pdata[0], "result", "");
	}
	expect_net(rig, "");
	expect(rig, "");
}

/* --- asked of us ------------------------------------------------------------------------------- */

#define ASK(type, from, to, items) "<iq type='" type "' id='1' from='" from "' to='" to "'>" QUERY(items) "</iq>"
#define DONE(from, to)             "<iq type='result' id='1' from='" to "' to='" from "'/>"
#define GATE                       "gate.localhost"

static void the_contacts_are_listed_as_a_roster(void **state)
{
	static const char *const groups[] = { "Friends" };
	struct rig *rig = *state;
	receive(rig, ASK("get", USER "/a", GATE, ""));
	expect(rig, "<iq type='result' id='1' from='" GATE "' to='" USER "/a'>" QUERY("") "</iq>");
	net_contact(rig->fakes, USER,
		    &(struct core_contact){
			    .name = "Bob", .alias = "B", .groups = groups, .group_count = 1, .status = CORE_DND });
	forget(rig);
	receive(rig, ASK("get", USER "/a", "bob@" GATE, ""));
	expect(rig, "<iq type='result' id='1' from='bob@" GATE "' to='" USER "/a'>" QUERY(
			    "<item jid='bob@" GATE
			    "' name='B' subscription='none'><group>Friends</group></item>") "</iq>"
											    "<presence from='bob@" GATE
											    "/bot' to='" USER
											    "/a'><show>dnd</show>"
											    "<x "
											    "xmlns='vcard-temp:x:"
											    "update'><photo/></x>" CAPS
											    "</presence>");
	receive(rig, ASK("get", "other@localhost/a", GATE, ""));
	expect(rig, "<iq type='result' id='1' from='" GATE "' to='other@localhost/a'>" QUERY("") "</iq>");
}

static void a_client_changes_the_roster_here(void **state)
{
	struct rig *rig = *state;
	receive(rig, ASK("set", USER "/a", GATE, "<item jid='carol@" GATE "' name='Carol'><group>Work</group></item>"));
	expect(rig, DONE(USER "/a", GATE));
	expect_net(rig, "net put " USER " carol alias=Carol group=Work\n");
	receive(rig, ASK("set", USER "/a", GATE, "<item jid='carol@" GATE "' name='Caroline'/>"));
	expect(rig, DONE(USER "/a", GATE));
	expect_net(rig, "net put " USER " carol alias=Caroline\n");
	receive(rig, ASK("set", USER "/a", GATE, "<item jid='carol@" GATE "' subscription='remove'/>"));
	expect(rig, DONE(USER "/a", GATE) PRESENCE("carol@", "unsubscribe") PRESENCE("carol@", "unsubscribed"));
	expect_net(rig, "net remove " USER " carol\n");
}

static void a_server_tells_of_changes(void **state)
{
	struct rig *rig = *state;
	net_contact(rig->fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_OFFLINE });
	core_user_contacts_kept(rig->fakes->core, USER, (const char *const[]){ "bob" }, 1);
	forget(rig);
	receive(rig, ASK("set", USER, GATE, "<item jid='bob@" GATE "' name='Bob' subscription='both'/>"));
	expect(rig, DONE(USER, GATE));
	expect_net(rig, "net put " USER " bob alias=Bob\n");
	receive(rig, ASK("set", USER, GATE, "<item jid='bob@" GATE "' name='Bob' subscription='both'/>"));
	/* What is not ours, or not known: the user's own business. */
	receive(rig, ASK("set", USER, GATE, "<item jid='bob@elsewhere.example' name='Rob' subscription='both'/>"));
	receive(rig, ASK("set", USER, GATE, "<item jid='dave@" GATE "' name='Dave' subscription='both'/>"));
	receive(rig, ASK("set", USER, GATE, "<item jid='dave@" GATE "' subscription='remove'/>"));
	receive(rig, ASK("set", "other@localhost", GATE, "<item jid='bob@" GATE "' name='Eve' subscription='both'/>"));
	forget(rig);
	expect_net(rig, "");
}

static void nonsense_is_answered_and_changes_nothing(void **state)
{
	struct rig *rig = *state;
	receive(rig, ASK("set", USER "/a", GATE, ""));
	receive(rig, ASK("set", USER "/a", GATE, "<item/>"));
	receive(rig, ASK("set", USER "/a", GATE, "<item jid='" GATE "' name='x'/>"));
	receive(rig, ASK("set", USER "/a", GATE, "<other jid='bob@" GATE "'/>"));
	expect(rig, DONE(USER "/a", GATE) DONE(USER "/a", GATE) DONE(USER "/a", GATE) DONE(USER "/a", GATE));
	expect_net(rig, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(without_privilege_the_user_is_asked, setup, teardown),
		cmocka_unit_test_setup_teardown(with_privilege_the_roster_is_changed, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_kept_is_told_and_shown, setup, teardown),
		cmocka_unit_test_setup_teardown(many_are_under_way_but_not_all, setup, teardown),
		cmocka_unit_test_setup_teardown(a_bad_item_goes_another_way_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(a_refusal_sends_the_rest_another_way, setup, teardown),
		cmocka_unit_test_setup_teardown(a_server_that_always_refuses_is_left_alone, setup, teardown),
		cmocka_unit_test_setup_teardown(refusals_are_forgotten_when_it_works, setup, teardown),
		cmocka_unit_test_setup_teardown(silence_is_a_refusal, setup, teardown),
		cmocka_unit_test_setup_teardown(without_a_link_nothing_is_under_way, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_under_way_at_the_end_is_forgotten, setup, teardown),
		cmocka_unit_test_setup_teardown(taken_out_by_the_same_ways, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_there_is_out, setup, teardown),
		cmocka_unit_test_setup_teardown(the_roster_is_read_where_that_is_granted, setup, teardown),
		cmocka_unit_test_setup_teardown(the_users_names_and_groups_are_taken_over, setup, teardown),
		cmocka_unit_test_setup_teardown(a_roster_that_cannot_be_read_changes_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(the_contacts_are_listed_as_a_roster, setup, teardown),
		cmocka_unit_test_setup_teardown(a_client_changes_the_roster_here, setup, teardown),
		cmocka_unit_test_setup_teardown(a_server_tells_of_changes, setup, teardown),
		cmocka_unit_test_setup_teardown(nonsense_is_answered_and_changes_nothing, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
