/* SPDX-License-Identifier: MIT */
#include "plugin/state.h"

#include "base/log.h"
#include "pbnetwork.pb-c.h"
#include "plugin/memory.h"
#include "wire/message.h"

#include <stdio.h>
#include <unistd.h>

LOG_AREA("NetworkPlugin");

enum { ARENA_CHUNK = 8 << 10 };

static const struct plugin_events no_events;

struct plugin *plugin_new(const struct plugin_port *port, void *port_ctx)
{
	struct plugin *plugin = g_new0(struct plugin, 1);
	plugin->port = port;
	plugin->port_ctx = port_ctx;
	plugin->events = &no_events;
	wire_reader_init(&plugin->reader, WIRE_FRAME_MAX);
	plugin->in = arena_new(ARENA_CHUNK);
	plugin->out = arena_new(ARENA_CHUNK);
	plugin->first_resident = plugin_memory_read().resident;
	return plugin;
}

void plugin_free(struct plugin **plugin)
{
	struct plugin *p = *plugin;
	*plugin = NULL;
	if (!p)
		return;
	wire_reader_fini(&p->reader);
	arena_free(&p->in);
	arena_free(&p->out);
	g_free(p->config);
	g_free(p);
}

void plugin_set_events(struct plugin *plugin, const struct plugin_events *events, void *ctx)
{
	plugin->events = events ? events : &no_events;
	plugin->ctx = ctx;
}

bool plugin_feed(struct plugin *plugin, const void *bytes, size_t n)
{
	return wire_reader_feed(&plugin->reader, bytes, n, plugin_receive, plugin);
}

bool plugin_ping_seen(struct plugin *plugin)
{
	bool seen = plugin->ping_seen;
	plugin->ping_seen = false;
	return seen;
}

void plugin_put(struct plugin *plugin, enum wire_type type, ProtobufCMessage *message)
{
	struct buf *output = plugin->port->output(plugin->port_ctx);
	if (output) {
		if (message)
			wire_clean(message, plugin->out);
		if (!wire_put(output, type, message))
			log_error("%s: the frame does not fit and is dropped", wire_type_name(type));
		plugin->port->flush(plugin->port_ctx);
	}
	arena_reset(plugin->out);
}

static void put_config(struct plugin *plugin)
{
	Pbnetwork__BackendConfig config = PBNETWORK__BACKEND_CONFIG__INIT;
	config.config = plugin->config;
	plugin_put(plugin, WIRE_BACKEND_CONFIG, &config.base);
}

static void put_stats(struct plugin *plugin)
{
	struct plugin_memory memory = plugin_memory_read();
	Pbnetwork__Stats stats = PBNETWORK__STATS__INIT;
	char id[16];
	snprintf(id, sizeof(id), "%d", (int)getpid());
	stats.res = memory.resident;
	stats.init_res = plugin->first_resident;
	stats.shared = memory.shared;
	stats.id = id;
	plugin_put(plugin, WIRE_STATS, &stats.base);
}

void plugin_pong(struct plugin *plugin)
{
	plugin->ping_seen = true;
	/* Main offers the gateway to users at the first PONG; it must know the features by then. */
	if (!plugin->ponged && plugin->config)
		put_config(plugin);
	plugin->ponged = true;
	plugin_put(plugin, WIRE_PONG, NULL);
	put_stats(plugin);
}

static void add_bool(GString *text, const char *key, bool value)
{
	g_string_append_printf(text, "%s=%d\n", key, value);
}

/* What main reads is INI, where these would end the value. */
static void add_extra_field(GString *text, const char *name)
{
	g_autofree char *field = g_strdelimit(g_strdup(name), "\r\n#", '_');
	g_string_append_printf(text, "extraField=%s\n", field);
}

void plugin_set_features(struct plugin *plugin, const struct plugin_features *features)
{
	GString *text = g_string_new("[registration]\n");
	add_bool(text, "needPassword", features->need_password);
	add_bool(text, "needRegistration", features->need_registration);
	for (const char *const *field = features->extra_fields; field && *field; field++)
		add_extra_field(text, *field);
	g_string_append(text, "[features]\n");
	add_bool(text, "muc", features->muc);
	add_bool(text, "rawxml", features->rawxml);
	add_bool(text, "disable_jid_escaping", features->disable_jid_escaping);
	if (features->receipts)
		add_bool(text, "receipts", true);
	if (features->send_buddies_on_login)
		add_bool(text, "send_buddies_on_login", true);
	g_free(plugin->config);
	plugin->config = g_string_free(text, FALSE);
	if (plugin->ponged)
		put_config(plugin);
}
