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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(contacts_are_blocked_and_heard_again),
		cmocka_unit_test(what_cannot_be_blocked_is_refused),
		cmocka_unit_test(a_flood_of_items_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
