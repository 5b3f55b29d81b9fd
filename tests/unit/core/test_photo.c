/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#include "core/photo.h"

#define A   USER "/a"
#define ONE "da39a3ee5e6b4b0d3255bfef95601890afd80709"
#define TWO "0000000000000000000000000000000000000002"

static int setup(void **state)
{
	*state = fakes_start(USER);
	return 0;
}

static int teardown(void **state)
{
	fakes_end(*state);
	return 0;
}

static void says(struct fakes *fakes, const char *hash)
{
	struct jid from = fakes_jid(fakes, A);
	core_user_photo(fakes->core, &from, hash);
}

static void came(struct fakes *fakes, size_t n)
{
	core_photo_came(fakes->core, fakes->photo, &(struct core_vcard){ .photo = "png", .photo_len = n });
}

static void a_new_picture_reaches_the_network_once(void **state)
{
	struct fakes *fakes = *state;
	says(fakes, ONE);
	says(fakes, ONE);
	fakes_expect(fakes, "photo wanted - -> user@localhost\n");
	came(fakes, 3);
	fakes_expect(fakes, "net set-vcard user@localhost 3 bytes\n");
	says(fakes, ONE);
	came(fakes, 3);
	fakes_expect(fakes, "");
}

static void what_the_network_was_given_is_kept(void **state)
{
	struct fakes *fakes = *state;
	says(fakes, ONE);
	came(fakes, 3);
	fakes_settle(fakes);
	fakes_close(fakes);
	fakes_open(fakes);
	fakes_log_in(fakes, USER);
	says(fakes, ONE);
	fakes_expect(fakes, "");
	says(fakes, TWO);
	fakes_expect(fakes, "photo wanted - -> user@localhost\n");
}

static void a_picture_that_is_taken_away_is_taken_from_the_network(void **state)
{
	struct fakes *fakes = *state;
	says(fakes, "");
	fakes_expect(fakes, "");
	says(fakes, ONE);
	came(fakes, 3);
	fakes_forget(fakes);
	says(fakes, "");
	says(fakes, "");
	fakes_expect(fakes, "net set-vcard user@localhost 0 bytes\n");
}

static void it_waits_for_the_network(void **state)
{
	struct fakes *fakes = *state;
	net_disconnected(fakes, USER, 0, "lost");
	says(fakes, ONE);
	wait_for(fakes, fakes->lines->len >= 3);
	fakes_forget(fakes);
	net_connected(fakes, USER);
	fakes_settle(fakes);
	bool wanted = false;
	for (guint i = 0; i < fakes->lines->len; i++)
		wanted |= !strcmp(fakes->lines->pdata[i], "photo wanted - -> user@localhost");
	assert_true(wanted);
	fakes_forget(fakes);
}

static void what_changed_meanwhile_is_fetched_again(void **state)
{
	struct fakes *fakes = *state;
	says(fakes, ONE);
	says(fakes, TWO);
	fakes_expect(fakes, "photo wanted - -> user@localhost\n");
	came(fakes, 3);
	fakes_expect(fakes, "photo wanted - -> user@localhost\n");
	came(fakes, 2);
	fakes_expect(fakes, "net set-vcard user@localhost 2 bytes\n");
}

static void what_cannot_be_fetched_is_not_asked_for_again(void **state)
{
	struct fakes *fakes = *state;
	says(fakes, ONE);
	core_photo_came(fakes->core, fakes->photo, NULL);
	says(fakes, ONE);
	fakes_expect(fakes, "photo wanted - -> user@localhost\n");
	says(fakes, TWO);
	fakes_expect(fakes, "photo wanted - -> user@localhost\n");
	came(fakes, 0);
	fakes_expect(fakes, "");
}

static void pictures_of_contacts_are_known_by_the_networks_name(void **state)
{
	struct fakes *fakes = *state;
	struct jid from = fakes_jid(fakes, A), bob = fakes_jid(fakes, "bob@gate.localhost");
	struct jid carol = fakes_jid(fakes, "carol@gate.localhost");
	net_contact(fakes, USER, &(struct core_contact){ .name = "Bob", .icon_hash = "abc" });
	fakes_forget(fakes);
	assert_string_equal(core_user_contact_icon(fakes->core, &from, &bob), "abc");
	assert_null(core_user_contact_icon(fakes->core, &from, &carol));
	assert_null(core_user_contact_icon(fakes->core, &bob, &bob));
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_new_picture_reaches_the_network_once),
		T(what_the_network_was_given_is_kept),
		T(a_picture_that_is_taken_away_is_taken_from_the_network),
		T(it_waits_for_the_network),
		T(what_changed_meanwhile_is_fetched_again),
		T(what_cannot_be_fetched_is_not_asked_for_again),
		T(pictures_of_contacts_are_known_by_the_networks_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
