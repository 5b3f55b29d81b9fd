/* SPDX-License-Identifier: MIT */
#ifndef LOOP_CERTIFICATE_PRIVATE_H
#define LOOP_CERTIFICATE_PRIVATE_H

#include "loop/certificate.h"

#include <openssl/x509.h>
#include <stdbool.h>

struct certificate {
	X509 *leaf;
	EVP_PKEY *key;
	STACK_OF(X509) * others;
};

/* What a file holds, with a NUL behind it. */
struct content {
	const char *file; /* borrowed */
	char *bytes;      /* owned */
	size_t n;
};

/* False. The reason is taken as it is; OpenSSL's queue of errors is emptied. */
bool certificate_fail(GError **error, const char *file, const char *reason);

/* Leaves nothing to free if it fails. */
bool certificate_read(struct certificate *certificate, const struct certificate_options *options, GString *warnings,
		      GError **error);
void certificate_fini(struct certificate *certificate);

/* certificate_file.c. A warning is appended if others can read it (`warnings` not NULL). */
bool content_read(struct content *content, const char *file, GString *warnings, GError **error);
void content_wipe(struct content *content);
void certificate_warn(GString *warnings, const char *file, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* certificate_names.c */
bool certificate_is_for(X509 *leaf, const char *host);
/* Not yet good: -1, good: 0, not any more: 1. */
int certificate_age(X509 *leaf);
/* Appends what is wrong with it. */
void certificate_judge(X509 *leaf, const char *file, const char *host, GString *warnings);

/* certificate_own.c. The one at options->file, made anew if there is none, or it does not fit any more. */
bool certificate_own(struct certificate *certificate, const struct certificate_options *options, GString *warnings,
		     GError **error);

#endif
