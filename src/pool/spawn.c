/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "pool/private.h"

#include <errno.h>
#include <unistd.h>

LOG_AREA("NetworkPluginServer");

enum spawn_error { SPAWN_ERROR_COMMAND };
#define SPAWN_ERROR (g_quark_from_static_string("spawn-error"))

static char *own_folder(void)
{
	g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
	return self ? g_path_get_dirname(self) : g_strdup(".");
}

/* A bare name is looked for where we are installed; there is no search of PATH. NULL: not found. */
static char *find_program(const char *name, GError **error)
{
	g_autofree char *own = own_folder();
	g_autofree char *beside = g_build_filename(own, "..", "libexec", NULL);
	const char *const folders[] = { own, beside, "/usr/libexec", "/usr/local/libexec" };
	for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
		g_autofree char *path = g_build_filename(folders[i], name, NULL);
		if (g_file_test(path, G_FILE_TEST_IS_EXECUTABLE) && !g_file_test(path, G_FILE_TEST_IS_DIR))
			return g_steal_pointer(&path);
	}
	g_set_error(
		error, SPAWN_ERROR, SPAWN_ERROR_COMMAND,
		"service.backend: there is no program '%s' in %s, its ../libexec, /usr/libexec and /usr/local/libexec; "
		"give the whole path of a backend",
		name, own);
	return NULL;
}

/* The words of service.backend, the program first, with its path. */
static char **split_command(const struct config *config, unsigned spawned, GError **error)
{
	g_auto(GStrv) parts = g_strsplit(config_text(config, CONFIG_SERVICE_BACKEND), "BACKEND_ID", -1);
	g_autofree char *counter = g_strdup_printf("%u", spawned);
	g_autofree char *command = g_strjoinv(counter, parts);
	g_auto(GStrv) words = NULL;
	if (!g_shell_parse_argv(command, NULL, &words, error)) {
		g_prefix_error(error, "service.backend: ");
		return NULL;
	}
	if (!strchr(words[0], '/')) {
		char *path = find_program(words[0], error);
		if (!path)
			return NULL;
		g_free(words[0]);
		words[0] = path;
	}
	return g_steal_pointer(&words);
}

bool pool_check_command(const struct config *config, GError **error)
{
	g_auto(GStrv) words = split_command(config, 0, error);
	if (!words || !access(words[0], X_OK))
		return words != NULL;
	g_set_error(error, SPAWN_ERROR, SPAWN_ERROR_COMMAND, "service.backend: '%s' cannot be run: %s", words[0],
		    g_strerror(errno));
	return false;
}

/* Exactly these words, in this order: pyspectrum2's parser takes no others. */
static GPtrArray *make_argv(const struct pool *pool, unsigned slot, GError **error)
{
	g_auto(GStrv) words = split_command(pool->config, pool->spawned, error);
	if (!words)
		return NULL;
	GPtrArray *argv = g_ptr_array_new_with_free_func(g_free);
	for (char **word = words; *word; word++)
		g_ptr_array_add(argv, g_strdup(*word));
	g_ptr_array_add(argv, g_strdup("--host"));
	g_ptr_array_add(argv, g_strdup(pool_host(pool)));
	g_ptr_array_add(argv, g_strdup("--port"));
	g_ptr_array_add(argv, g_strdup_printf("%u", pool->port));
	g_ptr_array_add(argv, g_strdup_printf("--service.backend_id=%u", slot));
	g_ptr_array_add(argv, g_strdup("-j"));
	g_ptr_array_add(argv, g_strdup(config_text(pool->config, CONFIG_SERVICE_JID)));
	for (char **word = pool->overrides; word && *word; word++)
		g_ptr_array_add(argv, g_strconcat("--", *word, NULL));
	g_ptr_array_add(argv, g_strdup(config_path(pool->config)));
	g_ptr_array_add(argv, NULL);
	return argv;
}

static void on_line(void *ctx, const char *line)
{
	output_log(ctx, line);
}

static void on_ended(void *ctx, const struct process_end *end)
{
	backend_ended(ctx, end);
}

static void wait_for_next_try(struct pool *pool)
{
	uint32_t ms = backoff_next(&pool->backoff);
	log_debug("the next backend is started in %u ms at the earliest", (unsigned)ms);
	timer_start(pool->retry_timer, ms, 0);
}

void spawn_note_end(struct backend *backend)
{
	struct pool *pool = backend->pool;
	uint64_t age = loop_now(pool->loop) - backend->started;
	if (backend->noted || backend->pid == 0 || pool->stopping)
		return;
	backend->noted = true;
	if (!backend->expected && (!backend->answered || age < POOL_SHORT_LIFE_MS))
		wait_for_next_try(pool);
	else
		backoff_reset(&pool->backoff);
}

/* False if nothing could be started. */
static bool run(struct backend *backend, GError **error)
{
	static const struct process_events events = { .line = on_line, .ended = on_ended };
	struct pool *pool = backend->pool;
	g_autoptr(GPtrArray) argv = make_argv(pool, backend->slot, error);
	pool->spawned++;
	if (!argv)
		return false;
	backend->process =
		process_spawn(pool->loop, (const char *const *)argv->pdata,
			      config_text(pool->config, CONFIG_SERVICE_WORKING_DIR), &events, backend, error);
	return backend->process != NULL;
}

static bool start_one(struct pool *pool)
{
	g_autoptr(GError) error = NULL;
	struct backend *backend = backend_new(pool);
	if (!run(backend, &error)) {
		backend->end.text = g_strdup(error->message);
		backend_set_state(backend, BACKEND_GONE);
		return false;
	}
	backend->pid = process_pid(backend->process);
	backend->started = loop_now(pool->loop);
	g_free(backend->name);
	backend->name = g_strdup_printf("backend %u (pid %d)", backend->slot, (int)backend->pid);
	metrics_count(pool->metrics, METRIC_BACKENDS_STARTED);
	log_info("%s is starting", backend->name);
	timer_start(backend->timer, pool->start_ms, 0);
	return true;
}

/* One at a time, or as many as those who wait would fill; one if there is none at all. */
static size_t count_wanted(const struct pool *pool)
{
	size_t room = (size_t)config_int(pool->config, CONFIG_SERVICE_USERS_PER_BACKEND);
	if (pool->waiting.length > 0 && !seat_room(pool))
		return MIN((pool->waiting.length + room - 1) / room, (size_t)POOL_STARTS_MAX);
	return backend_count(pool, BACKEND_READY) == 0 ? 1 : 0;
}

void spawn_missing(struct pool *pool)
{
	size_t wanted = count_wanted(pool);
	size_t starting = backend_count(pool, BACKEND_STARTING);
	if (timer_active(pool->retry_timer))
		return;
	for (; starting < wanted && pool->backends.length < POOL_BACKENDS_MAX; starting++) {
		if (!start_one(pool)) {
			wait_for_next_try(pool);
			return;
		}
	}
}
