/* SPDX-License-Identifier: MIT */
#ifndef IRC_REPORTS_H
#define IRC_REPORTS_H

#include "irc/account.h"

/* What networks report, told to main. */

extern const struct irc_listener irc_reports;

/* Says something in the conversation main calls `where`. */
void irc_report_tell(struct irc_account *account, const char *where, const char *text);

/* A room that cannot be joined, or, for the nickname, not be used under another one. */
void irc_report_refusal(struct irc_account *account, const char *room, const char *nick, enum irc_refusal why,
			const char *text);

#endif
