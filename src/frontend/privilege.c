/* SPDX-License-Identifier: MIT */
#include "frontend/privilege.h"

#include "base/hash.h"
#include "loop/timer.h"

LOG_AREA("XMPPFrontend");

enum {
	DOMAINS_MAX = 1000,  /* that say what they grant */
	NAMESPACES_MAX = 50, /* of IQs, of one domain */
	NAMESPACE_MAX = 255, /* bytes of one of them */
	REFUSALS_MAX = 3
};

struct grant {
	struct str key; /* the domain; first member, so that the table is a set */
	struct privilege privilege;
	unsigned refusals; /* in a row, of changes of rosters */
	char domain[];
};

static void free_grant(void *grantp)
{
	struct grant *grant = grantp;
	g_clear_pointer(&grant->privilege.iqs, g_hash_table_unref);
	g_free(grant);
}

static struct grant *find(const struct frontend *frontend, const char *jid)
{
	const char *at = jid + strcspn(jid, "@/");
	const char *domain = *at == '@' ? at + 1 : jid;
	struct str key = { domain, strcspn(domain, "/") };
	return g_hash_table_size(frontend->grants) ? g_hash_table_lookup(frontend->grants, &key) : NULL;
}

const struct privilege *privilege_of(const struct frontend *frontend, const char *jid)
{
	static const struct privilege none;
	const struct grant *grant = find(frontend, jid);
	return grant ? &grant->privilege : &none;
}

unsigned privilege_iq(const struct privilege *privilege, const char *ns)
{
	return privilege->iqs ? GPOINTER_TO_UINT(g_hash_table_lookup(privilege->iqs, ns)) : 0;
}

const char *privilege_ns(const struct privilege *privilege)
{
	g_assert(privilege->version);
	return privilege->version == 1 ? NS_PRIVILEGE_1 : NS_PRIVILEGE_2;
}

/* --- what a server says ---------------------------------------------------------------------- */

static unsigned access_of(const char *type)
{
	static const struct {
		const char *name;
		unsigned access;
	} types[] = { { "get", PRIVILEGE_GET }, { "set", PRIVILEGE_SET }, { "both", PRIVILEGE_BOTH } };
	for (size_t i = 0; type && i < G_N_ELEMENTS(types); i++)
		if (!strcmp(type, types[i].name))
			return types[i].access;
	return 0;
}

static bool is_false(const char *value)
{
	return value && (!strcmp(value, "false") || !strcmp(value, "0"));
}

static void read_roster(struct privilege *privilege, const struct xml_element *perm)
{
	privilege->roster = access_of(xml_attr(perm, "type"));
	privilege->push =
		privilege->version > 1 && (privilege->roster & PRIVILEGE_GET) && !is_false(xml_attr(perm, "push"));
}

static void read_message(struct privilege *privilege, const struct xml_element *perm)
{
	privilege->message = !g_strcmp0(xml_attr(perm, "type"), "outgoing");
}

static void read_presence(struct privilege *privilege, const struct xml_element *perm)
{
	privilege->presence = g_strcmp0(xml_attr(perm, "type"), "none") != 0;
}

static void add_namespace(struct privilege *privilege, const struct xml_element *namespace)
{
	const char *ns = xml_attr(namespace, "ns");
	unsigned access = access_of(xml_attr(namespace, "type"));
	if (!ns || !*ns || strlen(ns) > NAMESPACE_MAX || !access)
		return;
	if (!privilege->iqs)
		privilege->iqs = g_hash_table_new_full(hash_text, g_str_equal, g_free, NULL);
	if (g_hash_table_size(privilege->iqs) < NAMESPACES_MAX)
		g_hash_table_insert(privilege->iqs, g_strdup(ns), GUINT_TO_POINTER(access));
}

/* Prosody's module puts each namespace inside the one before it; how deep is the parser's limit. */
static void read_iq(struct privilege *privilege, const struct xml_element *perm)
{
	for (const struct xml_element *at = xml_first(perm); at; at = xml_next(at)) {
		if (xml_is(at, perm->ns, "namespace"))
			add_namespace(privilege, at);
		read_iq(privilege, at);
	}
}

static void read_privilege(struct privilege *privilege, const struct xml_element *said)
{
	static const struct {
		const char *access;
		void (*read)(struct privilege *privilege, const struct xml_element *perm);
	} readers[] = {
		{ "roster", read_roster }, { "message", read_message }, { "presence", read_presence }, { "iq", read_iq }
	};
	for (const struct xml_element *perm = xml_first(said); perm; perm = xml_next(perm))
		for (size_t i = 0; xml_is(perm, said->ns, "perm") && i < G_N_ELEMENTS(readers); i++)
			if (!g_strcmp0(xml_attr(perm, "access"), readers[i].access))
				readers[i].read(privilege, perm);
}

static bool grants_something(const struct privilege *privilege)
{
	return privilege->roster || privilege->message || privilege->presence || privilege->iqs;
}

static struct grant *grant_new(struct str domain, unsigned version)
{
	struct grant *grant = g_malloc0(sizeof(*grant) + domain.n + 1);
	grant->key = (struct str){ memcpy(grant->domain, domain.p, domain.n), domain.n };
	grant->privilege.version = version;
	return grant;
}

/* What a server says replaces what it said before; nothing granted is not worth a place. */
static void keep(struct frontend *frontend, struct grant *grant)
{
	g_hash_table_remove(frontend->grants, &grant->key);
	if (!grants_something(&grant->privilege)) {
		free_grant(grant);
	} else if (g_hash_table_size(frontend->grants) >= DOMAINS_MAX) {
		log_warn("privileges of more than %d domains: %s is not noted", DOMAINS_MAX, grant->domain);
		free_grant(grant);
	} else {
		g_hash_table_add(frontend->grants, grant);
	}
}

bool privilege_received(struct frontend *frontend, const struct stanza *message)
{
	const struct xml_element *root = message->element, *said;
	unsigned version = 2;
	if (message->to.node || message->from.node || !jid_is_bare(&message->from))
		return false;
	if (!(said = xml_child(root, NS_PRIVILEGE_2, "privilege"))) {
		said = xml_child(root, NS_PRIVILEGE_1, "privilege");
		version = 1;
	}
	if (!said)
		return false;
	struct grant *grant = grant_new(jid_domain(&message->from), version);
	read_privilege(&grant->privilege, said);
	log_debug("%s grants (version %u): roster %u, message %d, iq of %u namespaces", grant->domain, version,
		  grant->privilege.roster, grant->privilege.message,
		  grant->privilege.iqs ? g_hash_table_size(grant->privilege.iqs) : 0);
	keep(frontend, grant);
	return true;
}

void privilege_worked(struct frontend *frontend, const char *jid)
{
	struct grant *grant = find(frontend, jid);
	if (grant)
		grant->refusals = 0;
}

void privilege_failed(struct frontend *frontend, const char *jid)
{
	struct grant *grant = find(frontend, jid);
	if (!grant || !(grant->privilege.roster & PRIVILEGE_SET) || ++grant->refusals < REFUSALS_MAX)
		return;
	grant->privilege.roster &= ~(unsigned)PRIVILEGE_SET;
	log_warn("%s grants changes of rosters but refuses them: contacts are announced by subscription requests",
		 grant->domain);
}

void privileges_up(struct frontend *frontend)
{
	g_hash_table_remove_all(frontend->grants);
	privileges_report_soon(frontend);
}

void privileges_each(const struct frontend *frontend,
		     void (*each)(void *ctx, const char *domain, const struct privilege *privilege), void *ctx)
{
	GHashTableIter iter;
	const struct grant *grant;
	g_hash_table_iter_init(&iter, frontend->grants);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&grant))
		each(ctx, grant->domain, &grant->privilege);
}

void privileges_init(struct frontend *frontend)
{
	frontend->grants = g_hash_table_new_full(str_hash, str_equal, free_grant, NULL);
}

void privileges_fini(struct frontend *frontend)
{
	g_clear_pointer(&frontend->grants, g_hash_table_unref);
	timer_free(&frontend->report_timer);
}
