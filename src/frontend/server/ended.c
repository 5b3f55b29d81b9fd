/* SPDX-License-Identifier: MIT */
#include "frontend/server/private.h"

/* Every client of somebody who was logged out hears why; nothing of it can be resumed. */
void server_user_ended(void *ctx, const char *user, const char *text)
{
	struct server *server = ctx;
	const struct account *account = account_of(server, str_of(user));
	enum xmpp_c2s_error error = server->closing ? XMPP_C2S_SYSTEM_SHUTDOWN : XMPP_C2S_UNDEFINED_CONDITION;
	for (struct resource *each = account ? account->resources : NULL; each; each = each->next) {
		each->arrival = 0;
		resource_end(each, error, text);
	}
}
