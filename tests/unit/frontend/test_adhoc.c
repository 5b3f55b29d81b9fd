/* SPDX-License-Identifier: MIT */
#include "iq.h"

/* Ad-hoc commands (XEP-0050) of the gateway. */

#define NS            "http://jabber.org/protocol/commands"
#define BOSS          "boss@localhost/x"
#define CALL(node)    "<command xmlns='" NS "' node='" node "'/>"
#define CAN_COMPLETE  "<actions execute='complete'><complete/></actions>"
#define FORM          "<x xmlns='jabber:x:data' type='form'>"
#define RESULT_FORM   "<x xmlns='jabber:x:data' type='result'>"
#define NOTE(text)    "<note type='info'>" text "</note>"
#define FAILURE(text) "<note type='error'>" text "</note>"

#define BOOLEAN(var, label, value) \
	"<field type='boolean' var='" var "' label='" label "'><value>" value "</value></field>"
#define SETTINGS(enable, headlines, stay)                                                                \
	FORM BOOLEAN("enable_transport", "Enable transport",                                             \
		     enable) BOOLEAN("send_headlines", "Allow sending messages as headlines", headlines) \
		BOOLEAN("stay_connected", "Stay connected to legacy network when offline on XMPP", stay) "</x>"

static struct rig *start(void)
{
	static const char *const overrides[] = { "service.admin_jid=boss@localhost", NULL };
	struct rig *rig = rig_new("sqlite3", overrides);
	core_set_features(rig->fakes->core,
			  &(struct core_features){ .need_password = true, .need_registration = true, .muc = true });
	fakes_register(rig->fakes, USER);
	receive(rig, "<presence from='" A "' to='" GATE "'/>");
	fakes_settle(rig->fakes);
	net_connected(rig->fakes, USER);
	fakes_forget(rig->fakes);
	forget(rig);
	return rig;
}

static void ask(struct rig *rig, const char *from, const char *command)
{
	g_autofree char *iq = g_strdup_printf("<iq type='set' id='1' from='%s' to='" GATE "'>%s</iq>", from, command);
	receive(rig, iq);
}

/* The session that the newest answer names; to be freed. */
static char *session(struct rig *rig)
{
	fakes_settle(rig->fakes);
	g_autofree char *text = g_strndup(buf_data(&rig->out), buf_len(&rig->out));
	const char *at = strstr(text, "sessionid='");
	assert_non_null(at);
	at += strlen("sessionid='");
	return g_strndup(at, strcspn(at, "'"));
}

/* The answer is a command of this node and status, with this inside. */
static void expect_command(struct rig *rig, const char *to, const char *node, const char *status, const char *inside)
{
	g_autofree char *id = session(rig);
	g_autofree char *wanted =
		g_strdup_printf("<iq type='result' id='1' from='" GATE "' to='%s'>"
				"<command xmlns='" NS "' node='%s' sessionid='%s' status='%s'>%s</command></iq>",
				to, node, id, status, inside);
	expect(rig, wanted);
}

static void go_on(struct rig *rig, const char *from, const char *node, const char *id, const char *action,
		  const char *inside)
{
	g_autofree char *command = g_strdup_printf("<command xmlns='" NS "' node='%s' sessionid='%s'%s>%s</command>",
						   node, id, action, inside);
	ask(rig, from, command);
}

static void expect_fault(struct rig *rig, const char *to, const char *kind, const char *condition, const char *name)
{
	g_autofree char *wanted =
		g_strdup_printf("<iq type='error' id='1' from='" GATE "' to='%s'><error type='%s'><%s " STANZAS
				"/><%s xmlns='" NS "'/></error></iq>",
				to, kind, condition, name);
	expect(rig, wanted);
}

#define SUBMIT(fields)   "<x xmlns='jabber:x:data' type='submit'>" fields "</x>"
#define FILL(var, value) "<field var='" var "'><value>" value "</value></field>"
#define EXECUTE          ""
#define COMPLETE         " action='complete'"
#define NEXT             " action='next'"
#define PREV             " action='prev'"
#define CANCEL           " action='cancel'"

/* --- settings ------------------------------------------------------------------------------ */

static void settings_are_a_form_that_is_kept(void **state)
{
	struct rig *rig = start();
	ask(rig, A, CALL("settings"));
	g_autofree char *id = session(rig);
	expect_command(rig, A, "settings", "executing", CAN_COMPLETE SETTINGS("1", "0", "0"));
	go_on(rig, A, "settings", id, COMPLETE,
	      SUBMIT(FILL("enable_transport", "true") FILL("send_headlines", "1") FILL("strange", "x")));
	expect_command(rig, A, "settings", "completed", "");
	ask(rig, A, CALL("settings"));
	expect_command(rig, A, "settings", "executing", CAN_COMPLETE SETTINGS("1", "1", "0"));
	rig_end(rig);
}

static void without_a_registration_there_are_no_settings(void **state)
{
	struct rig *rig = start();
	ask(rig, "new@localhost/x", CALL("settings"));
	expect_command(rig, "new@localhost/x", "settings", "completed",
		       FAILURE("You are not registered.") RESULT_FORM
		       "<field type='fixed'><value>You are not registered.</value></field></x>");
	rig_end(rig);
	rig = rig_new("none", NULL);
	ask(rig, A, CALL("settings"));
	expect_command(
		rig, A, "settings", "completed",
		FAILURE("This server does not support transport settings. There is no storage backend configured")
			RESULT_FORM
		"<field type='fixed'><value>This server does not support transport settings. There is "
		"no storage backend configured</value></field></x>");
	rig_end(rig);
}

static void administrators_set_for_others_in_two_steps(void **state)
{
	struct rig *rig = start();
	ask(rig, BOSS, CALL("admin/settings"));
	g_autofree char *id = session(rig);
	static const char form[] =
		"<actions execute='next'><next/></actions>" FORM
		"<title>Transport settings</title><instructions>Shows the "
		"settings of a user</instructions><field type='jid-single' var='username' label='Jabber ID'><required/>"
		"</field></x>";
	expect_command(rig, BOSS, "admin/settings", "executing", form);
	go_on(rig, BOSS, "admin/settings", id, COMPLETE, SUBMIT(FILL("username", USER)));
	expect_fault(rig, BOSS, "modify", "bad-request", "bad-action");
	go_on(rig, BOSS, "admin/settings", id, NEXT, SUBMIT(FILL("username", "localhost")));
	expect_fault(rig, BOSS, "modify", "bad-request", "bad-payload");
	go_on(rig, BOSS, "admin/settings", id, NEXT, SUBMIT(FILL("username", USER)));
	expect_command(rig, BOSS, "admin/settings", "executing",
		       "<actions execute='complete'><prev/><complete/></actions>" SETTINGS("1", "0", "0"));
	go_on(rig, BOSS, "admin/settings", id, PREV, "");
	expect_command(rig, BOSS, "admin/settings", "executing", form);
	go_on(rig, BOSS, "admin/settings", id, EXECUTE, SUBMIT(FILL("username", USER)));
	forget(rig);
	go_on(rig, BOSS, "admin/settings", id, EXECUTE, SUBMIT(FILL("stay_connected", "1")));
	expect_command(rig, BOSS, "admin/settings", "completed", "");
	ask(rig, A, CALL("settings"));
	expect_command(rig, A, "settings", "executing", CAN_COMPLETE SETTINGS("1", "0", "1"));
	rig_end(rig);
}

/* --- other commands -------------------------------------------------------------------------- */

static void commands_without_arguments_are_done_at_once(void **state)
{
	struct rig *rig = start();
	ask(rig, A, CALL("status"));
	expect_command(rig, A, "status", "completed",
		       RESULT_FORM "<title>Status</title><field type='text-multi' var='answer' label='Status'>"
				   "<value>You are registered as user.</value><value>You are logged in as user.</value>"
				   "</field></x>");
	ask(rig, A, CALL("contacts"));
	expect_command(rig, A, "contacts", "completed",
		       NOTE("You have no contacts on this network yet, or are not logged in."));
	ask(rig, A, CALL("reconnect"));
	fakes_settle(rig->fakes);
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, NOTE("You are being logged in again.")));
	forget(rig);
	ask(rig, "new@localhost/x", CALL("reconnect"));
	expect_command(rig, "new@localhost/x", "reconnect", "completed", FAILURE("Error: You are not registered."));
	rig_end(rig);
}

static void arguments_are_fields(void **state)
{
	struct rig *rig = start();
	ask(rig, "new@localhost/x", CALL("register"));
	g_autofree char *id = session(rig);
	expect_command(
		rig, "new@localhost/x", "register", "executing",
		CAN_COMPLETE FORM
		"<title>Register</title><instructions>Registers you, or changes your registration</instructions>"
		"<field type='text-single' var='legacy_username' label='3rd-party network username'><required/></field>"
		"<field type='text-private' var='legacy_password' label='3rd-party network password'><required/>"
		"</field></x>");
	go_on(rig, "new@localhost/x", "register", id, COMPLETE, SUBMIT(FILL("legacy_username", "new")));
	expect_fault(rig, "new@localhost/x", "modify", "bad-request", "bad-payload");
	go_on(rig, "new@localhost/x", "register", id, COMPLETE, "");
	expect_fault(rig, "new@localhost/x", "modify", "bad-request", "bad-payload");
	/* Who it is about is not for users to say. */
	go_on(rig, "new@localhost/x", "register", id, COMPLETE,
	      SUBMIT(FILL("username", USER) FILL("legacy_username", "new") FILL("legacy_password", "p w")));
	fakes_settle(rig->fakes);
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, NOTE("You are registered as new.")));
	g_autofree char *stored = fakes_stored(rig->fakes, "new@localhost"), *other = fakes_stored(rig->fakes, USER);
	assert_string_equal(stored, "new/p w");
	assert_string_equal(other, "user/secret");
	rig_end(rig);
}

static void what_cannot_be_undone_is_asked_for(void **state)
{
	struct rig *rig = start();
	ask(rig, A, CALL("unregister"));
	g_autofree char *id = session(rig);
	expect_command(rig, A, "unregister", "executing",
		       CAN_COMPLETE FORM
		       "<title>Unregister</title><field type='fixed'><value>Removes your registration and "
		       "all your contacts here</value></field></x>");
	go_on(rig, A, "unregister", id, CANCEL, "");
	expect_command(rig, A, "unregister", "canceled", "");
	g_autofree char *kept = fakes_stored(rig->fakes, USER);
	assert_string_equal(kept, "user/secret");
	go_on(rig, A, "unregister", id, COMPLETE, "");
	expect_fault(rig, A, "cancel", "not-allowed", "session-expired");
	ask(rig, A, CALL("unregister"));
	g_autofree char *again = session(rig);
	forget(rig);
	go_on(rig, A, "unregister", again, COMPLETE, "");
	fakes_settle(rig->fakes);
	g_autofree char *stored = fakes_stored(rig->fakes, USER);
	assert_string_equal(stored, "");
	rig_end(rig);
}

static void rooms_are_listed_and_opened(void **state)
{
	static const char *const rooms[] = { "#one", "#two" };
	struct rig *rig = start();
	core_legacy_room_list(rig->fakes->core, NULL, rooms, rooms, 2);
	ask(rig, A, CALL("rooms"));
	g_autofree char *id = session(rig);
	forget(rig);
	go_on(rig, A, "rooms", id, COMPLETE, SUBMIT(FILL("search", "")));
	expect_command(rig, A, "rooms", "completed",
		       RESULT_FORM "<title>List rooms</title><field type='text-multi' var='answer' label='List rooms'>"
				   "<value>#one@gate.localhost</value><value>#two@gate.localhost</value></field></x>");
	ask(rig, A, CALL("join"));
	g_autofree char *join = session(rig);
	expect_command(rig, A, "join", "executing",
		       CAN_COMPLETE FORM
		       "<title>Join a room</title><instructions>Opens a room in your client</instructions>"
		       "<field type='text-single' var='room' label='Room'><required/></field>"
		       "<field type='text-private' var='password' label='Password of the room'/></x>");
	go_on(rig, A, "join", join, EXECUTE, SUBMIT(FILL("room", "#one")));
	fakes_settle(rig->fakes);
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "jid='#one@gate.localhost'"));
	assert_non_null(strstr(sent, "status='completed'"));
	forget(rig);
	rig_end(rig);
}

static void administrators_have_all(void **state)
{
	struct rig *rig = start();
	ask(rig, BOSS, CALL("admin/status"));
	expect_command(rig, BOSS, "admin/status", "completed", NOTE("Running (1 users connected using 1 backends)"));
	ask(rig, BOSS, CALL("admin/reload"));
	expect_command(rig, BOSS, "admin/reload", "completed", NOTE("Config reloaded"));
	ask(rig, BOSS, CALL("admin/register"));
	g_autofree char *id = session(rig);
	g_autofree char *form = rig_sent(rig);
	assert_non_null(strstr(form, "<field label='Jabber ID' type='jid-single' var='username'>"));
	forget(rig);
	go_on(rig, BOSS, "admin/register", id, COMPLETE,
	      SUBMIT(FILL("username", USER) FILL("legacy_username", "n") FILL("legacy_password", "p")));
	expect_command(rig, BOSS, "admin/register", "completed", FAILURE("Error: User is already registered"));
	ask(rig, BOSS, CALL("admin/logout"));
	g_autofree char *out = session(rig);
	forget(rig);
	go_on(rig, BOSS, "admin/logout", out, COMPLETE, SUBMIT(FILL("username", USER)));
	fakes_settle(rig->fakes);
	assert_null(fakes_user(rig->fakes, USER));
	rig_end(rig);
}

/* --- faults ---------------------------------------------------------------------------------- */

static void each_fault_has_its_condition(void **state)
{
	struct rig *rig = start();
	ask(rig, A, "<command xmlns='" NS "' node='settings' action='dance'/>");
	expect_fault(rig, A, "modify", "bad-request", "malformed-action");
	ask(rig, A, "<command xmlns='" NS "' node='settings' action='cancel'/>");
	expect_fault(rig, A, "modify", "bad-request", "bad-action");
	ask(rig, A, "<command xmlns='" NS "' node='settings' sessionid='strange'/>");
	expect_fault(rig, A, "modify", "bad-request", "bad-sessionid");
	ask(rig, A, "<command xmlns='" NS "' node='settings' sessionid=''/>");
	expect_fault(rig, A, "modify", "bad-request", "bad-sessionid");
	ask(rig, A, "<command xmlns='" NS "'/>");
	expect(rig, ERROR_TEXT(GATE, "modify", "bad-request", "A command has a node"));
	ask(rig, A, CALL("strange"));
	ask(rig, A, CALL("help"));
	ask(rig, A, CALL("send_headlines"));
	ask(rig, A, CALL("admin/contacts"));
	expect(rig, ERROR(GATE, "cancel", "item-not-found") ERROR(GATE, "cancel", "item-not-found")
			    ERROR(GATE, "cancel", "item-not-found") ERROR(GATE, "cancel", "item-not-found"));
	ask(rig, A, CALL("admin/status"));
	expect(rig, ERROR(GATE, "auth", "forbidden"));
	receive(rig, GET(GATE, CALL("settings")));
	expect(rig, ERROR(GATE, "cancel", "not-allowed"));
	receive(rig, SET(BOB, CALL("settings")));
	expect(rig, ERROR(BOB, "cancel", "service-unavailable"));
	rig_end(rig);
}

static void a_session_is_of_one_client_and_one_command(void **state)
{
	struct rig *rig = start();
	ask(rig, A, CALL("settings"));
	g_autofree char *id = session(rig);
	forget(rig);
	go_on(rig, USER "/b", "settings", id, COMPLETE, SUBMIT(""));
	expect_fault(rig, USER "/b", "modify", "bad-request", "bad-sessionid");
	go_on(rig, A, "unregister", id, COMPLETE, "");
	expect_fault(rig, A, "modify", "bad-request", "bad-sessionid");
	go_on(rig, A, "settings", id, NEXT, SUBMIT(""));
	expect_fault(rig, A, "modify", "bad-request", "bad-action");
	go_on(rig, A, "settings", id, PREV, "");
	expect_fault(rig, A, "modify", "bad-request", "bad-action");
	go_on(rig, A, "settings", id, COMPLETE, "");
	expect_fault(rig, A, "modify", "bad-request", "bad-payload");
	go_on(rig, A, "settings", id, COMPLETE, SUBMIT(FILL("send_headlines", "maybe")));
	expect_fault(rig, A, "modify", "bad-request", "bad-payload");
	/* While it runs there is nothing to be said to it. */
	go_on(rig, A, "settings", id, COMPLETE, SUBMIT(FILL("send_headlines", "1")));
	go_on(rig, A, "settings", id, CANCEL, "");
	fakes_settle(rig->fakes);
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "<bad-action "));
	assert_non_null(strstr(sent, "status='completed'"));
	forget(rig);
	rig_end(rig);
}

static void sessions_of_a_user_are_bounded(void **state)
{
	struct rig *rig = start();
	ask(rig, A, CALL("join"));
	g_autofree char *first = session(rig);
	forget(rig);
	for (int i = 0; i < 10; i++) {
		ask(rig, USER "/b", CALL("join"));
		forget(rig);
	}
	go_on(rig, A, "join", first, CANCEL, "");
	expect_fault(rig, A, "cancel", "not-allowed", "session-expired");
	rig_end(rig);
}

static void who_leaves_many_open_keeps_nobody_out(void **state)
{
	struct rig *rig = start();
	ask(rig, "first@localhost/x", CALL("join"));
	g_autofree char *first = session(rig);
	forget(rig);
	for (int i = 0; i < 10000; i++) {
		g_autofree char *from = g_strdup_printf("u%d@elsewhere.tld/x", i);
		ask(rig, from, CALL("join"));
		forget(rig);
	}
	ask(rig, A, CALL("join"));
	g_autofree char *id = session(rig);
	forget(rig);
	go_on(rig, A, "join", id, CANCEL, "");
	expect_command(rig, A, "join", "canceled", "");
	go_on(rig, "first@localhost/x", "join", first, CANCEL, "");
	expect_fault(rig, "first@localhost/x", "cancel", "not-allowed", "session-expired");
	rig_end(rig);
}

static void a_link_that_is_away_ends_what_it_cannot_answer(void **state)
{
	struct rig *rig = start();
	rig->closed = true;
	ask(rig, A, CALL("status"));
	ask(rig, A, CALL("settings"));
	ask(rig, A, CALL("join"));
	fakes_settle(rig->fakes);
	rig->closed = false;
	ask(rig, A, CALL("settings"));
	expect_command(rig, A, "settings", "executing", CAN_COMPLETE SETTINGS("1", "0", "0"));
	rig_end(rig);
}

/* --- service discovery ------------------------------------------------------------------------ */

#define ITEM(node, name) "<item jid='" GATE "' node='" node "' name='" name "'/>"
#define NODE(node)       " node='" node "'"

static void the_list_is_what_the_asker_may_run(void **state)
{
	static const char users[] = ITEM("settings", "Transport settings") ITEM("contacts", "Contacts")
		ITEM("join", "Join a room") ITEM("leave", "Leave a room") ITEM("logout", "Log out")
			ITEM("reconnect", "Reconnect") ITEM("register", "Register") ITEM("rooms", "List rooms")
				ITEM("status", "Status") ITEM("unregister", "Unregister");
	struct rig *rig = start();
	receive(rig, GET(GATE, ITEMS NODE(NS) "/>"));
	g_autofree char *wanted = g_strconcat("<iq type='result' id='1' from='" GATE "' to='" A "'>" ITEMS NODE(NS) ">",
					      users, "</query></iq>", NULL);
	expect(rig, wanted);
	receive(rig, IQ("get", BOSS, GATE) ITEMS NODE(NS) "/></iq>");
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "name='Unregister' node='unregister'"));
	assert_non_null(strstr(sent, "name='Transport settings' node='admin/settings'"));
	assert_non_null(strstr(sent, "name='Number of active backends' node='admin/backends_count'"));
	assert_non_null(strstr(sent, "node='admin/register'"));
	assert_null(strstr(sent, "admin/join"));
	rig_end(rig);
}

static void registration_that_is_closed_is_not_listed(void **state)
{
	static const char *const overrides[] = { "registration.enable_public_registration=0", NULL };
	struct rig *rig = rig_new("sqlite3", overrides);
	receive(rig, GET(GATE, ITEMS NODE(NS) "/>"));
	g_autofree char *sent = rig_sent(rig);
	assert_null(strstr(sent, "node='register'"));
	assert_non_null(strstr(sent, "node='status'"));
	forget(rig);
	ask(rig, A, CALL("register"));
	expect(rig, ERROR(GATE, "auth", "forbidden"));
	rig_end(rig);
}

static void nodes_say_what_they_are(void **state)
{
	struct rig *rig = start();
	receive(rig, GET(GATE, INFO NODE(NS) "/>"));
	expect(rig, RESULT(GATE, INFO NODE(NS) "><identity category='automation' type='command-list' name='Commands'/>"
					       "<feature var='http://jabber.org/protocol/disco#info'/>"
					       "<feature var='http://jabber.org/protocol/disco#items'/></query>"));
	receive(rig, GET(GATE, INFO NODE("settings") "/>"));
	expect(rig, RESULT(GATE, INFO NODE("settings") "><identity category='automation' type='command-node' "
						       "name='Transport settings'/><feature var='" NS "'/>"
						       "<feature var='jabber:x:data'/></query>"));
	receive(rig, GET(GATE, INFO NODE("admin/status") "/>"));
	receive(rig, GET(BOB, INFO NODE("settings") "/>"));
	expect(rig, ERROR(GATE, "cancel", "item-not-found") ERROR(BOB, "cancel", "item-not-found"));
	receive(rig, GET(BOB, ITEMS NODE(NS) "/>"));
	expect(rig, RESULT(BOB, ITEMS NODE(NS) "/>"));
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(settings_are_a_form_that_is_kept),
		cmocka_unit_test(without_a_registration_there_are_no_settings),
		cmocka_unit_test(administrators_set_for_others_in_two_steps),
		cmocka_unit_test(commands_without_arguments_are_done_at_once),
		cmocka_unit_test(arguments_are_fields),
		cmocka_unit_test(what_cannot_be_undone_is_asked_for),
		cmocka_unit_test(rooms_are_listed_and_opened),
		cmocka_unit_test(administrators_have_all),
		cmocka_unit_test(each_fault_has_its_condition),
		cmocka_unit_test(a_session_is_of_one_client_and_one_command),
		cmocka_unit_test(sessions_of_a_user_are_bounded),
		cmocka_unit_test(who_leaves_many_open_keeps_nobody_out),
		cmocka_unit_test(a_link_that_is_away_ends_what_it_cannot_answer),
		cmocka_unit_test(the_list_is_what_the_asker_may_run),
		cmocka_unit_test(registration_that_is_closed_is_not_listed),
		cmocka_unit_test(nodes_say_what_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
