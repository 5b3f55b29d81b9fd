/* SPDX-License-Identifier: MIT */
#include "frontend/server/written.h"

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The value of the next attribute, whose name goes to *name; *at is behind it then. False: there is none. */
static bool next_attribute(const char **at, const char *end, struct str *name, struct str *value)
{
	const char *p = *at;
	while (p < end && is_space(*p))
		p++;
	const char *equals = memchr(p, '=', (size_t)(end - p));
	if (p == end || *p == '>' || *p == '/' || !equals)
		return false;
	*name = (struct str){ p, (size_t)(equals - p) };
	p = equals + 1;
	if (p == end || (*p != '\'' && *p != '"'))
		return false;
	const char *quote = memchr(p + 1, *p, (size_t)(end - p - 1));
	if (!quote)
		return false;
	*value = (struct str){ p + 1, (size_t)(quote - p - 1) };
	*at = quote + 1;
	return true;
}

static bool read_kind(struct written *written, const char **at)
{
	static const struct {
		const char *start;
		enum stanza_kind kind;
	} kinds[] = {
		{ "<message", STANZA_MESSAGE },
		{ "<presence", STANZA_PRESENCE },
		{ "<iq", STANZA_IQ },
	};
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
		struct str start = str_of(kinds[i].start);
		if (written->n <= start.n || memcmp(written->p, start.p, start.n) != 0)
			continue;
		written->kind = kinds[i].kind;
		*at = written->p + start.n;
		return is_space(**at) || **at == '>' || **at == '/';
	}
	return false;
}

bool written_read(struct written *written, const char *p, size_t n)
{
	const char *at;
	struct str name, value;
	*written = (struct written){ .p = p, .n = n, .type = STR("") };
	if (!read_kind(written, &at))
		return false;
	while (next_attribute(&at, p + n, &name, &value))
		if (str_is(name, "type")) {
			written->type = value;
			break;
		}
	return true;
}

bool written_has(const struct written *written, const char *markup)
{
	return memmem(written->p, written->n, markup, strlen(markup)) != NULL;
}
