/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define A   USER "/a"
#define BOB "bob@gate.localhost"

/* Logged in; the contact, unless NULL, is known with that subscription, and is away. */
static struct fakes *start(const char *subscription, const char *const *overrides)
{
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes_open(fakes);
	fakes_register(fakes, USER);
	if (subscription)
		fakes_store_contact(fakes, USER,
				    &(struct storage_contact){ .name = "Bob",
							       .subscription = subscription,
							       .alias = "Bobby",
							       .groups = "",
							       .icon_hash = "" });
	fakes_log_in(fakes, USER);
	if (subscription)
		net_contact(fakes, USER, &(struct core_contact){ .name = "Bob", .status = CORE_AWAY });
	fakes_forget(fakes);
	return fakes;
}

/* What is in the database once the user has logged out, which ends what is gathered. */
static void expect_stored(struct fakes *fakes, const char *stored)
{
	user_presence(fakes, A, "unavailable", NULL, 0);
	g_autofree char *found = fakes_stored(fakes, USER);
	assert_string_equal(found, stored);
}

static const char *const removing[] = { "service.enable_remove_buddy=1", NULL };

/* One row of the table: what the user sends about whom, and all that follows. */
static const struct row {
	const char *known; /* subscription, NULL: not a contact */
	const char *const *overrides;
	const char *sends;
	const char *calls;
	const char *stored;
} rows[] = {
	{ "ask", NULL, "subscribe",
	  "net put user@localhost Bob alias=Bobby\n"
	  "presence bob -> user@localhost subscribed\n"
	  "presence bob -> user@localhost subscribe nick=Bobby\n"
	  "presence bob/bot -> user@localhost away\n",
	  "user/secret Bob:both:Bobby::0:" },
	{ "both", NULL, "subscribe",
	  "net put user@localhost Bob alias=Bobby\n"
	  "presence bob -> user@localhost subscribed\n"
	  "presence bob/bot -> user@localhost away\n",
	  "user/secret Bob:both:Bobby::0:" },
	{ NULL, NULL, "subscribe",
	  "net put user@localhost bob\n"
	  "presence bob -> user@localhost subscribed\n"
	  "presence bob -> user@localhost subscribe\n"
	  "presence bob/bot -> user@localhost unavailable\n",
	  "user/secret bob:both:::2:" },
	{ "ask", NULL, "subscribed",
	  "net put user@localhost Bob alias=Bobby\n"
	  "presence bob/bot -> user@localhost/a away\n",
	  "user/secret Bob:both:Bobby::0:" },
	{ NULL, NULL, "subscribed",
	  "net put user@localhost bob\n"
	  "presence bob/bot -> user@localhost/a unavailable\n",
	  "user/secret bob:both:::2:" },
	{ "ask", NULL, "unsubscribe",
	  "net remove user@localhost Bob\n"
	  "presence bob -> user@localhost unsubscribed\n"
	  "presence bob -> user@localhost unsubscribe\n",
	  "user/secret" },
	{ "both", NULL, "unsubscribe",
	  "presence bob -> user@localhost unsubscribed\n"
	  "presence bob -> user@localhost unsubscribe\n",
	  "user/secret" },
	{ "both", removing, "unsubscribe",
	  "net remove user@localhost Bob\n"
	  "presence bob -> user@localhost unsubscribed\n"
	  "presence bob -> user@localhost unsubscribe\n",
	  "user/secret" },
	{ NULL, NULL, "unsubscribe",
	  "net remove user@localhost bob\n"
	  "presence bob -> user@localhost unsubscribed\n"
	  "presence bob -> user@localhost unsubscribe\n",
	  "user/secret" },
	{ "ask", NULL, "unsubscribed",
	  "net remove user@localhost Bob\n"
	  "presence bob -> user@localhost unsubscribe\n",
	  "user/secret" },
	{ "both", NULL, "unsubscribed", "", "user/secret Bob:both:Bobby::0:" },
	/* Whoever asked is refused: the network must hear of it. */
	{ NULL, NULL, "unsubscribed",
	  "net remove user@localhost bob\n"
	  "presence bob -> user@localhost unsubscribe\n",
	  "user/secret" },
	{ "both", NULL, "probe", "presence bob/bot -> user@localhost/a away\n", "user/secret Bob:both:Bobby::0:" },
	{ NULL, NULL, "probe", "presence bob -> user@localhost/a unavailable\n", "user/secret" },
	{ "both", NULL, "online", "", "user/secret Bob:both:Bobby::0:" },
	{ "both", NULL, "unavailable", "", "user/secret Bob:both:Bobby::0:" },
};

static void every_presence_of_the_table_has_its_answers(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fakes *fakes = start(rows[i].known, rows[i].overrides);
		print_message("%s %s\n", rows[i].known ? rows[i].known : "unknown", rows[i].sends);
		user_contact_presence(fakes, A, BOB, rows[i].sends);
		fakes_expect(fakes, rows[i].calls);
		expect_stored(fakes, rows[i].stored);
		fakes_end(fakes);
	}
}

static void a_contact_added_by_the_user_is_not_announced_to_him(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.tick_ms = fakes->options.gather_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	user_contact_presence(fakes, A, BOB, "subscribe");
	net_contact(fakes, USER, &(struct core_contact){ .name = "carol", .status = CORE_OFFLINE });
	fakes_expect_later(fakes, "net put user@localhost bob\n"
				  "presence bob -> user@localhost subscribed\n"
				  "presence bob -> user@localhost subscribe\n"
				  "presence bob/bot -> user@localhost unavailable\n"
				  "contact carol -> user@localhost\n");
	fakes_end(fakes);
}

static void a_name_that_cannot_be_added_is_refused(void **state)
{
	/* The user's own. */
	struct fakes *fakes = start(NULL, NULL);
	user_contact_presence(fakes, A, "user@gate.localhost", "subscribe");
	fakes_expect(fakes, "presence user -> user@localhost unsubscribed\n");
	fakes_end(fakes);
}

static void the_network_hears_the_name_behind_the_node(void **state)
{
	struct fakes *fakes = start(NULL, NULL);
	user_contact_presence(fakes, A, "bob\\40x@gate.localhost", "unsubscribe");
	user_contact_presence(fakes, A, "carol%x@gate.localhost", "unsubscribe");
	fakes_expect(fakes, "net remove user@localhost bob@x\n"
			    "presence bob\\40x -> user@localhost unsubscribed\n"
			    "presence bob\\40x -> user@localhost unsubscribe\n"
			    "net remove user@localhost carol@x\n"
			    "presence carol%x -> user@localhost unsubscribed\n"
			    "presence carol%x -> user@localhost unsubscribe\n");
	fakes_end(fakes);
}

static void what_the_network_missed_it_hears_later(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.retry_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	user_contact_presence(fakes, A, BOB, "subscribed");
	fakes_forget(fakes);
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n"
			    "net put user@localhost bob\n");
	net_disconnected(fakes, USER, 0, NULL);
	wait_for(fakes, user_seat(fakes_user(fakes, USER)));
	fakes_forget(fakes);
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n");
	fakes_end(fakes);
}

/* --- without a session ----------------------------------------------------------------------- */

static void without_a_session_only_partings_and_probes_are_answered(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	user_contact_presence(fakes, A, BOB, "subscribe");
	user_contact_presence(fakes, A, BOB, "subscribed");
	user_contact_presence(fakes, A, BOB, "unsubscribed");
	user_contact_presence(fakes, A, BOB, "unavailable");
	fakes_expect(fakes, "");
	user_contact_presence(fakes, A, BOB, "unsubscribe");
	fakes_expect(fakes, "presence bob -> user@localhost unsubscribed\n");
	user_contact_presence(fakes, A, BOB, "probe");
	fakes_expect(fakes, "presence bob -> user@localhost/a unavailable\n");
	fakes_end(fakes);
}

static void presence_for_a_contact_logs_in(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	fakes_register(fakes, USER);
	user_contact_presence(fakes, A, BOB, "online");
	fakes_expect(fakes, "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_presence_of_the_table_has_its_answers),
		cmocka_unit_test(a_contact_added_by_the_user_is_not_announced_to_him),
		cmocka_unit_test(a_name_that_cannot_be_added_is_refused),
		cmocka_unit_test(the_network_hears_the_name_behind_the_node),
		cmocka_unit_test(what_the_network_missed_it_hears_later),
		cmocka_unit_test(without_a_session_only_partings_and_probes_are_answered),
		cmocka_unit_test(presence_for_a_contact_logs_in),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
