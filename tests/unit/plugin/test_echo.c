/* SPDX-License-Identifier: MIT */
#include "../wire/examples.h"
#include "dump.h"
#include "echo/echo.h"
#include "fixture.h"
#include "wire/frame.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct fixture *f;
static struct echo *echo;

static void assert_says(const char *lines)
{
	g_autoptr(GString) text = g_string_new(NULL);
	dump_frames(&f->out, text);
	assert_string_equal(text->str, lines);
}

static int set_up(void **state)
{
	f = fixture_new();
	echo = echo_new(f->plugin);
	plugin_set_events(f->plugin, &echo_events, echo);
	fixture_feed_hex(f, PING_HEX, 100);
	assert_says("BACKEND_CONFIG\nPONG\nSTATS\n");
	fixture_feed_payload(f, WIRE_LOGIN, "0a 01 75 12 01 6e 1a 00");
	assert_says("BUDDY_CHANGED userName=u buddyName=echo alias=Echo status=0 statusMessage=Whatever you say\n"
		    "CONNECTED user=u\n");
	return 0;
}

static int tear_down(void **state)
{
	echo_free(&echo);
	fixture_free(f);
	return 0;
}

static void message_comes_back_and_is_acknowledged(void **state)
{
	fixture_feed_payload(f, WIRE_CONV_MESSAGE, "0a 01 75 12 04 65 63 68 6f 1a 02 68 69 42 02 6d 31");
	assert_says("CONV_MESSAGE_ACK userName=u buddyName=echo message= id=m1\n"
		    "CONV_MESSAGE userName=u buddyName=echo message=hi\n");
}

static void message_without_id_is_not_acknowledged(void **state)
{
	fixture_feed_payload(f, WIRE_CONV_MESSAGE, "0a 01 75 12 04 65 63 68 6f 1a 02 68 69");
	assert_says("CONV_MESSAGE userName=u buddyName=echo message=hi\n");
}

static void chat_states_and_attention_come_back(void **state)
{
	fixture_feed_payload(f, WIRE_BUDDY_TYPING, "0a 01 75 12 01 62");
	fixture_feed_payload(f, WIRE_BUDDY_TYPED, "0a 01 75 12 01 62");
	fixture_feed_payload(f, WIRE_ATTENTION, "0a 01 75 12 01 62 1a 01 79");
	assert_says("BUDDY_TYPING userName=u buddyName=b\nBUDDY_TYPED userName=u buddyName=b\n"
		    "ATTENTION userName=u buddyName=b message=y\n");
}

static void added_contact_is_online(void **state)
{
	fixture_feed_payload(f, WIRE_BUDDY_CHANGED, "0a 01 75 12 01 62 1a 01 42 22 01 67 28 05");
	assert_says("BUDDY_CHANGED userName=u buddyName=b alias=B group=... status=0 statusMessage=Whatever you say\n");
}

static void vcard_has_the_id_of_the_question(void **state)
{
	fixture_feed_payload(f, WIRE_VCARD, "0a 01 75 12 04 65 63 68 6f 18 07");
	assert_says("VCARD userName=u buddyName=echo id=7 fullname=Echo nickname=echo\n");
}

static void join(void)
{
	fixture_feed_payload(f, WIRE_JOIN_ROOM, "0a 01 75 12 01 6e 1a 01 72 22 00");
	assert_says("PARTICIPANT_CHANGED userName=u room=r nickname=echo flag=1 status=0\n"
		    "PARTICIPANT_CHANGED userName=u room=r nickname=n flag=0 status=0\n"
		    "ROOM_SUBJECT_CHANGED userName=u buddyName=r message=Whatever you say nickname=echo\n");
}

static void room_shows_its_people_the_user_last(void **state)
{
	join();
	join(); /* again, as after a lost connection */
}

static void room_gives_back_what_the_user_says_and_echoes_it(void **state)
{
	join();
	fixture_feed_payload(f, WIRE_CONV_MESSAGE, "0a 01 75 12 01 72 1a 02 68 69 42 01 6d");
	assert_says("CONV_MESSAGE userName=u buddyName=r message=hi nickname=n id=m\n"
		    "CONV_MESSAGE userName=u buddyName=r message=hi nickname=echo\n");
}

static void private_message_is_answered_privately(void **state)
{
	join();
	fixture_feed_payload(f, WIRE_CONV_MESSAGE, "0a 01 75 12 06 72 2f 65 63 68 6f 1a 02 68 69");
	assert_says("CONV_MESSAGE userName=u buddyName=r message=hi nickname=echo pm=1\n");
	fixture_feed_payload(f, WIRE_CONV_MESSAGE, "0a 01 75 12 03 72 2f 6e 1a 02 68 69");
	assert_says("");
}

static void subject_is_changed_by_the_user(void **state)
{
	fixture_feed_payload(f, WIRE_ROOM_SUBJECT_CHANGED, "0a 01 75 12 01 72 1a 01 73");
	assert_says("");
	join();
	fixture_feed_payload(f, WIRE_ROOM_SUBJECT_CHANGED, "0a 01 75 12 01 72 1a 01 73");
	assert_says("ROOM_SUBJECT_CHANGED userName=u buddyName=r message=s nickname=n\n");
}

static void left_room_is_a_room_no_more(void **state)
{
	join();
	fixture_feed_payload(f, WIRE_LEAVE_ROOM, "0a 01 75 12 00 1a 01 72 22 00");
	assert_says("");
	fixture_feed_payload(f, WIRE_CONV_MESSAGE, "0a 01 75 12 01 72 1a 02 68 69");
	assert_says("CONV_MESSAGE userName=u buddyName=r message=hi\n");
}

static void nickname_of_echo_is_taken(void **state)
{
	fixture_feed_payload(f, WIRE_JOIN_ROOM, "0a 01 75 12 04 65 63 68 6f 1a 01 72");
	assert_says("PARTICIPANT_CHANGED userName=u room=r nickname=echo flag=2 status=5 "
		    "statusMessage=There is one echo here already\n");
}

static void rooms_of_a_user_are_limited(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (unsigned i = 0; i < 101; i++) {
		g_autofree char *payload =
			g_strdup_printf("0a 01 75 12 01 6e 1a 02 %02x %02x", 'a' + i / 16, 'a' + i % 16);
		g_string_truncate(text, 0);
		fixture_feed_payload(f, WIRE_JOIN_ROOM, payload);
		dump_frames(&f->out, text);
	}
	assert_non_null(strstr(text->str, "flag=8 status=5"));
}

static void who_is_not_logged_in_joins_nothing(void **state)
{
	fixture_feed_payload(f, WIRE_LOGOUT, "0a 01 75 12 01 6e");
	fixture_feed_payload(f, WIRE_LOGOUT, "0a 01 75 12 01 6e");
	fixture_feed_payload(f, WIRE_JOIN_ROOM, "0a 01 75 12 01 6e 1a 01 72 22 00");
	assert_says("");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(message_comes_back_and_is_acknowledged),
		TEST(message_without_id_is_not_acknowledged),
		TEST(chat_states_and_attention_come_back),
		TEST(added_contact_is_online),
		TEST(vcard_has_the_id_of_the_question),
		TEST(room_shows_its_people_the_user_last),
		TEST(room_gives_back_what_the_user_says_and_echoes_it),
		TEST(private_message_is_answered_privately),
		TEST(subject_is_changed_by_the_user),
		TEST(left_room_is_a_room_no_more),
		TEST(nickname_of_echo_is_taken),
		TEST(rooms_of_a_user_are_limited),
		TEST(who_is_not_logged_in_joins_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
