/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_CONTROL_H
#define DAEMON_CONTROL_H

#include "admin/admin.h"
#include "frontend/frontend.h"
#include "pool/pool.h"

/* What commands need of the parts that they cannot see (admin/admin.h). The context of the host is a struct
 * control, which borrows. */
struct control {
	struct pool *pool;
	struct frontend *frontend;
	bool (*reload)(void *ctx);
	void *ctx;
};

const struct admin_host *control_host(void);

#endif
