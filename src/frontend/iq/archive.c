/* SPDX-License-Identifier: MIT */
#include "core/archive.h"

#include "frontend/iq/iq.h"
#include "xmpp/form.h"
#include "xmpp/rsm.h"

/* Message archive management (XEP-0313): clients ask for what was said. Everybody sees his own archive only. */

enum { QUESTIONS_MAX = 1000, QUESTIONS_OF_ONE_MAX = 20, QUERY_ID_MAX = 255 };

/* What the database is busy with. */
struct question {
	struct frontend *frontend;
	char *id, *from, *to; /* of the answer; owned */
	char *query_id;       /* owned; NULL: none */
	bool flip;
	/* Of metadata: the oldest is known already. */
	bool found_oldest;
	uint64_t oldest;
	int64_t oldest_stamp;
};

static void free_question(struct question *question)
{
	g_free(question->id);
	g_free(question->from);
	g_free(question->to);
	g_free(question->query_id);
	g_free(question);
}

struct census {
	const char *who;
	size_t count;
};

static void count_question(void *ctx, uint64_t id, void *value)
{
	struct census *census = ctx;
	const struct question *question = value;
	census->count += !strcmp(question->to, census->who);
}

/* A question keeps the database busy, for everybody. */
static bool are_too_many(const struct frontend *frontend, const char *who)
{
	struct census census = { .who = who };
	if (idmap_size(frontend->archive_questions) >= QUESTIONS_MAX)
		return true;
	idmap_each(frontend->archive_questions, count_question, &census);
	return census.count >= QUESTIONS_OF_ONE_MAX;
}

/* NULL: too many wait, and the asker was told. */
static struct question *ask(struct frontend *frontend, const struct stanza *request, const char *query_id, uint64_t *id)
{
	if (are_too_many(frontend, request->from.full)) {
		iq_error(frontend, iq_address(request), XMPP_RESOURCE_CONSTRAINT, NULL);
		return NULL;
	}
	struct question *question = g_new0(struct question, 1);
	question->frontend = frontend;
	question->id = g_strdup(request->id);
	question->from = g_strdup(request->to.full);
	question->to = g_strdup(request->from.full);
	question->query_id = g_strdup(query_id);
	*id = idmap_add(frontend->archive_questions, question);
	return question;
}

static struct iq_address address_of(const struct question *question)
{
	return (struct iq_address){ question->id, question->from, question->to };
}

void archive_questions_init(struct frontend *frontend)
{
	frontend->archive_questions = idmap_new();
}

static void drop_question(void *ctx, uint64_t id, void *question)
{
	idmap_take(ctx, id);
	free_question(question);
}

void archive_questions_fini(struct frontend *frontend)
{
	idmap_each(frontend->archive_questions, drop_question, frontend->archive_questions);
	idmap_free(&frontend->archive_questions);
}

/* --- what is asked for ------------------------------------------------------------------------ */

struct asked {
	struct arena *arena;
	struct core_archive_query query;
	uint64_t ids[CORE_ARCHIVE_PAGE_MAX];
};

/* Of ours. 0: it is none. */
static uint64_t read_id(const char *text)
{
	guint64 id;
	return g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &id, NULL) ? id : 0;
}

static enum xmpp_condition set_id(uint64_t *id, const char *text)
{
	*id = read_id(text);
	return *id ? XMPP_UNDEFINED_CONDITION : XMPP_ITEM_NOT_FOUND;
}

/* XEP-0082; what is before 1970 is before everything. */
static enum xmpp_condition set_time(int64_t *stamp, const char *text)
{
	g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
	g_autoptr(GDateTime) when = g_date_time_new_from_iso8601(text, utc);
	if (!when)
		return XMPP_BAD_REQUEST;
	*stamp = MAX(g_date_time_to_unix(when) * G_USEC_PER_SEC + g_date_time_get_microsecond(when), 1);
	return XMPP_UNDEFINED_CONDITION;
}

static enum xmpp_condition read_form_type(struct asked *asked, const char *value)
{
	return strcmp(value, NS_MAM) ? XMPP_BAD_REQUEST : XMPP_UNDEFINED_CONDITION;
}

static enum xmpp_condition read_with(struct asked *asked, const char *value)
{
	struct jid jid;
	if (!jid_parse_text(&jid, asked->arena, value))
		return XMPP_JID_MALFORMED;
	asked->query.with = jid.full;
	return XMPP_UNDEFINED_CONDITION;
}

static enum xmpp_condition read_start(struct asked *asked, const char *value)
{
	return set_time(&asked->query.start, value);
}

static enum xmpp_condition read_end(struct asked *asked, const char *value)
{
	return set_time(&asked->query.end, value);
}

static enum xmpp_condition read_after(struct asked *asked, const char *value)
{
	return set_id(&asked->query.after, value);
}

static enum xmpp_condition read_before(struct asked *asked, const char *value)
{
	return set_id(&asked->query.before, value);
}

/* One of them. */
static enum xmpp_condition read_ids(struct asked *asked, const char *value)
{
	if (asked->query.id_count == CORE_ARCHIVE_PAGE_MAX)
		return XMPP_NOT_ACCEPTABLE;
	asked->query.ids = asked->ids;
	return set_id(&asked->ids[asked->query.id_count++], value);
}

static const struct field {
	const char *name, *type; /* as in the form */
	const char *value;       /* likewise; NULL: none */
	enum xmpp_condition (*read)(struct asked *asked, const char *value);
} fields[] = {
	{ "FORM_TYPE", "hidden", NS_MAM, read_form_type }, { "with", "jid-single", NULL, read_with },
	{ "start", "text-single", NULL, read_start },      { "end", "text-single", NULL, read_end },
	{ "before-id", "text-single", NULL, read_before }, { "after-id", "text-single", NULL, read_after },
	{ "ids", "list-multi", NULL, read_ids },
};

static const struct field *find_field(const char *name)
{
	for (size_t i = 0; name && i < G_N_ELEMENTS(fields); i++)
		if (!strcmp(fields[i].name, name))
			return &fields[i];
	return NULL;
}

/* Section 4.1.5: what is not known must not be ignored. */
static enum xmpp_condition read_field(struct asked *asked, const struct xml_element *element)
{
	const struct field *field = find_field(xml_attr(element, "var"));
	enum xmpp_condition wrong = field ? XMPP_UNDEFINED_CONDITION : XMPP_FEATURE_NOT_IMPLEMENTED;
	for (const struct xml_element *at = xml_first(element); at && wrong == XMPP_UNDEFINED_CONDITION;
	     at = xml_next(at))
		if (xml_is(at, NS_FORM, "value"))
			wrong = field->read(asked, xml_text(at, asked->arena));
	return wrong;
}

static enum xmpp_condition read_form(struct asked *asked, const struct xml_element *payload)
{
	enum xmpp_condition wrong = XMPP_UNDEFINED_CONDITION;
	const struct xml_element *form = form_find(payload), *at = form ? xml_first(form) : NULL;
	for (; at && wrong == XMPP_UNDEFINED_CONDITION; at = xml_next(at))
		if (xml_is(at, NS_FORM, "field"))
			wrong = read_field(asked, at);
	return wrong;
}

static enum xmpp_condition read_page(struct asked *asked, const struct xml_element *payload)
{
	struct core_archive_query *query = &asked->query;
	struct rsm rsm;
	if (!rsm_read(&rsm, payload, asked->arena))
		return XMPP_BAD_REQUEST;
	if (rsm.index)
		return XMPP_FEATURE_NOT_IMPLEMENTED;
	query->max = (unsigned)MIN(rsm.max, CORE_ARCHIVE_PAGE_MAX);
	query->last = rsm.backwards;
	if (!rsm.anchor)
		return XMPP_UNDEFINED_CONDITION;
	return set_id(rsm.backwards ? &query->page_before : &query->page_after, rsm.anchor);
}

/* --- the answer ------------------------------------------------------------------------------- */

static void put_time(struct buf *out, int64_t stamp)
{
	g_autoptr(GDateTime) when = g_date_time_new_from_unix_utc(stamp / G_USEC_PER_SEC);
	g_autofree char *second = when ? g_date_time_format(when, "%Y-%m-%dT%H:%M:%S") : NULL;
	char rest[12];
	g_snprintf(rest, sizeof(rest), ".%06dZ", (int)(stamp % G_USEC_PER_SEC));
	buf_append_text(out, second ? second : "1970-01-01T00:00:00");
	buf_append_text(out, rest);
}

/* Inside of another stanza it says what the stream says of itself. */
static void put_stanza(struct buf *out, const char *stanza)
{
	static const char tag[] = "<message";
	xml_put(out, "<message xmlns='" NS_CLIENT "'");
	buf_append_text(out, g_str_has_prefix(stanza, tag) ? stanza + strlen(tag) : "/>");
}

static void send_archived(const struct question *question, const struct core_archived *archived)
{
	struct buf *out = route_begin(question->frontend, question->to, true);
	if (!out)
		return;
	xml_put(out, "<message");
	xml_put_attr(out, "from", question->from);
	xml_put_attr(out, "to", question->to);
	xml_put(out, "><result xmlns='" NS_MAM "'");
	xml_put_attr(out, "queryid", question->query_id);
	xml_put(out, " id='");
	xml_put_number(out, archived->id);
	xml_put(out, "'><forwarded xmlns='" NS_FORWARD "'><delay xmlns='" NS_DELAY "' stamp='");
	put_time(out, archived->stamp);
	xml_put(out, "'/>");
	put_stanza(out, archived->stanza);
	xml_put(out, "</forwarded></result></message>");
	route_end(question->frontend, out, question->to);
}

static void send_page(const struct question *question, const struct core_archive_page *page)
{
	for (size_t i = 0; i < page->count; i++)
		send_archived(question, &page->all[question->flip ? page->count - 1 - i : i]);
}

static void send_end(const struct question *question, const struct core_archive_page *page)
{
	char first[24], last[24];
	struct buf *out = iq_begin(question->frontend, address_of(question));
	if (!out)
		return;
	if (page->count) {
		g_snprintf(first, sizeof(first), "%" G_GUINT64_FORMAT, page->all[0].id);
		g_snprintf(last, sizeof(last), "%" G_GUINT64_FORMAT, page->all[page->count - 1].id);
	}
	xml_put(out, "<fin xmlns='" NS_MAM "'");
	xml_put_attr(out, "complete", page->complete ? "true" : NULL);
	xml_put(out, ">");
	rsm_put(out, page->count ? first : NULL, RSM_NO_INDEX, page->count ? last : NULL, page->total);
	xml_put(out, "</fin>");
	iq_end(question->frontend, address_of(question), out);
}

static void answer(void *ctx, uint64_t id, const struct core_archive_page *page)
{
	struct frontend *frontend = ctx;
	struct question *question = idmap_take(frontend->archive_questions, id);
	if (!question)
		return;
	if (page->error) {
		iq_error(frontend, address_of(question), condition_of(page->error), NULL);
	} else {
		frontend->quoting = true;
		send_page(question, page);
		frontend->quoting = false;
		send_end(question, page);
	}
	free_question(question);
}

/* --- requests --------------------------------------------------------------------------------- */

static bool refuse_without(struct frontend *frontend, const struct stanza *request)
{
	if (core_has_archive(frontend->core))
		return false;
	iq_error(frontend, iq_address(request), XMPP_SERVICE_UNAVAILABLE, NULL);
	return true;
}

static void set_query(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct asked asked = { .arena = request->arena };
	const char *query_id = xml_attr(payload, "queryid");
	uint64_t id;
	if (refuse_without(frontend, request))
		return;
	enum xmpp_condition wrong = read_form(&asked, payload);
	if (wrong == XMPP_UNDEFINED_CONDITION)
		wrong = read_page(&asked, payload);
	if (query_id && strlen(query_id) > QUERY_ID_MAX)
		wrong = XMPP_NOT_ACCEPTABLE;
	if (wrong != XMPP_UNDEFINED_CONDITION) {
		iq_error(frontend, iq_address(request), wrong, NULL);
		return;
	}
	struct question *question = ask(frontend, request, query_id, &id);
	if (!question)
		return;
	question->flip = xml_child(payload, NS_MAM, "flip-page");
	core_archive_find(frontend->core, &request->from, &asked.query,
			  (struct core_archive_reply){ answer, frontend, id });
}

/* Section 4.1.5. */
static void get_query(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct buf *out = refuse_without(frontend, request) ? NULL : iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_MAM "'>");
	form_begin(out, "form", NULL, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
		form_put(out, fields[i].type, fields[i].name, NULL, fields[i].value, false);
	form_end(out);
	xml_put(out, "</query>");
	iq_end(frontend, iq_address(request), out);
}

/* --- metadata --------------------------------------------------------------------------------- */

static void put_end(struct buf *out, const char *name, uint64_t id, int64_t stamp)
{
	xml_put(out, "<");
	buf_append_text(out, name);
	xml_put(out, " id='");
	xml_put_number(out, id);
	xml_put(out, "' timestamp='");
	put_time(out, stamp);
	xml_put(out, "'/>");
}

static void send_metadata(const struct question *question, const struct core_archived *newest)
{
	struct buf *out = iq_begin(question->frontend, address_of(question));
	if (!out)
		return;
	xml_put(out, "<metadata xmlns='" NS_MAM "'>");
	if (newest) {
		put_end(out, "start", question->oldest, question->oldest_stamp);
		put_end(out, "end", newest->id, newest->stamp);
	}
	xml_put(out, "</metadata>");
	iq_end(question->frontend, address_of(question), out);
}

static void find_end(struct question *question, uint64_t id, bool newest);

static void found_end(void *ctx, uint64_t id, const struct core_archive_page *page)
{
	struct frontend *frontend = ctx;
	struct question *question = idmap_find(frontend->archive_questions, id);
	if (!question)
		return;
	if (!page->error && page->count && !question->found_oldest) {
		question->found_oldest = true;
		question->oldest = page->all[0].id;
		question->oldest_stamp = page->all[0].stamp;
		find_end(question, id, true);
		return;
	}
	if (page->error)
		iq_error(frontend, address_of(question), condition_of(page->error), NULL);
	else
		send_metadata(question, page->count ? &page->all[0] : NULL);
	idmap_take(frontend->archive_questions, id);
	free_question(question);
}

static void find_end(struct question *question, uint64_t id, bool newest)
{
	struct core_archive_query query = { .last = newest, .max = 1 };
	struct arena *arena = arena_new(256);
	struct jid who;
	bool known = jid_parse_text(&who, arena, question->to);
	g_assert(known);
	core_archive_find(question->frontend->core, &who, &query,
			  (struct core_archive_reply){ found_end, question->frontend, id });
	arena_free(&arena);
}

/* Section 4.3: the ends of the archive. */
static void get_metadata(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	uint64_t id;
	struct question *question = refuse_without(frontend, request) ? NULL : ask(frontend, request, NULL, &id);
	if (question)
		find_end(question, id, false);
}

/* --- preferences (XEP-0441) ------------------------------------------------------------------- */

static void get_preferences(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct buf *out = refuse_without(frontend, request) ? NULL : iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	xml_put(out, "<prefs xmlns='" NS_MAM "' default='always'><always/><never/></prefs>");
	iq_end(frontend, iq_address(request), out);
}

/* It is the administrator who says what is kept. */
static void set_preferences(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	iq_error(frontend, iq_address(request), XMPP_FEATURE_NOT_IMPLEMENTED, NULL);
}

const struct iq_feature iq_archive = { NS_MAM, "query", IQ_ACCOUNT, get_query, set_query };
const struct iq_feature iq_archive_metadata = { NS_MAM, "metadata", IQ_ACCOUNT, get_metadata, NULL };
const struct iq_feature iq_archive_preferences = { NS_MAM, "prefs", IQ_ACCOUNT, get_preferences, set_preferences };
