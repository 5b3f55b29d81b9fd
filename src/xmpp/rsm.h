/* SPDX-License-Identifier: MIT */
#ifndef XMPP_RSM_H
#define XMPP_RSM_H

#include "xml/writer.h"

/* Result Set Management (XEP-0059): pages of a list in a fixed order, whose items are known by a text each. */
enum { RSM_PAGE_MAX = 1000 };

struct rsm {
	bool asked;         /* there was a <set/> */
	bool backwards;     /* <before/>, maybe empty: the last page */
	const char *anchor; /* of <after/> or <before/>; NULL: none */
	size_t max;         /* items on a page, at most RSM_PAGE_MAX */
	size_t index;       /* <index/>, 0 if there is none */
};

/* False: what is asked for makes no sense (bad-request). Texts are borrowed from the tree and the arena. */
bool rsm_read(struct rsm *rsm, const struct xml_element *payload, struct arena *arena);

/* Items from..to-1 of `count` are the page. `place` is where the anchor stands, `count` if it is not there:
 * then false (item-not-found), as for an index out of range. */
struct rsm_page {
	size_t from, to;
};
bool rsm_find(const struct rsm *rsm, size_t count, size_t place, struct rsm_page *page);

/* `<set/>`; first and last are NULL for an empty page; RSM_NO_INDEX: where it is in the list is not known. */
#define RSM_NO_INDEX G_MAXSIZE
void rsm_put(struct buf *out, const char *first, size_t index, const char *last, size_t count);

#endif
