/* SPDX-License-Identifier: MIT */
#include "xml/build.h"

#include "base/secret.h"

#include <malloc.h>

/* Between namespace and local name in what expat reports; it refuses namespaces that contain it. */
#define SEPARATOR '\n'

GQuark xml_error_quark(void)
{
	return g_quark_from_static_string("xml-error");
}

struct xml_place xml_build_place(const struct xml_build *build)
{
	return (struct xml_place){ XML_GetCurrentLineNumber(build->expat), XML_GetCurrentColumnNumber(build->expat) };
}

void xml_build_fail(struct xml_build *build, enum xml_error error, const char *words)
{
	build->halted = true;
	XML_StopParser(build->expat, XML_FALSE);
	if (build->words)
		return;
	build->error = error;
	build->words = words;
	build->place = xml_build_place(build);
}

void xml_build_fail_expat(struct xml_build *build)
{
	enum XML_Error code = XML_GetErrorCode(build->expat);
	enum xml_error error = XML_ERROR_NOT_WELL_FORMED;
	if (code == XML_ERROR_UNDEFINED_ENTITY)
		error = XML_ERROR_RESTRICTED;
	else if (code == XML_ERROR_NO_MEMORY)
		error = XML_ERROR_TOO_LARGE;
	xml_build_fail(build, error, XML_ErrorString(code));
}

bool xml_build_admit(struct xml_build *build, const char *bytes, size_t n, uint64_t offset)
{
	for (size_t i = 0; i < n && offset + i < 2; i++) {
		/* expat looks for these in the first two bytes; in UTF-8 they never are. */
		if (bytes[i] == '\0' || bytes[i] == '\xfe' || bytes[i] == '\xff') {
			xml_build_fail(build, XML_ERROR_ENCODING, "not UTF-8");
			return false;
		}
	}
	return true;
}

static void XMLCALL refuse_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
				   int has_internal_subset)
{
	xml_build_fail(ctx, XML_ERROR_RESTRICTED, "document type declaration");
}

static void XMLCALL refuse_instruction(void *ctx, const XML_Char *target, const XML_Char *data)
{
	xml_build_fail(ctx, XML_ERROR_RESTRICTED, "processing instruction");
}

static void XMLCALL refuse_comment(void *ctx, const XML_Char *data)
{
	xml_build_fail(ctx, XML_ERROR_RESTRICTED, "comment");
}

static void XMLCALL check_encoding(void *ctx, const XML_Char *version, const XML_Char *encoding, int standalone)
{
	if (encoding && g_ascii_strcasecmp(encoding, "UTF-8") != 0)
		xml_build_fail(ctx, XML_ERROR_ENCODING, "not UTF-8");
}

static void free_guarded(void *p)
{
	if (p)
		secret_wipe(p, malloc_usable_size(p));
	g_free(p);
}

static void *realloc_guarded(void *p, size_t n)
{
	void *q = g_malloc(n);
	if (p && n > 0)
		memcpy(q, p, MIN(n, malloc_usable_size(p)));
	free_guarded(p);
	return q;
}

void xml_build_open(struct xml_build *build, XML_StartElementHandler start, XML_EndElementHandler end,
		    XML_CharacterDataHandler text)
{
	static const XML_Memory_Handling_Suite usual = { g_malloc, g_realloc, g_free };
	static const XML_Memory_Handling_Suite guarded = { g_malloc, realloc_guarded, free_guarded };
	static const XML_Char separator[] = { SEPARATOR, '\0' };
	build->expat = XML_ParserCreate_MM("UTF-8", build->guarded ? &guarded : &usual, separator);
	g_assert(build->expat);
	XML_SetUserData(build->expat, build);
	XML_SetElementHandler(build->expat, start, end);
	XML_SetCharacterDataHandler(build->expat, text);
	XML_SetXmlDeclHandler(build->expat, check_encoding);
	XML_SetDoctypeDeclHandler(build->expat, refuse_doctype, NULL);
	XML_SetProcessingInstructionHandler(build->expat, refuse_instruction);
	XML_SetCommentHandler(build->expat, refuse_comment);
#ifdef HAVE_REPARSE_DEFERRAL
	XML_SetReparseDeferralEnabled(build->expat, XML_FALSE);
#endif
	build->halted = false;
	build->words = NULL;
}

void xml_build_close(struct xml_build *build)
{
	if (build->expat)
		XML_ParserFree(build->expat);
	build->expat = NULL;
}

void xml_build_clear(struct xml_build *build)
{
	build->current = NULL;
	build->depth = build->elements = 0;
	build->spaces_seen = 0;
	build->overrun = NULL;
}

/* The tree's copy of a namespace. Trees use few, the newest most often. */
static const char *intern_space(struct xml_build *build, const char *ns, size_t n)
{
	unsigned seen = build->spaces_seen;
	struct str *space;
	for (unsigned i = 1; i <= MIN(seen, XML_BUILD_SPACES); i++) {
		space = &build->spaces[(seen - i) % XML_BUILD_SPACES];
		if (space->n == n && memcmp(space->p, ns, n) == 0)
			return space->p;
	}
	space = &build->spaces[build->spaces_seen++ % XML_BUILD_SPACES];
	*space = (struct str){ arena_strndup(build->arena, ns, n), n };
	return space->p;
}

/* Cuts expat's name in two: gives the tree's copy of the namespace, and the local name in *local. */
static const char *split_name(struct xml_build *build, const char *name, struct str *local)
{
	size_t n = strlen(name);
	const char *separator = memchr(name, SEPARATOR, n);
	size_t ns = separator ? (size_t)(separator - name) : 0;
	if (!separator) {
		*local = (struct str){ name, n };
		return "";
	}
	*local = (struct str){ separator + 1, n - ns - 1 };
	return intern_space(build, name, ns);
}

static char *copy(char *to, const char *from, size_t n)
{
	memcpy(to, from, n);
	to[n] = '\0';
	return to;
}

/* In one piece: the attribute, its name, its value. */
static struct xml_attribute *new_attribute(struct xml_build *build, const char *name, const char *value)
{
	struct str local;
	const char *ns = split_name(build, name, &local);
	size_t n = strlen(value);
	struct xml_attribute *attribute = arena_alloc(build->arena, sizeof(*attribute) + local.n + n + 2);
	char *bytes = (char *)(attribute + 1);
	attribute->next = NULL;
	attribute->ns = ns;
	attribute->name = copy(bytes, local.p, local.n);
	attribute->value = copy(bytes + local.n + 1, value, n);
	return attribute;
}

static bool add_attributes(struct xml_build *build, struct xml_element *element, const char **pairs)
{
	struct xml_attribute **link = &element->attributes;
	unsigned left = build->limits->attributes;
	for (; *pairs; pairs += 2, link = &(*link)->next) {
		if (left-- == 0)
			return false;
		*link = new_attribute(build, pairs[0], pairs[1]);
	}
	return true;
}

/* In one piece: the element and its name. */
static struct xml_element *new_element(struct xml_build *build, const char *name)
{
	struct str local;
	const char *ns = split_name(build, name, &local);
	struct xml_element *element = arena_alloc(build->arena, sizeof(*element) + local.n + 1);
	memset(element, 0, sizeof(*element));
	element->ns = ns;
	element->name = copy((char *)(element + 1), local.p, local.n);
	return element;
}

static struct xml_element *overrun(struct xml_build *build, const char *words)
{
	if (build->lenient)
		build->overrun = words;
	else
		xml_build_fail(build, XML_ERROR_TOO_LARGE, words);
	return NULL;
}

struct xml_element *xml_build_start(struct xml_build *build, const char *name, const char **pairs)
{
	if (build->depth++ >= build->limits->depth)
		return overrun(build, "too many elements inside each other");
	if (build->elements++ >= build->limits->elements)
		return overrun(build, "too many elements");
	struct xml_element *element = new_element(build, name);
	bool whole = !*pairs || add_attributes(build, element, pairs);
	if (build->current)
		xml_append(build->current, element);
	build->current = element;
	return whole ? element : overrun(build, "too many attributes");
}

struct xml_element *xml_build_end(struct xml_build *build)
{
	struct xml_element *complete = build->current;
	build->current = complete->parent;
	build->depth--;
	return complete;
}

void xml_build_text(struct xml_build *build, const char *text, size_t n)
{
	struct xml_element *node = build->current->last;
	char *bytes;
	if (node && !node->name) {
		/* expat gives text in pieces; nothing else was allocated since the last one. */
		bytes = arena_grow(build->arena, (char *)node->text, node->text_len + 1, n);
	} else {
		node = arena_zalloc(build->arena, sizeof(*node));
		node->ns = "";
		xml_append(build->current, node);
		bytes = arena_alloc(build->arena, n + 1);
	}
	copy(bytes + node->text_len, text, n);
	node->text = bytes;
	node->text_len += n;
}
