/* SPDX-License-Identifier: MIT */
#include "core/repeat.h"
#include "fakes.h"

#define A    USER "/a"
#define BOB  "bob@gate.localhost"
#define ROOM "#room@gate.localhost"

static void sends(struct fakes *fakes, const char *to, const char *id, const char *body)
{
	assert_null(user_sends(fakes, A, to, &(struct core_message){ .id = id, .body = body }));
}

static void what_comes_again_is_not_sent_again(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	sends(fakes, BOB, "m1", "hi");
	sends(fakes, BOB, "m1", "hi");
	assert_null(user_sends(fakes, USER "/b", BOB, &(struct core_message){ .id = "m1", .body = "hi" }));
	fakes_expect(fakes, "net message user@localhost bob \"hi\"\n");
	fakes_end(fakes);
}

static void another_id_or_word_or_recipient_is_another_message(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	sends(fakes, BOB, "m1", "hi");
	sends(fakes, BOB, "m2", "hi");
	sends(fakes, BOB, "m1", "ho");
	sends(fakes, "carol@gate.localhost", "m1", "hi");
	sends(fakes, BOB, NULL, "hi");
	sends(fakes, BOB, NULL, "hi");
	sends(fakes, BOB, "", "hi");
	sends(fakes, BOB, "", "hi");
	fakes_expect(fakes, "net message user@localhost bob \"hi\"\n"
			    "net message user@localhost bob \"hi\"\n"
			    "net message user@localhost bob \"ho\"\n"
			    "net message user@localhost carol \"hi\"\n"
			    "net message user@localhost bob \"hi\"\n"
			    "net message user@localhost bob \"hi\"\n"
			    "net message user@localhost bob \"hi\"\n"
			    "net message user@localhost bob \"hi\"\n");
	fakes_end(fakes);
}

static void what_was_refused_may_be_tried_again(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct core_message message = { .id = "m1", .body = "hi" };
	fakes->result = -1;
	assert_non_null(user_sends(fakes, A, BOB, &message));
	fakes->result = 0;
	fakes_forget(fakes);
	assert_null(user_sends(fakes, A, BOB, &message));
	fakes_expect(fakes, "net message user@localhost bob \"hi\"\n");
	fakes_end(fakes);
}

static void what_came_back_may_be_tried_again(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	sends(fakes, BOB, "m1", "hi");
	core_legacy_undelivered(fakes->core,
				&(struct core_undelivered){ .sender = A, .address = BOB, .id = "m1", .body = "hi" });
	fakes_expect(fakes, "net message user@localhost bob \"hi\"\n"
			    "undelivered user@localhost/a -> bob@gate.localhost id=m1 \"hi\"\n");
	assert_int_equal(fakes->metrics.value[METRIC_MESSAGES_RETURNED], 1);
	sends(fakes, BOB, "m1", "hi");
	fakes_expect(fakes, "net message user@localhost bob \"hi\"\n");
	fakes_end(fakes);
}

static void words_for_a_room_come_back_to_who_sends_them_again(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct core_message message = { .type = CORE_GROUPCHAT, .id = "m1", .body = "hi" };
	user_join(fakes, A, ROOM "/me", NULL);
	net_occupant(fakes, USER, "#room", "me", CORE_FLAG_ME);
	fakes_forget(fakes);
	user_sends(fakes, A, ROOM, &message);
	user_sends(fakes, A, ROOM, &message);
	fakes_expect(fakes, "net message user@localhost #room \"hi\"\n"
			    "message #room/me -> user@localhost/a groupchat \"hi\" id=m1\n");
	fakes_end(fakes);
}

static void only_the_newest_and_for_a_while(void **state)
{
	struct repeats *repeats = NULL;
	assert_false(repeat_is_one(repeats, 1, 0));
	repeat_note(&repeats, 0, 0);
	assert_null(repeats);
	for (uint64_t mark = 1; mark <= REPEATS_KEPT + 1; mark++)
		repeat_note(&repeats, mark, 1000 * mark);
	assert_false(repeat_is_one(repeats, 0, 20000));
	assert_false(repeat_is_one(repeats, 1, 20000));
	assert_true(repeat_is_one(repeats, 2, 20000));
	assert_true(repeat_is_one(repeats, REPEATS_KEPT + 1, 20000));
	assert_true(repeat_is_one(repeats, 2, 2000 + REPEAT_MS - 1));
	assert_false(repeat_is_one(repeats, 2, 2000 + REPEAT_MS));
	g_free(repeats);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_again_is_not_sent_again),
		cmocka_unit_test(another_id_or_word_or_recipient_is_another_message),
		cmocka_unit_test(what_was_refused_may_be_tried_again),
		cmocka_unit_test(what_came_back_may_be_tried_again),
		cmocka_unit_test(words_for_a_room_come_back_to_who_sends_them_again),
		cmocka_unit_test(only_the_newest_and_for_a_while),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
