/* SPDX-License-Identifier: MIT */
#ifndef FRONTEND_IQ_PEP_H
#define FRONTEND_IQ_PEP_H

#include "frontend/iq/iq.h"

struct pep_task;

/* What may stand in a <pubsub/>, the last row without a name. */
struct pep_action {
	const char *name;
	void (*act)(struct pep_task *task, const struct stanza *request, const struct xml_element *action);
};

void pep_act(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload,
	     const struct pep_action *actions);

/* Answers disco#items of the account: its nodes. */
void pep_get_nodes(struct frontend *frontend, const struct stanza *request);

#endif
