/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "xml/writer.h"
#include "xmpp/component.h"

#define HEADER                                                                 \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' " \
	"xmlns:stream='http://etherx.jabber.org/streams' from='gate.localhost' id='3BF96D32'>"
#define ACCEPTED  "<handshake/>"
#define MESSAGE   "<message from='a@b' to='c@gate.localhost'><body>h&amp;i</body></message>"
#define HANDSHAKE "<handshake>7ab0bd48a12962a6b0183793fc29e366a6af319a</handshake>"

/* A stream whose events become lines. */
struct rig {
	struct xmpp_component *component;
	struct buf out;
	GString *lines;
	GError *error;
};

static void on_up(void *ctx)
{
	struct rig *rig = ctx;
	g_string_append(rig->lines, "up\n");
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct rig *rig = ctx;
	struct buf text;
	buf_init(&text, 1 << 20);
	xml_put_element(&text, stanza, "jabber:component:accept");
	g_string_append_printf(rig->lines, "%.*s\n", (int)buf_len(&text), buf_data(&text));
	buf_fini(&text);
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	struct rig *rig = ctx;
	g_string_append_printf(rig->lines, "skipped %s of %s: %s\n", start->name, xml_attr(start, "from"), why);
}

static struct rig *rig_new(const char *secret)
{
	static const struct xmpp_component_events events = { .up = on_up, .stanza = on_stanza, .skipped = on_skipped };
	struct rig *rig = g_new0(struct rig, 1);
	rig->component = xmpp_component_new("gate.localhost", secret, &events, rig);
	rig->lines = g_string_new(NULL);
	buf_init(&rig->out, 1 << 20);
	xmpp_component_open(rig->component, &rig->out);
	return rig;
}

static void rig_free(struct rig *rig)
{
	xmpp_component_free(&rig->component);
	assert_null(rig->component);
	buf_fini(&rig->out);
	g_string_free(rig->lines, TRUE);
	g_clear_error(&rig->error);
	g_free(rig);
}

static bool feed_n(struct rig *rig, const char *bytes, size_t n)
{
	/* In a block of its own, so that reading past it is seen. */
	g_autofree char *piece = g_memdup2(bytes, n);
	g_clear_error(&rig->error);
	return xmpp_component_feed(rig->component, piece, n, &rig->out, &rig->error);
}

static bool feed(struct rig *rig, const char *text)
{
	return feed_n(rig, text, strlen(text));
}

static char *written(struct rig *rig)
{
	char *text = g_strndup(buf_data(&rig->out), buf_len(&rig->out));
	buf_clear(&rig->out);
	return text;
}

static void assert_over(struct rig *rig, enum xmpp_stream_error code, const char *text)
{
	assert_true(g_error_matches(rig->error, XMPP_STREAM_ERROR, (int)code));
	assert_non_null(strstr(rig->error->message, text));
	/* It stays so, with the same reason. */
	assert_false(feed(rig, MESSAGE));
	assert_true(g_error_matches(rig->error, XMPP_STREAM_ERROR, (int)code));
	assert_string_equal(rig->lines->str, "");
}

static struct rig *rig_up(void)
{
	struct rig *rig = rig_new("test-secret");
	assert_true(feed(rig, HEADER ACCEPTED));
	assert_string_equal(rig->lines->str, "up\n");
	g_string_truncate(rig->lines, 0);
	buf_clear(&rig->out);
	return rig;
}

/* --- opening --------------------------------------------------------------------------------- */

static void the_header_names_the_component(void **state)
{
	struct rig *rig = rig_new("test-secret");
	g_autofree char *text = written(rig);
	assert_string_equal(text, "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
				  "xmlns:stream='http://etherx.jabber.org/streams' to='gate.localhost'>");
	rig_free(rig);
}

static void the_handshake_is_the_digest_of_id_and_secret(void **state)
{
	struct rig *rig = rig_new("test-secret");
	buf_clear(&rig->out);
	assert_true(feed(rig, HEADER));
	g_autofree char *text = written(rig);
	assert_string_equal(text, HANDSHAKE);
	assert_string_equal(rig->lines->str, "");
	rig_free(rig);
}

static void special_characters_are_digested_as_they_are(void **state)
{
	struct rig *rig = rig_new("s&<>");
	buf_clear(&rig->out);
	assert_true(feed(rig, "<stream:stream xmlns='jabber:component:accept' "
			      "xmlns:stream='http://etherx.jabber.org/streams' id='id&amp;&lt;&gt;&apos;&quot;ä'>"));
	g_autofree char *text = written(rig);
	assert_string_equal(text, "<handshake>1ae027693d27708eeffc7797deb6e31cf5f41353</handshake>");
	rig_free(rig);
}

static void features_before_the_answer_are_ignored(void **state)
{
	struct rig *rig = rig_new("test-secret");
	assert_true(feed(rig, HEADER "<stream:features/>" MESSAGE ACCEPTED));
	assert_string_equal(rig->lines->str, "up\n");
	rig_free(rig);
}

static void a_refused_secret_is_told_apart(void **state)
{
	struct rig *rig = rig_new("wrong");
	assert_false(feed(rig, HEADER "<stream:error><not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
				      "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>no</text></stream:error>"));
	assert_over(rig, XMPP_STREAM_ERROR_SECRET, "not-authorized: no");
	rig_free(rig);
}

static void what_is_no_stream_is_refused(void **state)
{
	static const char *const answers[] = { "<stream id='1'>",        "<html>",
					       "<stream:stream id='1'>", "HTTP/1.1 400 Bad Request\r\n\r\n",
					       "\x16\x03\x01",           "<!DOCTYPE x>" };
	for (size_t i = 0; i < G_N_ELEMENTS(answers); i++) {
		struct rig *rig = rig_new("test-secret");
		buf_clear(&rig->out);
		assert_false(feed(rig, answers[i]));
		assert_int_equal(buf_len(&rig->out), 0);
		assert_over(rig, XMPP_STREAM_ERROR_XML, "");
		rig_free(rig);
	}
}

/* --- stanzas --------------------------------------------------------------------------------- */

static void stanzas_come_whole(void **state)
{
	struct rig *rig = rig_up();
	assert_true(feed(rig, " " MESSAGE "\n" MESSAGE));
	assert_string_equal(rig->lines->str, MESSAGE "\n" MESSAGE "\n");
	rig_free(rig);
}

static void cuts_do_not_matter(void **state)
{
	static const char all[] = HEADER ACCEPTED MESSAGE " " MESSAGE "<handshake/>";
	for (guint32 seed = 0; seed < 50; seed++) {
		g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
		struct rig *rig = rig_new("test-secret");
		/* The first in single bytes. */
		for (size_t at = 0, n; at < sizeof(all) - 1; at += n) {
			n = seed ? (size_t)g_rand_int_range(rand, 1, 40) : 1;
			n = MIN(n, sizeof(all) - 1 - at);
			assert_true(feed_n(rig, all + at, n));
		}
		assert_string_equal(rig->lines->str, "up\n" MESSAGE "\n" MESSAGE "\n<handshake/>\n");
		rig_free(rig);
	}
}

static void nothing_at_all_is_no_error(void **state)
{
	struct rig *rig = rig_up();
	assert_true(feed(rig, ""));
	assert_string_equal(rig->lines->str, "");
	rig_free(rig);
}

/* --- endings --------------------------------------------------------------------------------- */

static void a_stream_error_says_why(void **state)
{
	static const struct {
		const char *inside, *text;
	} rows[] = {
		{ "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>", "conflict" },
		{ "<conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
		  "<text xmlns='urn:ietf:params:xml:ns:xmpp-streams'>Replaced</text>",
		  "conflict: Replaced" },
		{ "", "undefined-condition" },
		{ "<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>", "not-authorized" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct rig *rig = rig_up();
		g_autofree char *text =
			g_strdup_printf("<stream:error>%s</stream:error></stream:stream>", rows[i].inside);
		assert_false(feed(rig, text));
		assert_string_equal(rig->error->message, rows[i].text);
		assert_over(rig, XMPP_STREAM_ERROR_SERVER, rows[i].text);
		rig_free(rig);
	}
}

static void the_end_of_the_stream_is_an_end(void **state)
{
	struct rig *rig = rig_up();
	assert_false(feed(rig, "</stream:stream>" MESSAGE));
	assert_over(rig, XMPP_STREAM_ERROR_CLOSED, "closed the stream");
	rig_free(rig);
}

static void garbage_ends_it_and_names_the_place(void **state)
{
	static const char *const garbage[] = { "<message></iq>", "<a><b></a></b>",   "\xff\xfe",
					       "text",           "<?php ?>",         "<!-- comment -->",
					       "<!DOCTYPE a>",   "<a b='1' b='2'/>", "&lol;" };
	for (size_t i = 0; i < G_N_ELEMENTS(garbage); i++) {
		struct rig *rig = rig_up();
		if (feed(rig, garbage[i]))
			fail_msg("accepted: %s", garbage[i]);
		assert_over(rig, XMPP_STREAM_ERROR_XML, "broken XML: ");
		rig_free(rig);
	}
}

static void a_stanza_over_the_limit_ends_it(void **state)
{
	struct rig *rig = rig_up();
	g_autofree char *text = g_strnfill(5 << 20, 'x');
	assert_true(feed(rig, "<message><body>"));
	assert_false(feed(rig, text));
	assert_over(rig, XMPP_STREAM_ERROR_XML, "broken XML: ");
	rig_free(rig);
}

static void a_stanza_of_too_many_elements_does_not_end_it(void **state)
{
	struct rig *rig = rig_up();
	assert_true(feed(rig, "<message from='a@b'>"));
	for (unsigned i = 0; i < 200000; i++)
		assert_true(feed(rig, "<a/>"));
	assert_true(feed(rig, "</message>" MESSAGE));
	assert_string_equal(rig->lines->str, "skipped message of a@b: too many elements\n" MESSAGE "\n");
	rig_free(rig);
}

static void the_error_may_be_unwanted(void **state)
{
	struct rig *rig = rig_up();
	assert_false(xmpp_component_feed(rig->component, "<", 1, &rig->out, NULL) &&
		     xmpp_component_feed(rig->component, "<", 1, &rig->out, NULL));
	rig_free(rig);
}

static void closing_ends_what_was_opened(void **state)
{
	static const struct xmpp_component_events events = { .up = on_up, .stanza = on_stanza, .skipped = on_skipped };
	struct rig *rig = rig_up();
	xmpp_component_close(rig->component, &rig->out);
	g_autofree char *text = written(rig);
	assert_string_equal(text, "</stream:stream>");
	struct xmpp_component *fresh = xmpp_component_new("x", "y", &events, NULL);
	xmpp_component_close(fresh, &rig->out);
	assert_int_equal(buf_len(&rig->out), 0);
	xmpp_component_free(&fresh);
	xmpp_component_free(&fresh);
	rig_free(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_names_the_component),
		cmocka_unit_test(the_handshake_is_the_digest_of_id_and_secret),
		cmocka_unit_test(special_characters_are_digested_as_they_are),
		cmocka_unit_test(features_before_the_answer_are_ignored),
		cmocka_unit_test(a_refused_secret_is_told_apart),
		cmocka_unit_test(what_is_no_stream_is_refused),
		cmocka_unit_test(stanzas_come_whole),
		cmocka_unit_test(cuts_do_not_matter),
		cmocka_unit_test(nothing_at_all_is_no_error),
		cmocka_unit_test(a_stream_error_says_why),
		cmocka_unit_test(the_end_of_the_stream_is_an_end),
		cmocka_unit_test(garbage_ends_it_and_names_the_place),
		cmocka_unit_test(a_stanza_over_the_limit_ends_it),
		cmocka_unit_test(a_stanza_of_too_many_elements_does_not_end_it),
		cmocka_unit_test(the_error_may_be_unwanted),
		cmocka_unit_test(closing_ends_what_was_opened),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
