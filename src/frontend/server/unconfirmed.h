/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_UNCONFIRMED_H
#define FRONTEND_SERVER_UNCONFIRMED_H

#include "frontend/server/private.h"

/* What a resource that is gone for good has never confirmed (XEP-0198, section 5): what people said to it goes to the
 * other resources that did not get it, or is kept until one comes; who asked it something is told that it is not
 * there; all else was of the moment. The resource is not available any more, but still in its account. */
void unconfirmed_hand_on(const struct resource *resource, const struct sm *sm);

#endif
