/* SPDX-License-Identifier: MIT */
#ifndef CORE_FIGURES_H
#define CORE_FIGURES_H

#include "core/core.h"

/* How much of everything there is. */
struct core_figures {
	uint64_t uptime; /* s */
	uint64_t users_online;
	uint64_t contacts, contacts_online;
};

/* Counted at most once a second: it takes a look at every contact. */
const struct core_figures *core_figures(struct core *core);

#endif
