/* SPDX-License-Identifier: MIT */
#include "loop/certificate.h"

#include "base/secret.h"
#include "loop/certificate_private.h"
#include "loop/error.h"
#include "loop/tls_private.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509v3.h>

bool certificate_fail(GError **error, const char *file, const char *reason)
{
	ERR_clear_error();
	g_set_error(error, LOOP_ERROR, LOOP_ERROR_TLS, "%s: %s", file, reason);
	return false;
}

void certificate_fini(struct certificate *certificate)
{
	X509_free(certificate->leaf);
	EVP_PKEY_free(certificate->key);
	sk_X509_pop_free(certificate->others, X509_free);
}

/* PEM */

/* OpenSSL would ask at the terminal. */
static int give_password(char *to, int size, int writing, void *password)
{
	size_t n = strlen(password);
	if (n == 0 || n >= (size_t)size)
		return -1;
	memcpy(to, password, n + 1);
	return (int)n;
}

static bool read_key(struct certificate *certificate, const struct content *content, const char *password,
		     GError **error)
{
	BIO *bio = BIO_new_mem_buf(content->bytes, (int)content->n);
	certificate->key = PEM_read_bio_PrivateKey(bio, NULL, give_password, (void *)password);
	BIO_free(bio);
	if (certificate->key)
		return true;
	/* OpenSSL's own reasons for these depend on the kind of the key. */
	if (!strstr(content->bytes, "PRIVATE KEY-----"))
		return certificate_fail(error, content->file, "there is no key in it");
	if (strstr(content->bytes, "ENCRYPTED"))
		return certificate_fail(error, content->file,
					*password ? "the password is wrong" : "the key needs a password");
	return certificate_fail(error, content->file, tls_take_reason());
}

static bool read_certificates(struct certificate *certificate, const struct content *content, GError **error)
{
	BIO *bio = BIO_new_mem_buf(content->bytes, (int)content->n);
	X509 *next;
	certificate->leaf = PEM_read_bio_X509(bio, NULL, NULL, NULL);
	while (certificate->leaf && sk_X509_num(certificate->others) < CERTIFICATE_CHAIN_MAX &&
	       (next = PEM_read_bio_X509(bio, NULL, NULL, NULL)))
		sk_X509_push(certificate->others, next);
	BIO_free(bio);
	unsigned long code = ERR_peek_last_error();
	if (code != 0 && ERR_GET_REASON(code) != PEM_R_NO_START_LINE)
		return certificate_fail(error, content->file, tls_take_reason());
	ERR_clear_error();
	return certificate->leaf || certificate_fail(error, content->file, "there is no certificate in it");
}

static bool read_pem(struct certificate *certificate, const struct content *content, const struct content *key,
		     const char *password, GError **error)
{
	return read_certificates(certificate, content, error) && read_key(certificate, key, password, error);
}

/* PKCS#12 */

static bool parse_pkcs12(struct certificate *certificate, PKCS12 *pkcs12, const char *password)
{
	STACK_OF(X509) *others = NULL;
	if (PKCS12_parse(pkcs12, password, &certificate->key, &certificate->leaf, &others) != 1)
		return false;
	for (X509 *next; others && (next = sk_X509_shift(others));) {
		if (sk_X509_num(certificate->others) < CERTIFICATE_CHAIN_MAX)
			sk_X509_push(certificate->others, next);
		else
			X509_free(next);
	}
	sk_X509_free(others);
	return true;
}

/* What OpenSSL wrote before version 3 is encrypted with what it has moved aside since. */
static bool parse_old_pkcs12(struct certificate *certificate, PKCS12 *pkcs12, const char *password)
{
	if (parse_pkcs12(certificate, pkcs12, password))
		return true;
	OSSL_PROVIDER *legacy = OSSL_PROVIDER_try_load(NULL, "legacy", 1);
	if (!legacy)
		return false;
	ERR_clear_error();
	bool good = parse_pkcs12(certificate, pkcs12, password);
	OSSL_PROVIDER_unload(legacy);
	return good;
}

static bool open_pkcs12(struct certificate *certificate, PKCS12 *pkcs12, const char *file, const char *password,
			GError **error)
{
	/* No password is one of two things (RFC 7292, appendix B.1). */
	bool right = !PKCS12_mac_present(pkcs12) || PKCS12_verify_mac(pkcs12, password, -1) == 1 ||
		     (!*password && PKCS12_verify_mac(pkcs12, NULL, 0) == 1);
	if (!right)
		return certificate_fail(error, file, *password ? "the password is wrong" : "it needs a password");
	if (!parse_old_pkcs12(certificate, pkcs12, password))
		return certificate_fail(error, file, tls_take_reason());
	if (!certificate->key)
		return certificate_fail(error, file, "there is no key in it");
	return certificate->leaf || certificate_fail(error, file, "there is no certificate for its key in it");
}

static bool read_pkcs12(struct certificate *certificate, const struct content *content, const char *password,
			GError **error)
{
	const unsigned char *bytes = (const unsigned char *)content->bytes;
	PKCS12 *pkcs12 = d2i_PKCS12(NULL, &bytes, (long)content->n);
	if (!pkcs12)
		return certificate_fail(error, content->file, "this is neither PKCS#12 nor PEM");
	bool good = open_pkcs12(certificate, pkcs12, content->file, password, error);
	PKCS12_free(pkcs12);
	return good;
}

/* All of it */

static bool parse(struct certificate *certificate, const struct content *content, const struct content *key,
		  const char *password, GError **error)
{
	if (strstr(content->bytes, "-----BEGIN "))
		return read_pem(certificate, content, key, password, error);
	return read_pkcs12(certificate, content, password, error);
}

static bool read_files(struct certificate *certificate, const struct certificate_options *options, GString *warnings,
		       GError **error)
{
	struct content content = { 0 }, key = { 0 };
	bool separate = *options->key_file;
	bool good = content_read(&content, options->file, separate ? NULL : warnings, error) &&
		    (!separate || content_read(&key, options->key_file, warnings, error)) &&
		    parse(certificate, &content, separate ? &key : &content, options->password, error);
	content_wipe(&content);
	content_wipe(&key);
	return good;
}

bool certificate_read(struct certificate *certificate, const struct certificate_options *options, GString *warnings,
		      GError **error)
{
	ERR_clear_error();
	*certificate = (struct certificate){ .others = sk_X509_new_null() };
	if (read_files(certificate, options, warnings, error) &&
	    (X509_check_private_key(certificate->leaf, certificate->key) == 1 ||
	     certificate_fail(error, *options->key_file ? options->key_file : options->file,
			      "the key is not that of the certificate")))
		return true;
	certificate_fini(certificate);
	return false;
}

/* Clients want it in order (RFC 5246, section 7.4.2); files have it in any. */
static bool use_chain(SSL_CTX *context, const struct certificate *certificate)
{
	X509 *last = certificate->leaf;
	for (int i = 0; i < sk_X509_num(certificate->others) && X509_check_issued(last, last) != X509_V_OK; i++) {
		X509 *issuer = NULL;
		for (int j = 0; j < sk_X509_num(certificate->others) && !issuer; j++) {
			X509 *other = sk_X509_value(certificate->others, j);
			if (other != last && X509_check_issued(other, last) == X509_V_OK)
				issuer = other;
		}
		if (!issuer)
			break;
		if (SSL_CTX_add1_chain_cert(context, issuer) != 1)
			return false;
		last = issuer;
	}
	return true;
}

static struct tls *make_tls(const struct certificate *certificate, const char *alpn, const char *file, GError **error)
{
	struct tls *tls = tls_new_server(alpn);
	if (SSL_CTX_use_certificate(tls->context, certificate->leaf) == 1 &&
	    SSL_CTX_use_PrivateKey(tls->context, certificate->key) == 1 && use_chain(tls->context, certificate)) {
		ERR_clear_error();
		return tls;
	}
	certificate_fail(error, file, tls_take_reason());
	tls_free(&tls);
	return NULL;
}

struct tls *certificate_tls(const struct certificate_options *options, GString *warnings, GError **error)
{
	struct certificate certificate;
	struct certificate_options named = *options;
	g_autofree char *own = NULL;
	if (!*options->file) {
		own = g_build_filename(options->folder, "self-signed.pem", NULL);
		named = (struct certificate_options){ own, "", "", options->folder, options->host, options->alpn };
	}
	if (own ? !certificate_own(&certificate, &named, warnings, error)
		: !certificate_read(&certificate, &named, warnings, error))
		return NULL;
	certificate_judge(certificate.leaf, named.file, named.host, warnings);
	struct tls *tls = make_tls(&certificate, named.alpn, named.file, error);
	certificate_fini(&certificate);
	return tls;
}
