/* SPDX-License-Identifier: MIT */
#include "iq.h"

/* Chat with the gateway itself. */

#define NEW               "new@localhost/phone"
#define SAYS(from, words) "<message from='" from "' to='" GATE "' id='1' type='chat'><body>" words "</body></message>"
#define HEARS(to, words)  "<message from='" GATE "' to='" to "' type='chat' id='*'><body>" words "</body></message>"
#define UNKNOWN           "I do not understand this. Write help to see what I can do."
#define HOW                                                                                 \
	"To register, write:\nregister NAME PASSWORD\nwith, in the place of these words:\n" \
	"NAME: 3rd-party network username\nPASSWORD: 3rd-party network password"
#define KEEP "Please delete your message with the password now: your clients and your server may keep it."

static void what_is_typed_is_answered_to_who_typed_it(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, SAYS(A, "Status"));
	expect(rig, HEARS(A, "You are registered as user.\nYou are logged in as user."));
	receive(rig, SAYS("user@localhost/b", "contacts"));
	expect(rig, HEARS("user@localhost/b", "You have no contacts on this network yet, or are not logged in."));
	receive(rig, "<message from='" A "' to='" GATE "/any'><body>status</body></message>");
	expect(rig,
	       "<message from='" GATE "' to='" A "' id='*'><body>You are registered as user.\nYou are logged in as "
	       "user.</body></message>");
	receive(rig, SAYS(A, "how are you?"));
	expect(rig, HEARS(A, UNKNOWN));
	rig_end(rig);
}

static void what_is_no_question_is_not_answered(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, "<message from='" A "' to='" GATE "' type='chat'>"
		     "<composing xmlns='http://jabber.org/protocol/chatstates'/></message>");
	receive(rig, "<message from='" A "' to='" GATE "' type='chat'><body/></message>");
	receive(rig, "<message from='" A "' to='" GATE "' type='headline'><body>help</body></message>");
	receive(rig, "<message from='" A "' to='" GATE "' type='error'><body>help</body></message>");
	receive(rig, "<message from='localhost' to='" GATE "'><body>help</body></message>");
	expect(rig, "");
	receive(rig, "<message from='" A "' to='" GATE "' type='groupchat' id='1'><body>help</body></message>");
	expect(rig, "<message from='" GATE "' to='" A
		    "' id='1' type='error'><error type='cancel'><service-unavailable " STANZAS "/><text " STANZAS
		    ">The gateway itself takes no messages</text></error></message>");
	rig_end(rig);
}

static void registering_takes_one_message(void **state)
{
	struct rig *rig = rig_new("sqlite3", NULL);
	core_set_features(rig->fakes->core,
			  &(struct core_features){ .need_password = true, .need_registration = true });
	receive(rig, SAYS(NEW, "hello"));
	expect(rig, HEARS(NEW, UNKNOWN "\nYou are not registered yet. " HOW));
	receive(rig, SAYS(NEW, "Register montague pass &amp; word"));
	fakes_settle(rig->fakes);
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "<body>You are registered as montague. " KEEP "</body>"));
	assert_null(strstr(sent, "word</"));
	assert_non_null(strstr(sent, " to='new@localhost' type='probe'"));
	forget(rig);
	g_autofree char *stored = fakes_stored(rig->fakes, "new@localhost");
	assert_string_equal(stored, "montague/pass & word");
	/* The answer to the probe logs in. */
	receive(rig, "<presence from='" NEW "' to='" GATE "'/>");
	fakes_settle(rig->fakes);
	assert_non_null(fakes_user(rig->fakes, "new@localhost"));
	rig_end(rig);
}

static void who_adds_the_gateway_is_welcome(void **state)
{
	struct rig *rig = rig_new("sqlite3", NULL);
	core_set_features(rig->fakes->core,
			  &(struct core_features){ .need_password = true, .need_registration = true });
	receive(rig, "<presence from='new@localhost' to='" GATE "' type='subscribe'/>");
	expect(rig, "<presence from='" GATE "' to='new@localhost' type='subscribed'/>"
		    "<presence from='" GATE "' to='new@localhost' type='subscribe'/>" HEARS(
			    "new@localhost", "Welcome! I am Spectrum 2 Transport, a gateway to another network.\n" HOW
					     "\nIf your client asks whether I may see when you are online, allow "
					     "it: that logs you in.\nWrite help to see what else I can do."));
	/* Servers are no people. */
	receive(rig, "<presence from='other.example' to='" GATE "' type='subscribe'/>");
	expect(rig, "<presence from='" GATE "' to='other.example' type='subscribed'/>");
	fakes_register(rig->fakes, "new@localhost");
	receive(rig, "<presence from='new@localhost' to='" GATE "' type='subscribe'/>");
	expect(rig, "<presence from='" GATE "' to='new@localhost' type='subscribed'/>"
		    "<presence from='" GATE "' to='new@localhost' type='subscribe'/>");
	rig_end(rig);
}

static void administrators_have_their_commands_and_users_have_not(void **state)
{
	static const char *const overrides[] = { "service.admin_jid=boss@localhost", NULL };
	struct rig *rig = rig_new("sqlite3", overrides);
	receive(rig, SAYS("boss@localhost/x", "status"));
	expect(rig, HEARS("boss@localhost/x", "Running (0 users connected using 1 backends)"));
	receive(rig, SAYS("boss@localhost/x", "strange"));
	expect(rig, HEARS("boss@localhost/x", "Error: Unknown variable or command"));
	receive(rig, SAYS("boss@localhost/x", "online_users"));
	expect(rig, HEARS("boss@localhost/x", "(nothing)"));
	receive(rig, SAYS(NEW, "online_users"));
	expect(rig, HEARS(NEW, "Error: You do not have rights to execute this command."));
	rig_end(rig);
}

static void programs_that_answer_answers_are_left_alone(void **state)
{
	struct rig *rig = rig_start();
	for (int i = 0; i < 5; i++) {
		receive(rig, SAYS(A, "I am not here"));
		expect(rig, HEARS(A, UNKNOWN));
	}
	receive(rig, SAYS(A, "I am not here"));
	expect(rig, "");
	/* Who knows what he says is heard all the same. */
	receive(rig, SAYS(A, "contacts"));
	receive(rig, SAYS(A, "I am not here"));
	expect(rig, HEARS(A, "You have no contacts on this network yet, or are not logged in.") HEARS(A, UNKNOWN));
	rig_end(rig);
}

static void answers_are_bounded(void **state)
{
	struct rig *rig = rig_start();
	g_autoptr(GPtrArray) rooms = g_ptr_array_new_with_free_func(g_free);
	for (int i = 0; i < 5000; i++)
		g_ptr_array_add(rooms, g_strdup_printf("#a-room-with-a-long-name-%d", i));
	core_legacy_room_list(rig->fakes->core, fakes_user(rig->fakes, USER), (const char *const *)rooms->pdata,
			      (const char *const *)rooms->pdata, rooms->len);
	receive(rig, SAYS(A, "rooms"));
	fakes_settle(rig->fakes);
	assert_in_range(buf_len(&rig->out), 40 << 10, 64 << 10);
	forget(rig);
	rig_end(rig);
}

static void a_room_comes_by_an_invitation(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, SAYS(A, "join #room secret"));
	fakes_settle(rig->fakes);
	g_autofree char *sent = rig_sent(rig);
	assert_non_null(strstr(sent, "from='#room@gate.localhost'"));
	assert_non_null(strstr(sent, "<x xmlns='jabber:x:conference' jid='#room@gate.localhost' password='secret'>"));
	forget(rig);
	rig_end(rig);
}

static void what_is_under_way_at_the_end_is_dropped(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, SAYS(A, "status"));
	receive(rig, SAYS(A, "strange"));
	receive(rig, "<presence from='new@localhost' to='" GATE "' type='subscribe'/>");
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed_is_answered_to_who_typed_it),
		cmocka_unit_test(what_is_no_question_is_not_answered),
		cmocka_unit_test(registering_takes_one_message),
		cmocka_unit_test(who_adds_the_gateway_is_welcome),
		cmocka_unit_test(administrators_have_their_commands_and_users_have_not),
		cmocka_unit_test(programs_that_answer_answers_are_left_alone),
		cmocka_unit_test(answers_are_bounded),
		cmocka_unit_test(a_room_comes_by_an_invitation),
		cmocka_unit_test(what_is_under_way_at_the_end_is_dropped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
