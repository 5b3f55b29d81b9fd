/* SPDX-License-Identifier: MIT */
#include "c2s_rig.h"

enum rig_cut rig_cut;

static void on_starttls(void *ctx)
{
	struct rig *rig = ctx;
	g_string_append(rig->lines, "starttls\n");
	rig->secured = true;
}

static void on_login(void *ctx, const struct xmpp_c2s_login *login)
{
	struct rig *rig = ctx;
	if (rig->quiet)
		g_string_append(rig->lines, "login\n");
	else
		g_string_append_printf(rig->lines, "login %s %s\n", login->name, login->password);
}

static void on_login_aborted(void *ctx)
{
	struct rig *rig = ctx;
	g_string_append(rig->lines, "aborted\n");
}

static bool on_bind(void *ctx, const struct xmpp_c2s_bind *bind, struct xmpp_c2s_bound *bound)
{
	struct rig *rig = ctx;
	g_string_append_printf(rig->lines, "bind %s %s %u\n", bind->resource ? bind->resource : "-",
			       bind->tag ? bind->tag : "-", bind->wanted);
	if (rig->ends_in_event)
		xmpp_c2s_end(rig->c2s, XMPP_C2S_CONFLICT, NULL, &rig->out);
	if (rig->no_resource)
		return false;
	bound->full = rig->full;
	bound->sm_id = rig->sm_id;
	bound->sm_max = 300;
	return true;
}

static bool on_resume(void *ctx, const struct xmpp_c2s_resume *resume, const char **full, uint32_t *h, bool *known)
{
	struct rig *rig = ctx;
	g_string_append_printf(rig->lines, "resume %s %u\n", resume->previd, resume->h);
	*h = rig->handled;
	*known = rig->known;
	*full = rig->full;
	return rig->resumes;
}

static void on_ready(void *ctx, bool resumed)
{
	struct rig *rig = ctx;
	g_string_append(rig->lines, resumed ? "ready again\n" : "ready\n");
	assert_true(xmpp_c2s_is_ready(rig->c2s));
}

static void note(struct rig *rig, const char *what, const struct xml_element *element)
{
	struct buf text;
	buf_init(&text, 1 << 20);
	xml_put_element(&text, element, "jabber:client");
	g_string_append_printf(rig->lines, "%s %.*s\n", what, (int)buf_len(&text), buf_data(&text));
	buf_fini(&text);
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	struct rig *rig = ctx;
	note(rig, "stanza", stanza);
	if (rig->ends_in_event)
		xmpp_c2s_end(rig->c2s, XMPP_C2S_CONFLICT, NULL, &rig->out);
}

static void on_element(void *ctx, const struct xml_element *element, struct arena *arena)
{
	note(ctx, "element", element);
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	note(ctx, why, start);
}

struct rig *rig_new(bool plain)
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
	struct rig *rig = g_new0(struct rig, 1);
	const struct xmpp_c2s_offer offer = { .starttls = !plain, .plain = plain };
	rig->c2s = xmpp_c2s_new("localhost", &offer, &events, rig);
	rig->lines = g_string_new(NULL);
	rig->full = "romeo@localhost/r";
	rig->alive = true;
	buf_init(&rig->out, 1 << 20);
	return rig;
}

void rig_free(struct rig *rig)
{
	xmpp_c2s_free(&rig->c2s);
	assert_null(rig->c2s);
	buf_fini(&rig->out);
	g_string_free(rig->lines, TRUE);
	g_clear_error(&rig->error);
	g_free(rig);
}

static size_t next_piece(size_t left)
{
	if (rig_cut == RIG_WHOLE)
		return left;
	return rig_cut == RIG_BYTES ? 1 : (size_t)g_random_int_range(1, (gint32)MIN(left, 64) + 1);
}

bool rig_feed(struct rig *rig, const char *text)
{
	size_t n = strlen(text), length;
	rig->secured = false;
	for (size_t at = 0; at < n && !rig->secured && rig->alive; at += length) {
		length = next_piece(n - at);
		/* In a block of its own, so that reading past it is seen. */
		g_autofree char *piece = g_memdup2(text + at, length);
		g_clear_error(&rig->error);
		rig->alive = xmpp_c2s_feed(rig->c2s, piece, length, &rig->out, &rig->error);
	}
	return rig->alive;
}

static const char *keep(const char *text, size_t n)
{
	static char *kept;
	g_free(kept);
	return kept = g_strndup(text, n);
}

const char *rig_said(struct rig *rig)
{
	g_autofree char *text = g_strndup(buf_data(&rig->out), buf_len(&rig->out));
	g_autoptr(GRegex) id = g_regex_new(" id='[A-Za-z0-9+/]{16}'", 0, 0, NULL);
	g_autofree char *without = g_regex_replace_literal(id, text, -1, 0, "", 0, NULL);
	buf_clear(&rig->out);
	return keep(without, strlen(without));
}

const char *rig_saw(struct rig *rig)
{
	const char *text = keep(rig->lines->str, rig->lines->len);
	g_string_truncate(rig->lines, 0);
	return text;
}

static void forget(struct rig *rig)
{
	buf_clear(&rig->out);
	g_string_truncate(rig->lines, 0);
}

struct rig *rig_open(bool plain)
{
	struct rig *rig = rig_new(plain);
	assert_true(rig_feed(rig, HEADER));
	forget(rig);
	return rig;
}

struct rig *rig_logged_in(void)
{
	struct rig *rig = rig_open(true);
	assert_true(rig_feed(rig, AUTH(ROMEO)));
	xmpp_c2s_authenticated(rig->c2s, &rig->out);
	assert_true(rig_feed(rig, HEADER));
	forget(rig);
	return rig;
}

struct rig *rig_ready(void)
{
	struct rig *rig = rig_logged_in();
	assert_true(rig_feed(rig, BIND));
	forget(rig);
	return rig;
}

int rig_run_group(const char *name, const struct CMUnitTest *tests, size_t n)
{
	static const char *const cuts[] = { "whole", "bytes", "random" };
	int failed = 0;
	for (rig_cut = RIG_WHOLE; rig_cut < RIG_CUTS; rig_cut++) {
		g_autofree char *group = g_strdup_printf("%s, %s", name, cuts[rig_cut]);
		failed += _cmocka_run_group_tests(group, tests, n, NULL, NULL);
	}
	return failed;
}
