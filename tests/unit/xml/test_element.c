/* SPDX-License-Identifier: MIT */
#include "xml/element.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static int setup(void **state)
{
	*state = arena_new(1024);
	return 0;
}

static int teardown(void **state)
{
	arena_free((struct arena **)state);
	return 0;
}

static struct xml_element *message(struct arena *arena)
{
	struct xml_element *message = xml_new(arena, "jabber:client", "message");
	struct xml_element *body;
	xml_set_attr(arena, message, "id", "m1");
	xml_add_text(arena, message, "\n", 1);
	xml_add(arena, message, "urn:other", "body");
	body = xml_add(arena, message, NULL, "body");
	xml_add_text(arena, body, "one", 3);
	xml_add_text(arena, message, "tail", 4);
	return message;
}

static void attribute_is_found_by_name(void **state)
{
	struct xml_element *element = message(*state);
	assert_string_equal(xml_attr(element, "id"), "m1");
	assert_null(xml_attr(element, "to"));
	assert_null(xml_attr(NULL, "id"));
}

static void prefixed_attribute_is_not_taken_for_a_plain_one(void **state)
{
	struct xml_element *element = xml_new(*state, "", "a");
	struct xml_attribute prefixed = { .ns = "urn:x", .name = "id", .value = "wrong" };
	element->attributes = &prefixed;
	assert_null(xml_attr(element, "id"));
	xml_set_attr(*state, element, "id", "right");
	assert_string_equal(xml_attr(element, "id"), "right");
	assert_string_equal(prefixed.value, "wrong");
}

static void setting_an_attribute_again_replaces_it(void **state)
{
	struct xml_element *element = message(*state);
	xml_set_attr(*state, element, "id", "m2");
	assert_string_equal(xml_attr(element, "id"), "m2");
	assert_null(element->attributes->next);
}

static void child_without_namespace_is_sought_in_the_parents(void **state)
{
	struct xml_element *element = message(*state);
	const struct xml_element *body = xml_child(element, NULL, "body");
	assert_string_equal(body->ns, "jabber:client");
	assert_string_equal(xml_child(element, "urn:other", "body")->ns, "urn:other");
	assert_null(xml_child(element, "urn:none", "body"));
	assert_null(xml_child(xml_child(element, NULL, "none"), NULL, "body"));
	assert_ptr_equal(body->parent, element);
}

static void first_and_next_skip_text(void **state)
{
	struct xml_element *element = message(*state);
	const struct xml_element *child = xml_first(element);
	assert_string_equal(child->ns, "urn:other");
	child = xml_next(child);
	assert_string_equal(child->ns, "jabber:client");
	assert_null(xml_next(child));
	assert_null(xml_first(xml_child(element, "urn:other", "body")));
	assert_null(xml_first(NULL));
	assert_null(xml_next(NULL));
}

static void is_wants_both_namespace_and_name(void **state)
{
	struct xml_element *element = message(*state);
	assert_true(xml_is(element, "jabber:client", "message"));
	assert_false(xml_is(element, "jabber:server", "message"));
	assert_false(xml_is(element, "jabber:client", "presence"));
	assert_false(xml_is(element->first, "", ""));
	assert_false(xml_is(NULL, "jabber:client", "message"));
}

static void text_in_one_piece_is_borrowed(void **state)
{
	const struct xml_element *body = xml_child(message(*state), NULL, "body");
	size_t used = arena_used(*state);
	assert_ptr_equal(xml_text(body, *state), body->first->text);
	assert_int_equal(arena_used(*state), used);
}

static void text_around_children_is_joined(void **state)
{
	struct xml_element *element = message(*state);
	assert_string_equal(xml_text(element, *state), "\ntail");
	assert_string_equal(xml_text(xml_child(element, "urn:other", "body"), *state), "");
	assert_string_equal(xml_text(NULL, *state), "");
}

static void text_of_a_missing_child_is_null(void **state)
{
	struct xml_element *element = message(*state);
	assert_string_equal(xml_child_text(element, NULL, "body", *state), "one");
	assert_string_equal(xml_child_text(element, "urn:other", "body", *state), "");
	assert_null(xml_child_text(element, NULL, "subject", *state));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(attribute_is_found_by_name),
		TEST(prefixed_attribute_is_not_taken_for_a_plain_one),
		TEST(setting_an_attribute_again_replaces_it),
		TEST(child_without_namespace_is_sought_in_the_parents),
		TEST(first_and_next_skip_text),
		TEST(is_wants_both_namespace_and_name),
		TEST(text_in_one_piece_is_borrowed),
		TEST(text_around_children_is_joined),
		TEST(text_of_a_missing_child_is_null),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
