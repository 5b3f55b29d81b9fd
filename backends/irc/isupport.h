/* SPDX-License-Identifier: MIT */
#ifndef IRC_ISUPPORT_H
#define IRC_ISUPPORT_H

#include "irc/names.h"

/* What a server says about itself in numeric 005, with the values of RFC 1459 before it does. */
enum { IRC_PREFIXES_MAX = 15, IRC_CHANTYPES_MAX = 15, IRC_CHANMODES_MAX = 63 };

/* How a channel mode takes its parameter (ISUPPORT CHANMODES, in its order). */
enum irc_mode_kind { IRC_MODE_LIST, IRC_MODE_ALWAYS, IRC_MODE_WHEN_SET, IRC_MODE_NEVER, IRC_MODE_KINDS };

struct irc_isupport {
	enum irc_casemap casemap;
	char chantypes[IRC_CHANTYPES_MAX + 1];
	/* Member modes and their signs, same order, highest first: "qaohv" and "~&@%+". */
	char prefix_modes[IRC_PREFIXES_MAX + 1], prefix_signs[IRC_PREFIXES_MAX + 1];
	char statusmsg[IRC_PREFIXES_MAX + 1]; /* signs that may stand before a channel in a message */
	char chanmodes[IRC_MODE_KINDS][IRC_CHANMODES_MAX + 1];
};

void irc_isupport_init(struct irc_isupport *isupport);

/* One token such as "PREFIX=(ov)@+"; "-NAME" goes back to the default. Unknown or senseless ones are ignored. */
void irc_isupport_apply(struct irc_isupport *isupport, const char *token);

bool irc_isupport_is_channel(const struct irc_isupport *isupport, const char *name);

/* The channel behind a message's target, which may have a sign before it ("@#chan"). */
const char *irc_isupport_target(const struct irc_isupport *isupport, const char *target);

/* The bit of a member's sign or mode; 0 if it is none. */
unsigned irc_isupport_sign_bit(const struct irc_isupport *isupport, char sign);
unsigned irc_isupport_mode_bit(const struct irc_isupport *isupport, char mode);

/* Channel operators, protected ones and owners: modes o, a and q. */
bool irc_isupport_is_moderator(const struct irc_isupport *isupport, unsigned bits);

/* Whether a channel mode (not NUL) that is set or taken away has a parameter. */
bool irc_isupport_mode_has_arg(const struct irc_isupport *isupport, char mode, bool set);

#endif
