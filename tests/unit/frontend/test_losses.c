/* SPDX-License-Identifier: MIT */
#include "frontend/losses.h"

#include "rig.h"

#define TOLD(to, text)                                                              \
	"<message from='gate.localhost' to='" to "' type='chat' id='*'><body>" text \
	" for you could not be kept while the server was away.</body></message>"

static void each_user_is_told_once_how_many(void **state)
{
	struct rig *rig = rig_start();
	struct losses losses = { 0 };
	losses_note(&losses, "user@localhost/a");
	losses_note(&losses, "user@localhost");
	losses_tell(&losses, rig->frontend);
	expect(rig, TOLD("user@localhost", "2 messages"));
	losses_note(&losses, "other@localhost/b");
	losses_tell(&losses, rig->frontend);
	expect(rig, TOLD("other@localhost", "1 message"));
	losses_tell(&losses, rig->frontend);
	expect(rig, "");
	rig_end(rig);
}

static void the_table_of_users_is_bounded(void **state)
{
	struct losses losses = { 0 };
	for (unsigned i = 0; i < LOSSES_USERS_MAX + 10; i++) {
		char jid[32];
		g_snprintf(jid, sizeof(jid), "u%u@localhost", i);
		losses_note(&losses, jid);
	}
	assert_int_equal(g_hash_table_size(losses.users), LOSSES_USERS_MAX);
	assert_int_equal(losses.count, LOSSES_USERS_MAX + 10);
	losses_note(&losses, "u1@localhost/x");
	assert_int_equal(GPOINTER_TO_SIZE(g_hash_table_lookup(losses.users, "u1@localhost")), 2);
	losses_fini(&losses);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_user_is_told_once_how_many),
		cmocka_unit_test(the_table_of_users_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
