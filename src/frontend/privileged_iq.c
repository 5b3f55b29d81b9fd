/* SPDX-License-Identifier: MIT */
#include "frontend/privileged_iq.h"

#include "frontend/privilege.h"

struct buf *privileged_iq_begin(struct frontend *frontend, const char *type, const char *user, const char *ns)
{
	const struct privilege *privilege = privilege_of(frontend, user);
	unsigned needed = strcmp(type, "get") ? PRIVILEGE_SET : PRIVILEGE_GET;
	if (privilege->version < 2 || !(privilege_iq(privilege, ns) & needed))
		return NULL;
	struct buf *out = ask_begin(frontend, type, (struct core_address){ 0 }, user);
	if (!out)
		return NULL;
	xml_put(out, "<privileged_iq xmlns='" NS_PRIVILEGE_2 "'><iq xmlns='jabber:client'");
	xml_put_attr(out, "type", type);
	put_id(frontend, out, NULL);
	xml_put_attr(out, "from", user);
	xml_put_attr(out, "to", user);
	xml_put(out, ">");
	return out;
}

void privileged_iq_end(struct frontend *frontend, struct buf *out, struct ask_reply reply)
{
	xml_put(out, "</iq></privileged_iq>");
	ask_end(frontend, out, reply);
}

const struct xml_element *privileged_iq_answer(const struct xml_element *answer)
{
	if (!ask_succeeded(answer))
		return NULL;
	const struct xml_element *privilege = xml_child(answer, NS_PRIVILEGE_2, "privilege");
	return xml_child(xml_child(privilege, NS_FORWARD, "forwarded"), "jabber:client", "iq");
}
