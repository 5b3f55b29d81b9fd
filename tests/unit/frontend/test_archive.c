/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include "core/archive.h"
#include "frontend/server/archive.h"

#define ME    "user@gate.localhost"
#define FULL  ME "/a"
#define BOB   "bob@gate.localhost"
#define MAM   "urn:xmpp:mam:2"
#define HINTS "xmlns='urn:xmpp:hints'"

struct scene {
	struct rig *rig;
	struct server server; /* as far as the archive goes */
	struct arena *arena;
	struct buf out;
};

static void log_in(struct fakes *fakes)
{
	struct jid who = fakes_jid(fakes, ME);
	core_set_features(fakes->core, &(struct core_features){ .need_password = true });
	core_arrive(fakes->core, &who, "pw", fakes_reply(fakes, "login"));
	fakes_settle(fakes);
	net_connected(fakes, ME);
	fakes_settle(fakes);
}

static int setup(void **state)
{
	static const char *const overrides[] = { "service.server_mode=1", "service.jid=gate.localhost", NULL };
	struct scene *scene = g_new0(struct scene, 1);
	scene->rig = rig_new("sqlite3", overrides);
	scene->arena = arena_new(4096);
	buf_init(&scene->out, 1 << 20);
	scene->server.frontend = scene->rig->frontend;
	scene->server.loop = scene->rig->fakes->loop;
	scene->rig->frontend->server = &scene->server;
	log_in(scene->rig->fakes);
	forget(scene->rig);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;
	scene->rig->frontend->server = NULL;
	fakes_forget(scene->rig->fakes);
	rig_end(scene->rig);
	arena_free(&scene->arena);
	buf_fini(&scene->out);
	g_free(scene);
	return 0;
}

static const struct xml_element *parse(struct scene *scene, const char *text)
{
	const struct xml_element *element =
		xml_parse_document(scene->arena, &XML_LIMITS_DEFAULT, text, strlen(text), NULL);
	assert_non_null(element);
	return element;
}

/* What comes out for the clients; ids are N. */
static char *deliver(struct scene *scene, const char *text)
{
	buf_clear(&scene->out);
	buf_append_text(&scene->out, "before");
	buf_append_text(&scene->out, text);
	archive_deliver(&scene->server, str_of(ME), &scene->out, strlen("before"));
	g_autofree char *all = g_strndup(buf_data(&scene->out), buf_len(&scene->out));
	g_autoptr(GRegex) id = g_regex_new("id='[0-9]{16}'", 0, 0, NULL);
	assert_true(g_str_has_prefix(all, "before"));
	return g_regex_replace_literal(id, all + strlen("before"), -1, 0, "id='N'", 0, NULL);
}

static bool delivers_id(struct scene *scene, const char *text, const char *id)
{
	g_autofree char *delivered = deliver(scene, text);
	assert_non_null(strstr(delivered, "id='N'"));
	return memmem(buf_data(&scene->out), buf_len(&scene->out), id, strlen(id));
}

static void becomes(struct scene *scene, const char *text, const char *expected)
{
	g_autofree char *delivered = deliver(scene, text);
	assert_string_equal(delivered, expected);
}

static void note(void *ctx, uint64_t id, const struct core_archive_page *page)
{
	struct scene *scene = ctx;
	assert_int_equal(page->error, CORE_OK);
	for (size_t i = 0; i < page->count; i++)
		g_ptr_array_add(scene->rig->fakes->lines,
				g_strdup_printf("%s %s", page->all[i].with, page->all[i].stanza));
	g_ptr_array_add(scene->rig->fakes->lines, g_strdup("end"));
}

static void is_archived(struct scene *scene, const char *lines)
{
	struct jid who = fakes_jid(scene->rig->fakes, ME);
	fakes_forget(scene->rig->fakes);
	core_archive_find(scene->rig->fakes->core, &who, &(struct core_archive_query){ .max = 50 },
			  (struct core_archive_reply){ note, scene, 0 });
	fakes_expect_later(scene->rig->fakes, lines);
}

/* --- what is kept ----------------------------------------------------------------------------- */

static void words_and_what_asks_for_it_are_kept(void **state)
{
	static const struct {
		bool wanted;
		const char *message;
	} cases[] = {
		{ true, "<message><body>a</body></message>" },
		{ true, "<message type='chat'><body>a</body></message>" },
		{ true, "<message type='normal'><body>a</body><subject>b</subject></message>" },
		{ true, "<message type='chat'><x xmlns='jabber:x:oob'><url>u</url></x></message>" },
		{ true,
		  "<message type='chat'><received xmlns='urn:xmpp:receipts' id='1'/><store " HINTS "/></message>" },
		{ false, "<message type='chat'><received xmlns='urn:xmpp:receipts' id='1'/></message>" },
		{ false, "<message type='chat'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>" },
		{ false, "<message type='chat'><body/></message>" },
		{ false, "<message type='groupchat'><body>a</body></message>" },
		{ false, "<message type='headline'><body>a</body></message>" },
		{ false, "<message type='error'><body>a</body></message>" },
		{ false, "<message type='chat'><body>a</body><no-store " HINTS "/></message>" },
		{ false, "<message type='chat'><body>a</body><no-permanent-store " HINTS "/></message>" },
		{ false, "<message type='groupchat'><body>a</body><store " HINTS "/></message>" },
		{ false, "<message><result xmlns='" MAM "'><body>a</body></result></message>" },
	};
	struct scene *scene = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		if (archive_wants(parse(scene, cases[i].message), scene->arena) != cases[i].wanted)
			fail_msg("%s", cases[i].message);
}

/* --- delivering ------------------------------------------------------------------------------- */

#define TO   " to='" FULL "'"
#define SAID "<message from='" BOB "/bot'" TO " type='chat'><body>a &lt; b</body></message>"
#define ID   "<stanza-id xmlns='urn:xmpp:sid:0' by='" ME "' id='N'/>"

static void what_is_delivered_is_archived_and_has_its_id(void **state)
{
	struct scene *scene = *state;
	becomes(scene, SAID, "<message from='" BOB "/bot'" TO " type='chat'><body>a &lt; b</body>" ID "</message>");
	is_archived(scene, BOB " " SAID "\nend\n");
}

static void other_stanzas_pass_as_they_are(void **state)
{
	static const char *const texts[] = {
		"<presence from='" BOB "'/>",
		"<iq from='" BOB "' type='get'/>",
		"<message from='" BOB "'/>",
		"<message from='" BOB "' type='groupchat'><body>a</body></message>",
		"<message from=''><body>a</body></message>",
	};
	struct scene *scene = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		becomes(scene, texts[i], texts[i]);
	is_archived(scene, "end\n");
}

static void nobody_else_gives_ids_in_our_name(void **state)
{
	struct scene *scene = *state;
	becomes(scene,
		"<message from='" BOB "' xml:lang='en'><stanza-id xmlns='urn:xmpp:sid:0' by='" ME "' id='1'/>"
		"<stanza-id xmlns='urn:xmpp:sid:0' by='other@host' id='2'/><body>a</body></message>",
		"<message from='" BOB "' xml:lang='en'><stanza-id xmlns='urn:xmpp:sid:0' by='other@host' id='2'/>"
		"<body>a</body>" ID "</message>");
	becomes(scene,
		"<message from='" BOB "' type='groupchat'><stanza-id xmlns='urn:xmpp:sid:0' by='" ME "' id='1'/>"
		"<body>a</body></message>",
		"<message from='" BOB "' type='groupchat'><body>a</body></message>");
}

static void what_goes_to_each_client_in_a_room_is_archived_once(void **state)
{
	struct scene *scene = *state;
	loop_once(scene->rig->fakes->loop, 0);
	g_autofree char *one = deliver(scene, "<message from='#r@gate.localhost/bob' to='" ME "/a'><body>x</body>"
					      "<x xmlns='http://jabber.org/protocol/muc#user'/></message>");
	uint64_t id = scene->server.seen.id;
	g_autofree char *two = deliver(scene, "<message from='#r@gate.localhost/bob' to='" ME "/b'><body>x</body>"
					      "<x xmlns='http://jabber.org/protocol/muc#user'/></message>");
	assert_non_null(strstr(one, ID));
	assert_non_null(strstr(two, ID));
	assert_true(id && scene->server.seen.id == id);
	is_archived(scene, "#r@gate.localhost <message from='#r@gate.localhost/bob' to='" ME
			   "/a'><body>x</body><x xmlns='http://jabber.org/protocol/muc#user'/></message>\nend\n");
}

static void what_waited_has_the_time_it_was_sent(void **state)
{
	struct scene *scene = *state;
	becomes(scene,
		"<message from='" BOB "'><body>a</body>"
		"<delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/></message>",
		"<message from='" BOB "'><body>a</body>"
		"<delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/>" ID "</message>");
	fakes_settle(scene->rig->fakes);
	fakes_sql(scene->rig->fakes, "UPDATE users_archive SET stanza = stamp");
	is_archived(scene, BOB " 1767323045000000\nend\n");
}

static void what_is_delivered_again_keeps_its_id(void **state)
{
	static const char text[] = "<message from='" BOB "/bot' to='" FULL "' id='m1' type='chat'><body>a</body>"
				   "<stanza-id xmlns='urn:xmpp:sid:0' by='" ME "' id='1234567890123456'/></message>";
	static const char again[] = "<message from='" BOB "/bot' to='" ME "' id='m1' type='chat'><body>a</body>"
				    "<delay xmlns='urn:xmpp:delay' stamp='2026-01-02T03:04:05Z'/></message>";
	struct scene *scene = *state;
	struct stanza stanza;
	assert_int_equal(stanza_read(&stanza, parse(scene, text), scene->arena, "gate.localhost"), STANZA_OK);
	archive_unread(&scene->server, str_of(ME), &stanza);
	assert_true(delivers_id(scene, again, "id='1234567890123456'"));
	is_archived(scene, "end\n");
	/* Once: what comes then is another one. */
	assert_false(delivers_id(scene, again, "id='1234567890123456'"));
	archive_fini(&scene->server);
}

/* --- sending ---------------------------------------------------------------------------------- */

static void what_is_sent_is_archived(void **state)
{
	static const char text[] = "<message xmlns='jabber:client' from='" FULL "' to='" BOB "' id='1' type='chat'>"
				   "<body>hi</body><stanza-id xmlns='urn:xmpp:sid:0' by='" ME "' id='1'/></message>";
	struct scene *scene = *state;
	struct account *account = g_malloc0(sizeof(*account) + sizeof(ME));
	struct resource *resource = g_malloc0(sizeof(*resource) + sizeof(FULL));
	struct stanza stanza;
	account->key = STR(ME);
	account->server = &scene->server;
	resource->account = account;
	assert_int_equal(stanza_read(&stanza, parse(scene, text), scene->arena, "gate.localhost"), STANZA_OK);
	archive_sent(resource, &stanza);
	is_archived(scene, BOB " <message from='" FULL "' to='" BOB "' id='1' type='chat'><body>hi</body></message>\n"
			       "end\n");
	g_free(resource);
	g_free(account);
}

static void own_words_elsewhere_are_archived(void **state)
{
	static const char text[] = "<message from='" ME "' to='" BOB "' type='chat'><body>hi</body></message>";
	struct scene *scene = *state;
	archive_own(&scene->server, str_of(ME), text, strlen(text));
	is_archived(scene, BOB " <message from='" ME "' to='" BOB "' type='chat'><body>hi</body></message>\nend\n");
}

/* --- questions -------------------------------------------------------------------------------- */

#define ASK(type, payload)    "<iq type='" type "' id='1' from='" FULL "' to='" ME "'>" payload "</iq>"
#define ANSWER(type, payload) "<iq type='" type "' id='1' from='" ME "' to='" FULL "'>" payload "</iq>"
#define QUERY(inside)         "<query xmlns='" MAM "' queryid='q'>" inside "</query>"
#define PAGE(inside)          "<set xmlns='http://jabber.org/protocol/rsm'>" inside "</set>"
#define FORM(inside) \
	"<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>" MAM "</value></field>" inside "</x>"
#define FIELD(name, value) "<field var='" name "'><value>" value "</value></field>"
#define FOUND(id, stamp, stanza)                                                                         \
	"<message from='" ME "' to='" FULL "'><result xmlns='" MAM "' queryid='q' id='" id "'>"          \
	"<forwarded xmlns='urn:xmpp:forward:0'><delay xmlns='urn:xmpp:delay' stamp='" stamp "'/>" stanza \
	"</forwarded></result></message>"
#define ONE \
	FOUND("10", "1970-01-01T00:00:00.000010Z", "<message xmlns='jabber:client' from='" BOB "/bot'>one</message>")
#define TWO FOUND("20", "1970-01-01T00:00:00.000020Z", "<message xmlns='jabber:client' to='" BOB "'>two</message>")
#define THREE                                      \
	FOUND("30", "1970-01-01T00:00:01.000000Z", \
	      "<message xmlns='jabber:client' from='ann@gate.localhost'>three</message>")
#define END(complete, set)       ANSWER("result", "<fin xmlns='" MAM "'" complete ">" PAGE(set) "</fin>")
#define ENDS(first, last, count) "<first>" first "</first><last>" last "</last><count>" count "</count>"
#define COMPLETE                 " complete='true'"

static void fill(struct scene *scene)
{
	static const struct core_archived all[] = {
		{ 10, BOB "/bot", "<message from='" BOB "/bot'>one</message>", 0 },
		{ 20, BOB, "<message to='" BOB "'>two</message>", 0 },
		{ 1000000, "ann@gate.localhost", "<message from='ann@gate.localhost'>three</message>", 0 },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
		core_archive_put(scene->rig->fakes->core, str_of(ME), &all[i]);
	fakes_settle(scene->rig->fakes);
	fakes_sql(scene->rig->fakes, "UPDATE users_archive SET id = 30 WHERE id > 30");
}

static void asks(struct scene *scene, const char *request, const char *answers)
{
	receive(scene->rig, request);
	fakes_settle(scene->rig->fakes);
	expect(scene->rig, answers);
}

static void all_is_answered_with_its_ends(void **state)
{
	struct scene *scene = *state;
	asks(scene, ASK("set", QUERY("")), END(COMPLETE, "<count>0</count>"));
	fill(scene);
	asks(scene, ASK("set", QUERY("")), ONE TWO THREE END(COMPLETE, ENDS("10", "30", "3")));
	asks(scene, ASK("set", QUERY("<flip-page/>")), THREE TWO ONE END(COMPLETE, ENDS("10", "30", "3")));
}

static void pages_are_answered(void **state)
{
	struct scene *scene = *state;
	fill(scene);
	asks(scene, ASK("set", QUERY(PAGE("<max>2</max>"))), ONE TWO END("", ENDS("10", "20", "3")));
	asks(scene, ASK("set", QUERY(PAGE("<max>2</max><after>20</after>"))),
	     THREE END(COMPLETE, ENDS("30", "30", "3")));
	asks(scene, ASK("set", QUERY(PAGE("<max>2</max><before/>"))), TWO THREE END("", ENDS("20", "30", "3")));
	asks(scene, ASK("set", QUERY(PAGE("<max>2</max><before>20</before>"))),
	     ONE END(COMPLETE, ENDS("10", "10", "3")));
	asks(scene, ASK("set", QUERY(PAGE("<max>0</max>"))), END("", "<count>3</count>"));
}

static void what_does_not_match_is_left_out(void **state)
{
	struct scene *scene = *state;
	fill(scene);
	asks(scene, ASK("set", QUERY(FORM(FIELD("with", "BOB@gate.localhost")))),
	     ONE TWO END(COMPLETE, ENDS("10", "20", "2")));
	asks(scene, ASK("set", QUERY(FORM(FIELD("with", BOB "/bot")))), ONE END(COMPLETE, ENDS("10", "10", "1")));
	asks(scene,
	     ASK("set",
		 QUERY(FORM(FIELD("start", "1970-01-01T00:00:00.000020Z") FIELD("end", "1970-01-01T00:00:00.5Z")))),
	     TWO END(COMPLETE, ENDS("20", "20", "1")));
	asks(scene, ASK("set", QUERY(FORM(FIELD("after-id", "10") FIELD("before-id", "30")))),
	     TWO END(COMPLETE, ENDS("20", "20", "1")));
	asks(scene, ASK("set", QUERY(FORM("<field var='ids'><value>30</value><value>10</value></field>"))),
	     THREE ONE END(COMPLETE, ENDS("30", "10", "2")));
}

#define REFUSED(type, condition) ANSWER("error", "<error type='" type "'><" condition " " STANZAS "/></error>")

static void what_cannot_be_answered_is_refused(void **state)
{
	static const struct {
		const char *request, *answer;
	} cases[] = {
		{ ASK("set", QUERY(PAGE("<after>11</after>"))), REFUSED("cancel", "item-not-found") },
		{ ASK("set", QUERY(PAGE("<after>what</after>"))), REFUSED("cancel", "item-not-found") },
		{ ASK("set", QUERY(FORM(FIELD("ids", "11")))), REFUSED("cancel", "item-not-found") },
		{ ASK("set", QUERY(FORM(FIELD("start", "yesterday")))), REFUSED("modify", "bad-request") },
		{ ASK("set", QUERY(FORM(FIELD("with", "@")))), REFUSED("modify", "jid-malformed") },
		{ ASK("set", QUERY(FORM(FIELD("withtext", "x")))), REFUSED("cancel", "feature-not-implemented") },
		{ ASK("set", QUERY(PAGE("<index>2</index>"))), REFUSED("cancel", "feature-not-implemented") },
		{ ASK("set", "<prefs xmlns='" MAM "'/>"), REFUSED("cancel", "feature-not-implemented") },
	};
	struct scene *scene = *state;
	fill(scene);
	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
		asks(scene, cases[i].request, cases[i].answer);
}

static void one_client_asks_some_at_a_time(void **state)
{
	struct scene *scene = *state;
	for (int i = 0; i < 22; i++)
		receive(scene->rig, ASK("set", QUERY("")));
	g_autofree char *sent = rig_sent(scene->rig);
	g_auto(GStrv) refusals = g_strsplit(sent, "<resource-constraint", -1);
	assert_int_equal(g_strv_length(refusals), 3);
	fakes_settle(scene->rig->fakes);
	forget(scene->rig);
	asks(scene, ASK("set", QUERY("")), END(COMPLETE, "<count>0</count>"));
}

static void the_form_metadata_and_preferences_are_told(void **state)
{
	struct scene *scene = *state;
	asks(scene, ASK("get", "<query xmlns='" MAM "'/>"),
	     ANSWER("result",
		    "<query xmlns='" MAM "'><x xmlns='jabber:x:data' type='form'>"
		    "<field type='hidden' var='FORM_TYPE'><value>" MAM "</value></field>"
		    "<field type='jid-single' var='with'/><field type='text-single' var='start'/>"
		    "<field type='text-single' var='end'/><field type='text-single' var='before-id'/>"
		    "<field type='text-single' var='after-id'/><field type='list-multi' var='ids'/></x></query>"));
	asks(scene, ASK("get", "<metadata xmlns='" MAM "'/>"), ANSWER("result", "<metadata xmlns='" MAM "'/>"));
	fill(scene);
	asks(scene, ASK("get", "<metadata xmlns='" MAM "'/>"),
	     ANSWER("result", "<metadata xmlns='" MAM "'><start id='10' timestamp='1970-01-01T00:00:00.000010Z'/>"
			      "<end id='30' timestamp='1970-01-01T00:00:01.000000Z'/></metadata>"));
	asks(scene, ASK("get", "<prefs xmlns='" MAM "'/>"),
	     ANSWER("result", "<prefs xmlns='" MAM "' default='always'><always/><never/></prefs>"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(words_and_what_asks_for_it_are_kept),
		TEST(what_is_delivered_is_archived_and_has_its_id),
		TEST(other_stanzas_pass_as_they_are),
		TEST(nobody_else_gives_ids_in_our_name),
		TEST(what_goes_to_each_client_in_a_room_is_archived_once),
		TEST(what_waited_has_the_time_it_was_sent),
		TEST(what_is_delivered_again_keeps_its_id),
		TEST(what_is_sent_is_archived),
		TEST(own_words_elsewhere_are_archived),
		TEST(all_is_answered_with_its_ends),
		TEST(pages_are_answered),
		TEST(what_does_not_match_is_left_out),
		TEST(what_cannot_be_answered_is_refused),
		TEST(one_client_asks_some_at_a_time),
		TEST(the_form_metadata_and_preferences_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
