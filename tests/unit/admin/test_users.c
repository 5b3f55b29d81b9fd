/* SPDX-License-Identifier: MIT */
#include "scene.h"

/* What users ask. */

#define A   USER "/a"
#define NEW "new@localhost/phone"
#define HOW                                                                                 \
	"To register, write:\nregister NAME PASSWORD\nwith, in the place of these words:\n" \
	"NAME: 3rd-party network username\nPASSWORD: 3rd-party network password"
#define ALLOW "\nIf your client asks whether I may see when you are online, allow it: that logs you in."
#define ROOMS "Error: This network has no rooms."

static void rights_are_checked(void **state)
{
	static const char *const others[] = { "reload", "args register", "unregister " USER, "send_headlines " USER };
	struct scene *scene = scene_start();
	expect_answer(scene, NEW, "online_users", "Error: You do not have rights to execute this command.");
	expect_answer(scene, NEW, "uptime", "Error: You do not have rights to get this variable.");
	expect_answer(scene, NEW, "set uptime 1", "Error: You do not have rights to set this variable.");
	for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
		assert_true(g_str_has_prefix(ask(scene, NEW, others[i]), "Error: "));
	ask(scene, NEW, "register x@localhost a b c");
	/* Nothing came of it but a registration of their own. */
	g_autofree char *stored = fakes_stored(scene->fakes, USER), *none = fakes_stored(scene->fakes, "x@localhost");
	assert_string_equal(stored, "user/secret");
	assert_string_equal(none, "");
	scene_end(scene);
}

static void strangers_are_told_how_to_register(void **state)
{
	struct scene *scene = scene_new(NULL);
	expect_answer(scene, NEW, "hello there",
		      "I do not understand this. Write help to see what I can do.\nYou are not registered yet. " HOW);
	assert_true(scene->unknown);
	expect_answer(scene, NEW, "status", "You are not registered.\n" HOW);
	assert_false(scene->unknown);
	expect_answer(scene, NEW, "unregister", "Error: You are not registered.");
	expect_answer(scene, NEW, "settings", "Error: You are not registered.");
	scene_end(scene);
}

static void registering_takes_one_line_and_asks_the_user_in(void **state)
{
	struct scene *scene = scene_new(NULL);
	expect_answer(scene, NEW, "Register New my pass",
		      "You are registered as New. Please delete your message with the password now: your clients and "
		      "your server may keep it.");
	fakes_expect(scene->fakes, "contact - -> new@localhost\npresence - -> new@localhost probe\n");
	g_autofree char *stored = fakes_stored(scene->fakes, "new@localhost");
	assert_string_equal(stored, "New/my pass");
	expect_answer(scene, NEW, "status",
		      "You are registered as New.\n"
		      "You are not logged in. Your presence, or the command reconnect, logs you in.");
	/* Another registration replaces it, as in band. */
	ask(scene, NEW, "register Newer pw");
	g_autofree char *changed = fakes_stored(scene->fakes, "new@localhost");
	assert_string_equal(changed, "Newer/pw");
	expect_answer(scene, NEW, "hello", "I do not understand this. Write help to see what I can do.");
	scene_end(scene);
}

static void a_registration_that_fails_gives_no_password_away(void **state)
{
	struct scene *scene = scene_new((const char *[]){ "registration.allowed_usernames=[a-z]+", NULL });
	expect_answer(
		scene, NEW, "register 123 secret",
		"Error: This user name is not allowed here. Please delete your message with the password now: your "
		"clients and your server may keep it.");
	expect_answer(scene, NEW, "register abc", "Error: Argument is missing.\nWrite: register NAME PASSWORD");
	expect_answer(scene, NEW, "register", "Error: Argument is missing.\nWrite: register NAME PASSWORD");
	fakes_expect(scene->fakes, "");
	scene_end(scene);
}

static void registration_may_be_closed(void **state)
{
	static const char *const overrides[] = { "registration.enable_public_registration=0",
						 "service.allowed_servers=localhost", NULL };
	struct scene *scene = scene_new(overrides);
	expect_answer(scene, "x@example.org/a", "register a b", "Error: Registration is not open to your server");
	expect_answer(scene, "x@example.org/a", "status",
		      "You are not registered.\nRegistration is not open to your server.");
	assert_true(g_str_has_prefix(ask(scene, NEW, "register a b"), "You are registered as a."));
	scene_end(scene);
}

static void networks_without_passwords_take_none(void **state)
{
	struct scene *scene = scene_new(NULL);
	core_set_features(scene->fakes->core, &(struct core_features){ .need_registration = true });
	expect_answer(
		scene, NEW, "status",
		"You are not registered.\nTo register, write:\nregister NAME\nwith, in the place of these words:\n"
		"NAME: 3rd-party network username");
	expect_answer(scene, NEW, "register a", "You are registered as a.");
	scene_end(scene);
}

static void local_accounts_are_asked_for(void **state)
{
	struct scene *scene = scene_new((const char *[]){ "registration.require_local_account=1", NULL });
	expect_answer(scene, NEW, "status",
		      "You are not registered.\nTo register, write:\nregister NAME PASSWORD LOCAL_NAME LOCAL_PASSWORD\n"
		      "with, in the place of these words:\nNAME: 3rd-party network username\n"
		      "PASSWORD: 3rd-party network password\nLOCAL_NAME: Local username:\n"
		      "LOCAL_PASSWORD: Local password");
	expect_answer(scene, NEW, "register a b",
		      "Error: Argument is missing.\nWrite: register NAME PASSWORD LOCAL_NAME LOCAL_PASSWORD");
	assert_int_equal(strlen(ask(scene, NULL, "args register")) > 200, true);
	scene_end(scene);
}

static void networks_without_accounts_say_so(void **state)
{
	struct scene *scene = scene_new(NULL);
	core_set_features(scene->fakes->core, &(struct core_features){ .need_password = true });
	expect_answer(scene, NEW, "hello", "I do not understand this. Write help to see what I can do.");
	expect_answer(scene, NEW, "status",
		      "You are not registered.\n"
		      "You are not logged in. Your presence, or the command reconnect, logs you in.");
	scene_end(scene);
}

static void settings_are_shown_and_changed(void **state)
{
	struct scene *scene = scene_start();
	expect_answer(scene, A, "settings",
		      "enable_transport: on - Enable transport\n"
		      "send_headlines: off - Allow sending messages as headlines\n"
		      "stay_connected: off - Stay connected to legacy network when offline on XMPP\n"
		      "To change one, write: set NAME on, or: set NAME off\n");
	expect_answer(scene, A, "set stay_connected on", "stay_connected is on.");
	expect_answer(scene, A, "stay_connected", "stay_connected is on.");
	expect_answer(scene, A, "set Stay_Connected Off", "stay_connected is off.");
	expect_answer(scene, A, "set stay_connected", "Error: Value is missing.\nWrite: set stay_connected on|off");
	fakes_expect(scene->fakes, "");
	expect_answer(scene, A, "set enable_transport off", "enable_transport is off.");
	fakes_expect(scene->fakes,
		     "presence - -> " USER " unavailable \"You have switched the gateway off in your settings\"\n"
		     "net logout " USER "\n");
	scene_end(scene);
}

static void users_log_out_and_in(void **state)
{
	struct scene *scene = scene_start();
	expect_answer(scene, A, "status", "You are registered as user.\nYou are logged in as user.");
	expect_answer(scene, A, "logout",
		      "You are logged out until your next presence. The command reconnect logs you in.");
	expect_answer(scene, A, "logout", "Error: You are not logged in.");
	fakes_forget(scene->fakes);
	expect_answer(scene, A, "reconnect",
		      "You are logged in as soon as I see that you are online. If nothing happens, add me as a contact "
		      "and allow me to see it.");
	fakes_expect(scene->fakes, "presence - -> " USER " probe\n");
	user_presence(scene->fakes, A, "online", NULL, 0);
	fakes_settle(scene->fakes);
	expect_answer(scene, A, "status", "You are registered as user.\nYou are being logged in.");
	net_disconnected(scene->fakes, USER, 0, "gone");
	expect_answer(
		scene, A, "status",
		"You are registered as user.\nThe network cannot be reached at the moment. You will be logged in as "
		"soon as it is back.");
	fakes_forget(scene->fakes);
	expect_answer(scene, A, "unregister", "You are not registered any more, and your contacts are taken back.");
	g_autofree char *stored = fakes_stored(scene->fakes, USER);
	assert_string_equal(stored, "");
	scene_end(scene);
}

static void rooms_are_listed_and_opened(void **state)
{
	static const char *const rooms[] = { "#One", "c2@x" }, *const names[] = { "#one", "Second" };
	struct scene *scene = scene_start();
	expect_answer(scene, A, "rooms", "The network lists no rooms. You may know the name of one: join ROOM");
	core_legacy_room_list(scene->fakes->core, NULL, rooms, names, 2);
	expect_answer(scene, A, "rooms one", "#one@gate.localhost\n");
	expect_answer(scene, A, "rooms SEC", "c2\\40x@gate.localhost - Second\n");
	expect_answer(scene, A, "rooms strange", "The network lists no room with this word.");
	expect_answer(scene, A, "join second",
		      "The room c2\\40x@gate.localhost comes to your client, as a bookmark or by an invitation.");
	ask(scene, A, "join #Other@y pass word");
	ask(scene, A, "join #own@gate.localhost");
	expect_answer(scene, A, "join", "Error: Argument is missing.\nWrite: join ROOM [PASSWORD]");
	assert_string_equal(scene->opened->str, USER " c2\\40x -\n" USER " #other\\40y pass word\n" USER " #own -\n");
	core_set_features(scene->fakes->core, &(struct core_features){ .need_password = true });
	expect_answer(scene, A, "join #x", ROOMS);
	scene_end(scene);
}

static void rooms_are_left(void **state)
{
	struct scene *scene = scene_start();
	expect_answer(scene, A, "leave #r", "Error: You are not in this room.");
	user_join(scene->fakes, A, "#r@gate.localhost/me", NULL);
	net_occupant(scene->fakes, USER, "#r", "me", CORE_FLAG_ME);
	expect_answer(scene, A, "leave #R", "You have left the room #r@gate.localhost.");
	expect_answer(scene, A, "leave #r@gate.localhost", "Error: You are not in this room.");
	assert_string_equal(scene->opened->str, "no more: " USER " #r\n");
	scene_end(scene);
}

static void contacts_are_listed(void **state)
{
	struct scene *scene = scene_start();
	net_contact(scene->fakes, USER, &(struct core_contact){ .name = "bob", .alias = "Bob", .status = CORE_AWAY });
	expect_answer(scene, A, "contacts", "Bob (away) - bob@gate.localhost\n");
	scene_end(scene);
}

static void newcomers_are_welcome_once_they_may_register(void **state)
{
	struct scene *scene = scene_start();
	assert_string_equal(scene_welcome(scene, NEW),
			    "Welcome! I am Spectrum 2 Transport, a gateway to another network.\n" HOW ALLOW
			    "\nWrite help to see what else I can do.");
	assert_string_equal(scene_welcome(scene, A), "");
	core_set_features(scene->fakes->core, &(struct core_features){ .need_password = true });
	assert_string_equal(scene_welcome(scene, NEW),
			    "Welcome! I am Spectrum 2 Transport, a gateway to another network.\n"
			    "You need not register, unless your name there has a password.\n" HOW ALLOW
			    "\nWrite help to see what else I can do.");
	scene_end(scene);
	scene = scene_new((const char *[]){ "registration.enable_public_registration=0", NULL });
	assert_string_equal(scene_welcome(scene, NEW), "");
	scene_end(scene);
}

/* As a form gives them: no user can make it about somebody else. */
static void values_of_forms_are_checked_as_lines_are(void **state)
{
	static const char *const others[] = { "victim@localhost", "a", "b" }, *const own[] = { NULL, "a", NULL };
	struct scene *scene = scene_start();
	struct admin_call call = { .row = admin_find(STR("register"), false), .values = others, .count = 3 };
	assert_string_equal(run(scene, NEW, &call), "You are registered as a.");
	g_autofree char *none = fakes_stored(scene->fakes, "victim@localhost");
	assert_string_equal(none, "");
	assert_string_equal(run(scene, BOSS, &call), "User registered");
	call.values = own;
	assert_string_equal(run(scene, NEW, &call), "Error: Argument is missing.\nWrite: register NAME PASSWORD");
	call = (struct admin_call){ .row = admin_find(STR("unregister"), false), .who = USER };
	assert_true(g_str_has_prefix(run(scene, NEW, &call), "You are not registered any more"));
	g_autofree char *stored = fakes_stored(scene->fakes, USER);
	assert_string_equal(stored, "user/secret");
	assert_string_equal(run(scene, BOSS, &call), "User '" USER "' unregistered.");
	call = (struct admin_call){ .row = admin_find(STR("reload"), true) };
	assert_string_equal(run(scene, NEW, &call), "Error: You do not have rights to execute this command.");
	call = (struct admin_call){ .row = admin_find(STR("contacts"), true) };
	assert_string_equal(run(scene, NULL, &call), "Error: This command can be executed only in user context.");
	scene_end(scene);
}

/* --- server mode ----------------------------------------------------------------------------- */

static void users_of_a_server_register_nothing(void **state)
{
	static const char *const server[] = { "service.server_mode=1", NULL };
	static const char *const refusal =
		"Error: There is nothing to register: you log in with your account of the network.";
	struct scene *scene = scene_new(server);
	core_set_features(scene->fakes->core, &(struct core_features){ .need_password = true });
	fakes_log_in(scene->fakes, USER);
	expect_answer(scene, USER "/a", "register user secret", refusal);
	expect_answer(scene, USER "/a", "unregister", refusal);
	expect_answer(scene, USER "/a", "status", "You are logged in as user.");
	assert_null(strstr(ask(scene, USER "/a", "help"), "register "));
	expect_answer(scene, NULL, "status", "Running (1 users connected using 2 backends)");
	expect_answer(scene, NULL, "online_users_count", "1");
	expect_answer(scene, NULL, "has_online_user " USER, "1");
	expect_answer(scene, NULL, "register new%host@localhost other secret", "User registered");
	g_autofree char *stored = fakes_stored(scene->fakes, "new%host@localhost");
	assert_string_equal(stored, "other/");
	expect_answer(scene, NULL, "reconnect new%host@localhost",
		      "Error: User 'new%host@localhost' is not logged in. Only a client of his can do that.");
	expect_answer(scene, NULL, "unregister " USER, "User '" USER "' unregistered.");
	expect_answer(scene, NULL, "online_users_count", "0");
	scene_end(scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rights_are_checked),
		cmocka_unit_test(strangers_are_told_how_to_register),
		cmocka_unit_test(registering_takes_one_line_and_asks_the_user_in),
		cmocka_unit_test(a_registration_that_fails_gives_no_password_away),
		cmocka_unit_test(registration_may_be_closed),
		cmocka_unit_test(networks_without_passwords_take_none),
		cmocka_unit_test(local_accounts_are_asked_for),
		cmocka_unit_test(networks_without_accounts_say_so),
		cmocka_unit_test(settings_are_shown_and_changed),
		cmocka_unit_test(users_log_out_and_in),
		cmocka_unit_test(rooms_are_listed_and_opened),
		cmocka_unit_test(rooms_are_left),
		cmocka_unit_test(contacts_are_listed),
		cmocka_unit_test(newcomers_are_welcome_once_they_may_register),
		cmocka_unit_test(values_of_forms_are_checked_as_lines_are),
		cmocka_unit_test(users_of_a_server_register_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
