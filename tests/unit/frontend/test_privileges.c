/* SPDX-License-Identifier: MIT */
#include "frontend/privilege.h"

#include "base/log.h"

#include "rig.h"

#define V1 "urn:xmpp:privilege:1"
#define V2 "urn:xmpp:privilege:2"
#define GRANT(from, ns, perms) \
	"<message from='" from "' to='gate.localhost'><privilege xmlns='" ns "'>" perms "</privilege></message>"
#define ROSTER "<perm access='roster' type='both'/>"

static int setup(void **state)
{
	*state = rig_start();
	return 0;
}

static int teardown(void **state)
{
	rig_end(*state);
	return 0;
}

static const struct privilege *of(struct rig *rig, const char *jid)
{
	return privilege_of(rig->frontend, jid);
}

static void nothing_is_granted_unsaid(void **state)
{
	const struct privilege *privilege = of(*state, USER);
	assert_int_equal(privilege->version, 0);
	assert_int_equal(privilege->roster, 0);
	assert_false(privilege->message || privilege->push);
	assert_int_equal(privilege_iq(privilege, "jabber:iq:roster"), 0);
}

static void a_server_grants_for_its_users(void **state)
{
	receive(*state, GRANT("localhost", V2,
			      ROSTER "<perm access='message' type='outgoing'/>"
				     "<perm access='presence' type='roster'/><perm access='iq'>"
				     "<namespace ns='a' type='get'/><namespace ns='b' type='both'/></perm>"));
	const struct privilege *privilege = of(*state, USER "/home@work");
	assert_ptr_equal(privilege, of(*state, "somebody@localhost"));
	assert_ptr_equal(privilege, of(*state, "localhost"));
	assert_int_equal(privilege->version, 2);
	assert_string_equal(privilege_ns(privilege), V2);
	assert_int_equal(privilege->roster, PRIVILEGE_BOTH);
	assert_true(privilege->message && privilege->push);
	assert_int_equal(privilege_iq(privilege, "a"), PRIVILEGE_GET);
	assert_int_equal(privilege_iq(privilege, "b"), PRIVILEGE_BOTH);
	assert_int_equal(privilege_iq(privilege, "c"), 0);
	expect(*state, "");
	expect_net((struct rig *)*state, "");
}

/* As Prosody's module of 2023 writes them. */
static void namespaces_inside_each_other_count(void **state)
{
	receive(*state, GRANT("localhost", V2,
			      "<perm access='iq'><namespace ns='a' type='get'>"
			      "<namespace ns='b' type='set'/></namespace></perm>"));
	assert_int_equal(privilege_iq(of(*state, USER), "a"), PRIVILEGE_GET);
	assert_int_equal(privilege_iq(of(*state, USER), "b"), PRIVILEGE_SET);
	assert_false(of(*state, USER)->message);
}

static void old_servers_are_understood(void **state)
{
	receive(*state, GRANT("localhost", V1, "<perm access='roster' type='get'/>"));
	const struct privilege *privilege = of(*state, USER);
	assert_string_equal(privilege_ns(privilege), V1);
	assert_int_equal(privilege->roster, PRIVILEGE_GET);
	assert_false(privilege->push);
}

static void pushes_can_be_left_out(void **state)
{
	receive(*state, GRANT("localhost", V2, "<perm access='roster' type='both' push='false'/>"));
	assert_false(of(*state, USER)->push);
	receive(*state, GRANT("localhost", V2, "<perm access='roster' type='set'/>"));
	assert_false(of(*state, USER)->push);
	receive(*state, GRANT("localhost", V2, "<perm access='roster' type='get' push='true'/>"));
	assert_true(of(*state, USER)->push);
}

static void a_domain_speaks_for_itself_only(void **state)
{
	receive(*state, GRANT("elsewhere.example", V2, ROSTER));
	assert_int_equal(of(*state, USER)->roster, 0);
	assert_int_equal(of(*state, "juliet@elsewhere.example/x")->roster, PRIVILEGE_BOTH);
	assert_int_equal(of(*state, "juliet@sub.elsewhere.example")->roster, 0);
}

static void people_grant_nothing(void **state)
{
	receive(*state, GRANT("user@localhost", V2, ROSTER));
	receive(*state, GRANT("user@localhost/a", V2, ROSTER));
	receive(*state, GRANT("localhost/a", V2, ROSTER));
	receive(*state, "<message from='localhost' to='bob@gate.localhost'><privilege xmlns='" V2 "'>" ROSTER
			"</privilege></message>");
	receive(*state, "<message from='localhost' to='gate.localhost' type='error'><privilege xmlns='" V2 "'>" ROSTER
			"</privilege></message>");
	assert_int_equal(of(*state, USER)->version, 0);
	assert_int_equal(of(*state, "localhost")->version, 0);
}

static void the_last_word_counts(void **state)
{
	receive(*state, GRANT("localhost", V2, ROSTER));
	receive(*state, GRANT("localhost", V2, "<perm access='message' type='outgoing'/>"));
	assert_int_equal(of(*state, USER)->roster, 0);
	assert_true(of(*state, USER)->message);
	receive(*state, GRANT("localhost", V2, "<perm access='message' type='none'/>"));
	assert_int_equal(of(*state, USER)->version, 0);
}

static void nonsense_grants_nothing(void **state)
{
	receive(*state,
		GRANT("localhost", V2,
		      "<perm/><perm access='roster'/><perm access='roster' type='all'/><perm access='x' type='y'/>"
		      "<perm access='iq'><namespace type='both'/><namespace ns='' type='both'/>"
		      "<namespace ns='a'/></perm><perm xmlns='other' access='message' type='outgoing'/>text"));
	assert_int_equal(of(*state, USER)->version, 0);
}

static void a_new_link_starts_without(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("localhost", V2, ROSTER));
	frontend_up(rig->frontend);
	assert_int_equal(of(rig, USER)->version, 0);
}

/* --- the report ------------------------------------------------------------------------------- */

static void keep_line(void *ctx, enum log_level level, const char *area, const char *text)
{
	g_string_append_printf(ctx, "%s\n", text);
}

static GString *report(struct rig *rig)
{
	GString *lines = g_string_new(NULL);
	log_capture(keep_line, lines);
	privileges_report(rig->frontend);
	log_capture(NULL, NULL);
	return lines;
}

static void what_is_missing_is_told_with_the_lines_to_add(void **state)
{
	g_autoptr(GString) nothing = report(*state);
	assert_non_null(strstr(nothing->str, "no server grants any\n"));
	assert_non_null(strstr(nothing->str, "privileged_entities = { [\"gate.localhost\"] = { roster = \"both\""));
	assert_non_null(strstr(nothing->str, "acl: { spectrum: { server: \"gate.localhost\" } }"));
	receive(*state, GRANT("localhost", V2, "<perm access='roster' type='get'/>"));
	g_autoptr(GString) little = report(*state);
	assert_non_null(strstr(little->str, "localhost: roster get, message none, iq of pubsub none\n"));
	assert_non_null(strstr(little->str, "contacts without requests"));
}

static void who_has_everything_is_told_no_lines(void **state)
{
	receive(*state, GRANT("localhost", V2,
			      ROSTER "<perm access='message' type='outgoing'/><perm access='iq'>"
				     "<namespace ns='http://jabber.org/protocol/pubsub' type='both'/></perm>"));
	receive(*state, GRANT("old.example", V1, ROSTER "<perm access='message' type='outgoing'/>"));
	g_autoptr(GString) lines = report(*state);
	assert_non_null(strstr(lines->str, "localhost: roster both, message outgoing, iq of pubsub both"));
	assert_null(strstr(lines->str, "missing"));
	assert_null(strstr(lines->str, "presence"));
	receive(*state, GRANT("localhost", V2, "<perm access='presence' type='managed_entity'/>"));
	g_autoptr(GString) warned = report(*state);
	assert_non_null(strstr(warned->str, "the privilege presence is granted, and should not be"));
}

static void not_every_domain_is_named(void **state)
{
	for (unsigned i = 0; i < 12; i++) {
		g_autofree char *grant = g_strdup_printf(GRANT("d%u.example", V2, ROSTER), i);
		receive(*state, grant);
	}
	g_autoptr(GString) lines = report(*state);
	assert_non_null(strstr(lines->str, "; and 2 more domains\n"));
}

static void too_many_domains_are_left_out(void **state)
{
	receive(*state, GRANT("localhost", V2, ROSTER));
	for (unsigned i = 0; i < 1100; i++) {
		g_autofree char *grant = g_strdup_printf(GRANT("d%u.example", V2, ROSTER), i);
		receive(*state, grant);
	}
	assert_int_equal(of(*state, "d998.example")->version, 2);
	assert_int_equal(of(*state, "d999.example")->version, 0);
	assert_int_equal(of(*state, USER)->version, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(nothing_is_granted_unsaid, setup, teardown),
		cmocka_unit_test_setup_teardown(a_server_grants_for_its_users, setup, teardown),
		cmocka_unit_test_setup_teardown(namespaces_inside_each_other_count, setup, teardown),
		cmocka_unit_test_setup_teardown(old_servers_are_understood, setup, teardown),
		cmocka_unit_test_setup_teardown(pushes_can_be_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(a_domain_speaks_for_itself_only, setup, teardown),
		cmocka_unit_test_setup_teardown(people_grant_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(the_last_word_counts, setup, teardown),
		cmocka_unit_test_setup_teardown(nonsense_grants_nothing, setup, teardown),
		cmocka_unit_test_setup_teardown(a_new_link_starts_without, setup, teardown),
		cmocka_unit_test_setup_teardown(too_many_domains_are_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_missing_is_told_with_the_lines_to_add, setup, teardown),
		cmocka_unit_test_setup_teardown(who_has_everything_is_told_no_lines, setup, teardown),
		cmocka_unit_test_setup_teardown(not_every_domain_is_named, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
