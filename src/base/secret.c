/* SPDX-License-Identifier: MIT */
#include "base/secret.h"

#include <glib.h>
#include <string.h>

char *secret_dup(const char *s)
{
	return g_strdup(s);
}

void secret_free(char **s)
{
	if (!*s)
		return;
	secret_wipe(*s, strlen(*s));
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
