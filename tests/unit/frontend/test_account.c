/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* What the server does for a user's own account. */
#define DOMAIN "gate.localhost"
#define ME     "user@" DOMAIN
#define FULL   ME "/a"

#define ANSWER(from, type, payload) "<iq type='" type "' id='1' from='" from "' to='" FULL "'>" payload "</iq>"
#define ASK(to, type, payload)      "<iq type='" type "' id='1' from='" FULL "' to='" to "'>" payload "</iq>"
#define INFO                        "<query xmlns='http://jabber.org/protocol/disco#info'/>"

static bool answers(struct rig *rig, const char *to, const char *payload, const char *part)
{
	g_autofree char *stanza = g_strdup_printf(ASK("%s", "get", "%s"), to, payload);
	receive(rig, stanza);
	g_autofree char *sent = rig_sent(rig);
	forget(rig);
	return strstr(sent, part);
}

static void the_domain_is_a_server(void **state)
{
	struct rig *rig = rig_start_serving();
	assert_true(answers(rig, DOMAIN, INFO, "<identity category='server' name='Spectrum 2 Transport' type='im'>"));
	assert_true(answers(rig, DOMAIN, INFO, "urn:xmpp:blocking"));
	assert_false(answers(rig, DOMAIN, INFO, "jabber:iq:register"));
	assert_false(answers(rig, DOMAIN, INFO, "jabber:iq:gateway"));
	assert_false(answers(rig, DOMAIN, INFO, "rosterx"));
	rig_end(rig);
}

static void the_account_is_an_account_with_pep(void **state)
{
	struct rig *rig = rig_start_serving();
	assert_true(answers(rig, ME, INFO, "<identity category='account' type='registered'>"));
	assert_true(answers(rig, ME, INFO, "<identity category='pubsub' type='pep'>"));
	/* Another's is a contact. */
	assert_true(answers(rig, "bob@" DOMAIN, INFO, "<identity category='client'"));
	rig_end(rig);
}

static void nobody_registers_with_a_server(void **state)
{
	static const char refusal[] =
		ANSWER(DOMAIN, "error",
		       "<error type='cancel'><service-unavailable " STANZAS "/><text " STANZAS
		       ">There is nothing to register: log in with your account of the network</text></error>");
	struct rig *rig = rig_start_serving();
	receive(rig, ASK(DOMAIN, "get", "<query xmlns='jabber:iq:register'/>"));
	expect(rig, refusal);
	receive(rig, ASK(DOMAIN, "set", "<query xmlns='jabber:iq:register'><remove/></query>"));
	expect(rig, refusal);
	rig_end(rig);
}

static void the_account_answers_what_the_domain_does(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, ASK(ME, "get", "<ping xmlns='urn:xmpp:ping'/>"));
	expect(rig, ANSWER(ME, "result", ""));
	assert_true(answers(rig, ME, "<query xmlns='jabber:iq:version'/>", "<name>Spectrum</name>"));
	assert_true(answers(rig, ME, "<time xmlns='urn:xmpp:time'/>", "<utc>"));
	assert_true(answers(rig, ME, "<query xmlns='jabber:iq:last'/>", "seconds="));
	receive(rig, ASK(ME, "get", "<blocklist xmlns='urn:xmpp:blocking'/>"));
	expect(rig, ANSWER(ME, "result", "<blocklist xmlns='urn:xmpp:blocking'/>"));
	receive(rig, ASK(ME, "get", "<query xmlns='urn:nobody:knows'/>"));
	expect(rig, ANSWER(ME, "error", "<error type='cancel'><service-unavailable " STANZAS "/></error>"));
	rig_end(rig);
}

static void without_a_database_nothing_is_kept(void **state)
{
	static const char *const payloads[] = {
		"<query xmlns='jabber:iq:private'><a xmlns='b'/></query>",
		"<vCard xmlns='vcard-temp'/>",
		"<pubsub xmlns='http://jabber.org/protocol/pubsub'><items node='urn:tune'/></pubsub>",
		"<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'><configure node='urn:tune'/></pubsub>",
	};
	struct rig *rig = rig_start_serving_with("none");
	assert_false(answers(rig, ME, INFO, "pubsub"));
	assert_false(answers(rig, ME, INFO, "jabber:iq:private"));
	assert_false(answers(rig, DOMAIN, INFO, "vcard-temp"));
	for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++)
		assert_true(answers(rig, ME, payloads[i], "service-unavailable"));
	receive(rig, ASK(ME, "set", "<vCard xmlns='vcard-temp'><FN>x</FN></vCard>"));
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "There is no database to keep it in"));
	expect_net(rig, "");
	rig_end(rig);
}

/* Who is on no network, as an administrator is not, has nothing that could be kept. */
static void who_is_not_logged_in_has_nothing(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, "<iq type='get' id='1' from='admin@" DOMAIN "/x' to='admin@" DOMAIN
		     "'><query xmlns='jabber:iq:private'><a xmlns='b'/></query></iq>");
	expect(rig, "<iq type='error' id='1' from='admin@" DOMAIN "' to='admin@" DOMAIN
		    "/x'><error type='cancel'><service-unavailable " STANZAS "/></error></iq>");
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_domain_is_a_server),
		cmocka_unit_test(the_account_is_an_account_with_pep),
		cmocka_unit_test(nobody_registers_with_a_server),
		cmocka_unit_test(the_account_answers_what_the_domain_does),
		cmocka_unit_test(without_a_database_nothing_is_kept),
		cmocka_unit_test(who_is_not_logged_in_has_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
