/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_NONZA_H
#define FRONTEND_SERVER_NONZA_H

#include "frontend/server/private.h"

/* What is no stanza and counted by nobody: stream management as clients speak it (XEP-0198). */

/* An element of it from a client that has bound the resource: <enable/>, <r/>, <a/>. May end client and resource. */
void nonza_received(struct resource *resource, const struct xml_element *element);
/* Stream management begins with what is sent next. Returns what resumes the stream, "": it cannot be. */
const char *nonza_begin(struct resource *resource, bool resume);

#endif
