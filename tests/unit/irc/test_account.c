/* SPDX-License-Identifier: MIT */
#include "stage.h"

#define NET     "irc.example.org:6667"
#define WELCOME ":s.x 001 alice :Welcome\n:s.x 376 alice :End\n"
#define IN_ROOM ":alice!a@h JOIN #c\n:s.x 353 alice = #c :alice @bob\n:s.x 366 alice #c :End\n"

/* Logged in on one network, in #c with bob. */
static struct stage *in_room(void)
{
	struct stage *stage = stage_new("irc_server=irc.example.org\n");
	stage_login(stage);
	stage_accept(stage, NET);
	stage_server(stage, NET, WELCOME);
	stage_join(stage, "#c", "alice");
	stage_server(stage, NET, IN_ROOM);
	stage_pass(stage, 10000);
	stage_forget(stage);
	return stage;
}

/* The same, on a network that the room names. */
static struct stage *in_named_room(void)
{
	struct stage *stage = stage_new("");
	stage_login(stage);
	stage_join(stage, "#c@irc.example.org", "alice");
	stage_accept(stage, NET);
	stage_server(stage, NET, WELCOME IN_ROOM);
	stage_pass(stage, 10000);
	stage_forget(stage);
	return stage;
}

static void login_is_connected_at_001(void **state)
{
	struct stage *stage = stage_new("irc_server=irc.example.org\n");
	stage_login(stage);
	assert_told(stage, "");
	stage_accept(stage, NET);
	assert_received(stage, NET, "CAP LS 302\nNICK alice\nUSER alice 0 * :alice\n");
	stage_server(stage, NET, ":s.x 001 alice :Welcome\n");
	assert_told(stage, "CONNECTED\n");
	stage_free(stage);
}

static void next_server_is_tried_before_giving_up(void **state)
{
	struct stage *stage = stage_new("irc_server=one.example:+7000\nirc_server=two.example\n");
	stage_login(stage);
	stage_refuse(stage, "one.example:+7000", "one is down");
	assert_told(stage, "");
	stage_accept(stage, "two.example:6667");
	stage_server(stage, "two.example:6667", "ERROR :Closing link: full\n");
	assert_told(stage, "disconnected 0 Closing link: full\n");
	assert_string_equal(stage_wanted(stage), "");
	/* Main asks for a new login. */
	irc_outgoing.logout(stage->backend, "u@example.org", "alice");
	stage_login(stage);
	assert_string_equal(stage_wanted(stage), "one.example:+7000");
	stage_free(stage);
}

static void silent_server_is_given_up(void **state)
{
	struct stage *stage = stage_new("irc_server=one.example:+7000\nirc_server=two.example\n");
	stage_login(stage);
	stage_pass(stage, IRC_NETWORK_CONNECT_MS);
	assert_string_equal(stage_wanted(stage), "two.example:6667");
	stage_pass(stage, IRC_NETWORK_CONNECT_MS);
	assert_told(stage, "disconnected 0 The server did not answer in time\n");
	assert_string_equal(stage_wanted(stage), "");
	stage_free(stage);
}

static void final_failures_try_no_other_server(void **state)
{
	struct stage *stage = stage_new("irc_server=one.example\nirc_server=two.example\n");
	stage_login(stage);
	stage_accept(stage, "one.example:6667");
	stage_server(stage, "one.example:6667", ":s.x 464 alice :Password incorrect\nERROR :Bye\n");
	assert_told(stage, "disconnected 2 Password incorrect\n");
	assert_string_equal(stage_wanted(stage), "");
	stage_free(stage);
}

static void lost_network_is_one_disconnect(void **state)
{
	struct stage *stage = in_room();
	stage_server(stage, NET, "ERROR :Server going down\n");
	assert_told(stage, "disconnected 0 Server going down\n");
	stage_pass(stage, 1000000);
	assert_told(stage, "");
	stage_say(stage, "#c", "anybody?");
	stage_join(stage, "#d", "alice");
	assert_string_equal(stage_wanted(stage), "");
	stage_free(stage);
}

static void network_of_the_name_is_opened_by_the_login(void **state)
{
	struct stage *stage = stage_new("irc_send_pass=1\n");
	stage_login_as(stage, "alice@irc.example.org", "sesame");
	assert_told(stage, "");
	stage_accept(stage, NET);
	assert_received(stage, NET, "CAP LS 302\nPASS :sesame\nNICK alice\nUSER alice 0 * :alice\n");
	stage_server(stage, NET, WELCOME);
	assert_told(stage, "CONNECTED\n");
	/* It stays without a room; a channel of it needs no other connection. */
	stage_pass(stage, 10000);
	assert_int_equal(stage_open_links(stage), 1);
	stage_forget(stage);
	stage_join(stage, "#c@irc.example.org", "alice");
	assert_int_equal(stage_open_links(stage), 1);
	/* One that is not of the name is told no password. */
	stage_join(stage, "#d@other.example", "alice");
	stage_accept(stage, "other.example:6667");
	assert_received(stage, "other.example:6667", "CAP LS 302\nNICK alice\nUSER alice 0 * :alice\n");
	stage_free(stage);
}

static void end_of_the_network_of_the_name_ends_the_login(void **state)
{
	struct stage *stage = stage_new("irc_send_pass=1\n");
	stage_login_as(stage, "alice@irc.example.org", "wrong");
	stage_accept(stage, NET);
	stage_server(stage, NET, ":s.x 464 alice :Password incorrect\nERROR :Bye\n");
	assert_told(stage, "disconnected 2 Password incorrect\n");
	stage_login_as(stage, "alice@irc.example.org", "sesame");
	stage_refuse(stage, NET, "down");
	assert_told(stage, "disconnected 0 down\n");
	stage_free(stage);
}

static void port_in_the_name_is_escaped(void **state)
{
	struct stage *stage = stage_new("");
	stage_login_as(stage, "alice@irc.example.org\\3a+7000", "");
	assert_string_equal(stage_wanted(stage), "irc.example.org:+7000");
	stage_free(stage);
}

static void name_of_no_network_is_refused(void **state)
{
	struct stage *stage = stage_new("");
	stage_login_as(stage, "alice@", "");
	assert_told(stage, "disconnected 1 The name of the network cannot be read\n");
	stage_free(stage);
}

static void bad_server_is_a_start_error(void **state)
{
	assert_null(stage_new("irc_server=irc example\n"));
}

static void logout_says_good_bye(void **state)
{
	struct stage *stage = in_room();
	irc_outgoing.logout(stage->backend, "u@example.org", "alice");
	assert_int_equal(stage_open_links(stage), 0);
	irc_outgoing.logout(stage->backend, "u@example.org", "alice");
	stage_free(stage);
}

static void room_keeps_the_spelling_of_main(void **state)
{
	struct stage *stage = stage_new("irc_server=irc.example.org\n");
	stage_login(stage);
	stage_accept(stage, NET);
	stage_server(stage, NET, ":s.x 433 * alice :In use\n:s.x 001 alice_ :Welcome\n:s.x 376 alice_ :End\n");
	stage_forget(stage);
	stage_join(stage, "#chan", "alice");
	stage_server(stage, NET,
		     ":alice_!a@h JOIN #CHAN\n:s.x 353 alice_ = #CHAN :alice_ @bob\n:s.x 366 alice_ #CHAN :End\n");
	assert_told(stage, "participant #chan bob flag 1 status 0\nnickname #chan alice_\n"
			   "participant #chan alice_ flag 16 status 0\nsubject #chan '' by ''\n");
	stage_free(stage);
}

static void refused_join_is_an_error_of_the_own_nick(void **state)
{
	struct stage *stage = in_room();
	stage_join(stage, "#secret", "al");
	stage_server(stage, NET, ":s.x 475 alice #secret :Cannot join channel (+k)\n");
	assert_told(stage, "participant #secret al flag 8 status 5 (Cannot join channel (+k))\n");
	stage_join(stage, "#no", "al");
	stage_server(stage, NET, ":s.x 403 alice #no :No such channel\n");
	assert_told(stage, "participant #no al flag 64 status 5 (No such channel)\n");
	stage_free(stage);
}

static void room_gives_own_words_back(void **state)
{
	struct stage *stage = in_room();
	stage_say(stage, "#C", "hello");
	assert_received(stage, NET, "PRIVMSG #c :hello\n");
	assert_told(stage, "message #c alice: hello #i1\n");
	stage_say(stage, "#c", "/me waves");
	stage_say(stage, "#c", "//x");
	stage_say(stage, "#c", "/unknown x");
	assert_received(stage, NET,
			"PRIVMSG #c :\x01"
			"ACTION waves\x01\nPRIVMSG #c :/x\nPRIVMSG #c :/unknown x\n");
	assert_told(stage,
		    "message #c alice: /me waves #i1\nmessage #c alice: /x #i1\nmessage #c alice: /unknown x #i1\n");
	stage_free(stage);
}

static void private_messages_go_where_the_talk_began(void **state)
{
	struct stage *stage = in_room();
	stage_server(stage, NET, ":bob!b@h PRIVMSG alice :one\n");
	stage_say(stage, "#c/bob", "psst");
	stage_server(stage, NET, ":bob!b@h PRIVMSG alice :two\n");
	stage_say(stage, "bob", "hey");
	stage_server(stage, NET, ":bob!b@h PRIVMSG alice :three\n:s.x 401 alice carol :No such nick\n");
	assert_received(stage, NET, "PRIVMSG bob :psst\nPRIVMSG bob :hey\n");
	assert_told(stage, "message bob: one\nmessage #c bob pm: two\nmessage bob: three\n"
			   "message carol: Message not delivered: No such nick\n");
	stage_free(stage);
}

static void commands_run(void **state)
{
	struct stage *stage = in_room();
	stage_say(stage, "#c", "/kick bob too loud");
	stage_say(stage, "#c", "/invite carol");
	stage_say(stage, "#c", "/msg carol hi there");
	stage_say(stage, "#c", "/NICK al");
	assert_received(stage, NET, "KICK #c bob :too loud\nINVITE carol #c\nPRIVMSG carol :hi there\nNICK al\n");
	stage_pass(stage, 10000);
	stage_say(stage, "bob", ".whois bob");
	stage_server(stage, NET, ":s.x 311 alice bob b h * :Bob\n:s.x 318 alice bob :End\n");
	assert_received(stage, NET, "WHOIS bob\n");
	assert_told(stage, "message bob: bob is b@h (Bob)\n");
	stage_say(stage, "#c", "/whois");
	stage_say(stage, "bob", "/kick bob x");
	assert_told(
		stage,
		"message #c irc.example.org: /whois NICK\n"
		"message bob: Not done: there is no connection, too much waits to be sent, or there is no such name\n");
	stage_free(stage);
}

static void another_nickname_for_a_joined_room_is_a_rename(void **state)
{
	struct stage *stage = in_room();
	stage_join(stage, "#c", "bob");
	assert_received(stage, NET, "NICK bob\n");
	stage_server(stage, NET, ":s.x 433 alice bob :In use\n");
	assert_told(stage, "participant #c alice flag 2 status 5 (In use)\n");
	stage_join(stage, "#c", "al");
	stage_server(stage, NET, ":alice!a@h NICK al\n");
	assert_told(stage, "participant #c alice flag 16 status 0 -> al\nnickname #c al\n");
	stage_join(stage, "#c", "too soon");
	stage_server(stage, NET, ":s.x 438 al too_soon :Nick change too fast\n");
	assert_told(stage, "participant #c al flag 2 status 5 (Nick change too fast)\n");
	stage_join(stage, "#c", "al");
	assert_received(stage, NET, "NICK al\nNICK too_soon\n");
	assert_told(stage,
		    "participant #c bob flag 1 status 0\nparticipant #c al flag 16 status 0\nsubject #c '' by ''\n");
	stage_free(stage);
}

static void kick_has_its_flag(void **state)
{
	struct stage *stage = in_room();
	stage_server(stage, NET, ":bob!b@h KICK #c alice :bye\n");
	assert_told(stage, "participant #c alice flag 48 status 5 (bye (by bob))\n");
	stage_leave(stage, "#c");
	assert_received(stage, NET, "");
	stage_free(stage);
}

static void status_and_subject_go_out(void **state)
{
	struct stage *stage = in_room();
	irc_outgoing.status(stage->backend, "u@example.org", PLUGIN_DND, "busy");
	irc_outgoing.status(stage->backend, "u@example.org", PLUGIN_AWAY, "");
	irc_outgoing.status(stage->backend, "u@example.org", PLUGIN_ONLINE, "");
	irc_outgoing.subject(stage->backend, "u@example.org", "#c", "two\nlines");
	assert_received(stage, NET, "AWAY :busy\nAWAY :Away\nAWAY\nTOPIC #c :two lines\n");
	stage_free(stage);
}

static void invitation_names_the_room(void **state)
{
	struct stage *stage = in_named_room();
	stage_server(stage, NET, ":bob!b@h INVITE alice #d\n");
	assert_told(stage, "message bob@irc.example.org: bob invites you to the room #d@irc.example.org\n");
	stage_free(stage);
}

static void named_networks_open_with_the_first_room(void **state)
{
	struct stage *stage = stage_new("");
	stage_login(stage);
	assert_told(stage, "CONNECTED\n");
	assert_string_equal(stage_wanted(stage), "");
	stage_join(stage, "#c@irc.example.org", "al");
	stage_accept(stage, NET);
	assert_received(stage, NET, "CAP LS 302\nNICK al\nUSER al 0 * :al\n");
	stage_server(stage, NET,
		     ":s.x 001 al :Welcome\n:s.x 376 al :End\n:al!a@h JOIN #c\n:s.x 353 al = #c :al @bob\n:s.x 366 al "
		     "#c :E\n");
	assert_told(stage, "participant #c@irc.example.org bob flag 1 status 0\n"
			   "participant #c@irc.example.org al flag 16 status 0\nsubject #c@irc.example.org '' by ''\n");
	/* A further room there uses the same connection and its nickname. */
	stage_join(stage, "#d@IRC.example.org", "other");
	stage_server(stage, NET, ":al!a@h JOIN #d\n:s.x 353 al = #d :al\n:s.x 366 al #d :E\n");
	assert_told(stage, "nickname #d@IRC.example.org al\nparticipant #d@IRC.example.org al flag 16 status 0\n"
			   "subject #d@IRC.example.org '' by ''\n");
	assert_int_equal(stage_open_links(stage), 1);
	stage_free(stage);
}

static void last_room_closes_the_network(void **state)
{
	struct stage *stage = in_named_room();
	stage_leave(stage, "#c@irc.example.org");
	assert_int_equal(stage_open_links(stage), 0);
	assert_farewell(stage, "PART #c\r\nQUIT :Good-bye\r\n");
	assert_told(stage, "");
	stage_free(stage);
}

static void private_talk_keeps_the_network_for_a_while(void **state)
{
	struct stage *stage = in_named_room();
	stage_say(stage, "bob@irc.example.org", "hi");
	stage_leave(stage, "#c@irc.example.org");
	assert_received(stage, NET, "PRIVMSG bob :hi\nPART #c\n");
	stage_server(stage, NET, ":bob!b@h PRIVMSG alice :yes?\n");
	assert_told(stage, "message bob@irc.example.org: yes?\n");
	stage_pass(stage, IRC_NETWORK_LINGER_MS);
	assert_int_equal(stage_open_links(stage), 0);
	stage_free(stage);
}

static void private_message_opens_a_named_network(void **state)
{
	struct stage *stage = stage_new("");
	stage_login(stage);
	stage_say(stage, "bob@irc.example.org:6670", "hi");
	stage_accept(stage, "irc.example.org:6670");
	stage_forget(stage);
	stage_server(stage, "irc.example.org:6670", WELCOME);
	assert_received(stage, "irc.example.org:6670", "PRIVMSG bob :hi\n");
	stage_say(stage, "a,b@other.example", "hi");
	stage_accept(stage, "other.example:6667");
	stage_forget(stage);
	stage_server(stage, "other.example:6667", WELCOME);
	assert_told(stage, "message a,b@other.example: Message not delivered: there is no such name, or too much waits "
			   "to be sent\n");
	stage_say(stage, "bob@down.example", "hi");
	stage_refuse(stage, "down.example:6667", "it is down");
	assert_told(stage, "message bob@down.example: Message not delivered: it is down\n");
	stage_free(stage);
}

static void unreachable_network_is_told_to_its_rooms(void **state)
{
	struct stage *stage = stage_new("");
	stage_login(stage);
	stage_join(stage, "#c@down.example", "al");
	stage_join(stage, "#d@down.example", "al");
	stage_forget(stage);
	stage_refuse(stage, "down.example:6667", "it is down");
	assert_told(stage, "participant #c@down.example al flag 64 status 5 (it is down)\n"
			   "participant #d@down.example al flag 64 status 5 (it is down)\n");
	stage_join(stage, "#nowhere", "al");
	assert_told(stage, "participant #nowhere al flag 64 status 5 "
			   "(A room is named #room@server, and only so many servers may be used at a time)\n");
	stage_free(stage);
}

static void lost_named_network_comes_back(void **state)
{
	struct stage *stage = in_named_room();
	stage_server(stage, NET, "ERROR :Server going down\n");
	assert_told(
		stage,
		"message #c@irc.example.org irc.example.org: Connection lost: Server going down. It is tried again.\n");
	assert_string_equal(stage_wanted(stage), "");
	stage_say(stage, "#c@irc.example.org", "anybody?");
	assert_told(stage, "message #c@irc.example.org irc.example.org: Message not delivered: there is no connection, "
			   "too much waits to be sent, or there is no such name\n");
	stage_pass(stage, 2 * IRC_NETWORK_RETRY_FIRST_MS);
	stage_refuse(stage, NET, "still down");
	assert_told(stage, "");
	stage_pass(stage, 4 * IRC_NETWORK_RETRY_FIRST_MS);
	stage_accept(stage, NET);
	stage_server(stage, NET,
		     WELCOME ":alice!a@h JOIN #c\n:s.x 353 alice = #c :alice carol\n:s.x 366 alice #c :End\n");
	assert_told(stage,
		    "participant #c@irc.example.org bob flag 1 status 5\nparticipant #c@irc.example.org carol flag 0 "
		    "status 0\n"
		    "participant #c@irc.example.org alice flag 16 status 0\nsubject #c@irc.example.org '' by ''\n");
	stage_free(stage);
}

static void room_that_is_closed_when_the_network_is_back_has_ended(void **state)
{
	struct stage *stage = in_named_room();
	stage_server(stage, NET, "ERROR :Server going down\n");
	stage_pass(stage, 2 * IRC_NETWORK_RETRY_FIRST_MS);
	stage_accept(stage, NET);
	stage_forget(stage);
	stage_server(stage, NET, WELCOME ":s.x 474 alice #c :Cannot join channel (+b)\n");
	assert_told(stage, "participant #c@irc.example.org alice flag 64 status 5 (Cannot join channel (+b))\n");
	assert_int_equal(stage_open_links(stage), 0);
	stage_free(stage);
}

static void nickname_that_cannot_be_had_is_a_conflict(void **state)
{
	struct stage *stage = stage_new("");
	stage_login(stage);
	stage_join(stage, "#c@irc.example.org", "al");
	stage_accept(stage, NET);
	stage_forget(stage);
	stage_server(stage, NET, ":s.x 432 * al :Erroneous nickname\n");
	assert_told(stage, "participant #c@irc.example.org al flag 2 status 5 (Erroneous nickname)\n");
	stage_free(stage);
}

static void network_that_stays_away_is_given_up(void **state)
{
	struct stage *stage = in_named_room();
	stage_server(stage, NET, "ERROR :Server going down\n");
	stage_forget(stage);
	for (unsigned i = 0; i < IRC_NETWORK_RETRIES; i++) {
		stage_pass(stage, 2 * IRC_NETWORK_RETRY_LIMIT_MS);
		stage_refuse(stage, NET, "still down");
	}
	assert_told(stage, "participant #c@irc.example.org alice flag 64 status 5 (still down)\n");
	stage_pass(stage, 2 * IRC_NETWORK_RETRY_LIMIT_MS);
	assert_string_equal(stage_wanted(stage), "");
	stage_free(stage);
}

static void networks_of_a_user_are_limited(void **state)
{
	struct stage *stage = stage_new("");
	stage_login(stage);
	stage_forget(stage);
	for (unsigned i = 0; i < IRC_NETWORKS_MAX; i++) {
		g_autofree char *room = g_strdup_printf("#c@host%u", i);
		stage_join(stage, room, "al");
	}
	assert_told(stage, "");
	stage_join(stage, "#c@more", "al");
	assert_told(stage, "participant #c@more al flag 64 status 5 "
			   "(A room is named #room@server, and only so many servers may be used at a time)\n");
	stage_free(stage);
}

static void vcard_is_answered_empty(void **state)
{
	struct stage *stage = in_room();
	irc_outgoing.vcard_request(stage->backend, "u@example.org", "bob", 7);
	assert_told(stage, "VCARD\n");
	stage_free(stage);
}

static void strangers_are_ignored(void **state)
{
	struct stage *stage = stage_new("");
	stage_say(stage, "bob@irc.example.org", "hi");
	stage_join(stage, "#c@irc.example.org", "al");
	stage_leave(stage, "#c@irc.example.org");
	irc_outgoing.status(stage->backend, "x@example.org", PLUGIN_AWAY, "");
	irc_outgoing.subject(stage->backend, "x@example.org", "#c", "x");
	assert_told(stage, "");
	stage_free(stage);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(login_is_connected_at_001),
		cmocka_unit_test(next_server_is_tried_before_giving_up),
		cmocka_unit_test(silent_server_is_given_up),
		cmocka_unit_test(final_failures_try_no_other_server),
		cmocka_unit_test(lost_network_is_one_disconnect),
		cmocka_unit_test(network_of_the_name_is_opened_by_the_login),
		cmocka_unit_test(end_of_the_network_of_the_name_ends_the_login),
		cmocka_unit_test(port_in_the_name_is_escaped),
		cmocka_unit_test(name_of_no_network_is_refused),
		cmocka_unit_test(bad_server_is_a_start_error),
		cmocka_unit_test(logout_says_good_bye),
		cmocka_unit_test(room_keeps_the_spelling_of_main),
		cmocka_unit_test(refused_join_is_an_error_of_the_own_nick),
		cmocka_unit_test(room_gives_own_words_back),
		cmocka_unit_test(private_messages_go_where_the_talk_began),
		cmocka_unit_test(commands_run),
		cmocka_unit_test(another_nickname_for_a_joined_room_is_a_rename),
		cmocka_unit_test(kick_has_its_flag),
		cmocka_unit_test(status_and_subject_go_out),
		cmocka_unit_test(invitation_names_the_room),
		cmocka_unit_test(named_networks_open_with_the_first_room),
		cmocka_unit_test(last_room_closes_the_network),
		cmocka_unit_test(private_talk_keeps_the_network_for_a_while),
		cmocka_unit_test(private_message_opens_a_named_network),
		cmocka_unit_test(unreachable_network_is_told_to_its_rooms),
		cmocka_unit_test(lost_named_network_comes_back),
		cmocka_unit_test(room_that_is_closed_when_the_network_is_back_has_ended),
		cmocka_unit_test(nickname_that_cannot_be_had_is_a_conflict),
		cmocka_unit_test(network_that_stays_away_is_given_up),
		cmocka_unit_test(networks_of_a_user_are_limited),
		cmocka_unit_test(vcard_is_answered_empty),
		cmocka_unit_test(strangers_are_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
