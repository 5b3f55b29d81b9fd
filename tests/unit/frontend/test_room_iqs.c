/* SPDX-License-Identifier: MIT */
#include "iq.h"

#define FEATURE(var) "<feature var='" var "'/>"
#define LISTED       "#listed@" GATE
#define MINE         "#mine@" GATE
#define MUC          "http://jabber.org/protocol/muc"

#define ROOM_INFO(name, public, locked)                                                                             \
	"<identity category='conference' type='text' name='" name                                                   \
	"'/>" FEATURE("http://jabber.org/protocol/disco#info") FEATURE("http://jabber.org/protocol/disco#items")    \
		FEATURE("urn:xmpp:ping") FEATURE(MUC) FEATURE("muc_semianonymous") FEATURE("muc_open")              \
			FEATURE("muc_unmoderated") FEATURE("muc_persistent") FEATURE(MUC "#self-ping-optimization") \
				FEATURE(public) FEATURE(locked)
#define FIELD(var, label, value) \
	"<field type='text-single' var='muc#roominfo_" var "' label='" label "'><value>" value "</value></field>"
#define DETAILS(inside)                                                                                       \
	"<x xmlns='jabber:x:data' type='result'><field type='hidden' var='FORM_TYPE'><value>" MUC "#roominfo" \
	"</value></field>" inside "</x>"
#define ADMIN(inside) "<query xmlns='" MUC "#admin'>" inside "</query>"
#define OWNER         "<query xmlns='" MUC "#owner'/>"
#define SET_OF(in)    "<set xmlns='http://jabber.org/protocol/rsm'>" in "</set>"
#define ITEM(n)       "<item jid='#" n "@" GATE "' name='" n "'/>"

static void list_rooms(struct rig *rig)
{
	static const char *const rooms[] = { "#listed" }, *const names[] = { "A <room>" };
	core_legacy_room_list(rig->fakes->core, NULL, rooms, names, 1);
}

static struct rig *start_inside(void)
{
	struct rig *rig = rig_start();
	receive(rig,
		"<presence from='" A "' to='" MINE "/me'><x xmlns='" MUC "'><password>k</password></x></presence>");
	net_occupant(rig->fakes, USER, "#mine", "anna", CORE_FLAG_MODERATOR);
	net_occupant(rig->fakes, USER, "#mine", "me", CORE_FLAG_ME);
	core_legacy_subject(fakes_user(rig->fakes, USER), "#mine", NULL, "Tea & cake");
	forget(rig);
	return rig;
}

/* --- info ------------------------------------------------------------------------------------ */

static void rooms_say_what_they_are(void **state)
{
	struct rig *rig = start_inside();
	list_rooms(rig);
	receive(rig, GET(LISTED, INFO "/>"));
	expect(rig, RESULT(LISTED, INFO ">" ROOM_INFO("A &lt;room&gt;", "muc_public", "muc_unsecured")
					   DETAILS(FIELD("description", "Description", "A &lt;room&gt;")) "</query>"));
	receive(rig, GET("#other@" GATE, INFO "/>"));
	expect(rig, RESULT("#other@" GATE, INFO ">" ROOM_INFO("#other", "muc_hidden", "muc_unsecured")
						   DETAILS(FIELD("description", "Description", "#other")) "</query>"));
	receive(rig, GET(MINE, INFO "/>"));
	expect(rig, RESULT(MINE, INFO ">" ROOM_INFO("#mine", "muc_hidden", "muc_passwordprotected") DETAILS(
					 FIELD("description", "Description", "#mine")
						 FIELD("occupants", "Number of occupants", "2")
							 FIELD("subject", "Subject", "Tea &amp; cake")) "</query>"));
	receive(rig, GET(MINE "/anna", INFO "/>"));
	g_autofree char *of_occupant = rig_sent(rig);
	assert_non_null(strstr(of_occupant, "category='client'"));
	rig_end(rig);
}

static void nodes_of_rooms_are_known(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(MINE, INFO " node='x-roomuser-item'/>"));
	expect(rig, RESULT(MINE, INFO " node='x-roomuser-item'/>"));
	receive(rig, GET(MINE, INFO " node='" MUC "#traffic'/>"));
	expect(rig, RESULT(MINE, INFO " node='" MUC "#traffic'>" FEATURE("jabber:x:oob")
					 FEATURE("http://jabber.org/protocol/xhtml-im") "</query>"));
	receive(rig, GET(MINE, INFO " node='other'/>"));
	expect(rig, ERROR(MINE, "cancel", "item-not-found"));
	receive(rig, GET(BOB, INFO " node='x-roomuser-item'/>"));
	expect(rig, ERROR(BOB, "cancel", "item-not-found"));
	receive(rig, GET(GATE, INFO " node='x-roomuser-item'/>"));
	expect(rig, ERROR(GATE, "cancel", "item-not-found"));
	rig_end(rig);
}

/* --- items ----------------------------------------------------------------------------------- */

static void items_are_the_listed_rooms(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, GET(GATE, ITEMS "/>"));
	expect(rig, RESULT(GATE, ITEMS "/>"));
	list_rooms(rig);
	receive(rig, GET(GATE, ITEMS "/>"));
	expect(rig, RESULT(GATE, ITEMS "><item jid='" LISTED "' name='A &lt;room&gt;'/></query>"));
	receive(rig, GET(BOB, ITEMS "/>"));
	expect(rig, RESULT(BOB, ITEMS "/>"));
	receive(rig, GET(GATE, ITEMS " node='n'/>"));
	expect(rig, RESULT(GATE, ITEMS " node='n'/>"));
	rig_end(rig);
}

static void items_of_a_room_are_who_is_inside(void **state)
{
	struct rig *rig = start_inside();
	g_autofree char *long_nick = g_strnfill(2000, 'y');
	net_occupant(rig->fakes, USER, "#mine", long_nick, 0);
	forget(rig);
	receive(rig, GET(MINE, ITEMS "/>"));
	g_autofree char *items = rig_sent(rig);
	assert_non_null(strstr(items, "<item jid='" MINE "/anna'>"));
	assert_non_null(strstr(items, "<item jid='" MINE "/me'>"));
	assert_null(strstr(items, "yyy"));
	forget(rig);
	receive(rig, GET(MINE "/anna", ITEMS "/>"));
	expect(rig, RESULT(MINE "/anna", ITEMS "/>"));
	receive(rig, GET(LISTED, ITEMS "/>"));
	expect(rig, RESULT(LISTED, ITEMS "/>"));
	rig_end(rig);
}

static void rooms_are_listed_in_pages(void **state)
{
	static const char *const rooms[] = { "#d", "#a", "#c", "#b", "#e" }, *const names[] = { "d", "a", "c", "b",
												"e" };
	struct rig *rig = rig_start();
	core_legacy_room_list(rig->fakes->core, NULL, rooms, names, 5);
	receive(rig, GET(GATE, ITEMS ">" SET_OF("<max>2</max>") "</query>"));
	expect(rig, RESULT(GATE, ITEMS ">" ITEM("a") ITEM("b") SET_OF(
					 "<first index='0'>#a</first><last>#b</last><count>5</count>") "</query>"));
	receive(rig, GET(GATE, ITEMS ">" SET_OF("<max>2</max><after>#b</after>") "</query>"));
	expect(rig, RESULT(GATE, ITEMS ">" ITEM("c") ITEM("d") SET_OF(
					 "<first index='2'>#c</first><last>#d</last><count>5</count>") "</query>"));
	receive(rig, GET(GATE, ITEMS ">" SET_OF("<max>2</max><before/>") "</query>"));
	expect(rig, RESULT(GATE, ITEMS ">" ITEM("d") ITEM("e") SET_OF(
					 "<first index='3'>#d</first><last>#e</last><count>5</count>") "</query>"));
	receive(rig, GET(GATE, ITEMS ">" SET_OF("<max>2</max><index>4</index>") "</query>"));
	expect(rig, RESULT(GATE, ITEMS ">" ITEM("e") SET_OF(
					 "<first index='4'>#e</first><last>#e</last><count>5</count>") "</query>"));
	receive(rig, GET(GATE, ITEMS ">" SET_OF("<max>0</max>") "</query>"));
	expect(rig, RESULT(GATE, ITEMS ">" SET_OF("<count>5</count>") "</query>"));
	receive(rig, GET(GATE, ITEMS ">" SET_OF("<max>2</max><after>#x</after>") "</query>"));
	expect(rig, ERROR(GATE, "cancel", "item-not-found"));
	receive(rig, GET(GATE, ITEMS ">" SET_OF("<max>x</max>") "</query>"));
	expect(rig, ERROR_TEXT(GATE, "modify", "bad-request", "No such page"));
	rig_end(rig);
}

static void a_long_list_fits_in_a_stanza(void **state)
{
	struct rig *rig = rig_start();
	g_autoptr(GPtrArray) rooms = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *name = g_strnfill(300, '&');
	for (int i = 0; i < 5000; i++)
		g_ptr_array_add(rooms, g_strdup_printf("#%s%d", name, i));
	core_legacy_room_list(rig->fakes->core, fakes_user(rig->fakes, USER), (const char *const *)rooms->pdata,
			      (const char *const *)rooms->pdata, rooms->len);
	receive(rig, GET(GATE, ITEMS "/>"));
	g_autofree char *sent = rig_sent(rig);
	assert_true(buf_len(&rig->out) > 128 << 10);
	assert_true(buf_len(&rig->out) < 512 << 10);
	/* It says that there are more. */
	assert_non_null(strstr(sent, "<count>5000</count></set></query>"));
	rig_end(rig);
}

/* --- requests to rooms ----------------------------------------------------------------------- */

static void lists_of_roles_are_for_who_is_inside(void **state)
{
	struct rig *rig = start_inside();
	receive(rig, GET(MINE, ADMIN("<item role='moderator'/>")));
	expect(rig, RESULT(MINE, ADMIN("<item affiliation='admin' role='moderator' nick='anna'/>")));
	receive(rig, GET(MINE, ADMIN("<item role='participant'/>")));
	expect(rig, RESULT(MINE, ADMIN("<item affiliation='member' role='participant' nick='me'/>")));
	receive(rig, GET(MINE, ADMIN("<item role='visitor'/>")));
	expect(rig, RESULT(MINE, ADMIN("")));
	receive(rig, GET(MINE, ADMIN("<item affiliation='outcast'/>")));
	expect(rig, ERROR_TEXT(MINE, "auth", "forbidden", "The network does not tell who may what"));
	receive(rig, GET(MINE, ADMIN("<item/>")));
	expect(rig, ERROR_TEXT(MINE, "modify", "bad-request", "A list is that of a role or an affiliation"));
	receive(rig, GET("#other@" GATE, ADMIN("<item role='moderator'/>")));
	expect(rig, ERROR_TEXT("#other@" GATE, "auth", "forbidden", "You are not in this room"));
	rig_end(rig);
}

static void what_rooms_cannot_is_said_with_words(void **state)
{
	struct rig *rig = start_inside();
	receive(rig, SET(MINE, ADMIN("<item nick='anna' role='none'/>")));
	expect(rig, ERROR_TEXT(MINE, "cancel", "not-allowed", "Rooms of the network cannot be moderated from here"));
	receive(rig, GET(MINE, OWNER));
	expect(rig, ERROR_TEXT(MINE, "auth", "forbidden", "Rooms of the network cannot be configured from here"));
	receive(rig, SET(MINE, OWNER));
	expect(rig, ERROR_TEXT(MINE, "auth", "forbidden", "Rooms of the network cannot be configured from here"));
	receive(rig, GET(MINE, REGISTER "/>"));
	expect(rig, ERROR_TEXT(MINE, "cancel", "feature-not-implemented", "Rooms of the network reserve no nicknames"));
	rig_end(rig);
}

static void contacts_are_no_rooms(void **state)
{
	struct rig *rig = rig_start();
	static const char *const payloads[] = { ADMIN("<item role='moderator'/>"), ADMIN("<item/>"), OWNER,
						REGISTER "/>" };
	for (size_t i = 0; i < G_N_ELEMENTS(payloads); i++) {
		g_autofree char *get = g_strdup_printf(GET(BOB, "%s"), payloads[i]);
		g_autofree char *set = g_strdup_printf(SET(BOB, "%s"), payloads[i]);
		receive(rig, get);
		receive(rig, set);
		expect(rig, ERROR(BOB, "cancel", "service-unavailable") ERROR(BOB, "cancel", "service-unavailable"));
	}
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rooms_say_what_they_are),
		cmocka_unit_test(nodes_of_rooms_are_known),
		cmocka_unit_test(items_are_the_listed_rooms),
		cmocka_unit_test(items_of_a_room_are_who_is_inside),
		cmocka_unit_test(rooms_are_listed_in_pages),
		cmocka_unit_test(a_long_list_fits_in_a_stanza),
		cmocka_unit_test(lists_of_roles_are_for_who_is_inside),
		cmocka_unit_test(what_rooms_cannot_is_said_with_words),
		cmocka_unit_test(contacts_are_no_rooms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
