/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define ROOM "#room@gate.localhost"

static void note(void *ctx, const char *nick, bool moderator)
{
	struct fakes *fakes = ctx;
	g_ptr_array_add(fakes->lines, g_strdup_printf("%s%s", nick, moderator ? " moderates" : ""));
}

static bool look(struct fakes *fakes, const char *from, const char *to, struct core_room *room)
{
	struct jid who = fakes_jid(fakes, from), whom = fakes_jid(fakes, to);
	core_user_each_occupant(fakes->core, &who, &whom, note, fakes);
	return core_user_room(fakes->core, &who, &whom, room);
}

static void who_is_inside_sees_the_room(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct core_room room;
	user_join(fakes, USER "/a", ROOM "/me", "key");
	assert_false(look(fakes, USER "/a", ROOM, &room));
	net_participant(fakes, USER,
			&(struct core_participant){
				.room = "#room", .nickname = "U123", .alias = "Anna", .status = CORE_ONLINE });
	net_occupant(fakes, USER, "#room", "me", CORE_FLAG_ME | CORE_FLAG_MODERATOR);
	core_legacy_subject(fakes_user(fakes, USER), "#room", NULL, "Tea");
	fakes_forget(fakes);
	assert_true(look(fakes, USER "/a", ROOM "/Anna", &room));
	assert_string_equal(room.subject, "Tea");
	assert_string_equal(room.password, "key");
	assert_int_equal(room.occupants, 2);
	fakes_expect_any_order(fakes, "Anna\nme moderates\n");
	fakes_end(fakes);
}

static void others_see_nothing(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct core_room room;
	user_presence(fakes, USER "/b", "online", NULL, 0);
	user_join(fakes, USER "/a", ROOM "/me", NULL);
	net_occupant(fakes, USER, "#room", "me", CORE_FLAG_ME);
	fakes_forget(fakes);
	assert_false(look(fakes, USER "/b", ROOM, &room));
	assert_false(look(fakes, "other@localhost/a", ROOM, &room));
	assert_false(look(fakes, USER "/a", "#other@gate.localhost", &room));
	assert_false(look(fakes, USER "/a", "gate.localhost", &room));
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_is_inside_sees_the_room),
		cmocka_unit_test(others_see_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
