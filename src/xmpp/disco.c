/* SPDX-License-Identifier: MIT */
#include "xmpp/disco.h"

#include "xmpp/ns.h"

void disco_put_info(struct buf *out, const struct disco_info *info, const char *node)
{
	xml_put(out, "<query xmlns='" NS_DISCO_INFO "'");
	xml_put_attr(out, "node", node);
	xml_put(out, "><identity");
	xml_put_attr(out, "category", info->category);
	xml_put_attr(out, "type", info->type);
	xml_put_attr(out, "name", info->name);
	xml_put(out, "/>");
	for (const char *const *feature = info->features; *feature; feature++) {
		xml_put(out, "<feature");
		xml_put_attr(out, "var", *feature);
		xml_put(out, "/>");
	}
	xml_put(out, "</query>");
}

static int by_octets(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

char *disco_caps_ver(const struct disco_info *info)
{
	guint8 digest[20];
	gsize n = sizeof(digest);
	g_auto(GStrv) features = g_strdupv((char **)info->features);
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
	g_autofree char *identity = g_strdup_printf("%s/%s//%s<", info->category, info->type, info->name);
	g_checksum_update(sum, (const guchar *)identity, -1);
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
