/* SPDX-License-Identifier: MIT */
#ifndef TESTS_CORE_ROOM_SCENE_H
#define TESTS_CORE_ROOM_SCENE_H

#include "fakes.h"

/* What the tests of rooms have in common: a room #room and what the network says of it. */

#define A    USER "/a"
#define B    USER "/b"
#define ROOM "#room@gate.localhost"

static inline void occupant(struct fakes *fakes, const char *nick, int flags)
{
	net_occupant(fakes, USER, "#room", nick, flags);
}

static inline void gone(struct fakes *fakes, const char *nick, int flags, const char *text)
{
	net_participant(
		fakes, USER,
		&(struct core_participant){
			.room = "#room", .nickname = nick, .flags = flags, .status = CORE_OFFLINE, .text = text });
}

static inline void renamed(struct fakes *fakes, const char *nick, const char *newname, int flags)
{
	net_participant(
		fakes, USER,
		&(struct core_participant){
			.room = "#room", .nickname = nick, .newname = newname, .flags = flags, .status = CORE_ONLINE });
}

static inline void subject(struct fakes *fakes, const char *nick, const char *text)
{
	core_legacy_subject(fakes_user(fakes, USER), "#room", nick, text);
}

/* USER/a is in #room as "me", with anna, under the subject "Hello". */
static inline struct fakes *start_inside(void)
{
	struct fakes *fakes = fakes_start(USER);
	user_join(fakes, A, ROOM "/me", NULL);
	occupant(fakes, "anna", 0);
	subject(fakes, "anna", "Hello");
	occupant(fakes, "me", CORE_FLAG_ME);
	fakes_forget(fakes);
	return fakes;
}

/* What a session that enters this room is told. */
#define ALL_TO(full, codes)                                \
	"occupant #room/anna -> " full " online\n"         \
	"occupant #room/me -> " full " online " codes "\n" \
	"message #room/anna -> " full " groupchat subject=\"Hello\"\n"

#endif
