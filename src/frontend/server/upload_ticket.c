/* SPDX-License-Identifier: MIT */
#include "frontend/server/upload_ticket.h"

#include <glib.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <string.h>

/* Lines: none of them holds a newline, but for the last. */
static char *what_is_sealed(const struct upload_ticket *ticket)
{
	return g_strdup_printf("%s\n%" G_GUINT64_FORMAT "\n%" G_GINT64_FORMAT "\n%s%s", ticket->path, ticket->size,
			       ticket->until, ticket->type ? "type " : "any", ticket->type ? ticket->type : "");
}

/* TIME-KIND-SEAL: seconds in decimal, "t" if it is for a type, the seal in hex. */
char *upload_ticket_write(const unsigned char key[UPLOAD_KEY_SIZE], const struct upload_ticket *ticket)
{
	g_autofree char *text = what_is_sealed(ticket);
	unsigned char seal[EVP_MAX_MD_SIZE];
	unsigned size = 0;
	const unsigned char *done =
		HMAC(EVP_sha256(), key, UPLOAD_KEY_SIZE, (const unsigned char *)text, strlen(text), seal, &size);
	g_assert(done);
	GString *out = g_string_new(NULL);
	g_string_append_printf(out, "%" G_GINT64_FORMAT "-%s-", ticket->until, ticket->type ? "t" : "a");
	for (unsigned i = 0; i < size; i++)
		g_string_append_printf(out, "%02x", seal[i]);
	return g_string_free(out, FALSE);
}

bool upload_ticket_is_good(const unsigned char key[UPLOAD_KEY_SIZE], const struct upload_ticket *ticket,
			   const char *text)
{
	char *rest;
	size_t n = strnlen(text, UPLOAD_TICKET_MAX + 1);
	struct upload_ticket right = *ticket;
	if (n > UPLOAD_TICKET_MAX || !g_ascii_isdigit(*text))
		return false;
	right.until = g_ascii_strtoll(text, &rest, 10);
	if (right.until < ticket->until || (!g_str_has_prefix(rest, "-a-") && !g_str_has_prefix(rest, "-t-")))
		return false;
	if (rest[1] == 'a')
		right.type = NULL;
	else if (!right.type)
		return false;
	g_autofree char *expected = upload_ticket_write(key, &right);
	return strlen(expected) == n && CRYPTO_memcmp(expected, text, n) == 0;
}
