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

static void assert_sent(struct fixture *f, int type, const char *payload)
{
	g_autofree char *sent = NULL;
	assert_int_equal(take_sent(f, &sent), type);
	assert_string_equal(sent, payload);
	assert_int_equal(buf_len(&f->out), 0);
}

static void login_results_are_the_documented_bytes(void **state)
{
	struct fixture *f = *state;
	plugin_connected(f->plugin, "u@example.org");
	assert_sent_hex(f, CONNECTED_HEX);
	plugin_disconnected(f->plugin, "u@example.org", PLUGIN_ERROR_AUTHENTICATION_FAILED, "bad");
	assert_sent_hex(f, DISCONNECTED_HEX);
	plugin_typing(f->plugin, "u@example.org", "bob", PLUGIN_COMPOSING);
	assert_sent_hex(f, TYPING_HEX);
	assert_int_equal(f->flushes, 3);
}

static void contact_is_sent(void **state)
{
	struct fixture *f = *state;
	const char *groups[] = { "g", "h", NULL };
	plugin_buddy(f->plugin, &(struct plugin_buddy){ .user = "u",
							.buddy = "b",
							.alias = "B",
							.groups = groups,
							.status = PLUGIN_AWAY,
							.status_message = "m",
							.icon_hash = "i",
							.blocked = true });
	assert_sent(f, WIRE_BUDDY_CHANGED,
		    "0a0175"
		    "120162"
		    "1a0142"
		    "220167"
		    "220168"
		    "2801"
		    "32016d"
		    "3a0169"
		    "4001");
}

static void empty_optional_texts_are_left_out(void **state)
{
	struct fixture *f = *state;
	plugin_buddy(f->plugin, &(struct plugin_buddy){ .user = "u", .buddy = "b", .alias = "" });
	assert_sent(f, WIRE_BUDDY_CHANGED,
		    "0a0175"
		    "120162"
		    "2800");
	plugin_disconnected(f->plugin, "u", PLUGIN_ERROR_NETWORK, NULL);
	assert_sent(f, WIRE_DISCONNECTED,
		    "0a0175"
		    "1000");
	plugin_message(f->plugin, &(struct plugin_message){ .user = "u", .buddy = "b" });
	assert_sent(f, WIRE_CONV_MESSAGE,
		    "0a0175"
		    "120162"
		    "1a00");
}

static void message_is_sent_with_all_its_fields(void **state)
{
	struct fixture *f = *state;
	const struct plugin_attachment attachment = { .url = "h", .mime_type = "t" };
	plugin_message(f->plugin, &(struct plugin_message){ .user = "u",
							    .buddy = "r",
							    .body = "x",
							    .nickname = "n",
							    .xhtml = "y",
							    .timestamp = 1577934245,
							    .id = "i",
							    .headline = true,
							    .pm = true,
							    .carbon = true,
							    .attachments = &attachment,
							    .attachments_count = 1 });
	/* 20200102T030405 */
	assert_sent(f, WIRE_CONV_MESSAGE,
		    "0a0175"
		    "120172"
		    "1a0178"
		    "22016e"
		    "2a0179"
		    "320f323032303031303254303330343035"
		    "3801"
		    "420169"
		    "4801"
		    "5001"
		    "5a060a0168"
		    "120174");
}

static void time_out_of_range_is_left_out(void **state)
{
	struct fixture *f = *state;
	plugin_message(f->plugin, &(struct plugin_message){ .user = "u", .buddy = "b", .timestamp = INT64_MAX });
	assert_sent(f, WIRE_CONV_MESSAGE,
		    "0a0175"
		    "120162"
		    "1a00");
	plugin_message(f->plugin, &(struct plugin_message){ .user = "u", .buddy = "b", .timestamp = -5 });
	assert_sent(f, WIRE_CONV_MESSAGE,
		    "0a0175"
		    "120162"
		    "1a00");
}

static void names_are_sent(void **state)
{
	struct fixture *f = *state;
	plugin_buddy_removed(f->plugin, "u", "b");
	assert_sent(f, WIRE_BUDDY_REMOVED,
		    "0a0175"
		    "120162");
	plugin_auth_request(f->plugin, "u", "b");
	assert_sent(f, WIRE_AUTH_REQUEST,
		    "0a0175"
		    "120162");
	plugin_typing(f->plugin, "u", "b", PLUGIN_PAUSED);
	assert_sent(f, WIRE_BUDDY_TYPED,
		    "0a0175"
		    "120162");
	plugin_typing(f->plugin, "u", "b", PLUGIN_ACTIVE);
	assert_sent(f, WIRE_BUDDY_STOPPED_TYPING,
		    "0a0175"
		    "120162");
	plugin_ack(f->plugin, "u", "b", "m1");
	assert_sent(f, WIRE_CONV_MESSAGE_ACK,
		    "0a0175"
		    "120162"
		    "1a00"
		    "42026d31");
	plugin_attention(f->plugin, "u", "b", NULL);
	assert_sent(f, WIRE_ATTENTION,
		    "0a0175"
		    "120162"
		    "1a00");
}

static void rooms_are_sent(void **state)
{
	struct fixture *f = *state;
	const struct plugin_room_name rooms[] = { { "#a", "A" }, { "#b", NULL } };
	plugin_participant(f->plugin, &(struct plugin_participant){ .user = "u",
								    .room = "r",
								    .nickname = "n",
								    .flags = PLUGIN_FLAG_MODERATOR,
								    .status = PLUGIN_OFFLINE,
								    .status_message = "s",
								    .new_name = "m",
								    .icon_hash = "i",
								    .alias = "a" });
	assert_sent(f, WIRE_PARTICIPANT_CHANGED,
		    "0a0175"
		    "120172"
		    "1a016e"
		    "2001"
		    "2805"
		    "320173"
		    "3a016d"
		    "420169"
		    "4a0161");
	plugin_nickname_changed(f->plugin, "u", "r", "n");
	assert_sent(f, WIRE_ROOM_NICKNAME_CHANGED,
		    "0a0175"
		    "12016e"
		    "1a0172");
	plugin_subject(f->plugin, "u", "r", "n", "s");
	assert_sent(f, WIRE_ROOM_SUBJECT_CHANGED,
		    "0a0175"
		    "120172"
		    "1a0173"
		    "22016e");
	plugin_room_list(f->plugin, NULL, rooms, 2);
	assert_sent(f, WIRE_ROOM_LIST,
		    "0a022361"
		    "0a022362"
		    "120141"
		    "1200");
	plugin_room_list(f->plugin, "u", NULL, 0);
	assert_sent(f, WIRE_ROOM_LIST, "1a0175");
}

static void vcard_is_sent(void **state)
{
	struct fixture *f = *state;
	plugin_vcard(f->plugin,
		     &(struct plugin_vcard){
			     .user = "u", .buddy = "b", .id = 7, .full_name = "F", .photo = "\xff\0", .photo_len = 2 });
	assert_sent(f, WIRE_VCARD,
		    "0a0175"
		    "120162"
		    "1807"
		    "220146"
		    "3202ff00");
	plugin_vcard(f->plugin, &(struct plugin_vcard){ .user = "u", .buddy = "b", .id = 7 });
	assert_sent(f, WIRE_VCARD,
		    "0a0175"
		    "120162"
		    "1807");
}

static void raw_xml_is_sent_as_it_is(void **state)
{
	struct fixture *f = *state;
	plugin_raw_xml(f->plugin, "<a/>", 4);
	assert_sent(f, WIRE_RAW_XML, "3c612f3e");
	plugin_raw_xml(f->plugin, "<a>\xff\x01</a>", 9);
	assert_sent(f, WIRE_RAW_XML,
		    "3c613e"
		    "5f"
		    "3c2f613e");
}

static void garbage_of_the_network_is_cleaned(void **state)
{
	struct fixture *f = *state;
	const char *groups[] = { "\xc3(", NULL };
	plugin_message(f->plugin, &(struct plugin_message){ .user = "u",
							    .buddy = "b",
							    .body = "a\x02\xff"
								    "c" });
	assert_sent(f, WIRE_CONV_MESSAGE,
		    "0a0175"
		    "120162"
		    "1a03615f63");
	plugin_buddy(f->plugin, &(struct plugin_buddy){ .user = "u", .buddy = "b", .groups = groups });
	assert_sent(f, WIRE_BUDDY_CHANGED,
		    "0a0175"
		    "120162"
		    "22025f28"
		    "2800");
	assert_string_equal(groups[0], "\xc3(");
}

static void nothing_is_kept_without_a_connection(void **state)
{
	struct fixture *f = *state;
	f->gone = true;
	plugin_connected(f->plugin, "u");
	plugin_raw_xml(f->plugin, "<a/>", 4);
	f->gone = false;
	assert_sent_hex(f, "");
	assert_int_equal(f->flushes, 0);
}

static void frame_that_does_not_fit_is_dropped_whole(void **state)
{
	struct fixture *f = *state;
	g_autofree char *photo = g_malloc0(2 << 20);
	plugin_vcard(f->plugin,
		     &(struct plugin_vcard){ .user = "u", .buddy = "b", .photo = photo, .photo_len = 2 << 20 });
	assert_sent_hex(f, "");
	assert_int_equal(f->flushes, 1); /* so that an output that has failed ends its stream */
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(login_results_are_the_documented_bytes),
		TEST(contact_is_sent),
		TEST(empty_optional_texts_are_left_out),
		TEST(message_is_sent_with_all_its_fields),
		TEST(time_out_of_range_is_left_out),
		TEST(names_are_sent),
		TEST(rooms_are_sent),
		TEST(vcard_is_sent),
		TEST(raw_xml_is_sent_as_it_is),
		TEST(garbage_of_the_network_is_cleaned),
		TEST(nothing_is_kept_without_a_connection),
		TEST(frame_that_does_not_fit_is_dropped_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
