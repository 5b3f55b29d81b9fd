/* SPDX-License-Identifier: MIT */
#include "../wire/examples.h"
#include "fixture.h"
#include "wire/frame.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static int set_up(void **state)
{
	*state = fixture_new();
	return 0;
}

static int tear_down(void **state)
{
	fixture_free(*state);
	return 0;
}

/* Frames as the original gateway writes them. */
#define SESSION                                                                                                        \
	LOGIN_HEX LOGIN_EMPTY_HEX STATUS_HEX BUDDY_FROM_MAIN_HEX MESSAGE_FROM_MAIN_HEX JOIN_ROOM_HEX VCARD_REQUEST_HEX \
		TYPING_HEX LOGOUT_HEX EXIT_HEX
#define SESSION_TOLD                                                         \
	"login u@example.org nick pw stay_connected=1\n"                     \
	"login u@example.org nick pw\n"                                      \
	"status u@example.org 1 'x'\n"                                       \
	"buddy u@example.org bob 'Bob' 5 '' '' 0 [Friends]\n"                \
	"message u@example.org bob 'hi' nick '' xhtml '' id 'm1' 000 at 0\n" \
	"join u@example.org #c nick ''\n"                                    \
	"vcard? u@example.org bob 7\n"                                       \
	"typing u@example.org bob 0\n"                                       \
	"logout u@example.org nick\n"                                        \
	"exit\n"

static void documented_bytes_are_understood(void **state)
{
	struct fixture *f = *state;
	assert_true(fixture_feed_hex(f, SESSION, 1 << 20));
	assert_told(f, SESSION_TOLD);
	assert_true(f->ended);
}

static void pieces_of_any_size_tell_the_same(void **state)
{
	for (size_t piece = 1; piece < 130; piece++) {
		struct fixture *f = fixture_new();
		assert_true(fixture_feed_hex(f, SESSION, piece));
		assert_told(f, SESSION_TOLD);
		fixture_free(f);
	}
}

static void chat_states_have_a_type_each(void **state)
{
	struct fixture *f = *state;
	fixture_feed_payload(f, WIRE_BUDDY_TYPING, "0a 01 75 12 01 62");
	fixture_feed_payload(f, WIRE_BUDDY_TYPED, "0a 01 75 12 01 62");
	fixture_feed_payload(f, WIRE_BUDDY_STOPPED_TYPING, "0a 01 75 12 01 62");
	assert_told(f, "typing u b 0\ntyping u b 1\ntyping u b 2\n");
}

static void blocked_makes_a_buddy_change_a_toggle(void **state)
{
	struct fixture *f = *state;
	fixture_feed_payload(f, WIRE_BUDDY_CHANGED, "0a 01 75 12 01 62 40 01");
	fixture_feed_payload(f, WIRE_BUDDY_CHANGED, "0a 01 75 12 01 62 40 00");
	fixture_feed_payload(f, WIRE_BUDDY_CHANGED, "0a 01 75 12 01 62 28 05");
	assert_told(f, "block u b 1\nblock u b 0\nbuddy u b '' 5 '' '' 0\n");
}

static void photo_makes_a_vcard_an_update(void **state)
{
	struct fixture *f = *state;
	fixture_feed_payload(f, WIRE_VCARD, "0a 01 75 12 00 18 00 2a 01 6e 32 02 ff d8");
	fixture_feed_payload(f, WIRE_VCARD, "0a 01 75 12 00 18 00 32 00");
	fixture_feed_payload(f, WIRE_VCARD, "0a 01 75 12 01 62 18 03");
	fixture_feed_payload(f, WIRE_VCARD, "0a 01 75 12 00 18 03");
	assert_told(f, "vcard! u '' '' 'n' 0 2\nvcard! u '' '' '' 0 0\nvcard? u b 3\n");
}

static void rest_of_the_types_are_told(void **state)
{
	struct fixture *f = *state;
	fixture_feed_payload(f, WIRE_BUDDY_REMOVED, "0a 01 75 12 01 62");
	fixture_feed_payload(f, WIRE_LEAVE_ROOM, "0a 01 75 12 00 1a 01 72 22 00");
	fixture_feed_payload(f, WIRE_ROOM_SUBJECT_CHANGED, "0a 01 75 12 01 72 1a 01 73");
	fixture_feed_payload(f, WIRE_ATTENTION, "0a 01 75 12 01 62 1a 00");
	fixture_feed_payload(f, WIRE_RAW_XML, "3c 61 2f 3e");
	fixture_feed_payload(f, WIRE_BUDDIES, "0a 06 0a 01 75 12 01 62 0a 09 0a 01 75 12 01 63 22 01 67");
	assert_told(f, "removed u b\nleave u r\nsubject u r 's'\nattention u b ''\nraw <a/>\n"
		       "buddies 2\nu b '' 0 '' '' 0\nu c '' 0 '' '' 0 [g]\n");
}

static void login_has_extra_fields(void **state)
{
	struct fixture *f = *state;
	fixture_feed_payload(f, WIRE_LOGIN, "0a 01 75 12 01 6e 1a 00 22 01 61 22 01 62");
	assert_told(f, "login u n  +a +b\n");
}

static void message_has_all_its_fields(void **state)
{
	struct fixture *f = *state;
	fixture_feed_payload(f, WIRE_CONV_MESSAGE,
			     "0a 01 75 12 03 72 2f 6e 1a 01 74 2a 01 78 38 01 48 01 50 01 5a 03 0a 01 68");
	assert_told(f, "message u r/n 't' nick '' xhtml 'x' id '' 111 at 0 <h||>\n");
}

static void texts_are_cleaned(void **state)
{
	struct fixture *f = *state;
	fixture_feed_payload(f, WIRE_ATTENTION, "0a 01 75 12 01 62 1a 03 61 01 ff");
	assert_told(f, "attention u b 'a_'\n");
}

static void status_out_of_range_is_online(void **state)
{
	struct fixture *f = *state;
	fixture_feed_payload(f, WIRE_STATUS_CHANGED, "0a 01 75 18 63");
	assert_told(f, "status u 0 ''\n");
}

static void nonsense_is_skipped(void **state)
{
	struct fixture *f = *state;
	assert_true(
		fixture_feed_hex(f, "00 00 00 00  00 00 00 02 08 63  00 00 00 04 08 03 12 00  00 00 00 02 08 18", 100));
	fixture_feed_payload(f, WIRE_CONNECTED, "0a 01 75"); /* not main's to say */
	fixture_feed_payload(f, WIRE_LOGOUT, "0a 01 75 12 01 6e");
	assert_told(f, "logout u n\n");
	assert_sent_hex(f, "");
}

static void frame_over_the_limit_breaks_the_stream(void **state)
{
	struct fixture *f = *state;
	assert_false(fixture_feed_hex(f, "01 00 00 01 08 09", 100));
}

static void missing_callbacks_are_skipped(void **state)
{
	static const struct plugin_events none;
	struct fixture *f = *state;
	plugin_set_events(f->plugin, &none, NULL);
	assert_true(fixture_feed_hex(f, SESSION, 1000));
	assert_told(f, "");
	assert_true(f->ended);
}

static void nothing_is_told_after_exit(void **state)
{
	struct fixture *f = *state;
	assert_true(fixture_feed_hex(f, EXIT_HEX LOGOUT_HEX PING_HEX, 1000));
	assert_true(fixture_feed_hex(f, LOGOUT_HEX, 1000));
	assert_told(f, "exit\n");
	assert_sent_hex(f, "");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(documented_bytes_are_understood),
		TEST(pieces_of_any_size_tell_the_same),
		TEST(chat_states_have_a_type_each),
		TEST(blocked_makes_a_buddy_change_a_toggle),
		TEST(photo_makes_a_vcard_an_update),
		TEST(rest_of_the_types_are_told),
		TEST(login_has_extra_fields),
		TEST(message_has_all_its_fields),
		TEST(texts_are_cleaned),
		TEST(status_out_of_range_is_online),
		TEST(nonsense_is_skipped),
		TEST(frame_over_the_limit_breaks_the_stream),
		TEST(missing_callbacks_are_skipped),
		TEST(nothing_is_told_after_exit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
