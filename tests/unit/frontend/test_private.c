/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* Private storage (XEP-0049) in server mode. */
#define DOMAIN "gate.localhost"
#define ME     "user@" DOMAIN
#define FULL   ME "/a"

#define ASK(type, payload)                                                                                 \
	"<iq type='" type "' id='1' from='" FULL "' to='" ME "'><query xmlns='jabber:iq:private'>" payload \
	"</query></iq>"
#define ANSWER(payload)                                                                                               \
	"<iq type='result' id='1' from='" ME "' to='" FULL "'><query xmlns='jabber:iq:private'>" payload "</query></" \
	"iq>"
#define DONE "<iq type='result' id='1' from='" ME "' to='" FULL "'/>"
#define ERROR(kind, condition)                                                                               \
	"<iq type='error' id='1' from='" ME "' to='" FULL "'><error type='" kind "'><" condition " " STANZAS \
	"/></error></iq>"

static void what_is_put_is_there(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, ASK("get", "<exodus xmlns='exodus:prefs'/>"));
	expect(rig, ANSWER("<exodus xmlns='exodus:prefs'/>"));
	receive(rig, ASK("set", "<exodus xmlns='exodus:prefs'><a xmlns='x' b='&lt;'>c &amp; d</a></exodus>"
				"<other xmlns='exodus:prefs'/>"));
	expect(rig, DONE);
	receive(rig, ASK("get", "<exodus xmlns='exodus:prefs'/>"));
	expect(rig, ANSWER("<exodus xmlns='exodus:prefs'><a xmlns='x' b='&lt;'>c &amp; d</a></exodus>"));
	receive(rig, ASK("set", "<exodus xmlns='exodus:prefs'/>"));
	expect(rig, DONE);
	receive(rig, ASK("get", "<exodus xmlns='exodus:prefs'/>"));
	expect(rig, ANSWER("<exodus xmlns='exodus:prefs'/>"));
	/* Another namespace is another thing. */
	receive(rig, ASK("get", "<exodus xmlns='exodus:other'/>"));
	expect(rig, ANSWER("<exodus xmlns='exodus:other'/>"));
	rig_end(rig);
}

static void nonsense_is_refused(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, ASK("get", ""));
	expect(rig, ERROR("modify", "bad-request"));
	receive(rig, ASK("set", "<exodus/>"));
	expect(rig, ERROR("modify", "not-acceptable"));
	g_autofree char *long_text = g_strnfill(300000, 'x');
	g_autofree char *stanza = g_strdup_printf(ASK("set", "<a xmlns='b'>%s</a>"), long_text);
	receive(rig, stanza);
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "not-acceptable"));
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_is_there),
		cmocka_unit_test(nonsense_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
