/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_PICTURE_STORE_H
#define FRONTEND_PICTURE_STORE_H

#include "loop/loop.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Pictures by their content: a folder with one file for each, named by its SHA-1, that is kept from growing by removing
 * what was not used for the longest time. All work on files is done by a thread of its own, which starts with the
 * first picture. */
struct picture_store;

/* What all of them may take. */
enum { PICTURE_STORE_BYTES = 64 << 20, PICTURE_STORE_FILES = 4096 };

/* SHA-1 in hex, lower case. */
enum { PICTURE_ID = 40 };
bool picture_is_id(const char *id);

struct picture_reply {
	/* bytes NULL: it is not there. Once, never before the call returned; never after picture_store_free(). */
	void (*done)(void *ctx, uint64_t id, const void *bytes, size_t n);
	void *ctx;
	uint64_t id;
};

struct picture_store *picture_store_new(struct loop *loop, const char *folder);
/* What was put is written first. */
void picture_store_free(struct picture_store **store);

/* Copies the bytes, whose SHA-1 `id` is. Under pressure it is left out. */
void picture_store_put(struct picture_store *store, const char *id, const void *bytes, size_t n);
/* `max` bytes at most. False: there is no looking at present, and `done` does not come. */
bool picture_store_get(struct picture_store *store, const char *id, size_t max, struct picture_reply reply);

#endif
