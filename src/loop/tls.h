/* SPDX-License-Identifier: MIT */
#ifndef LOOP_TLS_H
#define LOOP_TLS_H

#include <glib.h>

/* TLS 1.2 or newer (OpenSSL), settings shared by many streams. May be freed while streams use it: they keep what they
 * need. */
struct tls;

/* For connecting. Checks the peer's chain against `ca_file` (NULL: the system's) and its name;
 * verify false accepts anything. */
struct tls *tls_new_client(const char *ca_file, gboolean verify, GError **error);

/* For accepting: loop/certificate.h. */
void tls_free(struct tls **tls);

#endif
