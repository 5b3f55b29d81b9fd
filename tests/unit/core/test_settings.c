/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#include "core/settings.h"

static void note(void *ctx, uint64_t id, const struct core_result *result)
{
	struct fakes *fakes = ctx;
	g_ptr_array_add(fakes->lines, result->error ? g_strdup_printf("refused: %s", result->text)
						    : g_strdup_printf("%d%d%d", result->settings[CORE_ENABLE_TRANSPORT],
								      result->settings[CORE_SEND_HEADLINES],
								      result->settings[CORE_STAY_CONNECTED]));
}

static void read_all(struct fakes *fakes)
{
	struct jid jid = fakes_jid(fakes, USER "/a");
	core_user_get_settings(fakes->core, &jid, (struct core_reply){ note, fakes, 0 });
}

static void change(struct fakes *fakes, enum core_setting setting, bool on)
{
	struct jid jid = fakes_jid(fakes, USER "/a");
	struct core_setting_change wish = { setting, on };
	core_user_put_settings(fakes->core, &jid, &wish, 1, (struct core_reply){ note, fakes, 0 });
}

static void what_was_never_set_is_the_default(void **state)
{
	static const char *const overrides[] = { "settings.send_headlines=1", NULL };
	struct fakes *fakes = fakes_new("sqlite3", overrides);
	fakes_open(fakes);
	fakes_register(fakes, USER);
	read_all(fakes);
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "110\n");
	fakes_store_setting(fakes, USER, "stay_connected", "true");
	fakes_store_setting(fakes, USER, "send_headlines", "0");
	fakes_store_setting(fakes, USER, "enable_transport", "nonsense");
	read_all(fakes);
	fakes_expect(fakes, "101\n");
	fakes_end(fakes);
}

static void several_are_changed_at_once_and_kept(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct jid jid = fakes_jid(fakes, USER);
	struct core_setting_change changes[] = { { CORE_SEND_HEADLINES, true }, { CORE_STAY_CONNECTED, true } };
	core_user_put_settings(fakes->core, &jid, changes, 2, (struct core_reply){ note, fakes, 0 });
	assert_int_equal(fakes->lines->len, 0);
	fakes_expect(fakes, "111\n");
	core_user_put_settings(fakes->core, &jid, NULL, 0, (struct core_reply){ note, fakes, 0 });
	fakes_expect(fakes, "111\n");
	read_all(fakes);
	fakes_expect(fakes, "111\n");
	fakes_end(fakes);
}

static void headlines_change_at_once(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	struct core_legacy_message news = { .name = "bob", .message = { .type = CORE_HEADLINE, .body = "News" } };
	core_legacy_message(fakes_user(fakes, USER), &news);
	fakes_expect(fakes, "message bob/bot -> " USER " chat \"News\" active\n");
	change(fakes, CORE_SEND_HEADLINES, true);
	fakes_expect(fakes, "110\n");
	core_legacy_message(fakes_user(fakes, USER), &news);
	fakes_expect(fakes, "message bob/bot -> " USER " headline \"News\" active\n");
	fakes_end(fakes);
}

static void switching_the_gateway_off_logs_out_and_on_asks_to_come(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	change(fakes, CORE_ENABLE_TRANSPORT, false);
	fakes_expect(fakes,
		     "presence - -> " USER " unavailable \"You have switched the gateway off in your settings\"\n"
		     "net logout " USER "\n"
		     "000\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	user_presence(fakes, USER "/a", "online", NULL, 0);
	fakes_expect(fakes, "");
	assert_int_equal(core_user_count(fakes->core), 0);
	change(fakes, CORE_ENABLE_TRANSPORT, true);
	fakes_expect(fakes, "presence - -> " USER " probe\n100\n");
	fakes_end(fakes);
}

static void strangers_have_none(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	read_all(fakes);
	change(fakes, CORE_STAY_CONNECTED, true);
	fakes_expect(fakes, "refused: You are not registered.\nrefused: You are not registered.\n");
	fakes_end(fakes);
	fakes = fakes_new("none", NULL);
	fakes_open(fakes);
	read_all(fakes);
	fakes_expect(fakes, "refused: This server does not support transport settings. "
			    "There is no storage backend configured\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_never_set_is_the_default),
		cmocka_unit_test(several_are_changed_at_once_and_kept),
		cmocka_unit_test(headlines_change_at_once),
		cmocka_unit_test(switching_the_gateway_off_logs_out_and_on_asks_to_come),
		cmocka_unit_test(strangers_have_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
