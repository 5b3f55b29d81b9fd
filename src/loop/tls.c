/* SPDX-License-Identifier: MIT */
#include "loop/tls.h"

#include "loop/error.h"
#include "loop/tls_private.h"

#include <openssl/err.h>

/* Of TLS 1.2 only what has forward secrecy and authenticates what it encrypts (RFC 9325, section 4.2). */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

const char *tls_take_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_get_error());
	ERR_clear_error();
	return reason ? reason : "unknown TLS error";
}

static struct tls *new_tls(const SSL_METHOD *method)
{
	struct tls *tls = g_new0(struct tls, 1);
	tls->context = SSL_CTX_new(method);
	g_assert(tls->context);
	SSL_CTX_set_min_proto_version(tls->context, TLS1_2_VERSION);
	SSL_CTX_set_options(tls->context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
	SSL_CTX_set_mode(tls->context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE);
	SSL_CTX_set_session_cache_mode(tls->context, SSL_SESS_CACHE_OFF);
	return tls;
}

struct tls *tls_new_client(const char *ca_file, gboolean verify, GError **error)
{
	struct tls *tls = new_tls(TLS_client_method());
	tls->verify = verify;
	int ok = ca_file ? SSL_CTX_load_verify_file(tls->context, ca_file)
			 : SSL_CTX_set_default_verify_paths(tls->context);
	if (!verify || ok) {
		ERR_clear_error();
		return tls;
	}
	g_set_error(error, LOOP_ERROR, LOOP_ERROR_TLS, "%s: %s", ca_file ? ca_file : "certificates of the system",
		    tls_take_reason());
	tls_free(&tls);
	return NULL;
}

/* A client that speaks another protocol may be made to send it to us by somebody in between (RFC 9325, section 3.7). */
static int select_protocol(SSL *ssl, const unsigned char **out, unsigned char *length, const unsigned char *offered,
			   unsigned n, void *alpn)
{
	size_t wanted = strlen(alpn);
	for (unsigned i = 0; i < n && offered[i] < n - i; i += offered[i] + 1U) {
		if (offered[i] != wanted || memcmp(offered + i + 1, alpn, wanted))
			continue;
		*out = offered + i + 1;
		*length = offered[i];
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_ALERT_FATAL;
}

struct tls *tls_new_server(const char *alpn)
{
	struct tls *tls = new_tls(TLS_server_method());
	tls->server = true;
	g_assert(SSL_CTX_set_cipher_list(tls->context, CIPHERS) == 1);
	SSL_CTX_set_options(tls->context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_PRIORITIZE_CHACHA);
	SSL_CTX_set_num_tickets(tls->context, 1);
	if (alpn)
		SSL_CTX_set_alpn_select_cb(tls->context, select_protocol, (void *)alpn);
	return tls;
}

void tls_free(struct tls **where)
{
	struct tls *tls = *where;
	if (!tls)
		return;
	*where = NULL;
	SSL_CTX_free(tls->context);
	g_free(tls);
}
