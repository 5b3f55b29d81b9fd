/* SPDX-License-Identifier: MIT */
#include "config/ini.h"

#include "base/secret.h"
#include "base/str.h"
#include "base/text.h"

struct parser {
	const struct config_ini_sink *sink;
	void *ctx;
	unsigned line;
	GString *section; /* with its dot; empty before the first */
	bool lost;        /* after a bad section line: its keys would be taken for another's */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static struct str trim(struct str s)
{
	while (s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

static struct str without_comment(struct str line)
{
	for (size_t i = 0; i < line.n; i++) {
		if (line.p[i] == '#' && (i == 0 || is_blank(line.p[i - 1])))
			return (struct str){ line.p, i };
	}
	return line;
}

static void fault(const struct parser *parser, const char *what)
{
	parser->sink->fault(parser->ctx, parser->line, what);
}

static void open_section(struct parser *parser, struct str line)
{
	struct str name = trim((struct str){ line.p + 1, line.n - 1 });
	parser->lost = name.n == 0 || name.p[name.n - 1] != ']';
	if (parser->lost) {
		fault(parser, "a section is written as [name]");
		return;
	}
	name = trim((struct str){ name.p, name.n - 1 });
	parser->lost = name.n == 0;
	if (parser->lost) {
		fault(parser, "the section has no name");
		return;
	}
	g_string_truncate(parser->section, 0);
	g_string_append_len(parser->section, name.p, (gssize)name.n);
	g_string_append_c(parser->section, '.');
}

static void emit(const struct parser *parser, struct str key, struct str value)
{
	g_autofree char *name = g_strdup_printf("%s%.*s", parser->section->str, (int)key.n, key.p);
	char *text = g_strndup(value.p, value.n);
	if (!strchr(name, '.'))
		fault(parser, "the key stands in no section");
	else if (!parser->lost)
		parser->sink->row(parser->ctx, name, text, parser->line);
	secret_free(&text); /* it may be a password */
}

static void parse_line(struct parser *parser, struct str line)
{
	const char *equals;
	struct str key, value;
	line = trim(without_comment(line));
	if (line.n == 0)
		return;
	if (!text_is_clean(line.p, line.n)) {
		fault(parser, "not valid UTF-8, or with control characters");
		return;
	}
	if (line.p[0] == '[') {
		open_section(parser, line);
		return;
	}
	equals = memchr(line.p, '=', line.n);
	if (!equals) {
		fault(parser, "neither [section] nor key = value");
		return;
	}
	key = trim((struct str){ line.p, (size_t)(equals - line.p) });
	value = trim((struct str){ equals + 1, line.n - (size_t)(equals - line.p) - 1 });
	if (key.n == 0)
		fault(parser, "the key before '=' is missing");
	else
		emit(parser, key, value);
}

void config_ini_parse(const char *text, size_t n, const struct config_ini_sink *sink, void *ctx)
{
	struct parser parser = { .sink = sink, .ctx = ctx, .line = 1 };
	const char *p = text, *end = text + n;
	if (n > CONFIG_INI_TEXT_MAX) {
		fault(&parser, "the file is larger than 1 MiB");
		return;
	}
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) /* byte order mark */
		p += 3;
	parser.section = g_string_new(NULL);
	while (p < end) {
		const char *stop = memchr(p, '\n', (size_t)(end - p));
		struct str line = { p, (size_t)((stop ? stop : end) - p) };
		if (line.n > CONFIG_INI_LINE_MAX)
			fault(&parser, "the line is longer than 16 KiB");
		else
			parse_line(&parser, line);
		p += line.n + (stop != NULL);
		parser.line++;
	}
	g_string_free(parser.section, TRUE);
}
