/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_CAPACITY_H
#define FRONTEND_SERVER_CAPACITY_H

#include <stddef.h>

enum {
	CAPACITY_OTHERS =
		256,        /* descriptors that are not for clients: backends, files, streams that are being closed */
	CAPACITY_FEW = 2000 /* clients, that an administrator should know of */
};

/* How many clients there can be by the limit of open files. So it is never reached, and backends can be started and
 * files be opened however many clients come. */
size_t capacity_clients(void);

/* Says so in the log if it is few. */
void capacity_tell(size_t clients);

#endif
