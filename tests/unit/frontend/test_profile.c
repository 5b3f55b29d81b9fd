/* SPDX-License-Identifier: MIT */
#include "rig.h"

/* A user's own vCard, nickname and avatar, in server mode. */
#define DOMAIN   "gate.localhost"
#define ME       "user@" DOMAIN
#define FULL     ME "/a"
#define PUBSUB   "<pubsub xmlns='http://jabber.org/protocol/pubsub'>"
#define DATA     "urn:xmpp:avatar:data"
#define METADATA "urn:xmpp:avatar:metadata"
/* "tiny", and its SHA-1 */
#define PICTURE "dGlueQ=="
#define SHA1    "d4927dda05af693bff7dfd4c7b40eafb0ef92a78"

#define GET(payload)        "<iq type='get' id='1' from='" FULL "' to='" ME "'>" payload "</iq>"
#define SET(payload)        "<iq type='set' id='1' from='" FULL "' to='" ME "'>" payload "</iq>"
#define RESULT(payload)     "<iq type='result' id='1' from='" ME "' to='" FULL "'>" payload "</iq>"
#define VCARD(inside)       "<vCard xmlns='vcard-temp'>" inside "</vCard>"
#define PHOTO               "<PHOTO><TYPE>image/png</TYPE><BINVAL>" PICTURE "</BINVAL></PHOTO>"
#define PUBLISH(node, item) SET(PUBSUB "<publish node='" node "'>" item "</publish></pubsub>")
#define PUBLISHED(node, id) RESULT(PUBSUB "<publish node='" node "'><item id='" id "'/></publish></pubsub>")
#define ITEM(id, payload)   "<item id='" id "'>" payload "</item>"
#define INFO(type)          "<metadata xmlns='" METADATA "'><info bytes='4' id='" SHA1 "' type='" type "'/></metadata>"
#define NO_INFO             "<metadata xmlns='" METADATA "'/>"
#define BYTES               "<data xmlns='" DATA "'>" PICTURE "</data>"
#define ITEMS(node, item)   RESULT(PUBSUB "<items node='" node "'>" item "</items></pubsub>")
#define WANT(node)          GET(PUBSUB "<items node='" node "'/></pubsub>")

static void a_vcard_is_kept_and_told(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, GET("<vCard xmlns='vcard-temp'/>"));
	expect(rig, RESULT("<vCard xmlns='vcard-temp'/>"));
	receive(rig, SET(VCARD("<NICKNAME>Me</NICKNAME><N><GIVEN>U</GIVEN></N>")));
	expect(rig, RESULT(""));
	expect_net(rig, "net set-vcard " ME " Me 0 bytes\n");
	receive(rig, GET("<vCard xmlns='vcard-temp'/>"));
	expect(rig, RESULT(VCARD("<NICKNAME>Me</NICKNAME><N><GIVEN>U</GIVEN></N>")));
	rig_end(rig);
}

static void a_published_avatar_is_the_photo(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(VCARD("<NICKNAME>Me</NICKNAME>")));
	forget(rig);
	fakes_forget(rig->fakes);
	receive(rig, PUBLISH(DATA, ITEM(SHA1, BYTES)));
	expect(rig, PUBLISHED(DATA, SHA1));
	expect_net(rig, "");
	receive(rig, PUBLISH(METADATA, ITEM(SHA1, INFO("image/png"))));
	expect(rig, PUBLISHED(METADATA, SHA1));
	expect_net(rig, "net set-vcard " ME " Me 4 bytes\n");
	receive(rig, GET("<vCard xmlns='vcard-temp'/>"));
	expect(rig, RESULT(VCARD("<NICKNAME>Me</NICKNAME>" PHOTO)));
	/* None any more. */
	receive(rig, PUBLISH(METADATA, ITEM("x", NO_INFO)));
	expect(rig, PUBLISHED(METADATA, "x"));
	expect_net(rig, "net set-vcard " ME " Me 0 bytes\n");
	receive(rig, GET("<vCard xmlns='vcard-temp'/>"));
	expect(rig, RESULT(VCARD("<NICKNAME>Me</NICKNAME>")));
	rig_end(rig);
}

static void an_avatar_that_is_elsewhere_changes_nothing(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig,
		PUBLISH(METADATA, ITEM("x", "<metadata xmlns='" METADATA "'><info bytes='4' id='x' type='image/png' "
					    "url='http://example.org/x'/></metadata>")));
	receive(rig, PUBLISH(METADATA, ITEM(SHA1, INFO("image/png"))));
	forget(rig);
	expect_net(rig, "");
	rig_end(rig);
}

static void a_published_nickname_goes_into_the_vcard(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(VCARD("<NICKNAME>Me</NICKNAME>" PHOTO)));
	forget(rig);
	fakes_forget(rig->fakes);
	receive(rig, PUBLISH("http://jabber.org/protocol/nick",
			     ITEM("1", "<nick xmlns='http://jabber.org/protocol/nick'>A &amp; B</nick>")));
	expect(rig, PUBLISHED("http://jabber.org/protocol/nick", "1"));
	expect_net(rig, "net set-vcard " ME " A & B 4 bytes\n");
	receive(rig, GET("<vCard xmlns='vcard-temp'/>"));
	expect(rig, RESULT(VCARD(PHOTO "<NICKNAME>A &amp; B</NICKNAME>")));
	rig_end(rig);
}

static void the_photo_of_a_vcard_is_published(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(VCARD(PHOTO)));
	expect(rig, RESULT(""));
	receive(rig, WANT(METADATA));
	expect(rig, ITEMS(METADATA, ITEM(SHA1, INFO("image/png"))));
	receive(rig, WANT(DATA));
	expect(rig, ITEMS(DATA, ITEM(SHA1, BYTES)));
	receive(rig, SET(VCARD("<FN>x</FN>")));
	expect(rig, RESULT(""));
	receive(rig, WANT(METADATA));
	expect(rig, ITEMS(METADATA, ITEM(SHA1, NO_INFO)));
	rig_end(rig);
}

static void the_picture_of_a_presence_is_that_of_the_vcard(void **state)
{
	struct rig *rig = rig_start_serving();
	receive(rig, SET(VCARD(PHOTO)));
	forget(rig);
	fakes_forget(rig->fakes);
	receive(rig, "<presence from='" FULL "' to='" DOMAIN "'><x xmlns='vcard-temp:x:update'><photo>" SHA1
		     "</photo></x></presence>");
	forget(rig);
	expect_net(rig, "net set-vcard " ME " 4 bytes\n");
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_vcard_is_kept_and_told),
		cmocka_unit_test(a_published_avatar_is_the_photo),
		cmocka_unit_test(an_avatar_that_is_elsewhere_changes_nothing),
		cmocka_unit_test(a_published_nickname_goes_into_the_vcard),
		cmocka_unit_test(the_photo_of_a_vcard_is_published),
		cmocka_unit_test(the_picture_of_a_presence_is_that_of_the_vcard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
