/* SPDX-License-Identifier: MIT */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <glib.h>
#include <stdbool.h>

/* One event, one line, with level and area. An area is a log4j category name such as
 * "NetworkPluginServer" or "Component.RAW"; each source file that logs has
 *
 *     LOG_AREA("Component");
 *
 * at its head and calls log_info("server %s: %s", ...). What is not written is not formatted.
 * Line breaks and control characters inside a message are escaped, so that text from a peer
 * cannot forge a line. Never pass a password or a message body. */
enum log_level { LOG_TRACE, LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_FATAL, LOG_OFF };

struct log_area {
	const char *name;
	enum log_level level; /* cached; valid while generation is the current one */
	unsigned generation;
};

#define LOG_AREA(category) static struct log_area log_area_ = { .name = category }

extern unsigned log_generation_;
bool log_resolve_(struct log_area *area, enum log_level level);
void log_write_(struct log_area *area, enum log_level level, const char *format, ...) G_GNUC_PRINTF(3, 4);

static inline bool log_enabled_(struct log_area *area, enum log_level level)
{
	if (__atomic_load_n(&area->generation, __ATOMIC_ACQUIRE) == __atomic_load_n(&log_generation_, __ATOMIC_RELAXED))
		return level >= __atomic_load_n(&area->level, __ATOMIC_RELAXED);
	return log_resolve_(area, level);
}

#define log_at_(level, ...)                                         \
	do {                                                        \
		if (log_enabled_(&log_area_, level))                \
			log_write_(&log_area_, level, __VA_ARGS__); \
	} while (0)
#define log_trace(...) log_at_(LOG_TRACE, __VA_ARGS__)
#define log_debug(...) log_at_(LOG_DEBUG, __VA_ARGS__)
#define log_info(...)  log_at_(LOG_INFO, __VA_ARGS__)
#define log_warn(...)  log_at_(LOG_WARN, __VA_ARGS__)
#define log_error(...) log_at_(LOG_ERROR, __VA_ARGS__)
#define log_fatal(...) log_at_(LOG_FATAL, __VA_ARGS__)
#define log_tracing()  log_enabled_(&log_area_, LOG_TRACE)

/* What ${pid}, ${jid} and ${id} in a logging file stand for. NULL is empty. */
struct log_names {
	const char *jid, *id;
};

/* Without this call, and after log_close(), events of level info and above go to stderr as
 * "%d %-5p %c: %m%n". */

/* Reads a log4j 1.x properties file (docs/operations.md lists the subset: rootLogger, logger. and
 * category. levels, additivity, Console, File and RollingFile appenders, File, MaxFileSize,
 * MaxBackupIndex, Threshold, ConversionPattern with %d %p %c %m %n %t %x %%). Missing parent
 * folders of files are created with mode 0750. On an error nothing changes. */
gboolean log_open(const char *path, const struct log_names *names, GError **error);
void log_close(void);

/* Sets the level of stderr logging (`-d` style debugging and tests). */
void log_set_level(enum log_level level);

/* Before the first line is written. Lines to stderr say no time: for a program whose stderr another one puts into its own log. */
void log_omit_time(void);

/* Gives the files (created so far) to another owner before privileges are dropped. */
gboolean log_chown(unsigned uid, unsigned gid, GError **error);

/* For tests: every line that would be written goes here instead, without time. NULL ends it. */
void log_capture(void (*line)(void *ctx, enum log_level level, const char *area, const char *text), void *ctx);

#endif
