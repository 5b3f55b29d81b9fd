/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xml/parser.h"
#include "xmpp/form.h"

static const struct xml_element *parse(struct arena *arena, const char *text)
{
	const struct xml_element *element = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
	assert_non_null(element);
	return element;
}

static void submitted_values_are_found(void **state)
{
	struct arena *arena = arena_new(1024);
	const struct xml_element *payload =
		parse(arena, "<query xmlns='q'><username>u</username><x xmlns='jabber:x:data' type='submit'>"
			     "<title/><field var='a' type='text-single'><value>1</value><value>2</value></field>"
			     "<field var='b'><value/></field><field var='c'/><field><value>3</value></field>"
			     "<other var='d'><value>4</value></other></x></query>");
	const struct xml_element *form = form_find(payload);
	assert_non_null(form);
	assert_string_equal(form_value(form, "a", arena), "1");
	assert_string_equal(form_value(form, "b", arena), "");
	assert_null(form_value(form, "c", arena));
	assert_null(form_value(form, "d", arena));
	assert_null(form_value(form, "e", arena));
	arena_free(&arena);
}

static void without_a_form_there_are_no_values(void **state)
{
	struct arena *arena = arena_new(1024);
	const struct xml_element *form = form_find(parse(arena, "<query xmlns='q'><x/></query>"));
	assert_null(form);
	assert_null(form_value(form, "a", arena));
	arena_free(&arena);
}

static void forms_are_written_in_order(void **state)
{
	static const char *const options[] = { "en", "d&e" };
	struct buf out;
	buf_init(&out, 4096);
	form_begin(&out, "form", "Title", "Do <this>");
	form_put(&out, "hidden", "FORM_TYPE", NULL, "ns", false);
	form_put(&out, "text-single", "name", "Name", NULL, true);
	form_put(&out, "boolean", "yes", "Yes?", "0", false);
	form_put_list(&out, "language", "Language", "en", options, 2);
	form_end(&out);
	g_autofree char *text = g_strndup(buf_data(&out), buf_len(&out));
	assert_string_equal(text,
			    "<x xmlns='jabber:x:data' type='form'><title>Title</title><instructions>Do &lt;this&gt;"
			    "</instructions><field type='hidden' var='FORM_TYPE'><value>ns</value></field>"
			    "<field type='text-single' var='name' label='Name'><required/></field>"
			    "<field type='boolean' var='yes' label='Yes?'><value>0</value></field>"
			    "<field type='list-single' var='language' label='Language'><value>en</value>"
			    "<option label='en'><value>en</value></option>"
			    "<option label='d&amp;e'><value>d&amp;e</value></option></field></x>");
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(submitted_values_are_found),
		cmocka_unit_test(without_a_form_there_are_no_values),
		cmocka_unit_test(forms_are_written_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
