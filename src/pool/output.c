/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "pool/private.h"

LOG_AREA("backend");

void output_log(const struct backend *backend, const char *line)
{
	log_info("%s: %s", backend->name, line);
}
