/* SPDX-License-Identifier: MIT */
#include "fakes.h"

#define A    USER "/a"
#define B    USER "/b"
#define ROOM "#room@gate.localhost"

static void occupant(struct fakes *fakes, const char *nick, int flags)
{
	net_occupant(fakes, USER, "#room", nick, flags);
}

static void gone(struct fakes *fakes, const char *nick, int flags, const char *text)
{
	net_participant(
		fakes, USER,
		&(struct core_participant){
			.room = "#room", .nickname = nick, .flags = flags, .status = CORE_OFFLINE, .text = text });
}

static void renamed(struct fakes *fakes, const char *nick, const char *newname, int flags)
{
	net_participant(
		fakes, USER,
		&(struct core_participant){
			.room = "#room", .nickname = nick, .newname = newname, .flags = flags, .status = CORE_ONLINE });
}

static void subject(struct fakes *fakes, const char *nick, const char *text)
{
	core_legacy_subject(fakes_user(fakes, USER), "#room", nick, text);
}

/* USER/a is in #room as "me", with anna, under the subject "Hello". */
static struct fakes *start_inside(void)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "anna", 0);
	subject(fakes, "anna", "Hello");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_forget(fakes);
	return fakes;
}

/* --- entering -------------------------------------------------------------------------------- */

static void a_join_shows_others_then_oneself_then_the_subject(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", "pw");
	fakes_expect(fakes, "net join user@localhost #room me password=pw\n");
	subject(fakes, "anna", "Hello");
	occupant(fakes, "anna", CORE_FLAG_MODERATOR);
	net_participant(
		fakes, USER,
		&(struct core_participant){
			.room = "#Room", .nickname = "bert", .status = CORE_AWAY, .text = "brb", .icon_hash = "hash" });
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a online moderator\n"
			    "occupant #room/bert -> user@localhost/a away \"brb\" icon=hash\n"
			    "occupant #room/me -> user@localhost/a online 110\n"
			    "message #room/anna -> user@localhost/a groupchat subject=\"Hello\"\n");
	struct jid a = fakes_jid(fakes, A), room = fakes_jid(fakes, ROOM),
		   other = fakes_jid(fakes, "#o@gate.localhost");
	assert_true(core_user_in_room(fakes->core, &a, &room));
	assert_false(core_user_in_room(fakes->core, &a, &other));
	fakes_end(fakes);
}

static void backends_that_say_only_the_name_are_understood(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	subject(fakes, NULL, "Hello");
	occupant(fakes, "me", 0);
	fakes_expect(fakes, "net join user@localhost #room me\n"
			    "occupant #room/me -> user@localhost/a online 110\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static void a_room_without_a_subject_gets_an_empty_one(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.tick_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_forget(fakes);
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect_later(fakes, "occupant #room/me -> user@localhost/a online 110\n"
				  "message #room -> user@localhost/a groupchat subject=\"\"\n");
	fakes_end(fakes);
}

static void another_nickname_given_by_the_network_is_told(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	subject(fakes, NULL, "Hello");
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "me_");
	occupant(fakes, "me_", 0);
	fakes_expect(fakes, "net join user@localhost #room me\n"
			    "occupant #room/me_ -> user@localhost/a online 110 210\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n");
	occupant(fakes, "me_", 0);
	fakes_expect(fakes, "occupant #room/me_ -> user@localhost/a online 110\n");
	fakes_end(fakes);
}

static void a_nickname_given_without_a_word_is_told_too(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	subject(fakes, NULL, "Hello");
	fakes_forget(fakes);
	occupant(fakes, "me_", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/me_ -> user@localhost/a online 110 210\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static void a_join_before_the_login_is_done_waits_for_it(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	fakes_register(fakes, USER);
	user_join(fakes, A, ROOM "/me", "pw");
	fakes_expect(fakes, "net login user@localhost user/secret online\n"
			    "presence - -> user@localhost/a unavailable \"Connecting\"\n");
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n"
			    "net join user@localhost #room me password=pw\n");
	fakes_end(fakes);
}

static void a_join_of_strangers_is_refused(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, "refused #room/me -> user@localhost/a registration-required "
			    "\"You have not registered with this gateway\"\n");
	fakes_end(fakes);
}

static void a_join_needs_a_nickname(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM, NULL);
	fakes_expect(fakes, "refused #room -> user@localhost/a jid-malformed "
			    "\"A nickname is missing: room@service/nickname\"\n");
	fakes_end(fakes);
}

static void room_names_are_written_as_they_were_asked_for(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, "19\\3a7002%thread.skype@gate.localhost/me", NULL);
	user_join(fakes, A, "#a%irc.example.org@gate.localhost/me", NULL);
	user_join(fakes, A, "#b\\40irc.example.org@gate.localhost/me", NULL);
	fakes_expect(fakes, "net join user@localhost 19:7002%thread.skype me\n"
			    "net join user@localhost #a@irc.example.org me\n"
			    "net join user@localhost #b@irc.example.org me\n");
	net_occupant(fakes, USER, "#a@irc.example.org", "x", 0);
	net_occupant(fakes, USER, "#b@irc.example.org", "x", 0);
	fakes_expect(fakes, "occupant #a%irc.example.org/x -> user@localhost/a online\n"
			    "occupant #b\\40irc.example.org/x -> user@localhost/a online\n");
	fakes_end(fakes);
}

/* --- refused --------------------------------------------------------------------------------- */

static void refused_joins_have_their_conditions(void **state)
{
	static const struct {
		int flags;
		const char *text, *line;
	} rows[] = {
		{ CORE_FLAG_CONFLICT, NULL, "conflict \"The nickname is in use\"" },
		{ CORE_FLAG_CONFLICT | CORE_FLAG_ROOM_NOT_FOUND, NULL, "conflict \"The nickname is in use\"" },
		{ CORE_FLAG_NOT_AUTHORIZED, NULL, "not-authorized \"The room does not let you in\"" },
		{ CORE_FLAG_ROOM_NOT_FOUND, "No such channel", "item-not-found \"No such channel\"" },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct fakes *fakes = fakes_start(USER);
		g_autofree char *lines = g_strdup_printf("net join user@localhost #room me\n"
							 "refused #room/me -> user@localhost/a %s\n"
							 "net leave user@localhost #room\n",
							 rows[i].line);
		user_join(fakes, A, ROOM "/me", NULL);
		gone(fakes, "me", rows[i].flags, rows[i].text);
		fakes_expect(fakes, lines);
		occupant(fakes, "me", CORE_FLAG_ME);
		fakes_expect(fakes, "");
		fakes_end(fakes);
	}
}

static void flags_of_others_refuse_nothing(void **state)
{
	struct fakes *fakes = start_inside();
	occupant(fakes, "anna", CORE_FLAG_CONFLICT);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a online\n");
	fakes_end(fakes);
}

static struct fakes *start_impatient(void)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.tick_ms = fakes->options.enter_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	return fakes;
}

static void a_join_without_an_answer_is_given_up(void **state)
{
	struct fakes *fakes = start_impatient();
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	fakes_forget(fakes);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect_later(fakes, "net join user@localhost #room me\n"
				  "refused #room/me -> user@localhost/a remote-server-timeout "
				  "\"The network did not answer the join in time\"\n"
				  "net leave user@localhost #room\n");
	assert_int_equal(core_user_count(fakes->core), 1);
	fakes_end(fakes);
}

static void so_is_one_whose_network_does_not_come(void **state)
{
	struct fakes *fakes = start_impatient();
	user_join(fakes, A, ROOM "/me", NULL);
	wait_for(fakes, !core_user_count(fakes->core));
	/* Whether the login was under way by then is a matter of milliseconds. */
	for (guint i = fakes->lines->len; i-- > 0;)
		if (!g_str_has_prefix(fakes->lines->pdata[i], "refused"))
			g_ptr_array_remove_index(fakes->lines, i);
	fakes_expect(fakes, "refused #room/me -> user@localhost/a remote-server-timeout "
			    "\"The network did not answer the join in time\"\n");
	fakes_end(fakes);
}

static void more_rooms_than_allowed_are_refused(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	for (int i = 0; i < 500; i++)
		user_join(fakes, A, arena_printf(fakes->arena, "#r%d@gate.localhost/me", i), NULL);
	fakes_forget(fakes);
	user_join(fakes, A, ROOM "/me", NULL);
	user_join(fakes, B, ROOM "/me", NULL);
	fakes_expect(fakes, "refused #room/me -> user@localhost/a resource-constraint \"Too many rooms or sessions\"\n"
			    "refused #room/me -> user@localhost/b resource-constraint \"Too many rooms or sessions\"\n"
			    "presence - -> user@localhost/b unavailable\n");
	fakes_end(fakes);
}

/* --- several sessions ------------------------------------------------------------------------ */

#define ALL_TO(full, codes)                                \
	"occupant #room/anna -> " full " online\n"         \
	"occupant #room/me -> " full " online " codes "\n" \
	"message #room/anna -> " full " groupchat subject=\"Hello\"\n"

static void a_second_session_is_told_everything(void **state)
{
	struct fakes *fakes = start_inside();
	user_join(fakes, B, ROOM "/me", NULL);
	fakes_expect(fakes, ALL_TO("user@localhost/b", "110"));
	occupant(fakes, "bert", 0);
	fakes_expect(fakes, "occupant #room/bert -> user@localhost/a online\n"
			    "occupant #room/bert -> user@localhost/b online\n");
	fakes_end(fakes);
}

static void a_second_session_gets_the_nickname_there_is(void **state)
{
	struct fakes *fakes = start_inside();
	user_join(fakes, B, ROOM "/other", NULL);
	fakes_expect(fakes, ALL_TO("user@localhost/b", "110 210"));
	fakes_end(fakes);
}

static void a_second_session_in_the_middle_of_the_entry_misses_nobody(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "anna", 0);
	fakes_forget(fakes);
	user_join(fakes, B, ROOM "/other", NULL);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/b online\n");
	subject(fakes, NULL, "Hello");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a online 110\n"
			    "occupant #room/me -> user@localhost/b online 110\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n"
			    "message #room -> user@localhost/b groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static void who_joins_again_is_told_everything_again(void **state)
{
	struct fakes *fakes = start_inside();
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, ALL_TO("user@localhost/a", "110"));
	fakes_end(fakes);
}

static void presence_inside_is_no_join(void **state)
{
	struct fakes *fakes = start_inside();
	struct jid a = fakes_jid(fakes, A), b = fakes_jid(fakes, B), me = fakes_jid(fakes, ROOM "/me");
	core_user_room_presence(fakes->core, &a, &me);
	fakes_expect(fakes, "");
	core_user_room_presence(fakes->core, &b, &me);
	fakes_expect(fakes, ALL_TO("user@localhost/b", "110"));
	fakes_end(fakes);
}

/* --- nicknames ------------------------------------------------------------------------------- */

static void the_user_changes_the_nickname(void **state)
{
	struct fakes *fakes = start_inside();
	struct jid a = fakes_jid(fakes, A), i = fakes_jid(fakes, ROOM "/I");
	core_user_room_presence(fakes->core, &a, &i);
	fakes_expect(fakes, "net join user@localhost #room I\n");
	/* As some backends do, the name before the change. */
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "I");
	renamed(fakes, "me", "I", 0);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone nick=I 303 110\n"
			    "occupant #room/I -> user@localhost/a online 110\n");
	user_writes_room(fakes, A, ROOM, "hi");
	occupant(fakes, "I", 0);
	fakes_expect(fakes, "net message user@localhost #room \"hi\"\n"
			    "occupant #room/I -> user@localhost/a online 110\n");
	fakes_end(fakes);
}

static void a_nickname_that_is_taken_leaves_the_old_one(void **state)
{
	/* Told of the old name, or of the wished one. */
	static const char *const told_of[] = { "me", "anna" };
	for (size_t n = 0; n < G_N_ELEMENTS(told_of); n++) {
		struct fakes *fakes = start_inside();
		struct jid a = fakes_jid(fakes, A), anna = fakes_jid(fakes, ROOM "/anna");
		user_join(fakes, B, ROOM "/me", NULL);
		fakes_forget(fakes);
		core_user_room_presence(fakes->core, &a, &anna);
		gone(fakes, told_of[n], CORE_FLAG_CONFLICT | (n ? 0 : CORE_FLAG_ME), NULL);
		fakes_expect(fakes, "net join user@localhost #room anna\n"
				    "refused #room/anna -> user@localhost/a conflict \"The nickname is in use\"\n");
		/* Inside all the same, as anna is. */
		user_join(fakes, A, ROOM "/me", NULL);
		fakes_expect(fakes, ALL_TO("user@localhost/a", "110"));
		fakes_end(fakes);
	}
}

static void the_network_changes_the_nickname(void **state)
{
	struct fakes *fakes = start_inside();
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "guest1");
	renamed(fakes, "me", "guest1", 0);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone nick=guest1 303 110\n"
			    "occupant #room/guest1 -> user@localhost/a online 110 210\n");
	fakes_end(fakes);
}

static void others_change_their_nicknames(void **state)
{
	struct fakes *fakes = start_inside();
	renamed(fakes, "anna", "hanna", CORE_FLAG_MODERATOR);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a gone nick=hanna 303\n"
			    "occupant #room/hanna -> user@localhost/a online moderator\n");
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, "occupant #room/hanna -> user@localhost/a online moderator\n"
			    "occupant #room/me -> user@localhost/a online 110\n"
			    "message #room/anna -> user@localhost/a groupchat subject=\"Hello\"\n");
	fakes_end(fakes);
}

static void a_change_during_the_entry_ends_it(void **state)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	subject(fakes, NULL, "Hello");
	fakes_forget(fakes);
	renamed(fakes, "me", "me_", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone nick=me_ 303 110\n"
			    "occupant #room/me_ -> user@localhost/a online 110\n"
			    "message #room -> user@localhost/a groupchat subject=\"Hello\"\n");
	assert_null(user_writes_room(fakes, A, ROOM, "hi"));
	fakes_end(fakes);
}

static void names_that_are_none_are_ignored(void **state)
{
	struct fakes *fakes = start_inside();
	g_autofree char *name = g_strnfill(1 << 20, 'x');
	occupant(fakes, name, 0);
	occupant(fakes, "", 0);
	renamed(fakes, name, "x", 0);
	core_legacy_nickname(fakes_user(fakes, USER), "#room", name);
	core_legacy_nickname(fakes_user(fakes, USER), "#room", "");
	net_occupant(fakes, USER, "#other", "x", 0);
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

/* --- leaving --------------------------------------------------------------------------------- */

static void others_leave(void **state)
{
	struct fakes *fakes = start_inside();
	gone(fakes, "anna", 0, "bye");
	gone(fakes, "nobody", 0, "bye");
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a gone \"bye\"\n");
	occupant(fakes, "bert", 0);
	gone(fakes, "bert", CORE_FLAG_KICKED, "rude");
	occupant(fakes, "carl", 0);
	gone(fakes, "carl", CORE_FLAG_BANNED, "spam");
	fakes_expect(fakes, "occupant #room/bert -> user@localhost/a online\n"
			    "occupant #room/bert -> user@localhost/a gone reason=\"rude\" 307\n"
			    "occupant #room/carl -> user@localhost/a online\n"
			    "occupant #room/carl -> user@localhost/a gone reason=\"spam\" 301\n");
	fakes_end(fakes);
}

static void who_is_kicked_is_out(void **state)
{
	struct fakes *fakes = start_inside();
	gone(fakes, "me", CORE_FLAG_KICKED | CORE_FLAG_ME, "rude");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone reason=\"rude\" 110 307\n");
	assert_string_equal(user_writes_room(fakes, A, ROOM, "hi"), "not-acceptable You are not in this room");
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_expect(fakes, "net join user@localhost #room me\n");
	fakes_end(fakes);
}

static void who_is_banned_is_out(void **state)
{
	struct fakes *fakes = start_inside();
	gone(fakes, "me", CORE_FLAG_BANNED | CORE_FLAG_KICKED, "spam");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone reason=\"spam\" 110 301\n");
	fakes_end(fakes);
}

static void the_last_session_leaves_the_room(void **state)
{
	struct fakes *fakes = start_inside();
	user_presence(fakes, B, "online", NULL, 0);
	user_join(fakes, B, ROOM "/me", NULL);
	fakes_forget(fakes);
	user_leave(fakes, A, ROOM "/me");
	user_leave(fakes, A, ROOM "/me");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n");
	user_leave(fakes, B, ROOM "/me");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/b gone 110\n"
			    "net leave user@localhost #room\n");
	user_leave(fakes, B, ROOM "/me");
	fakes_expect(fakes, "");
	fakes_end(fakes);
}

static void going_offline_leaves_all_rooms(void **state)
{
	struct fakes *fakes = start_inside();
	user_presence(fakes, A, "unavailable", NULL, 0);
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n"
			    "net leave user@localhost #room\n"
			    "presence - -> user@localhost/a unavailable\n"
			    "net logout user@localhost\n");
	fakes_end(fakes);
}

/* --- sessions that only entered rooms -------------------------------------------------------- */

static void such_a_session_ends_with_its_last_room(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	fakes_register(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	user_join(fakes, A, "#other@gate.localhost/me", NULL);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	fakes_forget(fakes);
	user_leave(fakes, A, "#other@gate.localhost/me");
	fakes_expect(fakes, "occupant #other/me -> user@localhost/a gone 110\n"
			    "net leave user@localhost #other\n");
	user_leave(fakes, A, ROOM "/me");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n"
			    "net leave user@localhost #room\n"
			    "presence - -> user@localhost/a unavailable\n"
			    "net logout user@localhost\n");
	assert_int_equal(core_user_count(fakes->core), 0);
	fakes_end(fakes);
}

static void so_it_does_when_it_is_put_out_or_refused(void **state)
{
	static const int flags[] = { CORE_FLAG_KICKED, CORE_FLAG_NOT_AUTHORIZED };
	for (size_t i = 0; i < G_N_ELEMENTS(flags); i++) {
		struct fakes *fakes = fakes_start(NULL);
		fakes_register(fakes, USER);
		user_join(fakes, A, ROOM "/me", NULL);
		fakes_settle(fakes);
		net_connected(fakes, USER);
		gone(fakes, "me", flags[i], "out");
		assert_int_equal(core_user_count(fakes->core), 0);
		fakes_end(fakes);
	}
}

static void presence_makes_it_a_session_like_others(void **state)
{
	struct fakes *fakes = fakes_start(NULL);
	fakes_register(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	user_leave(fakes, A, ROOM "/me");
	assert_int_equal(core_user_count(fakes->core), 1);
	fakes_end(fakes);
}

/* --- the network goes and comes -------------------------------------------------------------- */

static void rooms_are_entered_again_and_who_left_meanwhile_is_gone(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.retry_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	user_join(fakes, A, ROOM "/me", "pw");
	occupant(fakes, "anna", 0);
	occupant(fakes, "bert", 0);
	occupant(fakes, "me", CORE_FLAG_ME);
	subject(fakes, "anna", "Hello");
	fakes_forget(fakes);

	net_disconnected(fakes, USER, 0, "Link down");
	fakes_expect_later(fakes, "net logout user@localhost\n"
				  "presence - -> user@localhost unavailable \"Link down\"\n"
				  "net login user@localhost user/secret online\n");
	net_connected(fakes, USER);
	fakes_expect(fakes, "presence - -> user@localhost/a online\n"
			    "net join user@localhost #room me password=pw\n");
	occupant(fakes, "anna", 0);
	subject(fakes, "anna", "News");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_expect(fakes, "occupant #room/anna -> user@localhost/a online\n"
			    "occupant #room/me -> user@localhost/a online 110\n"
			    "occupant #room/bert -> user@localhost/a gone\n"
			    "message #room/anna -> user@localhost/a groupchat subject=\"News\"\n");
	fakes_end(fakes);
}

static void who_is_not_let_in_again_is_out(void **state)
{
	struct fakes *fakes = fakes_new("sqlite3", NULL);
	fakes->options.retry_ms = 1;
	fakes_open(fakes);
	fakes_register(fakes, USER);
	user_presence(fakes, A, "online", NULL, 0);
	fakes_settle(fakes);
	net_connected(fakes, USER);
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "me", CORE_FLAG_ME);
	net_disconnected(fakes, USER, 0, "Link down");
	wait_for(fakes, user_seat(fakes_user(fakes, USER)));
	net_connected(fakes, USER);
	fakes_forget(fakes);
	gone(fakes, "me", CORE_FLAG_NOT_AUTHORIZED, "Not again");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone reason=\"Not again\" 110 333\n"
			    "net leave user@localhost #room\n");
	fakes_end(fakes);
}

static void a_lost_room_can_be_left(void **state)
{
	struct fakes *fakes = start_inside();
	net_disconnected(fakes, USER, 0, "Link down");
	fakes_forget(fakes);
	user_leave(fakes, A, ROOM "/me");
	fakes_expect(fakes, "occupant #room/me -> user@localhost/a gone 110\n");
	fakes_end(fakes);
}

static void a_final_refusal_puts_everybody_out(void **state)
{
	struct fakes *fakes = start_inside();
	user_join(fakes, A, "#other@gate.localhost/me", NULL);
	fakes_forget(fakes);
	net_disconnected(fakes, USER, 2, "Wrong password");
	fakes_expect_any_order(fakes, "message - -> user@localhost chat \"Wrong password\"\n"
				      "occupant #room/me -> user@localhost/a gone reason=\"Wrong password\" 110 333\n"
				      "refused #other/me -> user@localhost/a recipient-unavailable \"Wrong password\"\n"
				      "presence - -> user@localhost unavailable \"Wrong password\"\n"
				      "net logout user@localhost\n");
	fakes_end(fakes);
}

static void a_shutdown_puts_everybody_out(void **state)
{
	struct fakes *fakes = start_inside();
	core_logout_all(fakes->core);
	fakes_expect(fakes,
		     "occupant #room/me -> user@localhost/a gone reason=\"The gateway is being shut down\" 110 332\n"
		     "presence - -> user@localhost unavailable \"The gateway is being shut down\"\n"
		     "net logout user@localhost\n");
	fakes_end(fakes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_join_shows_others_then_oneself_then_the_subject),
		cmocka_unit_test(backends_that_say_only_the_name_are_understood),
		cmocka_unit_test(a_room_without_a_subject_gets_an_empty_one),
		cmocka_unit_test(another_nickname_given_by_the_network_is_told),
		cmocka_unit_test(a_nickname_given_without_a_word_is_told_too),
		cmocka_unit_test(a_join_before_the_login_is_done_waits_for_it),
		cmocka_unit_test(a_join_of_strangers_is_refused),
		cmocka_unit_test(a_join_needs_a_nickname),
		cmocka_unit_test(room_names_are_written_as_they_were_asked_for),
		cmocka_unit_test(refused_joins_have_their_conditions),
		cmocka_unit_test(flags_of_others_refuse_nothing),
		cmocka_unit_test(a_join_without_an_answer_is_given_up),
		cmocka_unit_test(so_is_one_whose_network_does_not_come),
		cmocka_unit_test(more_rooms_than_allowed_are_refused),
		cmocka_unit_test(a_second_session_is_told_everything),
		cmocka_unit_test(a_second_session_gets_the_nickname_there_is),
		cmocka_unit_test(a_second_session_in_the_middle_of_the_entry_misses_nobody),
		cmocka_unit_test(who_joins_again_is_told_everything_again),
		cmocka_unit_test(presence_inside_is_no_join),
		cmocka_unit_test(the_user_changes_the_nickname),
		cmocka_unit_test(a_nickname_that_is_taken_leaves_the_old_one),
		cmocka_unit_test(the_network_changes_the_nickname),
		cmocka_unit_test(others_change_their_nicknames),
		cmocka_unit_test(a_change_during_the_entry_ends_it),
		cmocka_unit_test(names_that_are_none_are_ignored),
		cmocka_unit_test(others_leave),
		cmocka_unit_test(who_is_kicked_is_out),
		cmocka_unit_test(who_is_banned_is_out),
		cmocka_unit_test(the_last_session_leaves_the_room),
		cmocka_unit_test(going_offline_leaves_all_rooms),
		cmocka_unit_test(such_a_session_ends_with_its_last_room),
		cmocka_unit_test(so_it_does_when_it_is_put_out_or_refused),
		cmocka_unit_test(presence_makes_it_a_session_like_others),
		cmocka_unit_test(rooms_are_entered_again_and_who_left_meanwhile_is_gone),
		cmocka_unit_test(who_is_not_let_in_again_is_out),
		cmocka_unit_test(a_lost_room_can_be_left),
		cmocka_unit_test(a_final_refusal_puts_everybody_out),
		cmocka_unit_test(a_shutdown_puts_everybody_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
