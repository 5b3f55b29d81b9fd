/* SPDX-License-Identifier: MIT */
#include "loop/tls_filter.h"

#include "loop/error.h"
#include "loop/tls_private.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

struct tls_filter {
	SSL *ssl;
	char *name;        /* of the peer, for errors */
	const char *offer; /* borrowed */
	size_t left;
	struct buf *wire; /* borrowed */
};

/* A memory BIO of our own, because OpenSSL's copies all bytes once more and keeps its largest size for ever. */

static int read_offer(BIO *bio, char *to, size_t size, size_t *n)
{
	struct tls_filter *filter = BIO_get_data(bio);
	BIO_clear_retry_flags(bio);
	*n = MIN(size, filter->left);
	if (*n == 0) {
		BIO_set_retry_read(bio);
		return 0;
	}
	memcpy(to, filter->offer, *n);
	filter->offer += *n;
	filter->left -= *n;
	return 1;
}

static int write_wire(BIO *bio, const char *from, size_t size, size_t *n)
{
	struct tls_filter *filter = BIO_get_data(bio);
	BIO_clear_retry_flags(bio);
	*n = buf_append(filter->wire, from, size) ? size : 0;
	return *n == size;
}

static long control(BIO *bio, int command, long number, void *pointer)
{
	return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *bio_method(void)
{
	static gsize method;
	if (g_once_init_enter(&method)) {
		BIO_METHOD *made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "stream");
		g_assert(made);
		BIO_meth_set_read_ex(made, read_offer);
		BIO_meth_set_write_ex(made, write_wire);
		BIO_meth_set_ctrl(made, control);
		g_once_init_leave(&method, (gsize)made);
	}
	return (BIO_METHOD *)method;
}

static void attach_bio(struct tls_filter *filter)
{
	BIO *bio = BIO_new(bio_method());
	g_assert(bio);
	BIO_set_data(bio, filter);
	BIO_set_init(bio, 1);
	SSL_set_bio(filter->ssl, bio, bio);
}

/* A certificate is for a name (RFC 6125) or, when we were told to connect to one, an address. */
static void expect_host(struct tls_filter *filter, const char *host, bool verify)
{
	X509_VERIFY_PARAM *param = SSL_get0_param(filter->ssl);
	if (X509_VERIFY_PARAM_set1_ip_asc(param, host) != 1) {
		X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
		g_assert(X509_VERIFY_PARAM_set1_host(param, host, 0) == 1);
		SSL_set_tlsext_host_name(filter->ssl, host);
	}
	SSL_set_verify(filter->ssl, verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, NULL);
	ERR_clear_error();
}

struct tls_filter *tls_filter_new(struct tls *tls, const char *host, const char *peer, struct buf *wire)
{
	g_assert(host || !tls->verify);
	struct tls_filter *filter = g_new0(struct tls_filter, 1);
	filter->ssl = SSL_new(tls->context);
	g_assert(filter->ssl);
	filter->wire = wire;
	filter->name = g_strdup(host ? host : peer);
	attach_bio(filter);
	if (tls->server)
		SSL_set_accept_state(filter->ssl);
	else
		SSL_set_connect_state(filter->ssl);
	if (host && !tls->server)
		expect_host(filter, host, tls->verify);
	return filter;
}

void tls_filter_free(struct tls_filter **where)
{
	struct tls_filter *filter = *where;
	if (!filter)
		return;
	*where = NULL;
	SSL_free(filter->ssl);
	g_free(filter->name);
	g_free(filter);
}

void tls_filter_offer(struct tls_filter *filter, const char *bytes, size_t n)
{
	filter->offer = bytes;
	filter->left = n;
}

size_t tls_filter_take_back(struct tls_filter *filter)
{
	size_t left = filter->left;
	tls_filter_offer(filter, NULL, 0);
	return left;
}

static enum tls_result fail(struct tls_filter *filter, GError **error)
{
	long verified = SSL_get_verify_result(filter->ssl);
	const char *reason = ERR_reason_error_string(ERR_get_error());
	if (verified != X509_V_OK && SSL_get_verify_mode(filter->ssl) != SSL_VERIFY_NONE)
		g_set_error(error, LOOP_ERROR, LOOP_ERROR_TLS, "certificate of %s: %s", filter->name,
			    X509_verify_cert_error_string(verified));
	else
		g_set_error(error, LOOP_ERROR, LOOP_ERROR_TLS, "TLS with %s: %s", filter->name,
			    reason ? reason : "the connection broke");
	ERR_clear_error();
	return TLS_FAILED;
}

static enum tls_result judge(struct tls_filter *filter, int result, GError **error)
{
	switch (SSL_get_error(filter->ssl, result)) {
	case SSL_ERROR_NONE:
		return TLS_DONE;
	case SSL_ERROR_WANT_READ:
		return TLS_WAIT;
	case SSL_ERROR_ZERO_RETURN:
		return TLS_END;
	default:
		return fail(filter, error);
	}
}

enum tls_result tls_filter_negotiate(struct tls_filter *filter, GError **error)
{
	ERR_clear_error();
	return judge(filter, SSL_do_handshake(filter->ssl), error);
}

enum tls_result tls_filter_read(struct tls_filter *filter, char *plain, size_t size, size_t *n, GError **error)
{
	ERR_clear_error();
	return judge(filter, SSL_read_ex(filter->ssl, plain, size, n), error);
}

enum tls_result tls_filter_write(struct tls_filter *filter, const char *plain, size_t n, GError **error)
{
	size_t written = 0;
	ERR_clear_error();
	while (n > 0) {
		enum tls_result result = judge(filter, SSL_write_ex(filter->ssl, plain, n, &written), error);
		if (result != TLS_DONE)
			return result == TLS_FAILED ? TLS_FAILED : fail(filter, error);
		plain += written;
		n -= written;
	}
	return TLS_DONE;
}

void tls_filter_close(struct tls_filter *filter)
{
	ERR_clear_error();
	SSL_shutdown(filter->ssl);
	ERR_clear_error();
}
