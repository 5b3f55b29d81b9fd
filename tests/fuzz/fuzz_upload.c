/* SPDX-License-Identifier: MIT */
/* Names and tickets of uploads: a cleaned name is a safe one and stays as it is, nobody makes up a ticket. */
#include "frontend/server/upload.h"
#include "frontend/server/upload_files.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_name(const char *text)
{
	g_autofree char *clean = upload_clean_name(text), *again = upload_clean_name(clean);
	g_assert(*clean && *clean != '.' && strlen(clean) <= UPLOAD_NAME_MAX);
	g_assert(strspn(clean, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(clean));
	g_assert(!strcmp(clean, again));
}

static void check_ticket(const char *text)
{
	static const unsigned char key[UPLOAD_KEY_SIZE] = { 7 };
	struct upload_ticket ticket = { "/upload/x/y", "text/plain", 5, 1 };
	g_autofree char *good = upload_ticket_write(key, &ticket);
	g_assert(upload_ticket_is_good(key, &ticket, good));
	g_assert(!strcmp(text, good) || !upload_ticket_is_good(key, &ticket, text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autofree char *text = g_strndup(size ? (const char *)data : "", size);
	check_name(text);
	check_ticket(text);
	return 0;
}
