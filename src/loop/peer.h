/* SPDX-License-Identifier: MIT */
#ifndef LOOP_PEER_H
#define LOOP_PEER_H

#include <stdbool.h>
#include <sys/socket.h>
#include <sys/types.h>

/* Who is at the other end of a socket. Addresses are IPv4 or IPv6; an IPv4 address mapped into IPv6 counts as
 * what it is. */

/* "127.0.0.1:6667", "[::1]:6667". To be freed. */
char *peer_text(const struct sockaddr *address);

bool peer_is_loopback(const struct sockaddr *address);

/* The user id that opened the other end of a TCP connection within this machine: asks the kernel (sock_diag(7)),
 * or reads /proc/net/tcp where that is not allowed. False if there is no such socket that a process holds open. */
bool peer_uid_of_tcp(const struct sockaddr *peer, const struct sockaddr *local, uid_t *uid);

/* The same from the table of the kernel in text form alone. */
bool peer_uid_by_table(const struct sockaddr *peer, const struct sockaddr *local, uid_t *uid);

bool peer_uid_of_unix(int fd, uid_t *uid);

#endif
