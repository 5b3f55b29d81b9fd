/* SPDX-License-Identifier: MIT */
#ifndef LOOP_ERROR_H
#define LOOP_ERROR_H

#include <glib.h>

/* What can go wrong with connections; the text names the address. */
enum loop_error { LOOP_ERROR_FAILED, LOOP_ERROR_TIMEOUT, LOOP_ERROR_RESOLVE, LOOP_ERROR_TLS, LOOP_ERROR_FULL };
#define LOOP_ERROR (loop_error_quark())
GQuark loop_error_quark(void);

#endif
