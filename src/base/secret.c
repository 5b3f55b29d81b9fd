/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <glib.h>
#include <string.h>
#include <sys/mman.h>

/* One range of memory that no core dump has in it, in cells of one size; pages that were never used cost nothing. What
 * is longer, or comes when all are taken, is on the heap. */
enum { CELL = 256, CELLS = 128 << 10 };

union cell {
	union cell *next; /* of the free ones */
	char text[CELL];
};

static struct {
	GMutex mutex;
	union cell *cells, *free;
	size_t used; /* cells that were ever taken */
} vault;

/* NULL: there is none. */
static union cell *open_vault(void)
{
	static gsize tried;
	if (g_once_init_enter(&tried)) {
		void *range = mmap(NULL, sizeof(union cell) * CELLS, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
		if (range != MAP_FAILED && !madvise(range, sizeof(union cell) * CELLS, MADV_DONTDUMP))
			vault.cells = range;
		g_once_init_leave(&tried, 1);
	}
	return vault.cells;
}

static union cell *take_cell(void)
{
	union cell *cell = NULL;
	if (!open_vault())
		return NULL;
	g_mutex_lock(&vault.mutex);
	if (vault.free) {
		cell = vault.free;
		vault.free = cell->next;
	} else if (vault.used < CELLS) {
		cell = &vault.cells[vault.used++];
	}
	g_mutex_unlock(&vault.mutex);
	return cell;
}

static bool is_cell(const char *s)
{
	const union cell *cells = open_vault();
	return cells && s >= cells->text && s < cells[CELLS - 1].text + CELL;
}

static void give_back(char *s)
{
	union cell *cell = (union cell *)s;
	g_mutex_lock(&vault.mutex);
	cell->next = vault.free;
	vault.free = cell;
	g_mutex_unlock(&vault.mutex);
}

char *secret_dup(const char *s)
{
	size_t n = s ? strlen(s) + 1 : 0;
	union cell *cell = n && n <= CELL ? take_cell() : NULL;
	return cell ? memcpy(cell->text, s, n) : g_strdup(s);
}

void secret_free(char **s)
{
	if (!*s)
		return;
	secret_wipe(*s, strlen(*s));
	if (is_cell(*s))
		give_back(*s);
	else
		g_free(*s);
	*s = NULL;
}

bool secret_is(const char *given, const char *right)
{
	size_t n = strlen(right), m = strlen(given);
	unsigned differs = n != m;
	/* As long as what is given is, whatever the right one is. */
	for (size_t i = 0; i < m; i++)
		differs |= (unsigned char)given[i] ^ (unsigned char)(n ? right[i % n] : 0);
	return !differs;
}

void secret_wipe(void *p, size_t n)
{
	if (n > 0)
		explicit_bzero(p, n);
}
