/* SPDX-License-Identifier: MIT */
#include "base/log_properties.h"

#include <stdarg.h>
#include <unistd.h>

#define NAME_MAX_BYTES 255
#define ROWS_MAX       1000 /* loggers, and appenders */

struct parser {
	struct log_properties *properties; /* borrowed */
	const struct log_names *names;     /* borrowed */
	const char *file;
	unsigned line;
	GError **error;
};

GQuark log_properties_error_quark(void)
{
	return g_quark_from_static_string("log-properties-error");
}

static bool fail(const struct parser *parser, unsigned line, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(const struct parser *parser, unsigned line, const char *format, ...)
{
	g_autofree char *what = NULL;
	va_list args;
	va_start(args, format);
	what = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(parser->error, LOG_PROPERTIES_ERROR, LOG_PROPERTIES_ERROR_INVALID, "%s:%u: %s", parser->file, line,
		    what);
	return false;
}

static void free_logger(gpointer data)
{
	struct log_logger *logger = data;
	g_ptr_array_unref(logger->appenders);
	g_free(logger->name);
	g_free(logger);
}

static void free_appender(gpointer data)
{
	struct log_appender *appender = data;
	log_appender_free(&appender);
}

static struct log_logger *provide_logger(struct log_properties *properties, const char *name)
{
	struct log_logger *logger = g_hash_table_lookup(properties->loggers, name);
	if (logger)
		return logger;
	logger = g_new0(struct log_logger, 1);
	logger->name = g_strdup(name);
	logger->additive = true;
	logger->appenders = g_ptr_array_new();
	g_hash_table_insert(properties->loggers, logger->name, logger);
	return logger;
}

static struct log_appender *provide_appender(struct parser *parser, const char *name)
{
	GHashTable *appenders = parser->properties->appenders;
	struct log_appender *appender = g_hash_table_lookup(appenders, name);
	if (appender)
		return appender;
	appender = log_appender_new(name);
	appender->line = parser->line;
	g_hash_table_insert(appenders, appender->name, appender);
	return appender;
}

/* "level, A, B". An empty level, INHERITED and NULL leave it to the parent. */
static bool set_logger(struct parser *parser, const char *name, const char *value)
{
	struct log_logger *logger = provide_logger(parser->properties, name);
	g_auto(GStrv) words = g_strsplit(value, ",", ROWS_MAX);
	g_ptr_array_set_size(logger->appenders, 0);
	for (unsigned i = 0; words[i]; i++) {
		const char *word = g_strstrip(words[i]);
		if (i > 0) {
			struct log_appender *appender = *word ? provide_appender(parser, word) : NULL;
			if (!appender)
				return fail(parser, parser->line, "%s: an appender name is empty", name);
			if (!g_ptr_array_find(logger->appenders, appender, NULL))
				g_ptr_array_add(logger->appenders, appender);
			appender->used = true;
		} else if (*word && g_ascii_strcasecmp(word, "INHERITED") != 0 &&
			   g_ascii_strcasecmp(word, "NULL") != 0) {
			logger->has_level = true;
			if (!log_level_parse(word, &logger->level))
				return fail(parser, parser->line,
					    "'%s' is not a level (trace, debug, info, warn, error, "
					    "fatal, off, all)",
					    word);
		}
	}
	return true;
}

static bool parse_boolean(struct parser *parser, const char *value, bool *result)
{
	*result = g_ascii_strcasecmp(value, "true") == 0;
	if (!*result && g_ascii_strcasecmp(value, "false") != 0)
		return fail(parser, parser->line, "'%s' is neither true nor false", value);
	return true;
}

static bool set_class(struct parser *parser, struct log_appender *appender, const char *value)
{
	static const struct {
		const char *name;
		enum log_appender_kind kind;
	} classes[] = {
		{ "org.apache.log4j.ConsoleAppender", LOG_APPENDER_CONSOLE },
		{ "org.apache.log4j.FileAppender", LOG_APPENDER_FILE },
		{ "org.apache.log4j.RollingFileAppender", LOG_APPENDER_ROLLING_FILE },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(classes); i++) {
		if (strcmp(value, classes[i].name) == 0) {
			appender->kind = classes[i].kind;
			return true;
		}
	}
	return fail(parser, parser->line,
		    "unknown appender '%s' (known are org.apache.log4j.ConsoleAppender, "
		    "FileAppender and RollingFileAppender)",
		    value);
}

static bool set_file(struct parser *parser, struct log_appender *appender, const char *value)
{
	if (!*value)
		return fail(parser, parser->line, "the file of appender %s is empty", appender->name);
	g_free(appender->path);
	appender->path = g_strdup(value);
	return true;
}

static bool set_append(struct parser *parser, struct log_appender *appender, const char *value)
{
	bool append = true;
	if (!parse_boolean(parser, value, &append))
		return false;
	appender->truncate = !append;
	return true;
}

/* "10000KB"; without a unit it is bytes. */
static bool set_max_size(struct parser *parser, struct log_appender *appender, const char *value)
{
	static const char *const units[] = { "", "KB", "MB", "GB" };
	char *end;
	guint64 size = g_ascii_strtoull(value, &end, 10);
	for (unsigned i = 0; g_ascii_isdigit(*value) && i < G_N_ELEMENTS(units); i++) {
		if (g_ascii_strcasecmp(end, units[i]) == 0 && size > 0 && size <= G_MAXUINT32) {
			appender->max_size = size << (10 * i);
			return true;
		}
	}
	return fail(parser, parser->line, "'%s' is not a size such as 10MB", value);
}

static bool set_max_backups(struct parser *parser, struct log_appender *appender, const char *value)
{
	guint64 n;
	if (!g_ascii_string_to_unsigned(value, 10, 0, 1000, &n, NULL))
		return fail(parser, parser->line, "'%s' is not a number of 0 to 1000", value);
	appender->max_backups = (unsigned)n;
	return true;
}

static bool set_threshold(struct parser *parser, struct log_appender *appender, const char *value)
{
	return log_level_parse(value, &appender->threshold) || fail(parser, parser->line, "'%s' is not a level", value);
}

static bool set_target(struct parser *parser, struct log_appender *appender, const char *value)
{
	appender->to_stderr = g_ascii_strcasecmp(value, "System.err") == 0;
	if (!appender->to_stderr && g_ascii_strcasecmp(value, "System.out") != 0)
		return fail(parser, parser->line, "'%s' is neither System.out nor System.err", value);
	return true;
}

static bool set_pattern(struct parser *parser, struct log_appender *appender, const char *value)
{
	const char *reason;
	log_pattern_free(&appender->pattern);
	appender->pattern = log_pattern_new(value, &reason);
	return appender->pattern || fail(parser, parser->line, "pattern '%s': %s", value, reason);
}

static bool set_layout(struct parser *parser, struct log_appender *appender, const char *value)
{
	if (strcmp(value, "org.apache.log4j.SimpleLayout") == 0)
		return set_pattern(parser, appender, "%p - %m%n");
	return strcmp(value, "org.apache.log4j.PatternLayout") == 0 ||
	       fail(parser, parser->line,
		    "unknown layout '%s' (known are org.apache.log4j.PatternLayout and SimpleLayout)", value);
}

/* What says how lines get to the disk: each of ours goes there at once. */
static bool ignore(struct parser *parser, struct log_appender *appender, const char *value)
{
	(void)parser, (void)appender, (void)value;
	return true;
}

static const struct {
	const char *name; /* log4j sets these by reflection, so case matters little */
	bool (*set)(struct parser *parser, struct log_appender *appender, const char *value);
} appender_settings[] = {
	{ "", set_class },
	{ "File", set_file },
	{ "Append", set_append },
	{ "MaxFileSize", set_max_size },
	{ "MaximumFileSize", set_max_size },
	{ "MaxBackupIndex", set_max_backups },
	{ "Threshold", set_threshold },
	{ "Target", set_target },
	{ "layout", set_layout },
	{ "layout.ConversionPattern", set_pattern },
	{ "ImmediateFlush", ignore },
	{ "BufferedIO", ignore },
	{ "BufferSize", ignore },
	{ "Encoding", ignore },
};

/* "A", "A.File", "A.layout.ConversionPattern": what stands after "log4j.appender.". */
static bool set_appender(struct parser *parser, const char *key, const char *value)
{
	g_auto(GStrv) parts = g_strsplit(key, ".", 2);
	const char *setting = parts[0] && parts[1] ? parts[1] : "";
	struct log_appender *appender;
	if (!parts[0] || !*parts[0])
		return fail(parser, parser->line, "the appender has no name");
	appender = provide_appender(parser, parts[0]);
	for (size_t i = 0; i < G_N_ELEMENTS(appender_settings); i++) {
		if (g_ascii_strcasecmp(setting, appender_settings[i].name) == 0)
			return appender_settings[i].set(parser, appender, value);
	}
	return fail(parser, parser->line, "unknown appender setting '%s'", setting);
}

static bool set_root(struct parser *parser, const char *key, const char *value)
{
	(void)key;
	return set_logger(parser, "", value);
}

static bool set_additivity(struct parser *parser, const char *key, const char *value)
{
	return parse_boolean(parser, value, &provide_logger(parser->properties, key)->additive);
}

static bool set_global_threshold(struct parser *parser, const char *key, const char *value)
{
	(void)key;
	return log_level_parse(value, &parser->properties->threshold) ||
	       fail(parser, parser->line, "'%s' is not a level", value);
}

static bool ignore_line(struct parser *parser, const char *key, const char *value)
{
	(void)parser, (void)key, (void)value;
	return true;
}

static const struct {
	const char *start; /* ends with a dot where a name follows */
	bool (*set)(struct parser *parser, const char *rest, const char *value);
} keys[] = {
	{ "log4j.appender.", set_appender },         { "log4j.rootLogger", set_root },
	{ "log4j.rootCategory", set_root },          { "log4j.logger.", set_logger },
	{ "log4j.category.", set_logger },           { "log4j.additivity.", set_additivity },
	{ "log4j.threshold", set_global_threshold }, { "log4j.debug", ignore_line },
	{ "log4j.configDebug", ignore_line },        { "log4j.reset", ignore_line },
};

static bool set_key(struct parser *parser, const char *key, const char *value)
{
	for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
		size_t n = strlen(keys[i].start);
		bool takes_name = keys[i].start[n - 1] == '.';
		if (strncmp(key, keys[i].start, n) != 0 || takes_name != (key[n] != '\0'))
			continue;
		if (strlen(key + n) > NAME_MAX_BYTES)
			return fail(parser, parser->line, "the name is longer than %d bytes", NAME_MAX_BYTES);
		return keys[i].set(parser, key + n, value);
	}
	return fail(parser, parser->line, "unknown key '%s'", key);
}

static char *find_variable(const struct parser *parser, struct str name)
{
	if (str_is(name, "pid"))
		return g_strdup_printf("%ld", (long)getpid());
	if (str_is(name, "jid"))
		return g_strdup(parser->names && parser->names->jid ? parser->names->jid : "");
	if (str_is(name, "id"))
		return g_strdup(parser->names && parser->names->id ? parser->names->id : "");
	return NULL;
}

/* A dash for each slash, as these become parts of file names. */
static char *expand(const struct parser *parser, const char *value)
{
	g_autoptr(GString) out = g_string_new(NULL);
	const char *start, *end;
	while ((start = strstr(value, "${")) && (end = strchr(start, '}'))) {
		struct str name = { start + 2, (size_t)(end - start - 2) };
		g_autofree char *text = find_variable(parser, name);
		if (!text) {
			fail(parser, parser->line, "unknown variable '${%.*s}' (known are ${pid}, ${jid} and ${id})",
			     (int)MIN(name.n, NAME_MAX_BYTES), name.p);
			return NULL;
		}
		g_string_append_len(out, value, start - value);
		g_string_append(out, g_strdelimit(text, "/", '-'));
		value = end + 1;
	}
	g_string_append(out, value);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

/* Java takes '=', ':' or blanks between key and value. */
static bool parse_line(struct parser *parser, char *line)
{
	g_autofree char *value = NULL;
	char *key = g_strstrip(line), *rest;
	if (!*key || *key == '#' || *key == '!')
		return true;
	rest = key + strcspn(key, "=: \t");
	if (*rest) {
		bool blank = g_ascii_isspace(*rest);
		*rest++ = '\0';
		rest += strspn(rest, " \t");
		if (blank && (*rest == '=' || *rest == ':'))
			rest++;
	}
	value = expand(parser, g_strstrip(rest));
	return value && set_key(parser, key, value);
}

/* Takes the next logical line: one that ends with a backslash goes on in the next. */
static char *take_line(struct parser *parser, const char **p, const char *end)
{
	GString *line = g_string_new(NULL);
	bool more = true;
	while (more && *p < end) {
		const char *stop = memchr(*p, '\n', (size_t)(end - *p));
		size_t n = (size_t)((stop ? stop : end) - *p);
		struct str part = { *p, n };
		if (part.n > 0 && part.p[part.n - 1] == '\r')
			part.n--;
		more = part.n > 0 && part.p[part.n - 1] == '\\';
		g_string_append_len(line, part.p, (gssize)(part.n - more));
		*p += n + (stop != NULL);
		parser->line++;
	}
	return g_string_free(line, FALSE);
}

static bool check_appenders(struct parser *parser)
{
	GHashTableIter iter;
	gpointer value;
	g_hash_table_iter_init(&iter, parser->properties->appenders);
	while (g_hash_table_iter_next(&iter, NULL, &value)) {
		struct log_appender *appender = value;
		bool is_file = appender->kind == LOG_APPENDER_FILE || appender->kind == LOG_APPENDER_ROLLING_FILE;
		if (appender->kind == LOG_APPENDER_UNSET)
			return fail(parser, appender->line, "no line says what kind appender '%s' is", appender->name);
		if (is_file && !appender->path)
			return fail(parser, appender->line, "appender '%s' has no file", appender->name);
		if (!appender->pattern && !set_pattern(parser, appender, "%d %-5p %c: %m%n"))
			return false;
	}
	return true;
}

static bool parse(struct parser *parser, const char *text, size_t n)
{
	const char *p = text, *end = text + n;
	if (n > LOG_PROPERTIES_MAX || memchr(text, '\0', n))
		return fail(parser, 1, "not a text of at most %d bytes", LOG_PROPERTIES_MAX);
	while (p < end) {
		g_autofree char *line = take_line(parser, &p, end);
		if (!parse_line(parser, line))
			return false;
		if (g_hash_table_size(parser->properties->loggers) > ROWS_MAX ||
		    g_hash_table_size(parser->properties->appenders) > ROWS_MAX)
			return fail(parser, parser->line, "more than %d loggers or appenders", ROWS_MAX);
	}
	return check_appenders(parser);
}

struct log_properties *log_properties_parse(const char *text, size_t n, const char *file, const struct log_names *names,
					    GError **error)
{
	struct log_properties *properties = g_new0(struct log_properties, 1);
	struct parser parser = { .properties = properties, .names = names, .file = file, .error = error };
	struct log_logger *root;
	properties->loggers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_logger);
	properties->appenders = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_appender);
	root = provide_logger(properties, "");
	root->level = LOG_DEBUG; /* log4j's own default */
	if (!parse(&parser, text, n))
		log_properties_free(&properties);
	else
		root->has_level = true;
	return properties;
}

void log_properties_free(struct log_properties **properties)
{
	if (!*properties)
		return;
	g_hash_table_destroy((*properties)->loggers);
	g_hash_table_destroy((*properties)->appenders);
	g_free(*properties);
	*properties = NULL;
}

const struct log_logger *log_properties_find(const struct log_properties *properties, const char *area)
{
	char name[NAME_MAX_BYTES + 1];
	g_strlcpy(name, area, sizeof(name));
	while (name[0]) {
		const struct log_logger *logger = g_hash_table_lookup(properties->loggers, name);
		char *dot = strrchr(name, '.');
		if (logger)
			return logger;
		*(dot ? dot : name) = '\0';
	}
	return g_hash_table_lookup(properties->loggers, "");
}

const struct log_logger *log_properties_parent(const struct log_properties *properties, const struct log_logger *logger)
{
	g_autofree char *name = g_strdup(logger->name);
	char *dot = strrchr(name, '.');
	if (!*name)
		return NULL;
	*(dot ? dot : name) = '\0';
	return log_properties_find(properties, name);
}

enum log_level log_properties_level(const struct log_properties *properties, const char *area)
{
	const struct log_logger *logger = log_properties_find(properties, area);
	while (!logger->has_level)
		logger = log_properties_parent(properties, logger);
	return MAX(logger->level, properties->threshold);
}
