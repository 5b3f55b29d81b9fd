/* SPDX-License-Identifier: MIT */
#include "rig.h"

#define ACTIVE   "<active xmlns='http://jabber.org/protocol/chatstates'/>"
#define ONE      "http://example.org/example1.png"
#define TWO      "https://example.org/example2.png"
#define OOB(url) "<x xmlns='jabber:x:oob'><url>" url "</url></x>"
#define IMG(url) "<img alt='' src='" url "'/>"
#define HTML(in)                                                                                           \
	"<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>" in \
	"</body></html>"
#define MESSAGE(in) FROM "'*'>" in ACTIVE "</message>"
#define FROM        "<message from='bob@gate.localhost/bot' to='user@localhost' type='chat' id="

/* The example that the original's tests fix. */
#define BODY  "Test message " ONE " more text " TWO " final text"
#define XHTML "Test message <img src=\"" ONE "\"/> more text <img src='" TWO "'> final text"
#define WHOLE HTML("Test message " IMG(ONE) " more text " IMG(TWO) " final text")

static struct rig *start(const char *option, const char *other)
{
	const char *const overrides[] = { option, other, NULL };
	struct rig *rig = rig_new("sqlite3", option ? overrides : NULL);
	fakes_register(rig->fakes, USER);
	receive(rig, "<presence from='" USER "/a' to='gate.localhost'/>");
	fakes_settle(rig->fakes);
	net_connected(rig->fakes, USER);
	forget(rig);
	return rig;
}

static void says(struct rig *rig, struct core_message message)
{
	struct core_legacy_message given = { .name = "bob", .message = message };
	core_legacy_message(fakes_user(rig->fakes, USER), &given);
}

static void the_first_picture_is_the_body(void **state)
{
	struct rig *rig = start(NULL, NULL);
	says(rig, (struct core_message){ .body = BODY, .xhtml = XHTML, .id = "m1" });
	expect(rig, FROM "'m1'><body>" ONE "</body>" WHOLE OOB(ONE) ACTIVE "</message>");
	rig_end(rig);
}

static void all_pictures_stand_beside_the_words(void **state)
{
	struct rig *rig = start("service.oob_replace_body=0", NULL);
	says(rig, (struct core_message){ .body = BODY, .xhtml = XHTML });
	expect(rig, MESSAGE("<body>" BODY "</body>" WHOLE OOB(ONE) OOB(TWO)));
	rig_end(rig);
}

static void words_and_pictures_become_messages_of_their_own(void **state)
{
	struct rig *rig = start("service.oob_split=1", NULL);
	says(rig, (struct core_message){ .body = BODY, .xhtml = XHTML, .id = "m1", .time = 1234567890 });
#define DELAY ACTIVE "<delay xmlns='urn:xmpp:delay' from='gate.localhost' stamp='2009-02-13T23:31:30Z'/></message>"
	expect(rig, FROM "'m1'><body>Test message</body>" HTML("Test message") DELAY FROM
	       "'*'><body>" ONE "</body>" HTML(IMG(ONE)) OOB(ONE) DELAY FROM
	       "'*'><body>more text</body>" HTML("more text") DELAY FROM "'*'><body>" TWO "</body>" HTML(IMG(TWO))
		       OOB(TWO) DELAY FROM "'*'><body>final text</body>" HTML("final text") DELAY);
	rig_end(rig);
}

static void elements_around_a_picture_are_closed_and_opened(void **state)
{
	struct rig *rig = start("service.oob_split=1", NULL);
	says(rig, (struct core_message){ .body = "one two",
					 .xhtml = "<p><br/>one<br><b><img src='" ONE
						  "' title='x'/> two</b></p><p><i> </i></p>" });
	expect(rig, MESSAGE("<body>one</body>" HTML("<p><br/>one<br/></p>"))
			    MESSAGE("<body>" ONE "</body>" HTML("<img alt='' src='" ONE "' title='x'/>") OOB(ONE))
				    MESSAGE("<body>two</body>" HTML("<p><strong> two</strong></p><p><em> </em></p>")));
	rig_end(rig);
}

static void a_picture_alone_is_one_message(void **state)
{
	struct rig *rig = start("service.oob_split=1", NULL);
	says(rig, (struct core_message){ .body = ONE, .xhtml = "\n<br/><img src='" ONE "'/>\t<br>" });
	expect(rig, MESSAGE("<body>" ONE "</body>" HTML(IMG(ONE)) OOB(ONE)));
	says(rig, (struct core_message){ .xhtml = "<img src='" ONE "'/>" });
	expect(rig, MESSAGE("<body>" ONE "</body>" HTML(IMG(ONE)) OOB(ONE)));
	rig_end(rig);
}

static void files_of_the_network_stay(void **state)
{
	static const struct core_attachment file = { .url = "http://x/f", .description = "F" };
	struct core_message message = {
		.body = "a " ONE, .xhtml = "a " IMG(ONE), .attachment_count = 1, .attachments = &file
	};
#define FILE_OF_IT "<x xmlns='jabber:x:oob'><url>http://x/f</url><desc>F</desc></x>"
	struct rig *rig = start("service.oob_split=1", NULL);
	says(rig, message);
	expect(rig, MESSAGE("<body>a</body>" HTML("a")) MESSAGE("<body>" ONE "</body>" HTML(IMG(ONE)) OOB(ONE))
			    MESSAGE("<body>http://x/f</body>" FILE_OF_IT));
	rig_end(rig);
	rig = start(NULL, NULL);
	says(rig, message);
	expect(rig, MESSAGE("<body>" ONE "</body>" HTML("a " IMG(ONE)) OOB(ONE) FILE_OF_IT));
	rig_end(rig);
}

static void without_formatting_the_words_stay(void **state)
{
	struct rig *rig = start("service.enable_xhtml=0", NULL);
	says(rig, (struct core_message){ .body = BODY, .xhtml = XHTML });
	expect(rig, MESSAGE("<body>" BODY "</body>" OOB(ONE) OOB(TWO)));
	rig_end(rig);
}

static void what_nobody_can_fetch_is_no_file(void **state)
{
	g_autofree char *name = g_strnfill(5000, 'x'), *far = g_strdup_printf("<img src='http://%s'/>", name);
	const char *const inside[] = { "<img src='cid:x@y'/>",
				       "<img src='data:image/png;base64,AA'/>",
				       "<img/>",
				       "<img src='javascript:x'/>",
				       "<imgs src='" ONE "'/>",

				       far };
	struct rig *rig = start("service.oob_split=1", NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(inside); i++) {
		says(rig, (struct core_message){ .body = "hi", .xhtml = inside[i] });
		g_autofree char *sent = rig_sent(rig);
		assert_non_null(strstr(sent, "<body>hi</body>"));
		assert_null(strstr(sent, "jabber:x:oob"));
		assert_int_equal(rig->sent->len, 1);
		forget(rig);
	}
	rig_end(rig);
}

static void a_flood_of_pictures_is_bounded(void **state)
{
	struct rig *rig = start("service.oob_split=1", NULL);
	g_autoptr(GString) many = g_string_new(NULL);
	for (int i = 0; i < 1000; i++)
		g_string_append(many, "<img src='" ONE "'/>");
	says(rig, (struct core_message){ .body = "hi", .xhtml = many->str });
	assert_int_equal(rig->sent->len, 17); /* and the words */
	forget(rig);
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_picture_is_the_body),
		cmocka_unit_test(all_pictures_stand_beside_the_words),
		cmocka_unit_test(words_and_pictures_become_messages_of_their_own),
		cmocka_unit_test(elements_around_a_picture_are_closed_and_opened),
		cmocka_unit_test(a_picture_alone_is_one_message),
		cmocka_unit_test(files_of_the_network_stay),
		cmocka_unit_test(without_formatting_the_words_stay),
		cmocka_unit_test(what_nobody_can_fetch_is_no_file),
		cmocka_unit_test(a_flood_of_pictures_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
