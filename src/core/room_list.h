/* SPDX-License-Identifier: MIT */
#ifndef CORE_ROOM_LIST_H
#define CORE_ROOM_LIST_H

/* Rooms that a network lists, in the order of their nodes; filled by core_legacy_room_list(). */
struct room_list;

void room_list_free(struct room_list **list);

#endif
