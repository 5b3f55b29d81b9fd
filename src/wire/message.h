/* SPDX-License-Identifier: MIT */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

#include "base/arena.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>

/* Makes every text of the message, also in lists and messages inside it, fit for XML (base/text.h).
 * What must change is replaced by a copy in the arena; texts and lists of texts that are borrowed are
 * never written to, inner messages are. True if anything was changed. */
bool wire_clean(ProtobufCMessage *message, struct arena *arena);

#endif
