/* SPDX-License-Identifier: MIT */
#include "xmpp/scram.h"

#include "base/secret.h"
#include "jid/prep.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

/* n,,: no channel binding, no other identity; biws is its base64. */
#define HEADER  "n,,"
#define BINDING "c=biws"

enum { SALT_MAX = 1024 };

struct scram {
	const EVP_MD *digest;
	char *first;    /* client-first-message-bare */
	char *password; /* prepared, secret */
	char *nonce;
	unsigned char server_signature[EVP_MAX_MD_SIZE];
	size_t size; /* of a digest */
	bool answered;
};

GQuark scram_error_quark(void)
{
	return g_quark_from_static_string("scram-error");
}

/* RFC 5802, section 5.1: in a name ',' and '=' are escaped. */
static void append_name(GString *out, const char *name)
{
	for (; *name; name++) {
		if (*name == ',')
			g_string_append(out, "=2C");
		else if (*name == '=')
			g_string_append(out, "=3D");
		else
			g_string_append_c(out, *name);
	}
}

struct scram *scram_new(enum scram_hash hash, const char *name, const char *password, const char *nonce)
{
	char user[JID_PREP_ROOM], secret[JID_PREP_ROOM];
	if (!jid_saslprep(name, user) || !jid_saslprep(password, secret))
		return NULL;
	struct scram *scram = g_new0(struct scram, 1);
	GString *first = g_string_new("n=");
	append_name(first, user);
	g_string_append_printf(first, ",r=%s", nonce);
	scram->first = g_string_free(first, FALSE);
	scram->digest = hash == SCRAM_SHA_1 ? EVP_sha1() : EVP_sha256();
	scram->size = (size_t)EVP_MD_get_size(scram->digest);
	scram->password = secret_dup(secret);
	scram->nonce = g_strdup(nonce);
	secret_wipe(secret, sizeof(secret));
	return scram;
}

void scram_free(struct scram **scramp)
{
	struct scram *scram = *scramp;
	if (!scram)
		return;
	*scramp = NULL;
	secret_free(&scram->password);
	g_free(scram->first);
	g_free(scram->nonce);
	g_free(scram);
}

char *scram_first(const struct scram *scram)
{
	return g_strconcat(HEADER, scram->first, NULL);
}

/* --- the server's challenge ------------------------------------------------------------------ */

struct challenge {
	const char *nonce; /* NUL-terminated, as the salt is, in the split text */
	guchar *salt;
	gsize salt_size;
	unsigned iterations;
};

static const char *value_of(const char *part, char name)
{
	return part && part[0] == name && part[1] == '=' ? part + 2 : NULL;
}

/* "r=...,s=...,i=..." and perhaps extensions, in this order (section 7). */
static const char *read_challenge(const struct scram *scram, char *const *parts, struct challenge *challenge)
{
	const char *salt = parts[0] ? value_of(parts[1], 's') : NULL;
	const char *count = salt ? value_of(parts[2], 'i') : NULL;
	guint64 iterations = 0;
	challenge->nonce = value_of(parts[0], 'r');
	if (!challenge->nonce || !count)
		return "the server's challenge is none of SCRAM";
	if (!g_str_has_prefix(challenge->nonce, scram->nonce) || !challenge->nonce[strlen(scram->nonce)])
		return "the server's challenge is for somebody else";
	if (!g_ascii_string_to_unsigned(count, 10, 1, SCRAM_ITERATIONS_MAX, &iterations, NULL))
		return "the server wants too many iterations, or none";
	if (!*salt || strlen(salt) > SALT_MAX)
		return "the server's salt is empty or too long";
	challenge->iterations = (unsigned)iterations;
	challenge->salt = g_base64_decode(salt, &challenge->salt_size);
	return challenge->salt_size ? NULL : "the server's salt is no base64";
}

static void sign(const struct scram *scram, const unsigned char *key, const char *text, unsigned char *out)
{
	unsigned size = 0;
	g_assert(HMAC(scram->digest, key, (int)scram->size, (const unsigned char *)text, strlen(text), out, &size));
}

/* Section 3: the proof that we know the password, and what is to prove that the server does. */
static char *prove(struct scram *scram, const struct challenge *challenge, const char *auth_message)
{
	unsigned char salted[EVP_MAX_MD_SIZE], client[EVP_MAX_MD_SIZE], stored[EVP_MAX_MD_SIZE],
		signature[EVP_MAX_MD_SIZE], server[EVP_MAX_MD_SIZE];
	g_assert(PKCS5_PBKDF2_HMAC(scram->password, (int)strlen(scram->password), challenge->salt,
				   (int)challenge->salt_size, (int)challenge->iterations, scram->digest,
				   (int)scram->size, salted));
	sign(scram, salted, "Client Key", client);
	g_assert(EVP_Digest(client, scram->size, stored, NULL, scram->digest, NULL));
	sign(scram, stored, auth_message, signature);
	for (size_t i = 0; i < scram->size; i++)
		client[i] ^= signature[i];
	sign(scram, salted, "Server Key", server);
	sign(scram, server, auth_message, scram->server_signature);
	char *proof = g_base64_encode(client, scram->size);
	secret_wipe(salted, sizeof(salted));
	secret_wipe(client, sizeof(client));
	secret_wipe(stored, sizeof(stored));
	secret_wipe(signature, sizeof(signature));
	secret_wipe(server, sizeof(server));
	return proof;
}

static char *answer(struct scram *scram, const char *text, const struct challenge *challenge)
{
	g_autofree char *without_proof = g_strdup_printf(BINDING ",r=%s", challenge->nonce);
	g_autofree char *auth_message = g_strdup_printf("%s,%s,%s", scram->first, text, without_proof);
	g_autofree char *proof = prove(scram, challenge, auth_message);
	scram->answered = true;
	return g_strdup_printf("%s,p=%s", without_proof, proof);
}

char *scram_final(struct scram *scram, const char *text, GError **error)
{
	struct challenge challenge = { 0 };
	g_autofree char *head = g_strndup(text, SCRAM_TEXT_MAX + 1);
	g_auto(GStrv) parts = g_strsplit(head, ",", 4);
	const char *fault = strlen(head) > SCRAM_TEXT_MAX ? "the server's challenge is too long"
							  : read_challenge(scram, parts, &challenge);
	char *final = fault ? NULL : answer(scram, text, &challenge);
	g_free(challenge.salt);
	if (fault)
		g_set_error_literal(error, SCRAM_ERROR, SCRAM_ERROR_CHALLENGE, fault);
	return final;
}

bool scram_is_proof(const struct scram *scram, const char *message)
{
	g_auto(GStrv) parts = g_strsplit(message, ",", 2);
	const char *value = value_of(parts[0], 'v');
	gsize size = 0;
	if (!scram->answered || !value || strlen(value) > SCRAM_TEXT_MAX)
		return false;
	g_autofree guchar *signature = g_base64_decode(value, &size);
	return size == scram->size && !CRYPTO_memcmp(signature, scram->server_signature, size);
}
