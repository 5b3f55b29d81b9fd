/* SPDX-License-Identifier: MIT */
#include "core/contact.h"

#include "fakes.h"

static struct contact *make(const char *name)
{
	return contact_new("bob", name, "bob");
}

static unsigned see(struct contact *contact, struct core_contact seen)
{
	return contact_update(contact, &seen);
}

static void equal_texts_are_kept_once(void **state)
{
	struct contact *contact = contact_new("bob", "bob", "bob");
	assert_ptr_equal(contact->name, contact->key.p);
	assert_ptr_equal(contact->node, contact->key.p);
	contact_free(contact);
}

static void different_texts_are_all_kept(void **state)
{
	struct contact *contact = contact_new("bob@x", "Bob@X", "bob\\40x");
	assert_true(str_is(contact->key, "bob@x"));
	assert_string_equal(contact->name, "Bob@X");
	assert_string_equal(contact->node, "bob\\40x");
	contact_free(contact);
}

static void a_new_contact_is_offline_and_says_nothing(void **state)
{
	struct contact *contact = make("Bob");
	assert_int_equal(contact->status, CORE_OFFLINE);
	assert_string_equal(contact_alias(contact), "");
	assert_string_equal(contact_status_text(contact), "");
	assert_string_equal(contact_icon(contact), "");
	assert_null(contact->fields);
	contact_free(contact);
}

static void each_change_has_its_bit(void **state)
{
	static const char *const groups[] = { "Friends" };
	struct contact *contact = make("Bob");
	assert_int_equal(see(contact, (struct core_contact){ .status = CORE_OFFLINE }), 0);
	assert_int_equal(see(contact, (struct core_contact){ .status = CORE_AWAY }), CONTACT_PRESENCE);
	assert_int_equal(see(contact, (struct core_contact){ .status = CORE_AWAY, .text = "brb" }), CONTACT_PRESENCE);
	assert_int_equal(see(contact, (struct core_contact){ .alias = "Bobby", .status = CORE_AWAY, .text = "brb" }),
			 CONTACT_NAMED);
	assert_int_equal(see(contact, (struct core_contact){ .status = CORE_AWAY, .text = "brb", .icon_hash = "h" }),
			 CONTACT_ICON);
	assert_int_equal(
		see(contact,
		    (struct core_contact){
			    .status = CORE_AWAY, .text = "brb", .icon_hash = "h", .group_count = 1, .groups = groups }),
		CONTACT_REGROUPED);
	assert_int_equal(
		see(contact,
		    (struct core_contact){ .status = CORE_AWAY, .text = "brb", .icon_hash = "h", .blocked = true }),
		CONTACT_FLAGS);
	assert_int_equal(see(contact, (struct core_contact){ .status = CORE_OFFLINE }),
			 CONTACT_PRESENCE | CONTACT_ICON | CONTACT_FLAGS);
	contact_free(contact);
}

static void what_is_said_again_is_no_change(void **state)
{
	static const char *const groups[] = { "Friends", "Work" };
	struct core_contact seen = { .alias = "Bobby",
				     .status = CORE_DND,
				     .text = "busy",
				     .icon_hash = "hash",
				     .group_count = 2,
				     .groups = groups,
				     .blocked = true };
	struct contact *contact = make("Bob");
	assert_int_equal(see(contact, seen),
			 CONTACT_NAMED | CONTACT_REGROUPED | CONTACT_PRESENCE | CONTACT_ICON | CONTACT_FLAGS);
	assert_int_equal(see(contact, seen), 0);
	contact_free(contact);
}

static void absent_alias_and_groups_leave_what_is_known(void **state)
{
	static const char *const groups[] = { "Friends" };
	struct contact *contact = make("Bob");
	see(contact,
	    (struct core_contact){ .alias = "Bobby", .status = CORE_OFFLINE, .group_count = 1, .groups = groups });
	assert_int_equal(see(contact, (struct core_contact){ .alias = "", .status = CORE_OFFLINE }), 0);
	assert_string_equal(contact_alias(contact), "Bobby");
	assert_string_equal(contact->groups, "Friends");
	contact_free(contact);
}

static void groups_come_back_as_a_list(void **state)
{
	static const char *const groups[] = { "Friends", "two\nlines", "Work" };
	struct arena *scratch = arena_new(256);
	struct contact *contact = make("Bob");
	struct core_contact value;
	contact_value(contact, &value, scratch);
	assert_int_equal(value.group_count, 0);
	see(contact, (struct core_contact){ .status = CORE_OFFLINE, .group_count = 3, .groups = groups });
	contact_value(contact, &value, scratch);
	assert_int_equal(value.group_count, 3);
	assert_string_equal(value.groups[0], "Friends");
	assert_string_equal(value.groups[1], "two lines");
	assert_string_equal(value.groups[2], "Work");
	assert_null(value.groups[3]);
	assert_string_equal(value.name, "Bob");
	contact_free(contact);
	arena_free(&scratch);
}

static void long_texts_are_cut_between_characters_and_then_unchanged(void **state)
{
	/* 400 times U+20AC, of three bytes. */
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 400; i++)
		g_string_append(text, "€");
	struct core_contact seen = {
		.alias = text->str, .status = CORE_AWAY, .text = text->str, .icon_hash = text->str
	};
	struct contact *contact = make("Bob");
	assert_int_equal(see(contact, seen), CONTACT_NAMED | CONTACT_PRESENCE | CONTACT_ICON);
	assert_int_equal(strlen(contact_alias(contact)), 1023);
	assert_int_equal(strlen(contact_status_text(contact)), 1023);
	assert_int_equal(strlen(contact_icon(contact)), 255);
	assert_true(g_utf8_validate(contact_alias(contact), -1, NULL));
	assert_int_equal(see(contact, seen), 0);
	contact_free(contact);
}

static void too_many_groups_are_bounded(void **state)
{
	const char *groups[500];
	g_autofree char *name = g_strnfill(1000, 'x');
	for (size_t i = 0; i < G_N_ELEMENTS(groups); i++)
		groups[i] = name;
	struct contact *contact = make("Bob");
	struct core_contact seen = { .status = CORE_OFFLINE, .group_count = G_N_ELEMENTS(groups), .groups = groups };
	assert_int_equal(see(contact, seen), CONTACT_REGROUPED);
	assert_true(strlen(contact->groups) < 8192);
	assert_int_equal(see(contact, seen), 0);
	contact_free(contact);
}

static void what_was_kept_is_restored(void **state)
{
	struct contact *contact = make("Bob");
	contact_restore(contact, "Bobby", "Friends\nWork", "hash");
	assert_string_equal(contact_alias(contact), "Bobby");
	assert_string_equal(contact_status_text(contact), "");
	assert_string_equal(contact_icon(contact), "hash");
	assert_string_equal(contact->groups, "Friends\nWork");
	assert_int_equal(contact->status, CORE_OFFLINE);
	contact_restore(contact, "", "", "");
	assert_null(contact->fields);
	assert_null(contact->groups);
	contact_free(contact);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_texts_are_kept_once),
		cmocka_unit_test(different_texts_are_all_kept),
		cmocka_unit_test(a_new_contact_is_offline_and_says_nothing),
		cmocka_unit_test(each_change_has_its_bit),
		cmocka_unit_test(what_is_said_again_is_no_change),
		cmocka_unit_test(absent_alias_and_groups_leave_what_is_known),
		cmocka_unit_test(groups_come_back_as_a_list),
		cmocka_unit_test(long_texts_are_cut_between_characters_and_then_unchanged),
		cmocka_unit_test(too_many_groups_are_bounded),
		cmocka_unit_test(what_was_kept_is_restored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
