/* SPDX-License-Identifier: MIT */
#ifndef DAEMON_NOTIFY_H
#define DAEMON_NOTIFY_H

/* Tells systemd how we are ("READY=1", "STOPPING=1"...), if it asks (sd_notify(3), NOTIFY_SOCKET). */
void notify_state(const char *state);

#endif
