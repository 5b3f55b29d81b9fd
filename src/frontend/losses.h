/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_LOSSES_H
#define FRONTEND_LOSSES_H

#include <glib.h>

struct frontend;

/* Who lost how many stanzas while there was no link, to be told once when it is back. */
struct losses {
	GHashTable *users; /* bare JID (owned) to the number of stanzas; NULL: nobody */
	size_t count;      /* of all, also of those who are too many to be told */
};

enum { LOSSES_USERS_MAX = 10000 };

void losses_fini(struct losses *losses);
void losses_note(struct losses *losses, const char *to);
/* A message to each of them; forgets them. */
void losses_tell(struct losses *losses, struct frontend *frontend);

#endif
