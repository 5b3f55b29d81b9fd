/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_CSI_H
#define FRONTEND_SERVER_CSI_H

#include "frontend/server/private.h"

/* Client state indication (XEP-0352): to a client that nobody looks at goes what is worth waking it up for; presences
 * and events wait, of each sender the newest, and chat states are left out. What is worth it takes along all that
 * waits, before it, so that the order stays. */

enum { CSI_STANZAS_MAX = 500, CSI_BYTES_MAX = 256 << 10 }; /* held; with more all of it goes */

/* <active/> or <inactive/>. */
void csi_element(struct resource *resource, const struct xml_element *element);
void csi_set(struct resource *resource, bool active);
/* True: the stanza is held or dropped, and is not to be written. False: it is to be written, after csi_flush(). */
bool csi_holds(struct resource *resource, const char *stanza, size_t n);
bool csi_has_any(const struct csi *csi);
/* Puts what is held. */
void csi_flush(struct resource *resource);
void csi_free(struct csi **csi);

#endif
