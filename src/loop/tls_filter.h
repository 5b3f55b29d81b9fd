/* SPDX-License-Identifier: MIT */
#ifndef LOOP_TLS_FILTER_H
#define LOOP_TLS_FILTER_H

#include "base/buf.h"
#include "loop/tls.h"

/* One end of a TLS connection without its socket: encrypted bytes in, plain ones out, and the other way. */
struct tls_filter;

enum tls_result {
	TLS_DONE,
	TLS_WAIT,  /* for bytes of the peer */
	TLS_END,   /* the peer said it sends no more */
	TLS_FAILED /* with an error that names the peer */
};

/* `host` is what a client checks the certificate for and asks for (SNI, RFC 6066), else NULL; `peer` names the peer
 * in errors. Encrypted bytes for the peer are appended to `wire` (borrowed). */
struct tls_filter *tls_filter_new(struct tls *tls, const char *host, const char *peer, struct buf *wire);
void tls_filter_free(struct tls_filter **filter);

/* n encrypted bytes of the peer, borrowed while the following calls read them. */
void tls_filter_offer(struct tls_filter *filter, const char *bytes, size_t n);

/* How many of them were not read, for offering them again; ends the loan. */
size_t tls_filter_take_back(struct tls_filter *filter);

enum tls_result tls_filter_negotiate(struct tls_filter *filter, GError **error);

/* TLS_DONE: *n plain bytes, at least 1, at most `size`. */
enum tls_result tls_filter_read(struct tls_filter *filter, char *plain, size_t size, size_t *n, GError **error);

/* TLS_DONE or TLS_FAILED. */
enum tls_result tls_filter_write(struct tls_filter *filter, const char *plain, size_t n, GError **error);

/* Appends the close_notify alert. */
void tls_filter_close(struct tls_filter *filter);

#endif
