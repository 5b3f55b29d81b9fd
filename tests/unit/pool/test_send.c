/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include <errno.h>

/* What the core asks becomes exactly the bytes that backends know. */

struct seated {
	struct rig *rig;
	struct puppet *puppet;
	struct user *user;
};

static const struct core_backend *port(void)
{
	return pool_backend_port();
}

static int seat_user(void **state)
{
	struct seated *at = g_new0(struct seated, 1);
	at->rig = rig_new("sleep", "");
	rig_open(at->rig);
	at->puppet = puppet_backend(at->rig);
	at->user = fake_core_add(at->rig->core, "u@example.org");
	assert_int_equal(port()->login(at->rig->pool, at->user), 0);
	puppet_expect(at->puppet, LOGIN_EMPTY_HEX);
	*state = at;
	return 0;
}

static int leave_seat(void **state)
{
	struct seated *at = *state;
	/* Nothing else was sent. */
	assert_int_equal(at->puppet->got->len, 0);
	puppet_free(at->puppet);
	rig_close(at->rig);
	g_free(at);
	return 0;
}

static void login_carries_settings(void **state)
{
	static const char *const names[] = { "stay_connected" }, *const values[] = { "1" };
	struct seated *at = *state;
	at->user->login.setting_count = 1;
	at->user->login.setting_names = names;
	at->user->login.setting_values = values;
	port()->logout(at->rig->pool, at->user);
	assert_null(at->user->seat);
	port()->login(at->rig->pool, at->user);
	puppet_expect(at->puppet, LOGOUT_HEX);
	puppet_expect(at->puppet, LOGIN_HEX);
}

static void login_is_followed_by_the_status(void **state)
{
	struct seated *at = *state;
	port()->logout(at->rig->pool, at->user);
	at->user->login.status = CORE_AWAY;
	at->user->login.status_text = "x";
	port()->login(at->rig->pool, at->user);
	puppet_expect(at->puppet, LOGOUT_HEX);
	puppet_expect(at->puppet, LOGIN_EMPTY_HEX);
	puppet_expect(at->puppet, STATUS_HEX);
}

static void contacts_follow_the_login_if_the_backend_asked(void **state)
{
	static const char *const groups[] = { "Friends" };
	static const struct core_contact contact = { .name = "bob",
						     .alias = "Bob",
						     .group_count = 1,
						     .groups = groups,
						     .icon_hash = "ab",
						     .status = CORE_AWAY };
	struct seated *at = *state;
	puppet_send_hex(at->puppet, CONFIG_FROM_PYTHON_HEX);
	wait_for(at->rig, at->rig->core->features.send_buddies_on_login);
	at->user->contacts = &contact;
	at->user->contact_count = 1;
	at->user->login.status = CORE_AWAY;
	at->user->login.status_text = "x";
	port()->logout(at->rig->pool, at->user);
	port()->login(at->rig->pool, at->user);
	puppet_expect(at->puppet, LOGOUT_HEX);
	puppet_expect(at->puppet, LOGIN_EMPTY_HEX);
	puppet_expect(at->puppet, "00 00 00 2e 08 23 12 2a 0a 28 " USER_HEX "12 03 62 6f 62 1a 03 42 6f 62"
				  "22 07 46 72 69 65 6e 64 73 28 05 3a 02 61 62");
	puppet_expect(at->puppet, STATUS_HEX);
}

static void status_has_fields_three_and_four(void **state)
{
	struct seated *at = *state;
	assert_int_equal(port()->status(at->rig->pool, at->user, CORE_AWAY, "x"), 0);
	puppet_expect(at->puppet, STATUS_HEX);
}

static void message_with_receipt_has_an_id(void **state)
{
	struct seated *at = *state;
	struct core_message message = { .id = "m1", .body = "hi", .receipt_wanted = true };
	assert_int_equal(port()->message(at->rig->pool, at->user, "bob", &message), 0);
	puppet_expect(at->puppet, MESSAGE_FROM_MAIN_HEX);
}

static void message_without_receipt_has_none(void **state)
{
	struct seated *at = *state;
	struct core_message message = { .id = "m1", .body = "hi", .xhtml = "<b>", .time = 99, .attention = true };
	assert_int_equal(port()->message(at->rig->pool, at->user, "bob", &message), 0);
	puppet_expect(at->puppet, "00 00 00 21 08 08 12 1d " USER_HEX "12 03 62 6f 62 1a 02 68 69 2a 03 3c 62 3e");
}

static void chat_states_are_three_types(void **state)
{
	struct seated *at = *state;
	for (int s = CORE_STATE_NONE; s <= CORE_STATE_GONE; s++)
		assert_int_equal(port()->chat_state(at->rig->pool, at->user, "bob", (enum core_chat_state)s), 0);
	puppet_expect(at->puppet, "00 00 00 18 08 13 12 14 " USER_HEX "12 03 62 6f 62");
	puppet_expect(at->puppet, TYPING_HEX);
	puppet_expect(at->puppet, "00 00 00 18 08 14 12 14 " USER_HEX "12 03 62 6f 62");
	puppet_sync(at->puppet);
}

static void attention_has_a_text_even_if_empty(void **state)
{
	struct seated *at = *state;
	assert_int_equal(port()->attention(at->rig->pool, at->user, "bob", NULL), 0);
	puppet_expect(at->puppet, "00 00 00 1a 08 16 12 16 " USER_HEX "12 03 62 6f 62 1a 00");
}

static void rooms_are_joined_and_left(void **state)
{
	struct seated *at = *state;
	assert_int_equal(port()->join(at->rig->pool, at->user, "#c", "nick", NULL), 0);
	assert_int_equal(port()->leave(at->rig->pool, at->user, "#c"), 0);
	puppet_expect(at->puppet, JOIN_ROOM_HEX);
	puppet_expect(at->puppet, "00 00 00 1b 08 0c 12 17 " USER_HEX "12 00 1a 02 23 63 22 00");
}

static void subject_is_a_message(void **state)
{
	struct seated *at = *state;
	assert_int_equal(port()->subject(at->rig->pool, at->user, "#c", "hi"), 0);
	puppet_expect(at->puppet, "00 00 00 1b 08 0f 12 17 " USER_HEX "12 02 23 63 1a 02 68 69");
}

static void contact_has_status_none_and_no_block_flag(void **state)
{
	static const char *const groups[] = { "Friends" };
	static const struct core_contact contact = {
		.name = "bob", .alias = "Bob", .group_count = 1, .groups = groups, .status = CORE_AWAY, .blocked = true
	};
	struct seated *at = *state;
	assert_int_equal(port()->put_contact(at->rig->pool, at->user, &contact), 0);
	puppet_expect(at->puppet, BUDDY_FROM_MAIN_HEX);
	assert_int_equal(port()->remove_contact(at->rig->pool, at->user, &contact), 0);
	puppet_expect(at->puppet, "00 00 00 28 08 07 12 24 " USER_HEX
				  "12 03 62 6f 62 1a 03 42 6f 62 22 07 46 72 69 65 6e 64 73 28 05");
}

static void only_blocking_has_the_flag(void **state)
{
	static const struct core_contact blocked = { .name = "bob", .blocked = true }, heard = { .name = "bob" };
	struct seated *at = *state;
	assert_int_equal(port()->block(at->rig->pool, at->user, &blocked), 0);
	puppet_expect(at->puppet, "00 00 00 1e 08 06 12 1a " USER_HEX "12 03 62 6f 62 1a 00 28 05 40 01");
	assert_int_equal(port()->block(at->rig->pool, at->user, &heard), 0);
	puppet_expect(at->puppet, "00 00 00 1e 08 06 12 1a " USER_HEX "12 03 62 6f 62 1a 00 28 05 40 00");
}

static void vcard_request_has_no_photo(void **state)
{
	struct seated *at = *state;
	assert_int_equal(port()->get_vcard(at->rig->pool, at->user, "bob", 7), 0);
	puppet_expect(at->puppet, VCARD_REQUEST_HEX);
}

static void vcard_update_has_a_photo_even_if_empty(void **state)
{
	struct seated *at = *state;
	struct core_vcard vcard = { .nickname = "nick" };
	assert_int_equal(port()->set_vcard(at->rig->pool, at->user, &vcard), 0);
	puppet_expect(at->puppet, "00 00 00 1f 08 10 12 1b " USER_HEX "12 00 18 00 2a 04 6e 69 63 6b 32 00");
}

static void a_user_without_a_backend_is_not_connected(void **state)
{
	struct seated *at = *state;
	struct core_message message = { .body = "hi" };
	struct user *other = fake_core_add(at->rig->core, "other@example.org");
	assert_int_equal(port()->message(at->rig->pool, other, "bob", &message), -ENOTCONN);
	port()->logout(at->rig->pool, other);
}

static void a_backend_that_does_not_read_is_full(void **state)
{
	struct seated *at = *state;
	g_autofree char *body = g_strnfill(8 << 20, 'x');
	struct core_message message = { .body = body };
	int sent = 0, result;
	while ((result = port()->message(at->rig->pool, at->user, "bob", &message)) == 0)
		assert_true(++sent < 10);
	assert_int_equal(result, -ENOBUFS);
	assert_true(sent >= 4);
	for (; sent > 0; sent--)
		assert_int_equal(puppet_next(at->puppet), WIRE_CONV_MESSAGE);
	assert_int_equal(port()->status(at->rig->pool, at->user, CORE_AWAY, "x"), 0);
	puppet_expect(at->puppet, STATUS_HEX);
}

static void stanzas_go_as_they_are(void **state)
{
	struct seated *at = *state;
	assert_int_equal(port()->raw(at->rig->pool, at->user, "<a/>", 4), 0);
	puppet_expect(at->puppet, "00 00 00 08 08 22 12 04 3c 61 2f 3e");
	port()->logout(at->rig->pool, at->user);
	assert_int_equal(port()->raw(at->rig->pool, at->user, "<a/>", 4), -ENOTCONN);
	puppet_expect(at->puppet, LOGOUT_HEX);
}

int main(void)
{
#define SEATED(fn) cmocka_unit_test_setup_teardown(fn, seat_user, leave_seat)
	const struct CMUnitTest tests[] = {
		SEATED(login_carries_settings),
		SEATED(login_is_followed_by_the_status),
		SEATED(contacts_follow_the_login_if_the_backend_asked),
		SEATED(status_has_fields_three_and_four),
		SEATED(message_with_receipt_has_an_id),
		SEATED(message_without_receipt_has_none),
		SEATED(chat_states_are_three_types),
		SEATED(attention_has_a_text_even_if_empty),
		SEATED(rooms_are_joined_and_left),
		SEATED(subject_is_a_message),
		SEATED(contact_has_status_none_and_no_block_flag),
		SEATED(only_blocking_has_the_flag),
		SEATED(vcard_request_has_no_photo),
		SEATED(vcard_update_has_a_photo_even_if_empty),
		SEATED(a_user_without_a_backend_is_not_connected),
		SEATED(a_backend_that_does_not_read_is_full),
		SEATED(stanzas_go_as_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
