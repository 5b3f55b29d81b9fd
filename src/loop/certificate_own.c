/* SPDX-License-Identifier: MIT */
#include "loop/certificate_private.h"
#include "loop/tls_private.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

enum {
	SERIAL_BITS = 127,   /* 160 are allowed (RFC 5280, section 4.1.2.2) */
	COMMON_NAME_MAX = 64 /* RFC 5280, appendix A.1 */
};

static bool set_serial(X509 *cert)
{
	BIGNUM *number = BN_new();
	bool good = BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
		    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
	BN_free(number);
	return good;
}

static bool set_period(X509 *cert)
{
	return X509_time_adj_ex(X509_getm_notBefore(cert), -1, 0, NULL) &&
	       X509_time_adj_ex(X509_getm_notAfter(cert), CERTIFICATE_YEARS * 365, 0, NULL);
}

static bool set_subject(X509 *cert, const char *host)
{
	X509_NAME *name = X509_get_subject_name(cert);
	const unsigned char *text = (const unsigned char *)(strlen(host) <= COMMON_NAME_MAX ? host : "spectrum2");
	return X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) == 1 &&
	       X509_set_issuer_name(cert, name) == 1;
}

static bool add_extension(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	bool good = extension && X509_add_ext(cert, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return good;
}

static void add_dns_name(GENERAL_NAMES *names, const char *host)
{
	g_autofree char *ascii = g_hostname_to_ascii(host);
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_STRING_set(text, ascii ? ascii : host, -1);
	GENERAL_NAME_set0_value(name, GEN_DNS, text);
	sk_GENERAL_NAME_push(names, name);
}

static void add_xmpp_address(GENERAL_NAMES *names, const char *host)
{
	ASN1_TYPE *value = ASN1_TYPE_new();
	ASN1_UTF8STRING *text = ASN1_UTF8STRING_new();
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_STRING_set(text, host, -1);
	ASN1_TYPE_set(value, V_ASN1_UTF8STRING, text);
	GENERAL_NAME_set0_othername(name, OBJ_nid2obj(NID_XmppAddr), value);
	sk_GENERAL_NAME_push(names, name);
}

static bool add_names(X509 *cert, const char *host)
{
	GENERAL_NAMES *names = sk_GENERAL_NAME_new_null();
	add_dns_name(names, host);
	add_xmpp_address(names, host);
	bool good = X509_add1_ext_i2d(cert, NID_subject_alt_name, names, 0, X509V3_ADD_DEFAULT) == 1;
	GENERAL_NAMES_free(names);
	return good;
}

static X509 *sign_itself(EVP_PKEY *key, const char *host)
{
	X509 *cert = X509_new();
	if (cert && X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) && set_period(cert) &&
	    X509_set_pubkey(cert, key) == 1 && set_subject(cert, host) && add_names(cert, host) &&
	    add_extension(cert, NID_basic_constraints, "critical,CA:FALSE") &&
	    add_extension(cert, NID_key_usage, "critical,digitalSignature") &&
	    add_extension(cert, NID_ext_key_usage, "serverAuth") && X509_sign(cert, key, EVP_sha256()) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

/* At once or not at all: a file that is half there would keep us from starting. */
static bool write_down(X509 *cert, EVP_PKEY *key, const char *file, GError **error)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	char *text;
	bool good = cert && PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1 &&
		    PEM_write_bio_X509(bio, cert) == 1;
	if (!good) {
		certificate_fail(error, file, tls_take_reason());
	} else {
		long n = BIO_get_mem_data(bio, &text);
		good = g_file_set_contents_full(
			file, text, n, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, error);
	}
	BIO_free(bio);
	return good;
}

static bool make(const char *file, const char *host, GError **error)
{
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *cert = key ? sign_itself(key, host) : NULL;
	bool good = write_down(cert, key, file, error);
	X509_free(cert);
	EVP_PKEY_free(key);
	return good;
}

/* As clients show it to a user who is asked; the old way of some clients (SHA-1) is not worth a line. */
static char *fingerprint(X509 *cert)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	if (X509_digest(cert, EVP_sha256(), digest, &len) != 1)
		len = 0;
	GString *text = g_string_new(NULL);
	for (unsigned i = 0; i < len; i++)
		g_string_append_printf(text, i ? ":%02X" : "%02X", digest[i]);
	return g_string_free(text, FALSE);
}

static bool make_and_read(struct certificate *certificate, const struct certificate_options *options, GString *warnings,
			  GError **error)
{
	if (!make(options->file, options->host, error) || !certificate_read(certificate, options, warnings, error))
		return false;
	g_autofree char *shown = fingerprint(certificate->leaf);
	certificate_warn(warnings, options->file,
			 "a certificate signed by itself was made, because none is configured; clients will ask "
			 "whether it is to be trusted (SHA-256 %s)",
			 shown);
	return true;
}

bool certificate_own(struct certificate *certificate, const struct certificate_options *options, GString *warnings,
		     GError **error)
{
	if (!g_file_test(options->file, G_FILE_TEST_EXISTS))
		return make_and_read(certificate, options, warnings, error);
	if (!certificate_read(certificate, options, warnings, error))
		return false;
	if (certificate_age(certificate->leaf) <= 0 && certificate_is_for(certificate->leaf, options->host))
		return true;
	certificate_fini(certificate);
	return make_and_read(certificate, options, warnings, error);
}
