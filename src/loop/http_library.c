/* SPDX-License-Identifier: MIT */
#include "loop/http_library.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <string.h>

/* The version whose header this is built with. */
#define LIBRARY "libmicrohttpd.so.12"

static bool find(void *handle, const char *name, void *function, GError **error)
{
	void *found = dlsym(handle, name);
	/* POSIX has functions and data of one size; C does not let one be cast to the other. */
	memcpy(function, &found, sizeof(found));
	if (!found)
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, LIBRARY " has no %s", name);
	return found;
}

static bool load(struct http_library *library, GError **error)
{
	void *handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, "%s", dlerror());
		return false;
	}
#define FIND(name)                                              \
	if (!find(handle, "MHD_" #name, &library->name, error)) \
		return false;
	HTTP_LIBRARY_FUNCTIONS(FIND)
#undef FIND
	return true;
}

const struct http_library *http_library(GError **error)
{
	static struct http_library library;
	static bool loaded;
	loaded = loaded || load(&library, error);
	return loaded ? &library : NULL;
}
