/* SPDX-License-Identifier: MIT */
#ifndef POOL_PRIVATE_H
#define POOL_PRIVATE_H

#include "base/arena.h"
#include "base/idmap.h"
#include "base/secret.h"
#include "loop/backoff.h"
#include "loop/listen.h"
#include "loop/process.h"
#include "loop/stream.h"
#include "loop/timer.h"
#include "pool/pool.h"
#include "pool/unconfirmed.h"
#include "wire/frame.h"

#include "pbnetwork.pb-c.h"

/* Shared by the files of this room only. */

/* Every wait and limit of the pool. */
enum {
	POOL_PING_MS = 20000,   /* must stay under 30 s: libpurple backends leave without pings */
	POOL_ANSWER_MS = 10000, /* for the first answer of all, and for a silent connection */
	POOL_START_MS = 60000,  /* from the start of a child to its first PONG */
	POOL_CONFIRM_MS = 1000, /* a message that is not confirmed asks for a ping after this */
	POOL_IDLE_MS = 60000,
	POOL_QUEUE_MS = 60000,
	POOL_BACKOFF_MS = 200,
	POOL_BACKOFF_MAX_MS = 30000,
	POOL_EXIT_MS = 2000,
	POOL_DUMP_MS = 10000,       /* for writing a core after SIGABRT */
	POOL_SHORT_LIFE_MS = 10000, /* a child that dies younger counts as a failed start */
	POOL_STATS_MS = 1000,       /* for the STATS that tell which of several starting children answered */
	POOL_BAD_LOG_MS = 10000,    /* between two lines about unreadable payloads of one backend */
	POOL_BACKENDS_MAX = 1024,
	POOL_STARTS_MAX = 8, /* at the same time */
	POOL_GUESTS_MAX = 64,
	POOL_CRASHED_MAX = 1000, /* whose ids are remembered */
	POOL_OUT_MAX = 32 << 20, /* bytes waiting for one backend before users are refused */
	POOL_ATTACHMENTS_MAX = 64,
	POOL_ARENA_CHUNK = 64 << 10
};

/* What the backends announced: bits by row of the table of keys. The first one to set a key counts. */
struct pool_features {
	unsigned announced, values;
	bool news; /* the core has not heard of it */
};

struct pool {
	struct loop *loop;
	struct config *config;
	struct metrics *metrics;
	char **overrides; /* owned */
	const struct pool_events *events;
	void *ctx;
	unsigned ping_ms, answer_ms, start_ms, idle_ms, queue_ms, exit_ms;
	struct core *core; /* NULL until pool_start() */
	struct listener *listener;
	unsigned port;
	struct arena *in, *out; /* one frame that came; one that goes (it may go while one came) */
	GQueue backends;        /* struct backend, newest first */
	GQueue guests;          /* struct peer not known to be a backend's, oldest first */
	GQueue waiting;         /* struct seat without a backend, oldest first */
	struct pool_features features;
	struct backoff backoff;
	struct timer *ready_timer, *retry_timer, *queue_timer, *delay_timer, *ping_timer, *memory_timer, *confirm_timer;
	uint64_t last_ping, last_seat; /* last_seat 0: nobody yet */
	uint64_t last_source;
	unsigned spawned; /* BACKEND_ID */
	size_t crashed;
	GArray *crashed_pids;  /* int64_t, oldest first */
	struct idmap *queries; /* struct peer, by the query that is not answered */
	bool ready, paused, stopping, stopped;
	void (*stop_done)(void *ctx);
	void *stop_ctx;
};

/* STARTING  the child runs and has not answered yet; no connection
 * READY     answered its first PING; takes users
 * DRAINING  keeps its users and takes no more
 * STOPPING  was told to leave, or was lost; has no users; a signal comes if it lingers
 * GONE      neither child nor connection is left; freed at the end of the round */
enum backend_state { BACKEND_STARTING, BACKEND_READY, BACKEND_DRAINING, BACKEND_STOPPING, BACKEND_GONE };

struct backend {
	GList link; /* in pool->backends */
	struct pool *pool;
	enum backend_state state;
	uint64_t source;         /* of stanzas in raw mode: no two ever have the same */
	unsigned slot;           /* 1 and up; names its log */
	char *name;              /* "backend 1 (pid 123)", owned */
	pid_t pid;               /* of the child we started; 0: it came by itself */
	struct process *process; /* owned; NULL when it has ended */
	struct peer *peer;       /* owned; NULL before the first PONG and after the connection */
	GQueue seats;            /* struct seat */
	struct timer *timer;     /* STARTING: limit; READY without users: idle; STOPPING: next signal */
	int next_signal;         /* what the timer sends in STOPPING */
	bool alive;              /* said something since the last ping */
	bool pinged;
	struct unconfirmed unconfirmed;
	bool expected; /* we want it to end */
	bool broke;    /* a signal ended it */
	bool answered; /* was READY once */
	bool noted;    /* its end counts among the starts already */
	uint64_t started;
	int64_t res, init_res, shared; /* KB, as it reports */
	size_t lost_users;             /* users it had when it was lost */
	struct {
		char *text, *last_line;
		uint64_t age;
	} end; /* of the child; owned */
};

/* A connection to the backend port. Without a backend it is a guest: a child that has not answered
 * yet, or somebody with an admin query. */
struct peer {
	GList link; /* in pool->guests, while it has no backend */
	struct pool *pool;
	struct backend *backend; /* borrowed */
	struct stream *stream;   /* owned; NULL when closed */
	struct wire_reader reader;
	struct timer *timer; /* a guest's time limit */
	bool answered;       /* PONG came */
	pid_t pid;           /* as STATS say; 0: not said */
	const char *fault;   /* why it must be closed when the feed has returned; static */
	uint64_t query;      /* the one that is not answered; 0: none */
	GQueue questions;    /* owned texts: queries to come */
	unsigned bad;        /* unreadable payloads since the last line about them */
	uint64_t bad_logged;
};

/* A user's place on a backend, or in the line for one. */
struct seat {
	GList link; /* in backend->seats or pool->waiting */
	struct user *user;
	struct backend *backend; /* NULL: waiting */
	uint64_t since;
};

/* pool.c */
/* The numeric address to listen on, as backends are told it. */
const char *pool_host(const struct pool *pool);
void pool_became_ready(struct pool *pool);
void pool_check_stopped(struct pool *pool);

/* spawn.c. Starts what is missing, if it may be started now. */
void spawn_missing(struct pool *pool);
/* A child has ended or was given up; the first call for it counts. The next start may have to wait. */
void spawn_note_end(struct backend *backend);

/* output.c: one line of a backend's output to the log. */
void output_log(const struct backend *backend, const char *line);

/* backend.c */
struct backend *backend_new(struct pool *pool);
void backend_set_state(struct backend *backend, enum backend_state state);
/* `peer` has answered for it: it takes users from now on. */
void backend_adopt(struct backend *backend, struct peer *peer);
/* The connection is over or must be: its users are told, the child is to end. */
void backend_lose(struct backend *backend, const char *why);
/* Asks it to leave. */
void backend_stop(struct backend *backend);
/* It has one user less. */
void backend_vacated(struct backend *backend);
void backend_ended(struct backend *backend, const struct process_end *end);
/* A signal now (0: none), and `next` if it is still there after `ms`. */
void backend_kill(struct backend *backend, int signum, unsigned ms, int next);
size_t backend_count(const struct pool *pool, enum backend_state state);

/* accept.c */
void peer_accept(void *ctx, struct stream *stream);
bool peer_send(struct peer *peer, enum wire_type type, const ProtobufCMessage *message);
/* Bytes that are no message (WIRE_RAW_XML). */
bool peer_send_raw(struct peer *peer, const char *bytes, size_t n);
void peer_close(struct peer *peer);
/* The same when what was written has gone out. */
void peer_finish(struct peer *peer);
/* Ends the connection once the frame at hand is done. `fault` is static text. */
void peer_fail(struct peer *peer, const char *fault);
/* A guest's first PONG, and its STATS. */
void peer_answered(struct peer *peer);
void peer_identified(struct peer *peer, pid_t pid);
/* Another frame of a guest: its time begins again. */
void peer_touch(struct peer *peer);

/* seat.c */
void seat_take(struct pool *pool, struct user *user);
/* Without a word to anybody. */
void seat_free(struct pool *pool, struct seat *seat);
/* Frees the seat, then tells the core that the network has dropped the user. */
void seat_lose(struct pool *pool, struct seat *seat, int code, const char *text);
/* Gives those who wait a place, and starts what is missing. */
void seat_serve(struct pool *pool);
/* Those who wait have waited too long, or login_delay has passed. */
void seat_expire(void *ctx);
void seat_delay_over(void *ctx);
/* A READY backend with room, the newest; NULL if there is none. */
struct backend *seat_room(const struct pool *pool);

/* send.c */
void send_login(struct pool *pool, struct seat *seat);
void send_logout(struct pool *pool, struct seat *seat);

/* receive.c */
void receive_frame(struct peer *peer, const struct wire_frame *frame);

/* query.c */
void query_received(struct peer *peer, const char *command);
void query_forget(struct peer *peer);

/* list.c */
void list_note_crash(const struct backend *backend);

/* features.c: the INI text of BACKEND_CONFIG. */
void features_announce(struct pool *pool, const char *text);
/* Tells the core, if there is news. */
void features_publish(struct pool *pool);

/* health.c */
void health_init(struct pool *pool);
void health_start(struct pool *pool);
void health_resume(struct pool *pool);
void health_configure(struct pool *pool);
/* It was handed a message: a ping will ask whether it has it. */
void health_confirm(struct backend *backend);

#endif
