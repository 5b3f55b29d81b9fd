/* SPDX-License-Identifier: MIT */
/* spectrum2_irc_backend: users on IRC networks. */
#include "irc/account.h"
#include "irc/link_uv.h"
#include "irc/outgoing.h"
#include "irc/reports.h"

#include "plugin/main_loop.h"

static void free_links(struct irc_link_host *links)
{
	if (links->tls)
		tls_free(&links->tls);
	g_free(links);
}

static void *start(const struct plugin_host *host, GError **error)
{
	static const struct plugin_features features = { .need_password = true,
							 .muc = true,
							 .disable_jid_escaping = true };
	struct irc_link_host *links = g_new0(struct irc_link_host, 1);
	struct irc_backend *backend = NULL;
	links->loop = host->loop;
	/* What libpurple's networks are lax about by default, this one is not. */
	links->tls = tls_new_client(NULL, config_extra_bool(host->config, "service.verify_certs", true), error);
	if (links->tls)
		backend = irc_backend_new(host->plugin, links, &irc_reports, host->config, error);
	if (backend)
		plugin_set_features(host->plugin, &features);
	else
		free_links(links);
	return backend;
}

static void stop(void *ctx)
{
	struct irc_backend *backend = ctx;
	struct irc_link_host *links = backend->links;
	irc_backend_free(&backend);
	free_links(links);
}

int main(int argc, char **argv)
{
	static const struct plugin_program program = {
		.name = "spectrum2_irc_backend",
		.events = &irc_outgoing,
		.start = start,
		.stop = stop,
	};
	return plugin_run(argc, argv, &program);
}
