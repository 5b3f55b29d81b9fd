/* SPDX-License-Identifier: MIT */
#ifndef XMPP_DISCO_H
#define XMPP_DISCO_H

#include "xml/writer.h"

/* What an entity says of itself (XEP-0030), for disco#info and for entity capabilities. */
struct disco_identity {
	const char *category, *type, *name;
};

struct disco_info {
	const char *category, *type, *name;
	const char *const *features;       /* NULL-terminated, in any order */
	const struct disco_identity *more; /* further ones, up to one whose category is NULL; NULL: none */
};

/* `<query xmlns=disco#info>` with identity and features; `node` may be NULL. */
void disco_put_info(struct buf *out, const struct disco_info *info, const char *node);
/* The same without its end tag, for what else belongs inside (XEP-0128). */
void disco_begin_info(struct buf *out, const struct disco_info *info, const char *node);

/* The verification string (XEP-0115, section 5): base64 of SHA-1. Free with g_free. */
char *disco_caps_ver(const struct disco_info *info);

/* `<c/>` for presence; `node` names the software. Free with g_free. */
char *disco_caps_element(const struct disco_info *info, const char *node);

/* The same for a `<query/>` that was received, with its forms (XEP-0115, section 5.4). NULL: it is ill-formed, or
 * such that others would have the same hash. Free with g_free. */
char *disco_ver_of(const struct xml_element *query, struct arena *arena);

#endif
