/* SPDX-License-Identifier: MIT */
#ifndef BASE_IDMAP_H
#define BASE_IDMAP_H

#include <stddef.h>
#include <stdint.h>

/* Ids for answers that come late: what crosses an asynchronous hop is the id, never a pointer; an
 * answer whose asker is gone finds nothing. Ids are never used twice and never 0. */
struct idmap;

struct idmap *idmap_new(void);

/* Does not free the values. */
void idmap_free(struct idmap **map);

uint64_t idmap_add(struct idmap *map, void *value);

/* NULL if there is none. take also forgets it. */
void *idmap_find(const struct idmap *map, uint64_t id);
void *idmap_take(struct idmap *map, uint64_t id);

size_t idmap_size(const struct idmap *map);

/* Calls `each` for every entry; it may take the entry it is called for, and no other. */
void idmap_each(struct idmap *map, void (*each)(void *ctx, uint64_t id, void *value), void *ctx);

#endif
