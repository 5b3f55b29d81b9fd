/* SPDX-License-Identifier: MIT */
#include "xmpp/xhtml_mend.h"

#include "xml/writer.h"

/* Bytes of a reference, from after the `&` to the `;`. */
enum { REFERENCE_MAX = 8 };

static const struct {
	const char *reference, *as;
} references[] = {
	{ "amp;", "&amp;" },
	{ "lt;", "&lt;" },
	{ "gt;", "&gt;" },
	{ "quot;", "&quot;" },
	{ "apos;", "&apos;" },
	{ "nbsp;", "\xc2\xa0" },
	{ "copy;", "\xc2\xa9" },
	{ "laquo;", "\xc2\xab" },
	{ "reg;", "\xc2\xae" },
	{ "deg;", "\xc2\xb0" },
	{ "middot;", "\xc2\xb7" },
	{ "raquo;", "\xc2\xbb" },
	{ "times;", "\xc3\x97" },
	{ "ndash;", "\xe2\x80\x93" },
	{ "mdash;", "\xe2\x80\x94" },
	{ "lsquo;", "\xe2\x80\x98" },
	{ "rsquo;", "\xe2\x80\x99" },
	{ "ldquo;", "\xe2\x80\x9c" },
	{ "rdquo;", "\xe2\x80\x9d" },
	{ "bull;", "\xe2\x80\xa2" },
	{ "hellip;", "\xe2\x80\xa6" },
	{ "euro;", "\xe2\x82\xac" },
	{ "trade;", "\xe2\x84\xa2" },
};

/* Writes what the reference at `s` (after its `&`) stands for; returns how much of it that was. */
static size_t put_reference(struct buf *out, const char *s, size_t n)
{
	const char *end = memchr(s, ';', MIN(n, (size_t)REFERENCE_MAX));
	if (n > 0 && s[0] == '#') {
		xml_put(out, "&");
		return 0;
	}
	for (size_t i = 0; end && i < G_N_ELEMENTS(references); i++) {
		size_t length = (size_t)(end + 1 - s);
		if (strlen(references[i].reference) != length || memcmp(references[i].reference, s, length) != 0)
			continue;
		buf_append_text(out, references[i].as);
		return length;
	}
	xml_put(out, "&amp;");
	return 0;
}

static void put_piece(struct buf *out, const char *s, size_t n)
{
	const char *end = s + n, *at;
	while ((at = memchr(s, '&', (size_t)(end - s)))) {
		buf_append(out, s, (size_t)(at - s));
		s = at + 1;
		s += put_reference(out, s, (size_t)(end - s));
	}
	buf_append(out, s, (size_t)(end - s));
}

/* Length of the tag at `s`, a `>` inside of quotes being none of its end. */
static size_t measure_tag(const char *s)
{
	char quote = '\0';
	size_t n = 0;
	for (; s[n] && (quote || s[n] != '>'); n++) {
		if (quote ? s[n] == quote : s[n] == '\'' || s[n] == '"')
			quote = quote ? '\0' : s[n];
	}
	return s[n] ? n + 1 : n;
}

/* Is this the name of an element that HTML never closes? */
static bool is_void(const char *name)
{
	static const char *const names[] = { "br", "hr", "img", "wbr" };
	size_t n = strcspn(name, " \t\r\n/>");
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
		if (strlen(names[i]) == n && !g_ascii_strncasecmp(names[i], name, n))
			return true;
	return false;
}

/* The tag of n bytes at `s`, closed in itself; its end tag, should there be one, goes. */
static void put_void(struct buf *out, const char *s, size_t n)
{
	if (s[1] == '/')
		return;
	n -= s[n - 1] == '>';
	n -= s[n - 1] == '/';
	put_piece(out, s, n);
	xml_put(out, "/>");
}

void xhtml_mend(struct buf *out, const char *html)
{
	while (*html) {
		bool tag = *html == '<';
		size_t n = tag ? measure_tag(html) : strcspn(html, "<");
		if (tag && is_void(html + 1 + (html[1] == '/')))
			put_void(out, html, n);
		else
			put_piece(out, html, n);
		html += n;
	}
}
