/* SPDX-License-Identifier: MIT */
#include "rig.h"

#define ROOM               "#r@gate.localhost"
#define MUC_USER(in)       "<x xmlns='http://jabber.org/protocol/muc#user'>" in "</x>"
#define DIRECT(more)       "<x xmlns='jabber:x:conference' jid='" ROOM "'" more "/>"
#define SAYS(to, in)       "<message from='user@localhost/a' to='" to "' id='i1'>" in "</message>"
#define SAID(from, to, in) "<message from='" from "' to='" to "' id='i1'>" in "</message>"
#define REFUSED(from, kind, condition)                                                                           \
	"<message from='" from "' to='user@localhost/a' id='i1' type='error'><error type='" kind "'><" condition \
	" " STANZAS "/></error></message>"
#define REFUSED_TEXT(from, kind, condition, text)                                                                \
	"<message from='" from "' to='user@localhost/a' id='i1' type='error'><error type='" kind "'><" condition \
	" " STANZAS "/><text " STANZAS ">" text "</text></error></message>"

static struct rig *start_inside(const char *password)
{
	struct rig *rig = rig_start();
	g_autofree char *join = g_strdup_printf("<presence from='user@localhost/a' to='" ROOM "/me'>"
						"<x xmlns='http://jabber.org/protocol/muc'><password>%s</password></x>"
						"</presence>",
						password);
	receive(rig, join);
	net_occupant(rig->fakes, USER, "#r", "me", CORE_FLAG_ME);
	forget(rig);
	fakes_forget(rig->fakes);
	return rig;
}

static void the_room_invites_for_who_is_inside(void **state)
{
	struct rig *rig = start_inside("");
	receive(rig, SAYS(ROOM, MUC_USER("<invite to='juliet@localhost'><reason>tea &amp; cake</reason></invite>")));
	expect(rig, SAID(ROOM, "juliet@localhost",
			 MUC_USER("<invite from='user@localhost'><reason>tea &amp; cake</reason></invite>")
				 DIRECT(" reason='tea &amp; cake'")));
	/* Both ways at once, as some do, and several people. */
	receive(rig, SAYS(ROOM, DIRECT("") MUC_USER("<invite to='a@localhost'/><invite to='b@localhost/x'/>")));
	expect(rig, SAID(ROOM, "a@localhost", MUC_USER("<invite from='user@localhost'/>") DIRECT(""))
			    SAID(ROOM, "b@localhost/x", MUC_USER("<invite from='user@localhost'/>") DIRECT("")));
	expect_net(rig, "");
	rig_end(rig);
}

static void a_guest_is_told_the_password(void **state)
{
	struct rig *rig = start_inside("key");
	receive(rig, SAYS(ROOM, MUC_USER("<invite to='juliet@localhost'/>")));
	expect(rig,
	       SAID(ROOM, "juliet@localhost",
		    MUC_USER("<invite from='user@localhost'/><password>key</password>") DIRECT(" password='key'")));
	rig_end(rig);
}

static void who_is_not_inside_invites_nobody(void **state)
{
	struct rig *rig = rig_start();
	receive(rig, SAYS(ROOM, MUC_USER("<invite to='juliet@localhost'/>")));
	expect(rig, REFUSED_TEXT(ROOM, "modify", "not-acceptable", "You are not in this room"));
	receive(rig, "<presence from='user@localhost/a' to='" ROOM "/me'/>");
	forget(rig);
	receive(rig, SAYS(ROOM, MUC_USER("<invite to='juliet@localhost'/>")));
	expect(rig, REFUSED_TEXT(ROOM, "modify", "not-acceptable", "You are not in this room"));
	rig_end(rig);
}

static void contacts_of_the_network_cannot_be_invited(void **state)
{
	struct rig *rig = start_inside("");
	receive(rig, SAYS(ROOM, MUC_USER("<invite to='a@localhost'/><invite to='bob@gate.localhost'/>")));
	expect(rig, REFUSED_TEXT(ROOM, "cancel", "feature-not-implemented", "The network takes no invitations"));
	receive(rig, SAYS("bob@gate.localhost", DIRECT("")));
	expect(rig, REFUSED_TEXT("bob@gate.localhost", "cancel", "feature-not-implemented",
				 "The network takes no invitations"));
	receive(rig, SAYS(ROOM "/me", MUC_USER("") DIRECT("")));
	expect(rig, REFUSED_TEXT(ROOM "/me", "cancel", "feature-not-implemented", "The network takes no invitations"));
	expect_net(rig, "");
	rig_end(rig);
}

static void guests_have_addresses_and_are_few(void **state)
{
	struct rig *rig = start_inside("");
	receive(rig, SAYS(ROOM, MUC_USER("<invite to='a@localhost'/><invite to='@'/>")));
	receive(rig, SAYS(ROOM, MUC_USER("<invite/>")));
	expect(rig, REFUSED(ROOM, "modify", "jid-malformed") REFUSED(ROOM, "modify", "jid-malformed"));
	g_autoptr(GString) many = g_string_new(NULL);
	for (int i = 0; i < 1000; i++)
		g_string_append(many, "<invite to='a@localhost'/>");
	g_autofree char *text = g_strdup_printf(SAYS(ROOM, MUC_USER("%s")), many->str);
	receive(rig, text);
	expect(rig, REFUSED(ROOM, "modify", "not-acceptable"));
	rig_end(rig);
}

static void who_invited_hears_of_a_refusal(void **state)
{
	struct rig *rig = start_inside("");
	receive(rig, "<message from='juliet@localhost/j' to='" ROOM
		     "' id='i1'>" MUC_USER("<decline to='user@localhost'><reason>no</reason></decline>") "</message>");
	expect(rig, SAID(ROOM, "user@localhost",
			 MUC_USER("<decline from='juliet@localhost'><reason>no</reason></decline>")));
	rig_end(rig);
}

static void a_refusal_is_no_way_to_write_to_strangers(void **state)
{
	struct rig *rig = start_inside("");
	receive(rig, SAYS(ROOM, MUC_USER("<decline to='stranger@localhost'><reason>buy</reason></decline>")));
	expect(rig, REFUSED_TEXT(ROOM, "cancel", "item-not-found", "Who invited you is not in this room"));
	receive(rig, SAYS(ROOM, MUC_USER("<decline/>")));
	expect(rig, REFUSED(ROOM, "modify", "jid-malformed"));
	rig_end(rig);
}

static void forms_are_refused_and_words_with_them_are_not(void **state)
{
	struct rig *rig = start_inside("");
#define FORM "<x xmlns='jabber:x:data' type='submit'/>"
	receive(rig, SAYS(ROOM, FORM));
	expect(rig, REFUSED_TEXT(ROOM, "cancel", "feature-not-implemented", "The network takes no forms"));
	receive(rig, SAYS("bob@gate.localhost", "<body>hi</body>" FORM));
	expect(rig, "");
	expect_net(rig, "net message user@localhost bob \"hi\"\n");
	rig_end(rig);
}

static void errors_of_invitations_are_not_answered(void **state)
{
	struct rig *rig = start_inside("");
	receive(rig, "<message from='juliet@localhost' to='" ROOM "' type='error'>" MUC_USER("<invite to='a@b'/>")
			     DIRECT("") "</message>");
	expect(rig, "");
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_room_invites_for_who_is_inside),
		cmocka_unit_test(a_guest_is_told_the_password),
		cmocka_unit_test(who_is_not_inside_invites_nobody),
		cmocka_unit_test(contacts_of_the_network_cannot_be_invited),
		cmocka_unit_test(guests_have_addresses_and_are_few),
		cmocka_unit_test(who_invited_hears_of_a_refusal),
		cmocka_unit_test(a_refusal_is_no_way_to_write_to_strangers),
		cmocka_unit_test(forms_are_refused_and_words_with_them_are_not),
		cmocka_unit_test(errors_of_invitations_are_not_answered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
