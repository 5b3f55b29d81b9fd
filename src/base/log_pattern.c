/* SPDX-License-Identifier: MIT */
#include "base/log_pattern.h"

#include <unistd.h>

#define WIDTH_MAX     256
#define PIECES_MAX    64
#define DATE_TEXT_MAX 128

enum kind { LITERAL, DATE, LEVEL, AREA, TEXT, LINE_BREAK, THREAD, NOTHING, UNKNOWN_PLACE, SINCE_START };

struct piece {
	enum kind kind;
	bool left;
	unsigned min, max;       /* width in bytes; max 0 is none */
	unsigned depth;          /* of %c{n}; 0 is all */
	char *text;              /* owned: of a literal; of a date the format up to the milliseconds */
	char *after;             /* owned: of a date the rest, or NULL if it has no milliseconds */
	char *date, *date_after; /* owned: what these two formats gave for pattern->second */
};

struct log_pattern {
	GArray *pieces; /* of struct piece, owned */
	time_t second;  /* the one that the dates were made for */
	bool fresh;
	gint64 start;
};

static const char *const level_names[] = { "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF" };

const char *log_level_name(enum log_level level)
{
	return level_names[level];
}

bool log_level_parse(const char *text, enum log_level *level)
{
	if (g_ascii_strcasecmp(text, "ALL") == 0) {
		*level = LOG_TRACE;
		return true;
	}
	for (unsigned i = 0; i < G_N_ELEMENTS(level_names); i++) {
		if (g_ascii_strcasecmp(text, level_names[i]) == 0) {
			*level = (enum log_level)i;
			return true;
		}
	}
	return false;
}

static void clear_piece(gpointer data)
{
	struct piece *piece = data;
	g_free(piece->text);
	g_free(piece->after);
	g_free(piece->date);
	g_free(piece->date_after);
}

/* Java's SimpleDateFormat letters and what strftime calls them; the longest row comes first. */
static const struct {
	const char *letters, *format;
} date_words[] = {
	{ "yyyy", "%Y" }, { "yy", "%y" }, { "MMMM", "%B" }, { "MMM", "%b" }, { "MM", "%m" }, { "M", "%m" },
	{ "dd", "%d" },   { "d", "%d" },  { "HH", "%H" },   { "H", "%H" },   { "hh", "%I" }, { "mm", "%M" },
	{ "ss", "%S" },   { "s", "%S" },  { "EEEE", "%A" }, { "EEE", "%a" }, { "E", "%a" },  { "a", "%p" },
	{ "Z", "%z" },    { "z", "%Z" },  { "DDD", "%j" },  { "'T'", "T" },  { "''", "'" },
};

static const struct {
	const char *name, *format;
} date_names[] = {
	{ "", "yyyy-MM-dd HH:mm:ss,SSS" },
	{ "ISO8601", "yyyy-MM-dd HH:mm:ss,SSS" },
	{ "ABSOLUTE", "HH:mm:ss,SSS" },
	{ "DATE", "dd MMM yyyy HH:mm:ss,SSS" },
};

/* The letters of one word of a date format as strftime format; NULL if it is none. */
static const char *translate_word(const char **p)
{
	for (size_t i = 0; i < G_N_ELEMENTS(date_words); i++) {
		if (g_str_has_prefix(*p, date_words[i].letters)) {
			*p += strlen(date_words[i].letters);
			return date_words[i].format;
		}
	}
	return NULL;
}

static void append_date_char(GString *out, const char **p, bool is_strftime)
{
	const char *word = is_strftime ? NULL : translate_word(p);
	if (word)
		g_string_append(out, word);
	else
		g_string_append_c(out, *(*p)++);
}

static bool is_valid_date(const char *format)
{
	g_autoptr(GDateTime) epoch = g_date_time_new_from_unix_utc(0);
	g_autofree char *text = g_date_time_format(epoch, format);
	return text != NULL;
}

/* log4cxx takes strftime formats too, which are told by their percent signs. */
static const char *compile_date(struct piece *piece, const char *format)
{
	g_autoptr(GString) before = g_string_new(NULL), after = g_string_new(NULL);
	bool is_strftime = strchr(format, '%') != NULL, passed = false;
	for (size_t i = 0; i < G_N_ELEMENTS(date_names); i++) {
		if (strcmp(format, date_names[i].name) == 0)
			format = date_names[i].format;
	}
	while (*format) {
		if (!passed && !is_strftime && g_str_has_prefix(format, "SSS")) {
			passed = true;
			format += 3;
			continue;
		}
		append_date_char(passed ? after : before, &format, is_strftime);
	}
	if (before->len + after->len > DATE_TEXT_MAX / 4)
		return "date format is too long";
	if (!is_valid_date(before->str) || !is_valid_date(after->str))
		return "date format is not known";
	piece->kind = DATE;
	piece->text = g_strdup(before->str);
	piece->after = passed ? g_strdup(after->str) : NULL;
	return NULL;
}

/* Zero if there is no number; false if it is too large. */
static bool take_number(const char **p, unsigned *number)
{
	char *end = (char *)*p;
	guint64 n = g_ascii_isdigit(**p) ? g_ascii_strtoull(*p, &end, 10) : 0;
	*p = end;
	*number = (unsigned)MIN(n, WIDTH_MAX);
	return n <= WIDTH_MAX;
}

/* "-5.30" before the conversion letter. */
static bool take_width(struct piece *piece, const char **p)
{
	piece->left = **p == '-';
	*p += piece->left;
	if (!take_number(p, &piece->min))
		return false;
	if (**p != '.')
		return true;
	(*p)++;
	return take_number(p, &piece->max);
}

/* The text in braces after a conversion, or an empty one. */
static char *take_braces(const char **p)
{
	const char *end = **p == '{' ? strchr(*p, '}') : NULL;
	char *inside;
	if (!end)
		return g_strdup("");
	inside = g_strndup(*p + 1, (size_t)(end - *p - 1));
	*p = end + 1;
	return inside;
}

static const struct {
	char letter;
	enum kind kind;
} conversions[] = {
	{ 'd', DATE },          { 'p', LEVEL },         { 'c', AREA },          { 'm', TEXT },
	{ 'n', LINE_BREAK },    { 't', THREAD },        { 'x', NOTHING },       { 'X', NOTHING },
	{ 'r', SINCE_START },   { 'F', UNKNOWN_PLACE }, { 'L', UNKNOWN_PLACE }, { 'M', UNKNOWN_PLACE },
	{ 'l', UNKNOWN_PLACE }, { 'C', UNKNOWN_PLACE },
};

static const char *compile_conversion(struct piece *piece, const char **p)
{
	g_autofree char *inside = NULL;
	size_t i = 0;
	if (!take_width(piece, p))
		return "width is over 256";
	while (i < G_N_ELEMENTS(conversions) && conversions[i].letter != **p)
		i++;
	if (i == G_N_ELEMENTS(conversions))
		return "unknown conversion (known are %d %p %c %m %n %t %x %r %%)";
	(*p)++;
	inside = take_braces(p);
	piece->kind = conversions[i].kind;
	piece->depth = (unsigned)MIN(g_ascii_strtoull(inside, NULL, 10), WIDTH_MAX);
	return piece->kind == DATE ? compile_date(piece, inside) : NULL;
}

/* Literal text up to the next conversion; "%%" is a percent sign. */
static void compile_literal(struct piece *piece, const char **p)
{
	GString *text = g_string_new(NULL);
	while (**p && (**p != '%' || (*p)[1] == '%')) {
		g_string_append_c(text, **p);
		*p += **p == '%' ? 2 : 1;
	}
	piece->kind = LITERAL;
	piece->text = g_string_free(text, FALSE);
}

struct log_pattern *log_pattern_new(const char *text, const char **error)
{
	struct log_pattern *pattern = g_new0(struct log_pattern, 1);
	*error = NULL;
	pattern->pieces = g_array_new(FALSE, FALSE, sizeof(struct piece));
	g_array_set_clear_func(pattern->pieces, clear_piece);
	pattern->start = g_get_real_time() / 1000;
	while (*text && !*error) {
		struct piece piece = { 0 };
		if (*text == '%' && text[1] != '%') {
			text++;
			*error = compile_conversion(&piece, &text);
		} else {
			compile_literal(&piece, &text);
		}
		g_array_append_val(pattern->pieces, piece);
		if (pattern->pieces->len > PIECES_MAX)
			*error = "too many conversions";
	}
	if (*error)
		log_pattern_free(&pattern);
	return pattern;
}

void log_pattern_free(struct log_pattern **pattern)
{
	if (!*pattern)
		return;
	g_array_unref((*pattern)->pieces);
	g_free(*pattern);
	*pattern = NULL;
}

/* The texts of all dates for the second of the record: most lines come in the same one as the last. */
static void render_dates(struct log_pattern *pattern, time_t second)
{
	g_autoptr(GDateTime) now = NULL;
	if (pattern->fresh && pattern->second == second)
		return;
	now = g_date_time_new_from_unix_local((gint64)second);
	for (guint i = 0; i < pattern->pieces->len; i++) {
		struct piece *piece = &g_array_index(pattern->pieces, struct piece, i);
		if (piece->kind != DATE)
			continue;
		g_free(piece->date);
		g_free(piece->date_after);
		piece->date = now ? g_date_time_format(now, piece->text) : NULL;
		piece->date_after = now && piece->after ? g_date_time_format(now, piece->after) : NULL;
	}
	pattern->second = second;
	pattern->fresh = true;
}

static struct str join_date(const struct piece *piece, long nanoseconds, char *scratch)
{
	const char *date = piece->date ? piece->date : "", *after = piece->date_after ? piece->date_after : "";
	if (!piece->after)
		return str_of(date);
	g_snprintf(scratch, DATE_TEXT_MAX, "%s%03d%s", date, (int)(nanoseconds / 1000000), after);
	return str_of(scratch);
}

static struct str last_components(const char *area, unsigned depth)
{
	const char *p = area + strlen(area);
	for (; depth > 0 && p > area; p--) {
		if (p[-1] == '.' && --depth == 0)
			break;
	}
	return str_of(depth == 0 ? p : area);
}

static void append_padded(struct buf *out, const struct piece *piece, struct str text)
{
	static const char blanks[] = "                ";
	size_t missing;
	if (piece->max && text.n > piece->max)
		text = (struct str){ text.p + text.n - piece->max, piece->max };
	missing = piece->min > text.n ? piece->min - text.n : 0;
	if (piece->left)
		buf_append(out, text.p, text.n);
	for (; missing > 0; missing -= MIN(missing, sizeof(blanks) - 1))
		buf_append(out, blanks, MIN(missing, sizeof(blanks) - 1));
	if (!piece->left)
		buf_append(out, text.p, text.n);
}

/* Text of one piece; `scratch` holds DATE_TEXT_MAX bytes. */
static struct str render_piece(const struct log_pattern *pattern, const struct piece *piece,
			       const struct log_record *record, char *scratch)
{
	gint64 ms;
	switch (piece->kind) {
	case LITERAL:
		return str_of(piece->text);
	case DATE:
		return join_date(piece, record->time.tv_nsec, scratch);
	case LEVEL:
		return str_of(log_level_name(record->level));
	case AREA:
		return piece->depth ? last_components(record->area, piece->depth) : str_of(record->area);
	case TEXT:
		return record->text;
	case LINE_BREAK:
		return STR("\n");
	case THREAD:
		g_snprintf(scratch, DATE_TEXT_MAX, "%ld", (long)gettid());
		return str_of(scratch);
	case SINCE_START:
		ms = (gint64)record->time.tv_sec * 1000 + record->time.tv_nsec / 1000000 - pattern->start;
		g_snprintf(scratch, DATE_TEXT_MAX, "%" G_GINT64_FORMAT, MAX(ms, 0));
		return str_of(scratch);
	case UNKNOWN_PLACE:
		return STR("?");
	case NOTHING:
		break;
	}
	return STR("");
}

void log_pattern_render(struct log_pattern *pattern, const struct log_record *record, struct buf *out)
{
	char scratch[DATE_TEXT_MAX];
	render_dates(pattern, record->time.tv_sec);
	for (guint i = 0; i < pattern->pieces->len; i++) {
		const struct piece *piece = &g_array_index(pattern->pieces, struct piece, i);
		struct str text = render_piece(pattern, piece, record, scratch);
		if (piece->min || piece->max)
			append_padded(out, piece, text);
		else
			buf_append(out, text.p, text.n);
	}
}
