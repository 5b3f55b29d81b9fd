/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_UPLOAD_FILES_H
#define FRONTEND_SERVER_UPLOAD_FILES_H

#include "frontend/server/upload_ticket.h"

#include <glib.h>

/* The files of uploads, and who puts and gets them by HTTP. Below the folder they are upload/RANDOM/NAME. */
struct upload_files;

enum { UPLOAD_RANDOM_SIZE = 32 /* hex digits */ };

struct upload_files_options {
	const char *folder, *address;
	unsigned port;
	const unsigned char *key; /* UPLOAD_KEY_SIZE bytes; copied */
	bool serves;              /* files can be fetched here too */
};

struct upload_files *upload_files_open(const struct upload_files_options *options, GError **error);
void upload_files_close(struct upload_files **files);
unsigned upload_files_port(const struct upload_files *files);

/* A path as it is in addresses, "/upload/RANDOM/NAME". To be freed. */
char *upload_path(const char *random, const char *name);
/* A name that is safe as one, and in an address. To be freed. */
char *upload_clean_name(const char *name);

/* Removes files that are older than `before` (seconds since 1970), and what was never finished, some at once: how many
 * there were. Blocks. */
unsigned upload_files_expire(const char *folder, int64_t before, unsigned max);

#endif
