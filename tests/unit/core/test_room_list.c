/* SPDX-License-Identifier: MIT */
#include "fakes.h"

static void note(void *ctx, const char *node, const char *name)
{
	struct fakes *fakes = ctx;
	g_ptr_array_add(fakes->lines, g_strdup_printf("%s=%s", node, name));
}

static void expect_rooms(struct fakes *fakes, const char *from, const char *lines)
{
	struct jid jid = fakes_jid(fakes, from);
	core_user_each_room(fakes->core, &jid, note, fakes);
	fakes_expect(fakes, lines);
}

static void everybody_sees_the_global_list(void **state)
{
	static const char *const rooms[] = { "#Room", "a b@c" }, *const names[] = { "The room", "Other\x01" };
	struct fakes *fakes = fakes_start(NULL);
	expect_rooms(fakes, USER, "");
	core_legacy_room_list(fakes->core, NULL, rooms, names, 2);
	expect_rooms(fakes, USER, "#room=The room\na\\20b\\40c=Other\n");
	fakes_end(fakes);
}

static void users_have_lists_of_their_own(void **state)
{
	static const char *const global[] = { "#one" }, *const own[] = { "#two" };
	struct fakes *fakes = fakes_start(USER);
	core_legacy_room_list(fakes->core, NULL, global, global, 1);
	core_legacy_room_list(fakes->core, fakes_user(fakes, USER), own, own, 1);
	expect_rooms(fakes, USER "/a", "#one=#one\n#two=#two\n");
	expect_rooms(fakes, "other@localhost", "#one=#one\n");
	fakes_end(fakes);
}

static void each_list_replaces_the_one_before(void **state)
{
	static const char *const first[] = { "#one", "#two" }, *const second[] = { "#three" };
	struct fakes *fakes = fakes_start(NULL);
	core_legacy_room_list(fakes->core, NULL, first, first, 2);
	core_legacy_room_list(fakes->core, NULL, second, second, 1);
	expect_rooms(fakes, USER, "#three=#three\n");
	core_legacy_room_list(fakes->core, NULL, NULL, NULL, 0);
	expect_rooms(fakes, USER, "");
	fakes_end(fakes);
}

static void the_global_list_has_the_configured_length(void **state)
{
	static const char *const overrides[] = { "service.max_room_list_size=2", NULL };
	static const char *const rooms[] = { "#one", "#two", "#three" };
	struct fakes *fakes = fakes_new("none", overrides);
	fakes_open(fakes);
	core_legacy_room_list(fakes->core, NULL, rooms, rooms, 3);
	expect_rooms(fakes, USER, "#one=#one\n#two=#two\n");
	fakes_end(fakes);
}

static void both_lists_are_one_in_order(void **state)
{
	static const char *const global[] = { "#d", "#a", "#c", "#a" }, *const own[] = { "#e", "#c", "#b" };
	static const char *const names[] = { "mine", "my c", "mine" };
	struct fakes *fakes = fakes_start(USER);
	struct jid user = fakes_jid(fakes, USER), other = fakes_jid(fakes, "other@localhost");
	core_legacy_room_list(fakes->core, NULL, global, global, 4);
	core_legacy_room_list(fakes->core, fakes_user(fakes, USER), own, names, 3);
	expect_rooms(fakes, USER "/a", "#a=#a\n#b=mine\n#c=my c\n#d=#d\n#e=mine\n");
	assert_string_equal(core_user_room_name(fakes->core, &user, "#c"), "my c");
	assert_string_equal(core_user_room_name(fakes->core, &other, "#c"), "#c");
	assert_string_equal(core_user_room_name(fakes->core, &other, "#a"), "#a");
	assert_string_equal(core_user_room_name(fakes->core, &user, "#e"), "mine");
	assert_null(core_user_room_name(fakes->core, &other, "#e"));
	assert_null(core_user_room_name(fakes->core, &user, ""));
	assert_null(core_user_room_name(fakes->core, &user, "#z"));
	fakes_end(fakes);
}

static void names_that_cannot_be_rooms_are_left_out(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	g_autofree char *long_name = g_strnfill(2000, 'x');
	const char *const rooms[] = { "", long_name, "#one" };
	core_legacy_room_list(fakes->core, NULL, rooms, rooms, 3);
	expect_rooms(fakes, USER, "#one=#one\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everybody_sees_the_global_list),
		cmocka_unit_test(users_have_lists_of_their_own),
		cmocka_unit_test(each_list_replaces_the_one_before),
		cmocka_unit_test(the_global_list_has_the_configured_length),
		cmocka_unit_test(both_lists_are_one_in_order),
		cmocka_unit_test(names_that_cannot_be_rooms_are_left_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
