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

void secret_wipe(void *p, size_t n)
{
	if (n > 0)
		explicit_bzero(p, n);
}
