/* SPDX-License-Identifier: MIT */
#ifndef CORE_LOCAL_ACCOUNT_H
#define CORE_LOCAL_ACCOUNT_H

#include "core/core.h"

/* The account on the users' own server without which nobody registers (registration.require_local_account):
 * name and password are tried there. So that the gateway is no place to guess passwords, there is one try at a time
 * for each user and for each account, and a wrong one is told only after a second. */
struct local_account {
	const char *jid;             /* who wants to register; bare */
	const char *name, *password; /* as typed; NULL: missing */
};

typedef void local_account_done(struct core *core, uint64_t id, enum core_error error, const char *text);

/* CORE_OK: the answer comes to `done`, once, never before this returned, at the latest when the core logs everybody
 * out. Else what is wrong, with a text for people, borrowed until the next call of the core, and no answer comes. */
enum core_error local_account_check(struct core *core, const struct local_account *account, local_account_done *done,
				    uint64_t id, const char **text);

/* Parts of a core's life. */
bool local_accounts_expire(struct core *core);
void local_accounts_close(struct core *core);

#endif
