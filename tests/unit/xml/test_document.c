/* SPDX-License-Identifier: MIT */
#include "xml/parser.h"

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

static const struct xml_limits small = { .depth = 3, .attributes = 2, .elements = 5, .bytes = 200 };

static void root_is_returned(void **state)
{
	static const char text[] = "<body xmlns='http://www.w3.org/1999/xhtml'>a <b>bold</b> word</body>";
	g_autoptr(GError) error = NULL;
	const struct xml_element *root = xml_parse_document(*state, &small, text, strlen(text), &error);
	assert_null(error);
	assert_true(xml_is(root, "http://www.w3.org/1999/xhtml", "body"));
	assert_string_equal(xml_text(root, *state), "a  word");
	assert_string_equal(xml_child_text(root, NULL, "b", *state), "bold");
	assert_null(root->next);
	assert_null(root->parent);
}

static void whitespace_and_declaration_may_stand_around_the_root(void **state)
{
	static const char text[] = "<?xml version='1.0' encoding='UTF-8'?>\n<a/>\n";
	const struct xml_element *root = xml_parse_document(*state, &small, text, strlen(text), NULL);
	assert_true(xml_is(root, "", "a"));
}

static void what_cannot_be_taken_is_an_error(void **state)
{
	static const struct {
		const char *text, *message;
		enum xml_error code;
	} cases[] = {
		{ "", "line 1, column 1: no element found", XML_ERROR_NOT_WELL_FORMED },
		{ "<a>", "line 1, column 4: no element found", XML_ERROR_NOT_WELL_FORMED },
		{ "<a/><b/>", "line 1, column 5: junk after document element", XML_ERROR_NOT_WELL_FORMED },
		{ "<a>&nbsp;</a>", "line 1, column 4: undefined entity", XML_ERROR_RESTRICTED },
		{ "<!DOCTYPE a><a/>", "line 1, column 12: document type declaration", XML_ERROR_RESTRICTED },
		{ "<a><!--x--></a>", "line 1, column 4: comment", XML_ERROR_RESTRICTED },
		{ "<a><b><c><d/></c></b></a>", "line 1, column 10: too many elements inside each other",
		  XML_ERROR_TOO_LARGE },
		{ "<a><b/><b/><b/><b/><b/></a>", "line 1, column 20: too many elements", XML_ERROR_TOO_LARGE },
		{ "<a x='' y='' z=''/>", "line 1, column 1: too many attributes", XML_ERROR_TOO_LARGE },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		assert_null(xml_parse_document(*state, &small, cases[i].text, strlen(cases[i].text), &error));
		assert_string_equal(error->message, cases[i].message);
		assert_true(g_error_matches(error, XML_ERROR, (int)cases[i].code));
	}
}

static void document_may_have_as_many_bytes_as_the_limit(void **state)
{
	g_autofree char *text = g_strdup_printf("<a>%0*d</a>", 200 - 7, 0);
	g_autofree char *longer = g_strdup_printf("<a>%0*d</a>", 200 - 6, 0);
	assert_non_null(xml_parse_document(*state, &small, text, strlen(text), NULL));
	assert_null(xml_parse_document(*state, &small, longer, strlen(longer), NULL));
}

static void nul_byte_is_refused(void **state)
{
	assert_null(xml_parse_document(*state, &small, "<a>\0</a>", 8, NULL));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(root_is_returned),
		TEST(whitespace_and_declaration_may_stand_around_the_root),
		TEST(what_cannot_be_taken_is_an_error),
		TEST(document_may_have_as_many_bytes_as_the_limit),
		TEST(nul_byte_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
