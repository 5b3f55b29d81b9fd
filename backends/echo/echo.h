/* SPDX-License-Identifier: MIT */
#ifndef ECHO_ECHO_H
#define ECHO_ECHO_H

#include "plugin/plugin.h"

/* The network of this backend: one contact named `echo` that repeats what it hears, and as many rooms
 * as there are names, in each of which it sits as a moderator. */
struct echo;

/* `plugin` is borrowed. Says what the network can do. */
struct echo *echo_new(struct plugin *plugin);
void echo_free(struct echo **echo);

/* To be called with the struct echo as ctx. */
extern const struct plugin_events echo_events;

#endif
