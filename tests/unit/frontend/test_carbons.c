/* SPDX-License-Identifier: MIT */
#include "rig.h"

#define GRANT(version)                                                                                     \
	"<message from='localhost' to='gate.localhost'><privilege xmlns='urn:xmpp:privilege:" version "'>" \
	"<perm access='message' type='outgoing'/></privilege></message>"
#define FORWARDED "<forwarded xmlns='urn:xmpp:forward:0'>"
#define HINTS     "<no-copy xmlns='urn:xmpp:hints'/><private xmlns='urn:xmpp:carbons:2'/>"
#define COPY(version, resource, message)                                                                     \
	"<message from='gate.localhost' to='localhost' id='*'><privilege xmlns='urn:xmpp:privilege:" version \
	"'>" FORWARDED "<message xmlns='jabber:client' type='chat' from='" USER "' to='" USER "/" resource   \
	"' id='*'><sent xmlns='urn:xmpp:carbons:2'>" FORWARDED message "</forwarded></sent>" HINTS           \
	"</message></forwarded></privilege></message>"
#define TO(contact, id, payloads)                                                                                \
	"<message xmlns='jabber:client' type='chat' from='" USER "' to='" contact "' id='" id "'>" payloads "</" \
	"message>"

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

static void says(struct rig *rig, struct core_legacy_message given)
{
	given.carbon = true;
	core_legacy_message(fakes_user(rig->fakes, USER), &given);
}

static uint64_t dropped(const struct rig *rig)
{
	return rig->fakes->metrics.value[METRIC_CARBONS_DROPPED];
}

static void every_session_gets_its_copy(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("2"));
	receive(rig, "<presence from='" USER "/b' to='gate.localhost'/>");
	forget(rig);
	says(rig, (struct core_legacy_message){ .name = "bob", .message = { .body = "hi", .id = "7" } });
	assert_string_equal(rig->sent->pdata[0], "localhost");
	assert_int_equal(rig->lasting, 2);
	expect(rig, COPY("2", "a", TO("bob@gate.localhost", "7", "<body>hi</body>"))
			    COPY("2", "b", TO("bob@gate.localhost", "7", "<body>hi</body>")));
	assert_int_equal(dropped(rig), 0);
}

static void it_speaks_the_version_of_the_server(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("1"));
	says(rig, (struct core_legacy_message){ .name = "bob", .message = { .body = "hi" } });
	expect(rig, COPY("1", "a", TO("bob@gate.localhost", "*", "<body>hi</body>")));
}

static void the_time_of_the_words_is_inside(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("2"));
	says(rig, (struct core_legacy_message){ .name = "bob", .message = { .body = "a<b", .time = 1234567890 } });
	expect(rig, COPY("2", "a",
			 TO("bob@gate.localhost", "*",
			    "<body>a&lt;b</body><delay xmlns='urn:xmpp:delay' from='gate.localhost' "
			    "stamp='2009-02-13T23:31:30Z'/>")));
}

static void private_words_in_a_room_are_to_the_occupant(void **state)
{
	struct rig *rig = *state;
	receive(rig, GRANT("2"));
	says(rig, (struct core_legacy_message){
			  .name = "#room", .nickname = "Anna", .pm = true, .message = { .body = "psst" } });
	expect(rig, COPY("2", "a",
			 TO("#room@gate.localhost/Anna", "*",
			    "<body>psst</body><x xmlns='http://jabber.org/protocol/muc#user'/>")));
}

static void without_the_privilege_nothing_is_shown_and_it_is_counted(void **state)
{
	struct rig *rig = *state;
	says(rig, (struct core_legacy_message){ .name = "bob", .message = { .body = "hi" } });
	says(rig, (struct core_legacy_message){ .name = "bob", .message = { .body = "ho" } });
	expect(rig, "");
	assert_int_equal(dropped(rig), 2);
}

static void a_refusal_of_the_server_is_counted(void **state)
{
	struct rig *rig = *state;
#define REFUSAL(from)                                                                                      \
	"<message type='error' from='" from "' to='gate.localhost'><error type='auth'><forbidden " STANZAS \
	"/></error></message>"
	receive(rig, REFUSAL("localhost"));
	assert_int_equal(dropped(rig), 0);
	receive(rig, GRANT("2"));
	receive(rig, REFUSAL("localhost"));
	receive(rig, REFUSAL(USER));
	expect(rig, "");
	assert_int_equal(dropped(rig), 1);
}

/* Each client in a room gets its own private message; the server is not to multiply them. */
static void private_messages_of_rooms_are_not_copied(void **state)
{
	struct rig *rig = *state;
	struct core_participant self = {
		.room = "#room", .nickname = "me", .flags = CORE_FLAG_ME, .status = CORE_ONLINE
	};
	receive(rig, "<presence from='" USER "/a' to='#room@gate.localhost/me'>"
		     "<x xmlns='http://jabber.org/protocol/muc'/></presence>");
	core_legacy_participant(fakes_user(rig->fakes, USER), &self);
	forget(rig);
	core_legacy_message(fakes_user(rig->fakes, USER),
			    &(struct core_legacy_message){
				    .name = "#room", .nickname = "Anna", .pm = true, .message = { .body = "psst" } });
	expect(rig, "<message from='#room@gate.localhost/Anna' to='" USER "/a' type='chat' id='*'><body>psst</body>"
		    "<x xmlns='http://jabber.org/protocol/muc#user'/>"
		    "<active xmlns='http://jabber.org/protocol/chatstates'/>" HINTS "</message>");
}

static void an_archive_keeps_receipts_and_not_states(void **state)
{
	struct rig *rig = *state;
	struct user *user = fakes_user(rig->fakes, USER);
	core_legacy_message(user, &(struct core_legacy_message){ .name = "bob", .message = { .body = "hi" } });
	forget(rig);
	core_legacy_chat_state(user, "bob", CORE_STATE_COMPOSING);
	core_legacy_receipt(user, "bob", "m1");
	expect(rig,
	       "<message from='bob@gate.localhost/bot' to='" USER "' type='chat' id='*'>"
	       "<composing xmlns='http://jabber.org/protocol/chatstates'/><no-store xmlns='urn:xmpp:hints'/></message>"
	       "<message from='bob@gate.localhost/bot' to='" USER "' type='chat' id='*'>"
	       "<received xmlns='urn:xmpp:receipts' id='m1'/><store xmlns='urn:xmpp:hints'/></message>");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_session_gets_its_copy),
		TEST(it_speaks_the_version_of_the_server),
		TEST(the_time_of_the_words_is_inside),
		TEST(private_words_in_a_room_are_to_the_occupant),
		TEST(without_the_privilege_nothing_is_shown_and_it_is_counted),
		TEST(a_refusal_of_the_server_is_counted),
		TEST(private_messages_of_rooms_are_not_copied),
		TEST(an_archive_keeps_receipts_and_not_states),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
