/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_SUPPORT_H
#define DAEMON_SUPPORT_H

#include "config/config.h"

/* Configurations of the C++ program are taken as they are, also where this version has not all that it
 * had. False with an error that names the key if doing without would let in whom the administrator
 * keeps out, or serve nobody. What else is asked for and not there is appended to `warnings`, a line each. */
bool support_check(const struct config *config, GString *warnings, GError **error);

#endif
