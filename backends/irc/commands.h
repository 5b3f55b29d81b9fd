/* SPDX-License-Identifier: MIT */
#ifndef IRC_COMMANDS_H
#define IRC_COMMANDS_H

#include "irc/account.h"

/* What users write behind a slash, and messages as such. */
struct irc_speech {
	struct irc_account *account;
	struct irc_network *network;
	struct irc_channel *channel; /* of the conversation, NULL for a contact */
	const char *target;          /* the nickname or channel it is said to */
	const char *where;           /* the conversation as main calls it */
	const char *id;              /* of the message */
};

/* Runs a command, or says the text: "/me" as an action, "//x" as "/x", an unknown command as it is. */
void irc_commands_take(const struct irc_speech *speech, const char *text);

#endif
