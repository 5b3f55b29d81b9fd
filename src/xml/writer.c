/* SPDX-License-Identifier: MIT */
#include "xml/writer.h"

#include "base/text.h"

#include <glib.h>

#define XML_NAMESPACE "http://www.w3.org/XML/1998/namespace"

enum byte_class {
	CLASS_PLAIN, /* as it is; bytes from 0x80 are looked at apart */
	CLASS_DROP,
	CLASS_AMP,
	CLASS_LT,
	CLASS_GT,
	CLASS_APOS,
	CLASS_QUOT,
	CLASS_TAB,
	CLASS_LF,
	CLASS_CR,
};

static const struct str written[] = {
	[CLASS_PLAIN] = { "", 0 },      [CLASS_DROP] = { "", 0 },    [CLASS_AMP] = { "&amp;", 5 },
	[CLASS_LT] = { "&lt;", 4 },     [CLASS_GT] = { "&gt;", 4 },  [CLASS_APOS] = { "&apos;", 6 },
	[CLASS_QUOT] = { "&quot;", 6 }, [CLASS_TAB] = { "&#9;", 4 }, [CLASS_LF] = { "&#10;", 5 },
	[CLASS_CR] = { "&#13;", 5 },
};

/* What a text needs, whatever it is used for; XML 1.0, section 2.2 forbids the control characters. */
#define CLASSES_COMMON                                                                                           \
	[0x00] = CLASS_DROP, [0x01] = CLASS_DROP, [0x02] = CLASS_DROP, [0x03] = CLASS_DROP, [0x04] = CLASS_DROP, \
	[0x05] = CLASS_DROP, [0x06] = CLASS_DROP, [0x07] = CLASS_DROP, [0x08] = CLASS_DROP, [0x0b] = CLASS_DROP, \
	[0x0c] = CLASS_DROP, [0x0e] = CLASS_DROP, [0x0f] = CLASS_DROP, [0x10] = CLASS_DROP, [0x11] = CLASS_DROP, \
	[0x12] = CLASS_DROP, [0x13] = CLASS_DROP, [0x14] = CLASS_DROP, [0x15] = CLASS_DROP, [0x16] = CLASS_DROP, \
	[0x17] = CLASS_DROP, [0x18] = CLASS_DROP, [0x19] = CLASS_DROP, [0x1a] = CLASS_DROP, [0x1b] = CLASS_DROP, \
	[0x1c] = CLASS_DROP, [0x1d] = CLASS_DROP, [0x1e] = CLASS_DROP, [0x1f] = CLASS_DROP, ['&'] = CLASS_AMP,   \
	['<'] = CLASS_LT, ['>'] = CLASS_GT, ['\''] = CLASS_APOS, ['"'] = CLASS_QUOT

typedef unsigned char classes[128];

static const classes anywhere = { CLASSES_COMMON };

/* A reader makes a newline of a return, and blanks of all three in attributes (XML 1.0, sections
 * 2.11 and 3.3.3), unless they are written as references. */
static const classes exact_text = { CLASSES_COMMON, ['\r'] = CLASS_CR };
static const classes exact_value = { CLASSES_COMMON, ['\t'] = CLASS_TAB, ['\n'] = CLASS_LF, ['\r'] = CLASS_CR };

#define BLOCK 16
typedef signed char block __attribute__((vector_size(BLOCK)));
typedef uint64_t halves __attribute__((vector_size(BLOCK)));

/* How many of 16 bytes, from the first, are plain in every table. Signed, so that bytes from 0x80
 * are below the blank too. */
static inline size_t count_plain(const char *s)
{
	block bytes, odd;
	halves any;
	memcpy(&bytes, s, BLOCK);
	odd = bytes < 0x20;
	odd |= bytes == '"';
	odd |= (bytes | 1) == '\''; /* & and ' differ in one bit, < and > too */
	odd |= (bytes | 2) == '>';
	any = (halves)odd;
	if (any[0])
		return (size_t)__builtin_ctzll(GUINT64_FROM_LE(any[0])) / 8;
	return any[1] ? 8 + (size_t)__builtin_ctzll(GUINT64_FROM_LE(any[1])) / 8 : BLOCK;
}

static inline bool is_continuation(char c)
{
	return (c & 0xc0) == 0x80;
}

static inline bool is_ascii(char c)
{
	return !(c & 0x80);
}

/* Length of the character from 0x80 at s, 0 if XML does not allow it. The usual ones without a call. */
static inline size_t measure_char(const char *s, size_t n)
{
	unsigned char c = (unsigned char)s[0];
	if (c >= 0xc2 && c <= 0xdf && n >= 2 && is_continuation(s[1]))
		return 2;
	if (c >= 0xe1 && c <= 0xec && n >= 3 && is_continuation(s[1]) && is_continuation(s[2]))
		return 3;
	return text_char(s, n);
}

/* How many bytes may stay as they are. */
static size_t skip_plain(const char *s, size_t n, const unsigned char *table)
{
	size_t i = 0, length;
	while (i < n) {
		size_t plain = n - i >= BLOCK ? count_plain(s + i) : 0;
		i += plain;
		if (plain == BLOCK)
			continue;
		/* Something else is here, or the end is near. Other scripts come in runs. */
		do {
			if (is_ascii(s[i]))
				length = table[(unsigned char)s[i]] == CLASS_PLAIN;
			else
				length = measure_char(s + i, n - i);
			if (!length)
				return i;
			i += length;
		} while (i < n && !is_ascii(s[i]));
	}
	return i;
}

/* What is at s is either not UTF-8 or well-formed but forbidden (U+FFFE, U+FFFF). Returns its length. */
static size_t replace_bad(struct buf *out, const char *s, size_t n)
{
	size_t length = text_malformed(s, n);
	if (length < 3 || memcmp(s, "\xef\xbf", 2) != 0)
		buf_append(out, "_", 1);
	return length;
}

static void escape(struct buf *out, const char *s, size_t n, const unsigned char *table)
{
	while (n > 0) {
		size_t length = skip_plain(s, n, table);
		buf_append(out, s, length);
		if (length < n && !is_ascii(s[length])) {
			length += replace_bad(out, s + length, n - length);
		} else if (length < n) {
			const struct str *instead = &written[table[(unsigned char)s[length++]]];
			buf_append(out, instead->p, instead->n);
		}
		s += length;
		n -= length;
	}
}

void xml_escape_n(struct buf *out, const char *text, size_t n)
{
	escape(out, text, n, anywhere);
}

void xml_escape(struct buf *out, const char *text)
{
	escape(out, text, strlen(text), anywhere);
}

void xml_put_attr(struct buf *out, const char *name, const char *value)
{
	if (!value)
		return;
	buf_append(out, " ", 1);
	buf_append_text(out, name);
	buf_append(out, "='", 2);
	escape(out, value, strlen(value), exact_value);
	buf_append(out, "'", 1);
}

void xml_put_number(struct buf *out, uint64_t number)
{
	char digits[24];
	g_snprintf(digits, sizeof(digits), "%" G_GUINT64_FORMAT, number);
	buf_append_text(out, digits);
}

void xml_put_number_attr(struct buf *out, const char *name, uint64_t number)
{
	buf_append(out, " ", 1);
	buf_append_text(out, name);
	buf_append(out, "='", 2);
	xml_put_number(out, number);
	buf_append(out, "'", 1);
}

void xml_put_text(struct buf *out, const char *name, const char *text)
{
	size_t n;
	if (!text)
		return;
	n = strlen(name);
	buf_append(out, "<", 1);
	buf_append(out, name, n);
	buf_append(out, ">", 1);
	xml_escape(out, text);
	buf_append(out, "</", 2);
	buf_append(out, name, n);
	buf_append(out, ">", 1);
}

/* The prefix `xml` is the only one that needs no declaration, and its namespace can have no other
 * (Namespaces in XML 1.0, section 3). */
static bool is_in_xml(const char *ns)
{
	return strcmp(ns, XML_NAMESPACE) == 0;
}

/* The default namespace among the children of `element`. */
static const char *space_inside(const struct xml_element *element, const struct xml_element *top, const char *ns)
{
	while (is_in_xml(element->ns)) {
		if (element == top)
			return ns;
		element = element->parent;
	}
	return element->ns;
}

/* ` name='value'` with whatever namespace the name is in. */
static void put_attribute(struct buf *out, const struct xml_attribute *attribute, unsigned number)
{
	char name[16];
	if (!*attribute->ns) {
		xml_put_attr(out, attribute->name, attribute->value);
		return;
	}
	g_snprintf(name, sizeof(name), "xmlns:n%u", number);
	if (!is_in_xml(attribute->ns))
		xml_put_attr(out, name, attribute->ns);
	buf_append(out, " ", 1);
	buf_append_text(out, is_in_xml(attribute->ns) ? "xml" : name + strlen("xmlns:"));
	buf_append(out, ":", 1);
	buf_append_text(out, attribute->name);
	buf_append(out, "='", 2);
	escape(out, attribute->value, strlen(attribute->value), exact_value);
	buf_append(out, "'", 1);
}

static void put_name(struct buf *out, const char *before, const struct xml_element *element)
{
	buf_append_text(out, before);
	if (is_in_xml(element->ns))
		xml_put(out, "xml:");
	buf_append_text(out, element->name);
}

/* A text, a start tag, or all of an empty element; `ns` is the default namespace around it. */
static void put_node(struct buf *out, const struct xml_element *node, const char *ns)
{
	unsigned number = 0;
	if (!node->name) {
		escape(out, node->text, node->text_len, exact_text);
		return;
	}
	put_name(out, "<", node);
	if (strcmp(node->ns, ns) != 0 && !is_in_xml(node->ns))
		xml_put_attr(out, "xmlns", node->ns);
	for (const struct xml_attribute *attribute = node->attributes; attribute; attribute = attribute->next)
		put_attribute(out, attribute, ++number);
	buf_append_text(out, node->first ? ">" : "/>");
}

void xml_put_element(struct buf *out, const struct xml_element *element, const char *ns)
{
	const struct xml_element *node = element;
	for (;;) {
		put_node(out, node, node == element ? ns : space_inside(node->parent, element, ns));
		if (node->first) {
			node = node->first;
			continue;
		}
		while (node != element && !node->next) {
			node = node->parent;
			put_name(out, "</", node);
			xml_put(out, ">");
		}
		if (node == element)
			return;
		node = node->next;
	}
}
