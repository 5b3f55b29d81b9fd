/* SPDX-License-Identifier: MIT */
#ifndef TEST_LOOP_CERTS_H
#define TEST_LOOP_CERTS_H

#include "loop/tls.h"

/* A self-signed certificate for `name` ("DNS:irc.example.org", "IP:127.0.0.1") and its key as PEM files in a
 * temporary folder. */
struct certs {
	char *folder, *cert, *key;
};

void certs_make(struct certs *certs, const char *name);
void certs_clear(struct certs *certs);

/* For accepting with them. */
struct tls *certs_server(const struct certs *certs);

#endif
