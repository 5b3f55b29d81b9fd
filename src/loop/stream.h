/* SPDX-License-Identifier: MIT */
#ifndef LOOP_STREAM_H
#define LOOP_STREAM_H

#include "base/buf.h"
#include "loop/error.h"
#include "loop/loop.h"

#include <glib.h>
#include <sys/types.h>

struct tls;

/* A connected TCP or unix socket. What is written is gathered in one buffer and handed to the
 * kernel once a loop round; what cannot be written then waits, bounded by a maximum. */
struct stream;

struct stream_events {
	/* n > 0 bytes came; borrowed for the call. At most 64 KiB a call, bounded work a round. */
	void (*data)(void *ctx, const char *bytes, size_t n);
	/* The peer closed (why NULL) or the connection failed, or the output passed its maximum; the
	 * text of `why` names the peer. Comes once, never after stream_close(); the stream is then to
	 * be freed by stream_close(). */
	void (*ended)(void *ctx, const GError *why);
	/* May be NULL. The queue passed the high mark / fell under the low mark again. */
	void (*pressure)(void *ctx, bool high);
};

/* Takes over a connected TCP or unix socket; on an error the descriptor stays the caller's. */
struct stream *stream_from_fd(struct loop *loop, int fd, GError **error);

/* Reading starts with this call. */
void stream_start(struct stream *stream, const struct stream_events *events, void *ctx);

/* Where to write: append to the buffer, then say stream_flush(). It is sent at the end of the round.
 * An append over the maximum fails and ends the stream. Do not keep the pointer over a round. */
struct buf *stream_out(struct stream *stream);
void stream_flush(struct stream *stream);

static inline void stream_write(struct stream *stream, const void *bytes, size_t n)
{
	buf_append(stream_out(stream), bytes, n);
	stream_flush(stream);
}

/* Bytes not yet taken by the kernel. */
size_t stream_queued(const struct stream *stream);

/* Marks in bytes for `pressure`, and the maximum of the queue (defaults 1 MiB, 256 KiB, 64 MiB). */
void stream_set_marks(struct stream *stream, size_t high, size_t low, size_t max);

/* Stops and resumes reading (the peer is held back by TCP). Nestable is not: last call wins. */
void stream_pause(struct stream *stream);
void stream_resume(struct stream *stream);

/* Closes now; queued output is tried once more without waiting. No callback comes after this. May
 * be called from inside its callbacks. Sets NULL. */
void stream_close(struct stream **stream);

/* Writes the queued output, then waits for the peer to close (so that it surely gets all of it), and closes after
 * `ms` at the latest. What the peer still sends is thrown away. No callback comes. Sets NULL. */
void stream_finish(struct stream **stream, unsigned ms);

/* Puts TLS between the stream and its socket, from here on; bytes written before this call go out
 * in the clear. `done` comes once, with NULL when the handshake is through; data comes only after
 * it. On an error, which may also be that the connection is lost meanwhile, `ended` does not come and the stream is to
 * be closed. `host` is what a client checks the certificate for; NULL when accepting. May come before stream_start().
 */
void stream_start_tls(struct stream *stream, struct tls *tls, const char *host,
		      void (*done)(void *ctx, const GError *error), void *ctx);
bool stream_is_tls(const struct stream *stream);

/* "127.0.0.1:6667", for logs. */
const char *stream_peer(const struct stream *stream);

/* True if both ends are loopback addresses or a unix socket. */
bool stream_is_local(const struct stream *stream);

/* The user id of the process at the other end of a local connection. False if it cannot be found. */
bool stream_peer_uid(const struct stream *stream, uid_t *uid);

#endif
