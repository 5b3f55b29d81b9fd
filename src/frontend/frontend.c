/* SPDX-License-Identifier: MIT */
#include "frontend/frontend.h"

#include "frontend/account_check.h"
#include "frontend/ask.h"
#include "frontend/avatar.h"
#include "frontend/chat.h"
#include "frontend/clients.h"
#include "frontend/foreign.h"
#include "frontend/iq/iq.h"
#include "frontend/pep.h"
#include "frontend/privilege.h"
#include "frontend/profile.h"
#include "frontend/raw.h"
#include "frontend/roster.h"
#include "frontend/server/server.h"

LOG_AREA("XMPPFrontend");

/* As servers write it in what they send to us. */
static char *prepared(const char *domain)
{
	struct arena *arena = arena_new(1024);
	struct jid jid;
	char *text = g_strdup(jid_parse_text(&jid, arena, domain) ? jid.full : domain);
	arena_free(&arena);
	return text;
}

struct frontend *frontend_new(struct loop *loop, const struct config *config, struct metrics *metrics)
{
	struct frontend *frontend = g_new0(struct frontend, 1);
	frontend->loop = loop;
	frontend->config = config_ref(config);
	frontend->metrics = metrics;
	frontend->jid = prepared(config_text(config, CONFIG_SERVICE_JID));
	frontend->waiting = idmap_new();
	frontend->scratch = arena_new(4096);
	asks_init(frontend);
	account_checks_init(frontend);
	carbons_init(frontend);
	bookmarks_init(frontend);
	chats_init(frontend);
	adhoc_init(frontend);
	archive_questions_init(frontend);
	raw_init(frontend);
	avatars_init(frontend);
	pep_init(frontend);
	profiles_init(frontend);
	frontend->clients = clients_new();
	privileges_init(frontend);
	roster_privileged_init(frontend);
	roster_exchange_init(frontend);
	g_snprintf(frontend->id_prefix, sizeof(frontend->id_prefix), "%08x-", g_random_int());
	return frontend;
}

static void drop_waiting(void *ctx, uint64_t id, void *wait)
{
	iq_drop(ctx, id);
}

void frontend_free(struct frontend **frontendp)
{
	struct frontend *frontend = *frontendp;
	if (!frontend)
		return;
	*frontendp = NULL;
	idmap_each(frontend->waiting, drop_waiting, frontend);
	idmap_free(&frontend->waiting);
	asks_fini(frontend);
	account_checks_fini(frontend);
	carbons_fini(frontend);
	bookmarks_fini(frontend);
	chats_fini(frontend);
	adhoc_fini(frontend);
	archive_questions_fini(frontend);
	raw_fini(frontend);
	avatars_fini(frontend);
	pep_fini(frontend);
	profiles_fini(frontend);
	clients_free(&frontend->clients);
	roster_privileged_fini(frontend);
	roster_exchange_fini(frontend);
	privileges_fini(frontend);
	arena_free(&frontend->scratch);
	g_free(frontend->contact_caps);
	g_free(frontend->transport_caps);
	g_free(frontend->jid);
	config_unref(&frontend->config);
	g_free(frontend);
}

void frontend_set_core(struct frontend *frontend, struct core *core)
{
	frontend->core = core;
	caps_refresh(frontend);
}

void frontend_set_admin(struct frontend *frontend, struct admin *admin)
{
	frontend->admin = admin;
}

void frontend_set_route(struct frontend *frontend, const struct frontend_route *route, void *ctx)
{
	frontend->route = route;
	frontend->route_ctx = ctx;
}

void frontend_set_config(struct frontend *frontend, const struct config *config)
{
	struct config *old = frontend->config;
	frontend->config = config_ref(config);
	config_unref(&old);
	caps_refresh(frontend);
}

void frontend_up(struct frontend *frontend)
{
	caps_refresh(frontend);
	if (!frontend->server) /* ours grants itself nothing */
		privileges_up(frontend);
	core_link_up(frontend->core);
}

void frontend_down(struct frontend *frontend)
{
	core_link_down(frontend->core);
}

const char *frontend_jid(const struct frontend *frontend)
{
	return frontend->jid;
}

bool frontend_is_own(const struct frontend *frontend, const struct stanza *stanza)
{
	return frontend->server && stanza->to.node && jid_is_bare(&stanza->to) &&
	       jid_equal_bare(&stanza->from, &stanza->to);
}

bool frontend_is_admin(const struct frontend *frontend, const struct jid *who)
{
	return admin_is_admin(frontend->admin, who) && (!frontend->server || server_vouches(frontend->server, who));
}

void frontend_take(struct frontend *frontend, const struct stanza *stanza)
{
	static void (*const receivers[])(struct frontend * frontend, const struct stanza *stanza) = {
		[STANZA_MESSAGE] = incoming_message,
		[STANZA_PRESENCE] = incoming_presence,
		[STANZA_IQ] = iq_receive,
	};
	if (!core_features(frontend->core)->rawxml || frontend_is_own(frontend, stanza) ||
	    !raw_forward(frontend, stanza))
		receivers[stanza->kind](frontend, stanza);
}

void frontend_receive(struct frontend *frontend, const struct xml_element *element, struct arena *arena)
{
	struct stanza stanza;
	route_received(element);
	switch (stanza_read(&stanza, element, arena, frontend->jid)) {
	case STANZA_OK:
		if (foreign_is(frontend, &stanza))
			foreign_received(frontend, &stanza);
		else
			frontend_take(frontend, &stanza);
		break;
	case STANZA_BAD_TO:
		/* No answer can come from what is no address: ours stands in for it. */
		if (jid_parse_text(&stanza.to, arena, frontend->jid))
			incoming_refuse(frontend, &stanza, XMPP_JID_MALFORMED, NULL);
		break;
	case STANZA_UNKNOWN:
	case STANZA_NO_FROM:
	case STANZA_BAD_FROM:
		log_debug("a stanza <%s/> of no known kind or sender is ignored", element->name);
		break;
	}
}

void frontend_skipped(struct frontend *frontend, const struct xml_element *start, const char *why, struct arena *arena)
{
	struct stanza stanza;
	if (stanza_read(&stanza, start, arena, frontend->jid) != STANZA_OK)
		return;
	log_info("a <%s/> of %s is skipped: %s", start->name, stanza.from.full, why);
	incoming_refuse(frontend, &stanza, XMPP_NOT_ACCEPTABLE, why);
}
