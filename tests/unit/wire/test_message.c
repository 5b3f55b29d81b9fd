/* SPDX-License-Identifier: MIT */
#include "wire/message.h"

#include "examples.h"
#include "pbnetwork.pb-c.h"
#include "wire/frame.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define T(text)  ((char *)(text))
#define OF(name) .base = PROTOBUF_C_MESSAGE_INIT(&pbnetwork__##name##__descriptor)
#define USER     T("u@example.org")

static Pbnetwork__BackendConfig query = { OF(backend_config), .config = T("status") };
static Pbnetwork__Stats stats = { OF(stats), .res = 20480, .init_res = 10240, .shared = 5120, .id = T("4242") };
static Pbnetwork__Connected connected = { OF(connected), .user = USER };
static Pbnetwork__Disconnected disconnected = { OF(disconnected), .user = USER, .error = 2, .message = T("bad") };
static Pbnetwork__SettingEntry setting = { OF(setting_entry), .key = T("stay_connected"), .value = T("1") };
static Pbnetwork__SettingEntry *settings_list[] = { &setting };
static Pbnetwork__UserSettings settings = { OF(user_settings), .n_value = 1, .value = settings_list };
static Pbnetwork__UserSettings no_settings = { OF(user_settings) };
static Pbnetwork__Login login = {
	OF(login), .user = USER, .legacyname = T("nick"), .password = T("pw"), .settings = &settings,
};
static Pbnetwork__Login login_empty = {
	OF(login), .user = USER, .legacyname = T("nick"), .password = T("pw"), .settings = &no_settings,
};
static Pbnetwork__Logout logout = { OF(logout), .user = USER, .legacyname = T("nick") };
static Pbnetwork__Status status = { OF(status), .username = USER, .status = 1, .statusmessage = T("x") };
static char *groups[] = { T("Friends") };
static Pbnetwork__Buddy buddy_from_main = {
	OF(buddy),    .username = USER, .buddyname = T("bob"), .alias = T("Bob"),
	.n_group = 1, .group = groups,  .has_status = 1,       .status = 5,
};
static Pbnetwork__Buddy buddy_from_cpp = {
	OF(buddy),        .username = USER, .buddyname = T("bob"), .alias = T("Bob"),         .n_group = 1,
	.group = groups,  .has_status = 1,  .status = 1,           .statusmessage = T("brb"), .iconhash = T(""),
	.has_blocked = 1,
};
static Pbnetwork__ConversationMessage message_from_main = {
	OF(conversation_message), .username = USER, .buddyname = T("bob"),
	.message = T("hi"),       .xhtml = T(""),   .id = T("m1"),
};
static Pbnetwork__ConversationMessage message_from_cpp = {
	OF(conversation_message), .username = USER,   .buddyname = T("bob"), .message = T("hi"), .nickname = T(""),
	.xhtml = T(""),           .timestamp = T(""), .has_headline = 1,     .has_pm = 1,        .has_carbon = 1,
};
static Pbnetwork__Room join_room = {
	OF(room), .username = USER, .nickname = T("nick"), .room = T("#c"), .password = T(""),
};
static Pbnetwork__Participant participant_from_cpp = {
	OF(participant), .username = USER,       .room = T("#c"),  .nickname = T("bob"),
	.flag = 1,       .statusmessage = T(""), .newname = T(""), .alias = T(""),
};
static Pbnetwork__VCard vcard_request = { OF(vcard), .username = USER, .buddyname = T("bob"), .id = 7 };
static Pbnetwork__Buddy typing = { OF(buddy), .username = USER, .buddyname = T("bob") };
static Pbnetwork__BackendConfig config_from_python = {
	OF(backend_config),
	.config = T("[features]\nsend_buddies_on_login = 1\nmuc = true"),
};

static const struct example {
	const char *hex;
	enum wire_type type;
	ProtobufCMessage *message;
} examples[] = {
	{ PING_HEX, WIRE_PING, NULL },
	{ PONG_HEX, WIRE_PONG, NULL },
	{ EXIT_HEX, WIRE_EXIT, NULL },
	{ QUERY_HEX, WIRE_QUERY, &query.base },
	{ STATS_HEX, WIRE_STATS, &stats.base },
	{ CONNECTED_HEX, WIRE_CONNECTED, &connected.base },
	{ DISCONNECTED_HEX, WIRE_DISCONNECTED, &disconnected.base },
	{ LOGIN_HEX, WIRE_LOGIN, &login.base },
	{ LOGIN_EMPTY_HEX, WIRE_LOGIN, &login_empty.base },
	{ LOGOUT_HEX, WIRE_LOGOUT, &logout.base },
	{ STATUS_HEX, WIRE_STATUS_CHANGED, &status.base },
	{ BUDDY_FROM_MAIN_HEX, WIRE_BUDDY_CHANGED, &buddy_from_main.base },
	{ BUDDY_FROM_CPP_HEX, WIRE_BUDDY_CHANGED, &buddy_from_cpp.base },
	{ MESSAGE_FROM_MAIN_HEX, WIRE_CONV_MESSAGE, &message_from_main.base },
	{ MESSAGE_FROM_CPP_HEX, WIRE_CONV_MESSAGE, &message_from_cpp.base },
	{ JOIN_ROOM_HEX, WIRE_JOIN_ROOM, &join_room.base },
	{ PARTICIPANT_FROM_CPP_HEX, WIRE_PARTICIPANT_CHANGED, &participant_from_cpp.base },
	{ VCARD_REQUEST_HEX, WIRE_VCARD, &vcard_request.base },
	{ TYPING_HEX, WIRE_BUDDY_TYPING, &typing.base },
	{ CONFIG_FROM_PYTHON_HEX, WIRE_BACKEND_CONFIG, &config_from_python.base },
};

static struct arena *arena;

static int set_up(void **state)
{
	arena = arena_new(4096);
	return 0;
}

static int tear_down(void **state)
{
	arena_free(&arena);
	return 0;
}

static struct wire_frame parse(struct buf *bytes)
{
	struct wire_frame frame;
	size_t used;
	assert_int_equal(wire_next((uint8_t *)buf_data(bytes), buf_len(bytes), WIRE_FRAME_MAX, &frame, &used),
			 WIRE_FRAME);
	assert_int_equal(used, buf_len(bytes));
	return frame;
}

static void messages_pack_to_the_documented_bytes(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
		struct buf expected, out;
		buf_init(&expected, 1 << 16);
		buf_init(&out, 1 << 16);
		add_hex(&expected, examples[i].hex);
		assert_true(wire_put(&out, examples[i].type, examples[i].message));
		assert_int_equal(buf_len(&out), buf_len(&expected));
		assert_memory_equal(buf_data(&out), buf_data(&expected), buf_len(&out));
		buf_fini(&out);
		buf_fini(&expected);
	}
}

/* Equal if they pack alike: it says also which optional fields are there. */
static void assert_same(const ProtobufCMessage *a, const ProtobufCMessage *b)
{
	size_t n = protobuf_c_message_get_packed_size(a);
	assert_int_equal(n, protobuf_c_message_get_packed_size(b));
	g_autofree uint8_t *x = g_malloc(n), *y = g_malloc(n);
	protobuf_c_message_pack(a, x);
	protobuf_c_message_pack(b, y);
	assert_memory_equal(x, y, n);
}

static void documented_bytes_unpack_to_the_messages(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(examples); i++) {
		struct buf bytes;
		buf_init(&bytes, 1 << 16);
		add_hex(&bytes, examples[i].hex);
		struct wire_frame frame = parse(&bytes);
		assert_int_equal(frame.type, examples[i].type);
		if (examples[i].message) {
			ProtobufCMessage *message = wire_unpack(examples[i].message->descriptor, arena, &frame);
			assert_non_null(message);
			assert_same(message, examples[i].message);
		}
		buf_fini(&bytes);
	}
}

static void config_of_the_irc_backend_unpacks(void **state)
{
	struct buf bytes;
	buf_init(&bytes, 1 << 16);
	add_hex(&bytes, CONFIG_OF_IRC_HEX);
	buf_append_text(&bytes, CONFIG_OF_IRC_TEXT);
	assert_int_equal(buf_len(&bytes), 108);
	struct wire_frame frame = parse(&bytes);
	Pbnetwork__BackendConfig *config = wire_unpack(&pbnetwork__backend_config__descriptor, arena, &frame);
	assert_string_equal(config->config, CONFIG_OF_IRC_TEXT);
	buf_fini(&bytes);
}

static struct wire_frame payload(struct buf *bytes, const char *hex)
{
	buf_init(bytes, 1 << 20);
	add_hex(bytes, hex);
	return (struct wire_frame){ .payload = (uint8_t *)buf_data(bytes), .payload_len = buf_len(bytes) };
}

/* Written by hand, as a library does that sets every field whether it has a value or not. */
static void empty_optionals_are_there_and_empty(void **state)
{
	struct buf bytes;
	struct wire_frame frame = payload(&bytes, "0a 01 75 12 01 62 1a 00 22 00 28 05 32 00 3a 00 40 00");
	Pbnetwork__Buddy *buddy = wire_unpack(&pbnetwork__buddy__descriptor, arena, &frame);
	assert_string_equal(buddy->username, "u");
	assert_string_equal(buddy->alias, "");
	assert_int_equal(buddy->n_group, 1);
	assert_string_equal(buddy->group[0], "");
	assert_int_equal(buddy->status, 5);
	assert_string_equal(buddy->statusmessage, "");
	assert_string_equal(buddy->iconhash, "");
	assert_true(buddy->has_blocked);
	assert_false(buddy->blocked);
	buf_fini(&bytes);

	frame = payload(&bytes, "0a 01 75 12 01 62 18 00 22 00 2a 00 32 00");
	Pbnetwork__VCard *vcard = wire_unpack(&pbnetwork__vcard__descriptor, arena, &frame);
	assert_string_equal(vcard->fullname, "");
	assert_true(vcard->has_photo);
	assert_int_equal(vcard->photo.len, 0);
	buf_fini(&bytes);

	frame = payload(&bytes, "0a 00 10 00 1a 00");
	Pbnetwork__Disconnected *gone = wire_unpack(&pbnetwork__disconnected__descriptor, arena, &frame);
	assert_string_equal(gone->user, "");
	assert_string_equal(gone->message, "");
	buf_fini(&bytes);

	frame = payload(&bytes, "0a 01 61 0a 00 12 00 12 01 62 1a 00");
	Pbnetwork__RoomList *rooms = wire_unpack(&pbnetwork__room_list__descriptor, arena, &frame);
	assert_int_equal(rooms->n_room, 2);
	assert_string_equal(rooms->name[1], "b");
	assert_string_equal(rooms->user, "");
	buf_fini(&bytes);
}

static void unknown_fields_are_skipped(void **state)
{
	struct buf bytes;
	struct wire_frame frame = payload(&bytes, "a2 06 03 61 62 63 0a 01 75 a8 06 01");
	Pbnetwork__Connected *message = wire_unpack(&pbnetwork__connected__descriptor, arena, &frame);
	assert_non_null(message);
	assert_string_equal(message->user, "u");
	buf_fini(&bytes);
}

static void malformed_payloads_do_not_unpack(void **state)
{
	static const char *const malformed[] = { "", "0a", "0a 05 75", "10 01", "0a 01 75 ff", "0a 01 75 10" };
	for (size_t i = 0; i < G_N_ELEMENTS(malformed); i++) {
		struct buf bytes;
		struct wire_frame frame = payload(&bytes, malformed[i]);
		assert_null(wire_unpack(&pbnetwork__connected__descriptor, arena, &frame));
		buf_fini(&bytes);
	}
}

static struct wire_frame repeated(GString *bytes, const char *what, size_t length, size_t times)
{
	for (size_t i = 0; i < times; i++)
		g_string_append_len(bytes, what, (gssize)length);
	return (struct wire_frame){ .payload = (uint8_t *)bytes->str, .payload_len = bytes->len };
}

/* Each piece is a field, so protobuf-c would spend far more than the piece is worth. */
static void memory_is_bounded_by_the_payload(void **state)
{
	static const struct {
		const ProtobufCMessageDescriptor *descriptor;
		const char *piece;
		size_t n;
	} bombs[] = {
		{ &pbnetwork__user_settings__descriptor, "\x0a\0", 2 },   /* empty entries */
		{ &pbnetwork__room_list__descriptor, "\x0a\0", 2 },       /* empty names */
		{ &pbnetwork__connected__descriptor, "\xf8\x06\x01", 3 }, /* unknown numbers */
		{ &pbnetwork__login__descriptor, "\x2a\x02\x0a\0", 4 },   /* settings, to be merged again and again */
		{ &pbnetwork__buddies__descriptor, "\x0a\x04\x0a\0\x12\0", 6 },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(bombs); i++) {
		GString *bytes = g_string_new(NULL);
		struct wire_frame frame = repeated(bytes, bombs[i].piece, bombs[i].n, 200000);
		wire_unpack(bombs[i].descriptor, arena, &frame);
		assert_true(arena_used(arena) <= (64 << 10) + 32 * bytes->len);
		arena_reset(arena);
		g_string_free(bytes, TRUE);
	}
}

static void many_ordinary_contacts_unpack(void **state)
{
	GString *bytes = g_string_new(NULL);
	struct wire_frame frame = repeated(bytes,
					   "\x0a\x16\x0a\x0du@example.org\x12\x03"
					   "bob\x28\x05",
					   24, 20000);
	Pbnetwork__Buddies *buddies = wire_unpack(&pbnetwork__buddies__descriptor, arena, &frame);
	assert_non_null(buddies);
	assert_int_equal(buddies->n_buddy, 20000);
	assert_string_equal(buddies->buddy[19999]->buddyname, "bob");
	g_string_free(bytes, TRUE);
}

static void cleaning_leaves_clean_messages_alone(void **state)
{
	Pbnetwork__Login copy = login;
	assert_false(wire_clean(&copy.base, arena));
	assert_ptr_equal(copy.user, login.user);
	assert_int_equal(arena_used(arena), 0);
}

static void cleaning_reaches_texts_lists_and_inner_messages(void **state)
{
	char *names[] = { T("a\x01z"), T("ok"), T("\xff") };
	Pbnetwork__SettingEntry entry = { OF(setting_entry), .key = T("k\x02"), .value = T("v\xc3") };
	Pbnetwork__SettingEntry *entries[] = { &entry };
	Pbnetwork__UserSettings inner = { OF(user_settings), .n_value = 1, .value = entries };
	Pbnetwork__Login message = {
		OF(login), .user = T("u\x03"), .n_extrafields = 3, .extrafields = names, .settings = &inner,
	};
	assert_true(wire_clean(&message.base, arena));
	assert_string_equal(message.user, "u");
	assert_null(message.password);
	assert_string_equal(message.extrafields[0], "az");
	assert_ptr_equal(message.extrafields[1], names[1]);
	assert_string_equal(message.extrafields[2], "_");
	assert_string_equal(names[0], "a\x01z"); /* the list itself is borrowed */
	assert_string_equal(entry.key, "k");
	assert_string_equal(entry.value, "v_");
}

static void types_have_names(void **state)
{
	assert_string_equal(wire_type_name(WIRE_CONV_MESSAGE), "CONV_MESSAGE");
	assert_string_equal(wire_type_name(WIRE_API_VERSION), "API_VERSION");
	assert_string_equal(wire_type_name(5), "type 5");
	assert_string_equal(wire_type_name(0), "type 0");
	assert_string_equal(wire_type_name(-1), "type -1");
	assert_string_equal(wire_type_name(99), "type 99");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(messages_pack_to_the_documented_bytes, set_up, tear_down),
		cmocka_unit_test_setup_teardown(documented_bytes_unpack_to_the_messages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(config_of_the_irc_backend_unpacks, set_up, tear_down),
		cmocka_unit_test_setup_teardown(empty_optionals_are_there_and_empty, set_up, tear_down),
		cmocka_unit_test_setup_teardown(unknown_fields_are_skipped, set_up, tear_down),
		cmocka_unit_test_setup_teardown(malformed_payloads_do_not_unpack, set_up, tear_down),
		cmocka_unit_test_setup_teardown(memory_is_bounded_by_the_payload, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_ordinary_contacts_unpack, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cleaning_leaves_clean_messages_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cleaning_reaches_texts_lists_and_inner_messages, set_up, tear_down),
		cmocka_unit_test_setup_teardown(types_have_names, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
