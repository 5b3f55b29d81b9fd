/* SPDX-License-Identifier: MIT */
#include "xmpp/xhtml.h"

#include "base/text.h"
#include "xml/parser.h"
#include "xml/writer.h"
#include "xmpp/ns.h"
#include "xmpp/xhtml_mend.h"

#define BODY_START "<body xmlns='" NS_XHTML "'>"
#define BODY_END   "</body>"
#define HTML_START "<html xmlns='" NS_XHTML_IM "'>"
#define HTML_END   "</html>"

enum {
	STYLE_MAX = 1024, /* bytes of a style attribute */
	LENGTH_MAX = 5,   /* bytes of a height or width */
	TYPE_MAX = 127    /* bytes of a media type */
};

static const struct xml_limits limits = {
	.depth = 32,
	.attributes = 16,
	.elements = 4096,
	.bytes = XHTML_MAX + sizeof(BODY_START BODY_END),
};

/* Of what was reduced: as deep, with the elements around it. */
static const struct xml_limits whole_limits = {
	.depth = 34,
	.attributes = 16,
	.elements = 4100,
	.bytes = XHTML_MAX,
};

/* --- what of an attribute may stay: its value, or NULL --------------------------------------- */

static const char *read_text(struct arena *arena, const char *value)
{
	return value;
}

static const char *read_length(struct arena *arena, const char *value)
{
	size_t digits = strspn(value, "0123456789"), n = strlen(value);
	return digits && n <= LENGTH_MAX && !strcmp(value + digits, n > digits ? "%" : "") ? value : NULL;
}

static const char *read_type(struct arena *arena, const char *value)
{
	size_t n = strspn(value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "/.+-_");
	return n && n <= TYPE_MAX && !value[n] ? value : NULL;
}

/* Only whole URLs: what has no scheme, or blanks in front of it, is as unknown as `javascript:`. */
static const char *read_url(const char *value, const char *const *schemes)
{
	for (; *schemes; schemes++)
		if (!g_ascii_strncasecmp(value, *schemes, strlen(*schemes)))
			return value;
	return NULL;
}

static const char *read_href(struct arena *arena, const char *value)
{
	static const char *const schemes[] = { "http:", "https:", "mailto:", "xmpp:", "ftp:", NULL };
	return read_url(value, schemes);
}

static const char *read_src(struct arena *arena, const char *value)
{
	static const char *const schemes[] = { "http:", "https:", "cid:", NULL };
	return read_url(value, schemes);
}

static bool is_quoted_well(const char *value)
{
	char quote = '\0';
	for (; *value; value++)
		if (quote ? *value == quote : *value == '\'' || *value == '"')
			quote = quote ? '\0' : *value;
	return !quote;
}

/* Only functions that name colours: no url(), no expression(). */
static bool is_called_well(const char *value)
{
	static const char *const functions[] = { "rgb(", "rgba(", "hsl(", "hsla(" };
	const char *bracket = strpbrk(value, "()");
	if (!bracket)
		return true;
	for (size_t i = 0; i < G_N_ELEMENTS(functions); i++) {
		size_t n = strlen(functions[i]);
		if (!g_ascii_strncasecmp(value, functions[i], n))
			return !strcmp(value + n + strcspn(value + n, "()"), ")");
	}
	return false;
}

/* Without backslash and slash there are neither escapes nor comments to hide a word behind. */
static bool is_harmless(const char *value)
{
	size_t n = strspn(value, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS " #%.,+-'\"()");
	return n && !value[n] && is_quoted_well(value) && is_called_well(value);
}

/* XEP-0071, "Recommended Style Properties". */
static const char *find_property(const char *name)
{
	static const char *const properties[] = {
		"background-color", "color",       "font-family",  "font-size",  "font-style",
		"font-weight",      "margin-left", "margin-right", "text-align", "text-decoration",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(properties); i++)
		if (!g_ascii_strcasecmp(name, properties[i]))
			return properties[i];
	return NULL;
}

static void put_declaration(struct buf *out, char *declaration)
{
	char *colon = strchr(declaration, ':'), *value;
	const char *property;
	if (!colon)
		return;
	*colon = '\0';
	value = g_strstrip(colon + 1);
	property = find_property(g_strstrip(declaration));
	if (!property || !is_harmless(value))
		return;
	if (buf_len(out) > 0)
		xml_put(out, "; ");
	buf_append_text(out, property);
	xml_put(out, ": ");
	buf_append_text(out, value);
}

static const char *read_style(struct arena *arena, const char *value)
{
	const char *style = NULL;
	struct buf out;
	if (strlen(value) > STYLE_MAX)
		return NULL;
	g_auto(GStrv) declarations = g_strsplit(value, ";", -1);
	/* Each declaration grows by the blanks after its colon and its semicolon at most. */
	buf_init(&out, 2 * STYLE_MAX);
	for (char **each = declarations; *each; each++)
		put_declaration(&out, *each);
	if (buf_len(&out) > 0)
		style = arena_strndup(arena, buf_data(&out), buf_len(&out));
	buf_fini(&out);
	return style;
}

enum { ALT, HEIGHT, HREF, SRC, STYLE, TITLE, TYPE, WIDTH, ATTRIBUTES };

static const struct {
	const char *name;
	const char *(*read)(struct arena *arena, const char *value);
	const char *missing; /* written where there is none */
} attributes[ATTRIBUTES] = {
	[ALT] = { "alt", read_text, "" }, [HEIGHT] = { "height", read_length }, [HREF] = { "href", read_href },
	[SRC] = { "src", read_src },      [STYLE] = { "style", read_style },    [TITLE] = { "title", read_text },
	[TYPE] = { "type", read_type },   [WIDTH] = { "width", read_length },
};

/* --- elements -------------------------------------------------------------------------------- */

#define BIT(attribute) (1u << (attribute))
#define OF_LINK        (BIT(HREF) | BIT(STYLE) | BIT(TITLE) | BIT(TYPE))
#define OF_IMAGE       (BIT(ALT) | BIT(HEIGHT) | BIT(SRC) | BIT(STYLE) | BIT(TITLE) | BIT(WIDTH))

/* XEP-0071, "Recommended Profile", then what is near to it in HTML, then what goes with all it contains. Of any
 * other element what is inside is kept. */
static const struct rule {
	const char *name;
	const char *as; /* NULL: nothing is left of it */
	unsigned attributes;
	unsigned needed; /* without these the element is as if unknown */
	bool empty;      /* has no content; what is there comes after it */
} rules[] = {
	{ "a", "a", OF_LINK, BIT(HREF) },
	{ "blockquote", "blockquote", BIT(STYLE) },
	{ "br", "br", .empty = true },
	{ "cite", "cite", BIT(STYLE) },
	{ "em", "em" },
	{ "img", "img", OF_IMAGE, BIT(SRC), .empty = true },
	{ "li", "li", BIT(STYLE) },
	{ "ol", "ol", BIT(STYLE) },
	{ "p", "p", BIT(STYLE) },
	{ "span", "span", BIT(STYLE), BIT(STYLE) },
	{ "strong", "strong" },
	{ "ul", "ul", BIT(STYLE) },
	{ "b", "strong" },
	{ "div", "p", BIT(STYLE) },
	{ "i", "em" },
	{ "applet", NULL },
	{ "embed", NULL },
	{ "frameset", NULL },
	{ "head", NULL },
	{ "iframe", NULL },
	{ "math", NULL },
	{ "noscript", NULL },
	{ "object", NULL },
	{ "script", NULL },
	{ "style", NULL },
	{ "svg", NULL },
	{ "template", NULL },
	{ "title", NULL },
};

struct reduction {
	struct buf *out;
	struct arena *arena;
	bool shows; /* there is something to see */
};

static const struct rule *find_rule(const char *name)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++)
		if (!g_ascii_strcasecmp(name, rules[i].name))
			return &rules[i];
	return NULL;
}

/* HTML does not care for upper and lower case. */
static const char *find_value(const struct xml_element *element, const char *name)
{
	for (const struct xml_attribute *each = element->attributes; each; each = each->next)
		if (!*each->ns && !g_ascii_strcasecmp(each->name, name))
			return each->value;
	return NULL;
}

/* Fills in what may stay of those that are wanted; returns which. */
static unsigned read_attributes(struct arena *arena, const struct xml_element *element, unsigned wanted,
				const char *values[ATTRIBUTES])
{
	unsigned found = 0;
	for (unsigned i = 0; i < ATTRIBUTES; i++) {
		const char *value = wanted & BIT(i) ? find_value(element, attributes[i].name) : NULL;
		values[i] = value ? attributes[i].read(arena, value) : NULL;
		if (values[i])
			found |= BIT(i);
	}
	return found;
}

static void put_text(struct reduction *reduction, const char *text, size_t n)
{
	xml_escape_n(reduction->out, text, n);
	if (strspn(text, " \t\r\n") < n)
		reduction->shows = true;
}

static void put_start(struct reduction *reduction, const struct rule *rule, const char *values[ATTRIBUTES])
{
	xml_put(reduction->out, "<");
	buf_append_text(reduction->out, rule->as);
	for (unsigned i = 0; i < ATTRIBUTES; i++)
		if (rule->attributes & BIT(i))
			xml_put_attr(reduction->out, attributes[i].name, values[i] ? values[i] : attributes[i].missing);
	buf_append_text(reduction->out, rule->empty ? "/>" : ">");
	if (rule->attributes & BIT(SRC))
		reduction->shows = true;
}

static void put_inside(struct reduction *reduction, const struct xml_element *element);

static void put_known(struct reduction *reduction, const struct rule *rule, const struct xml_element *element)
{
	const char *values[ATTRIBUTES];
	unsigned found = read_attributes(reduction->arena, element, rule->attributes, values);
	if ((found & rule->needed) != rule->needed) {
		if (values[ALT])
			put_text(reduction, values[ALT], strlen(values[ALT]));
		put_inside(reduction, element);
		return;
	}
	put_start(reduction, rule, values);
	put_inside(reduction, element);
	if (rule->empty)
		return;
	xml_put(reduction->out, "</");
	buf_append_text(reduction->out, rule->as);
	xml_put(reduction->out, ">");
}

/* Calls itself no deeper than the limits of the parser that made the tree allow. */
static void put_inside(struct reduction *reduction, const struct xml_element *element)
{
	for (const struct xml_element *node = element->first; node; node = node->next) {
		const struct rule *rule = node->name ? find_rule(node->name) : NULL;
		if (!node->name)
			put_text(reduction, node->text, node->text_len);
		else if (strcmp(node->ns, NS_XHTML) != 0 || (rule && !rule->as))
			continue;
		else if (rule)
			put_known(reduction, rule, node);
		else
			put_inside(reduction, node);
	}
}

/* --- both ways ------------------------------------------------------------------------------- */

static const struct xml_element *parse(struct arena *arena, const char *inner)
{
	const char *text = arena_printf(arena, BODY_START "%s" BODY_END, inner);
	return xml_parse_document(arena, &limits, text, strlen(text), NULL);
}

/* What is no XML is tried once more as HTML. */
static const struct xml_element *parse_or_mend(struct arena *arena, const char *inner)
{
	const struct xml_element *body = parse(arena, inner);
	struct buf mended;
	if (body)
		return body;
	buf_init(&mended, XHTML_MAX);
	xhtml_mend(&mended, inner);
	if (!mended.failed && buf_len(&mended) > 0)
		body = parse(arena, arena_strndup(arena, buf_data(&mended), buf_len(&mended)));
	buf_fini(&mended);
	return body;
}

bool xhtml_put(struct buf *out, struct arena *arena, const char *inner)
{
	struct reduction reduction = { .out = out, .arena = arena };
	size_t before = buf_len(out);
	const struct xml_element *body;
	if (out->failed || !*inner || strnlen(inner, XHTML_MAX + 1) > XHTML_MAX)
		return false;
	body = parse_or_mend(arena, text_clean(arena, inner));
	if (!body)
		return false;
	xml_put(out, HTML_START BODY_START);
	put_inside(&reduction, body);
	xml_put(out, BODY_END HTML_END);
	if (reduction.shows && !out->failed && buf_len(out) - before <= XHTML_MAX)
		return true;
	buf_truncate(out, before);
	return false;
}

const struct xml_element *xhtml_read(struct arena *arena, const char *inner)
{
	struct buf out;
	const struct xml_element *html = NULL;
	buf_init(&out, 2 * XHTML_MAX);
	if (xhtml_put(&out, arena, inner))
		html = xml_parse_document(arena, &whole_limits, buf_data(&out), buf_len(&out), NULL);
	buf_fini(&out);
	return xml_child(html, NS_XHTML, "body");
}

const char *xhtml_inner(const struct xml_element *html, struct arena *arena)
{
	const struct xml_element *body = xml_child(html, NS_XHTML, "body");
	struct buf out;
	struct reduction reduction = { .out = &out, .arena = arena };
	const char *inner = NULL;
	if (!body)
		return NULL;
	buf_init(&out, XHTML_MAX);
	put_inside(&reduction, body);
	if (reduction.shows && !out.failed)
		inner = arena_strndup(arena, buf_data(&out), buf_len(&out));
	buf_fini(&out);
	return inner;
}
