/* SPDX-License-Identifier: MIT */
#include "frontend/bookmark.h"

#include "rig.h"

#define ROOM   "#verona@gate.localhost"
#define PUBSUB "http://jabber.org/protocol/pubsub"
#define GRANT(how)                                                                                                 \
	"<message from='localhost' to='gate.localhost'><privilege xmlns='urn:xmpp:privilege:2'><perm access='iq'>" \
	"<namespace ns='" PUBSUB "' type='" how "'/></perm></privilege></message>"
#define INVITATION                                                                                      \
	"<message from='" ROOM "' to='" USER "' id='*'><x xmlns='http://jabber.org/protocol/muc#user'>" \
	"<invite from='gate.localhost'/></x><x xmlns='jabber:x:conference' jid='" ROOM "'/></message>"
#define REQUEST(type, payload)                                                                                     \
	"<iq from='gate.localhost' to='" USER "' type='" type "' id='*'>"                                          \
	"<privileged_iq xmlns='urn:xmpp:privilege:2'><iq xmlns='jabber:client' type='" type "' id='*' from='" USER \
	"' to='" USER "'><pubsub xmlns='" PUBSUB "'>" payload "</pubsub></iq></privileged_iq></iq>"
#define LOOK_UP REQUEST("get", "<items node='urn:xmpp:bookmarks:1'><item id='" ROOM "'/></items>")
#define PUBLISH(options)                                                                                         \
	REQUEST("set", "<publish node='urn:xmpp:bookmarks:1'><item id='" ROOM "'>"                               \
		       "<conference xmlns='urn:xmpp:bookmarks:1' name='In &lt;fair&gt; Verona' autojoin='true'>" \
		       "<nick>romeo</nick></conference></item></publish>" options)
#define OPTION(name, value) "<field var='pubsub#" name "'><value>" value "</value></field>"
#define OPTIONS                                                                                                       \
	"<publish-options><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'><value>" PUBSUB \
	"#publish-options</value></field>" OPTION("persist_items", "true") OPTION("max_items", "max")                 \
		OPTION("send_last_published_item", "never")                                                           \
			OPTION("access_model", "whitelist") "</x></publish-options>"

static int setup(void **state)
{
	*state = rig_start();
	return 0;
}

static int teardown(void **state)
{
	rig_end(*state);
	return 0;
}

static void put(struct rig *rig)
{
	struct bookmark bookmark = { .node = "#verona", .name = "In <fair> Verona", .nick = "romeo", .autojoin = true };
	bookmark_put(rig->frontend, USER, &bookmark);
}

/* The id of the request that was sent last; forgets what was sent. */
static char *request_id(struct rig *rig)
{
	g_autoptr(GMatchInfo) match = NULL;
	g_autoptr(GRegex) regex = g_regex_new(" id='([0-9a-f]{8}-q[0-9a-f]+)'", 0, 0, NULL);
	g_autofree char *sent = g_strndup(buf_data(&rig->out), buf_len(&rig->out));
	assert_true(g_regex_match(regex, sent, 0, &match));
	forget(rig);
	return g_match_info_fetch(match, 1);
}

/* The user's account answers the last request. */
static void answer(struct rig *rig, const char *type, const char *payload)
{
	g_autofree char *id = request_id(rig);
	g_autofree char *text = g_strdup_printf(
		"<iq type='result' from='" USER "' to='gate.localhost' id='%s'><privilege xmlns='urn:xmpp:privilege:2'>"
		"<forwarded xmlns='urn:xmpp:forward:0'><iq xmlns='jabber:client' type='%s' to='" USER
		"' id='x'>%s</iq></forwarded></privilege></iq>",
		id, type, payload);
	receive(rig, text);
}

static void refuse(struct rig *rig)
{
	g_autofree char *id = request_id(rig);
	g_autofree char *text = g_strdup_printf("<iq type='error' from='" USER
						"' to='gate.localhost' id='%s'><error type='auth'><forbidden " STANZAS
						"/></error></iq>",
						id);
	receive(rig, text);
}

#define NOT_FOUND "<error type='cancel'><item-not-found " STANZAS "/></error>"

static void a_room_is_bookmarked_if_it_is_not_yet(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("both"));
	put(rig);
	expect(rig, LOOK_UP);
	put(rig);
	answer(rig, "result", "<pubsub xmlns='" PUBSUB "'><items node='urn:xmpp:bookmarks:1'/></pubsub>");
	expect(rig, PUBLISH(OPTIONS));
	put(rig);
	answer(rig, "error", NOT_FOUND);
	answer(rig, "result", "<pubsub xmlns='" PUBSUB "'/>");
	expect(rig, "");
}

static void what_the_user_bookmarked_stays(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("both"));
	put(rig);
	answer(rig, "result",
	       "<pubsub xmlns='" PUBSUB "'><items node='urn:xmpp:bookmarks:1'><item id='" ROOM
	       "'><conference xmlns='urn:xmpp:bookmarks:1'/></item></items></pubsub>");
	expect(rig, "");
}

static void without_leave_to_look_it_is_written(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("set"));
	put(rig);
	expect(rig, PUBLISH(OPTIONS));
}

static void a_node_made_otherwise_is_used_as_it_is(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("set"));
	put(rig);
	answer(rig, "error",
	       "<error type='cancel'><conflict " STANZAS "/><precondition-not-met "
	       "xmlns='http://jabber.org/protocol/pubsub#errors'/></error>");
	expect(rig, PUBLISH(""));
	put(rig);
	answer(rig, "error", "<error type='cancel'><conflict " STANZAS "/></error>");
	expect(rig, INVITATION);
}

static void without_the_privilege_the_user_is_invited(void **state)
{
	struct rig *rig = *state;
	put(rig);
	expect(rig, INVITATION);
	receive(rig, GRANT("get"));
	put(rig);
	answer(rig, "error", NOT_FOUND);
	expect(rig, INVITATION);
}

static void who_is_refused_invites(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("both"));
	put(rig);
	refuse(rig);
	expect(rig, INVITATION);
	put(rig);
	answer(rig, "error", NOT_FOUND);
	refuse(rig);
	expect(rig, INVITATION);
}

static void a_password_goes_with_it(void **state)
{
	struct rig *rig = *state;
	bookmark_put(rig->frontend, USER, &(struct bookmark){ .node = "#verona", .password = "s&p" });
	expect(rig, "<message from='" ROOM "' to='" USER "' id='*'><x xmlns='http://jabber.org/protocol/muc#user'>"
		    "<invite from='gate.localhost'/><password>s&amp;p</password></x>"
		    "<x xmlns='jabber:x:conference' jid='" ROOM "' password='s&amp;p'/></message>");
	receive(rig, GRANT("set"));
	bookmark_put(rig->frontend, USER, &(struct bookmark){ .node = "#verona", .password = "s&p" });
	expect(rig,
	       REQUEST("set",
		       "<publish node='urn:xmpp:bookmarks:1'><item id='" ROOM
		       "'><conference xmlns='urn:xmpp:bookmarks:1' name='#verona' autojoin='false'><password>s&amp;p"
		       "</password></conference></item></publish>" OPTIONS));
}

static void a_room_that_was_left_is_no_bookmark(void **state)
{
	struct rig *rig = *state;
	bookmark_drop(rig->frontend, USER, "#verona");
	expect(rig, "");
	receive(rig, GRANT("set"));
	bookmark_drop(rig->frontend, USER, "#verona");
	expect(rig,
	       REQUEST("set", "<retract node='urn:xmpp:bookmarks:1' notify='true'><item id='" ROOM "'/></retract>"));
	bookmark_drop(rig->frontend, USER, "#verona");
	answer(rig, "error", "<error type='cancel'><item-not-found " STANZAS "/></error>");
	expect(rig, "");
}

/* What is under way when the gateway ends is forgotten: nothing leaks, nothing is called. */
static void the_end_may_come_between(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("both"));
	put(rig);
	put(rig);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_room_that_was_left_is_no_bookmark),
		TEST(a_room_is_bookmarked_if_it_is_not_yet),
		TEST(what_the_user_bookmarked_stays),
		TEST(without_leave_to_look_it_is_written),
		TEST(a_node_made_otherwise_is_used_as_it_is),
		TEST(without_the_privilege_the_user_is_invited),
		TEST(who_is_refused_invites),
		TEST(a_password_goes_with_it),
		TEST(the_end_may_come_between),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
