/* SPDX-License-Identifier: MIT */
#include "iq.h"

#define ITEM(node)      "<item jid='" node "@" GATE "'/>"
#define LIST(inside)    "<blocklist xmlns='urn:xmpp:blocking'>" inside "</blocklist>"
#define BLOCK(inside)   "<block xmlns='urn:xmpp:blocking'>" inside "</block>"
#define UNBLOCK(inside) "<unblock xmlns='urn:xmpp:blocking'>" inside "</unblock>"
#define PUSH(payload)   "<iq type='set' id='*' from='" GATE "' to='" A "'>" payload "</iq>"

static struct rig *start_with_bob(void)
{
	struct rig *rig = rig_start();
	net_contact(rig->fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_OFFLINE });
	forget(rig);
	fakes_forget(rig->fakes);
	return rig;
}

static void contacts_are_blocked_and_heard_again(void **state)
{
	struct rig *rig = start_with_bob();
	receive(rig, GET(GATE, LIST("")));
	expect(rig, RESULT(GATE, LIST("")));
	receive(rig, SET(GATE, BLOCK(ITEM("bob"))));
	expect(rig, PUSH(BLOCK(ITEM("bob"))) RESULT(GATE, ""));
	receive(rig, GET(GATE, LIST("")));
	expect(rig, RESULT(GATE, LIST(ITEM("bob"))));
	receive(rig, SET(GATE, UNBLOCK("")));
	expect(rig, PUSH(UNBLOCK(ITEM("bob"))) RESULT(GATE, ""));
	expect_net(rig, "net block user@localhost bob\nnet unblock user@localhost bob\n");
	rig_end(rig);
}

static void what_cannot_be_blocked_is_refused(void **state)
{
	struct rig *rig = start_with_bob();
	receive(rig, SET(GATE, BLOCK("")));
	receive(rig, SET(GATE, BLOCK("<item/>")));
	receive(rig, SET(GATE, BLOCK("<item jid='@'/>")));
	expect(rig, ERROR(GATE, "modify", "bad-request") ERROR(GATE, "modify", "bad-request")
			    ERROR(GATE, "modify", "jid-malformed"));
	receive(rig, SET(GATE, BLOCK("<item jid='bob@elsewhere'/>")));
	receive(rig, SET(GATE, BLOCK("<item jid='" BOB "'/>")));
	receive(rig, SET(GATE, BLOCK("<item jid='" GATE "'/>")));
	expect(rig, ERROR(GATE, "cancel", "item-not-found") ERROR(GATE, "cancel", "item-not-found")
			    ERROR(GATE, "cancel", "item-not-found"));
	receive(rig, SET(GATE, BLOCK(ITEM("bob") ITEM("dave"))));
	expect(rig, ERROR_TEXT(GATE, "cancel", "item-not-found", "There is no such contact"));
	receive(rig, SET(GATE, LIST("")));
	receive(rig, GET(GATE, BLOCK(ITEM("bob"))));
	expect(rig, ERROR(GATE, "cancel", "not-allowed") ERROR(GATE, "cancel", "not-allowed"));
	receive(rig, SET(BOB, BLOCK(ITEM("bob"))));
	expect(rig, ERROR(BOB, "cancel", "service-unavailable"));
	expect_net(rig, "");
	rig_end(rig);
}

static void a_flood_of_items_is_refused(void **state)
{
	struct rig *rig = start_with_bob();
	g_autoptr(GString) many = g_string_new(NULL);
	for (int i = 0; i < 5000; i++)
		g_string_append(many, ITEM("bob"));
	g_autofree char *text = g_strdup_printf(SET(GATE, BLOCK("%s")), many->str);
	receive(rig, text);
	expect(rig, ERROR(GATE, "modify", "not-acceptable"));
	rig_end(rig);
}

/* --- in server mode -------------------------------------------------------------------------- */

#define ME                  "user@" GATE
#define ASK(type, payload)  "<iq type='" type "' id='1' from='" ME "/a' to='" ME "'>" payload "</iq>"
#define SAID(type, payload) "<iq type='" type "' id='1' from='" ME "' to='" ME "/a'>" payload "</iq>"
#define BLOCKED             "<blocked xmlns='urn:xmpp:blocking:errors'/>"

static void strangers_are_blocked_too(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, ASK("set", BLOCK(ITEM("spam") ITEM("scam"))));
	expect(rig, SAID("result", ""));
	receive(rig, ASK("set", UNBLOCK(ITEM("scam"))));
	expect(rig, SAID("result", ""));
	receive(rig, ASK("get", LIST("")));
	expect(rig, SAID("result", LIST(ITEM("spam"))));
	fakes_forget(rig->fakes);
	net_writes(rig->fakes, ME, "spam", "buy!");
	core_legacy_auth_request(fakes_user(rig->fakes, ME), "spam");
	expect(rig, "");
	net_writes(rig->fakes, ME, "scam", "buy!");
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "buy!"));
	rig_end(rig);
}

static void a_blocked_stranger_who_becomes_a_contact_stays_blocked(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, ASK("set", BLOCK(ITEM("spam"))));
	forget(rig);
	net_contact(rig->fakes, ME, &(struct core_contact){ .name = "spam", .status = CORE_ONLINE });
	net_writes(rig->fakes, ME, "spam", "buy!");
	g_autofree char *sent = rig_sent(rig);
	assert_null(strstr(sent, "buy!"));
	assert_null(strstr(sent, "<presence from='spam@" GATE "/bot'"));
	forget(rig);
	receive(rig, ASK("get", LIST("")));
	expect(rig, SAID("result", LIST(ITEM("spam"))));
	receive(rig, ASK("set", UNBLOCK(ITEM("spam"))));
	forget(rig);
	receive(rig, ASK("get", LIST("")));
	expect(rig, SAID("result", LIST("")));
	rig_end(rig);
}

static void nothing_goes_to_those_who_are_blocked(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, ASK("set", BLOCK(ITEM("spam"))));
	forget(rig);
	receive(rig, "<message type='chat' id='m' from='" ME "/a' to='spam@" GATE "'><body>why?</body></message>");
	expect(rig, "<message type='error' id='m' from='spam@" GATE "' to='" ME
		    "/a'><error type='modify'><not-acceptable " STANZAS "/>" BLOCKED "</error></message>");
	receive(rig, "<iq type='get' id='1' from='" ME "/a' to='spam@" GATE "'><vCard xmlns='vcard-temp'/></iq>");
	expect(rig, "<iq type='error' id='1' from='spam@" GATE "' to='" ME
		    "/a'><error type='modify'><not-acceptable " STANZAS "/>" BLOCKED "</error></iq>");
	expect_net(rig, "");
	rig_end(rig);
}

static void a_block_of_a_stranger_lasts(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, ASK("set", BLOCK(ITEM("spam"))));
	forget(rig);
	fakes_close(rig->fakes);
	fakes_open(rig->fakes);
	frontend_set_core(rig->frontend, rig->fakes->core);
	fakes_log_in(rig->fakes, ME);
	fakes_settle(rig->fakes);
	forget(rig);
	net_writes(rig->fakes, ME, "spam", "buy!");
	expect(rig, "");
	receive(rig, ASK("set", UNBLOCK("")));
	expect(rig, SAID("result", ""));
	receive(rig, ASK("get", LIST("")));
	expect(rig, SAID("result", LIST("")));
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contacts_are_blocked_and_heard_again),
		cmocka_unit_test(what_cannot_be_blocked_is_refused),
		cmocka_unit_test(a_flood_of_items_is_refused),
		cmocka_unit_test(strangers_are_blocked_too),
		cmocka_unit_test(a_blocked_stranger_who_becomes_a_contact_stays_blocked),
		cmocka_unit_test(nothing_goes_to_those_who_are_blocked),
		cmocka_unit_test(a_block_of_a_stranger_lasts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
