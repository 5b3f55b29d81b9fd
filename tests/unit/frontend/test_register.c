/* SPDX-License-Identifier: MIT */
#include "iq.h"

#define FIELD(type, var, rest) "<field type='" type "' var='" var "'" rest "</field>"
#define FORM(username, unregister)                                                                              \
	"<x xmlns='jabber:x:data' type='form'><title>Registration</title>"                                      \
	"<instructions>Enter your legacy network username and password.</instructions>" FIELD(                  \
		"hidden", "FORM_TYPE", "><value>jabber:iq:register</value>")                                    \
		FIELD("text-single", "username", " label='3rd-party network username'>" username "<required/>") \
			FIELD("text-private", "password", " label='Password'><required/>")                      \
				FIELD("list-single", "language",                                                \
				      " label='Language'><value>en</value>"                                     \
				      "<option label='en'><value>en</value></option>") unregister "</x>"
#define INSTRUCTIONS "<instructions>Enter your legacy network username and password.</instructions>"

static void the_form_is_offered(void **state)
{
	struct rig *rig = rig_new("sqlite3", NULL);
	receive(rig, GET(GATE, REGISTER "/>"));
	expect(rig, RESULT(GATE, REGISTER ">" INSTRUCTIONS "<username/><password/>" FORM("", "") "</query>"));
	fakes_register(rig->fakes, USER);
	receive(rig, GET(GATE, REGISTER "/>"));
	expect(rig, RESULT(GATE, REGISTER "><registered/>" INSTRUCTIONS "<username>user</username><password/>" FORM(
					 "<value>user</value>",
					 FIELD("boolean", "unregister",
					       " label='Remove your registration'><value>0</value>")) "</query>"));
	rig_end(rig);
}

static void without_passwords_none_is_asked_for(void **state)
{
	struct rig *rig = rig_new("sqlite3", NULL);
	core_set_features(rig->fakes->core, &(struct core_features){ .need_registration = true });
	receive(rig, GET(GATE, REGISTER "/>"));
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "username"));
	assert_null(strstr(sent, "<password>"));
	assert_null(strstr(sent, "text-private"));
	rig_end(rig);
}

static void expect_registered(const char *payload, const char *stored)
{
	struct rig *rig = rig_new("sqlite3", NULL);
	g_autofree char *request = g_strdup_printf(SET(GATE, REGISTER ">%s</query>"), payload);
	receive(rig, request);
	expect(rig, RESULT(GATE, "") "<presence from='" GATE "' to='user@localhost' type='subscribe'/>");
	g_autofree char *found = fakes_stored(rig->fakes, USER);
	assert_string_equal(found, stored);
	rig_end(rig);
}

static void plain_fields_and_forms_register(void **state)
{
	expect_registered("<username>u&amp;1</username><password>p</password>", "u&1/p");
	expect_registered("<x xmlns='jabber:x:data' type='submit'><field var='username'><value>u</value></field>"
			  "<field var='password' type='text-private'><value>p</value></field></x>",
			  "u/p");
	/* A field of the form counts where it says something. */
	expect_registered("<username>plain</username><password>plain</password><x xmlns='jabber:x:data' type='submit'>"
			  "<field var='username'><value>form</value></field><field var='password'><value/></field></x>",
			  "form/plain");
}

static void what_is_wrong_with_a_registration_is_said(void **state)
{
	static const char *const closed[] = { "registration.enable_public_registration=0", NULL };
	struct rig *rig = rig_new("sqlite3", NULL);
	receive(rig, SET(GATE, REGISTER "><username>u</username></query>"));
	expect(rig, ERROR_TEXT(GATE, "modify", "not-acceptable", "A password is needed"));
	receive(rig, SET(GATE, REGISTER "/>"));
	expect(rig, ERROR_TEXT(GATE, "modify", "not-acceptable", "A user name is needed"));
	receive(rig, SET(BOB, REGISTER "/>"));
	expect(rig, ERROR(BOB, "cancel", "service-unavailable"));
	rig_end(rig);

	rig = rig_new("sqlite3", closed);
	receive(rig, GET(GATE, REGISTER "/>"));
	receive(rig, SET(GATE, REGISTER "><username>u</username><password>p</password></query>"));
	expect(rig, ERROR_TEXT(GATE, "cancel", "not-allowed", "Registration is not open to your server")
			    ERROR_TEXT(GATE, "cancel", "not-allowed", "Registration is not open to your server"));
	/* Leaving is always possible. */
	receive(rig, SET(GATE, REGISTER "><remove/></query>"));
	expect(rig, RESULT(GATE, ""));
	rig_end(rig);

	rig = rig_new("none", NULL);
	receive(rig, GET(GATE, REGISTER "/>"));
	expect(rig, ERROR_TEXT(GATE, "cancel", "not-allowed", "This gateway has no database, so nobody can register"));
	rig_end(rig);
}

static void both_ways_unregister(void **state)
{
	static const char *const payloads[] = {
		"<remove/>",
		"<x xmlns='jabber:x:data' type='submit'><field var='unregister'><value>1</value></field></x>",
		"<x xmlns='jabber:x:data' type='submit'><field var='unregister'><value>true</value></field></x>"
	};
	for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++) {
		struct rig *rig = rig_new("sqlite3", NULL);
		g_autofree char *request = g_strdup_printf(SET(GATE, REGISTER ">%s</query>"), payloads[i]);
		fakes_register(rig->fakes, USER);
		receive(rig, request);
		expect(rig, "<presence from='" GATE "' to='user@localhost' type='unsubscribe'/>"
			    "<presence from='" GATE "' to='user@localhost' type='unsubscribed'/>" RESULT(GATE, ""));
		g_autofree char *found = fakes_stored(rig->fakes, USER);
		assert_string_equal(found, "");
		rig_end(rig);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_form_is_offered),
		cmocka_unit_test(without_passwords_none_is_asked_for),
		cmocka_unit_test(plain_fields_and_forms_register),
		cmocka_unit_test(what_is_wrong_with_a_registration_is_said),
		cmocka_unit_test(both_ways_unregister),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
