/* SPDX-License-Identifier: MIT */
#include "xmpp/rsm.h"

#include "xml/parser.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define SET(inside) "<query><set xmlns='http://jabber.org/protocol/rsm'>" inside "</set></query>"

static bool read_text(struct rsm *rsm, struct arena *arena, const char *text)
{
	return rsm_read(rsm, xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL), arena);
}

static void pages_are_found(void **state)
{
	/* Of ten items; the anchor is item 4. */
	static const struct {
		const char *text;
		size_t from, to;
	} rows[] = {
		{ SET(""), 0, 10 },
		{ SET("<max>3</max>"), 0, 3 },
		{ SET("<max>0</max>"), 0, 0 },
		{ SET("<max>3</max><after>x</after>"), 5, 8 },
		{ SET("<max>30</max><after>x</after>"), 5, 10 },
		{ SET("<max>3</max><after/>"), 0, 3 },
		{ SET("<max>3</max><before/>"), 7, 10 },
		{ SET("<max>3</max><before>x</before>"), 1, 4 },
		{ SET("<max>30</max><before>x</before>"), 0, 4 },
		{ SET("<max>3</max><index>8</index>"), 8, 10 },
		{ SET("<max>99999999</max>"), 0, 10 },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct arena *arena = arena_new(1024);
		struct rsm_page page;
		struct rsm rsm;
		assert_true(read_text(&rsm, arena, rows[i].text));
		assert_true(rsm.asked && rsm_find(&rsm, 10, 4, &page));
		assert_int_equal(page.from, rows[i].from);
		assert_int_equal(page.to, rows[i].to);
		arena_free(&arena);
	}
}

static void what_is_not_there_is_not_found(void **state)
{
	static const char *const texts[] = { SET("<after>x</after>"), SET("<before>x</before>"),
					     SET("<index>10</index>"), SET("<index>4000000000</index>") };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct arena *arena = arena_new(1024);
		struct rsm_page page;
		struct rsm rsm;
		assert_true(read_text(&rsm, arena, texts[i]));
		assert_false(rsm_find(&rsm, 10, SIZE_MAX, &page));
		arena_free(&arena);
	}
}

static void an_empty_list_has_an_empty_page(void **state)
{
	struct rsm_page page;
	assert_true(rsm_find(&(struct rsm){ .asked = true, .max = 5 }, 0, SIZE_MAX, &page));
	assert_int_equal(page.to, 0);
	assert_true(rsm_find(&(struct rsm){ .asked = true, .max = 5, .backwards = true }, 0, SIZE_MAX, &page));
	assert_int_equal(page.to, 0);
}

static void nonsense_is_refused(void **state)
{
	static const char *const texts[] = { SET("<max>-1</max>"),
					     SET("<max>many</max>"),
					     SET("<max/>"),
					     SET("<index>x</index>"),
					     SET("<max>99999999999999999999</max>"),
					     SET("<after>a</after><before>b</before>") };
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		struct arena *arena = arena_new(1024);
		struct rsm rsm;
		assert_false(read_text(&rsm, arena, texts[i]));
		arena_free(&arena);
	}
}

static void nothing_asked_is_nothing_asked(void **state)
{
	struct arena *arena = arena_new(1024);
	struct rsm rsm;
	assert_true(read_text(&rsm, arena, "<query><set xmlns='other'><max>x</max></set></query>"));
	assert_false(rsm.asked);
	arena_free(&arena);
}

static void check(const char *first, size_t index, const char *last, size_t count, const char *wanted)
{
	struct buf out;
	buf_init(&out, 1024);
	rsm_put(&out, first, index, last, count);
	g_autofree char *text = g_strndup(buf_data(&out), buf_len(&out));
	assert_string_equal(text, wanted);
	buf_fini(&out);
}

static void pages_say_where_they_are(void **state)
{
	check("a<", 3, "b", 10,
	      "<set xmlns='http://jabber.org/protocol/rsm'><first index='3'>a&lt;</first><last>b</last>"
	      "<count>10</count></set>");
	check(NULL, 0, NULL, 0, "<set xmlns='http://jabber.org/protocol/rsm'><count>0</count></set>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pages_are_found),
		cmocka_unit_test(what_is_not_there_is_not_found),
		cmocka_unit_test(an_empty_list_has_an_empty_page),
		cmocka_unit_test(nonsense_is_refused),
		cmocka_unit_test(nothing_asked_is_nothing_asked),
		cmocka_unit_test(pages_say_where_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
