/* SPDX-License-Identifier: MIT */
/* What a client sends, and what its owner answers. The first byte is the size of the pieces and the second one how
 * things stand; after that the byte 0x01 makes an answer of the byte behind it, at the end of a piece. */
#include "xmpp/c2s.h"

enum { OUTPUT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OFFERS_TLS = 1, OFFERS_PLAIN = 2, NO_RESOURCE = 4, RESUMES = 8, ENDS = 16, RESTS = 32 };

struct seen {
	struct xmpp_c2s *c2s;
	struct buf out;
	unsigned flags;
	bool asking, authenticated, ready, over, securing;
};

static void on_starttls(void *ctx)
{
	struct seen *seen = ctx;
	g_assert(seen->flags & OFFERS_TLS && !seen->authenticated && !seen->over && !seen->asking);
	seen->securing = true;
}

static void on_login(void *ctx, const struct xmpp_c2s_login *login)
{
	struct seen *seen = ctx;
	g_assert(seen->flags & OFFERS_PLAIN && !seen->asking && !seen->authenticated && !seen->over);
	g_assert(*login->name && *login->password);
	g_assert(g_utf8_validate(login->name, -1, NULL) && g_utf8_validate(login->password, -1, NULL));
	g_assert(!strpbrk(login->name, "@/\"&'<> "));
	seen->asking = true;
}

static void on_login_aborted(void *ctx)
{
	struct seen *seen = ctx;
	g_assert(seen->asking);
	seen->asking = false;
}

static void end_maybe(struct seen *seen)
{
	if (seen->flags & ENDS) {
		xmpp_c2s_end(seen->c2s, XMPP_C2S_CONFLICT, "over", &seen->out);
		seen->over = true;
	}
}

static bool on_bind(void *ctx, const struct xmpp_c2s_bind *bind, struct xmpp_c2s_bound *bound)
{
	struct seen *seen = ctx;
	g_assert(seen->authenticated && !seen->ready && !seen->over);
	g_assert(!bind->resource || *bind->resource);
	g_assert(!bind->tag || *bind->tag);
	bound->full = "romeo@localhost/r";
	bound->sm_id = seen->flags & RESUMES ? "id" : NULL;
	end_maybe(seen);
	return !(seen->flags & NO_RESOURCE);
}

static bool on_resume(void *ctx, const struct xmpp_c2s_resume *resume, const char **full, uint32_t *h, bool *known)
{
	struct seen *seen = ctx;
	g_assert(seen->authenticated && !seen->ready && !seen->over && *resume->previd);
	*full = "romeo@localhost/r";
	*h = resume->h;
	*known = resume->h % 2;
	return seen->flags & RESUMES;
}

static void on_ready(void *ctx, bool resumed)
{
	struct seen *seen = ctx;
	g_assert(seen->authenticated && !seen->ready && !seen->over);
	seen->ready = true;
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct seen *seen = ctx;
	g_assert(seen->ready && !seen->over && !strcmp(stanza->ns, "jabber:client"));
	end_maybe(seen);
}

static void on_element(void *ctx, const struct xml_element *element, struct arena *arena)
{
	struct seen *seen = ctx;
	g_assert(seen->ready && !seen->over && strcmp(element->ns, "jabber:client"));
	end_maybe(seen);
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	struct seen *seen = ctx;
	g_assert(seen->ready && !seen->over && *why && !start->first);
}

static void check(struct seen *seen)
{
	g_assert(xmpp_c2s_is_ready(seen->c2s) == (seen->ready && !seen->over));
	g_assert(!xmpp_c2s_is_authenticated(seen->c2s) || seen->authenticated);
	g_assert(!seen->out.failed);
}

static void feed(struct seen *seen, const char *bytes, size_t n)
{
	g_autoptr(GError) error = NULL;
	/* In a block of its own, so that reading past it is seen. */
	g_autofree char *piece = g_memdup2(bytes, n);
	bool over = seen->over;
	size_t said = buf_len(&seen->out);
	seen->over = !xmpp_c2s_feed(seen->c2s, piece, n, &seen->out, &error) || seen->over;
	g_assert(!error || (seen->over && *error->message));
	g_assert(!over || (seen->over && buf_len(&seen->out) == said));
	if (seen->securing && !seen->over)
		xmpp_c2s_secured(seen->c2s, &(struct xmpp_c2s_offer){ .plain = true });
	if (seen->securing)
		seen->flags |= OFFERS_PLAIN;
	seen->securing = false;
	if (seen->flags & RESTS)
		xmpp_c2s_rest(seen->c2s);
	check(seen);
}

/* Whether it was asked for or not: an answer may be late. */
static void answer(struct seen *seen, uint8_t kind)
{
	bool asked = seen->asking && !seen->over;
	seen->asking = false;
	if (kind == 'y') {
		seen->authenticated |= asked;
		xmpp_c2s_authenticated(seen->c2s, &seen->out);
		g_assert(!asked || seen->over || xmpp_c2s_is_authenticated(seen->c2s));
	} else if (kind == 'e') {
		xmpp_c2s_end(seen->c2s, XMPP_C2S_SYSTEM_SHUTDOWN, NULL, &seen->out);
		seen->over = true;
	} else {
		seen->over = !xmpp_c2s_refused(seen->c2s, kind % 3, kind & 1 ? "no\x01 <way>" : NULL, &seen->out);
	}
	check(seen);
}

static void run(struct seen *seen, const uint8_t *data, size_t size, size_t piece)
{
	for (size_t at = 0; at < size;) {
		if (data[at] == 1 && size - at > 1) {
			answer(seen, data[at + 1]);
			at += 2;
			continue;
		}
		const uint8_t *next = memchr(data + at + 1, 1, size - at - 1);
		size_t n = MIN(piece, (next ? (size_t)(next - data) : size) - at);
		feed(seen, (const char *)data + at, n);
		at += n;
	}
}

/* What was said is XML, stream by stream. */
static void check_said(const struct buf *out)
{
	static const struct xml_parser_events none = { 0 };
	g_autofree char *text = g_strndup(buf_data(out), buf_len(out));
	g_auto(GStrv) streams = g_strsplit(text, "<?xml version='1.0'?>", -1);
	for (char **stream = streams; *stream; stream++) {
		struct xml_parser *parser = xml_parser_new(&XML_LIMITS_DEFAULT, &none, NULL);
		bool fine = xml_parser_feed(parser, *stream, strlen(*stream), NULL);
		g_assert(fine);
		xml_parser_free(&parser);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct xmpp_c2s_events events = {
		.starttls = on_starttls,
		.login = on_login,
		.login_aborted = on_login_aborted,
		.bind = on_bind,
		.resume = on_resume,
		.ready = on_ready,
		.stanza = on_stanza,
		.element = on_element,
		.skipped = on_skipped,
	};
	if (size < 2)
		return 0;
	struct seen seen = { .flags = data[1] };
	const struct xmpp_c2s_offer offer = { .starttls = data[1] & OFFERS_TLS, .plain = data[1] & OFFERS_PLAIN };
	buf_init(&seen.out, OUTPUT_MAX);
	seen.c2s = xmpp_c2s_new("localhost", &offer, &events, &seen);
	run(&seen, data + 2, size - 2, data[0] + 1u);
	if (size % 2)
		xmpp_c2s_close(seen.c2s, &seen.out);
	else
		xmpp_c2s_end(seen.c2s, XMPP_C2S_RESET, NULL, &seen.out);
	check_said(&seen.out);
	xmpp_c2s_free(&seen.c2s);
	buf_fini(&seen.out);
	return 0;
}
