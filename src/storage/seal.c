/* SPDX-License-Identifier: MIT */
#include "storage/seal.h"

#include "base/secret.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <string.h>

/* Names the way it was sealed, so that there can be others. No original password begins so: its encoding is base64,
 * and what is stored plain and begins so all the same is refused rather than sent to a network. */
#define PREFIX "$s1$"

/* The key is the administrator's, one for the whole database: the salt only keeps it apart from other uses. */
#define SALT "spectrum2 passwords at rest"

enum { KEY_SIZE = 32, NONCE_SIZE = 12, TAG_SIZE = 16 };
enum { SCRYPT_N = 1 << 14, SCRYPT_R = 8, SCRYPT_P = 1 };

struct seal {
	unsigned char key[KEY_SIZE];
};

static void derive(struct seal *seal, const char *key)
{
	uint64_t n = SCRYPT_N;
	uint32_t r = SCRYPT_R, p = SCRYPT_P;
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_PASSWORD, (char *)key, strlen(key)),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (char *)SALT, strlen(SALT)),
		OSSL_PARAM_construct_uint64(OSSL_KDF_PARAM_SCRYPT_N, &n),
		OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_R, &r),
		OSSL_PARAM_construct_uint32(OSSL_KDF_PARAM_SCRYPT_P, &p),
		OSSL_PARAM_construct_end(),
	};
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SCRYPT", NULL);
	EVP_KDF_CTX *context = EVP_KDF_CTX_new(kdf);
	g_assert(context && EVP_KDF_derive(context, seal->key, sizeof(seal->key), params) == 1);
	EVP_KDF_CTX_free(context);
	EVP_KDF_free(kdf);
}

struct seal *seal_new(const char *key)
{
	struct seal *seal = g_new0(struct seal, 1);
	derive(seal, key);
	return seal;
}

void seal_free(struct seal **sealp)
{
	struct seal *seal = *sealp;
	if (!seal)
		return;
	*sealp = NULL;
	secret_wipe(seal, sizeof(*seal));
	g_free(seal);
}

static EVP_CIPHER_CTX *begin(const struct seal *seal, const unsigned char *nonce, const char *jid, int encrypt)
{
	EVP_CIPHER_CTX *context = EVP_CIPHER_CTX_new();
	int n;
	g_assert(context && EVP_CipherInit_ex2(context, EVP_aes_256_gcm(), seal->key, nonce, encrypt, NULL) == 1);
	g_assert(EVP_CipherUpdate(context, NULL, &n, (const unsigned char *)jid, (int)strlen(jid)) == 1);
	return context;
}

/* Nonce, ciphertext, tag. */
char *seal_close(const struct seal *seal, const char *jid, const char *password)
{
	unsigned char bytes[NONCE_SIZE + SEAL_PASSWORD_MAX + TAG_SIZE], *text = bytes + NONCE_SIZE;
	size_t length = strlen(password);
	int n, rest;
	if (length > SEAL_PASSWORD_MAX)
		return NULL;
	g_assert(RAND_bytes(bytes, NONCE_SIZE) == 1);
	EVP_CIPHER_CTX *context = begin(seal, bytes, jid, 1);
	g_assert(EVP_CipherUpdate(context, text, &n, (const unsigned char *)password, (int)length) == 1);
	g_assert(EVP_CipherFinal_ex(context, text + n, &rest) == 1);
	g_assert(EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_GET_TAG, TAG_SIZE, text + length) == 1);
	EVP_CIPHER_CTX_free(context);
	g_autofree char *encoded = g_base64_encode(bytes, NONCE_SIZE + length + TAG_SIZE);
	return g_strconcat(PREFIX, encoded, NULL);
}

bool seal_is_sealed(const char *stored)
{
	return g_str_has_prefix(stored, PREFIX);
}

char *seal_open(const struct seal *seal, const char *jid, const char *stored)
{
	gsize size = 0;
	int n, rest;
	if (!seal_is_sealed(stored))
		return NULL;
	g_autofree guchar *bytes = g_base64_decode(stored + strlen(PREFIX), &size);
	if (size < NONCE_SIZE + TAG_SIZE || size > NONCE_SIZE + SEAL_PASSWORD_MAX + TAG_SIZE)
		return NULL;
	size_t length = size - NONCE_SIZE - TAG_SIZE;
	char *password = g_malloc0(length + 1);
	unsigned char *text = (unsigned char *)password;
	EVP_CIPHER_CTX *context = begin(seal, bytes, jid, 0);
	bool opened = EVP_CipherUpdate(context, text, &n, bytes + NONCE_SIZE, (int)length) == 1 &&
		      EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_GCM_SET_TAG, TAG_SIZE, bytes + NONCE_SIZE + length) == 1 &&
		      EVP_CipherFinal_ex(context, text + n, &rest) == 1;
	EVP_CIPHER_CTX_free(context);
	if (!opened) {
		secret_wipe(password, length);
		g_clear_pointer(&password, g_free);
	}
	return password;
}
