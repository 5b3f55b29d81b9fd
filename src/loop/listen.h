/* SPDX-License-Identifier: MIT */
#ifndef LOOP_LISTEN_H
#define LOOP_LISTEN_H

#include "loop/stream.h"

struct listener;

/* Listens on a numeric address (IPv4 or IPv6) and port (0: one the kernel picks). Connections come to `accepted`,
 * which owns the stream and must stream_start() or stream_close() it; a bounded number of them a round. Those for whom
 * there is no descriptor wait until there is one. NULL with an error whose text names address and port. */
struct listener *listen_tcp(struct loop *loop, const char *address, unsigned port,
			    void (*accepted)(void *ctx, struct stream *stream), void *ctx, GError **error);
/* Whether one could: nobody has the port. Nobody can connect by it. */
bool listen_check(const char *address, unsigned port, GError **error);
unsigned listen_port(const struct listener *listener);
void listen_close(struct listener **listener);

#endif
