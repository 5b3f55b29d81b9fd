/* SPDX-License-Identifier: MIT */
#include "xml/parser.h"

#include "base/buf.h"
#include "base/secret.h"
#include "xml/build.h"

/* First piece of a parser's arena: the tree of a usual stanza fits in it. */
#define ARENA_CHUNK 4096

/* What expat is given at once: it copies that much, and keeps the buffer. */
#define PIECE_MAX 4096

/* expat remembers every element and attribute name it has seen. So that a peer cannot fill the
 * memory with names, expat is renewed after so many bytes, and given the stream header again. */
#define RENEW_AFTER (256 * 1024)

/* A tag of which so many bytes have come without its end is scanned again only when a '>' comes,
 * and at most so many times the limit of a stanza in all. */
#define LONG_TAG    1024
#define RESCANS_MAX 64

enum state {
	STATE_FRESH, /* before the end of the stream header */
	STATE_OPEN,
	STATE_STOPPED, /* closed by the peer or stopped by us: all is discarded */
	STATE_BROKEN,
};

struct xml_parser {
	struct xml_build build; /* first: expat hands it to the events */
	struct arena *arena;    /* owned, NULL before the first element */
	struct xml_limits limits;
	struct xml_parser_events events;
	void *ctx;
	enum state state;
	bool feeding, replaying, deferring, guarded;
	const char *space; /* the default namespace of the header, while that is read */
	struct buf header; /* the raw bytes up to the end of the stream header */
	/* Positions count the bytes this expat was given. */
	uint64_t fed, stanza, token;    /* end, where the current stanza and token start */
	uint64_t rescanned;             /* in this stanza */
	unsigned skipping;              /* open elements of a stanza that is skipped */
	struct xml_place stood, stands; /* where a renewed expat took over: true place, and expat's */
};

static void set_state(struct xml_parser *parser, enum state state)
{
	/* Only a reset leads out of stopped and broken, only the stream header leads to open. */
	g_assert(state == STATE_FRESH || parser->state < STATE_STOPPED);
	g_assert(state != STATE_OPEN || parser->state == STATE_FRESH);
	parser->state = state;
}

static bool is_reading(const struct xml_parser *parser)
{
	return parser->state < STATE_STOPPED;
}

/* Where the token of the current event ends. */
static uint64_t token_end(const struct xml_parser *parser)
{
	XML_Parser expat = parser->build.expat;
	return (uint64_t)XML_GetCurrentByteIndex(expat) + (uint64_t)XML_GetCurrentByteCount(expat);
}

/* What came so far is a whole stanza, or the header. False if it is too large. */
static bool end_stanza(struct xml_parser *parser)
{
	uint64_t end = token_end(parser);
	bool fits = end - parser->stanza <= parser->limits.bytes;
	parser->stanza = end;
	parser->rescanned = 0;
	if (!fits)
		xml_build_fail(&parser->build, XML_ERROR_TOO_LARGE, "too many bytes");
	return fits;
}

static void forget_tree(struct xml_parser *parser)
{
	xml_build_clear(&parser->build);
	if (parser->guarded)
		arena_wipe(parser->arena);
	else
		arena_reset(parser->arena);
}

static struct arena *need_arena(struct xml_parser *parser)
{
	if (!parser->arena)
		parser->arena = parser->build.arena = arena_new(ARENA_CHUNK);
	return parser->arena;
}

static void XMLCALL on_space(void *ctx, const XML_Char *prefix, const XML_Char *uri)
{
	struct xml_parser *parser = ctx;
	if (!prefix && !parser->build.halted)
		parser->space = arena_strdup(need_arena(parser), uri ? uri : "");
}

/* What came along with the header was gathered with it. */
static void cut_header(struct xml_parser *parser)
{
	size_t whole = buf_len(&parser->header);
	buf_truncate(&parser->header, parser->stanza);
	if (parser->guarded)
		secret_wipe(buf_data(&parser->header) + parser->stanza, whole - parser->stanza);
}

static void open_stream(struct xml_parser *parser, const char *name, const char **pairs)
{
	struct xml_element *header;
	if (parser->replaying) {
		parser->stanza = token_end(parser);
		return;
	}
	XML_SetNamespaceDeclHandler(parser->build.expat, NULL, NULL);
	need_arena(parser);
	header = xml_build_start(&parser->build, name, pairs);
	if (parser->build.overrun)
		xml_build_fail(&parser->build, XML_ERROR_TOO_LARGE, parser->build.overrun);
	if (!header || !end_stanza(parser))
		return;
	cut_header(parser);
	if (parser->space)
		xml_set_attr(parser->arena, header, "xmlns", parser->space);
	parser->space = NULL;
	set_state(parser, STATE_OPEN);
	if (parser->events.open)
		parser->events.open(parser->ctx, header);
	forget_tree(parser);
}

static void start_element(struct xml_parser *parser, const char *name, const char **pairs)
{
	const struct xml_element *element;
	need_arena(parser);
	element = xml_build_start(&parser->build, name, pairs);
	if (!element && parser->build.overrun)
		parser->skipping = parser->build.depth;
	else if (element && !element->parent && parser->events.begin)
		parser->events.begin(parser->ctx, element);
}

static void XMLCALL on_start(void *ctx, const XML_Char *name, const XML_Char **pairs)
{
	struct xml_parser *parser = ctx;
	if (parser->build.halted)
		return;
	if (parser->state == STATE_FRESH || parser->replaying)
		open_stream(parser, name, pairs);
	else if (parser->skipping)
		parser->skipping++;
	else
		start_element(parser, name, pairs);
}

static void close_stream(struct xml_parser *parser)
{
	if (parser->events.close)
		parser->events.close(parser->ctx);
	xml_parser_stop(parser);
}

static void finish_stanza(struct xml_parser *parser, const struct xml_element *stanza)
{
	if (!end_stanza(parser))
		return;
	if (parser->events.stanza)
		parser->events.stanza(parser->ctx, stanza, parser->arena);
	forget_tree(parser);
	/* The header is read again each time, so a long one makes it rarer. */
	bool much = parser->stanza > RENEW_AFTER + 2 * buf_len(&parser->header);
	if ((much || parser->guarded) && is_reading(parser))
		XML_StopParser(parser->build.expat, XML_TRUE);
}

static void finish_skipped(struct xml_parser *parser)
{
	struct xml_element *start = parser->build.current;
	while (start->parent)
		start = start->parent;
	start->first = start->last = NULL;
	if (!end_stanza(parser))
		return;
	parser->events.skipped(parser->ctx, start, parser->build.overrun, parser->arena);
	forget_tree(parser);
}

static void XMLCALL on_end(void *ctx, const XML_Char *name)
{
	struct xml_parser *parser = ctx;
	struct xml_element *complete;
	if (parser->build.halted)
		return;
	if (!parser->build.current) {
		close_stream(parser);
		return;
	}
	if (parser->skipping) {
		if (--parser->skipping == 0)
			finish_skipped(parser);
		return;
	}
	complete = xml_build_end(&parser->build);
	if (!parser->build.current)
		finish_stanza(parser, complete);
}

static bool is_blank(const char *text, size_t n)
{
	size_t i = 0;
	while (i < n && (text[i] == ' ' || text[i] == '\n' || text[i] == '\t' || text[i] == '\r'))
		i++;
	return i == n;
}

static void XMLCALL on_text(void *ctx, const XML_Char *text, int n)
{
	struct xml_parser *parser = ctx;
	if (parser->build.halted)
		return;
	if (parser->skipping)
		return;
	if (parser->build.current)
		xml_build_text(&parser->build, text, (size_t)n);
	else if (is_blank(text, (size_t)n))
		parser->stanza = token_end(parser);
	else
		xml_build_fail(&parser->build, XML_ERROR_NOT_WELL_FORMED, "text between stanzas");
}

static void start_expat(struct xml_parser *parser)
{
	xml_build_open(&parser->build, on_start, on_end, on_text);
	if (parser->state == STATE_FRESH)
		XML_SetNamespaceDeclHandler(parser->build.expat, on_space, NULL);
	parser->fed = parser->stanza = parser->token = parser->rescanned = 0;
	parser->deferring = false;
}

struct xml_parser *xml_parser_new(const struct xml_limits *limits, const struct xml_parser_events *events, void *ctx)
{
	struct xml_parser *parser = g_new0(struct xml_parser, 1);
	parser->limits = *limits;
	parser->events = *events;
	parser->ctx = ctx;
	parser->build.limits = &parser->limits;
	parser->build.lenient = events->skipped != NULL;
	buf_init(&parser->header, (size_t)limits->bytes + PIECE_MAX);
	return parser;
}

void xml_parser_guard(struct xml_parser *parser)
{
	g_assert(!parser->build.expat && !parser->arena);
	parser->guarded = parser->build.guarded = true;
}

void xml_parser_relax(struct xml_parser *parser, const struct xml_limits *limits)
{
	g_assert(!parser->feeding);
	parser->limits = *limits;
	/* The next expat is one of the usual kind; this one still wipes what it frees. */
	parser->guarded = parser->build.guarded = false;
}

void xml_parser_reset(struct xml_parser *parser)
{
	g_assert(!parser->feeding);
	xml_build_close(&parser->build);
	parser->space = NULL;
	if (parser->arena)
		forget_tree(parser);
	parser->skipping = 0;
	if (parser->guarded)
		secret_wipe(buf_data(&parser->header), buf_len(&parser->header));
	buf_fini(&parser->header);
	buf_init(&parser->header, (size_t)parser->limits.bytes + PIECE_MAX);
	parser->stood = parser->stands = (struct xml_place){ 0 };
	set_state(parser, STATE_FRESH);
}

void xml_parser_free(struct xml_parser **parser)
{
	if (!*parser)
		return;
	xml_parser_reset(*parser);
	arena_free(&(*parser)->arena);
	g_free(*parser);
	*parser = NULL;
}

void xml_parser_stop(struct xml_parser *parser)
{
	if (!is_reading(parser))
		return;
	set_state(parser, STATE_STOPPED);
	parser->build.halted = true;
	if (parser->build.expat)
		XML_StopParser(parser->build.expat, XML_FALSE);
}

/* The place in the whole stream: what expat says, seen from where this one took over. */
static struct xml_place true_place(const struct xml_parser *parser, struct xml_place place)
{
	if (place.line == parser->stands.line)
		place.column += parser->stood.column - parser->stands.column;
	place.line += parser->stood.line - parser->stands.line;
	return place;
}

static void leave_expat(struct xml_parser *parser)
{
	parser->stood = true_place(parser, xml_build_place(&parser->build));
	xml_build_close(&parser->build);
}

/* A new expat in the state of the one that was left: between two stanzas that is the stream header. */
static void renew_expat(struct xml_parser *parser)
{
	enum XML_Status status;
	start_expat(parser);
	parser->replaying = true;
	status = XML_Parse(parser->build.expat, buf_data(&parser->header), (int)buf_len(&parser->header), XML_FALSE);
	parser->replaying = false;
	g_assert(status == XML_STATUS_OK);
	parser->fed = buf_len(&parser->header);
	parser->stands = xml_build_place(&parser->build);
}

/* A tag that comes in pieces is scanned from its start with each: what that costs is bounded.
 * False (and failed) if it is too much. */
static bool bound_rescans(struct xml_parser *parser, const char *bytes, size_t n)
{
	uint64_t pending = parser->fed - parser->token;
	bool defer = pending >= LONG_TAG && !memchr(bytes, '>', n);
#ifdef HAVE_REPARSE_DEFERRAL
	if (defer != parser->deferring)
		XML_SetReparseDeferralEnabled(parser->build.expat, defer);
	parser->deferring = defer;
#else
	defer = false;
#endif
	if (!defer && pending >= LONG_TAG)
		parser->rescanned += pending;
	if (parser->rescanned / RESCANS_MAX <= parser->limits.bytes)
		return true;
	xml_build_fail(&parser->build, XML_ERROR_TOO_LARGE, "a long tag in too many pieces");
	return false;
}

/* Where an error lies past the limit the limit is the reason, however much came at once. */
static void on_expat_error(struct xml_parser *parser)
{
	XML_Index at = XML_GetCurrentByteIndex(parser->build.expat);
	if (parser->build.halted)
		return;
	if (at >= 0 && (uint64_t)at - parser->stanza > parser->limits.bytes)
		xml_build_fail(&parser->build, XML_ERROR_TOO_LARGE, "too many bytes");
	else
		xml_build_fail_expat(&parser->build);
}

static void note_token(struct xml_parser *parser)
{
	XML_Index at = XML_GetCurrentByteIndex(parser->build.expat);
	/* Negative while expat waits for more of a long tag: that one goes on. */
	if (at >= 0)
		parser->token = (uint64_t)at;
}

/* Returns how many bytes were taken: all, unless expat was renewed after a stanza within them. */
static size_t feed_piece(struct xml_parser *parser, const char *bytes, size_t n)
{
	enum XML_Status status;
	if (!xml_build_admit(&parser->build, bytes, n, parser->fed) || !bound_rescans(parser, bytes, n))
		return n;
	if (parser->state == STATE_FRESH)
		buf_append(&parser->header, bytes, n);
	parser->fed += n;
	status = XML_Parse(parser->build.expat, bytes, (int)n, XML_FALSE);
	if (status == XML_STATUS_SUSPENDED) {
		g_assert(parser->fed - parser->stanza < n);
		n -= parser->fed - parser->stanza;
		leave_expat(parser);
		renew_expat(parser);
		return n;
	}
	if (status == XML_STATUS_ERROR)
		on_expat_error(parser);
	else if (parser->fed - parser->stanza > parser->limits.bytes)
		xml_build_fail(&parser->build, XML_ERROR_TOO_LARGE, "too many bytes");
	note_token(parser);
	return n;
}

static bool report(struct xml_parser *parser, GError **error)
{
	struct xml_place place = true_place(parser, parser->build.place);
	g_set_error(error, XML_ERROR, parser->build.error, "line %lu, column %lu: %s", place.line, place.column + 1,
		    parser->build.words);
	return false;
}

static bool is_resting(const struct xml_parser *parser)
{
	return parser->state == STATE_OPEN && !parser->build.expat;
}

void xml_parser_rest(struct xml_parser *parser)
{
	g_assert(!parser->feeding);
	if (parser->state != STATE_OPEN || !parser->build.expat || parser->build.current || parser->skipping ||
	    parser->fed != parser->stanza)
		return;
	leave_expat(parser);
	arena_free(&parser->arena);
	parser->build.arena = NULL;
}

bool xml_parser_feed(struct xml_parser *parser, const char *bytes, size_t n, GError **error)
{
	g_assert(!parser->feeding);
	if (is_resting(parser) && is_blank(bytes, n))
		return true;
	parser->feeding = true;
	while (n > 0 && is_reading(parser)) {
		size_t taken;
		if (is_resting(parser))
			renew_expat(parser);
		else if (!parser->build.expat)
			start_expat(parser);
		taken = feed_piece(parser, bytes, MIN(n, PIECE_MAX));
		bytes += taken;
		n -= taken;
		if (parser->build.words && is_reading(parser))
			set_state(parser, STATE_BROKEN);
	}
	parser->feeding = false;
	return parser->state == STATE_BROKEN ? report(parser, error) : true;
}
