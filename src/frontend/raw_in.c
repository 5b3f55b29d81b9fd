/* SPDX-License-Identifier: MIT */
#include "frontend/raw.h"

#include "core/user.h"
#include "frontend/iq/iq.h"

LOG_AREA("XMPPFrontend");

/* Stanzas of networks: one stream, and so one parser, for each backend. */

static const char header[] = "<stream:stream xmlns='jabber:client' xmlns:stream='" NS_STREAM "'>";

struct raw_source {
	uint64_t id;
	struct frontend *frontend;
	struct xml_parser *parser;
	bool feeding; /* its parser is on the stack */
	bool closed;  /* an end tag came */
	bool ended;
	bool complained;
};

/* One that is being looked at. */
struct arrival {
	struct frontend *frontend;
	const struct xml_element *element;
	struct arena *arena;
	struct user *user;
	struct jid to;
	const char *type;
	struct core_raw_sender sender;
};

/* --- passing on ------------------------------------------------------------------------------ */

void raw_stanza(void *ctx, struct core_address from, const char *to, const struct core_raw *raw)
{
	static const struct {
		const char *start, *end;
	} kinds[] = {
		[CORE_RAW_MESSAGE] = { "message", "</message>" },
		[CORE_RAW_PRESENCE] = { "presence", "</presence>" },
		[CORE_RAW_IQ] = { "iq", "</iq>" },
	};
	struct frontend *frontend = ctx;
	struct buf *out = stanza_begin(frontend, kinds[raw->kind].start, from, to, raw->kind == CORE_RAW_MESSAGE);
	if (!out)
		return;
	buf_append(out, raw->bytes, raw->n);
	buf_append_text(out, kinds[raw->kind].end);
	route_end(frontend, out, to);
}

/* What is between the addresses and the end tag. False: it is more than a server takes. */
static bool write_tail(const struct arrival *at, enum core_raw_kind kind, const char *id, struct buf *out,
		       struct core_raw *raw)
{
	size_t name = strlen(at->element->name);
	buf_init(out, FRONTEND_RAW_MAX);
	raw_write(out, at->element, NULL, NULL, id);
	if (out->failed) {
		log_warn("%s: a stanza of the network is too large for the server, it is left out", user_jid(at->user));
		metrics_count(at->frontend->metrics, METRIC_STANZAS_DROPPED);
		return false;
	}
	size_t start = name + strlen("<"), end = name + strlen("</>");
	*raw = (struct core_raw){ kind, buf_data(out) + start, buf_len(out) - start - end };
	return true;
}

static void pass_message(const struct arrival *at)
{
	const struct xml_element *subject = xml_child(at->element, NULL, "subject");
	bool groupchat = !strcmp(at->type, "groupchat");
	enum core_raw_message type = !groupchat                                         ? CORE_RAW_CHAT
				     : subject && !xml_child(at->element, NULL, "body") ? CORE_RAW_SUBJECT
											: CORE_RAW_GROUPCHAT;
	struct core_raw raw;
	struct buf out;
	if (write_tail(at, CORE_RAW_MESSAGE, NULL, &out, &raw))
		core_legacy_raw_message(at->user, at->sender, type, &raw);
	buf_fini(&out);
}

/* Nobody on the network asks for the user's presence past the gateway. */
static bool find_presence_type(const char *name, enum core_presence_type *type)
{
	return incoming_presence_type(name, type) && *type != CORE_PROBE;
}

/* XEP-0045, section 15.6.2. */
static void read_occupant(const struct xml_element *stanza, struct core_raw_presence *presence)
{
	const struct xml_element *x = xml_child(stanza, NS_MUC_USER, "x");
	bool renamed = false;
	presence->occupant = x || xml_child(stanza, NS_MUC, "x");
	for (const struct xml_element *at = x ? xml_first(x) : NULL; at; at = xml_next(at)) {
		const char *code = xml_is(at, NS_MUC_USER, "status") ? xml_attr(at, "code") : NULL;
		presence->own |= !g_strcmp0(code, "110");
		renamed |= !g_strcmp0(code, "303");
	}
	const struct xml_element *item = xml_child(x, NS_MUC_USER, "item");
	presence->newnick = renamed && item ? xml_attr(item, "nick") : NULL;
}

static void pass_presence(const struct arrival *at)
{
	struct core_raw_presence presence = { .error = !strcmp(at->type, "error") };
	struct core_raw raw;
	struct buf out;
	if (!presence.error && !find_presence_type(at->type, &presence.type))
		return;
	read_occupant(at->element, &presence);
	if (write_tail(at, CORE_RAW_PRESENCE, NULL, &out, &raw))
		core_legacy_raw_presence(at->user, at->sender, &presence, &raw);
	buf_fini(&out);
}

/* --- IQ -------------------------------------------------------------------------------------- */

/* A request that nobody here can answer. */
static void refuse_network(const struct arrival *at)
{
	struct jid user;
	const char *text = NULL;
	struct buf out;
	if (!jid_parse_text(&user, at->arena, user_jid(at->user)))
		return;
	buf_init(&out, FRONTEND_RAW_OUT_MAX);
	xml_put(&out, "<iq type='error'");
	xml_put_attr(&out, "from", user.full);
	xml_put_attr(&out, "to", xml_attr(at->element, "from"));
	xml_put_attr(&out, "id", xml_attr(at->element, "id"));
	xml_put(&out, ">");
	xmpp_put_error(&out, XMPP_SERVICE_UNAVAILABLE, NULL);
	xml_put(&out, "</iq>");
	core_user_raw(at->frontend->core, &user, buf_data(&out), buf_len(&out), &text);
	buf_fini(&out);
}

static bool send_iq(const struct arrival *at, struct core_address from, const char *to, const char *id)
{
	struct core_raw raw;
	struct buf out;
	bool fits = write_tail(at, CORE_RAW_IQ, id, &out, &raw);
	if (fits)
		raw_stanza(at->frontend, from, to, &raw);
	buf_fini(&out);
	return fits;
}

/* What a network asks, and what it says to nobody in particular: to the session that speaks for the user. */
static void pass_to_best(const struct arrival *at, bool request)
{
	const char *session = core_raw_session(at->user);
	const struct xml_element *payload = xml_first(at->element);
	struct core_address from;
	bool roster = payload && !strcmp(payload->ns, "jabber:iq:roster");
	bool here = session && !roster && core_raw_address(at->user, at->sender, &from);
	if (!(here && send_iq(at, from, session, NULL)) && request)
		refuse_network(at);
}

static const char *node_of(const struct arrival *at, const char *name)
{
	struct core_address address;
	bool good = core_raw_address(at->user, (struct core_raw_sender){ name, "" }, &address);
	return good ? arena_strdup(at->arena, address.node) : "";
}

/* Anybody on the network may guess an id. */
static bool is_from_asked(const struct arrival *at, const struct raw_iq *asked)
{
	return !strcmp(node_of(at, at->sender.name), node_of(at, asked->name)) &&
	       (!asked->name || !strcmp(at->sender.resource, asked->resource));
}

static bool take_asked(const struct arrival *at, const char *id, struct raw_iq *asked)
{
	struct str user = jid_bare(&at->to);
	if (!raw_iq_find(at->frontend, user, id, at->arena, asked) || !is_from_asked(at, asked))
		return false;
	raw_iq_forget(at->frontend, user, id);
	return true;
}

static void pass_iq(const struct arrival *at)
{
	const char *id = xml_attr(at->element, "id");
	bool request = !strcmp(at->type, "get") || !strcmp(at->type, "set");
	bool answer = !strcmp(at->type, "result") || !strcmp(at->type, "error");
	struct raw_iq asked;
	if (!id || (!request && !answer))
		return;
	if (!answer || !take_asked(at, id, &asked))
		pass_to_best(at, request);
	else if (!send_iq(at, asked.address, asked.asker, asked.id))
		iq_error(at->frontend, (struct iq_address){ asked.id, asked.asked, asked.asker },
			 XMPP_RESOURCE_CONSTRAINT, "The answer of the network is too large");
}

/* --- the stream ------------------------------------------------------------------------------ */

/* A network need not keep to what a JID is: the name ends at the first slash. */
static struct core_raw_sender read_sender(struct arena *arena, const char *from)
{
	struct jid jid;
	if (!from || !*from)
		return (struct core_raw_sender){ NULL, "" };
	if (jid_parse_text(&jid, arena, from))
		return (struct core_raw_sender){ jid_bare_text(&jid, arena), jid_resource(&jid) };
	size_t n = strcspn(from, "/");
	return (struct core_raw_sender){ arena_strndup(arena, from, n), from[n] ? from + n + 1 : "" };
}

static void on_stanza(void *ctx, const struct xml_element *element, struct arena *arena)
{
	static const struct {
		const char *name;
		void (*pass)(const struct arrival *at);
	} kinds[] = { { "message", pass_message }, { "presence", pass_presence }, { "iq", pass_iq } };
	struct raw_source *source = ctx;
	const char *to = xml_attr(element, "to"), *type = xml_attr(element, "type");
	struct arrival at = { source->frontend, element, arena, .type = type ? type : "" };
	if (source->ended)
		return;
	if (to && jid_parse_text(&at.to, arena, to))
		at.user = core_raw_user(source->frontend->core, jid_bare(&at.to), source->id);
	if (!at.user) {
		log_debug("a stanza for %s, who is not on that backend, ignored", to ? to : "nobody");
		return;
	}
	at.sender = read_sender(arena, xml_attr(element, "from"));
	for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (!strcmp(element->name, kinds[i].name))
			kinds[i].pass(&at);
}

/* The end tag, of one user's network perhaps, ends nothing: there is no stream but the backend's connection. */
static void on_close(void *ctx)
{
	struct raw_source *source = ctx;
	source->closed = true;
}

static void prime(struct raw_source *source)
{
	bool primed = xml_parser_feed(source->parser, header, sizeof(header) - 1, NULL);
	g_assert(primed);
}

static void free_source(void *arg)
{
	struct raw_source *source = arg;
	xml_parser_free(&source->parser);
	g_free(source);
}

static struct raw_source *add(struct frontend *frontend, uint64_t id)
{
	static const struct xml_parser_events events = { .stanza = on_stanza, .close = on_close };
	struct xml_limits limits = XML_LIMITS_DEFAULT;
	struct raw_source *source = g_new0(struct raw_source, 1);
	limits.bytes = FRONTEND_RAW_MAX;
	source->id = id;
	source->frontend = frontend;
	source->parser = xml_parser_new(&limits, &events, source);
	prime(source);
	g_hash_table_insert(frontend->raw_sources, &source->id, source);
	return source;
}

static void begin_anew(struct raw_source *source, const GError *error)
{
	if (error && !source->complained)
		log_warn("what a backend sends as stanzas is not XML (%s); it begins anew", error->message);
	source->complained |= error != NULL;
	source->closed = false;
	xml_parser_reset(source->parser);
	prime(source);
}

void raw_bytes(void *ctx, uint64_t id, const char *bytes, size_t n)
{
	struct frontend *frontend = ctx;
	g_autoptr(GError) error = NULL;
	struct raw_source *source = g_hash_table_lookup(frontend->raw_sources, &id);
	if (!source)
		source = add(frontend, id);
	source->feeding = true;
	bool good = xml_parser_feed(source->parser, bytes, n, &error);
	source->feeding = false;
	if (source->ended)
		g_hash_table_remove(frontend->raw_sources, &id);
	else if (!good || source->closed)
		begin_anew(source, error);
}

void raw_end(void *ctx, uint64_t id)
{
	struct frontend *frontend = ctx;
	struct raw_source *source = g_hash_table_lookup(frontend->raw_sources, &id);
	if (source && source->feeding)
		source->ended = true;
	else if (source)
		g_hash_table_remove(frontend->raw_sources, &id);
}

void raw_init(struct frontend *frontend)
{
	frontend->raw_sources = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_source);
	raw_iq_init(frontend);
}

void raw_fini(struct frontend *frontend)
{
	raw_iq_fini(frontend);
	g_hash_table_destroy(frontend->raw_sources);
}
