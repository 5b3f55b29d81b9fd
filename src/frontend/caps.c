/* SPDX-License-Identifier: MIT */
#include "frontend/iq/room.h"
#include "frontend/private.h"

/* What we say of ourselves, in disco#info (XEP-0030) and in presence (XEP-0115), from one table. */

#define CAPS_NODE "https://spectrum.im/"

enum who { TRANSPORT = 1, CONTACT = 2, ROOM = 4 };
enum when { ALWAYS, WITH_MUC, WITH_RECEIPTS, WITH_XHTML };

static const struct {
	const char *feature;
	unsigned who;
	enum when when;
} features[] = {
	{ NS_DISCO_INFO, TRANSPORT | CONTACT | ROOM, ALWAYS },
	{ NS_DISCO_ITEMS, TRANSPORT | CONTACT | ROOM, ALWAYS },
	{ NS_REGISTER, TRANSPORT, ALWAYS },
	{ NS_GATEWAY, TRANSPORT, ALWAYS },
	{ NS_COMMANDS, TRANSPORT, ALWAYS },
	{ NS_ROSTERX, TRANSPORT, ALWAYS },
	{ NS_VERSION, TRANSPORT, ALWAYS },
	{ NS_LAST, TRANSPORT, ALWAYS },
	{ NS_TIME, TRANSPORT, ALWAYS },
	{ NS_STATS, TRANSPORT, ALWAYS },
	{ NS_BLOCKING, TRANSPORT, ALWAYS },
	{ NS_PING, TRANSPORT | CONTACT | ROOM, ALWAYS },
	{ NS_VCARD, TRANSPORT | CONTACT, ALWAYS },
	{ NS_CHATSTATES, CONTACT, ALWAYS },
	{ NS_ATTENTION, CONTACT, ALWAYS },
	{ NS_OOB, CONTACT, ALWAYS },
	{ NS_RECEIPTS, CONTACT, WITH_RECEIPTS },
	{ NS_XHTML_IM, CONTACT, WITH_XHTML },
	{ NS_RSM, TRANSPORT, ALWAYS },
	{ NS_MUC, TRANSPORT, WITH_MUC },
	{ NS_MUC, ROOM, ALWAYS },
};

static bool applies(const struct frontend *frontend, enum when when)
{
	const struct core_features *known = core_features(frontend->core);
	switch (when) {
	case ALWAYS:
		return true;
	case WITH_MUC:
		return known->muc;
	case WITH_RECEIPTS:
		return known->receipts;
	case WITH_XHTML:
		return config_bool(frontend->config, CONFIG_SERVICE_ENABLE_XHTML);
	}
	g_assert_not_reached();
}

static const char *name_of(const struct frontend *frontend)
{
	return config_text(frontend->config, CONFIG_IDENTITY_NAME);
}

static void describe(const struct frontend *frontend, enum who who, struct disco_info *info, const char **list)
{
	const char *type = config_text(frontend->config, CONFIG_IDENTITY_TYPE);
	size_t n = 0;
	*info = (struct disco_info){ .category = "client", .type = "pc", .name = name_of(frontend), .features = list };
	if (who == TRANSPORT) {
		/* XEP-0030 wants a type; the administrator's, if there is one. */
		info->category = config_text(frontend->config, CONFIG_IDENTITY_CATEGORY);
		info->type = *type ? type : "gateway";
	} else if (who == ROOM) {
		info->category = "conference";
		info->type = "text";
	}
	for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
		if (features[i].who & who && applies(frontend, features[i].when))
			list[n++] = features[i].feature;
	list[n] = NULL;
}

void caps_refresh(struct frontend *frontend)
{
	const char *list[G_N_ELEMENTS(features) + 1];
	struct disco_info info;
	frontend->caps_of = *core_features(frontend->core);
	g_free(frontend->transport_caps);
	describe(frontend, TRANSPORT, &info, list);
	frontend->transport_caps = disco_caps_element(&info, CAPS_NODE);
	g_free(frontend->contact_caps);
	describe(frontend, CONTACT, &info, list);
	frontend->contact_caps = disco_caps_element(&info, CAPS_NODE);
}

/* Backends may announce what they can after the link is up. */
const char *caps_element(struct frontend *frontend, bool contact)
{
	if (memcmp(&frontend->caps_of, core_features(frontend->core), sizeof(frontend->caps_of)))
		caps_refresh(frontend);
	return contact ? frontend->contact_caps : frontend->transport_caps;
}

/* Nodes of entity capabilities: ours, whatever the version. */
bool caps_knows_node(const struct frontend *frontend, const char *node)
{
	return g_str_has_prefix(node, CAPS_NODE "#");
}

void caps_put_info(struct frontend *frontend, struct buf *out, const struct stanza *request, const char *node)
{
	const char *list[G_N_ELEMENTS(features) + 1];
	struct disco_info info;
	bool room = room_is_addressed(frontend, request);
	describe(frontend, !request->to.node ? TRANSPORT : room ? ROOM : CONTACT, &info, list);
	if (room)
		room_put_info(frontend, out, request, &info, node);
	else
		disco_put_info(out, &info, node);
}
