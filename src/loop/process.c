/* SPDX-License-Identifier: MIT */
#include "loop/process.h"

#include "loop/private.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <unistd.h>

enum {
	LINE_MAX_BYTES = 1000,
	/* Whoever else holds the pipes (a grandchild) may not keep the end from being told. */
	OUTPUT_WAIT_MS = 1000,
};

/* One output of the child, cut into lines. */
struct output {
	uv_pipe_t uv;
	struct process *process; /* borrowed */
	struct loop_quota quota;
	bool open;
	size_t n; /* bytes of the line that has begun; what is over the maximum is not kept */
	char line[LINE_MAX_BYTES + 1];
};

struct process {
	uv_process_t uv;
	struct loop *loop;
	struct process_events events;
	void *ctx;
	struct output out, err;
	uv_timer_t limit; /* of waiting for output after the exit */
	unsigned handles; /* not closed yet; the memory goes with the last one */
	bool exited, told, freed;
	uint64_t started;
	struct process_end end;
	char last_line[LINE_MAX_BYTES + 1];
};

static void on_closed(uv_handle_t *handle)
{
	struct process *process = handle->data;
	if (--process->handles > 0)
		return;
	process->loop->unfinished--;
	g_free(process);
}

static void close_output(struct output *output)
{
	if (!output->open)
		return;
	output->open = false;
	uv_close((uv_handle_t *)&output->uv, on_closed);
}

static void tell_end(struct process *process)
{
	if (process->told || process->freed)
		return;
	process->told = true;
	uv_timer_stop(&process->limit);
	process->events.ended(process->ctx, &process->end);
}

static void check_end(struct process *process)
{
	if (process->exited && !process->out.open && !process->err.open)
		tell_end(process);
}

static void end_line(struct output *output)
{
	struct process *process = output->process;
	output->line[output->n] = '\0';
	bool empty = output->n == 0;
	output->n = 0;
	if (output == &process->err && !empty)
		memcpy(process->last_line, output->line, sizeof output->line);
	if (process->events.line && !process->freed)
		process->events.line(process->ctx, output->line);
}

static void append(struct output *output, const char *bytes, size_t n)
{
	size_t taken = MIN(n, LINE_MAX_BYTES - output->n);
	for (size_t i = 0; i < taken; i++)
		output->line[output->n++] = bytes[i] == '\0' ? ' ' : bytes[i];
}

static void split_lines(struct output *output, const char *bytes, size_t n)
{
	const char *end = bytes + n;
	while (bytes < end && output->open) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		append(output, bytes, (size_t)((newline ? newline : end) - bytes));
		if (!newline)
			return;
		end_line(output);
		bytes = newline + 1;
	}
}

static void offer_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	struct output *output = (struct output *)handle;
	loop_offer_buffer(output->process->loop, &output->quota, buf);
}

static void on_output(uv_stream_t *handle, ssize_t n, const uv_buf_t *buf)
{
	struct output *output = (struct output *)handle;
	struct process *process = output->process;
	if (n > 0)
		split_lines(output, buf->base, (size_t)n);
	if (n >= 0 || n == UV_ENOBUFS || !output->open)
		return;
	if (output->n > 0)
		end_line(output);
	close_output(output);
	check_end(process);
}

static void give_up(struct output *output)
{
	if (output->open && output->n > 0)
		end_line(output);
	close_output(output);
}

static void on_limit(uv_timer_t *handle)
{
	struct process *process = handle->data;
	give_up(&process->out);
	give_up(&process->err);
	check_end(process);
}

static void on_exit_of_child(uv_process_t *handle, int64_t code, int signum)
{
	struct process *process = handle->data;
	process->exited = true;
	process->end = (struct process_end){
		.code = signum ? -1 : (int)code,
		.signal = signum,
		.age = uv_now(&process->loop->uv) - process->started,
		.last_line = process->last_line,
	};
	uv_close((uv_handle_t *)handle, on_closed);
	if (process->freed)
		return;
	uv_timer_start(&process->limit, on_limit, OUTPUT_WAIT_MS, 0);
	check_end(process);
}

static void mark_all_by_table(void)
{
	DIR *table = opendir("/proc/self/fd");
	if (!table)
		return;
	for (struct dirent *entry = readdir(table); entry; entry = readdir(table)) {
		int fd = (int)g_ascii_strtoll(entry->d_name, NULL, 10);
		if (fd > STDERR_FILENO)
			fcntl(fd, F_SETFD, FD_CLOEXEC);
	}
	closedir(table);
}

/* Also what libraries opened without asking, so that a child gets nothing but its own three. */
static void mark_all_close_on_exec(void)
{
	if (close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0)
		mark_all_by_table();
}

static void open_output(struct process *process, struct output *output)
{
	uv_pipe_init(&process->loop->uv, &output->uv, 0);
	output->uv.data = output->process = process;
	output->open = true;
	process->handles++;
}

static int spawn(struct process *process, const char *const *argv, const char *cwd)
{
	uv_stdio_container_t stdio[] = {
		{ .flags = UV_IGNORE },
		{ .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&process->out.uv },
		{ .flags = UV_CREATE_PIPE | UV_WRITABLE_PIPE, .data.stream = (uv_stream_t *)&process->err.uv },
	};
	uv_process_options_t options = {
		.exit_cb = on_exit_of_child,
		.file = argv[0],
		.args = (char **)(void *)argv,
		.cwd = cwd,
		.flags = UV_PROCESS_DETACHED,
		.stdio_count = G_N_ELEMENTS(stdio),
		.stdio = stdio,
	};
	mark_all_close_on_exec();
	process->handles++;
	process->uv.data = process;
	return uv_spawn(&process->loop->uv, &process->uv, &options);
}

/* The child tells only the number of the error, whichever of the two it is about. */
static void set_spawn_error(const char *program, const char *cwd, int status, GError **error)
{
	const char *reason = uv_strerror(status);
	if (cwd && access(cwd, X_OK) != 0)
		g_set_error(error, LOOP_ERROR, LOOP_ERROR_FAILED, "cannot start %s in %s: %s", program, cwd, reason);
	else
		g_set_error(error, LOOP_ERROR, LOOP_ERROR_FAILED, "cannot start %s: %s", program, reason);
}

static void close_all(struct process *process)
{
	process->freed = true;
	process->loop->unfinished++;
	close_output(&process->out);
	close_output(&process->err);
	uv_close((uv_handle_t *)&process->limit, on_closed);
}

struct process *process_spawn(struct loop *loop, const char *const *argv, const char *cwd,
			      const struct process_events *events, void *ctx, GError **error)
{
	if (!strchr(argv[0], '/')) {
		g_set_error(error, LOOP_ERROR, LOOP_ERROR_FAILED, "cannot start %s: not a path", argv[0]);
		return NULL;
	}
	struct process *process = g_new0(struct process, 1);
	process->loop = loop;
	process->events = *events;
	process->ctx = ctx;
	loop_refresh(loop);
	process->started = uv_now(&loop->uv);
	uv_timer_init(&loop->uv, &process->limit);
	process->limit.data = process;
	process->handles = 1;
	open_output(process, &process->out);
	open_output(process, &process->err);
	int status = spawn(process, argv, cwd);
	if (status != 0) {
		set_spawn_error(argv[0], cwd, status, error);
		uv_close((uv_handle_t *)&process->uv, on_closed);
		close_all(process);
		return NULL;
	}
	uv_read_start((uv_stream_t *)&process->out.uv, offer_buffer, on_output);
	uv_read_start((uv_stream_t *)&process->err.uv, offer_buffer, on_output);
	return process;
}

pid_t process_pid(const struct process *process)
{
	return process->uv.pid;
}

/* After the exit the id may be another process's. */
void process_signal(struct process *process, int signum)
{
	if (!process->exited)
		uv_process_kill(&process->uv, signum);
}

void process_free(struct process **where)
{
	struct process *process = *where;
	if (!process)
		return;
	*where = NULL;
	if (!process->exited) {
		kill(-process->uv.pid, SIGKILL); /* it leads its own group: what it started in there goes with it */
		kill(process->uv.pid, SIGKILL);
	}
	close_all(process);
}

const char *process_end_text(const struct process_end *end)
{
	static char text[80];
	if (end->signal)
		g_snprintf(text, sizeof text, "signal %d (%s)", end->signal, strsignal(end->signal));
	else
		g_snprintf(text, sizeof text, "exit code %d", end->code);
	return text;
}
