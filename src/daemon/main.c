/* SPDX-License-Identifier: MIT */
#include "base/log.h"
#include "base/pidfile.h"
#include "config/doc.h"
#include "daemon/arguments.h"
#include "daemon/instance.h"
#include "daemon/process_setup.h"
#include "daemon/support.h"
#include "pool/pool.h"

#include <errno.h>
#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

LOG_AREA("Spectrum");

static int complain(const GError *error)
{
	fprintf(stderr, "spectrum2: %s\n", error->message);
	return 1;
}

/* Large queues go back to the system when they are empty; two threads share one heap; what is freed is joined
 * at once, not all together in some unlucky moment. */
static void tune_memory(void)
{
	mallopt(M_MXFAST, 0);
	mallopt(M_MMAP_THRESHOLD, 128 << 10);
	mallopt(M_TRIM_THRESHOLD, 256 << 10);
	mallopt(M_ARENA_MAX, 1);
}

static void started(void *ctx)
{
	setup_daemon_ready(ctx);
}

static int serve(const struct config *config, const struct config_source *source, int *ready, GError **error)
{
	struct instance_options options = { .config = config, .source = *source, .started = started, .ctx = ready };
	struct instance *instance = instance_new(&options, error);
	if (!instance)
		return complain(*error);
	log_info("spectrum2 " SPECTRUM_VERSION " serves %s", config_text(config, CONFIG_SERVICE_JID));
	bool good = instance_run(instance, error);
	instance_free(&instance);
	if (!good) {
		log_fatal("%s", (*error)->message);
		return complain(*error);
	}
	log_info("stopped");
	return 0;
}

/* From here on things are made; in the reverse order they are taken away again. */
static int prepare_and_serve(const struct config *config, const struct config_source *source, bool foreground)
{
	g_autoptr(GError) error = NULL;
	struct setup_identity identity;
	struct pidfile *pidfile = NULL;
	const char *logging = config_text(config, CONFIG_LOGGING_CONFIG);
	struct log_names names = { .jid = config_text(config, CONFIG_SERVICE_JID) };
	int ready = -1, code;

	umask(0007);
	if (!setup_find_identity(config, &identity, &error) || !setup_make_folders(config, &identity, &error) ||
	    !(pidfile = pidfile_lock(config_text(config, CONFIG_SERVICE_PIDFILE), &error)))
		return complain(error);
	if (!foreground && (ready = setup_daemonize(&error)) < 0)
		goto fail;
	if (!pidfile_write(pidfile, &error) || (*logging && !log_open(logging, &names, &error)) ||
	    (identity.uid != (uid_t)-1 && !log_chown(identity.uid, identity.gid, &error)) ||
	    !setup_drop_privileges(&identity, &error))
		goto fail;
	if (chdir(config_text(config, CONFIG_SERVICE_WORKING_DIR))) {
		g_set_error(&error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "service.working_dir %s cannot be entered",
			    config_text(config, CONFIG_SERVICE_WORKING_DIR));
		goto fail;
	}
	if (config_bool(config, CONFIG_SERVICE_SERVER_MODE))
		setup_hide_memory(); /* all who log in have a password in it */
	code = serve(config, source, &ready, &error);
	pidfile_remove(&pidfile);
	log_close();
	return code;
fail:
	pidfile_remove(&pidfile);
	return complain(error);
}

/* What is not in the file, but has to be there when it counts: that may be later, or elsewhere. */
static int check_surroundings(const struct config *config)
{
	g_autoptr(GError) error = NULL;
	static const enum config_option files[] = { CONFIG_LOGGING_CONFIG, CONFIG_LOGGING_BACKEND_CONFIG,
						    CONFIG_SERVICE_CERT, CONFIG_SERVICE_CERT_KEY };
	if (!pool_check_command(config, &error))
		fprintf(stderr, "warning: %s\n", error->message);
	for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
		const char *file = config_text(config, files[i]);
		if (*file && access(file, R_OK))
			fprintf(stderr, "warning: %s: %s: %s\n", config_option_info(files[i])->key, file,
				g_strerror(errno));
	}
	printf("%s: configuration OK\n", config_path(config));
	return 0;
}

static int check_or_serve(const struct arguments *arguments)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) warnings = g_string_new(NULL);
	/* The working folder is entered later, and a reload must still find the file. */
	g_autofree char *path = g_canonicalize_filename(arguments->path, NULL);
	struct config_source source = { path, arguments->jid, (const char *const *)arguments->overrides->pdata };
	struct config *config = config_load(&source, warnings, &error);
	bool good = config && support_check(config, warnings, &error);
	int code = 0;
	if (warnings->len)
		fprintf(stderr, "%s\n", warnings->str);
	if (!good)
		code = complain(error);
	else if (arguments->check)
		code = check_surroundings(config);
	else
		code = prepare_and_serve(config, &source, arguments->foreground);
	config_unref(&config);
	return code;
}

int main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct arguments arguments;
	int code = 0;
	setlocale(LC_ALL, "");
	tune_memory();
	signal(SIGPIPE, SIG_IGN);
	setup_raise_limits();
	if (!arguments_parse(&arguments, argc, argv, &error))
		code = complain(error);
	else if (arguments.help)
		fputs(arguments_usage, stdout);
	else if (arguments.version)
		puts(SPECTRUM_VERSION);
	else if (arguments.print_config)
		config_print_sample(stdout);
	else if (!arguments.path) {
		fprintf(stderr, "spectrum2: no configuration file is given\n\n%s", arguments_usage);
		code = 1;
	} else
		code = check_or_serve(&arguments);
	arguments_fini(&arguments);
	return code;
}
