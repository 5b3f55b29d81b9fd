/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xml/parser.h"
#include "xmpp/stanza.h"

static enum stanza_fault read_text(struct stanza *stanza, struct arena *arena, const char *text)
{
	const struct xml_element *element = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
	assert_non_null(element);
	return stanza_read(stanza, element, arena, "gate.localhost");
}

static void what_every_stanza_has_is_read(void **state)
{
	struct arena *arena = arena_new(1024);
	struct stanza stanza;
	assert_int_equal(
		read_text(&stanza, arena,
			  "<message xmlns='jabber:component:accept' from='A@B/c' to='d@gate.localhost/e' id='1' "
			  "type='chat' x:to='no' xmlns:x='x'/>"),
		STANZA_OK);
	assert_int_equal(stanza.kind, STANZA_MESSAGE);
	assert_string_equal(stanza.from.full, "a@b/c");
	assert_string_equal(stanza.to.full, "d@gate.localhost/e");
	assert_string_equal(stanza.id, "1");
	assert_string_equal(stanza.type, "chat");
	assert_string_equal(stanza.element->name, "message");
	assert_false(stanza_is_error(&stanza));
	arena_free(&arena);
}

static void kinds_are_told_apart(void **state)
{
	static const struct {
		const char *text;
		enum stanza_fault fault;
		enum stanza_kind kind;
	} rows[] = {
		{ "<message from='a@b'/>", STANZA_OK, STANZA_MESSAGE },
		{ "<presence from='a@b'/>", STANZA_OK, STANZA_PRESENCE },
		{ "<iq from='a@b'/>", STANZA_OK, STANZA_IQ },
		{ "<Message from='a@b'/>", STANZA_UNKNOWN, STANZA_MESSAGE },
		{ "<handshake/>", STANZA_UNKNOWN, STANZA_MESSAGE },
	};
	struct arena *arena = arena_new(1024);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct stanza stanza;
		assert_int_equal(read_text(&stanza, arena, rows[i].text), rows[i].fault);
		if (rows[i].fault == STANZA_OK)
			assert_int_equal(stanza.kind, rows[i].kind);
	}
	arena_free(&arena);
}

static void what_is_absent_has_its_stand_in(void **state)
{
	struct arena *arena = arena_new(1024);
	struct stanza stanza;
	assert_int_equal(read_text(&stanza, arena, "<iq from='a@b'/>"), STANZA_OK);
	assert_string_equal(stanza.to.full, "gate.localhost");
	assert_null(stanza.id);
	assert_string_equal(stanza.type, "");
	arena_free(&arena);
}

static void senders_have_to_be_addresses(void **state)
{
	struct arena *arena = arena_new(1024);
	struct stanza stanza;
	assert_int_equal(read_text(&stanza, arena, "<iq/>"), STANZA_NO_FROM);
	assert_int_equal(read_text(&stanza, arena, "<iq from=''/>"), STANZA_BAD_FROM);
	assert_int_equal(read_text(&stanza, arena, "<iq from='@b'/>"), STANZA_BAD_FROM);
	assert_int_equal(read_text(&stanza, arena, "<iq from='a@b/'/>"), STANZA_BAD_FROM);
	arena_free(&arena);
}

static void a_bad_recipient_can_still_be_answered(void **state)
{
	struct arena *arena = arena_new(1024);
	struct stanza stanza;
	assert_int_equal(read_text(&stanza, arena, "<iq from='a@b/c' to='a b@x' id='7' type='get'/>"), STANZA_BAD_TO);
	assert_int_equal(stanza.kind, STANZA_IQ);
	assert_string_equal(stanza.from.full, "a@b/c");
	assert_string_equal(stanza.id, "7");
	assert_string_equal(stanza.type, "get");
	arena_free(&arena);
}

static void errors_are_known_by_their_type(void **state)
{
	struct arena *arena = arena_new(1024);
	struct stanza stanza;
	read_text(&stanza, arena, "<message from='a@b' type='error'/>");
	assert_true(stanza_is_error(&stanza));
	arena_free(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_every_stanza_has_is_read),
		cmocka_unit_test(kinds_are_told_apart),
		cmocka_unit_test(what_is_absent_has_its_stand_in),
		cmocka_unit_test(senders_have_to_be_addresses),
		cmocka_unit_test(a_bad_recipient_can_still_be_answered),
		cmocka_unit_test(errors_are_known_by_their_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
