/* SPDX-License-Identifier: MIT */
#ifndef BASE_LOG_PROPERTIES_H
#define BASE_LOG_PROPERTIES_H

#include "base/log_appender.h"

/* What a log4j 1.x properties file says. No I/O happens here. */
struct log_logger {
	char *name;     /* owned; "" is the root */
	bool has_level; /* else that of the nearest parent */
	enum log_level level;
	bool additive;        /* events go to the parents' appenders too */
	GPtrArray *appenders; /* of struct log_appender, borrowed */
};

struct log_properties {
	GHashTable *loggers;   /* name to struct log_logger, owned */
	GHashTable *appenders; /* name to struct log_appender, owned */
	enum log_level threshold;
};

#define LOG_PROPERTIES_MAX (256 * 1024) /* bytes of a file */

enum log_properties_error { LOG_PROPERTIES_ERROR_INVALID };
#define LOG_PROPERTIES_ERROR (log_properties_error_quark())
GQuark log_properties_error_quark(void);

/* Parses n bytes at `text`; `file` is for errors, which read "FILE:LINE: what". */
struct log_properties *log_properties_parse(const char *text, size_t n, const char *file, const struct log_names *names,
					    GError **error);
void log_properties_free(struct log_properties **properties);

/* The logger of that name or its nearest parent, up to the root, which always exists. */
const struct log_logger *log_properties_find(const struct log_properties *properties, const char *area);

/* The next one above; NULL above the root. */
const struct log_logger *log_properties_parent(const struct log_properties *properties,
					       const struct log_logger *logger);

/* From which level on events of an area are written. */
enum log_level log_properties_level(const struct log_properties *properties, const char *area);

#endif
