/* SPDX-License-Identifier: MIT */
#include "iq.h"

#define LAST                      "<query xmlns='jabber:iq:last'"
#define TIME                      "<time xmlns='urn:xmpp:time'"
#define STATS(inside)             "<query xmlns='http://jabber.org/protocol/stats'>" inside "</query>"
#define STAT(name)                "<stat name='" name "'/>"
#define VALUE(name, units, value) "<stat name='" name "' units='" units "' value='" value "'/>"

static void the_transport_tells_how_long_it_is_up(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(GATE, LAST "/>"));
	expect(rig, RESULT(GATE, LAST " seconds='0'/>"));
	receive(rig, GET(BOB, LAST "/>"));
	expect(rig, ERROR(BOB, "cancel", "feature-not-implemented"));
	receive(rig, SET(GATE, LAST "/>"));
	expect(rig, ERROR(GATE, "cancel", "not-allowed"));
	rig_end(rig);
}

static void the_transport_tells_the_time(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(GATE, TIME "/>"));
	g_autofree char *sent = rig_sent(rig);
	assert_true(g_regex_match_simple("<time xmlns='urn:xmpp:time'><tzo>[+-]\\d\\d:\\d\\d</tzo>"
					 "<utc>\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ</utc></time>",
					 sent, 0, 0));
	forget(rig);
	receive(rig, GET(BOB, TIME "/>"));
	expect(rig, ERROR(BOB, "cancel", "service-unavailable"));
	rig_end(rig);
}

static void statistics_have_names_and_values(void **state)
{
	struct rig *rig = rig_start();
	net_contact(rig->fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_AWAY });
	net_contact(rig->fakes, USER, &(struct core_contact){ .name = "carol", .status = CORE_OFFLINE });
	net_writes(rig->fakes, USER, "bob", "hi");
	rig->fakes->metrics.value[METRIC_BACKENDS_RUNNING] = 3;
	rig->fakes->metrics.value[METRIC_BACKENDS_CRASHED] = 2;
	forget(rig);
	receive(rig, GET(GATE, STATS("")));
	expect(rig,
	       RESULT(GATE, STATS(STAT("uptime") STAT("users/online") STAT("contacts/online") STAT("contacts/total")
					  STAT("messages/from-xmpp") STAT("messages/to-xmpp") STAT("backends/running")
						  STAT("backends/crashed") STAT("memory-usage"))));
	receive(rig, GET(GATE, STATS(STAT("users/online") STAT("contacts/online") STAT("contacts/total") STAT(
				       "messages/from-xmpp") STAT("messages/to-xmpp") STAT("backends/running")
					     STAT("backends/crashed") STAT("a&amp;b") "<stat/><other/>")));
	expect(rig,
	       RESULT(GATE,
		      STATS(VALUE("users/online", "users", "1") VALUE("contacts/online", "contacts", "1") VALUE(
			      "contacts/total", "contacts",
			      "2") VALUE("messages/from-xmpp", "messages", "0") VALUE("messages/to-xmpp", "messages",
										      "1") VALUE("backends/running",
												 "backends", "3")
				    VALUE("backends/crashed", "backends",
					  "2") "<stat name='a&amp;b'><error code='404'>Not Found</error></stat>")));
	receive(rig, GET(GATE, STATS(STAT("memory-usage"))));
	g_autofree char *memory = rig_sent(rig);
	assert_true(g_regex_match_simple(" units='KB' value='[1-9]\\d+'", memory, 0, 0));
	rig_end(rig);
}

static void a_flood_of_names_is_bounded(void **state)
{
	struct rig *rig = rig_start();
	g_autoptr(GString) many = g_string_new(NULL);
	for (int i = 0; i < 5000; i++)
		g_string_append(many, STAT("uptime"));
	g_autofree char *text = g_strdup_printf(GET(GATE, STATS("%s")), many->str);
	receive(rig, text);
	fakes_settle(rig->fakes);
	assert_true(buf_len(&rig->out) < 4096);
	rig_end(rig);
}

static void who_takes_the_transport_for_a_server_is_answered(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, SET(GATE, "<enable xmlns='urn:xmpp:carbons:2'/>"));
	receive(rig, SET(GATE, "<disable xmlns='urn:xmpp:carbons:2'/>"));
	expect(rig, RESULT(GATE, "") RESULT(GATE, ""));
	receive(rig, GET(GATE, "<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query>"));
	receive(rig, GET(GATE, "<query xmlns='jabber:iq:search'/>"));
	receive(rig, GET(BOB, "<query xmlns='jabber:iq:search'/>"));
	receive(rig, SET(BOB, "<enable xmlns='urn:xmpp:carbons:2'/>"));
	expect(rig, ERROR(GATE, "cancel", "service-unavailable") ERROR(GATE, "cancel", "service-unavailable")
			    ERROR(BOB, "cancel", "service-unavailable") ERROR(BOB, "cancel", "service-unavailable"));
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_transport_tells_how_long_it_is_up),
		cmocka_unit_test(the_transport_tells_the_time),
		cmocka_unit_test(statistics_have_names_and_values),
		cmocka_unit_test(a_flood_of_names_is_bounded),
		cmocka_unit_test(who_takes_the_transport_for_a_server_is_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
