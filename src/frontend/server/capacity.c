/* SPDX-License-Identifier: MIT */
#include "frontend/server/capacity.h"

#include "base/log.h"

#include <glib.h>

#include <stdint.h>
#include <sys/resource.h>

LOG_AREA("Server");

size_t capacity_clients(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) || limit.rlim_cur == RLIM_INFINITY)
		return SIZE_MAX;
	/* One in four where that is less: some clients are better than none. */
	size_t files = limit.rlim_cur, others = MIN(CAPACITY_OTHERS, files / 4);
	return files - others;
}

void capacity_tell(size_t clients)
{
	if (clients < CAPACITY_FEW)
		log_warn("the limit of open files allows %zu clients at once; LimitNOFILE= of the unit, or ulimit -n, "
			 "raises it",
			 clients);
}
