/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include <errno.h>

#define FROM_BOB   "<message from='bob@gate.localhost/bot' to='user@localhost' type='chat' id='*'>"
#define ACTIVE     "<active xmlns='http://jabber.org/protocol/chatstates'/>"
#define SAYS(more) "<message from='user@localhost/a' to='bob@gate.localhost' id='m1' type='chat'>" more "</message>"

static void net_says(struct rig *rig, struct core_message message)
{
	struct core_legacy_message given = { .name = "bob", .message = message };
	core_legacy_message(fakes_user(rig->fakes, USER), &given);
}

/* --- to the user ------------------------------------------------------------------------------ */

static void what_came_back_is_an_error_from_whom_it_was_for(void **state)
{
	struct rig *rig = rig_start();
	core_legacy_undelivered(rig->fakes->core, &(struct core_undelivered){ .sender = "user@localhost/a",
									      .address = "#r@gate.localhost/an'na",
									      .id = "m<1",
									      .body = "hi & ho" });
	assert_int_equal(rig->lasting, 1);
	expect(rig, "<message type='error' from='#r@gate.localhost/an&apos;na' to='user@localhost/a' id='m&lt;1'>"
		    "<body>hi &amp; ho</body><error type='wait'><recipient-unavailable " STANZAS "/><text " STANZAS
		    ">The way to the network was lost; this message may not have been delivered</text></error>"
		    "</message>");
	rig_end(rig);
}

static void that_somebody_types_is_not_worth_keeping(void **state)
{
	struct rig *rig = rig_start();
	net_says(rig, (struct core_message){ .body = "hello" });
	core_legacy_chat_state(fakes_user(rig->fakes, USER), "bob", CORE_STATE_COMPOSING);
	assert_int_equal(rig->sent->len, 2);
	assert_int_equal(rig->lasting, 1);
	rig_end(rig);
}

static void a_message_has_id_body_and_state(void **state)
{
	struct rig *rig = rig_start();
	net_says(rig, (struct core_message){ .body = "hello" });
	assert_int_equal(rig->lasting, 1);
	assert_string_equal(rig->sent->pdata[0], "user@localhost");
	expect(rig, FROM_BOB "<body>hello</body>" ACTIVE "</message>");
	net_says(rig, (struct core_message){ .body = "hello", .id = "m'1" });
	expect(rig, "<message from='bob@gate.localhost/bot' to='user@localhost' type='chat' id='m&apos;1'>"
		    "<body>hello</body>" ACTIVE "</message>");
	rig_end(rig);
}

static void every_payload_has_its_element(void **state)
{
	static const struct core_attachment files[] = { { .url = "http://x/1?a&b", .description = "One" },
							{ .url = "http://x/2" } };
	struct rig *rig = rig_start();
	net_says(rig, (struct core_message){ .body = "hi",
					     .xhtml = "<b>hi</b>",
					     .time = 1234567890,
					     .attention = true,
					     .attachment_count = 2,
					     .attachments = files });
	expect(rig,
	       FROM_BOB "<body>hi</body><html xmlns='http://jabber.org/protocol/xhtml-im'>"
			"<body xmlns='http://www.w3.org/1999/xhtml'><strong>hi</strong></body></html>"
			"<x xmlns='jabber:x:oob'><url>http://x/1?a&amp;b</url><desc>One</desc></x>"
			"<x xmlns='jabber:x:oob'><url>http://x/2</url></x>"
			"<attention xmlns='urn:xmpp:attention:0'/>" ACTIVE
			"<delay xmlns='urn:xmpp:delay' from='gate.localhost' stamp='2009-02-13T23:31:30Z'/></message>");
	rig_end(rig);
}

static void a_file_without_words_is_its_address(void **state)
{
	static const struct core_attachment file = { .url = "http://x/1" };
	struct rig *rig = rig_start();
	net_says(rig, (struct core_message){ .attachment_count = 1, .attachments = &file });
	expect(rig,
	       FROM_BOB "<body>http://x/1</body><x xmlns='jabber:x:oob'><url>http://x/1</url></x>" ACTIVE "</message>");
	rig_end(rig);
}

static void states_and_receipts_stand_alone(void **state)
{
	static const struct {
		enum core_chat_state state;
		const char *name;
	} rows[] = { { CORE_STATE_ACTIVE, "active" },
		     { CORE_STATE_COMPOSING, "composing" },
		     { CORE_STATE_PAUSED, "paused" },
		     { CORE_STATE_INACTIVE, "inactive" },
		     { CORE_STATE_GONE, "gone" } };
	struct rig *rig = rig_start();
	net_says(rig, (struct core_message){ .body = "hi" });
	forget(rig);
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *wanted = g_strdup_printf(FROM_BOB "<%s xmlns='http://jabber.org/protocol/chatstates'/>"
								   "<no-store xmlns='urn:xmpp:hints'/></message>",
							  rows[i].name);
		core_legacy_chat_state(fakes_user(rig->fakes, USER), "bob", rows[i].state);
		expect(rig, wanted);
	}
	core_legacy_receipt(fakes_user(rig->fakes, USER), "bob", "m<1");
	expect(rig, FROM_BOB "<received xmlns='urn:xmpp:receipts' id='m&lt;1'/>"
			     "<store xmlns='urn:xmpp:hints'/></message>");
	g_autofree char *id = g_strnfill(5000, 'x');
	core_legacy_receipt(fakes_user(rig->fakes, USER), "bob", id);
	expect(rig, "");
	rig_end(rig);
}

static void hostile_text_becomes_harmless(void **state)
{
	struct rig *rig = rig_start();
	net_says(rig,
		 (struct core_message){ .body = "</body>&<![CDATA[\x01\x02 \xff\xc3( \xed\xa0\x80 \xef\xbf\xbf]]>'\"",
					.id = "\x03'\xff" });
	expect(rig, "<message from='bob@gate.localhost/bot' to='user@localhost' type='chat' id='&apos;_'>"
		    "<body>&lt;/body&gt;&amp;&lt;![CDATA[ __( _ ]]&gt;'\"</body>" ACTIVE "</message>");
	rig_end(rig);
}

static void huge_texts_are_cut(void **state)
{
	struct rig *rig = rig_start();
	g_autofree char *body = g_strnfill(1 << 20, '"'), *id = g_strnfill(1 << 20, 'x');
	struct core_attachment files[100];
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
		files[i] = (struct core_attachment){ .url = body, .description = body };
	net_says(rig, (struct core_message){ .body = body,
					     .xhtml = body,
					     .subject = body,
					     .id = id,
					     .attachment_count = G_N_ELEMENTS(files),
					     .attachments = files });
	g_autofree char *sent = rig_sent(rig);
	/* What Prosody takes from a component, at most. */
	assert_true(buf_len(&rig->out) < 512 << 10);
	assert_non_null(strstr(sent, "id='*'"));
	assert_non_null(strstr(sent, "&quot; [...]</body>"));
	rig_end(rig);
}

static void headlines_and_rooms_have_their_types(void **state)
{
	struct rig *rig = rig_start();
	fakes_store_setting(rig->fakes, USER, "send_headlines", "1");
	receive(rig, "<presence from='user@localhost/a' to='gate.localhost' type='unavailable'/>");
	receive(rig, "<presence from='user@localhost/a' to='gate.localhost'/>");
	fakes_settle(rig->fakes);
	net_connected(rig->fakes, USER);
	receive(rig, "<presence from='user@localhost/a' to='#r@gate.localhost/me'/>");
	net_occupant(rig->fakes, USER, "#r", "me", CORE_FLAG_ME);
	forget(rig);
	net_says(rig, (struct core_message){ .type = CORE_HEADLINE, .body = "news" });
	net_room_writes(rig->fakes, USER, "#r", "<anna>", "hi");
	core_legacy_subject(fakes_user(rig->fakes, USER), "#r", "anna", "A & B");
	core_legacy_subject(fakes_user(rig->fakes, USER), "#r", NULL, "");
	struct core_legacy_message pm = { .name = "#r", .nickname = "anna", .pm = true, .message = { .body = "psst" } };
	core_legacy_message(fakes_user(rig->fakes, USER), &pm);
	expect(rig, "<message from='bob@gate.localhost/bot' to='user@localhost' type='headline' id='*'>"
		    "<body>news</body>" ACTIVE "</message>"
		    "<message from='#r@gate.localhost/&lt;anna&gt;' to='user@localhost/a' type='groupchat' id='*'>"
		    "<body>hi</body></message>"
		    "<message from='#r@gate.localhost/anna' to='user@localhost/a' type='groupchat' id='*'>"
		    "<subject>A &amp; B</subject></message>"
		    "<message from='#r@gate.localhost' to='user@localhost/a' type='groupchat' id='*'>"
		    "<subject/></message>"
		    "<message from='#r@gate.localhost/anna' to='user@localhost/a' type='chat' id='*'>"
		    "<body>psst</body><x xmlns='http://jabber.org/protocol/muc#user'/>" ACTIVE
		    "<no-copy xmlns='urn:xmpp:hints'/><private xmlns='urn:xmpp:carbons:2'/></message>");
	rig_end(rig);
}

static void own_words_in_a_room_come_back_under_their_ids(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, "<presence from='user@localhost/a' to='#r@gate.localhost/me'/>");
	net_connected(rig->fakes, USER);
	net_occupant(rig->fakes, USER, "#r", "me", CORE_FLAG_ME);
	receive(rig, "<message from='user@localhost/a' to='#r@gate.localhost' type='groupchat' id='m1'>"
		     "<body>hi</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>");
	forget(rig);
	net_room_writes(rig->fakes, USER, "#r", "me", "hi");
	expect(rig, "<message from='#r@gate.localhost/me' to='user@localhost/a' type='groupchat' id='m1'>"
		    "<body>hi</body><origin-id xmlns='urn:xmpp:sid:0' id='m1'/></message>");
	rig_end(rig);
}

static void nicknames_that_are_no_resources_are_replaced(void **state)
{
	struct rig *rig = rig_start();
	g_autofree char *long_nick = g_strnfill(2000, 'x');
	receive(rig, "<presence from='user@localhost/a' to='#r@gate.localhost/me'/>");
	net_occupant(rig->fakes, USER, "#r", "me", CORE_FLAG_ME);
	forget(rig);
	net_room_writes(rig->fakes, USER, "#r", long_nick, "hi");
	net_room_writes(rig->fakes, USER, "#r", "a\x7f", "hi");
	expect(rig, "<message from='#r@gate.localhost/?' to='user@localhost/a' type='groupchat' id='*'>"
		    "<body>hi</body></message>"
		    "<message from='#r@gate.localhost/?' to='user@localhost/a' type='groupchat' id='*'>"
		    "<body>hi</body></message>");
	rig_end(rig);
}

static void ids_are_never_the_same(void **state)
{
	struct rig *rig = rig_start();
	g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	for (int i = 0; i < 300; i++) {
		buf_clear(&rig->out);
		net_says(rig, (struct core_message){ .body = "hi" });
		g_autofree char *text = g_strndup(buf_data(&rig->out), buf_len(&rig->out));
		const char *id = strstr(text, " id='") + 5;
		assert_true(g_hash_table_add(ids, g_strndup(id, strcspn(id, "'"))));
	}
	rig_end(rig);
}

static void what_cannot_be_sent_is_counted(void **state)
{
	struct rig *rig = rig_start();
	rig->closed = true;
	net_says(rig, (struct core_message){ .body = "hi" });
	expect(rig, "");
	assert_int_equal(rig->fakes->metrics.value[METRIC_STANZAS_DROPPED], 1);
	rig_end(rig);
}

/* --- from the user ----------------------------------------------------------------------------- */

static void words_of_the_user_reach_the_network(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, SAYS("<body>h&amp;i &#x1F600;</body>"));
	receive(rig, SAYS("<body>hi</body><request xmlns='urn:xmpp:receipts'/>"));
	receive(rig, SAYS("<body>ho</body><markable xmlns='urn:xmpp:chat-markers:0'/>"));
	receive(rig, SAYS("<composing xmlns='http://jabber.org/protocol/chatstates'/>"));
	receive(rig, SAYS("<active xmlns='http://jabber.org/protocol/chatstates'/><body>yo</body>"));
	receive(rig, SAYS("<attention xmlns='urn:xmpp:attention:0'/>"));
	receive(rig, SAYS("<received xmlns='urn:xmpp:receipts' id='x'/>"));
	receive(rig, SAYS("<body/>"));
	receive(rig, SAYS("<other:body xmlns:other='other'>no</other:body>"));
	receive(rig, "<message from='user@localhost/a' to='bob@gate.localhost'><body>normal</body></message>");
	expect(rig, "");
	expect_net(rig, "net message user@localhost bob \"h&i \xf0\x9f\x98\x80\"\n"
			"net message user@localhost bob \"hi\" id=m1\n"
			"net message user@localhost bob \"ho\" id=m1\n"
			"net state user@localhost bob composing\n"
			"net state user@localhost bob active\n"
			"net message user@localhost bob \"yo\"\n"
			"net attention user@localhost bob\n"
			"net remember user@localhost bob@gate.localhost\n"
			"net message user@localhost bob \"normal\"\n");
	rig_end(rig);
}

static void formatted_words_alone_are_sent_as_their_text(void **state)
{
#define HTML(inside)                                                                                           \
	"<html xmlns='http://jabber.org/protocol/xhtml-im'><body xmlns='http://www.w3.org/1999/xhtml'>" inside \
	"</body></html>"
	struct rig *rig = rig_start();
	receive(rig, SAYS(HTML("<p>a <em>b</em></p><p>c<br/>d</p>")));
	receive(rig, SAYS("<body/>" HTML("see <img alt='x' src='http://x/1'/>")));
	receive(rig, SAYS(HTML("<p> </p>")));
	receive(rig, SAYS(HTML("<script>alert</script>")));
	expect(rig, "");
	expect_net(rig, "net message user@localhost bob \"a b\nc\nd\"\n"
			"net message user@localhost bob \"see http://x/1\"\n");
	rig_end(rig);
}

static void files_of_the_user_are_sent_as_their_addresses(void **state)
{
#define OOB(url) "<x xmlns='jabber:x:oob'><url>" url "</url></x>"
	struct rig *rig = rig_start();
	receive(rig, SAYS("<body>https://x/1?a&amp;b</body>" OOB("https://x/1?a&amp;b")));
	receive(rig, SAYS(OOB("https://x/2")));
	receive(rig, SAYS(OOB("https://x/3") "<body>look</body>" OOB("https://x/4") OOB("") OOB("https://x/3")));
	receive(rig, SAYS("<x xmlns='jabber:x:oob'/>"));
	expect(rig, "");
	expect_net(rig, "net message user@localhost bob \"https://x/1?a&b\"\n"
			"net message user@localhost bob \"https://x/2\"\n"
			"net message user@localhost bob \"look\nhttps://x/3\nhttps://x/4\"\n");
	g_autoptr(GString) many = g_string_new("<message from='user@localhost/a' to='bob@gate.localhost'>");
	for (int i = 0; i < 1000; i++)
		g_string_append_printf(many, OOB("http://x/%04d"), i);
	g_string_append(many, "</message>");
	receive(rig, many->str);
	assert_int_equal(rig->fakes->lines->len, 1);
	assert_true(strlen(rig->fakes->lines->pdata[0]) < 300);
	fakes_forget(rig->fakes);
	rig_end(rig);
}

static void what_says_nothing_to_a_network_is_no_error(void **state)
{
	static const char *const payloads[] = {
		"<received xmlns='urn:xmpp:chat-markers:0' id='x'/>",
		"<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>",
		"<received xmlns='urn:xmpp:receipts' id='x'/>",
		"<gone xmlns='http://jabber.org/protocol/chatstates'/>",
		"<reactions xmlns='urn:xmpp:reactions:0' id='x'><reaction>!</reaction></reactions>",
		"<retract xmlns='urn:xmpp:message-retract:1' id='x'/>",
		"<no-store xmlns='urn:xmpp:hints'/>",
		"",
	};
	static const char *const recipients[] = { "bob@gate.localhost", "gate.localhost", "#never@gate.localhost",
						  "#r@gate.localhost", "#r@gate.localhost/me" };
	static const char *const types[] = { "chat", "normal", "headline", "groupchat" };
	struct rig *rig = rig_start();
	receive(rig, "<presence from='user@localhost/a' to='#r@gate.localhost/me'/>");
	net_occupant(rig->fakes, USER, "#r", "me", CORE_FLAG_ME);
	forget(rig);
	fakes_forget(rig->fakes);
	for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++)
		for (size_t k = 0; k < G_N_ELEMENTS(recipients); k++)
			for (size_t t = 0; t < G_N_ELEMENTS(types); t++) {
				bool to_one = !strcmp(types[t], "groupchat") && strchr(recipients[k], '/');
				g_autofree char *text = g_strdup_printf(
					"<message from='user@localhost/a' to='%s' type='%s' id='m1'>%s</message>",
					recipients[k], to_one ? "chat" : types[t], payloads[i]);
				receive(rig, text);
			}
	expect(rig, "");
	expect_net(rig, "");
	rig_end(rig);
}

static void a_correction_is_sent_as_new_words(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, SAYS("<body>helo</body>"));
	receive(rig, SAYS("<body>hello</body><replace xmlns='urn:xmpp:message-correct:0' id='m1'/>"));
	receive(rig, SAYS("<body>&gt; hello\nyes</body><reply xmlns='urn:xmpp:reply:0' id='x'/>"
			  "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'/>"));
	expect(rig, "");
	expect_net(rig, "net message user@localhost bob \"helo\"\n"
			"net message user@localhost bob \"hello\"\n"
			"net message user@localhost bob \"> hello\nyes\"\n");
	rig_end(rig);
}

static void words_for_one_occupant_are_not_for_the_room(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, "<presence from='user@localhost/a' to='#r@gate.localhost/me'/>");
	net_occupant(rig->fakes, USER, "#r", "me", CORE_FLAG_ME);
	forget(rig);
	fakes_forget(rig->fakes);
	receive(rig,
		"<message from='user@localhost/a' to='#r@gate.localhost/me' type='groupchat'><body>x</body></message>");
	expect(rig, "<message from='#r@gate.localhost/me' to='user@localhost/a' type='error'><error type='modify'>"
		    "<bad-request " STANZAS "/><text " STANZAS ">A message to one occupant is of type chat</text>"
		    "</error></message>");
	expect_net(rig, "");
	rig_end(rig);
}

static void words_for_a_room_reach_it(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, "<presence from='user@localhost/a' to='#r@gate.localhost/me'/>");
	net_occupant(rig->fakes, USER, "#r", "me", CORE_FLAG_ME);
	forget(rig);
	fakes_forget(rig->fakes);
	receive(rig,
		"<message from='user@localhost/a' to='#r@gate.localhost' type='groupchat'><body>hi</body></message>");
	receive(rig, "<message from='user@localhost/a' to='#r@gate.localhost' type='groupchat'><subject/></message>");
	expect_net(rig, "net message user@localhost #r \"hi\"\nnet subject user@localhost #r \"\"\n"
			"net remember user@localhost #r@gate.localhost\n");
	rig_end(rig);
}

static void what_cannot_be_delivered_comes_back_from_where_it_was_sent(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, "<message from='x@y/z' to='bob@gate.localhost/bot' id='m1' type='chat'><body>hi</body></message>");
	expect(rig, "<message from='bob@gate.localhost/bot' to='x@y/z' id='m1' type='error'><error type='wait'>"
		    "<recipient-unavailable " STANZAS "/><text " STANZAS ">You are not logged in: send your presence "
		    "to the gateway, or register</text></error></message>");
	receive(rig,
		"<message from='user@localhost/a' to='#r@gate.localhost' type='groupchat'><body>hi</body></message>");
	expect(rig, "<message from='#r@gate.localhost' to='user@localhost/a' type='error'><error type='modify'>"
		    "<not-acceptable " STANZAS "/><text " STANZAS ">You are not in this room</text></error></message>");
	receive(rig, "<message from='user@localhost/a' to='gate.localhost' id='2' type='groupchat'>"
		     "<body>hi</body></message>");
	expect(rig, "<message from='gate.localhost' to='user@localhost/a' id='2' type='error'><error type='cancel'>"
		    "<service-unavailable " STANZAS "/><text " STANZAS ">The gateway itself takes no messages</text>"
		    "</error></message>");
	rig->fakes->result = -ENOBUFS;
	receive(rig, SAYS("<body>hi</body>"));
	expect(rig, "<message from='bob@gate.localhost' to='user@localhost/a' id='m1' type='error'><error type='wait'>"
		    "<resource-constraint " STANZAS "/><text " STANZAS ">The network does not keep up, try again later"
		    "</text></error></message>");
	assert_int_equal(rig->fakes->metrics.value[METRIC_MESSAGES_RETURNED], 4);
	rig_end(rig);
}

static void a_recipient_that_is_no_address_is_said_so(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, "<message from='user@localhost/a' to='a b@gate.localhost' id='1'><body>hi</body></message>");
	expect(rig, "<message from='gate.localhost' to='user@localhost/a' id='1' type='error'><error type='modify'>"
		    "<jid-malformed " STANZAS "/></error></message>");
	receive(rig, "<iq from='user@localhost/a' to='a b@gate.localhost' id='1' type='result'/>");
	receive(rig, "<message from='user@localhost/a' to='a b@gate.localhost' id='1' type='error'/>");
	expect(rig, "");
	rig_end(rig);
}

static void errors_are_not_answered(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, "<message from='x@y/z' to='bob@gate.localhost' type='error'><body>hi</body></message>");
	receive(rig, "<message from='user@localhost/a' to='bob@gate.localhost' type='error'><body>hi</body></message>");
	expect(rig, "");
	expect_net(rig, "");
	assert_int_equal(core_user_count(rig->fakes->core), 1);
	rig_end(rig);
}

static void an_error_of_somebody_gone_ends_that_session(void **state)
{
	static const char *const gone[] = { "gone",
					    "item-not-found",
					    "recipient-unavailable",
					    "remote-server-not-found",
					    "remote-server-timeout",
					    "redirect",
					    "jid-malformed" };
	for (size_t i = 0; i < G_N_ELEMENTS(gone); i++) {
		struct rig *rig = rig_start();
		g_autofree char *error = g_strdup_printf("<message from='user@localhost/a' to='bob@gate.localhost' "
							 "type='error'><body>hi</body><error type='cancel'><%s " STANZAS
							 "/></error></message>",
							 gone[i]);
		g_autofree char *bare =
			g_strdup_printf("<presence from='user@localhost' to='bob@gate.localhost' "
					"type='error'><error type='cancel'><%s " STANZAS "/></error></presence>",
					gone[i]);
		receive(rig, bare);
		assert_int_equal(core_user_count(rig->fakes->core), 1);
		receive(rig, error);
		assert_int_equal(core_user_count(rig->fakes->core), 0);
		rig_end(rig);
	}
}

static void stanzas_of_nobody_are_ignored(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, "<message to='bob@gate.localhost'><body>hi</body></message>");
	receive(rig, "<message from='@' to='bob@gate.localhost'><body>hi</body></message>");
	receive(rig, "<strange from='user@localhost/a' to='bob@gate.localhost'/>");
	expect(rig, "");
	expect_net(rig, "");
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_came_back_is_an_error_from_whom_it_was_for),
		cmocka_unit_test(that_somebody_types_is_not_worth_keeping),
		cmocka_unit_test(a_message_has_id_body_and_state),
		cmocka_unit_test(every_payload_has_its_element),
		cmocka_unit_test(a_file_without_words_is_its_address),
		cmocka_unit_test(states_and_receipts_stand_alone),
		cmocka_unit_test(hostile_text_becomes_harmless),
		cmocka_unit_test(huge_texts_are_cut),
		cmocka_unit_test(headlines_and_rooms_have_their_types),
		cmocka_unit_test(own_words_in_a_room_come_back_under_their_ids),
		cmocka_unit_test(nicknames_that_are_no_resources_are_replaced),
		cmocka_unit_test(ids_are_never_the_same),
		cmocka_unit_test(what_cannot_be_sent_is_counted),
		cmocka_unit_test(words_of_the_user_reach_the_network),
		cmocka_unit_test(formatted_words_alone_are_sent_as_their_text),
		cmocka_unit_test(files_of_the_user_are_sent_as_their_addresses),
		cmocka_unit_test(what_says_nothing_to_a_network_is_no_error),
		cmocka_unit_test(a_correction_is_sent_as_new_words),
		cmocka_unit_test(words_for_one_occupant_are_not_for_the_room),
		cmocka_unit_test(words_for_a_room_reach_it),
		cmocka_unit_test(what_cannot_be_delivered_comes_back_from_where_it_was_sent),
		cmocka_unit_test(a_recipient_that_is_no_address_is_said_so),
		cmocka_unit_test(errors_are_not_answered),
		cmocka_unit_test(an_error_of_somebody_gone_ends_that_session),
		cmocka_unit_test(stanzas_of_nobody_are_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
