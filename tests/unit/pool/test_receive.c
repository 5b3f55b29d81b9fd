/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* What backends send becomes calls into the core, with their values. */

struct seated {
	struct rig *rig;
	struct puppet *puppet;
	struct user *user;
};

#define ME      (char *)"u@example.org"
#define T(text) (char *)text

static int seat_user(void **state)
{
	struct seated *at = g_new0(struct seated, 1);
	at->rig = rig_new("sleep", "");
	rig_open(at->rig);
	at->puppet = puppet_backend(at->rig);
	at->user = fake_core_add(at->rig->core, "u@example.org");
	pool_backend_port()->login(at->rig->pool, at->user);
	puppet_expect(at->puppet, LOGIN_EMPTY_HEX);
	*state = at;
	return 0;
}

static int leave_seat(void **state)
{
	struct seated *at = *state;
	puppet_sync(at->puppet);
	/* No call came that was not expected. */
	assert_string_equal(at->rig->core->calls->str, "");
	puppet_free(at->puppet);
	rig_close(at->rig);
	g_free(at);
	return 0;
}

static void connected_and_disconnected(void **state)
{
	struct seated *at = *state;
	puppet_send_hex(at->puppet, CONNECTED_HEX);
	puppet_send_hex(at->puppet, DISCONNECTED_HEX);
	expect_calls(at->rig, "connected u@example.org\ndisconnected u@example.org 2 bad\n");
}

static void unknown_codes_are_other_errors(void **state)
{
	struct seated *at = *state;
	Pbnetwork__Disconnected frame = PBNETWORK__DISCONNECTED__INIT;
	frame.user = ME;
	frame.error = 17;
	puppet_send(at->puppet, WIRE_DISCONNECTED, &frame.base);
	frame.error = -1;
	puppet_send(at->puppet, WIRE_DISCONNECTED, &frame.base);
	expect_calls(at->rig, "disconnected u@example.org 16 NULL\ndisconnected u@example.org 16 NULL\n");
}

static void contact_of_the_cpp_library(void **state)
{
	struct seated *at = *state;
	puppet_send_hex(at->puppet, BUDDY_FROM_CPP_HEX);
	expect_calls(at->rig, "contact bob alias=Bob groups=Friends, status=1 text=brb icon= blocked=0\n");
}

static void contact_with_nothing_said_is_online(void **state)
{
	struct seated *at = *state;
	Pbnetwork__Buddy frame = PBNETWORK__BUDDY__INIT;
	frame.username = ME;
	frame.buddyname = T("bob");
	frame.has_blocked = frame.blocked = true;
	puppet_send(at->puppet, WIRE_BUDDY_CHANGED, &frame.base);
	frame.has_status = true;
	frame.status = (Pbnetwork__StatusType)77;
	frame.has_blocked = frame.blocked = false;
	puppet_send(at->puppet, WIRE_BUDDY_CHANGED, &frame.base);
	expect_calls(at->rig, "contact bob alias=NULL groups= status=0 text=NULL icon= blocked=1\n"
			      "contact bob alias=NULL groups= status=0 text=NULL icon= blocked=0\n");
}

static void each_type_about_a_contact(void **state)
{
	static const enum wire_type types[] = { WIRE_BUDDY_TYPING, WIRE_BUDDY_TYPED, WIRE_BUDDY_STOPPED_TYPING,
						WIRE_AUTH_REQUEST, WIRE_BUDDY_REMOVED };
	struct seated *at = *state;
	Pbnetwork__Buddy frame = PBNETWORK__BUDDY__INIT;
	frame.username = ME;
	frame.buddyname = T("bob");
	for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
		puppet_send(at->puppet, types[i], &frame.base);
	expect_calls(at->rig, "chat_state bob 2\nchat_state bob 3\nchat_state bob 1\nauth_request bob\n"
			      "contact_removed bob\n");
}

static void message_of_the_cpp_library(void **state)
{
	struct seated *at = *state;
	puppet_send_hex(at->puppet, MESSAGE_FROM_CPP_HEX);
	expect_calls(at->rig, "message bob nick=NULL type=0 id=NULL body=hi xhtml=NULL time=0\n");
}

static void message_with_everything(void **state)
{
	struct seated *at = *state;
	Pbnetwork__ConversationMessage frame = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	Pbnetwork__Attachment attachment = PBNETWORK__ATTACHMENT__INIT, *list[] = { &attachment };
	attachment.url = T("http://a/b");
	attachment.mimetype = T("image/png");
	frame.username = ME;
	frame.buddyname = T("#c");
	frame.message = T("hi");
	frame.nickname = T("bob");
	frame.xhtml = T("<b>hi</b>");
	frame.timestamp = T("20240229T010203");
	frame.id = T("7");
	frame.has_pm = frame.pm = frame.has_carbon = frame.carbon = true;
	frame.n_attachment = 1;
	frame.attachment = list;
	puppet_send(at->puppet, WIRE_CONV_MESSAGE, &frame.base);
	expect_calls(at->rig, "message #c nick=bob type=0 id=7 body=hi xhtml=<b>hi</b> time=1709168523 pm carbon"
			      " attachment=http://a/b,image/png,NULL\n");
}

static void messages_have_types(void **state)
{
	struct seated *at = *state;
	Pbnetwork__ConversationMessage frame = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	frame.username = ME;
	frame.buddyname = T("#c");
	frame.message = T("");
	frame.nickname = T("bob");
	puppet_send(at->puppet, WIRE_CONV_MESSAGE, &frame.base);
	frame.nickname = NULL;
	frame.has_headline = frame.headline = true;
	puppet_send(at->puppet, WIRE_CONV_MESSAGE, &frame.base);
	frame.headline = false;
	puppet_send(at->puppet, WIRE_ATTENTION, &frame.base);
	expect_calls(at->rig, "message #c nick=bob type=1 id=NULL body=NULL xhtml=NULL time=0\n"
			      "message #c nick=NULL type=2 id=NULL body=NULL xhtml=NULL time=0\n"
			      "message #c nick=NULL type=0 id=NULL body=NULL xhtml=NULL time=0 attention\n");
}

static void receipts_have_an_id(void **state)
{
	struct seated *at = *state;
	Pbnetwork__ConversationMessage frame = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	frame.username = ME;
	frame.buddyname = T("bob");
	frame.message = frame.id = T("");
	puppet_send(at->puppet, WIRE_CONV_MESSAGE_ACK, &frame.base);
	frame.id = T("m1");
	puppet_send(at->puppet, WIRE_CONV_MESSAGE_ACK, &frame.base);
	expect_calls(at->rig, "receipt bob m1\n");
}

static void participants(void **state)
{
	struct seated *at = *state;
	Pbnetwork__Participant frame = PBNETWORK__PARTICIPANT__INIT;
	puppet_send_hex(at->puppet, PARTICIPANT_FROM_CPP_HEX);
	frame.username = ME;
	frame.room = T("#c");
	frame.nickname = T("bob");
	frame.flag = 34;
	frame.status = PBNETWORK__STATUS_TYPE__STATUS_NONE;
	frame.statusmessage = T("out");
	frame.newname = T("rob");
	frame.iconhash = T("ab");
	frame.alias = T("Bob");
	puppet_send(at->puppet, WIRE_PARTICIPANT_CHANGED, &frame.base);
	expect_calls(at->rig, "participant #c/bob flags=1 status=0 text=NULL newname=NULL icon=NULL alias=NULL\n"
			      "participant #c/bob flags=34 status=5 text=out newname=rob icon=ab alias=Bob\n");
}

static void nickname_and_subject_of_a_room(void **state)
{
	struct seated *at = *state;
	Pbnetwork__Room room = PBNETWORK__ROOM__INIT;
	Pbnetwork__ConversationMessage subject = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	room.username = subject.username = ME;
	room.room = subject.buddyname = T("#c");
	room.nickname = subject.nickname = T("me");
	subject.message = T("");
	puppet_send(at->puppet, WIRE_ROOM_NICKNAME_CHANGED, &room.base);
	puppet_send(at->puppet, WIRE_ROOM_SUBJECT_CHANGED, &subject.base);
	expect_calls(at->rig, "nickname #c me\nsubject #c me ''\n");
}

static void vcard_answers(void **state)
{
	struct seated *at = *state;
	Pbnetwork__VCard frame = PBNETWORK__VCARD__INIT;
	frame.username = ME;
	frame.buddyname = T("bob");
	frame.id = 7;
	frame.fullname = T("Bob B");
	puppet_send(at->puppet, WIRE_VCARD, &frame.base);
	frame.has_photo = true;
	frame.photo.data = (uint8_t *)"abc";
	frame.photo.len = 3;
	puppet_send(at->puppet, WIRE_VCARD, &frame.base);
	expect_calls(at->rig, "vcard 7 Bob B NULL photo=0,0\nvcard 7 Bob B NULL photo=1,3\n");
}

static void room_lists_are_of_a_user_or_of_all(void **state)
{
	struct seated *at = *state;
	char *rooms[] = { T("#a"), T("#b") }, *names[] = { T("A"), T("B") };
	Pbnetwork__RoomList frame = PBNETWORK__ROOM_LIST__INIT;
	frame.room = rooms;
	frame.name = names;
	frame.n_room = frame.n_name = 2;
	puppet_send(at->puppet, WIRE_ROOM_LIST, &frame.base);
	frame.user = T("");
	frame.n_name = 1;
	puppet_send(at->puppet, WIRE_ROOM_LIST, &frame.base);
	frame.user = ME;
	puppet_send(at->puppet, WIRE_ROOM_LIST, &frame.base);
	frame.user = T("nobody@example.org");
	puppet_send(at->puppet, WIRE_ROOM_LIST, &frame.base);
	expect_calls(at->rig, "room_list all #a=A #b=B\nroom_list all #a=A\nroom_list u@example.org #a=A\n");
}

static void frames_about_others_users_are_ignored(void **state)
{
	struct seated *at = *state;
	struct user *queued = fake_core_add(at->rig->core, "q@example.org");
	Pbnetwork__Connected frame = PBNETWORK__CONNECTED__INIT;
	frame.user = T("nobody@example.org");
	puppet_send(at->puppet, WIRE_CONNECTED, &frame.base);
	frame.user = queued->jid; /* has no seat */
	puppet_send(at->puppet, WIRE_CONNECTED, &frame.base);
	puppet_sync(at->puppet);
	assert_string_equal(at->rig->core->calls->str, "");
	struct puppet *stranger = puppet_backend(at->rig);
	puppet_send_hex(stranger, CONNECTED_HEX); /* sits on the other backend */
	puppet_sync(stranger);
	puppet_free(stranger);
}

static void types_nobody_knows_are_skipped(void **state)
{
	struct seated *at = *state;
	puppet_send_hex(at->puppet, "00 00 00 04 08 18 12 00"); /* FT_START */
	puppet_send_hex(at->puppet, "00 00 00 04 08 63 12 00");
	puppet_send_hex(at->puppet, "00 00 00 02 08 03");          /* LOGIN, the wrong way */
	puppet_send_hex(at->puppet, CONNECTED_HEX);
	expect_calls(at->rig, "connected u@example.org\n");
}

static void unreadable_payloads_are_counted_in_one_line(void **state)
{
	struct seated *at = *state;
	for (int i = 0; i < 5; i++)
		puppet_send_hex(at->puppet, "00 00 00 05 08 01 12 01 ff");
	puppet_send_hex(at->puppet, "00 00 00 02 08 01"); /* lacks what is required */
	puppet_send_hex(at->puppet, CONNECTED_HEX);
	expect_calls(at->rig, "connected u@example.org\n");
	assert_int_equal(rig_log_count(at->rig, "unreadable messages, the last a CONNECTED"), 1);
}

static void texts_are_made_fit_for_xml(void **state)
{
	struct seated *at = *state;
	Pbnetwork__ConversationMessage frame = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	frame.username = ME;
	frame.buddyname = T("bob");
	frame.message = T("a\x01"
			  "b\xff");
	puppet_send(at->puppet, WIRE_CONV_MESSAGE, &frame.base);
	expect_calls(at->rig, "message bob nick=NULL type=0 id=NULL body=ab_ xhtml=NULL time=0\n");
	assert_int_equal(at->rig->metrics.value[METRIC_TEXT_CLEANED], 1);
}

static void frames_may_come_byte_by_byte(void **state)
{
	struct seated *at = *state;
	for (const char *hex = CONNECTED_HEX; *hex; hex++) {
		if (*hex == ' ')
			continue;
		puppet_send_hex(at->puppet, (char[]){ hex[0], hex[1], '\0' });
		loop_once(at->rig->loop, 0);
		hex++;
	}
	expect_calls(at->rig, "connected u@example.org\n");
}

static void pieces_of_stanzas_name_the_stream_they_are_of(void **state)
{
	struct seated *at = *state;
	/* RAW_XML with "<a/>" */
	puppet_send_hex(at->puppet, "00 00 00 08 08 22 12 04 3c 61 2f 3e");
	uint64_t source = pool_backend_port()->source(at->rig->pool, at->user);
	assert_int_not_equal(source, 0);
	g_autofree char *call = g_strdup_printf("raw %" G_GUINT64_FORMAT " <a/>\n", source);
	expect_calls(at->rig, call);
	pool_backend_port()->logout(at->rig->pool, at->user);
	assert_int_equal(pool_backend_port()->source(at->rig->pool, at->user), 0);
}

static void the_stream_of_stanzas_ends_with_the_backend(void **state)
{
	seat_user(state);
	struct seated *at = *state;
	uint64_t source = pool_backend_port()->source(at->rig->pool, at->user);
	puppet_send_hex(at->puppet, "00 00 00 02 00 00");
	wait_for(at->rig, at->rig->core->raw_ended == source);
	puppet_free(at->puppet);
	rig_close(at->rig);
	g_free(at);
}

int main(void)
{
#define SEATED(fn) cmocka_unit_test_setup_teardown(fn, seat_user, leave_seat)
	const struct CMUnitTest tests[] = {
		SEATED(connected_and_disconnected),
		SEATED(unknown_codes_are_other_errors),
		SEATED(contact_of_the_cpp_library),
		SEATED(contact_with_nothing_said_is_online),
		SEATED(each_type_about_a_contact),
		SEATED(message_of_the_cpp_library),
		SEATED(message_with_everything),
		SEATED(messages_have_types),
		SEATED(receipts_have_an_id),
		SEATED(participants),
		SEATED(nickname_and_subject_of_a_room),
		SEATED(vcard_answers),
		SEATED(room_lists_are_of_a_user_or_of_all),
		SEATED(frames_about_others_users_are_ignored),
		SEATED(types_nobody_knows_are_skipped),
		SEATED(unreadable_payloads_are_counted_in_one_line),
		SEATED(texts_are_made_fit_for_xml),
		SEATED(frames_may_come_byte_by_byte),
		SEATED(pieces_of_stanzas_name_the_stream_they_are_of),
		cmocka_unit_test(the_stream_of_stanzas_ends_with_the_backend),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
