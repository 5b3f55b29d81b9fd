/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#define HEADER                                                                                                      \
	"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'" \
	" id='s1' xml:lang='en'>"
#define OPENED "open {http://etherx.jabber.org/streams}stream id=s1 lang=en xmlns=jabber:client\n"

static const struct xml_limits small = { .depth = 4, .attributes = 3, .elements = 6, .bytes = 200 };

struct sample {
	const char *fed, *events;
};

static const struct sample samples[] = {
	{ "", "" },
	{ HEADER, OPENED },
	{ HEADER "<presence/>", OPENED "stanza <presence xmlns='jabber:client'/>\n" },
	{ HEADER "<a/> \n\t<b/></stream:stream>",
	  OPENED "stanza <a xmlns='jabber:client'/>\nstanza <b xmlns='jabber:client'/>\nclose\n" },
	{ HEADER "<m to='a&amp;b'><body>x &lt;&#33;\n y</body>z</m>",
	  OPENED "stanza <m xmlns='jabber:client' to='a&amp;b'><body>x &lt;!\n y</body>z</m>\n" },
	{ HEADER "<m><x xmlns='urn:x'><y/><z xmlns=''/></x></m>",
	  OPENED "stanza <m xmlns='jabber:client'><x xmlns='urn:x'><y/><z xmlns=''/></x></m>\n" },
	{ HEADER "<m xml:lang='de'><p:x xmlns:p='urn:p' p:a='1' b='2'/></m>", OPENED
	  "stanza <m xmlns='jabber:client' xml:lang='de'><x xmlns='urn:p' xmlns:n1='urn:p' n1:a='1' b='2'/></m>\n" },
	{ HEADER "<m><![CDATA[<raw> & ]]]]>Катя</m>",
	  OPENED "stanza <m xmlns='jabber:client'>&lt;raw&gt; &amp; ]]Катя</m>\n" },
	{ HEADER "</stream:stream><more/>garbage<", OPENED "close\n" },
	{ "<s/>", "open {}s\nclose\n" },
	/* White space alone costs nothing, however much. */
	{ HEADER "                                                                                          "
		 "                                                                                          "
		 "                                                                                          <a/>",
	  OPENED "stanza <a xmlns='jabber:client'/>\n" },
	/* Not XML, or not a stream. */
	{ HEADER "<a></b>", OPENED "error not well-formed\n" },
	{ HEADER "<a x='1' x='2'/>", OPENED "error not well-formed\n" },
	{ HEADER "<p:a/>", OPENED "error not well-formed\n" },
	{ HEADER "<a>\xff</a>", OPENED "error not well-formed\n" },
	{ HEADER "<a>\x01</a>", OPENED "error not well-formed\n" },
	{ HEADER "<a/>text", OPENED "stanza <a xmlns='jabber:client'/>\nerror not well-formed\n" },
	{ "GET / HTTP/1.1\r\n", "error not well-formed\n" },
	{ "<?xml version='1.0' encoding='latin1'?><s/>", "error encoding\n" },
	{ "<?xml version='1.0' encoding='utf-8'?><s/>", "open {}s\nclose\n" },
	{ "<s xmlns='a\nb'/>", "open {a b}s xmlns=a b\nclose\n" },
	{ "<s xmlns='a&#10;b'/>", "error not well-formed\n" },
	/* RFC 6120, section 11.1. */
	{ "<!DOCTYPE s [<!ENTITY e 'x'>]><s>", "error restricted\n" },
	{ "<!DOCTYPE s SYSTEM 'http://example.org/s.dtd'><s>", "error restricted\n" },
	{ HEADER "<!-- hello --><a/>", OPENED "error restricted\n" },
	{ HEADER "<a><!-- hello --></a>", OPENED "error restricted\n" },
	{ HEADER "<a><?php echo?></a>", OPENED "error restricted\n" },
	{ HEADER "<a>&e;</a>", OPENED "error restricted\n" },
	/* Limits: at them, and past them. */
	{ HEADER "<a><b><c><d/></c></b></a>", OPENED "stanza <a xmlns='jabber:client'><b><c><d/></c></b></a>\n" },
	{ HEADER "<a><b><c><d><e/></d></c></b></a>", OPENED "error too large\n" },
	{ HEADER "<a x='1' y='2' z='3'/>", OPENED "stanza <a xmlns='jabber:client' x='1' y='2' z='3'/>\n" },
	{ HEADER "<a x='1' y='2' z='3' w='4'/>", OPENED "error too large\n" },
	{ HEADER "<a><b/><b/><b/><b/><b/></a><a/>",
	  OPENED "stanza <a xmlns='jabber:client'><b/><b/><b/><b/><b/></a>\nstanza <a xmlns='jabber:client'/>\n" },
	{ HEADER "<a><b/><b/><b/><b/><b/><b/></a>", OPENED "error too large\n" },
	{ "<s a='1' b='2' c='3' d='4'>", "error too large\n" },
};

static char *events_of(const struct sample *sample, size_t most, guint32 seed)
{
	struct record record;
	char *events;
	record_init(&record, &small);
	record_feed(&record, sample->fed, strlen(sample->fed), most, seed);
	events = g_strdup(record.lines->str);
	record_fini(&record);
	return events;
}

static void events_are_the_same_however_it_is_cut(void **state)
{
	for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
		g_autofree char *whole = events_of(&samples[i], RECORD_WHOLE, 1);
		g_autofree char *bytes = events_of(&samples[i], 1, 1);
		assert_string_equal(whole, samples[i].events);
		assert_string_equal(bytes, samples[i].events);
		for (guint32 seed = 0; seed < 50; seed++) {
			g_autofree char *cut = events_of(&samples[i], 1 + seed, seed);
			assert_string_equal(cut, samples[i].events);
		}
	}
}

/* `before` and `after` around n times `filler`, under a header, in each way of cutting. */
static void assert_filled(const char *before, char filler, size_t n, const char *after, const char *last_line)
{
	g_autofree char *filling = g_strnfill(n, filler);
	g_autofree char *fed = g_strconcat(HEADER, before, filling, after, NULL);
	const size_t cuts[] = { RECORD_WHOLE, 1, 7, 150 };
	for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++) {
		g_autofree char *events = events_of(&(struct sample){ .fed = fed }, cuts[i], 1);
		assert_true(g_str_has_suffix(events, last_line));
	}
}

static void stanza_may_have_just_as_many_bytes_as_the_limit(void **state)
{
	assert_filled("<a>", 'x', 200 - 7, "</a>", "</a>\n");
	assert_filled("<a>", 'x', 200 - 6, "</a>", "error too large\n");
	assert_filled("<a/>   <a>", 'x', 200 - 7, "</a>  ", "</a>\n");
	assert_filled("<a/>   <a>", 'x', 200 - 6, "</a>  ", "error too large\n");
}

static void tag_that_never_ends_is_too_large(void **state)
{
	assert_filled("<a b='", 'x', 300, "", "error too large\n");
	assert_filled("<", 'x', 300, "", "error too large\n");
	assert_filled("<a>&", 'x', 300, "", "error too large\n");
	assert_filled("<!--", 'x', 300, "", "error too large\n");
	assert_filled("<a><![CDATA[", 'x', 300, "", "error too large\n");
}

static void utf_16_is_refused_however_it_is_cut(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
	} cases[] = { { "\xff\xfe<\0s\0/\0>\0", 10 }, { "\xfe\xff\0<\0s", 6 }, { "<\0s\0>\0", 6 }, { "\0<\0s\0>", 6 } };
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		for (size_t most = 1; most < 4; most++) {
			struct record record;
			record_init(&record, &small);
			assert_false(record_feed(&record, cases[i].bytes, cases[i].n, most, (guint32)i));
			assert_string_equal(record.lines->str, "error encoding\n");
			record_fini(&record);
		}
	}
}

static void header_counts_too(void **state)
{
	struct record record;
	g_autofree char *fed = g_strdup_printf("<stream id='%0*d'>", 200, 1);
	record_init(&record, &small);
	assert_false(record_feed(&record, fed, strlen(fed), RECORD_WHOLE, 1));
	assert_string_equal(record.lines->str, "error too large\n");
	record_fini(&record);
}

static void error_past_the_limit_is_told_as_too_large(void **state)
{
	assert_filled("<a>", 'x', 300, "</b>", "error too large\n");
	assert_filled("<a>", 'x', 100, "</b>", "error not well-formed\n");
}

static void error_tells_line_column_and_reason_but_no_content(void **state)
{
	struct record record;
	g_autoptr(GError) error = NULL;
	static const char fed[] = "<s>\n<m>secret</n>";
	record_init(&record, &small);
	assert_false(xml_parser_feed(record.parser, fed, strlen(fed), &error));
	assert_string_equal(error->message, "line 2, column 12: mismatched tag");
	record_fini(&record);
}

static void broken_parser_stays_broken_until_reset(void **state)
{
	struct record record;
	g_autoptr(GError) error = NULL;
	record_init(&record, &small);
	assert_false(record_feed(&record, "<s></t>", 7, 7, 1));
	assert_false(xml_parser_feed(record.parser, "<a/>", 4, &error));
	xml_parser_reset(record.parser);
	assert_true(record_feed(&record, "<s><a/>", 7, 7, 1));
	assert_string_equal(record.lines->str, "open {}s\nerror not well-formed\nopen {}s\nstanza <a/>\n");
	record_fini(&record);
}

static void stop_discards_the_rest_until_reset(void **state)
{
	static const char fed[] = "<s><a/><b/><c/>";
	for (size_t most = 1; most <= sizeof(fed); most++) {
		struct record record;
		record_init(&record, &small);
		record.stop_after = 2;
		assert_true(record_feed(&record, fed, strlen(fed), most, 1));
		assert_true(record_feed(&record, "not XML <", 9, most, 1));
		xml_parser_reset(record.parser);
		assert_true(record_feed(&record, "<t><d/>", 7, most, 1));
		assert_string_equal(record.lines->str, "open {}s\nstanza <a/>\nstanza <b/>\nopen {}t\nstanza <d/>\n");
		record_fini(&record);
	}
}

static void stop_in_open(void *ctx, const struct xml_element *header)
{
	xml_parser_stop(*(struct xml_parser **)ctx);
}

static void fail_on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	fail();
}

static void stop_in_the_open_event_is_heeded(void **state)
{
	static const struct xml_parser_events events = { .open = stop_in_open, .stanza = fail_on_stanza };
	struct xml_parser *parser;
	parser = xml_parser_new(&small, &events, &parser);
	assert_true(xml_parser_feed(parser, "<s><a/>", 7, NULL));
	assert_true(xml_parser_feed(parser, "<a/>", 4, NULL));
	xml_parser_free(&parser);
	assert_null(parser);
	xml_parser_free(&parser);
}

static void elements_of_a_stanza_share_a_namespace(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	const struct xml_element *first = xml_first(stanza), *second = xml_next(first);
	assert_ptr_equal(stanza->ns, second->ns);
	assert_ptr_equal(first->ns, xml_first(first)->ns);
	assert_string_equal(xml_text(second, arena), "a\nb & c");
	assert_ptr_equal(second->first, second->last);
	*(bool *)ctx = true;
}

static void tree_shares_namespaces_and_has_text_in_one_piece(void **state)
{
	static const struct xml_parser_events events = { .stanza = elements_of_a_stanza_share_a_namespace };
	static const char fed[] = "<s xmlns='urn:s'><m><x xmlns='urn:x'><y/></x><b>a\nb &amp; c</b></m>";
	bool seen = false;
	struct xml_parser *parser = xml_parser_new(&small, &events, &seen);
	assert_true(xml_parser_feed(parser, fed, strlen(fed), NULL));
	assert_true(seen);
	xml_parser_free(&parser);
}

static const struct xml_limits large = { .depth = 64, .attributes = 64, .elements = 20000, .bytes = 4 << 20 };

static void long_stream_stays_the_same_and_knows_its_place(void **state)
{
	g_autoptr(GString) fed = g_string_new(HEADER "\n");
	const size_t cuts[] = { RECORD_WHOLE, 5000 };
	for (unsigned i = 0; i < 60000; i++)
		g_string_append_printf(fed, "<name%u attribute%u='x' stream:x=''/>\n", i, i);
	g_string_append(fed, "\n <a></b>");
	for (size_t i = 0; i < G_N_ELEMENTS(cuts); i++) {
		struct record record;
		g_autoptr(GError) error = NULL;
		record_init(&record, &large);
		assert_false(record_feed(&record, fed->str, fed->len, cuts[i], 1));
		assert_int_equal(record.stanzas, 60000);
		assert_non_null(
			strstr(record.lines->str, "<name59999 xmlns='jabber:client' attribute59999='x' xmlns:n2="));
		assert_false(xml_parser_feed(record.parser, "", 0, &error));
		assert_string_equal(error->message, "line 60003, column 7: mismatched tag");
		record_fini(&record);
	}
}

static void long_tag_in_small_pieces_arrives(void **state)
{
	g_autofree char *value = g_strnfill(300000, 'v');
	g_autofree char *fed = g_strdup_printf("<s><a b='%s'/><c/>", value);
	struct record record;
	record_init(&record, &large);
	assert_true(record_feed(&record, fed, strlen(fed), 64, 1));
	assert_int_equal(record.stanzas, 2);
	assert_true(g_str_has_suffix(record.lines->str, "'/>\nstanza <c/>\n"));
	record_fini(&record);
}

static void tag_made_to_be_scanned_again_and_again_is_refused(void **state)
{
	struct xml_limits limits = { .depth = 4, .attributes = 4, .elements = 4, .bytes = 60000 };
	g_autofree char *value = g_strnfill(50000, '>');
	g_autofree char *fed = g_strdup_printf("<s><a b='%s'/>", value);
	struct record record;
	record_init(&record, &limits);
	assert_false(record_feed(&record, fed, strlen(fed), 1, 1));
	assert_string_equal(record.lines->str, "open {}s\nerror too large\n");
	xml_parser_reset(record.parser);
	assert_true(record_feed(&record, fed, strlen(fed), 8000, 1));
	record_fini(&record);
}

static void long_text_in_small_pieces_arrives(void **state)
{
	g_autoptr(GString) fed = g_string_new("<s><a>");
	struct record record;
	for (unsigned i = 0; i < 100000; i++)
		g_string_append(fed, "x\n&amp;");
	g_string_append(fed, "</a>");
	record_init(&record, &large);
	assert_true(record_feed(&record, fed->str, fed->len, 100, 1));
	assert_int_equal(record.stanzas, 1);
	assert_int_equal(record.lines->len, strlen("open {}s\nstanza <a></a>\n") + 100000 * strlen("x\n&amp;"));
	record_fini(&record);
}

static void stanza_past_a_limit_of_the_tree_is_skipped_and_the_stream_goes_on(void **state)
{
	static const char fed[] = HEADER "<a id='1'><b><c><d><e>x<f/></e></d></c></b></a>"
					 "<a id='2'><b/><b/><b/><b/><b/><b/><b>x</b></a> "
					 "<a id='3' y='2' z='3' w='4'><b/></a>"
					 "<a id='4'><b x='1' y='2' z='3' w='4'><c/></b></a>"
					 "<a id='5'/></stream:stream>";
	static const char events[] = OPENED "skipped a 1: too many elements inside each other\n"
					    "skipped a 2: too many elements\n"
					    "skipped a 3: too many attributes\n"
					    "skipped a 4: too many attributes\n"
					    "stanza <a xmlns='jabber:client' id='5'/>\nclose\n";
	for (guint32 seed = 0; seed < 50; seed++) {
		struct record record;
		record_init_skipping(&record, &small);
		assert_true(record_feed(&record, fed, strlen(fed), seed ? seed : RECORD_WHOLE, seed));
		assert_string_equal(record.lines->str, events);
		record_fini(&record);
	}
}

static void skipped_stanza_is_bounded_in_bytes(void **state)
{
	static const char begun[] = HEADER "<a><b><c><d><e>", header[] = "<s a='1' b='2' c='3' d='4'>";
	g_autofree char *filling = g_strnfill(200, 'x');
	struct record record;
	record_init_skipping(&record, &small);
	assert_true(record_feed(&record, begun, strlen(begun), 1, 1));
	assert_false(record_feed(&record, filling, strlen(filling), 7, 1));
	xml_parser_reset(record.parser);
	assert_false(record_feed(&record, header, strlen(header), 7, 1));
	assert_string_equal(record.lines->str, OPENED "error too large\nerror too large\n");
	record_fini(&record);
}

/* --- guests with secrets, and guests who sleep ------------------------------------------------ */

struct guest {
	struct xml_parser *parser;
	struct arena *arena;
	GString *lines;
	bool stops;
};

static void note_begin(void *ctx, const struct xml_element *start)
{
	struct guest *guest = ctx;
	assert_null(start->first);
	g_string_append_printf(guest->lines, "begin %s %s\n", start->name, xml_attr(start, "id"));
	if (guest->stops)
		xml_parser_stop(guest->parser);
}

static void note_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct guest *guest = ctx;
	guest->arena = arena;
	g_string_append_printf(guest->lines, "%s\n", xml_text(stanza, arena));
}

static void guest_init(struct guest *guest)
{
	static const struct xml_parser_events events = { .begin = note_begin, .stanza = note_stanza };
	*guest = (struct guest){ .lines = g_string_new(NULL) };
	guest->parser = xml_parser_new(&small, &events, guest);
}

static void guest_fini(struct guest *guest)
{
	xml_parser_free(&guest->parser);
	g_string_free(guest->lines, TRUE);
}

static bool guest_feed(struct guest *guest, const char *text)
{
	return xml_parser_feed(guest->parser, text, strlen(text), NULL);
}

static void a_stanza_can_be_refused_at_its_start(void **state)
{
	struct guest guest;
	guest_init(&guest);
	assert_true(guest_feed(&guest, HEADER "<a id='1'>x<b/></a><a id='2'"));
	assert_string_equal(guest.lines->str, "begin a 1\nx\n");
	guest.stops = true;
	assert_true(guest_feed(&guest, ">y<b></a>") && guest_feed(&guest, "<a/>"));
	assert_string_equal(guest.lines->str, "begin a 1\nx\nbegin a 2\n");
	guest_fini(&guest);
}

static void a_guarded_stanza_is_overwritten(void **state)
{
	struct guest guest;
	guest_init(&guest);
	xml_parser_guard(guest.parser);
	assert_true(guest_feed(&guest, HEADER "<a>hush-1</a><a>hush-2</a>"));
	assert_true(guest_feed(&guest, "<a>hus"));
	assert_true(guest_feed(&guest, "h-3</a>"));
	assert_true(g_str_has_suffix(guest.lines->str, "hush-3\n"));
	/* Not zeroed, says the arena: what is there is what was. */
	const char *left = arena_alloc(guest.arena, 2048);
	assert_null(memmem(left, 2048, "hush", 4));
	guest_fini(&guest);
}

static void limits_can_be_others_after_a_stanza(void **state)
{
	static const struct xml_limits larger = { .depth = 9, .attributes = 9, .elements = 9, .bytes = 9999 };
	struct guest guest;
	guest_init(&guest);
	xml_parser_guard(guest.parser);
	assert_true(guest_feed(&guest, HEADER "<a/>"));
	xml_parser_relax(guest.parser, &larger);
	assert_true(guest_feed(&guest, "<a><b><c><d><e>x</e></d></c></b></a>"));
	xml_parser_reset(guest.parser);
	assert_true(guest_feed(&guest, HEADER "<a><b><c><d><e>x</e></d></c></b></a>"));
	guest_fini(&guest);
}

static void a_parser_that_rests_goes_on(void **state)
{
	struct guest guest;
	guest_init(&guest);
	xml_parser_rest(guest.parser);
	assert_true(guest_feed(&guest, "<s xmlns='x' xmln"));
	xml_parser_rest(guest.parser);
	assert_true(guest_feed(&guest, "s:p='y'> "));
	xml_parser_rest(guest.parser);
	xml_parser_rest(guest.parser);
	assert_true(guest_feed(&guest, " \n"));
	assert_true(guest_feed(&guest, "<p:a>1</p:a><p:a>2"));
	xml_parser_rest(guest.parser);
	assert_true(guest_feed(&guest, "3</p:a>"));
	xml_parser_rest(guest.parser);
	assert_true(guest_feed(&guest, "</s>"));
	xml_parser_rest(guest.parser);
	assert_string_equal(guest.lines->str, "begin a (null)\n1\nbegin a (null)\n23\n");
	guest_fini(&guest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_the_same_however_it_is_cut),
		cmocka_unit_test(stanza_may_have_just_as_many_bytes_as_the_limit),
		cmocka_unit_test(tag_that_never_ends_is_too_large),
		cmocka_unit_test(utf_16_is_refused_however_it_is_cut),
		cmocka_unit_test(header_counts_too),
		cmocka_unit_test(error_past_the_limit_is_told_as_too_large),
		cmocka_unit_test(error_tells_line_column_and_reason_but_no_content),
		cmocka_unit_test(broken_parser_stays_broken_until_reset),
		cmocka_unit_test(stop_discards_the_rest_until_reset),
		cmocka_unit_test(stop_in_the_open_event_is_heeded),
		cmocka_unit_test(tree_shares_namespaces_and_has_text_in_one_piece),
		cmocka_unit_test(long_stream_stays_the_same_and_knows_its_place),
		cmocka_unit_test(long_tag_in_small_pieces_arrives),
		cmocka_unit_test(tag_made_to_be_scanned_again_and_again_is_refused),
		cmocka_unit_test(long_text_in_small_pieces_arrives),
		cmocka_unit_test(stanza_past_a_limit_of_the_tree_is_skipped_and_the_stream_goes_on),
		cmocka_unit_test(skipped_stanza_is_bounded_in_bytes),
		cmocka_unit_test(a_stanza_can_be_refused_at_its_start),
		cmocka_unit_test(a_guarded_stanza_is_overwritten),
		cmocka_unit_test(limits_can_be_others_after_a_stanza),
		cmocka_unit_test(a_parser_that_rests_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
