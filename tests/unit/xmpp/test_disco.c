/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_xep_has_its_hash),
		cmocka_unit_test(the_element_names_software_and_hash),
		cmocka_unit_test(the_answer_has_identity_and_features),
		cmocka_unit_test(another_feature_is_another_hash),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
