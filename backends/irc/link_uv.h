/* SPDX-License-Identifier: MIT */
#ifndef IRC_LINK_UV_H
#define IRC_LINK_UV_H

#include "irc/link.h"

#include "loop/loop.h"
#include "loop/tls.h"

/* Links on src/loop. Both members are borrowed. */
struct irc_link_host {
	struct loop *loop;
	struct tls *tls;
};

#endif
