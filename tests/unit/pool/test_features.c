/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* What backends announce, and what counts until they do. */

static void announce(struct puppet *puppet, const char *text)
{
	Pbnetwork__BackendConfig frame = PBNETWORK__BACKEND_CONFIG__INIT;
	frame.config = (char *)text;
	puppet_send(puppet, WIRE_BACKEND_CONFIG, &frame.base);
}

/* Of a backend that announces this before its PONG. */
static struct core_features features_of(const char *settings, const char *rest, const char *text)
{
	g_autofree char *child = rig_child();
	g_autofree char *command = g_strdup_printf("%s sleep", child);
	struct rig *rig = rig_new_command(command, settings, rest);
	rig_open(rig);
	struct puppet *puppet = puppet_new(rig);
	if (text)
		announce(puppet, text);
	puppet_send_hex(puppet, PONG_HEX);
	wait_for(rig, rig->ready);
	assert_int_equal(rig->core->feature_calls, 1);
	struct core_features features = rig->core->features;
	puppet_free(puppet);
	rig_close(rig);
	return features;
}

static void a_gateway_needs_password_and_registration(void **state)
{
	struct core_features f = features_of("", "", NULL);
	assert_true(f.need_password && f.need_registration);
	assert_false(f.muc || f.receipts || f.rawxml || f.disable_jid_escaping || f.send_buddies_on_login);
}

static void a_server_needs_no_registration(void **state)
{
	struct core_features f = features_of("server_mode=1", "", NULL);
	assert_true(f.need_password);
	assert_false(f.need_registration);
}

static void the_file_may_say_otherwise(void **state)
{
	struct core_features f = features_of(
		"server_mode=1", "[registration]\nneedRegistration=1\nneedPassword=no\n[features]\nmuc=1\n", NULL);
	assert_true(f.need_registration && f.muc);
	assert_false(f.need_password);
}

static void announcements_win(void **state)
{
	struct core_features f = features_of("", "[features]\nmuc=0\nreceipts=1\n", CONFIG_OF_IRC_TEXT);
	assert_true(f.need_password && f.muc && f.disable_jid_escaping && f.receipts);
	assert_false(f.need_registration || f.rawxml);
}

static void odd_announcements_do_no_harm(void **state)
{
	struct core_features f =
		features_of("", "", "[features]\nmuc = perhaps\nreceipts = YES\nno such line\nx.y=1\n[fea");
	assert_true(f.receipts);
	assert_false(f.muc);
}

static void the_first_word_counts_and_later_ones_add(void **state)
{
	struct rig *rig = rig_new("sleep", "");
	rig_open(rig);
	struct puppet *puppet = puppet_backend(rig);
	announce(puppet, "[features]\nmuc=1");
	wait_for(rig, rig->core->feature_calls == 2);
	announce(puppet, "[features]\nmuc=0\nreceipts = 1");
	wait_for(rig, rig->core->feature_calls == 3);
	assert_true(rig->core->features.muc && rig->core->features.receipts);
	announce(puppet, "[features]\nmuc=0");
	puppet_sync(puppet);
	assert_int_equal(rig->core->feature_calls, 3);
	puppet_free(puppet);
	rig_close(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_gateway_needs_password_and_registration),
		cmocka_unit_test(a_server_needs_no_registration),
		cmocka_unit_test(the_file_may_say_otherwise),
		cmocka_unit_test(announcements_win),
		cmocka_unit_test(odd_announcements_do_no_harm),
		cmocka_unit_test(the_first_word_counts_and_later_ones_add),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
