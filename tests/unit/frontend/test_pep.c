/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* What users publish (XEP-0163), in server mode. */
#define DOMAIN   "gate.localhost"
#define ME       "user@" DOMAIN
#define FULL     ME "/a"
#define PUBSUB   "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
#define OWNER    "<pubsub xmlns='http://jabber.org/protocol/pubsub#owner'>"
#define EVENT    "<event xmlns='http://jabber.org/protocol/pubsub#event'>"
#define ERRORS   "xmlns='http://jabber.org/protocol/pubsub#errors'"
#define TUNE(of) "<tune xmlns='urn:tune'>" of "</tune>"

#define GET(payload)    "<iq type='get' id='1' from='" FULL "' to='" ME "'>" payload "</iq>"
#define SET(payload)    "<iq type='set' id='1' from='" FULL "' to='" ME "'>" payload "</iq>"
#define RESULT(payload) "<iq type='result' id='1' from='" ME "' to='" FULL "'>" payload "</iq>"
#define ERROR(kind, inside) \
	"<iq type='error' id='1' from='" ME "' to='" FULL "'><error type='" kind "'>" inside "</error></iq>"
#define ITEM(id, of)         "<item id='" id "'>" TUNE(of) "</item>"
#define PUBLISH(node, items) "<publish node='" node "'>" items "</publish>"
#define PUBLISHED(node, ids) RESULT(PUBSUB "<publish node='" node "'>" ids "</publish></pubsub>")
#define ITEMS(node, items)   RESULT(PUBSUB "<items node='" node "'>" items "</items></pubsub>")
#define WANT(node)           GET(PUBSUB "<items node='" node "'/></pubsub>")
#define TOLD(to, node, items)                                                                              \
	"<message type='headline' id='*' from='" ME "' to='" to "'>" EVENT "<items node='" node "'>" items \
	"</items></event></message>"
#define OPTION(name, value) "<field var='pubsub#" name "'><value>" value "</value></field>"
#define OPTIONS(fields)                                                                                 \
	"<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>" \
	"<value>http://jabber.org/protocol/pubsub#publish-options</value></field>" fields "</x></publish-options>"
#define KEEP_ALL  OPTIONS(OPTION("persist_items", "true") OPTION("max_items", "max") OPTION("access_model", "whitelist"))
#define NOT_FOUND ERROR("cancel", "<item-not-found " STANZAS "/>")

#define QUESTION(to)                    \
	"<iq from='" DOMAIN "' to='" to \
	"' type='get' id='*'><query xmlns='http://jabber.org/protocol/disco#info' node='x#1'/></iq>"

/* A client whose capabilities nothing proves, so that it is asked itself. */
static void come(struct rig *rig, const char *full, const char *features)
{
	g_autofree char *presence =
		g_strdup_printf("<presence from='%s' to='" DOMAIN
				"'><c xmlns='http://jabber.org/protocol/caps' node='x' ver='1'/></presence>",
				full);
	receive(rig, presence);
	g_free(rig_sent(rig));
	g_autoptr(GRegex) question = g_regex_new("id='([0-9a-f]{8}-q[0-9a-f]+)'", 0, 0, NULL);
	g_autoptr(GMatchInfo) match = NULL;
	const char *raw = rig->out.p + rig->out.start;
	assert_true(g_regex_match_full(question, raw, (gssize)buf_len(&rig->out), 0, 0, &match, NULL));
	g_autofree char *id = g_match_info_fetch(match, 1);
	forget(rig);
	g_autofree char *answer =
		g_strdup_printf("<iq type='result' id='%s' from='%s' to='" DOMAIN
				"'><query xmlns='http://jabber.org/protocol/disco#info'>%s</query></iq>",
				id, full, features);
	receive(rig, answer);
}

#define HEARS(node) "<feature var='" node "+notify'/>"

static void what_is_published_can_be_read(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, WANT("urn:tune"));
	expect(rig, NOT_FOUND);
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("current", "a")) "</pubsub>"));
	expect(rig, PUBLISHED("urn:tune", "<item id='current'/>"));
	receive(rig, WANT("urn:tune"));
	expect(rig, ITEMS("urn:tune", ITEM("current", "a")));
	/* Another takes its place, as a node keeps one unless it was made otherwise. */
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("next", "b")) "</pubsub>"));
	expect(rig, PUBLISHED("urn:tune", "<item id='next'/>"));
	receive(rig, WANT("urn:tune"));
	expect(rig, ITEMS("urn:tune", ITEM("next", "b")));
	receive(rig, GET("<query xmlns='http://jabber.org/protocol/disco#items'/>"));
	expect(rig, RESULT("<query xmlns='http://jabber.org/protocol/disco#items'><item jid='" ME
			   "' node='urn:tune'/></query>"));
	rig_end(rig);
}

static void an_item_without_a_name_gets_one(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", "<item>" TUNE("a") "</item>") "</pubsub>"));
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "<item id='"));
	assert_null(strstr(sent, "<item id=''"));
	rig_end(rig);
}

static void a_node_keeps_as_many_as_it_was_told(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("1", "a") ITEM("2", "b")) KEEP_ALL "</pubsub>"));
	expect(rig, PUBLISHED("urn:tune", "<item id='1'/><item id='2'/>"));
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("3", "c")) "</pubsub>"));
	forget(rig);
	receive(rig, WANT("urn:tune"));
	expect(rig, ITEMS("urn:tune", ITEM("3", "c") ITEM("2", "b") ITEM("1", "a")));
	receive(rig, GET(PUBSUB "<items node='urn:tune' max_items='1'/></pubsub>"));
	expect(rig, ITEMS("urn:tune", ITEM("3", "c")));
	receive(rig, GET(PUBSUB "<items node='urn:tune'><item id='1'/></items></pubsub>"));
	expect(rig, ITEMS("urn:tune", ITEM("1", "a")));
	receive(rig, GET(PUBSUB "<items node='urn:tune'><item id='1'/><item id='2'/></items></pubsub>"));
	expect(rig, ITEMS("urn:tune", ITEM("2", "b") ITEM("1", "a")));
	receive(rig, SET(PUBSUB "<retract node='urn:tune'><item id='2'/></retract></pubsub>"));
	expect(rig, RESULT(""));
	receive(rig, SET(PUBSUB "<retract node='urn:tune'><item id='2'/></retract></pubsub>"));
	expect(rig, NOT_FOUND);
	receive(rig, WANT("urn:tune"));
	expect(rig, ITEMS("urn:tune", ITEM("3", "c") ITEM("1", "a")));
	rig_end(rig);
}

static void what_is_wanted_otherwise_is_a_conflict(void **state)
{
	static const char conflict[] = ERROR("cancel", "<conflict " STANZAS "/><precondition-not-met " ERRORS "/>");
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("1", "a")) "</pubsub>"));
	forget(rig);
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("2", "b")) KEEP_ALL "</pubsub>"));
	expect(rig, conflict);
	/* What is so anyway is none. */
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("2", "b"))
				 OPTIONS(OPTION("access_model", "presence") OPTION("persist_items", "1")) "</pubsub>"));
	expect(rig, PUBLISHED("urn:tune", "<item id='2'/>"));
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("2", "b")) OPTIONS(OPTION("nonsense", "1")) "</pubsub>"));
	expect(rig, conflict);
	/* The client may change the node, and try again. */
	receive(rig, SET(OWNER "<configure node='urn:tune'><x xmlns='jabber:x:data' type='submit'>" OPTION(
			     "max_items", "max") OPTION("access_model", "whitelist") "</x></configure></pubsub>"));
	expect(rig, RESULT(""));
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("3", "c")) KEEP_ALL "</pubsub>"));
	expect(rig, PUBLISHED("urn:tune", "<item id='3'/>"));
	rig_end(rig);
}

static void nodes_are_made_shown_emptied_and_deleted(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB "<create node='urn:tune'/><configure><x xmlns='jabber:x:data' type='submit'>" OPTION(
			     "max_items", "7") "</x></configure></pubsub>"));
	expect(rig, RESULT(""));
	receive(rig, SET(PUBSUB "<create node='urn:tune'/></pubsub>"));
	expect(rig, ERROR("cancel", "<conflict " STANZAS "/>"));
	receive(rig, GET(OWNER "<configure node='urn:tune'/></pubsub>"));
	g_autofree char *form = rig_sent(rig);
	assert_non_null(strstr(form, "<field type='text-single' var='pubsub#max_items'><value>7</value>"));
	assert_non_null(strstr(form, "var='pubsub#access_model'><value>presence</value>"));
	forget(rig);
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("1", "a")) "</pubsub>"));
	forget(rig);
	receive(rig, SET(OWNER "<purge node='urn:tune'/></pubsub>"));
	expect(rig, RESULT(""));
	receive(rig, WANT("urn:tune"));
	expect(rig, ITEMS("urn:tune", ""));
	receive(rig, SET(OWNER "<delete node='urn:tune'/></pubsub>"));
	expect(rig, RESULT(""));
	receive(rig, WANT("urn:tune"));
	expect(rig, NOT_FOUND);
	receive(rig, SET(OWNER "<delete node='urn:tune'/></pubsub>"));
	expect(rig, NOT_FOUND);
	rig_end(rig);
}

static void clients_hear_what_they_asked_for(void **state)
{
	struct rig *rig = rig_start_serving();
	come(rig, FULL, HEARS("urn:tune"));
	come(rig, ME "/b", HEARS("urn:tune") HEARS("urn:mood"));
	come(rig, ME "/deaf", "<feature var='urn:tune'/>");
	expect(rig, "");
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("1", "a")) KEEP_ALL "</pubsub>"));
	expect(rig, PUBLISHED("urn:tune", "<item id='1'/>") TOLD(FULL, "urn:tune", ITEM("1", "a"))
			    TOLD(ME "/b", "urn:tune", ITEM("1", "a")));
	receive(rig, SET(PUBSUB PUBLISH("urn:mood", ITEM("1", "b")) "</pubsub>"));
	expect(rig, PUBLISHED("urn:mood", "<item id='1'/>") TOLD(ME "/b", "urn:mood", ITEM("1", "b")));
	receive(rig, SET(PUBSUB "<retract node='urn:tune' notify='true'><item id='1'/></retract></pubsub>"));
	expect(rig,
	       RESULT("") TOLD(FULL, "urn:tune", "<retract id='1'/>") TOLD(ME "/b", "urn:tune", "<retract id='1'/>"));
	receive(rig, SET(OWNER "<delete node='urn:mood'/></pubsub>"));
	expect(rig, RESULT("") "<message type='headline' id='*' from='" ME "' to='" ME "/b'>" EVENT
			       "<delete node='urn:mood'/></event></message>");
	rig_end(rig);
}

/* That another client does not say what it wants delays nobody. */
static void a_silent_client_is_not_waited_for(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("1", "a")) "</pubsub>"));
	receive(rig, "<presence from='" ME "/silent' to='" DOMAIN
		     "'><c xmlns='http://jabber.org/protocol/caps' node='y' ver='1'/></presence>");
	forget(rig);
	come(rig, ME "/b", HEARS("urn:tune"));
	expect(rig, TOLD(ME "/b", "urn:tune", ITEM("1", "a")));
	rig_end(rig);
}

static void what_is_to_be_silent_is(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("1", "a") ITEM("2", "b"))
				 OPTIONS(OPTION("max_items", "2") OPTION("notify_retract", "0")
						 OPTION("notify_delete", "0")) "</pubsub>"));
	forget(rig);
	come(rig, ME "/b", HEARS("urn:tune"));
	forget(rig);
	receive(rig, SET(PUBSUB "<retract node='urn:tune'><item id='1'/></retract></pubsub>"));
	expect(rig, RESULT(""));
	receive(rig, SET(PUBSUB "<retract node='urn:tune' notify='1'><item id='2'/></retract></pubsub>"));
	expect(rig, RESULT("") TOLD(ME "/b", "urn:tune", "<retract id='2'/>"));
	receive(rig, SET(OWNER "<delete node='urn:tune'/></pubsub>"));
	expect(rig, RESULT(""));
	rig_end(rig);
}

static void a_client_that_comes_hears_of_some_nodes_only(void **state)
{
	struct rig *rig = rig_start_serving();
	g_autoptr(GString) features = g_string_new(NULL);
	size_t count = 0;
	for (int i = 0; i < 110; i++) {
		g_autofree char *publish = g_strdup_printf(SET(PUBSUB PUBLISH("n%d", ITEM("1", "a")) "</pubsub>"), i);
		receive(rig, publish);
		forget(rig);
		g_string_append_printf(features, HEARS("n%d"), i);
	}
	come(rig, FULL, features->str);
	g_autofree char *sent = rig_sent(rig);
	for (const char *at = sent; (at = strstr(at, "<event ")); at++)
		count++;
	assert_int_equal(count, 100);
	rig_end(rig);
}

static void a_client_that_comes_hears_the_last_item(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("1", "a") ITEM("2", "b")) KEEP_ALL "</pubsub>"));
	receive(rig, SET(PUBSUB PUBLISH("urn:other", ITEM("1", "c")) "</pubsub>"));
	receive(rig, SET(PUBSUB PUBLISH("urn:silent", ITEM("1", "d"))
				 OPTIONS(OPTION("send_last_published_item", "never")) "</pubsub>"));
	forget(rig);
	come(rig, ME "/b", HEARS("urn:tune") HEARS("urn:silent"));
	expect(rig, TOLD(ME "/b", "urn:tune", ITEM("2", "b")));
	/* Another presence of the same client changes nothing. */
	receive(rig, "<presence from='" ME "/b' to='" DOMAIN
		     "'><show>away</show><c xmlns='http://jabber.org/protocol/caps' node='x' ver='1'/></presence>");
	g_autofree char *sent = rig_sent(rig);
	assert_null(strstr(sent, "<message"));
	rig_end(rig);
}

/* However many answers of the database each takes. */
static void what_is_asked_is_done_in_its_order(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("1", "a")) KEEP_ALL "</pubsub>"));
	receive(rig, WANT("urn:tune"));
	receive(rig, SET(PUBSUB "<retract node='urn:tune'><item id='1'/></retract></pubsub>"));
	receive(rig, SET("<query xmlns='jabber:iq:private'><a xmlns='b'>c</a></query>"));
	receive(rig, GET("<query xmlns='jabber:iq:private'><a xmlns='b'/></query>"));
	receive(rig, WANT("urn:tune"));
	for (int i = 0; i < 4; i++)
		fakes_settle(rig->fakes);
	expect(rig,
	       PUBLISHED("urn:tune", "<item id='1'/>") ITEMS("urn:tune", ITEM("1", "a")) RESULT("") RESULT("")
		       RESULT("<query xmlns='jabber:iq:private'><a xmlns='b'>c</a></query>") ITEMS("urn:tune", ""));
	rig_end(rig);
}

static void too_many_at_once_are_refused(void **state)
{
	struct rig *rig = rig_start_serving();
	for (unsigned i = 0; i < 202; i++)
		receive(rig, WANT("urn:tune"));
	assert_non_null(g_strstr_len(buf_data(&rig->out), (gssize)buf_len(&rig->out), "resource-constraint"));
	assert_null(g_strstr_len(buf_data(&rig->out), (gssize)buf_len(&rig->out), "item-not-found"));
	for (int i = 0; i < 100; i++)
		fakes_settle(rig->fakes);
	g_autofree char *sent = rig_sent(rig);
	g_auto(GStrv) answers = g_strsplit(sent, "<iq ", 0);
	assert_int_equal(g_strv_length(answers) - 1, 202);
	rig_end(rig);
}

static void nonsense_is_refused(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB "</pubsub>"));
	expect(rig, ERROR("modify", "<bad-request " STANZAS "/>"));
	receive(rig, SET(PUBSUB "<publish><item>" TUNE("a") "</item></publish></pubsub>"));
	expect(rig, ERROR("modify", "<bad-request " STANZAS "/><nodeid-required " ERRORS "/>"));
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", "") "</pubsub>"));
	expect(rig, ERROR("modify", "<bad-request " STANZAS "/><item-required " ERRORS "/>"));
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", "<item><a xmlns='b'/><a xmlns='b'/></item>") "</pubsub>"));
	expect(rig, ERROR("modify", "<bad-request " STANZAS "/><invalid-payload " ERRORS "/>"));
	receive(rig, SET(PUBSUB "<subscribe node='urn:tune' jid='" ME "'/></pubsub>"));
	expect(rig, ERROR("cancel", "<feature-not-implemented " STANZAS "/><unsupported " ERRORS "/>"));
	rig_end(rig);
}

/* Contacts have their own, and nobody gets at another's. */
static void another_account_is_no_ones(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(PUBSUB PUBLISH("urn:tune", ITEM("1", "a")) "</pubsub>"));
	forget(rig);
	receive(rig, "<iq type='get' id='1' from='" FULL "' to='bob@" DOMAIN "'>" PUBSUB
		     "<items node='urn:tune'/></pubsub></iq>");
	expect(rig, "<iq type='error' id='1' from='bob@" DOMAIN "' to='" FULL
		    "'><error type='cancel'><item-not-found " STANZAS "/></error></iq>");
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_published_can_be_read),
		cmocka_unit_test(an_item_without_a_name_gets_one),
		cmocka_unit_test(a_node_keeps_as_many_as_it_was_told),
		cmocka_unit_test(what_is_wanted_otherwise_is_a_conflict),
		cmocka_unit_test(nodes_are_made_shown_emptied_and_deleted),
		cmocka_unit_test(clients_hear_what_they_asked_for),
		cmocka_unit_test(a_silent_client_is_not_waited_for),
		cmocka_unit_test(what_is_to_be_silent_is),
		cmocka_unit_test(a_client_that_comes_hears_the_last_item),
		cmocka_unit_test(a_client_that_comes_hears_of_some_nodes_only),
		cmocka_unit_test(what_is_asked_is_done_in_its_order),
		cmocka_unit_test(too_many_at_once_are_refused),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(another_account_is_no_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
