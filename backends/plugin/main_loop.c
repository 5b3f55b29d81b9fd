/* SPDX-License-Identifier: MIT */
#include "plugin/main_loop.h"

#include "base/log.h"
#include "loop/connect.h"
#include "loop/signal.h"
#include "loop/timer.h"
#include "plugin/arguments.h"

#include <signal.h>
#include <stdio.h>

LOG_AREA("NetworkPlugin");

/* Milliseconds; main pings every 20 seconds. */
enum { CONNECT_LIMIT = 10000, PING_CHECK = 15000, SILENT_CHECKS_MAX = 4 };

struct run {
	const struct plugin_program *program; /* borrowed */
	struct plugin_arguments *arguments;   /* owned, as all below */
	struct loop *loop;
	struct plugin *plugin;
	struct connect *connect; /* NULL once it is decided */
	struct stream *stream;   /* NULL before */
	struct timer *pings;
	struct signal_watch *term, *interrupt;
	void *ctx; /* the program's */
	unsigned silent_checks;
	bool ending;
	int code;
};

/* Before the log is open, and for those who start it by hand; main keeps the last line of stderr. */
static int complain(const struct plugin_program *program, const char *text)
{
	fprintf(stderr, "%s: %s\n", program->name, text);
	return 1;
}

/* The first reason counts; what else the round brings does not. */
static void end(struct run *run, int code)
{
	if (run->ending)
		return;
	run->ending = true;
	run->code = code;
	loop_stop(run->loop);
}

static struct buf *output(void *ctx)
{
	struct run *run = ctx;
	return run->stream ? stream_out(run->stream) : NULL;
}

static void flush(void *ctx)
{
	struct run *run = ctx;
	stream_flush(run->stream);
}

static void on_main_exit(void *ctx)
{
	log_info("the gateway said to exit");
	end(ctx, 0);
}

static const struct plugin_port port = { output, flush, on_main_exit };

static void on_data(void *ctx, const char *bytes, size_t n)
{
	struct run *run = ctx;
	if (run->ending || plugin_feed(run->plugin, bytes, n))
		return;
	log_error("%s: a frame over the limit came", stream_peer(run->stream));
	end(run, complain(run->program, "the stream from the gateway is broken"));
}

static void on_ended(void *ctx, const GError *why)
{
	struct run *run = ctx;
	if (why)
		log_error("%s", why->message);
	else
		log_info("the gateway closed the connection");
	/* Users are lost when the output overflows, so that is no orderly end. */
	bool overflow = why && g_error_matches(why, LOOP_ERROR, LOOP_ERROR_FULL);
	end(run, overflow ? complain(run->program, why->message) : 0);
}

static void check_pings(void *ctx)
{
	struct run *run = ctx;
	run->silent_checks = plugin_ping_seen(run->plugin) ? 0 : run->silent_checks + 1;
	if (run->silent_checks < SILENT_CHECKS_MAX)
		return;
	log_error("no PING came for %d seconds", PING_CHECK * SILENT_CHECKS_MAX / 1000);
	end(run, 0);
}

static void on_connected(void *ctx, struct stream *stream, const GError *error)
{
	static const struct stream_events events = { .data = on_data, .ended = on_ended };
	struct run *run = ctx;
	run->connect = NULL;
	if (!stream) {
		log_error("%s", error->message);
		end(run, complain(run->program, error->message));
		return;
	}
	run->stream = stream;
	stream_start(stream, &events, run);
	timer_start(run->pings, PING_CHECK, PING_CHECK);
}

static void on_signal(void *ctx, int signum)
{
	log_info("ended by signal %d", signum);
	end(ctx, 0);
}

static bool open_log(const struct run *run, GError **error)
{
	const char *path = config_text(run->arguments->config, CONFIG_LOGGING_BACKEND_CONFIG);
	struct log_names names = { .jid = run->arguments->jid, .id = run->arguments->backend_id };
	if (*path)
		return log_open(path, &names, error);
	/* The main process collects what we write there, and adds the time. */
	log_omit_time();
	return TRUE;
}

static void start(struct run *run)
{
	run->pings = timer_new(run->loop, check_pings, run);
	run->term = signal_watch(run->loop, SIGTERM, on_signal, run);
	run->interrupt = signal_watch(run->loop, SIGINT, on_signal, run);
	plugin_set_events(run->plugin, run->program->events, run->ctx);
	run->connect =
		connect_tcp(run->loop, run->arguments->host, run->arguments->port, CONNECT_LIMIT, on_connected, run);
}

static void stop(struct run *run)
{
	run->program->stop(run->ctx);
	plugin_set_events(run->plugin, NULL, NULL);
	connect_cancel(&run->connect);
	if (run->stream)
		stream_close(&run->stream);
	timer_free(&run->pings);
	signal_unwatch(&run->term);
	signal_unwatch(&run->interrupt);
}

static int run_program(struct run *run)
{
	g_autoptr(GError) error = NULL;
	struct plugin_host host;
	run->loop = loop_new();
	run->plugin = plugin_new(&port, run);
	host = (struct plugin_host){ run->loop, run->plugin, run->arguments->config };
	run->ctx = run->program->start(&host, &error);
	if (run->ctx) {
		start(run);
		loop_run(run->loop);
		stop(run);
	} else {
		log_error("%s", error->message);
		run->code = complain(run->program, error->message);
	}
	plugin_free(&run->plugin);
	loop_free(&run->loop);
	return run->code;
}

static int print_help(const struct plugin_program *program)
{
	printf("%s is started by spectrum2, with\n"
	       "  --host HOST --port PORT   where spectrum2 waits for it\n"
	       "  --service.backend_id=N    its number\n"
	       "  -j JID                    JID of the instance\n"
	       "  --SECTION.KEY=VALUE       in place of what the file says\n"
	       "  FILE                      configuration of the instance\n",
	       program->name);
	return 0;
}

int plugin_run(int argc, char **argv, const struct plugin_program *program)
{
	g_autoptr(GError) error = NULL;
	struct run run = { .program = program, .arguments = plugin_arguments_parse(argc, argv, &error) };
	int code;
	signal(SIGPIPE, SIG_IGN);
	if (!run.arguments)
		return complain(program, error->message);
	if (run.arguments->help) {
		code = print_help(program);
	} else if (run.arguments->version) {
		code = 0;
		printf("%s %s\n", program->name, SPECTRUM_VERSION);
	} else if (!open_log(&run, &error)) {
		code = complain(program, error->message);
	} else {
		code = run_program(&run);
	}
	log_close();
	plugin_arguments_free(&run.arguments);
	return code;
}
