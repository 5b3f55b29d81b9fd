/* SPDX-License-Identifier: MIT */
#ifndef IRC_REPORTS_H
#define IRC_REPORTS_H

#include "irc/account.h"

/* What networks report, told to main. */

/* Events of connections; their ctx is the struct irc_network. */
extern const struct irc_events irc_reports;

void irc_report_interrupted(struct irc_network *network, const char *text);
void irc_report_down(struct irc_network *network, enum irc_failure why, const char *text);

/* Says something in the conversation main calls `where`. */
void irc_report_tell(struct irc_account *account, const char *where, const char *text);

/* A room that cannot be joined. */
void irc_report_refusal(struct irc_account *account, const char *room, const char *nick, enum irc_refusal why,
			const char *text);

#endif
