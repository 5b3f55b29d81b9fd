/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SERVER_IDENTITY_H
#define FRONTEND_SERVER_IDENTITY_H

#include "config/config.h"
#include "loop/tls.h"

/* TLS for accepting clients with the certificate that the configuration names, or one of our own where it names none.
 * Warnings are logged. NULL with an error that names option, file and reason: at the start it is fatal, at a reload the
 * one before stays. For a reload make another one and free the old one at once: streams keep what they use of it. */
struct tls *identity_tls(const struct config *config, GError **error);

#endif
