/* SPDX-License-Identifier: MIT */
#include "room_scene.h"

#include "core/raw.h"

/* What of raw mode needs no stanzas: who may speak, and what outlives a start. */

static bool has_line(struct fakes *fakes, const char *line)
{
	for (guint i = 0; i < fakes->lines->len; i++)
		if (!strcmp(fakes->lines->pdata[i], line))
			return true;
	return false;
}

static void open_raw(struct fakes *fakes)
{
	fakes_open(fakes);
	core_set_features(fakes->core, &(struct core_features){ .need_password = true, .rawxml = true });
	core_link_up(fakes->core);
}

static void own_presence(struct fakes *fakes, enum core_presence_type type)
{
	core_legacy_raw_presence(fakes_user(fakes, USER), (struct core_raw_sender){ "#room", "me" },
				 &(struct core_raw_presence){ .type = type, .own = true },
				 &(struct core_raw){ CORE_RAW_PRESENCE, "/>", 2 });
}

static struct fakes *start_staying_inside(void)
{
	static const char *const overrides[] = { "settings.stay_connected=1", NULL };
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes->options.tick_ms = 20;
	open_raw(fakes);
	fakes_register(fakes, USER);
	fakes_log_in(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	own_presence(fakes, CORE_AVAILABLE);
	fakes_settle(fakes);
	return fakes;
}

static void restart(struct fakes *fakes)
{
	fakes_close(fakes);
	g_ptr_array_set_size(fakes->lines, 0);
	open_raw(fakes);
	fakes_expect_later(fakes, "presence - -> user@localhost probe\n"
				  "net login user@localhost user/secret away\n");
	net_connected(fakes, USER);
}

#define ENTER "net raw user@localhost <enter user@localhost #room me>"

static void rooms_from_before_a_start_are_entered_by_a_stanza(void **state)
{
	struct fakes *fakes = start_staying_inside();
	restart(fakes);
	assert_true(has_line(fakes, ENTER));
	fakes_forget(fakes);
	fakes_end(fakes);
}

static void a_room_that_put_the_user_out_is_not_entered_again(void **state)
{
	struct fakes *fakes = start_staying_inside();
	own_presence(fakes, CORE_UNAVAILABLE);
	restart(fakes);
	assert_false(has_line(fakes, ENTER));
	fakes_forget(fakes);
	fakes_end(fakes);
}

static void whoever_is_away_is_shown_contacts_when_he_is_back(void **state)
{
	struct fakes *fakes = start_staying_inside();
	struct core_raw_sender bob = { "bob", "x" };
	struct core_raw_presence here = { .type = CORE_AVAILABLE };
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	core_legacy_raw_presence(fakes_user(fakes, USER), bob, &here, &(struct core_raw){ CORE_RAW_PRESENCE, "/>", 2 });
	fakes_expect(fakes, "");
	user_presence(fakes, A, "online", NULL, 0);
	assert_true(has_line(fakes, "raw bob/x -> user@localhost/a presence/>"));
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_forget(fakes);
	net_disconnected(fakes, USER, 0, "Link down");
	fakes_expect(fakes, "net logout user@localhost\n");
	fakes_end(fakes);
}

static void streams_are_of_those_who_announced_them(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	core_legacy_raw(fakes->core, 3, "<a/>", 4);
	fakes_expect(fakes, "");
	core_set_features(fakes->core, &(struct core_features){ .rawxml = true });
	core_legacy_raw(fakes->core, 3, "<a/>", 4);
	core_legacy_raw_end(fakes->core, 3);
	fakes_expect(fakes, "raw bytes of 3 <a/>\nraw end of 3\n");
	assert_non_null(core_raw_user(fakes->core, STR(USER), FAKE_SOURCE));
	assert_null(core_raw_user(fakes->core, STR(USER), FAKE_SOURCE + 1));
	assert_null(core_raw_user(fakes->core, STR("other@localhost"), FAKE_SOURCE));
	fakes_end(fakes);
}

static void what_is_too_much_is_passed_on_and_not_kept(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct core_raw_sender bob = { "bob", "x" };
	struct core_raw_presence here = { .type = CORE_AVAILABLE };
	g_autofree char *much = g_strnfill(20000, ' ');
	core_set_features(fakes->core, &(struct core_features){ .rawxml = true });
	core_legacy_raw_presence(fakes_user(fakes, USER), bob, &here,
				 &(struct core_raw){ CORE_RAW_PRESENCE, much, strlen(much) });
	assert_int_equal(fakes->lines->len, 1);
	fakes_forget(fakes);
	user_contact_presence(fakes, A, "bob@gate.localhost", "probe");
	fakes_expect(fakes, "presence bob -> user@localhost/a unavailable\n");
	/* Nor is more than some megabytes of small ones. */
	for (unsigned i = 0; i < 600; i++) {
		bob.resource = arena_printf(fakes->arena, "r%u", i);
		core_legacy_raw_presence(fakes_user(fakes, USER), bob, &here,
					 &(struct core_raw){ CORE_RAW_PRESENCE, much, 16000 });
	}
	fakes_forget(fakes);
	user_contact_presence(fakes, A, "bob@gate.localhost", "probe");
	assert_in_range(fakes->lines->len, 200, 300);
	fakes_forget(fakes);
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rooms_from_before_a_start_are_entered_by_a_stanza),
		cmocka_unit_test(a_room_that_put_the_user_out_is_not_entered_again),
		cmocka_unit_test(whoever_is_away_is_shown_contacts_when_he_is_back),
		cmocka_unit_test(streams_are_of_those_who_announced_them),
		cmocka_unit_test(what_is_too_much_is_passed_on_and_not_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
