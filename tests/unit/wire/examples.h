/* SPDX-License-Identifier: MIT */
#ifndef TESTS_WIRE_EXAMPLES_H
#define TESTS_WIRE_EXAMPLES_H

#include "base/buf.h"

#include <glib.h>

/* Whole frames, as other implementations of the protocol read and write them. */
#define USER_HEX "0a 0d 75 40 65 78 61 6d 70 6c 65 2e 6f 72 67 "

#define PING_HEX         "00 00 00 02 08 09"
#define PONG_HEX         "00 00 00 02 08 0a"
#define EXIT_HEX         "00 00 00 02 08 1d"
#define QUERY_HEX        "00 00 00 0c 08 1f 12 08 0a 06 73 74 61 74 75 73"
#define STATS_HEX        "00 00 00 14 08 17 12 10 08 80 a0 01 10 80 50 18 80 28 22 04 34 32 34 32"
#define CONNECTED_HEX    "00 00 00 13 08 01 12 0f " USER_HEX
#define DISCONNECTED_HEX "00 00 00 1a 08 02 12 16 " USER_HEX "10 02 1a 03 62 61 64"
#define LOGIN_HEX                                                           \
	"00 00 00 34 08 03 12 30 " USER_HEX "12 04 6e 69 63 6b 1a 02 70 77" \
	"2a 15 0a 13 0a 0e 73 74 61 79 5f 63 6f 6e 6e 65 63 74 65 64 12 01 31"
#define LOGIN_EMPTY_HEX "00 00 00 1f 08 03 12 1b " USER_HEX "12 04 6e 69 63 6b 1a 02 70 77 2a 00"
#define LOGOUT_HEX      "00 00 00 19 08 04 12 15 " USER_HEX "12 04 6e 69 63 6b"
#define STATUS_HEX      "00 00 00 18 08 11 12 14 " USER_HEX "18 01 22 01 78"
#define BUDDY_FROM_MAIN_HEX \
	"00 00 00 28 08 06 12 24 " USER_HEX "12 03 62 6f 62 1a 03 42 6f 62 22 07 46 72 69 65 6e 64 73 28 05"
/* As the C++ library writes it: every optional field is there, empty or false. */
#define BUDDY_FROM_CPP_HEX                                                  \
	"00 00 00 31 08 06 12 2d " USER_HEX "12 03 62 6f 62 1a 03 42 6f 62" \
	"22 07 46 72 69 65 6e 64 73 28 01 32 03 62 72 62 3a 00 40 00"
#define MESSAGE_FROM_MAIN_HEX "00 00 00 22 08 08 12 1e " USER_HEX "12 03 62 6f 62 1a 02 68 69 2a 00 42 02 6d 31"
#define MESSAGE_FROM_CPP_HEX \
	"00 00 00 28 08 08 12 24 " USER_HEX "12 03 62 6f 62 1a 02 68 69 22 00 2a 00 32 00 38 00 48 00 50 00"
#define JOIN_ROOM_HEX "00 00 00 1f 08 0b 12 1b " USER_HEX "12 04 6e 69 63 6b 1a 02 23 63 22 00"
#define PARTICIPANT_FROM_CPP_HEX \
	"00 00 00 26 08 0d 12 22 " USER_HEX "12 02 23 63 1a 03 62 6f 62 20 01 28 00 32 00 3a 00 4a 00"
#define VCARD_REQUEST_HEX "00 00 00 1a 08 10 12 16 " USER_HEX "12 03 62 6f 62 18 07"
#define TYPING_HEX        "00 00 00 18 08 12 12 14 " USER_HEX "12 03 62 6f 62"
#define CONFIG_FROM_PYTHON_HEX                                                                                        \
	"00 00 00 35 08 1e 12 31 0a 2f 5b 66 65 61 74 75 72 65 73 5d 0a 73 65 6e 64 5f 62 75 64 64 69 65 73 5f 6f 6e" \
	"5f 6c 6f 67 69 6e 20 3d 20 31 0a 6d 75 63 20 3d 20 74 72 75 65"
#define CONFIG_OF_IRC_HEX "00 00 00 68 08 1e 12 64 0a 62"
#define CONFIG_OF_IRC_TEXT \
	"[registration]\nneedPassword=1\nneedRegistration=0\n[features]\nmuc=1\nrawxml=0\ndisable_jid_escaping=1\n"

/* Appends the bytes that pairs of hex digits stand for; blanks are skipped. */
static inline void add_hex(struct buf *buf, const char *hex)
{
	for (; *hex; hex++) {
		if (*hex == ' ')
			continue;
		char byte = (char)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
		g_assert(buf_append(buf, &byte, 1));
		hex++;
	}
}

#endif
