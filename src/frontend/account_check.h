/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_ACCOUNT_CHECK_H
#define FRONTEND_ACCOUNT_CHECK_H

#include "core/core.h"

struct frontend;

/* Logging in to the users' own server, to see whether it takes a name and a password. The connection is encrypted
 * where the server offers it, and its certificate checked (against the authorities of service.tls_ca, or the
 * system's) unless the server is on this machine. */

/* A call of the frontend port; its ctx is the frontend. */
void account_check_start(void *ctx, const struct core_account *account, uint64_t id);

/* Parts of a frontend's life. No answer comes after the second. */
void account_checks_init(struct frontend *frontend);
void account_checks_fini(struct frontend *frontend);

#endif
