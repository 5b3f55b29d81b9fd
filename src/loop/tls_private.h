/* SPDX-License-Identifier: MIT */
#ifndef LOOP_TLS_PRIVATE_H
#define LOOP_TLS_PRIVATE_H

#include "loop/tls.h"

#include <openssl/ssl.h>
#include <stdbool.h>

struct tls {
	SSL_CTX *context;
	bool server, verify;
};

#endif
