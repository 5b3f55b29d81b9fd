/* SPDX-License-Identifier: MIT */
#ifndef PLUGIN_MEMORY_H
#define PLUGIN_MEMORY_H

#include <stdint.h>

/* Memory of this process in KiB, of which `shared` may be shared with others. */
struct plugin_memory {
	int32_t resident, shared;
};

/* From /proc/self/statm; zeros where there is none. */
struct plugin_memory plugin_memory_read(void);

#endif
