/* SPDX-License-Identifier: MIT */
#include "base/log.h"

#include "base/log_properties.h"
#include "base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define TEXT_BYTES_MAX (64 * 1024) /* bytes of one message, escaped */
#define LINE_BYTES_MAX (2 * TEXT_BYTES_MAX)
#define SHORT          1024

/* All of this is guarded by `lock`; log_generation_ is read without it. */
static GMutex lock;
static struct log_properties *properties; /* owned; NULL: stderr */
static struct log_appender *to_stderr;    /* owned */
static bool time_omitted;                 /* in lines to stderr */
static GPtrArray *made_folders;           /* owned */
static enum log_level stderr_level = LOG_INFO;
static struct buf line_buf, text_buf;
static void (*capture)(void *ctx, enum log_level level, const char *area, const char *text);
static void *capture_ctx;
unsigned log_generation_ = 1;

static void forget_levels(void)
{
	__atomic_add_fetch(&log_generation_, 1, __ATOMIC_RELEASE);
}

static enum log_level find_level(const char *area)
{
	return properties ? log_properties_level(properties, area) : stderr_level;
}

bool log_resolve_(struct log_area *area, enum log_level level)
{
	enum log_level found;
	g_mutex_lock(&lock);
	found = find_level(area->name);
	__atomic_store_n(&area->level, found, __ATOMIC_RELAXED);
	__atomic_store_n(&area->generation, log_generation_, __ATOMIC_RELEASE);
	g_mutex_unlock(&lock);
	return level >= found;
}

/* One character that could break a line or steer a terminal: control characters of ASCII and of
 * Unicode (U+0080 to U+009F), and bytes that are no UTF-8. Returns how many bytes it has, 0 if it is harmless. */
static size_t measure_harmful(const char *s, size_t n)
{
	unsigned char c = (unsigned char)s[0];
	size_t length;
	if (c < 0x80)
		return c < 0x20 || c == 0x7f;
	length = text_char(s, n);
	if (length == 0)
		return 1;
	return c == 0xc2 && (unsigned char)s[1] < 0xa0 ? 2 : 0;
}

static void append_escape(struct buf *out, unsigned char c)
{
	static const char short_names[] = "\nn\rr\tt";
	char escape[8];
	for (const char *p = short_names; *p; p += 2) {
		if ((unsigned char)*p == c) {
			buf_append(out, (char[]){ '\\', p[1] }, 2);
			return;
		}
	}
	buf_append(out, escape, (size_t)g_snprintf(escape, sizeof(escape), "\\x%02x", c));
}

/* As much of it as there is room for. */
static void append_harmless(struct buf *out, const char *s, size_t n)
{
	size_t room = out->max - buf_len(out);
	buf_append(out, s, MIN(n, room));
	if (n > room)
		out->failed = true;
}

static void escape_text(struct buf *out, const char *s, size_t n)
{
	size_t start = 0, i = 0;
	while (i < n) {
		size_t harmful = measure_harmful(s + i, n - i);
		if (harmful == 0) {
			i++;
			while (i < n && ((unsigned char)s[i] & 0xc0) == 0x80)
				i++;
			continue;
		}
		append_harmless(out, s + start, i - start);
		for (; harmful > 0; harmful--)
			append_escape(out, (unsigned char)s[i++]);
		start = i;
	}
	append_harmless(out, s + start, i - start);
}

static void write_everywhere(const struct log_record *record)
{
	const struct log_logger *logger;
	if (!properties) {
		log_appender_write(to_stderr, record, &line_buf);
		return;
	}
	logger = log_properties_find(properties, record->area);
	for (; logger; logger = logger->additive ? log_properties_parent(properties, logger) : NULL) {
		for (guint i = 0; i < logger->appenders->len; i++)
			log_appender_write(logger->appenders->pdata[i], record, &line_buf);
	}
}

/* The first use makes what stays until the process ends. */
static void prepare(void)
{
	const char *reason;
	if (to_stderr)
		return;
	buf_init(&line_buf, LINE_BYTES_MAX);
	buf_init(&text_buf, TEXT_BYTES_MAX);
	made_folders = g_ptr_array_new_with_free_func(g_free);
	to_stderr = log_appender_new("stderr");
	to_stderr->kind = LOG_APPENDER_CONSOLE;
	to_stderr->to_stderr = true;
	to_stderr->fd = STDERR_FILENO;
	to_stderr->pattern = log_pattern_new(time_omitted ? "%-5p %c: %m%n" : "%d %-5p %c: %m%n", &reason);
}

static void write_locked(const struct log_area *area, enum log_level level, const char *text, size_t n)
{
	struct log_record record = { .level = level, .area = area->name };
	prepare();
	buf_clear(&text_buf);
	escape_text(&text_buf, text, n);
	if (text_buf.failed || buf_len(&text_buf) == TEXT_BYTES_MAX) { /* there is no room for the end */
		buf_truncate(&text_buf, text_cut(buf_data(&text_buf), buf_len(&text_buf), TEXT_BYTES_MAX - 4));
		buf_append(&text_buf, "...", 3);
	}
	buf_append(&text_buf, "", 1);
	record.text = (struct str){ buf_data(&text_buf), buf_len(&text_buf) - 1 };
	if (capture) {
		capture(capture_ctx, level, area->name, record.text.p);
		return;
	}
	clock_gettime(CLOCK_REALTIME, &record.time);
	write_everywhere(&record);
}

void log_write_(struct log_area *area, enum log_level level, const char *format, ...)
{
	char small[SHORT], *text = small;
	g_autofree char *large = NULL;
	int saved = errno, n;
	va_list args;
	va_start(args, format);
	n = vsnprintf(small, sizeof(small), format, args);
	va_end(args);
	if (n >= (int)sizeof(small)) {
		size_t size = MIN((size_t)n, TEXT_BYTES_MAX) + 1;
		text = large = g_malloc(size);
		va_start(args, format);
		vsnprintf(large, size, format, args);
		va_end(args);
		n = (int)size - 1;
	}
	g_mutex_lock(&lock);
	write_locked(area, level, text, (size_t)MAX(n, 0));
	g_mutex_unlock(&lock);
	errno = saved;
}

static gboolean open_appenders(struct log_properties *fresh, GPtrArray *made, GError **error)
{
	GHashTableIter iter;
	gpointer appender;
	g_hash_table_iter_init(&iter, fresh->appenders);
	while (g_hash_table_iter_next(&iter, NULL, &appender)) {
		if (((struct log_appender *)appender)->used && !log_appender_open(appender, made, error))
			return FALSE;
	}
	return TRUE;
}

static void replace_properties(struct log_properties *fresh, GPtrArray *made)
{
	struct log_properties *old;
	g_mutex_lock(&lock);
	prepare();
	old = properties;
	properties = fresh;
	if (made)
		g_ptr_array_extend_and_steal(made_folders, made);
	forget_levels();
	g_mutex_unlock(&lock);
	log_properties_free(&old);
}

gboolean log_open(const char *path, const struct log_names *names, GError **error)
{
	g_autoptr(GPtrArray) made = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *text = NULL;
	struct log_properties *fresh;
	gsize n;
	if (!g_file_get_contents(path, &text, &n, error)) {
		g_prefix_error(error, "logging file: ");
		return FALSE;
	}
	fresh = log_properties_parse(text, n, path, names, error);
	if (!fresh)
		return FALSE;
	if (!open_appenders(fresh, made, error)) {
		g_prefix_error(error, "%s: ", path);
		log_properties_free(&fresh);
		return FALSE;
	}
	replace_properties(fresh, g_steal_pointer(&made));
	return TRUE;
}

void log_close(void)
{
	replace_properties(NULL, NULL);
}

void log_omit_time(void)
{
	g_mutex_lock(&lock);
	g_assert(!to_stderr); /* the first line is not written yet */
	time_omitted = true;
	g_mutex_unlock(&lock);
}

void log_set_level(enum log_level level)
{
	g_mutex_lock(&lock);
	stderr_level = level;
	forget_levels();
	g_mutex_unlock(&lock);
}

static gboolean give_away(const char *path, int fd, uid_t uid, gid_t gid, GError **error)
{
	struct stat st;
	if (fd >= 0 ? fstat(fd, &st) == 0 && !S_ISREG(st.st_mode) : FALSE)
		return TRUE;
	if ((fd >= 0 ? fchown(fd, uid, gid) : lchown(path, uid, gid)) == 0)
		return TRUE;
	g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(errno), "cannot give %s to user %u: %s", path,
		    (unsigned)uid, g_strerror(errno));
	return FALSE;
}

static gboolean give_all_away(uid_t uid, gid_t gid, GError **error)
{
	GHashTableIter iter;
	gpointer value;
	for (guint i = 0; made_folders && i < made_folders->len; i++) {
		if (!give_away(made_folders->pdata[i], -1, uid, gid, error))
			return FALSE;
	}
	if (!properties)
		return TRUE;
	g_hash_table_iter_init(&iter, properties->appenders);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		const struct log_appender *appender = value;
		if (appender->path && appender->fd >= 0 && !give_away(appender->path, appender->fd, uid, gid, error))
			return FALSE;
	}
	return TRUE;
}

gboolean log_chown(unsigned uid, unsigned gid, GError **error)
{
	gboolean ok;
	g_mutex_lock(&lock);
	ok = give_all_away(uid, gid, error);
	g_mutex_unlock(&lock);
	return ok;
}

void log_capture(void (*line)(void *ctx, enum log_level level, const char *area, const char *text), void *ctx)
{
	g_mutex_lock(&lock);
	capture = line;
	capture_ctx = ctx;
	g_mutex_unlock(&lock);
}
