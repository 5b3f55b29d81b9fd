/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_CSI_H
#define FRONTEND_SERVER_CSI_H

#include "frontend/server/private.h"

/* Client state indication (XEP-0352): to a client that nobody looks at goes what is worth waking it up for; presences
 * wait, of each sender the newest, and chat states are left out. */

/* <active/> or <inactive/>. */
void csi_element(struct resource *resource, const struct xml_element *element);
void csi_set(struct resource *resource, bool active);
/* True: the stanza is held or dropped, and is not to be written. False: it is to be written, after what is held where
 * order matters, which has been done. */
bool csi_holds(struct resource *resource, const char *stanza, size_t n);
void csi_free(struct csi **csi);

#endif
