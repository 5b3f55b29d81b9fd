/* SPDX-License-Identifier: MIT */
#include "loop/tls.h"

#include "loop/error.h"
#include "loop/tls_private.h"

#include <openssl/err.h>

/* The queue of errors belongs to the thread: what stays in it would be taken for the next failure. */
static void take_error(GError **error, const char *subject)
{
	const char *reason = ERR_reason_error_string(ERR_get_error());
	g_set_error(error, LOOP_ERROR, LOOP_ERROR_TLS, "%s: %s", subject, reason ? reason : "unknown TLS error");
	ERR_clear_error();
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
	take_error(error, ca_file ? ca_file : "certificates of the system");
	tls_free(&tls);
	return NULL;
}

struct tls *tls_new_server(const char *cert_file, const char *key_file, GError **error)
{
	struct tls *tls = new_tls(TLS_server_method());
	tls->server = true;
	if (SSL_CTX_use_certificate_chain_file(tls->context, cert_file) != 1)
		take_error(error, cert_file);
	else if (SSL_CTX_use_PrivateKey_file(tls->context, key_file, SSL_FILETYPE_PEM) != 1 ||
		 SSL_CTX_check_private_key(tls->context) != 1)
		take_error(error, key_file);
	else
		return tls;
	tls_free(&tls);
	return NULL;
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
