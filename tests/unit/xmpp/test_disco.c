/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xml/parser.h"
#include "xmpp/disco.h"

/* XEP-0115, section 5.2; the features in another order. */
static const char *const features[] = { "http://jabber.org/protocol/muc", "http://jabber.org/protocol/disco#items",
					"http://jabber.org/protocol/caps", "http://jabber.org/protocol/disco#info",
					NULL };
static const struct disco_info exodus = { "client", "pc", "Exodus 0.9.1", features };

static void the_example_of_the_xep_has_its_hash(void **state)
{
	g_autofree char *ver = disco_caps_ver(&exodus);
	assert_string_equal(ver, "QgayPKawpkPSDYmwT/WM94uAlu0=");
	/* The list is sorted in a copy. */
	assert_string_equal(exodus.features[0], "http://jabber.org/protocol/muc");
}

static void the_element_names_software_and_hash(void **state)
{
	g_autofree char *element = disco_caps_element(&exodus, "http://code.google.com/p/exodus");
	assert_string_equal(element, "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' "
				     "node='http://code.google.com/p/exodus' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>");
}

static void the_answer_has_identity_and_features(void **state)
{
	static const char *const few[] = { "b", "a", NULL };
	struct disco_info info = { "gateway", "irc", "It's <me>", few };
	struct buf out;
	buf_init(&out, 4096);
	disco_put_info(&out, &info, NULL);
	disco_put_info(&out, &info, "node#1");
	g_autofree char *text = g_strndup(buf_data(&out), buf_len(&out));
	assert_string_equal(text, "<query xmlns='http://jabber.org/protocol/disco#info'>"
				  "<identity category='gateway' type='irc' name='It&apos;s &lt;me&gt;'/>"
				  "<feature var='b'/><feature var='a'/></query>"
				  "<query xmlns='http://jabber.org/protocol/disco#info' node='node#1'>"
				  "<identity category='gateway' type='irc' name='It&apos;s &lt;me&gt;'/>"
				  "<feature var='b'/><feature var='a'/></query>");
	buf_fini(&out);
}

static void another_feature_is_another_hash(void **state)
{
	static const char *const few[] = { "a", NULL }, *const more[] = { "a", "b", NULL };
	g_autofree char *one = disco_caps_ver(&(struct disco_info){ "client", "pc", "x", few });
	g_autofree char *two = disco_caps_ver(&(struct disco_info){ "client", "pc", "x", more });
	assert_string_not_equal(one, two);
}

/* The hash of a received answer; NULL if there is none. */
static char *ver_of(const char *payloads)
{
	struct arena *arena = arena_new(4096);
	g_autofree char *text =
		g_strconcat("<query xmlns='http://jabber.org/protocol/disco#info'>", payloads, "</query>", NULL);
	const struct xml_element *query = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
	assert_non_null(query);
	char *ver = disco_ver_of(query, arena);
	arena_free(&arena);
	return ver;
}

#define SIMPLE                                                        \
	"<identity category='client' type='pc' name='Exodus 0.9.1'/>" \
	"<feature var='http://jabber.org/protocol/caps'/>"            \
	"<feature var='http://jabber.org/protocol/disco#items'/>"     \
	"<feature var='http://jabber.org/protocol/disco#info'/>"      \
	"<feature var='http://jabber.org/protocol/muc'/>"
#define FORM(fields)                                                                   \
	"<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE' type='hidden'>" \
	"<value>urn:xmpp:dataforms:softwareinfo</value></field>" fields "</x>"

static void a_received_answer_has_the_hash_of_the_xep(void **state)
{
	g_autofree char *simple = ver_of(SIMPLE);
	assert_string_equal(simple, "QgayPKawpkPSDYmwT/WM94uAlu0=");
	/* XEP-0115, section 5.3 */
	g_autofree char *complex = ver_of(
		"<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>"
		"<identity xml:lang='el' category='client' name='\316\250 0.11' type='pc'/>"
		"<feature var='http://jabber.org/protocol/caps'/>"
		"<feature var='http://jabber.org/protocol/disco#info'/>"
		"<feature var='http://jabber.org/protocol/disco#items'/>"
		"<feature var='http://jabber.org/protocol/muc'/>" FORM(
			"<field var='ip_version' type='text-multi'><value>ipv6</value><value>ipv4</value></field>"
			"<field var='os'><value>Mac</value></field>"
			"<field var='os_version'><value>10.5.1</value></field>"
			"<field var='software'><value>Psi</value></field>"
			"<field var='software_version'><value>0.11</value></field>"));
	assert_string_equal(complex, "q07IKJEyjvHSyhy//CH0CxmKi8w=");
}

static void a_form_without_a_hidden_type_does_not_count(void **state)
{
	g_autofree char *ver = ver_of(SIMPLE "<x xmlns='jabber:x:data' type='result'><field var='FORM_TYPE'>"
					     "<value>a</value></field><field var='b'><value>c</value></field></x>");
	assert_string_equal(ver, "QgayPKawpkPSDYmwT/WM94uAlu0=");
}

static void ill_formed_answers_have_no_hash(void **state)
{
	assert_null(ver_of(SIMPLE "<feature var='http://jabber.org/protocol/muc'/>"));
	assert_null(ver_of(SIMPLE "<identity category='client' type='pc' name='Exodus 0.9.1'/>"));
	assert_null(ver_of(SIMPLE FORM("") FORM("<field var='os'><value>Mac</value></field>")));
}

static void text_that_holds_the_separator_has_no_hash(void **state)
{
	assert_null(ver_of("<identity category='client' type='pc' name='x&lt;feature'/>"));
	assert_null(ver_of("<feature var='a&lt;b'/>"));
	assert_null(ver_of(FORM("<field var='os'><value>Mac&lt;a</value></field>")));
}

static void further_identities_are_written_and_hashed(void **state)
{
	static const char *const one[] = { "a", NULL };
	static const struct disco_identity more[] = { { "gateway", "irc", "x" },
						      { "account", "registered", NULL },
						      { 0 } };
	struct disco_info info = { "server", "im", "x", one, more };
	struct buf out;
	buf_init(&out, 4096);
	disco_put_info(&out, &info, NULL);
	g_autofree char *text = g_strndup(buf_data(&out), buf_len(&out));
	g_autofree char *ver = disco_caps_ver(&info),
			*seen = ver_of("<identity category='server' type='im' name='x'/>"
				       "<identity category='gateway' type='irc' name='x'/>"
				       "<identity category='account' type='registered'/>"
				       "<feature var='a'/>");
	assert_non_null(strstr(text, "<identity category='gateway' type='irc' name='x'/>"
				     "<identity category='account' type='registered'/><feature"));
	assert_string_equal(ver, seen);
	buf_fini(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_xep_has_its_hash),
		cmocka_unit_test(the_element_names_software_and_hash),
		cmocka_unit_test(the_answer_has_identity_and_features),
		cmocka_unit_test(another_feature_is_another_hash),
		cmocka_unit_test(a_received_answer_has_the_hash_of_the_xep),
		cmocka_unit_test(a_form_without_a_hidden_type_does_not_count),
		cmocka_unit_test(ill_formed_answers_have_no_hash),
		cmocka_unit_test(text_that_holds_the_separator_has_no_hash),
		cmocka_unit_test(further_identities_are_written_and_hashed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
