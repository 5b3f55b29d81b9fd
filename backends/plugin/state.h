/* SPDX-License-Identifier: MIT */
#ifndef PLUGIN_STATE_H
#define PLUGIN_STATE_H

#include "base/arena.h"
#include "plugin/plugin.h"
#include "wire/frame.h"

/* What the files of this folder share; of no concern to backends. */
struct plugin {
	const struct plugin_port *port;     /* borrowed */
	void *port_ctx;                     /* borrowed */
	const struct plugin_events *events; /* borrowed, never NULL */
	void *ctx;                          /* borrowed */
	struct wire_reader reader;
	struct arena *in;  /* the frame that is being handled */
	struct arena *out; /* the frame that is being sent */
	char *config;      /* the text of BACKEND_CONFIG, owned, NULL without features */
	int32_t first_resident;
	bool ping_seen, ponged;
};

/* Cleans and sends one frame, and forgets everything in plugin->out. `message` may be NULL. */
void plugin_put(struct plugin *plugin, enum wire_type type, ProtobufCMessage *message);

/* Answers a PING: the configuration before the first, then PONG and STATS. */
void plugin_pong(struct plugin *plugin);

/* Handles one frame of main. */
void plugin_receive(void *plugin, const struct wire_frame *frame);

#endif
