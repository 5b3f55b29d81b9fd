/* SPDX-License-Identifier: MIT */
#ifndef POOL_TIMESTAMP_H
#define POOL_TIMESTAMP_H

#include <stdint.h>

/* Seconds since 1970 of what backends write: "YYYYMMDDTHHMMSS" in UTC, or those seconds in decimal.
 * 0 for anything else. */
int64_t timestamp_parse(const char *text);

#endif
