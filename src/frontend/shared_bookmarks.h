/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_SHARED_BOOKMARKS_H
#define FRONTEND_SHARED_BOOKMARKS_H

#include "frontend/pep.h"

/* Server mode: one list of rooms for clients that know bookmarks as private storage (XEP-0048 in XEP-0049) and for
 * those that know them as items of a node (XEP-0402): what was written last, in either form, is what both see. */

#define NS_OLD_BOOKMARKS "storage:bookmarks"

/* Answers the task's request with the storage:bookmarks element. Ends the task, whose node is NS_BOOKMARKS. */
void shared_bookmarks_get(struct pep_task *task);

/* Keeps `storage`, a storage:bookmarks element as text. Ends the task, likewise. */
void shared_bookmarks_set(struct pep_task *task, const char *storage);

/* If there is no node yet, makes items of what lies in private storage; then calls go_on(), unless the task was ended
 * for an error. */
void shared_bookmarks_import(struct pep_task *task, void (*go_on)(struct pep_task *task));

/* Puts a room among them unless it is there, or takes it out. `conference` is the XML of the new form. */
void shared_bookmarks_add(struct frontend *frontend, const struct jid *who, const char *room, const char *conference);
void shared_bookmarks_drop(struct frontend *frontend, const struct jid *who, const char *room);

#endif
