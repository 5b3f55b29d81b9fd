/* SPDX-License-Identifier: MIT */
#ifndef IRC_OUTGOING_H
#define IRC_OUTGOING_H

#include "plugin/plugin.h"

/* What main asks; the ctx is the struct irc_backend. */
extern const struct plugin_events irc_outgoing;

#endif
