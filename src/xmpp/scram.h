/* SPDX-License-Identifier: MIT */
#ifndef XMPP_SCRAM_H
#define XMPP_SCRAM_H

#include <glib.h>
#include <stdbool.h>

/* The client's side of one SASL login by SCRAM (RFC 5802, RFC 7677), without channel binding. The
 * password never leaves it, and a server that does not know it is found out. */
struct scram;

enum scram_hash { SCRAM_SHA_1, SCRAM_SHA_256 };

enum scram_error {
	SCRAM_ERROR_CHALLENGE /* the server's challenge is not what RFC 5802 or our limits allow */
};
#define SCRAM_ERROR (scram_error_quark())
GQuark scram_error_quark(void);

enum { SCRAM_ITERATIONS_MAX = 65536, SCRAM_TEXT_MAX = 4096 };

/* Texts are copied. `nonce` is random, printable and without commas. NULL: name or password cannot be
 * prepared (RFC 4013), so they are no account's. */
struct scram *scram_new(enum scram_hash hash, const char *name, const char *password, const char *nonce);
void scram_free(struct scram **scram);

/* client-first-message; to be freed. */
char *scram_first(const struct scram *scram);

/* client-final-message for the server's first one; to be freed. NULL with an error. Takes some
 * milliseconds at the usual 4096 to 10000 iterations. */
char *scram_final(struct scram *scram, const char *challenge, GError **error);

/* Whether server-final-message proves that the server knows the password. */
bool scram_is_proof(const struct scram *scram, const char *message);

#endif
