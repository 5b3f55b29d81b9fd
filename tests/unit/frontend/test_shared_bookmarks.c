/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include "core/document.h"
#include "frontend/bookmark.h"

/* One list of rooms for clients of both kinds (XEP-0048 in XEP-0049, XEP-0402), in server mode. */
#define DOMAIN "gate.localhost"
#define ME     "user@" DOMAIN
#define FULL   ME "/a"
#define PUBSUB "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
#define NODE   "urn:xmpp:bookmarks:1"

#define GET(payload)    "<iq type='get' id='1' from='" FULL "' to='" ME "'>" payload "</iq>"
#define SET(payload)    "<iq type='set' id='1' from='" FULL "' to='" ME "'>" payload "</iq>"
#define RESULT(payload) "<iq type='result' id='1' from='" ME "' to='" FULL "'>" payload "</iq>"
#define STORAGE(inside) \
	"<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'>" inside "</storage></query>"
#define WANT_OLD       GET("<query xmlns='jabber:iq:private'><storage xmlns='storage:bookmarks'/></query>")
#define WANT_NEW       GET(PUBSUB "<items node='" NODE "'/></pubsub>")
#define ITEMS(items)   RESULT(PUBSUB "<items node='" NODE "'>" items "</items></pubsub>")
#define PUBLISH(items) SET(PUBSUB "<publish node='" NODE "'>" items "</publish></pubsub>")
#define OLD(jid, name, autojoin, inside) \
	"<conference jid='" jid "' name='" name "' autojoin='" autojoin "'>" inside "</conference>"
#define NEW(jid, name, autojoin, inside)                                                                  \
	"<item id='" jid "'><conference xmlns='" NODE "' name='" name "' autojoin='" autojoin "'>" inside \
	"</conference></item>"
#define PAGE "<url name='page' url='http://example.org/'/>"

static void what_is_put_the_old_way_is_seen_the_new_way(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, WANT_OLD);
	expect(rig, RESULT(STORAGE("")));
	receive(rig, SET(STORAGE(OLD("a@x", "A", "true", "<nick>me</nick>") PAGE)));
	expect(rig, RESULT(""));
	receive(rig, WANT_NEW);
	expect(rig, ITEMS(NEW("a@x", "A", "true", "<nick>me</nick>")));
	receive(rig, SET(STORAGE(OLD("a@x", "A", "1", "<nick>me</nick>") OLD("b@x", "B", "0", ""))));
	expect(rig, RESULT(""));
	receive(rig, WANT_NEW);
	expect(rig, ITEMS(NEW("b@x", "B", "false", "") NEW("a@x", "A", "true", "<nick>me</nick>")));
	receive(rig, SET(STORAGE("")));
	expect(rig, RESULT(""));
	receive(rig, WANT_NEW);
	expect(rig, ITEMS(""));
	rig_end(rig);
}

static void what_is_published_is_seen_the_old_way(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(STORAGE(OLD("a@x", "A", "true", "") PAGE)));
	receive(rig, PUBLISH(NEW("b@x", "B", "false", "<password>p</password>")));
	forget(rig);
	receive(rig, WANT_OLD);
	expect(rig,
	       RESULT(STORAGE(OLD("b@x", "B", "false", "<password>p</password>") OLD("a@x", "A", "true", "") PAGE)));
	receive(rig, SET(PUBSUB "<retract node='" NODE "'><item id='a@x'/></retract></pubsub>"));
	forget(rig);
	receive(rig, WANT_OLD);
	expect(rig, RESULT(STORAGE(OLD("b@x", "B", "false", "<password>p</password>") PAGE)));
	rig_end(rig);
}

/* What only newer clients know stays when an older one changes the bookmark. */
static void extensions_stay(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, PUBLISH(NEW("a@x", "A", "true", "<extensions><e xmlns='urn:e'/></extensions>")));
	forget(rig);
	receive(rig, SET(STORAGE(OLD("a@x", "Z", "true", ""))));
	forget(rig);
	receive(rig, WANT_NEW);
	expect(rig, ITEMS(NEW("a@x", "Z", "true", "<extensions><e xmlns='urn:e'/></extensions>")));
	rig_end(rig);
}

static void ignore(void *ctx, uint64_t id, const struct core_documents *documents)
{
	assert_int_equal(documents->error, CORE_OK);
}

static void put(struct rig *rig, const char *text)
{
	struct jid who = fakes_jid(rig->fakes, ME);
	struct core_document document = { CORE_DOCUMENT_PRIVATE, "storage:bookmarks", "storage", text, 0 };
	core_document_put(rig->fakes->core, &who, &document, 10, (struct core_documents_reply){ .done = ignore });
}

static void rooms_that_the_user_entered_by_command_are_among_them(void **state)
{
	struct bookmark bookmark = { .node = "#room", .name = "Room", .nick = "me", .autojoin = true };
	struct rig *rig = rig_start_serving();
	bookmark_put(rig->frontend, ME, &bookmark);
	expect(rig, "");
	bookmark.name = "Another";
	bookmark_put(rig->frontend, ME, &bookmark);
	expect(rig, "");
	receive(rig, WANT_NEW);
	expect(rig, ITEMS(NEW("#room@" DOMAIN, "Room", "true", "<nick>me</nick>")));
	bookmark_drop(rig->frontend, ME, "#room");
	bookmark_drop(rig->frontend, ME, "#other");
	expect(rig, "");
	receive(rig, WANT_NEW);
	expect(rig, ITEMS(""));
	rig_end(rig);
}

/* As a database of before has them. */
static void what_was_there_before_is_taken_over(void **state)
{
	struct rig *rig = rig_start_serving();
	put(rig, "<storage xmlns='storage:bookmarks'>" OLD("a@x", "A", "true", "") "</storage>");
	receive(rig, PUBLISH(NEW("b@x", "B", "false", "")));
	forget(rig);
	receive(rig, WANT_NEW);
	expect(rig, ITEMS(NEW("b@x", "B", "false", "") NEW("a@x", "A", "true", "")));
	rig_end(rig);
}

static void nonsense_that_was_there_is_nothing(void **state)
{
	struct rig *rig = rig_start_serving();
	put(rig, "<storage xmlns='storage:bookmarks'><conf");
	receive(rig, WANT_OLD);
	expect(rig, RESULT(STORAGE("")));
	receive(rig, SET(STORAGE(OLD("@", "A", "true", "") "<conference/>")));
	expect(rig, RESULT(""));
	receive(rig, WANT_NEW);
	expect(rig, ITEMS(""));
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_put_the_old_way_is_seen_the_new_way),
		cmocka_unit_test(what_is_published_is_seen_the_old_way),
		cmocka_unit_test(extensions_stay),
		cmocka_unit_test(rooms_that_the_user_entered_by_command_are_among_them),
		cmocka_unit_test(what_was_there_before_is_taken_over),
		cmocka_unit_test(nonsense_that_was_there_is_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
