/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_PRIVILEGED_IQ_H
#define FRONTEND_PRIVILEGED_IQ_H

#include "frontend/ask.h"

/* IQ requests in the name of a user to his own account (XEP-0356, version 2, section 6). */

/* Starts one of `type` ("get" or "set") whose one payload, of the namespace `ns`, the caller appends. `user` is a
 * prepared bare JID. NULL: his server does not grant it, or it cannot be sent now. */
struct buf *privileged_iq_begin(struct frontend *frontend, const char *type, const char *user, const char *ns);
void privileged_iq_end(struct frontend *frontend, struct buf *out, struct ask_reply reply);

/* What the user's account answered: an <iq/> of type result or error, out of the answer that ask_reply.done is given.
 * NULL: nothing in time, or the server refused. */
const struct xml_element *privileged_iq_answer(const struct xml_element *answer);

#endif
