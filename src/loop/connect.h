/* SPDX-License-Identifier: MIT */
#ifndef LOOP_CONNECT_H
#define LOOP_CONNECT_H

#include "loop/stream.h"

struct connect;

/* Resolves `host` and tries its addresses in order, all within `ms`. `done` owns the stream it gets
 * (and must stream_start() or stream_close() it), or gets NULL and an error that names host and
 * port. The returned handle is for cancelling; it is gone when `done` is called. */
struct connect *connect_tcp(struct loop *loop, const char *host, unsigned port, unsigned ms,
			    void (*done)(void *ctx, struct stream *stream, const GError *error), void *ctx);
void connect_cancel(struct connect **connect);

#endif
