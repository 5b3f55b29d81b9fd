/* SPDX-License-Identifier: MIT */
#include "daemon/instance.h"

#include "base/log.h"
#include "core/core.h"
#include "daemon/control.h"
#include "daemon/notify.h"
#include "frontend/gateway.h"
#include "frontend/server/server.h"
#include "loop/signal.h"
#include "pool/pool.h"
#include "storage/storage.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

LOG_AREA("Spectrum");

struct instance {
	struct instance_options options;
	struct config *config;
	struct metrics metrics;
	struct loop *loop;
	struct signal_watch *signals[3];
	struct storage *storage;
	struct frontend *frontend;
	struct gateway *gateway; /* NULL in server mode */
	struct server *server;   /* NULL in gateway mode */
	struct pool *pool;
	struct core *core;
	struct admin *admin;
	struct control control;
	GError *fatal; /* why it cannot go on */
	bool stopping;
};

/* --- stopping -------------------------------------------------------------------------------- */

static void backends_gone(void *ctx)
{
	struct instance *instance = ctx;
	loop_stop(instance->loop);
}

/* Users first, then the stream they were told by, then the backends. */
static void stop(struct instance *instance)
{
	if (instance->stopping)
		return;
	instance->stopping = true;
	log_info("stopping with %zu users", core_user_count(instance->core));
	notify_state("STOPPING=1");
	if (instance->server)
		server_stop(instance->server);
	core_logout_all(instance->core);
	gateway_close(&instance->gateway);
	server_close(&instance->server);
	pool_stop(instance->pool, backends_gone, instance);
}

/* --- reloading ------------------------------------------------------------------------------- */

static void log_lines(enum log_level level, const char *what, const GString *lines)
{
	g_auto(GStrv) list = g_strsplit(lines->str, "\n", -1);
	for (char **line = list; *line; line++) {
		if (!**line)
			continue;
		if (level == LOG_WARN)
			log_warn("%s%s", what, *line);
		else
			log_info("%s%s", what, *line);
	}
}

/* Also with the same file: what was renamed by a rotation is made anew. */
static void reopen_log(const struct config *config)
{
	g_autoptr(GError) error = NULL;
	const char *path = config_text(config, CONFIG_LOGGING_CONFIG);
	struct log_names names = { .jid = config_text(config, CONFIG_SERVICE_JID) };
	if (!*path)
		log_close();
	else if (!log_open(path, &names, &error))
		log_error("the log stays as it was: %s", error->message);
}

static bool reload(struct instance *instance)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) warnings = g_string_new(NULL), kept = g_string_new(NULL);
	struct config *fresh = config_load(&instance->options.source, warnings, &error), *merged;
	log_lines(LOG_WARN, "", warnings);
	if (!fresh) {
		log_error("the configuration stays as it was: %s", error->message);
		return false;
	}
	merged = config_merge_reload(instance->config, fresh, kept);
	config_unref(&fresh);
	log_lines(LOG_WARN, "counts after a restart only: ", kept);
	core_set_config(instance->core, merged);
	frontend_set_config(instance->frontend, merged);
	if (instance->server)
		server_set_config(instance->server, merged);
	else
		gateway_set_config(instance->gateway, merged);
	pool_set_config(instance->pool, merged);
	admin_set_config(instance->admin, merged);
	config_unref(&instance->config);
	instance->config = merged;
	reopen_log(merged);
	log_info("the configuration is reloaded");
	return true;
}

static bool reload_by_command(void *ctx)
{
	struct instance *instance = ctx;
	return !instance->stopping && reload(instance);
}

static void on_signal(void *ctx, int signum)
{
	struct instance *instance = ctx;
	if (signum == SIGHUP && !instance->stopping)
		reload(instance);
	else if (signum != SIGHUP)
		stop(instance);
}

/* --- events of the parts --------------------------------------------------------------------- */

static void storage_ready(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct instance *instance = ctx;
	if (answer->error) {
		instance->fatal = g_error_copy(answer->error);
		stop(instance);
	} else if (!instance->stopping) {
		instance->options.started(instance->options.ctx);
		notify_state("READY=1");
	}
}

static void open_server(struct instance *instance)
{
	if (server_open(instance->server, &instance->fatal))
		notify_state("STATUS=serving clients");
	else
		stop(instance);
}

static void backend_ready(void *ctx)
{
	struct instance *instance = ctx;
	if (instance->stopping)
		return;
	if (instance->server)
		open_server(instance);
	else
		gateway_open(instance->gateway);
}

static void link_up(void *ctx)
{
	notify_state("STATUS=connected to the XMPP server");
}

/* A server that does not keep up holds the networks back. */
static void link_pressure(void *ctx, bool high)
{
	struct instance *instance = ctx;
	if (!instance->stopping)
		pool_pause(instance->pool, high);
}

static void query_answered(void *ctx, uint64_t id, const struct admin_answer *answer)
{
	struct instance *instance = ctx;
	pool_answer_query(instance->pool, id, answer->text);
}

/* Only processes of our own user and root get this far. */
static void query(void *ctx, uint64_t id, const char *command)
{
	struct instance *instance = ctx;
	admin_ask(instance->admin, &(struct admin_asker){ NULL, true }, command,
		  (struct admin_reply){ query_answered, instance, id });
}

/* --- building -------------------------------------------------------------------------------- */

static char *database_path(const struct config *config)
{
	if (config_is_set(config, CONFIG_DATABASE_TYPE) || config_is_set(config, CONFIG_DATABASE_DATABASE))
		return g_strdup(config_text(config, CONFIG_DATABASE_DATABASE));
	return g_build_filename(config_text(config, CONFIG_SERVICE_WORKING_DIR), "database.sql", NULL);
}

static bool open_storage(struct instance *instance, GError **error)
{
	const struct config *config = instance->config;
	const char *type = config_text(config, CONFIG_DATABASE_TYPE);
	bool server_mode = config_bool(config, CONFIG_SERVICE_SERVER_MODE);
	g_autofree char *path = database_path(config);
	struct storage_options options = { .type = *type         ? type
						   : server_mode ? "none"
								 : "sqlite3",
					   .database = path,
					   .server = config_text(config, CONFIG_DATABASE_SERVER),
					   .user = config_text(config, CONFIG_DATABASE_USER),
					   .password = config_text(config, CONFIG_DATABASE_PASSWORD),
					   .port = config_int(config, CONFIG_DATABASE_PORT),
					   .prefix = config_text(config, CONFIG_DATABASE_PREFIX),
					   .encryption_key = config_text(config, CONFIG_DATABASE_ENCRYPTION_KEY),
					   .no_passwords = server_mode };
	instance->storage =
		storage_open(instance->loop, &options, (struct storage_reply){ storage_ready, instance, 0 }, error);
	if (instance->storage && storage_is_none(instance->storage) && !server_mode)
		log_warn("database.type = none: nobody can register with this gateway");
	return instance->storage;
}

static bool open_pool(struct instance *instance, GError **error)
{
	static const struct pool_events events = { .ready = backend_ready, .query = query };
	struct pool_options options = { .loop = instance->loop,
					.config = instance->config,
					.metrics = &instance->metrics,
					.overrides = instance->options.source.overrides,
					.events = &events,
					.ctx = instance };
	instance->pool = pool_new(&options, error);
	return instance->pool;
}

static void build_admin(struct instance *instance)
{
	instance->control = (struct control){ instance->pool, instance->frontend, reload_by_command, instance };
	instance->admin = admin_new(&(struct admin_options){ .loop = instance->loop,
							     .config = instance->config,
							     .metrics = &instance->metrics,
							     .core = instance->core,
							     .host = control_host(),
							     .host_ctx = &instance->control });
	frontend_set_admin(instance->frontend, instance->admin);
}

static bool build_gateway(struct instance *instance, GError **error)
{
	static const struct gateway_events events = { .up = link_up, .pressure = link_pressure };
	instance->gateway = gateway_new(&(struct gateway_options){ .loop = instance->loop,
								   .config = instance->config,
								   .metrics = &instance->metrics,
								   .frontend = instance->frontend,
								   .events = &events,
								   .ctx = instance },
					error);
	return instance->gateway;
}

static bool build_server(struct instance *instance, GError **error)
{
	instance->server = server_new(&(struct server_options){ .loop = instance->loop,
								.config = instance->config,
								.metrics = &instance->metrics,
								.frontend = instance->frontend },
				      error);
	return instance->server;
}

static bool build_core(struct instance *instance, GError **error)
{
	instance->frontend = frontend_new(instance->loop, instance->config, &instance->metrics);
	instance->core = core_new(&(struct core_options){ .loop = instance->loop,
							  .config = instance->config,
							  .storage = instance->storage,
							  .metrics = &instance->metrics,
							  .frontend = frontend_port(),
							  .frontend_ctx = instance->frontend,
							  .backend = pool_backend_port(),
							  .backend_ctx = instance->pool });
	frontend_set_core(instance->frontend, instance->core);
	build_admin(instance);
	return config_bool(instance->config, CONFIG_SERVICE_SERVER_MODE) ? build_server(instance, error)
									 : build_gateway(instance, error);
}

static bool write_port(const struct instance *instance, GError **error)
{
	g_autofree char *text = g_strdup_printf("%u\n", pool_port(instance->pool));
	return g_file_set_contents_full(config_text(instance->config, CONFIG_SERVICE_PORTFILE), text, -1,
					G_FILE_SET_CONTENTS_NONE, 0644, error);
}

static void watch_signals(struct instance *instance)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };
	for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
		instance->signals[i] = signal_watch(instance->loop, numbers[i], on_signal, instance);
}

struct instance *instance_new(const struct instance_options *options, GError **error)
{
	struct instance *instance = g_new0(struct instance, 1);
	instance->options = *options;
	instance->config = config_ref(options->config);
	instance->loop = loop_new();
	watch_signals(instance);
	if (!open_pool(instance, error) || !write_port(instance, error) || !open_storage(instance, error) ||
	    !build_core(instance, error)) {
		instance_free(&instance);
		return NULL;
	}
	return instance;
}

bool instance_run(struct instance *instance, GError **error)
{
	pool_start(instance->pool, instance->core);
	loop_run(instance->loop);
	if (!instance->fatal)
		return true;
	g_propagate_error(error, g_steal_pointer(&instance->fatal));
	return false;
}

void instance_free(struct instance **instancep)
{
	struct instance *instance = *instancep;
	if (!instance)
		return;
	*instancep = NULL;
	instance->stopping = true;
	storage_close(&instance->storage);
	gateway_close(&instance->gateway);
	server_close(&instance->server);
	core_free(&instance->core);
	admin_free(&instance->admin);
	frontend_free(&instance->frontend);
	if (instance->pool)
		unlink(config_text(instance->config, CONFIG_SERVICE_PORTFILE));
	pool_free(&instance->pool);
	for (size_t i = 0; i < G_N_ELEMENTS(instance->signals); i++)
		signal_unwatch(&instance->signals[i]);
	loop_free(&instance->loop);
	config_unref(&instance->config);
	g_clear_error(&instance->fatal);
	g_free(instance);
}
