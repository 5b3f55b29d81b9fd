/* SPDX-License-Identifier: MIT */
#include "frontend/server/guard.h"

#include "base/hash.h"

#include <arpa/inet.h>
#include <glib.h>
#include <string.h>

/* An address or a name, known by its hash; address 0 is one without limits. */
struct entry {
	uint64_t key; /* first: the table is a set by it */
	GList link;   /* in table->order */
	unsigned count;
	uint64_t last; /* when it was counted */
	uint64_t next; /* no try before */
	/* Of names: the address that has logged in, and the last one that could not. */
	uint64_t trusted, blamed;
};

struct table {
	GHashTable *entries; /* struct entry, owned */
	GQueue order;        /* the oldest first */
};

struct guard {
	struct loop *loop;
	unsigned strangers;
	GHashTable *present; /* struct entry, owned: addresses of strangers, and how many */
	struct table addresses, names;
};

static void init_table(struct table *table)
{
	table->entries = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	g_queue_init(&table->order);
}

struct guard *guard_new(struct loop *loop)
{
	struct guard *guard = g_new0(struct guard, 1);
	guard->loop = loop;
	guard->present = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	init_table(&guard->addresses);
	init_table(&guard->names);
	return guard;
}

void guard_free(struct guard **guardp)
{
	struct guard *guard = *guardp;
	if (!guard)
		return;
	*guardp = NULL;
	g_hash_table_destroy(guard->present);
	g_hash_table_destroy(guard->addresses.entries);
	g_hash_table_destroy(guard->names.entries);
	g_free(guard);
}

/* --- addresses -------------------------------------------------------------------------------- */

static uint64_t hash_of(const void *bytes, size_t n)
{
	return hash_bytes(bytes, n) | 1;
}

/* Whoever has an IPv6 address has 2^64 of them. */
static uint64_t address_of(const char *peer)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr six;
	struct in_addr four;
	bool bracket = *peer == '[';
	const char *end = bracket ? strchr(peer, ']') : strrchr(peer, ':');
	peer += bracket;
	if (!end || (size_t)(end - peer) >= sizeof(text))
		return 0;
	memcpy(text, peer, (size_t)(end - peer));
	text[end - peer] = '\0';
	if (inet_pton(AF_INET, text, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127 ? 0 : hash_of(&four, sizeof(four));
	if (inet_pton(AF_INET6, text, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six) ? 0 : hash_of(&six, 8);
	return 0;
}

/* --- strangers -------------------------------------------------------------------------------- */

bool guard_is_full(const struct guard *guard)
{
	return guard->strangers >= GUARD_STRANGERS_MAX;
}

bool guard_enter(struct guard *guard, const char *peer)
{
	uint64_t address = address_of(peer);
	struct entry *entry = address ? g_hash_table_lookup(guard->present, &address) : NULL;
	if (guard_is_full(guard) || (entry && entry->count >= GUARD_STRANGERS_ADDRESS_MAX))
		return false;
	guard->strangers++;
	if (address && !entry) {
		entry = g_new0(struct entry, 1);
		entry->key = address;
		g_hash_table_add(guard->present, entry);
	}
	if (entry)
		entry->count++;
	return true;
}

void guard_leave(struct guard *guard, const char *peer)
{
	uint64_t address = address_of(peer);
	struct entry *entry = address ? g_hash_table_lookup(guard->present, &address) : NULL;
	g_assert(guard->strangers > 0);
	guard->strangers--;
	if (entry && --entry->count == 0)
		g_hash_table_remove(guard->present, &address);
}

/* --- passwords -------------------------------------------------------------------------------- */

static void drop_oldest(struct table *table)
{
	struct entry *oldest = g_queue_pop_head_link(&table->order)->data;
	g_hash_table_remove(table->entries, &oldest->key);
}

static struct entry *find(const struct table *table, uint64_t key, uint64_t now)
{
	struct entry *entry = g_hash_table_lookup(table->entries, &key);
	if (entry && now - entry->last >= GUARD_FORGET_MS) {
		entry->count = 0;
		entry->next = entry->blamed = 0;
	}
	return entry;
}

/* The entry, made if it is not there, becomes the newest. */
static struct entry *touch(struct table *table, uint64_t key, uint64_t now)
{
	struct entry *entry = find(table, key, now);
	if (entry) {
		g_queue_unlink(&table->order, &entry->link);
	} else {
		if (table->order.length >= GUARD_TABLE_MAX)
			drop_oldest(table);
		entry = g_new0(struct entry, 1);
		entry->key = key;
		entry->link.data = entry;
		g_hash_table_add(table->entries, entry);
	}
	entry->last = now;
	g_queue_push_tail_link(&table->order, &entry->link);
	return entry;
}

static uint64_t step_of(unsigned count, unsigned unhindered)
{
	enum { DOUBLINGS_MAX = 6 };
	if (count < unhindered)
		return 0;
	return MIN((uint64_t)GUARD_DELAY_MIN_MS << MIN(count - unhindered, DOUBLINGS_MAX), GUARD_DELAY_MAX_MS);
}

/* One after the other: each has to wait for the one before. */
static uint64_t wait_of(const struct entry *entry, unsigned unhindered, uint64_t now)
{
	uint64_t step = entry ? step_of(entry->count, unhindered) : 0;
	return step ? MAX(entry->next, now) + step - now : 0;
}

static void book(struct entry *entry, uint64_t at)
{
	if (entry)
		entry->next = MAX(entry->next, at);
}

uint64_t guard_delay(struct guard *guard, const char *peer, const char *name)
{
	uint64_t now = loop_now(guard->loop), address = address_of(peer);
	struct entry *named = touch(&guard->names, hash_of(name, strlen(name)), now);
	struct entry *from = address ? find(&guard->addresses, address, now) : NULL;
	uint64_t wait = 0;
	if (!address || named->trusted != address)
		wait = MAX(wait_of(named, GUARD_FAILURES_FREE, now), wait_of(from, GUARD_NAMES_FREE, now));
	if (wait > GUARD_DELAY_MAX_MS)
		return GUARD_NEVER;
	if (wait) {
		book(named, now + wait);
		book(from, now + wait);
	}
	named->count++;
	return wait;
}

void guard_failed(struct guard *guard, const char *peer, const char *name)
{
	uint64_t now = loop_now(guard->loop), address = address_of(peer);
	struct entry *named = touch(&guard->names, hash_of(name, strlen(name)), now);
	if (!address)
		return;
	if (named->trusted == address)
		named->trusted = 0;
	if (named->blamed != address)
		touch(&guard->addresses, address, now)->count++;
	named->blamed = address;
}

void guard_succeeded(struct guard *guard, const char *peer, const char *name)
{
	struct entry *named = touch(&guard->names, hash_of(name, strlen(name)), loop_now(guard->loop));
	named->count = 0;
	named->next = named->blamed = 0;
	named->trusted = address_of(peer);
}
