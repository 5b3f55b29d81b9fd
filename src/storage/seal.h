/* SPDX-License-Identifier: MIT */
#ifndef STORAGE_SEAL_H
#define STORAGE_SEAL_H

#include <glib.h>
#include <stdbool.h>

/* Passwords at rest: AES-256-GCM (NIST SP 800-38D) under a key that scrypt (RFC 7914) makes of what the administrator
 * wrote. A sealed password is text, holds its own random nonce, and opens for the JID it was sealed for only. */
struct seal;

/* Bytes of the longest password whose sealed form fits the column of the database (255). */
enum { SEAL_PASSWORD_MAX = 158 };

/* Takes some 50 ms and, for that time, 16 MiB. */
struct seal *seal_new(const char *key);
void seal_free(struct seal **seal);

/* Free with g_free. NULL for a password that is too long. */
char *seal_close(const struct seal *seal, const char *jid, const char *password);

/* Whether a stored text is a sealed password, whatever its key. */
bool seal_is_sealed(const char *stored);

/* Free with secret_free. NULL if it was sealed under another key or for another JID, or is damaged. */
char *seal_open(const struct seal *seal, const char *jid, const char *stored);

#endif
