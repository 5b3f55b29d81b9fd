/* SPDX-License-Identifier: MIT */
#include "loop/certificate.h"

#include "loop/error.h"
#include "loop/tls_private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509v3.h>
#include <setjmp.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { DAY = 86400 };

/* A leaf for chat.example.org that `middle` signed, which `root` signed. */
struct shelf {
	char *folder;
	EVP_PKEY *key, *root_key, *middle_key, *other_key;
	X509 *leaf, *middle, *root;
	struct certificate_options options;
	GString *warnings;
	GPtrArray *files; /* char *, owned */
};

static void extend(X509 *cert, int nid, const char *value)
{
	X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, nid, value);
	assert_non_null(extension);
	X509_add_ext(cert, extension, -1);
	X509_EXTENSION_free(extension);
}

static X509 *certify(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, long from, long until)
{
	X509 *cert = X509_new();
	X509_set_version(cert, X509_VERSION_3);
	ASN1_INTEGER_set(X509_get_serialNumber(cert), 7);
	X509_gmtime_adj(X509_getm_notBefore(cert), from);
	X509_gmtime_adj(X509_getm_notAfter(cert), until);
	X509_set_pubkey(cert, key);
	X509_NAME_add_entry_by_txt(X509_get_subject_name(cert), "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
				   -1, 0);
	X509_set_issuer_name(cert, X509_get_subject_name(issuer ? issuer : cert));
	g_autofree char *alternative = g_strdup_printf("DNS:%s", name);
	extend(cert, NID_subject_alt_name, alternative);
	assert_true(X509_sign(cert, issuer_key, EVP_sha256()) > 0);
	return cert;
}

static int setup(void **state)
{
	struct shelf *shelf = g_new0(struct shelf, 1);
	shelf->folder = g_dir_make_tmp("certificate-XXXXXX", NULL);
	shelf->key = EVP_EC_gen("P-256");
	shelf->root_key = EVP_EC_gen("P-256");
	shelf->middle_key = EVP_EC_gen("P-256");
	shelf->other_key = EVP_EC_gen("P-256");
	shelf->root = certify("root", shelf->root_key, NULL, shelf->root_key, -DAY, 99 * DAY);
	shelf->middle = certify("middle", shelf->middle_key, shelf->root, shelf->root_key, -DAY, 99 * DAY);
	shelf->leaf = certify("chat.example.org", shelf->key, shelf->middle, shelf->middle_key, -DAY, 99 * DAY);
	shelf->options = (struct certificate_options){ "", "", "", shelf->folder, "chat.example.org", NULL };
	shelf->warnings = g_string_new(NULL);
	shelf->files = g_ptr_array_new_with_free_func(g_free);
	*state = shelf;
	return 0;
}

static int teardown(void **state)
{
	struct shelf *shelf = *state;
	g_autofree char *own = g_build_filename(shelf->folder, "self-signed.pem", NULL);
	g_unlink(own);
	for (guint i = 0; i < shelf->files->len; i++)
		g_unlink(shelf->files->pdata[i]);
	assert_int_equal(g_rmdir(shelf->folder), 0);
	g_ptr_array_free(shelf->files, TRUE);
	g_string_free(shelf->warnings, TRUE);
	X509_free(shelf->leaf);
	X509_free(shelf->middle);
	X509_free(shelf->root);
	EVP_PKEY_free(shelf->key);
	EVP_PKEY_free(shelf->root_key);
	EVP_PKEY_free(shelf->middle_key);
	EVP_PKEY_free(shelf->other_key);
	g_free(shelf->folder);
	g_free(shelf);
	return 0;
}

/* A file of the shelf, only for its owner. */
static FILE *new_file(struct shelf *shelf, const char *name, const char **path)
{
	char *made = g_build_filename(shelf->folder, name, NULL);
	g_ptr_array_add(shelf->files, made);
	FILE *file = fopen(made, "we");
	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	*path = made;
	return file;
}

static const char *write_text(struct shelf *shelf, const char *name, const char *text)
{
	const char *path;
	FILE *file = new_file(shelf, name, &path);
	fputs(text, file);
	fclose(file);
	return path;
}

/* NULLs are left out. */
static const char *write_pem(struct shelf *shelf, const char *name, EVP_PKEY *key, const char *password, X509 *first,
			     X509 *second, X509 *third)
{
	X509 *certs[] = { first, second, third };
	const char *path;
	FILE *file = new_file(shelf, name, &path);
	if (key)
		PEM_write_PrivateKey(file, key, password ? EVP_aes_128_cbc() : NULL, (const unsigned char *)password,
				     password ? (int)strlen(password) : 0, NULL, NULL);
	for (int i = 0; i < 3; i++) {
		if (certs[i])
			PEM_write_X509(file, certs[i]);
	}
	fclose(file);
	return path;
}

static const char *write_pkcs12(struct shelf *shelf, const char *password, int encryption)
{
	STACK_OF(X509) *others = sk_X509_new_null();
	const char *path;
	FILE *file = new_file(shelf, "any.name", &path);
	sk_X509_push(others, shelf->root);
	sk_X509_push(others, shelf->middle);
	PKCS12 *pkcs12 =
		PKCS12_create(password, "name", shelf->key, shelf->leaf, others, encryption, encryption, 2048, 1, 0);
	assert_non_null(pkcs12);
	i2d_PKCS12_fp(file, pkcs12);
	fclose(file);
	PKCS12_free(pkcs12);
	sk_X509_free(others);
	return path;
}

static void shows(struct tls *tls, struct shelf *shelf, int others)
{
	STACK_OF(X509) *chain = NULL;
	assert_non_null(tls);
	assert_int_equal(X509_cmp(SSL_CTX_get0_certificate(tls->context), shelf->leaf), 0);
	assert_int_equal(SSL_CTX_check_private_key(tls->context), 1);
	SSL_CTX_get0_chain_certs(tls->context, &chain);
	assert_int_equal(MAX(sk_X509_num(chain), 0), others);
	if (others > 0)
		assert_int_equal(X509_cmp(sk_X509_value(chain, 0), shelf->middle), 0);
	if (others > 1)
		assert_int_equal(X509_cmp(sk_X509_value(chain, 1), shelf->root), 0);
}

static void is_read(struct shelf *shelf, int others)
{
	g_autoptr(GError) error = NULL;
	struct tls *tls = certificate_tls(&shelf->options, shelf->warnings, &error);
	if (error)
		print_error("%s\n", error->message);
	shows(tls, shelf, others);
	tls_free(&tls);
}

static void is_refused(struct shelf *shelf, const char *file, const char *reason)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *text = g_strdup_printf("%s: %s", file, reason);
	assert_null(certificate_tls(&shelf->options, shelf->warnings, &error));
	assert_true(g_error_matches(error, LOOP_ERROR, LOOP_ERROR_TLS));
	assert_string_equal(error->message, text);
}

static void warns(struct shelf *shelf, const char *file, const char *text)
{
	g_autofree char *line = *text ? g_strdup_printf("%s: %s", file, text) : g_strdup("");
	struct tls *tls = certificate_tls(&shelf->options, shelf->warnings, NULL);
	assert_non_null(tls);
	assert_string_equal(shelf->warnings->str, line);
	g_string_truncate(shelf->warnings, 0);
	tls_free(&tls);
}

/* Files */

static void pkcs12_with_its_chain_is_read(void **state)
{
	struct shelf *shelf = *state;
	shelf->options.file = write_pkcs12(shelf, "secret", NID_aes_256_cbc);
	shelf->options.password = "secret";
	is_read(shelf, 2);
	assert_string_equal(shelf->warnings->str, "");
}

static void pkcs12_of_old_versions_of_openssl_is_read(void **state)
{
	struct shelf *shelf = *state;
	OSSL_PROVIDER *legacy = OSSL_PROVIDER_try_load(NULL, "legacy", 1);
	if (!legacy)
		skip();
	shelf->options.file = write_pkcs12(shelf, "secret", NID_pbe_WithSHA1And40BitRC2_CBC);
	OSSL_PROVIDER_unload(legacy);
	shelf->options.password = "secret";
	is_read(shelf, 2);
}

static void pkcs12_without_password_is_read(void **state)
{
	struct shelf *shelf = *state;
	shelf->options.file = write_pkcs12(shelf, "", NID_aes_256_cbc);
	is_read(shelf, 2);
}

static void passwords_of_pkcs12_are_told_apart(void **state)
{
	struct shelf *shelf = *state;
	const char *file = shelf->options.file = write_pkcs12(shelf, "secret", NID_aes_256_cbc);
	is_refused(shelf, file, "it needs a password");
	shelf->options.password = "wrong";
	is_refused(shelf, file, "the password is wrong");
}

static void pem_with_all_in_one_is_read_in_any_order(void **state)
{
	struct shelf *shelf = *state;
	shelf->options.file = write_pem(shelf, "all.p12", shelf->key, NULL, shelf->leaf, shelf->root, shelf->middle);
	is_read(shelf, 2);
	assert_string_equal(shelf->warnings->str, "");
}

static void strangers_in_the_chain_are_left_out(void **state)
{
	struct shelf *shelf = *state;
	X509 *stranger = certify("stranger", shelf->other_key, NULL, shelf->other_key, -DAY, DAY);
	shelf->options.file = write_pem(shelf, "all.pem", shelf->key, NULL, shelf->leaf, stranger, shelf->middle);
	is_read(shelf, 1);
	X509_free(stranger);
}

static void key_of_its_own_file_is_read(void **state)
{
	struct shelf *shelf = *state;
	shelf->options.file = write_pem(shelf, "cert.pem", NULL, NULL, shelf->leaf, shelf->middle, NULL);
	shelf->options.key_file = write_pem(shelf, "key.pem", shelf->key, NULL, NULL, NULL, NULL);
	assert_int_equal(g_chmod(shelf->options.file, 0644), 0);
	is_read(shelf, 1);
	assert_string_equal(shelf->warnings->str, "");
}

static void encrypted_key_is_read(void **state)
{
	struct shelf *shelf = *state;
	const char *file = shelf->options.file =
		write_pem(shelf, "all.pem", shelf->key, "secret", shelf->leaf, NULL, NULL);
	is_refused(shelf, file, "the key needs a password");
	shelf->options.password = "wrong";
	is_refused(shelf, file, "the password is wrong");
	shelf->options.password = "secret";
	is_read(shelf, 0);
}

static void errors_name_file_and_reason(void **state)
{
	struct shelf *shelf = *state;
	shelf->options.file = "/nonexistent/x.p12";
	is_refused(shelf, "/nonexistent/x.p12", g_strerror(ENOENT));
	shelf->options.file = shelf->folder;
	is_refused(shelf, shelf->folder, "this is not a file");
	shelf->options.file = write_text(shelf, "nonsense", "nonsense");
	is_refused(shelf, shelf->options.file, "this is neither PKCS#12 nor PEM");
	shelf->options.file = write_text(shelf, "empty", "");
	is_refused(shelf, shelf->options.file, "this is neither PKCS#12 nor PEM");
	shelf->options.file = write_pem(shelf, "key", shelf->key, NULL, NULL, NULL, NULL);
	is_refused(shelf, shelf->options.file, "there is no certificate in it");
	shelf->options.file = write_pem(shelf, "cert", NULL, NULL, shelf->leaf, NULL, NULL);
	is_refused(shelf, shelf->options.file, "there is no key in it");
	shelf->options.file = write_pem(shelf, "both", shelf->other_key, NULL, shelf->leaf, NULL, NULL);
	is_refused(shelf, shelf->options.file, "the key is not that of the certificate");
	shelf->options.key_file = write_pem(shelf, "other", shelf->other_key, NULL, NULL, NULL, NULL);
	is_refused(shelf, shelf->options.key_file, "the key is not that of the certificate");
}

static void huge_file_is_refused(void **state)
{
	struct shelf *shelf = *state;
	shelf->options.file = write_text(shelf, "huge", "x");
	assert_int_equal(truncate(shelf->options.file, CERTIFICATE_FILE_MAX + 1), 0);
	is_refused(shelf, shelf->options.file, "this is too large for a certificate");
}

/* Warnings */

static void key_for_everybody_is_warned_of(void **state)
{
	struct shelf *shelf = *state;
	shelf->options.file = write_pem(shelf, "all.pem", shelf->key, NULL, shelf->leaf, NULL, NULL);
	assert_int_equal(g_chmod(shelf->options.file, 0644), 0);
	warns(shelf, shelf->options.file, "every user of this machine can read the key in it");
	assert_int_equal(g_chmod(shelf->options.file, 0640), 0);
	warns(shelf, shelf->options.file, "");
}

static char *day(long seconds)
{
	g_autoptr(GDateTime) now = g_date_time_new_now_utc();
	g_autoptr(GDateTime) then = g_date_time_add_seconds(now, seconds);
	return g_date_time_format(then, "%Y-%m-%d");
}

static void dates_are_warned_of(void **state)
{
	static const struct {
		long from, until, told;
		const char *text;
	} rows[] = {
		{ -9 * DAY, -3 * DAY, -3 * DAY, "the certificate was good until %s only" },
		{ 3 * DAY, 9 * DAY, 3 * DAY, "the certificate is not good before %s" },
		{ -DAY, 3 * DAY, 3 * DAY, "the certificate is good until %s only, which is soon" },
	};
	struct shelf *shelf = *state;
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		X509 *cert = certify("chat.example.org", shelf->key, shelf->middle, shelf->middle_key, rows[i].from,
				     rows[i].until);
		g_autofree char *date = day(rows[i].told);
		g_auto(GStrv) parts = g_strsplit(rows[i].text, "%s", 2);
		g_autofree char *text = g_strjoinv(date, parts);
		shelf->options.file = write_pem(shelf, "all.pem", shelf->key, NULL, cert, NULL, NULL);
		warns(shelf, shelf->options.file, text);
		X509_free(cert);
	}
}

static void other_names_are_warned_of(void **state)
{
	struct shelf *shelf = *state;
	shelf->options.file = write_pem(shelf, "all.pem", shelf->key, NULL, shelf->leaf, NULL, NULL);
	shelf->options.host = "example.org";
	warns(shelf, shelf->options.file, "the certificate is for chat.example.org, not for example.org");
	X509 *wildcard = certify("*.example.org", shelf->key, NULL, shelf->key, -DAY, 99 * DAY);
	shelf->options.file = write_pem(shelf, "all.pem", shelf->key, NULL, wildcard, NULL, NULL);
	shelf->options.host = "chat.example.org";
	warns(shelf, shelf->options.file, "");
	X509_free(wildcard);
}

/* One of our own */

static X509 *own(struct shelf *shelf, const char *says)
{
	g_autoptr(GError) error = NULL;
	struct tls *tls = certificate_tls(&shelf->options, shelf->warnings, &error);
	assert_null(error);
	X509 *cert = SSL_CTX_get0_certificate(tls->context);
	X509_up_ref(cert);
	tls_free(&tls);
	if (says)
		assert_non_null(strstr(shelf->warnings->str, says));
	else
		assert_string_equal(shelf->warnings->str, "");
	g_string_truncate(shelf->warnings, 0);
	return cert;
}

static void one_of_our_own_is_made_and_kept(void **state)
{
	struct shelf *shelf = *state;
	g_autofree char *file = g_build_filename(shelf->folder, "self-signed.pem", NULL);
	struct stat status;
	X509 *made = own(shelf, "self-signed.pem: a certificate signed by itself was made");
	assert_int_equal(stat(file, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	X509 *kept = own(shelf, NULL);
	assert_int_equal(X509_cmp(made, kept), 0);
	X509_free(made);
	X509_free(kept);
}

/* So that who is asked by a client can compare. */
static void one_of_our_own_is_told_with_its_fingerprint(void **state)
{
	struct shelf *shelf = *state;
	g_autoptr(GError) error = NULL;
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;
	struct tls *tls = certificate_tls(&shelf->options, shelf->warnings, &error);
	assert_null(error);
	assert_int_equal(X509_digest(SSL_CTX_get0_certificate(tls->context), EVP_sha256(), digest, &len), 1);
	tls_free(&tls);
	g_autofree char *ends = g_strdup_printf("%02X:%02X)", digest[len - 2], digest[len - 1]);
	g_autofree char *begins = g_strdup_printf("(SHA-256 %02X:%02X:", digest[0], digest[1]);
	assert_non_null(strstr(shelf->warnings->str, begins));
	assert_non_null(strstr(shelf->warnings->str, ends));
	g_string_truncate(shelf->warnings, 0);
}

static void one_of_our_own_says_what_it_should(void **state)
{
	struct shelf *shelf = *state;
	int days, seconds;
	shelf->options.host = "bücher.example";
	X509 *cert = own(shelf, "self-signed.pem");
	assert_int_equal(X509_check_host(cert, "xn--bcher-kva.example", 0, 0, NULL), 1);
	assert_int_equal(X509_verify(cert, X509_get0_pubkey(cert)), 1);
	assert_int_equal(EVP_PKEY_get_bits(X509_get0_pubkey(cert)), 256);
	assert_int_equal(X509_check_purpose(cert, X509_PURPOSE_SSL_SERVER, 0), 1);
	ASN1_TIME_diff(&days, &seconds, X509_get0_notBefore(cert), X509_get0_notAfter(cert));
	assert_in_range(days, 3650, 3655);
	GENERAL_NAMES *names = X509_get_ext_d2i(cert, NID_subject_alt_name, NULL, NULL);
	assert_int_equal(sk_GENERAL_NAME_num(names), 2);
	const OTHERNAME *other = sk_GENERAL_NAME_value(names, 1)->d.otherName;
	assert_int_equal(OBJ_obj2nid(other->type_id), NID_XmppAddr);
	assert_string_equal(ASN1_STRING_get0_data(other->value->value.utf8string), "bücher.example");
	GENERAL_NAMES_free(names);
	X509_free(cert);
}

static void one_of_our_own_that_does_not_fit_is_made_anew(void **state)
{
	struct shelf *shelf = *state;
	X509 *before = own(shelf, "self-signed.pem");
	shelf->options.host = "other.example.org";
	X509 *after = own(shelf, "was made");
	assert_int_not_equal(X509_cmp(before, after), 0);
	assert_int_equal(X509_check_host(after, "other.example.org", 0, 0, NULL), 1);
	assert_int_not_equal(ASN1_INTEGER_cmp(X509_get0_serialNumber(before), X509_get0_serialNumber(after)), 0);
	X509_free(before);
	X509_free(after);
}

static void one_of_our_own_that_is_broken_is_not_replaced(void **state)
{
	struct shelf *shelf = *state;
	const char *file = write_text(shelf, "self-signed.pem", "-----BEGIN nothing");
	is_refused(shelf, file, "there is no certificate in it");
}

#define facts(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		facts(pkcs12_with_its_chain_is_read),
		facts(pkcs12_of_old_versions_of_openssl_is_read),
		facts(pkcs12_without_password_is_read),
		facts(passwords_of_pkcs12_are_told_apart),
		facts(pem_with_all_in_one_is_read_in_any_order),
		facts(strangers_in_the_chain_are_left_out),
		facts(key_of_its_own_file_is_read),
		facts(encrypted_key_is_read),
		facts(errors_name_file_and_reason),
		facts(huge_file_is_refused),
		facts(key_for_everybody_is_warned_of),
		facts(dates_are_warned_of),
		facts(other_names_are_warned_of),
		facts(one_of_our_own_is_made_and_kept),
		facts(one_of_our_own_is_told_with_its_fingerprint),
		facts(one_of_our_own_says_what_it_should),
		facts(one_of_our_own_that_does_not_fit_is_made_anew),
		facts(one_of_our_own_that_is_broken_is_not_replaced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
