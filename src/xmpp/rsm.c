/* SPDX-License-Identifier: MIT */
#include "xmpp/rsm.h"

#include "xmpp/ns.h"

static bool read_number(const struct xml_element *set, const char *name, size_t most, size_t *value,
			struct arena *arena)
{
	const char *text = xml_child_text(set, NULL, name, arena);
	guint64 number;
	if (!text)
		return true;
	if (!g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT32, &number, NULL))
		return false;
	*value = MIN((size_t)number, most);
	return true;
}

bool rsm_read(struct rsm *rsm, const struct xml_element *payload, struct arena *arena)
{
	const struct xml_element *set = xml_child(payload, NS_RSM, "set");
	*rsm = (struct rsm){ .asked = set, .max = RSM_PAGE_MAX };
	if (!set)
		return true;
	const char *after = xml_child_text(set, NULL, "after", arena);
	const char *before = xml_child_text(set, NULL, "before", arena);
	rsm->backwards = before;
	rsm->anchor = after && *after ? after : before && *before ? before : NULL;
	/* A page is either after or before something. */
	return !(after && before) && read_number(set, "max", RSM_PAGE_MAX, &rsm->max, arena) &&
	       read_number(set, "index", G_MAXUINT32, &rsm->index, arena);
}

bool rsm_find(const struct rsm *rsm, size_t count, size_t place, struct rsm_page *page)
{
	*page = (struct rsm_page){ 0 };
	if ((rsm->anchor && place >= count) || (rsm->index && rsm->index >= count))
		return false;
	if (rsm->backwards) {
		page->to = rsm->anchor ? place : count;
		page->from = page->to - MIN(page->to, rsm->max);
		return true;
	}
	page->from = rsm->anchor ? place + 1 : rsm->index;
	page->to = page->from + MIN(count - page->from, rsm->max);
	return true;
}

void rsm_put(struct buf *out, const char *first, size_t index, const char *last, size_t count)
{
	xml_put(out, "<set xmlns='" NS_RSM "'>");
	if (first) {
		xml_put(out, "<first");
		if (index != RSM_NO_INDEX) {
			xml_put(out, " index='");
			xml_put_number(out, index);
			xml_put(out, "'");
		}
		xml_put(out, ">");
		xml_escape(out, first);
		xml_put(out, "</first>");
	}
	xml_put_text(out, "last", last);
	xml_put(out, "<count>");
	xml_put_number(out, count);
	xml_put(out, "</count></set>");
}
