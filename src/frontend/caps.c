/* SPDX-License-Identifier: MIT */
#include "core/archive.h"
#include "core/document.h"
#include "frontend/iq/room.h"
#include "frontend/private.h"

/* What we say of ourselves, in disco#info (XEP-0030) and in presence (XEP-0115), from one table. */

#define CAPS_NODE "https://spectrum.im/"

/* In server mode the domain is a server, not a transport, and users have accounts. */
enum who { TRANSPORT = 1, CONTACT = 2, ROOM = 4, SERVER = 8, ACCOUNT = 16 };
enum when { ALWAYS, WITH_DOCUMENTS, WITH_MUC, WITH_RECEIPTS, WITH_XHTML, WITH_ARCHIVE, WITH_UPLOAD };

static const struct {
	const char *feature;
	unsigned who;
	enum when when;
} features[] = {
	{ NS_DISCO_INFO, TRANSPORT | CONTACT | ROOM | SERVER | ACCOUNT, ALWAYS },
	{ NS_DISCO_ITEMS, TRANSPORT | CONTACT | ROOM | SERVER | ACCOUNT, ALWAYS },
	{ NS_REGISTER, TRANSPORT, ALWAYS },
	{ NS_GATEWAY, TRANSPORT, ALWAYS },
	{ NS_COMMANDS, TRANSPORT | SERVER, ALWAYS },
	{ NS_ROSTERX, TRANSPORT, ALWAYS },
	{ NS_VERSION, TRANSPORT | SERVER, ALWAYS },
	{ NS_LAST, TRANSPORT | SERVER, ALWAYS },
	{ NS_TIME, TRANSPORT | SERVER, ALWAYS },
	{ NS_STATS, TRANSPORT | SERVER, ALWAYS },
	{ NS_BLOCKING, TRANSPORT | SERVER | ACCOUNT, ALWAYS },
	{ NS_PING, TRANSPORT | CONTACT | ROOM | SERVER | ACCOUNT, ALWAYS },
	{ NS_VCARD, TRANSPORT | CONTACT, ALWAYS },
	{ NS_VCARD, SERVER | ACCOUNT, WITH_DOCUMENTS },
	{ NS_CHATSTATES, CONTACT, ALWAYS },
	{ NS_ATTENTION, CONTACT, ALWAYS },
	{ NS_OOB, CONTACT, ALWAYS },
	{ NS_RECEIPTS, CONTACT, WITH_RECEIPTS },
	{ NS_XHTML_IM, CONTACT, WITH_XHTML },
	{ NS_MAM, SERVER | ACCOUNT, WITH_ARCHIVE },
	{ NS_MAM "#extended", SERVER | ACCOUNT, WITH_ARCHIVE },
	{ NS_SID, SERVER | ACCOUNT, WITH_ARCHIVE },
	{ NS_HINTS, SERVER | ACCOUNT, WITH_ARCHIVE },
	{ NS_UPLOAD, SERVER, WITH_UPLOAD },
	{ NS_PRIVATE, SERVER | ACCOUNT, WITH_DOCUMENTS },
	{ NS_CARBONS, SERVER | ACCOUNT, ALWAYS },
	{ NS_RSM, TRANSPORT | SERVER, ALWAYS },
	{ NS_MUC, TRANSPORT | SERVER, WITH_MUC },
	{ NS_MUC, ROOM, ALWAYS },
	{ NS_PUBSUB "#access-whitelist", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#auto-create", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#auto-subscribe", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#config-node", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#config-node-max", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#create-and-configure", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#create-nodes", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#delete-items", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#delete-nodes", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#filtered-notifications", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#item-ids", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#last-published", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#multi-items", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#persistent-items", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#publish", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#publish-options", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#purge-nodes", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#retract-items", ACCOUNT, WITH_DOCUMENTS },
	{ NS_PUBSUB "#retrieve-items", ACCOUNT, WITH_DOCUMENTS },
	{ "urn:xmpp:pep-vcard-conversion:0", ACCOUNT, WITH_DOCUMENTS },
	{ NS_BOOKMARKS "#compat", ACCOUNT, WITH_DOCUMENTS },
};

struct described {
	struct disco_info info;
	struct disco_identity more[3];
	const char *features[G_N_ELEMENTS(features) + 1];
};

static bool applies(const struct frontend *frontend, enum when when)
{
	const struct core_features *known = core_features(frontend->core);
	switch (when) {
	case ALWAYS:
		return true;
	case WITH_DOCUMENTS:
		return core_keeps_documents(frontend->core);
	case WITH_MUC:
		return known->muc;
	case WITH_RECEIPTS:
		return known->receipts;
	case WITH_ARCHIVE:
		return core_has_archive(frontend->core);
	case WITH_UPLOAD:
		return frontend->upload;
	case WITH_XHTML:
		return config_bool(frontend->config, CONFIG_SERVICE_ENABLE_XHTML);
	}
	g_assert_not_reached();
}

static const char *name_of(const struct frontend *frontend)
{
	return config_text(frontend->config, CONFIG_IDENTITY_NAME);
}

static enum who domain(const struct frontend *frontend)
{
	return frontend->server ? SERVER : TRANSPORT;
}

/* What a server is besides: what the administrator gave, and a place for files (XEP-0363, section 4). */
static void add_identities(const struct frontend *frontend, struct disco_info *info, struct disco_identity more[3])
{
	const char *category = config_text(frontend->config, CONFIG_IDENTITY_CATEGORY);
	const char *type = config_text(frontend->config, CONFIG_IDENTITY_TYPE);
	size_t n = 0;
	if (*type && (strcmp(info->category, category) != 0 || strcmp(info->type, type) != 0))
		more[n++] = (struct disco_identity){ category, type, info->name };
	if (frontend->upload)
		more[n++] = (struct disco_identity){ "store", "file", info->name };
	more[n] = (struct disco_identity){ 0 };
	info->more = more;
}

static void describe(const struct frontend *frontend, enum who who, struct described *described)
{
	static const struct disco_identity pep[] = { { "pubsub", "pep", NULL }, { 0 } };
	const struct config *config = frontend->config;
	const char *type = config_text(config, CONFIG_IDENTITY_TYPE);
	struct disco_info *info = &described->info;
	size_t n = 0;
	*info = (struct disco_info){
		.category = "client", .type = "pc", .name = name_of(frontend), .features = described->features
	};
	if (who == TRANSPORT) {
		/* XEP-0030 wants a type; the administrator's, if there is one. */
		info->category = config_text(config, CONFIG_IDENTITY_CATEGORY);
		info->type = *type ? type : "gateway";
	} else if (who == SERVER) {
		info->category = "server";
		info->type = "im";
		add_identities(frontend, info, described->more);
	} else if (who == ACCOUNT) {
		info->category = "account";
		info->type = "registered";
		info->name = NULL;
		info->more = core_keeps_documents(frontend->core) ? pep : NULL;
	} else if (who == ROOM) {
		info->category = "conference";
		info->type = "text";
	}
	for (size_t i = 0; i < G_N_ELEMENTS(features); i++)
		if (features[i].who & who && applies(frontend, features[i].when))
			described->features[n++] = features[i].feature;
	described->features[n] = NULL;
}

void caps_refresh(struct frontend *frontend)
{
	struct described described;
	frontend->caps_of = *core_features(frontend->core);
	g_free(frontend->transport_caps);
	describe(frontend, domain(frontend), &described);
	frontend->transport_caps = disco_caps_element(&described.info, CAPS_NODE);
	g_free(frontend->contact_caps);
	describe(frontend, CONTACT, &described);
	frontend->contact_caps = disco_caps_element(&described.info, CAPS_NODE);
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

static enum who asked(const struct frontend *frontend, const struct stanza *request, bool room)
{
	switch (iq_target(frontend, request)) {
	case IQ_TRANSPORT:
		return domain(frontend);
	case IQ_ACCOUNT:
		return ACCOUNT;
	default:
		return room ? ROOM : CONTACT;
	}
}

void caps_put_info(struct frontend *frontend, struct buf *out, const struct stanza *request, const char *node)
{
	struct described described;
	bool room = room_is_addressed(frontend, request);
	enum who who = asked(frontend, request, room);
	describe(frontend, who, &described);
	if (room) {
		room_put_info(frontend, out, request, &described.info, node);
	} else if (who == SERVER && frontend->upload && !node) {
		/* Not of what has a hash, which is without it. */
		disco_begin_info(out, &described.info, node);
		upload_put_form(frontend, out);
		xml_put(out, "</query>");
	} else {
		disco_put_info(out, &described.info, node);
	}
}
