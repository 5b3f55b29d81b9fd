/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define A     USER "/a"
#define OTHER "other@localhost"

static void ask(struct fakes *fakes, const char *from, const char *to)
{
	struct jid sender = fakes_jid(fakes, from), whom = fakes_jid(fakes, to);
	core_user_get_vcard(fakes->core, &sender, &whom, fakes_reply(fakes, to));
}

static void answer(struct fakes *fakes, const char *user, uint32_t id, const char *full_name)
{
	core_legacy_vcard(fakes_user(fakes, user), id,
			  &(struct core_vcard){ .full_name = full_name, .photo = "png", .photo_len = 3 });
}

static void log_in(struct fakes *fakes, const char *jid)
{
	fakes_register(fakes, jid);
	fakes_log_in(fakes, jid);
}

static void answers_come_by_their_ids(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	ask(fakes, A, "bob@gate.localhost/bot");
	uint32_t bob = fakes->vcard;
	ask(fakes, A, "carol@gate.localhost");
	uint32_t carol = fakes->vcard;
	fakes_expect(fakes, "net vcard user@localhost bob\nnet vcard user@localhost carol\n");
	answer(fakes, USER, carol, "Carol");
	answer(fakes, USER, carol, "Carol again");
	answer(fakes, USER, bob, "Bob");
	answer(fakes, USER, 12345, "Nobody");
	fakes_expect(fakes, "reply carol@gate.localhost: ok [Carol] [] 3 bytes\n"
			    "reply bob@gate.localhost/bot: ok [Bob] [] 3 bytes\n");
	fakes_end(fakes);
}

static void only_the_users_own_network_may_answer(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	log_in(fakes, OTHER);
	ask(fakes, A, "bob@gate.localhost");
	answer(fakes, OTHER, fakes->vcard, "Mallory");
	fakes_expect(fakes, "net vcard user@localhost bob\n");
	answer(fakes, USER, fakes->vcard, "Bob");
	fakes_expect(fakes, "reply bob@gate.localhost: ok [Bob] [] 3 bytes\n");
	fakes_end(fakes);
}

static void the_network_is_asked_by_its_names(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	net_contact(fakes, USER, &(struct core_contact){ .name = "BuddY1", .status = CORE_OFFLINE });
	user_join(fakes, A, "#room@gate.localhost/me", NULL);
	net_participant(fakes, USER,
			&(struct core_participant){
				.room = "#room", .nickname = "U1", .alias = "Anna", .status = CORE_ONLINE });
	net_occupant(fakes, USER, "#room", "me", CORE_FLAG_ME);
	fakes_forget(fakes);
	ask(fakes, A, "buddy1@gate.localhost/bot");
	answer(fakes, USER, fakes->vcard, "1");
	ask(fakes, A, "#room@gate.localhost/Anna");
	answer(fakes, USER, fakes->vcard, "2");
	ask(fakes, A, "#room@gate.localhost/somebody");
	answer(fakes, USER, fakes->vcard, "3");
	fakes_expect(fakes, "net vcard user@localhost BuddY1\n"
			    "reply buddy1@gate.localhost/bot: ok [1] [] 3 bytes\n"
			    "net vcard user@localhost #room/U1\n"
			    "reply #room@gate.localhost/Anna: ok [2] [] 3 bytes\n"
			    "net vcard user@localhost #room/somebody\n"
			    "reply #room@gate.localhost/somebody: ok [3] [] 3 bytes\n");
	fakes_end(fakes);
}

static void without_a_session_there_is_none_and_it_is_said_later(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	ask(fakes, A, "bob@gate.localhost");
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "reply bob@gate.localhost: recipient-unavailable "
			    "\"You are not logged in to the network\"\n");
	fakes_end(fakes);
}

static void who_does_not_answer_has_an_empty_one(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.tick_ms = fakes->options.vcard_ms = 1;
	fakes_open(fakes);
	log_in(fakes, USER);
	ask(fakes, A, "bob@gate.localhost");
	fakes_expect_later(fakes, "net vcard user@localhost bob\n"
				  "reply bob@gate.localhost: ok [] [] 0 bytes\n");
	answer(fakes, USER, fakes->vcard, "Late");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void one_user_takes_no_more_than_a_hundred_questions(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	log_in(fakes, OTHER);
	for (int i = 0; i < 100; i++)
		ask(fakes, A, "bob@gate.localhost");
	fakes_forget(fakes);
	ask(fakes, A, "bob@gate.localhost");
	fakes_expect(fakes, "reply bob@gate.localhost: resource-constraint "
			    "\"Too many vCards are being fetched, try again later\"\n");
	ask(fakes, OTHER "/a", "carol@gate.localhost");
	answer(fakes, OTHER, fakes->vcard, "Carol");
	fakes_expect(fakes, "net vcard other@localhost carol\n"
			    "reply carol@gate.localhost: ok [Carol] [] 3 bytes\n");
	for (uint32_t id = 1; id <= 100; id++)
		answer(fakes, USER, id, "Bob");
	assert_int_equal(fakes->lines->len, 100);
	fakes_end(fakes);
}

static void the_own_vcard_goes_to_the_network(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct jid a = fakes_jid(fakes, A), stranger = fakes_jid(fakes, OTHER);
	struct core_vcard vcard = { .nickname = "Julie", .photo = "png", .photo_len = 3, .has_photo = true };
	assert_int_equal(core_user_set_vcard(fakes->core, &a, &vcard), CORE_OK);
	assert_int_equal(core_user_set_vcard(fakes->core, &stranger, &vcard), CORE_RECIPIENT_UNAVAILABLE);
	fakes->result = -1;
	assert_int_equal(core_user_set_vcard(fakes->core, &a, &vcard), CORE_RECIPIENT_UNAVAILABLE);
	fakes_expect(fakes, "net set-vcard user@localhost Julie 3 bytes\n"
			    "net set-vcard user@localhost Julie 3 bytes\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_come_by_their_ids),
		cmocka_unit_test(only_the_users_own_network_may_answer),
		cmocka_unit_test(the_network_is_asked_by_its_names),
		cmocka_unit_test(without_a_session_there_is_none_and_it_is_said_later),
		cmocka_unit_test(who_does_not_answer_has_an_empty_one),
		cmocka_unit_test(one_user_takes_no_more_than_a_hundred_questions),
		cmocka_unit_test(the_own_vcard_goes_to_the_network),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
