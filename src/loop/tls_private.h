/* SPDX-License-Identifier: MIT */
#ifndef LOOP_TLS_PRIVATE_H
#define LOOP_TLS_PRIVATE_H

#include "loop/tls.h"

#include <openssl/ssl.h>
#include <stdbool.h>

struct tls {
	SSL_CTX *context;
	bool server, verify;
};

/* For accepting, without a certificate yet. A client that names other protocols than `alpn` only (RFC 7301; NULL: any)
 * is refused; it is a literal, borrowed for ever. */
struct tls *tls_new_server(const char *alpn);

/* The last error of OpenSSL as text; empties its queue, which belongs to the thread: what stays in it would be taken
 * for the next failure. */
const char *tls_take_reason(void);

#endif
