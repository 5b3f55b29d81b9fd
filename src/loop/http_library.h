/* SPDX-License-Identifier: MIT */
#ifndef LOOP_HTTP_LIBRARY_H
#define LOOP_HTTP_LIBRARY_H

#include <glib.h>
#include <microhttpd.h>

/* The functions of libmicrohttpd that http.c uses. The library is loaded when the first server is opened: it brings a
 * whole TLS library along, which costs memory and time at each start, and few instances serve files. */
#define HTTP_LIBRARY_FUNCTIONS(F)      \
	F(add_response_header)         \
	F(create_response_from_buffer) \
	F(create_response_from_fd64)   \
	F(destroy_response)            \
	F(get_daemon_info)             \
	F(lookup_connection_value)     \
	F(queue_response)              \
	F(start_daemon)                \
	F(stop_daemon)

#define HTTP_LIBRARY_MEMBER(name) __typeof__(MHD_##name) *name;
struct http_library {
	HTTP_LIBRARY_FUNCTIONS(HTTP_LIBRARY_MEMBER)
};
#undef HTTP_LIBRARY_MEMBER

/* Stays loaded until the process ends. NULL with an error that says why it cannot be. */
const struct http_library *http_library(GError **error);

#endif
