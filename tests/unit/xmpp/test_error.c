/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xml/parser.h"
#include "xmpp/error.h"

#define STANZAS "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'"

static char *write_error(enum xmpp_condition condition, const char *text)
{
	struct buf out;
	buf_init(&out, 1 << 20);
	xmpp_put_error(&out, condition, text);
	char *written = g_strndup(buf_data(&out), buf_len(&out));
	buf_fini(&out);
	return written;
}

static enum xmpp_condition read_error(const char *text)
{
	struct arena *arena = arena_new(1024);
	const struct xml_element *stanza = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
	assert_non_null(stanza);
	enum xmpp_condition condition = xmpp_read_error(stanza);
	arena_free(&arena);
	return condition;
}

static void an_error_has_type_condition_and_text(void **state)
{
	g_autofree char *bare = write_error(XMPP_ITEM_NOT_FOUND, NULL);
	g_autofree char *empty = write_error(XMPP_ITEM_NOT_FOUND, "");
	g_autofree char *full = write_error(XMPP_FORBIDDEN, "Not <you>");
	assert_string_equal(bare, "<error type='cancel'><item-not-found " STANZAS "/></error>");
	assert_string_equal(empty, bare);
	assert_string_equal(full, "<error type='auth'><forbidden " STANZAS "/><text " STANZAS
				  ">Not &lt;you&gt;</text></error>");
}

static void long_texts_are_cut_between_characters(void **state)
{
	g_autoptr(GString) text = g_string_new(NULL);
	for (int i = 0; i < 1000; i++)
		g_string_append(text, "€");
	g_autofree char *written = write_error(XMPP_CONFLICT, text->str);
	assert_true(strlen(written) < 1300);
	assert_true(g_utf8_validate(written, -1, NULL));
}

static void every_condition_comes_back(void **state)
{
	for (int i = 0; i < XMPP_CONDITION_COUNT; i++) {
		g_autofree char *error = write_error((enum xmpp_condition)i, "text");
		g_autofree char *stanza = g_strdup_printf("<iq>%s</iq>", error);
		assert_int_equal(read_error(stanza), i);
		assert_non_null(strstr(error, xmpp_condition_name((enum xmpp_condition)i)));
	}
}

/* RFC 6120, section 8.3.3 names them. */
static void the_usual_types_are_those_of_the_rfc(void **state)
{
	static const struct {
		enum xmpp_condition condition;
		const char *type;
	} rows[] = {
		{ XMPP_BAD_REQUEST, "modify" },
		{ XMPP_CONFLICT, "cancel" },
		{ XMPP_FORBIDDEN, "auth" },
		{ XMPP_NOT_ACCEPTABLE, "modify" },
		{ XMPP_RECIPIENT_UNAVAILABLE, "wait" },
		{ XMPP_REGISTRATION_REQUIRED, "auth" },
		{ XMPP_REMOTE_SERVER_TIMEOUT, "wait" },
		{ XMPP_RESOURCE_CONSTRAINT, "wait" },
		{ XMPP_SERVICE_UNAVAILABLE, "cancel" },
		{ XMPP_NOT_ALLOWED, "cancel" },
		{ XMPP_NOT_AUTHORIZED, "auth" },
		{ XMPP_JID_MALFORMED, "modify" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *start =
			g_strdup_printf("<error type='%s'><%s ", rows[i].type, xmpp_condition_name(rows[i].condition));
		g_autofree char *error = write_error(rows[i].condition, NULL);
		assert_true(g_str_has_prefix(error, start));
	}
}

static void what_is_unknown_is_undefined(void **state)
{
	assert_int_equal(read_error("<iq/>"), XMPP_UNDEFINED_CONDITION);
	assert_int_equal(read_error("<iq><error/></iq>"), XMPP_UNDEFINED_CONDITION);
	assert_int_equal(read_error("<iq><error><gone/></error></iq>"), XMPP_UNDEFINED_CONDITION);
	assert_int_equal(read_error("<iq><error><new " STANZAS "/></error></iq>"), XMPP_UNDEFINED_CONDITION);
	assert_int_equal(read_error("<iq><error><x xmlns='x'/><gone " STANZAS "/></error></iq>"), XMPP_GONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_has_type_condition_and_text),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(every_condition_comes_back),
		cmocka_unit_test(the_usual_types_are_those_of_the_rfc),
		cmocka_unit_test(what_is_unknown_is_undefined),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
