/* SPDX-License-Identifier: MIT */
#ifndef LOOP_PRIVATE_H
#define LOOP_PRIVATE_H

#include "loop/stream.h"

#include <uv.h>

/* What the files of this folder share, and nobody else includes. */

enum {
	LOOP_READ_SIZE = 65536,     /* the buffer all sockets are read into */
	LOOP_PLAIN_SIZE = 16384,    /* one TLS record (RFC 8446, section 5.1) */
	LOOP_READS_PER_ROUND = 4,   /* of one descriptor, so that a fast peer does not starve the others */
	LOOP_PASSES_PER_ROUND = 8,  /* over work that makes more work */
	LOOP_SPARE_BUFFERS = 32,    /* output buffers kept for the next stream that writes */
	LOOP_SPARE_CAPACITY = 65536 /* larger ones are given back */
};

/* A thing to be done at the end of the round; embedded in its owner. */
struct loop_task {
	GList link;
	void (*run)(void *arg);
	GQueue *queue; /* borrowed, the one it waits in, or NULL */
};

struct loop {
	uv_loop_t uv;
	uv_prepare_t round_end; /* runs before the loop may block */
	uv_idle_t busy;         /* active while it may not block */
	uv_timer_t limit;       /* of loop_once() */
	uint64_t round;
	bool running;
	unsigned unfinished; /* freed things that need more rounds, such as a stream that finishes */
	GArray *deferred;    /* struct deferred, owned */
	GQueue endings;      /* streams that have to tell they ended, once a round */
	GQueue flushes;      /* streams with output */
	struct buf spare[LOOP_SPARE_BUFFERS];
	size_t spares;
	char read[LOOP_READ_SIZE];
	char plain[LOOP_PLAIN_SIZE];
};

void loop_task_init(struct loop_task *task, void (*run)(void *arg), void *arg);

/* No-op if it waits already. */
void loop_task_post(GQueue *queue, struct loop_task *task);
void loop_task_cancel(struct loop_task *task);

/* An empty output buffer with memory if there is a spare one; and back again, leaving none. */
void loop_take_buffer(struct loop *loop, struct buf *buf);
void loop_give_buffer(struct loop *loop, struct buf *buf);

/* Brings loop_now() up to date when called from outside a round, so that a time limit set there is not short. */
void loop_refresh(struct loop *loop);

/* Counts the reads of one descriptor in this round. */
struct loop_quota {
	uint64_t round;
	unsigned reads;
};

/* For uv_read_start(): offers the shared buffer, or nothing (UV_ENOBUFS comes) when the quota is used up. */
void loop_offer_buffer(struct loop *loop, struct loop_quota *quota, uv_buf_t *buf);

/* Only forward. */
enum stream_state {
	STREAM_OPEN,
	STREAM_ENDED,     /* the owner was told */
	STREAM_FINISHING, /* without owner, writes what is left */
	STREAM_CLOSED     /* the handle is closing */
};

struct stream_tls;
struct flight;

struct stream {
	union {
		uv_handle_t handle;
		uv_stream_t stream;
		uv_tcp_t tcp;
		uv_pipe_t pipe;
	} uv;
	struct loop *loop;
	struct stream_events events;
	void *ctx;
	enum stream_state state;
	bool started, paused, reading;
	bool eof;    /* the peer will send no more */
	bool broken; /* it failed: output is dropped */
	bool high;   /* as last told by pressure */
	struct loop_quota quota;
	struct buf out;        /* gathers until the end of the round */
	struct flight *flight; /* what libuv is writing; NULL if nothing */
	size_t high_mark, low_mark, max;
	struct stream_tls *tls; /* NULL: in the clear */
	struct loop_task flush, ending;
	GError *why;         /* for the ending */
	struct timer *limit; /* of finishing */
	char *peer;
};

/* A stream around an unconnected TCP handle. */
struct stream *stream_new_tcp(struct loop *loop);

/* To be called once it is connected: options, name of the peer. */
void stream_connected(struct stream *stream);

/* Posts the end of the stream. Takes `why`; the first one counts. */
void stream_fail(struct stream *stream, GError *why);
void stream_fail_uv(struct stream *stream, int status);

/* Nothing more comes from the peer: tells the owner now, or lets a finishing stream close. */
void stream_end(struct stream *stream);

/* Starts or stops reading as its state demands. */
void stream_update_reading(struct stream *stream);

/* A finishing stream whose output is written. */
void stream_sent_all(struct stream *stream);

/* Whether bytes may be given to the owner now. */
static inline bool stream_delivers(const struct stream *stream)
{
	return stream->started && !stream->paused && stream->state == STREAM_OPEN;
}

/* Output, stream_out.c. Hands what has gathered to the kernel; with `last` what it does not take is left. */
void stream_send(struct stream *stream, bool last);
void stream_update_pressure(struct stream *stream);

/* TLS, stream_tls.c. */
void stream_tls_free(struct stream_tls **tls);
void stream_tls_received(struct stream *stream, const char *bytes, size_t n);

/* Whether it holds bytes back that could not be given; they go first, so the socket is not read. */
bool stream_tls_stalled(const struct stream *stream);

/* Gives them, if that is possible by now. */
void stream_tls_resume(struct stream *stream);

/* The buffer of what is to be sent, after encrypting what has gathered. */
struct buf *stream_tls_encrypt(struct stream *stream);

/* True the first time, when it has put the alert behind the output (RFC 8446, section 6.1). */
bool stream_tls_close_notify(struct stream *stream);
size_t stream_tls_queued(const struct stream *stream);
bool stream_tls_negotiating(const struct stream *stream);

/* The end of a stream whose negotiation is not through. */
void stream_tls_end(struct stream *stream, const GError *why);

#endif
