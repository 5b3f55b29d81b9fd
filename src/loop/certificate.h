/* SPDX-License-Identifier: MIT */
#ifndef LOOP_CERTIFICATE_H
#define LOOP_CERTIFICATE_H

#include "loop/tls.h"

/* What we show to those who connect to us: a key, a certificate for it and those that vouch for it. */

enum {
	CERTIFICATE_FILE_MAX = 1 << 20, /* bytes */
	CERTIFICATE_CHAIN_MAX = 20,
	CERTIFICATE_YEARS = 10, /* that one of our own is good for */
	CERTIFICATE_SOON_DAYS = 7
};

struct certificate_options {
	const char *file;     /* PKCS#12, or PEM: the content tells. "": one of our own, kept in `folder` */
	const char *password; /* of the file or its key; "": none */
	const char *key_file; /* PEM; "": the key is in `file` */
	const char *folder;   /* where one of our own is kept, and read again: self-signed.pem, for the owner only */
	const char *host;     /* the domain it is to be for */
	const char *alpn;     /* the protocol for those who name what they want (RFC 7301), a literal; NULL: any */
};

/* Reads it, or makes one of our own; blocks for a moment. NULL with an error that names file and reason. What an
 * administrator should know is appended to `warnings`, a line each: a key that others can read, a certificate that is
 * not good now or not for `host`. */
struct tls *certificate_tls(const struct certificate_options *options, GString *warnings, GError **error);

#endif
