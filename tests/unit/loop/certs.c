/* SPDX-License-Identifier: MIT */
#include "certs.h"

#include "loop/certificate.h"

#include <glib.h>
#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

static void add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	g_assert(extension);
	X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
}

static X509 *sign_itself(EVP_PKEY *key, const char *name)
{
	X509 *cert = X509_new();
	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 1);
	X509_gmtime_adj(X509_getm_notBefore(cert), -3600);
	X509_gmtime_adj(X509_getm_notAfter(cert), 3600);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8, (const unsigned char *)"test", -1,
				   -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(cert));
	add_extension(cert, NID_subject_alt_name, name);
	add_extension(cert, NID_basic_constraints, "critical,CA:TRUE");
	g_assert(X509_sign(cert, key, EVP_sha256()) > 0);
	return cert;
}

void certs_make(struct certs *certs, const char *name)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = sign_itself(key, name);
	certs->folder = g_dir_make_tmp("loop-tls-XXXXXX", NULL);
	certs->cert = g_build_filename(certs->folder, "cert.pem", NULL);
	certs->key = g_build_filename(certs->folder, "key.pem", NULL);
	FILE *file = fopen(certs->cert, "we");
	g_assert(file && PEM_write_X509(file, cert) == 1);
	fclose(file);
	file = fopen(certs->key, "we");
	g_assert(file && PEM_write_PrivateKey(file, key, NULL, NULL, 0, NULL, NULL) == 1);
	fclose(file);
	X509_free(cert);
	EVP_PKEY_free(key);
}

void certs_clear(struct certs *certs)
{
	g_unlink(certs->cert);
	g_unlink(certs->key);
	g_rmdir(certs->folder);
	g_free(certs->cert);
	g_free(certs->key);
	g_free(certs->folder);
}

struct tls *certs_server(const struct certs *certs)
{
	g_autoptr(GString) warnings = g_string_new(NULL);
	struct certificate_options options = { certs->cert, "", certs->key, "", "localhost", NULL };
	struct tls *tls = certificate_tls(&options, warnings, NULL);
	g_assert(tls);
	return tls;
}
