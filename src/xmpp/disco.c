/* SPDX-License-Identifier: MIT */
#include "xmpp/disco.h"

#include "xmpp/form.h"
#include "xmpp/ns.h"

static void put_identity(struct buf *out, const char *category, const char *type, const char *name)
{
	xml_put(out, "<identity");
	xml_put_attr(out, "category", category);
	xml_put_attr(out, "type", type);
	xml_put_attr(out, "name", name);
	xml_put(out, "/>");
}

void disco_begin_info(struct buf *out, const struct disco_info *info, const char *node)
{
	xml_put(out, "<query xmlns='" NS_DISCO_INFO "'");
	xml_put_attr(out, "node", node);
	xml_put(out, ">");
	put_identity(out, info->category, info->type, info->name);
	for (const struct disco_identity *at = info->more; at && at->category; at++)
		put_identity(out, at->category, at->type, at->name);
	for (const char *const *feature = info->features; *feature; feature++) {
		xml_put(out, "<feature");
		xml_put_attr(out, "var", *feature);
		xml_put(out, "/>");
	}
}

void disco_put_info(struct buf *out, const struct disco_info *info, const char *node)
{
	disco_begin_info(out, info, node);
	xml_put(out, "</query>");
}

static int by_octets(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Lists are sorted by their parts, so the parts are first joined by what sorts before all that XML may hold. */
#define JOINT "\1"

static void hash(GChecksum *sum, GPtrArray *texts, char separator)
{
	for (guint i = 0; i < texts->len; i++) {
		g_checksum_update(sum, (const guchar *)g_strdelimit(texts->pdata[i], JOINT, separator), -1);
		g_checksum_update(sum, (const guchar *)"<", 1);
	}
}

static char *joined_identity(const char *category, const char *type, const char *name)
{
	return g_strdup_printf("%s" JOINT "%s" JOINT JOINT "%s", category, type, name ? name : "");
}

static void hash_identities(GChecksum *sum, const struct disco_info *info)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	g_ptr_array_add(texts, joined_identity(info->category, info->type, info->name));
	for (const struct disco_identity *at = info->more; at && at->category; at++)
		g_ptr_array_add(texts, joined_identity(at->category, at->type, at->name));
	g_ptr_array_sort(texts, by_octets);
	hash(sum, texts, '/');
}

char *disco_caps_ver(const struct disco_info *info)
{
	guint8 digest[20];
	gsize n = sizeof(digest);
	g_auto(GStrv) features = g_strdupv((char **)info->features);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	hash_identities(sum, info);
	qsort(features, g_strv_length(features), sizeof(*features), by_octets);
	for (char **feature = features; *feature; feature++) {
		g_checksum_update(sum, (const guchar *)*feature, -1);
		g_checksum_update(sum, (const guchar *)"<", 1);
	}
	g_checksum_get_digest(sum, digest, &n);
	return g_base64_encode(digest, n);
}

char *disco_caps_element(const struct disco_info *info, const char *node)
{
	g_autofree char *ver = disco_caps_ver(info);
	return g_strdup_printf("<c xmlns='" NS_CAPS "' hash='sha-1' node='%s' ver='%s'/>", node, ver);
}

/* --- what others say ------------------------------------------------------------------------- */

static const char *attr_or_empty(const struct xml_element *element, const char *name)
{
	const char *value = xml_attr(element, name);
	return value ? value : "";
}

static const char *language_of(const struct xml_element *element)
{
	for (const struct xml_attribute *at = element->attributes; at; at = at->next)
		if (!strcmp(at->name, "lang") && !strcmp(at->ns, "http://www.w3.org/XML/1998/namespace"))
			return at->value;
	return "";
}

/* With the separator inside a text, one list could pass for another. NULL texts end here too. */
static bool add(GPtrArray *texts, const char *text)
{
	if (!text || strchr(text, '<'))
		return false;
	g_ptr_array_add(texts, (void *)text);
	return true;
}

static bool add_identity(GPtrArray *texts, const struct xml_element *identity, struct arena *arena)
{
	return add(texts, arena_printf(arena, "%s" JOINT "%s" JOINT "%s" JOINT "%s",
				       attr_or_empty(identity, "category"), attr_or_empty(identity, "type"),
				       language_of(identity), attr_or_empty(identity, "name")));
}

static const char *joined(const char *first, GPtrArray *texts, struct arena *arena)
{
	g_autoptr(GString) all = g_string_new(first);
	g_ptr_array_sort(texts, by_octets);
	for (guint i = 0; i < texts->len; i++) {
		g_string_append(all, JOINT);
		g_string_append(all, texts->pdata[i]);
	}
	return arena_strndup(arena, all->str, all->len);
}

static bool add_field(GPtrArray *texts, const struct xml_element *field, struct arena *arena)
{
	g_autoptr(GPtrArray) values = g_ptr_array_new();
	for (const struct xml_element *at = xml_first(field); at; at = xml_next(at))
		if (!strcmp(at->name, "value") && !add(values, xml_text(at, arena)))
			return false;
	return add(texts, joined(attr_or_empty(field, "var"), values, arena));
}

/* A form without a hidden type does not count (rule 3.6). */
static bool add_form(GPtrArray *texts, const struct xml_element *form, struct arena *arena)
{
	g_autoptr(GPtrArray) fields = g_ptr_array_new();
	const char *type = NULL;
	for (const struct xml_element *at = xml_first(form); at; at = xml_next(at)) {
		if (strcmp(at->name, "field") != 0)
			continue;
		if (strcmp(attr_or_empty(at, "var"), "FORM_TYPE") != 0) {
			if (!add_field(fields, at, arena))
				return false;
		} else if (!strcmp(attr_or_empty(at, "type"), "hidden")) {
			type = xml_child_text(at, NULL, "value", arena);
		}
	}
	return !type || add(texts, joined(type, fields, arena));
}

/* What makes the answer ill-formed (rules 3.3 to 3.5): the same text twice, up to the first joint if `by_type`. */
static bool sort(GPtrArray *texts, bool by_type)
{
	g_ptr_array_sort(texts, by_octets);
	for (guint i = 1; i < texts->len; i++) {
		const char *one = texts->pdata[i - 1], *other = texts->pdata[i];
		size_t n = by_type ? strcspn(one, JOINT) : strlen(one);
		if (!strncmp(one, other, n) && (other[n] == '\0' || (by_type && other[n] == *JOINT)))
			return false;
	}
	return true;
}

char *disco_ver_of(const struct xml_element *query, struct arena *arena)
{
	g_autoptr(GPtrArray) identities = g_ptr_array_new(), features = g_ptr_array_new(), forms = g_ptr_array_new();
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	guint8 digest[20];
	gsize n = sizeof(digest);
	bool sound = true;
	for (const struct xml_element *at = xml_first(query); at && sound; at = xml_next(at)) {
		if (xml_is(at, NS_DISCO_INFO, "identity"))
			sound = add_identity(identities, at, arena);
		else if (xml_is(at, NS_DISCO_INFO, "feature"))
			sound = add(features, arena_strdup(arena, attr_or_empty(at, "var")));
		else if (xml_is(at, NS_FORM, "x"))
			sound = add_form(forms, at, arena);
	}
	if (!sound || !sort(identities, false) || !sort(features, false) || !sort(forms, true))
		return NULL;
	hash(sum, identities, '/');
	hash(sum, features, '<');
	hash(sum, forms, '<');
	g_checksum_get_digest(sum, digest, &n);
	return g_base64_encode(digest, n);
}
