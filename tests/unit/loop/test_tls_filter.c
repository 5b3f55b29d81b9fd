/* SPDX-License-Identifier: MIT */
#include "loop/tls_filter.h"

#include "certs.h"
#include "loop/stream.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Client and server in memory: what one puts on its wire is offered to the other, in pieces. */
struct side {
	struct tls *tls;
	struct tls_filter *filter;
	struct buf wire;
	bool through;
	GError *error;
};

struct wires {
	struct certs certs;
	struct side client, server;
};

static void open_wires(struct wires *wires, const char *name, const char *host, bool trusted)
{
	certs_make(&wires->certs, name);
	wires->server.tls = certs_server(&wires->certs);
	wires->client.tls = tls_new_client(trusted ? wires->certs.cert : NULL, TRUE, NULL);
	buf_init(&wires->client.wire, 1 << 20);
	buf_init(&wires->server.wire, 1 << 20);
	wires->client.filter = tls_filter_new(wires->client.tls, host, "peer", &wires->client.wire);
	wires->server.filter = tls_filter_new(wires->server.tls, NULL, "peer", &wires->server.wire);
	/* The filters keep what they need of the settings. */
	tls_free(&wires->client.tls);
	tls_free(&wires->server.tls);
}

static void close_wires(struct wires *wires)
{
	struct side *sides[] = { &wires->client, &wires->server };
	for (int i = 0; i < 2; i++) {
		tls_filter_free(&sides[i]->filter);
		buf_fini(&sides[i]->wire);
		g_clear_error(&sides[i]->error);
	}
	certs_clear(&wires->certs);
}

static enum tls_result offer(struct side *to, struct side *from, size_t piece)
{
	enum tls_result result = TLS_WAIT;
	while (buf_len(&from->wire) > 0 && result == TLS_WAIT) {
		size_t n = MIN(piece, buf_len(&from->wire));
		tls_filter_offer(to->filter, buf_data(&from->wire), n);
		result = tls_filter_negotiate(to->filter, &to->error);
		buf_consume(&from->wire, n - tls_filter_take_back(to->filter));
	}
	return result;
}

static void negotiate(struct wires *wires, size_t piece)
{
	assert_int_equal(tls_filter_negotiate(wires->client.filter, NULL), TLS_WAIT);
	for (int i = 0; i < 10 && !(wires->client.through && wires->server.through); i++) {
		wires->server.through |= offer(&wires->server, &wires->client, piece) == TLS_DONE;
		wires->client.through |= offer(&wires->client, &wires->server, piece) == TLS_DONE;
		if (wires->client.error || wires->server.error)
			return;
	}
	assert_true(wires->client.through && wires->server.through);
}

static void says(struct side *from, struct side *to, const char *text, size_t piece)
{
	char plain[64] = "";
	size_t n = 0, total = 0;
	assert_int_equal(tls_filter_write(from->filter, text, strlen(text), NULL), TLS_DONE);
	while (buf_len(&from->wire) > 0) {
		size_t bytes = MIN(piece, buf_len(&from->wire));
		tls_filter_offer(to->filter, buf_data(&from->wire), bytes);
		while (tls_filter_read(to->filter, plain + total, sizeof plain - total, &n, NULL) == TLS_DONE)
			total += n;
		buf_consume(&from->wire, bytes - tls_filter_take_back(to->filter));
	}
	assert_int_equal(total, strlen(text));
	assert_string_equal(plain, text);
}

static void talks_in_pieces_of_any_size(void **state)
{
	const size_t pieces[] = { 1, 2, 3, 5, 7, 100, 100000 };
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		struct wires wires = { 0 };
		open_wires(&wires, "DNS:irc.example.org", "irc.example.org", true);
		negotiate(&wires, pieces[i]);
		says(&wires.client, &wires.server, "NICK hanzz", pieces[i]);
		says(&wires.server, &wires.client, "PING :1", pieces[i]);
		close_wires(&wires);
	}
}

static void fails_with(const char *name, const char *host, bool trusted, const char *text)
{
	struct wires wires = { 0 };
	open_wires(&wires, name, host, trusted);
	negotiate(&wires, 100000);
	assert_non_null(wires.client.error);
	assert_true(g_error_matches(wires.client.error, LOOP_ERROR, LOOP_ERROR_TLS));
	assert_string_equal(wires.client.error->message, text);
	close_wires(&wires);
}

static void certificate_errors_are_text_for_people(void **state)
{
	fails_with("DNS:irc.example.org", "irc.example.org", false,
		   "certificate of irc.example.org: self-signed certificate");
	fails_with("DNS:irc.example.org", "irc.example.net", true, "certificate of irc.example.net: hostname mismatch");
	fails_with("DNS:irc.example.org", "127.0.0.1", true, "certificate of 127.0.0.1: IP address mismatch");
	fails_with("IP:127.0.0.1", "localhost", true, "certificate of localhost: hostname mismatch");
}

static void address_and_wildcard_certificates_fit(void **state)
{
	const char *fits[][2] = { { "IP:127.0.0.1", "127.0.0.1" }, { "DNS:*.example.org", "irc.example.org" } };
	for (size_t i = 0; i < G_N_ELEMENTS(fits); i++) {
		struct wires wires = { 0 };
		open_wires(&wires, fits[i][0], fits[i][1], true);
		negotiate(&wires, 100000);
		assert_null(wires.client.error);
		close_wires(&wires);
	}
}

static void nonsense_fails_and_the_next_connection_does_not_notice(void **state)
{
	struct wires wires = { 0 };
	open_wires(&wires, "DNS:localhost", "localhost", true);
	tls_filter_offer(wires.server.filter, "GET / HTTP/1.1\r\n\r\n", 18);
	assert_int_equal(tls_filter_negotiate(wires.server.filter, &wires.server.error), TLS_FAILED);
	assert_string_equal(wires.server.error->message, "TLS with peer: http request");
	close_wires(&wires);
	talks_in_pieces_of_any_size(NULL);
}

static void close_notify_is_an_end(void **state)
{
	struct wires wires = { 0 };
	char plain[8];
	size_t n;
	open_wires(&wires, "DNS:localhost", "localhost", true);
	negotiate(&wires, 100000);
	tls_filter_close(wires.client.filter);
	assert_true(buf_len(&wires.client.wire) > 0);
	tls_filter_offer(wires.server.filter, buf_data(&wires.client.wire), buf_len(&wires.client.wire));
	assert_int_equal(tls_filter_read(wires.server.filter, plain, sizeof plain, &n, NULL), TLS_END);
	close_wires(&wires);
}

static void full_wire_is_a_failure(void **state)
{
	struct wires wires = { 0 };
	static char much[200000];
	open_wires(&wires, "DNS:localhost", "localhost", true);
	negotiate(&wires, 100000);
	wires.client.wire.max = 100000;
	assert_int_equal(tls_filter_write(wires.client.filter, much, sizeof much, &wires.client.error), TLS_FAILED);
	assert_non_null(wires.client.error);
	close_wires(&wires);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talks_in_pieces_of_any_size),
		cmocka_unit_test(certificate_errors_are_text_for_people),
		cmocka_unit_test(address_and_wildcard_certificates_fit),
		cmocka_unit_test(nonsense_fails_and_the_next_connection_does_not_notice),
		cmocka_unit_test(close_notify_is_an_end),
		cmocka_unit_test(full_wire_is_a_failure),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
