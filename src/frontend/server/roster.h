/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_ROSTER_H
#define FRONTEND_SERVER_ROSTER_H

#include "frontend/private.h"

/* The roster of a user in server mode, where it is ours (RFC 6121, section 2). Who asks for it hears of its changes
 * from then on, by frontend/roster_pushed.c. */
void server_roster_get(struct frontend *frontend, const struct stanza *request, const struct xml_element *query);
void server_roster_set(struct frontend *frontend, const struct stanza *request, const struct xml_element *query);

/* The gateway itself, as the only contact of an administrator. */
struct core_contact_item server_roster_admin(void);

#endif
