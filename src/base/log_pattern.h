/* SPDX-License-Identifier: MIT */
#ifndef BASE_LOG_PATTERN_H
#define BASE_LOG_PATTERN_H

#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"

#include <stdint.h>
#include <time.h>

/* One event, on its way to the appenders. */
struct log_record {
	enum log_level level;
	const char *area;
	struct str text;
	struct timespec time;
};

/* A compiled ConversionPattern of log4j's PatternLayout: %d %p %c %m %n %t %x %r %% with widths
 * ("%-5p"), %d{ISO8601}, %d{ABSOLUTE}, %d{DATE} and %d{pattern}, %c{depth}. What log4j knows and we do not
 * (%F %L %M %l %C) is written as "?", as log4j does where it does not know either. */
struct log_pattern;

/* NULL and an error text (static, what is wrong with it) if it does not compile. */
struct log_pattern *log_pattern_new(const char *pattern, const char **error);
void log_pattern_free(struct log_pattern **pattern);

/* Appends the line. Not thread-safe: remembers the time of the last one. */
void log_pattern_render(struct log_pattern *pattern, const struct log_record *record, struct buf *out);

/* "INFO" and so on. */
const char *log_level_name(enum log_level level);

/* In any case, with ALL and OFF. */
bool log_level_parse(const char *text, enum log_level *level);

#endif
