/* SPDX-License-Identifier: MIT */
/* spectrum2_echo_backend: a network without a network. It is here to be copied: a backend is this file,
 * which starts it, and a table of functions (echo.c), which is what it does. A backend with a real
 * network also opens its connections on host->loop. */
#include "echo/echo.h"
#include "plugin/main_loop.h"

static void *start(const struct plugin_host *host, GError **error)
{
	return echo_new(host->plugin);
}

static void stop(void *ctx)
{
	struct echo *echo = ctx;
	echo_free(&echo);
}

int main(int argc, char **argv)
{
	static const struct plugin_program program = {
		.name = "spectrum2_echo_backend",
		.events = &echo_events,
		.start = start,
		.stop = stop,
	};
	return plugin_run(argc, argv, &program);
}
