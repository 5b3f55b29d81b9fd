/* SPDX-License-Identifier: MIT */
#include "frontend/server/written.h"

#include "serving.h"

static struct written read_text(const char *text)
{
	struct written written;
	assert_true(written_read(&written, text, strlen(text)));
	return written;
}

static void kind_and_type_are_read_whatever_the_quotes(void **state)
{
	assert_int_equal(read_text("<message>").kind, STANZA_MESSAGE);
	assert_int_equal(read_text("<presence/>").kind, STANZA_PRESENCE);
	assert_int_equal(read_text("<iq type='get'/>").kind, STANZA_IQ);
	assert_true(str_is(read_text("<iq from='a' to=\"b'>\" type=\"set\"/>").type, "set"));
	assert_true(str_is(read_text("<message to='a type=b' type='chat'>").type, "chat"));
}

static void a_type_inside_is_not_its_type(void **state)
{
	assert_true(str_is(read_text("<message to='a'><x type='chat'/></message>").type, ""));
	assert_true(str_is(read_text("<message><x type='chat'/></message>").type, ""));
	assert_true(str_is(read_text("<presence/>type='x'").type, ""));
}

static void what_is_no_stanza_is_told(void **state)
{
	static const char *const texts[] = { "",       "<",       "<message", "<messages>",
					     "<iqs/>", "message", "<stream>", " <iq/>" };
	struct written written;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		assert_false(written_read(&written, texts[i], strlen(texts[i])));
}

static void what_breaks_off_ends_there(void **state)
{
	static const char *const texts[] = { "<iq type", "<iq type=", "<iq type='", "<iq type='get",
					     "<iq a= type='b'" };
	struct written written;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *exact = g_memdup2(texts[i], strlen(texts[i]));
		assert_true(written_read(&written, exact, strlen(texts[i])));
		assert_int_equal(written.type.n, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kind_and_type_are_read_whatever_the_quotes),
		cmocka_unit_test(a_type_inside_is_not_its_type),
		cmocka_unit_test(what_is_no_stanza_is_told),
		cmocka_unit_test(what_breaks_off_ends_there),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
