/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#include <errno.h>

#define A    USER "/a"
#define B    USER "/b"
#define BOB  "bob@gate.localhost"
#define ROOM "#room@gate.localhost"

static struct fakes *start_headlines(const char *wanted)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes_open(fakes);
	fakes_register(fakes, USER);
	if (wanted)
		fakes_store_setting(fakes, USER, "send_headlines", wanted);
	fakes_log_in(fakes, USER);
	return fakes;
}

static struct fakes *start_in_room(void)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	net_participant(fakes, USER,
			&(struct core_participant){
				.room = "#room", .nickname = "U123", .alias = "Anna", .status = CORE_ONLINE });
	net_occupant(fakes, USER, "#room", "me", CORE_FLAG_ME);
	core_legacy_subject(fakes_user(fakes, USER), "#room", NULL, "");
	fakes_forget(fakes);
	return fakes;
}

static void net_says(struct fakes *fakes, struct core_legacy_message message)
{
	core_legacy_message(fakes_user(fakes, USER), &message);
}

/* The next words of the room are not taken for the echo of what came back. */
static void what_comes_back_from_a_room_waits_for_no_echo(void **state)
{
	struct fakes *fakes = start_in_room();
	struct core_message message = { .type = CORE_GROUPCHAT, .id = "m1", .body = "hi" };
	assert_null(user_sends(fakes, A, ROOM, &message));
	core_legacy_undelivered(fakes->core,
				&(struct core_undelivered){ .sender = A, .address = ROOM, .id = "m1", .body = "hi" });
	fakes_forget(fakes);
	net_says(fakes, (struct core_legacy_message){
				.name = "#room", .nickname = "me", .message = { .body = "hi", .id = "n1" } });
	fakes_expect(fakes, "message #room/me -> user@localhost/a groupchat \"hi\" id=n1\n");
	fakes_end(fakes);
}

/* --- between two ----------------------------------------------------------------------------- */

static void messages_go_both_ways(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	assert_null(user_writes(fakes, A, BOB, "hello"));
	fakes_expect(fakes, "net message user@localhost bob \"hello\"\n");
	net_writes(fakes, USER, "bob", "hi");
	fakes_expect(fakes, "message bob/bot -> user@localhost/a chat \"hi\" active\n");
	assert_int_equal(fakes->metrics.value[METRIC_MESSAGES_FROM_XMPP], 1);
	assert_int_equal(fakes->metrics.value[METRIC_MESSAGES_TO_XMPP], 1);
	fakes_end(fakes);
}

static void answers_go_to_the_session_that_wrote_last(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, B, "online", NULL, 0);
	fakes_forget(fakes);
	net_writes(fakes, USER, "bob", "one");
	fakes_expect(fakes, "message bob/bot -> user@localhost chat \"one\" active\n");
	user_writes(fakes, A, BOB, "x");
	user_writes(fakes, B, BOB "/bot", "y");
	user_writes(fakes, A, "carol@gate.localhost", "z");
	fakes_forget(fakes);
	net_writes(fakes, USER, "Bob", "two");
	net_writes(fakes, USER, "carol", "three");
	fakes_expect(fakes, "message bob/bot -> user@localhost/b chat \"two\" active\n"
			    "message carol/bot -> user@localhost/a chat \"three\" active\n");
	fakes_end(fakes);
}

static void any_presence_ends_that(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_writes(fakes, A, BOB, "x");
	user_presence(fakes, A, "online", NULL, 0);
	fakes_forget(fakes);
	net_writes(fakes, USER, "bob", "one");
	fakes_expect(fakes, "message bob/bot -> user@localhost chat \"one\" active\n");
	user_presence(fakes, B, "online", NULL, 0);
	user_writes(fakes, B, BOB, "x");
	user_presence(fakes, B, "unavailable", NULL, 0);
	fakes_forget(fakes);
	net_writes(fakes, USER, "bob", "two");
	fakes_expect(fakes, "message bob/bot -> user@localhost chat \"two\" active\n");
	fakes_end(fakes);
}

static void names_are_spelled_as_the_network_does(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	/* The chat is older than what is known of the contact. */
	user_writes(fakes, A, "buddy1@gate.localhost", "one");
	net_contact(fakes, USER, &(struct core_contact){ .name = "BuddY1", .status = CORE_OFFLINE });
	user_writes(fakes, A, "buddy1@gate.localhost", "two");
	user_writes(fakes, A, "катя\\20антонова@gate.localhost", "three");
	net_writes(fakes, USER, "Катя Антонова", "four");
	user_writes(fakes, A, "катя\\20антонова@gate.localhost", "five");
	fakes_expect(fakes, "net message user@localhost buddy1 \"one\"\n"
			    "net message user@localhost BuddY1 \"two\"\n"
			    "net message user@localhost катя антонова \"three\"\n"
			    "message катя\\20антонова/bot -> user@localhost/a chat \"four\" active\n"
			    "net message user@localhost Катя Антонова \"five\"\n");
	fakes_end(fakes);
}

static void old_contacts_keep_their_address(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_store_contact(
		fakes, USER,
		&(struct storage_contact){
			.name = "bob@x", .subscription = "both", .alias = "", .groups = "", .icon_hash = "" });
	fakes_log_in(fakes, USER);
	net_writes(fakes, USER, "bob@x", "hi");
	net_writes(fakes, USER, "carol@x", "hi");
	fakes_expect(fakes, "message bob%x/bot -> user@localhost chat \"hi\" active\n"
			    "message carol\\40x/bot -> user@localhost chat \"hi\" active\n");
	fakes_end(fakes);
}

static void everything_a_message_has_arrives(void **state)
{
	static const struct core_attachment files[] = { { .url = "http://x/1" } };
	struct fakes *fakes = fakes_start(USER);
	net_says(fakes, (struct core_legacy_message){ .name = "bob",
						      .message = { .id = "m1",
								   .body = "hi",
								   .time = 86400,
								   .attention = true,
								   .attachment_count = 1,
								   .attachments = files } });
	fakes_expect(fakes, "message bob/bot -> user@localhost chat \"hi\" id=m1 active time=86400 attention "
			    "file=http://x/1\n");
	assert_null(
		user_sends(fakes, A, BOB, &(struct core_message){ .id = "m2", .body = "hi", .receipt_wanted = true }));
	assert_null(user_sends(fakes, A, BOB, &(struct core_message){ .body = "hey", .attention = true }));
	assert_null(user_sends(fakes, A, BOB, &(struct core_message){ .attention = true }));
	fakes_expect(fakes, "net message user@localhost bob \"hi\" id=m2\n"
			    "net attention user@localhost bob \"hey\"\n"
			    "net attention user@localhost bob\n");
	fakes_end(fakes);
}

static void names_that_cannot_be_addresses_are_dropped(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	g_autofree char *name = g_strnfill(2000, 'x');
	net_writes(fakes, USER, name, "hi");
	net_writes(fakes, USER, "", "hi");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void headlines_are_for_those_who_want_them(void **state)
{
	static const char *const wanted[] = { NULL, "0", "1", "true" };
	for (size_t i = 0; i < G_N_ELEMENTS(wanted); i++) {
		struct fakes *fakes = start_headlines(wanted[i]);
		net_says(fakes, (struct core_legacy_message){ .name = "bob",
							      .message = { .type = CORE_HEADLINE, .body = "hi" } });
		fakes_expect(fakes, i < 2 ? "message bob/bot -> user@localhost chat \"hi\" active\n"
					  : "message bob/bot -> user@localhost headline \"hi\" active\n");
		fakes_end(fakes);
	}
}

static void own_words_from_elsewhere_are_not_the_contacts(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_presence(fakes, B, "online", NULL, 0);
	fakes_forget(fakes);
	net_says(fakes, (struct core_legacy_message){ .name = "Bob@c",
						      .carbon = true,
						      .message = { .body = "hi", .id = "7", .type = CORE_HEADLINE } });
	fakes_expect(fakes, "carbon bob\\40c -> user@localhost/a chat \"hi\" id=7\n"
			    "carbon bob\\40c -> user@localhost/b chat \"hi\" id=7\n");
	fakes_end(fakes);
}

static void own_private_words_from_elsewhere_are_to_the_occupant(void **state)
{
	struct fakes *fakes = start_in_room();
	net_says(fakes, (struct core_legacy_message){ .name = "#room",
						      .nickname = "U123",
						      .pm = true,
						      .carbon = true,
						      .message = { .body = "psst" } });
	fakes_expect(fakes, "carbon #room/Anna -> user@localhost/a chat \"psst\" from-occupant\n");
	fakes_end(fakes);
}

/* --- states and receipts --------------------------------------------------------------------- */

static void chat_states_of_strangers_are_dropped(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct user *user = fakes_user(fakes, USER);
	core_legacy_chat_state(user, "bob", CORE_STATE_COMPOSING);
	core_legacy_receipt(user, "bob", "m1");
	fakes_expect(fakes, "");
	net_writes(fakes, USER, "bob", "hi");
	fakes_forget(fakes);
	core_legacy_chat_state(user, "Bob", CORE_STATE_COMPOSING);
	core_legacy_chat_state(user, "bob", CORE_STATE_PAUSED);
	core_legacy_receipt(user, "bob", "m1");
	core_legacy_receipt(user, "bob", "");
	core_legacy_receipt(user, "bob", NULL);
	fakes_expect(fakes, "message bob/bot -> user@localhost chat composing\n"
			    "message bob/bot -> user@localhost chat paused\n"
			    "message bob/bot -> user@localhost chat receipt-of=m1\n");
	fakes_end(fakes);
}

static void chat_states_of_the_user_go_before_his_words(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	assert_null(user_sends(fakes, A, BOB, &(struct core_message){ .state = CORE_STATE_COMPOSING }));
	assert_null(user_sends(fakes, A, BOB, &(struct core_message){ .state = CORE_STATE_PAUSED }));
	assert_null(user_sends(fakes, A, BOB, &(struct core_message){ .state = CORE_STATE_ACTIVE, .body = "hi" }));
	assert_null(user_sends(fakes, A, BOB, &(struct core_message){ .state = CORE_STATE_GONE }));
	fakes_expect(fakes, "net state user@localhost bob composing\n"
			    "net state user@localhost bob paused\n"
			    "net state user@localhost bob active\n"
			    "net message user@localhost bob \"hi\"\n");
	fakes_end(fakes);
}

/* --- in rooms -------------------------------------------------------------------------------- */

static void words_of_a_room_come_from_the_name_that_is_shown(void **state)
{
	struct fakes *fakes = start_in_room();
	net_room_writes(fakes, USER, "#Room", "U123", "hi");
	net_room_writes(fakes, USER, "#room", "stranger", "hi");
	net_room_writes(fakes, USER, "#other", "stranger", "hi");
	fakes_expect(fakes, "message #room/Anna -> user@localhost/a groupchat \"hi\"\n"
			    "message #room/stranger -> user@localhost/a groupchat \"hi\"\n");
	fakes_end(fakes);
}

static void words_for_a_room_go_to_it(void **state)
{
	struct fakes *fakes = start_in_room();
	assert_null(user_writes_room(fakes, A, ROOM, "hi"));
	assert_null(user_sends(fakes, A, ROOM, &(struct core_message){ .type = CORE_GROUPCHAT, .subject = "new" }));
	assert_null(user_sends(fakes, A, ROOM, &(struct core_message){ .type = CORE_GROUPCHAT, .subject = "" }));
	assert_null(user_sends(fakes, A, ROOM,
			       &(struct core_message){ .type = CORE_GROUPCHAT, .state = CORE_STATE_COMPOSING }));
	fakes_expect(fakes, "net message user@localhost #room \"hi\"\n"
			    "net subject user@localhost #room \"new\"\n"
			    "net subject user@localhost #room \"\"\n");
	fakes_end(fakes);
}

static void own_words_come_back_with_their_id(void **state)
{
	struct fakes *fakes = start_in_room();
	user_sends(fakes, A, ROOM, &(struct core_message){ .type = CORE_GROUPCHAT, .id = "m1", .body = "one" });
	user_sends(fakes, A, ROOM, &(struct core_message){ .type = CORE_GROUPCHAT, .id = "m2", .body = "two" });
	user_sends(fakes, A, ROOM, &(struct core_message){ .type = CORE_GROUPCHAT, .id = "m3", .body = "one" });
	fakes_forget(fakes);
	net_room_writes(fakes, USER, "#room", "U123", "one");
	net_room_writes(fakes, USER, "#room", "me", "one");
	net_room_writes(fakes, USER, "#room", "me", "one");
	net_room_writes(fakes, USER, "#room", "me", "one");
	net_room_writes(fakes, USER, "#room", "me", "two");
	fakes_expect(fakes, "message #room/Anna -> user@localhost/a groupchat \"one\"\n"
			    "message #room/me -> user@localhost/a groupchat \"one\" id=m1\n"
			    "message #room/me -> user@localhost/a groupchat \"one\" id=m3\n"
			    "message #room/me -> user@localhost/a groupchat \"one\"\n"
			    "message #room/me -> user@localhost/a groupchat \"two\" id=m2\n");
	fakes_end(fakes);
}

static void private_words_are_between_occupants(void **state)
{
	struct fakes *fakes = start_in_room();
	assert_null(user_writes(fakes, A, ROOM "/Anna", "psst"));
	fakes_expect(fakes, "net message user@localhost #room/U123 \"psst\"\n");
	net_says(fakes, (struct core_legacy_message){
				.name = "#room", .nickname = "U123", .pm = true, .message = { .body = "what" } });
	fakes_expect(fakes, "message #room/Anna -> user@localhost/a chat \"what\" active from-occupant\n");
	assert_string_equal(user_writes(fakes, A, ROOM "/nobody", "psst"),
			    "item-not-found There is nobody of that name in the room");
	assert_null(user_sends(fakes, A, ROOM "/nobody", &(struct core_message){ .state = CORE_STATE_ACTIVE }));
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void private_words_of_a_room_that_was_left_still_arrive(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	net_says(fakes, (struct core_legacy_message){
				.name = "#room@x", .nickname = "anna", .pm = true, .message = { .body = "what" } });
	fakes_expect(fakes, "message #room%x/anna -> user@localhost chat \"what\" active from-occupant\n");
	fakes_end(fakes);
}

static void nicknames_are_found_as_clients_write_them(void **state)
{
	struct fakes *fakes = start_in_room();
	/* U+FE0F is mapped to nothing by resourceprep, a wide letter to the usual one. */
	net_occupant(fakes, USER, "#room", "\xe2\x9d\xa4\xef\xb8\x8f", 0);
	net_occupant(fakes, USER, "#room", "\xef\xbc\xa1lf", 0);
	fakes_forget(fakes);
	assert_null(user_writes(fakes, A, ROOM "/\xe2\x9d\xa4", "psst"));
	assert_null(user_writes(fakes, A, ROOM "/Alf", "psst"));
	fakes_expect(fakes, "net message user@localhost #room/\xe2\x9d\xa4\xef\xb8\x8f \"psst\"\n"
			    "net message user@localhost #room/\xef\xbc\xa1lf \"psst\"\n");
	fakes_end(fakes);
}

/* --- what cannot be delivered ---------------------------------------------------------------- */

static void nothing_is_lost_silently(void **state)
{
	static const char absent[] = "recipient-unavailable You are not logged in: send your presence to the gateway, "
				     "or register";
	struct fakes *fakes = fakes_start(USER);
	assert_string_equal(user_writes(fakes, "stranger@localhost/x", BOB, "hi"), absent);
	assert_null(
		user_sends(fakes, "stranger@localhost/x", BOB, &(struct core_message){ .state = CORE_STATE_ACTIVE }));
	assert_string_equal(user_writes(fakes, A, "gate.localhost", "hi"),
			    "service-unavailable The gateway itself takes no messages");
	assert_string_equal(user_writes_room(fakes, A, ROOM, "hi"), "not-acceptable You are not in this room");
	assert_string_equal(user_sends(fakes, A, BOB, &(struct core_message){ .subject = "news" }),
			    "feature-not-implemented The network knows subjects of rooms only");
	fakes->result = -ENOTCONN;
	assert_string_equal(user_writes(fakes, A, BOB, "hi"),
			    "recipient-unavailable The network cannot be reached at the moment");
	fakes->result = -ENOBUFS;
	assert_string_equal(user_writes(fakes, A, BOB, "hi"),
			    "resource-constraint The network does not keep up, try again later");
	fakes->result = 0;
	net_disconnected(fakes, USER, 0, NULL);
	assert_string_equal(user_writes(fakes, A, BOB, "hi"),
			    "recipient-unavailable The network cannot be reached at the moment, trying again");
	fakes_end(fakes);
}

static void who_is_connecting_is_told_so(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	assert_string_equal(user_writes(fakes, A, BOB, "hi"), "recipient-unavailable Connecting");
	fakes_end(fakes);
}

static void only_those_inside_speak_in_a_room(void **state)
{
	struct fakes *fakes = start_in_room();
	user_presence(fakes, B, "online", NULL, 0);
	fakes_forget(fakes);
	assert_string_equal(user_writes_room(fakes, B, ROOM, "hi"), "not-acceptable You are not in this room");
	user_join(fakes, A, "#new@gate.localhost/me", NULL);
	assert_string_equal(user_writes_room(fakes, A, "#new@gate.localhost", "hi"),
			    "not-acceptable You are not in this room");
	fakes_expect(fakes, "net join user@localhost #new me\n");
	fakes_end(fakes);
}

static void beyond_a_thousand_chats_messages_still_flow(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	for (int i = 0; i < 1001; i++)
		net_writes(fakes, USER, arena_printf(fakes->arena, "bob%d", i), "hi");
	assert_int_equal(fakes->lines->len, 1001);
	fakes_forget(fakes);
	user_writes(fakes, A, "bob1000@gate.localhost", "hi");
	net_writes(fakes, USER, "bob1000", "hi");
	fakes_expect(fakes, "net message user@localhost bob1000 \"hi\"\n"
			    "message bob1000/bot -> user@localhost chat \"hi\" active\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_back_from_a_room_waits_for_no_echo),
		cmocka_unit_test(messages_go_both_ways),
		cmocka_unit_test(answers_go_to_the_session_that_wrote_last),
		cmocka_unit_test(any_presence_ends_that),
		cmocka_unit_test(names_are_spelled_as_the_network_does),
		cmocka_unit_test(old_contacts_keep_their_address),
		cmocka_unit_test(everything_a_message_has_arrives),
		cmocka_unit_test(names_that_cannot_be_addresses_are_dropped),
		cmocka_unit_test(headlines_are_for_those_who_want_them),
		cmocka_unit_test(own_words_from_elsewhere_are_not_the_contacts),
		cmocka_unit_test(own_private_words_from_elsewhere_are_to_the_occupant),
		cmocka_unit_test(chat_states_of_strangers_are_dropped),
		cmocka_unit_test(chat_states_of_the_user_go_before_his_words),
		cmocka_unit_test(words_of_a_room_come_from_the_name_that_is_shown),
		cmocka_unit_test(words_for_a_room_go_to_it),
		cmocka_unit_test(own_words_come_back_with_their_id),
		cmocka_unit_test(private_words_are_between_occupants),
		cmocka_unit_test(private_words_of_a_room_that_was_left_still_arrive),
		cmocka_unit_test(nicknames_are_found_as_clients_write_them),
		cmocka_unit_test(nothing_is_lost_silently),
		cmocka_unit_test(who_is_connecting_is_told_so),
		cmocka_unit_test(only_those_inside_speak_in_a_room),
		cmocka_unit_test(beyond_a_thousand_chats_messages_still_flow),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
