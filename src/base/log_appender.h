/* SPDX-License-Identifier: MIT */
#ifndef BASE_LOG_APPENDER_H
#define BASE_LOG_APPENDER_H

#include "base/log_pattern.h"

/* A place that lines go to. Filled in by the parser of the logging file, then opened. */
enum log_appender_kind { LOG_APPENDER_UNSET, LOG_APPENDER_CONSOLE, LOG_APPENDER_FILE, LOG_APPENDER_ROLLING_FILE };

struct log_appender {
	char *name;    /* owned */
	unsigned line; /* where the file first speaks of it */
	enum log_appender_kind kind;
	enum log_level threshold;
	struct log_pattern *pattern; /* owned */
	bool to_stderr;              /* console: else stdout */
	char *path;                  /* owned; files */
	bool truncate;               /* files: start empty */
	uint64_t max_size;           /* rolling: bytes a file may have */
	unsigned max_backups;        /* rolling: path.1 to path.N are kept */
	bool used;                   /* some logger names it */
	int fd;                      /* -1 until open */
	uint64_t size;
};

struct log_appender *log_appender_new(const char *name);
void log_appender_free(struct log_appender **appender);

/* Opens the file. Folders made on the way have mode 0750; their paths are added to `made`. */
gboolean log_appender_open(struct log_appender *appender, GPtrArray *made, GError **error);

/* One line by one write; a rolling file is rolled first when the line would not fit. `scratch` is
 * any buffer. A line that cannot be written is lost. */
void log_appender_write(struct log_appender *appender, const struct log_record *record, struct buf *scratch);

#endif
