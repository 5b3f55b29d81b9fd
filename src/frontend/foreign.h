/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_FOREIGN_H
#define FRONTEND_FOREIGN_H

#include "frontend/private.h"

/* Stanzas for other domains than ours. ejabberd sends a component what is for its neighbours on the same port, unless
 * global_routes is off there. */
bool foreign_is(const struct frontend *frontend, const struct stanza *stanza);

/* What wants an answer gets an error; the log tells once how to mend it. */
void foreign_received(struct frontend *frontend, const struct stanza *stanza);

#endif
