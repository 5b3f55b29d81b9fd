/* SPDX-License-Identifier: MIT */
#ifndef TESTS_PLUGIN_DUMP_H
#define TESTS_PLUGIN_DUMP_H

#include "base/buf.h"

#include <glib.h>

/* Takes the whole frames out of the buffer and appends a line for each: the type, then field=value of
 * every field that is there ("CONNECTED user=u"). STATS has no fields, they differ from run to run. */
void dump_frames(struct buf *bytes, GString *text);

#endif
