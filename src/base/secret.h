/* SPDX-License-Identifier: MIT */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

/* Passwords in memory: plain NUL-terminated copies that are overwritten before they are freed, and that no core dump
 * has in it unless they are very long. From any thread. */
char *secret_dup(const char *s);
/* Takes what g_malloc() has given, too. */
void secret_free(char **s);

/* Whether they are the same, in a time that does not tell how much of `given` is right. */
bool secret_is(const char *given, const char *right);

/* Overwrites n bytes in a way the compiler keeps. */
void secret_wipe(void *p, size_t n);

#endif
