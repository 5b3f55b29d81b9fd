/* SPDX-License-Identifier: MIT */
#include "frontend/iq/adhoc.h"

/* Which commands there are as ad-hoc commands, for whom, and service discovery of them. */

/* Settings have a form of their own, and help is the list of commands. */
static bool is_for_users(const struct admin_row *row)
{
	return row->kind == ADMIN_CMD && row->hint && admin_find(str_of(row->name), false) == row &&
	       strcmp(row->name, "help") != 0;
}

/* What is only about who asks is the same for administrators as for users. */
static bool is_for_admins(const struct admin_row *row)
{
	return !(row->flags & ADMIN_OWN) && admin_find(str_of(row->name), true) == row &&
	       (row->kind == ADMIN_CMD || row->access == ADMIN_ACCESS_ADMIN);
}

bool adhoc_find(const char *node, struct adhoc_command *command)
{
	bool for_admin = g_str_has_prefix(node, ADHOC_ADMIN_NODE);
	const char *name = for_admin ? node + strlen(ADHOC_ADMIN_NODE) : node;
	size_t n;
	const struct admin_row *rows = admin_rows(&n);
	for (size_t i = 0; i < n; i++) {
		*command = (struct adhoc_command){ &rows[i], for_admin };
		if (!strcmp(rows[i].name, name) && (for_admin ? is_for_admins(&rows[i]) : is_for_users(&rows[i])))
			return true;
	}
	return false;
}

bool adhoc_may(struct frontend *frontend, const struct jid *who, const struct adhoc_command *command)
{
	if (command->for_admin)
		return frontend_is_admin(frontend, who);
	if (frontend->server && command->row->flags & ADMIN_ACCOUNT)
		return false;
	return !(command->row->flags & ADMIN_SELF) || core_may_register(frontend->core, who);
}

const char *adhoc_title(const struct adhoc_command *command)
{
	return command->row->label ? command->row->label : command->row->description;
}

/* --- service discovery ----------------------------------------------------------------------- */

static void put_info(struct frontend *frontend, const struct stanza *request, const char *node,
		     const struct disco_info *info)
{
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return;
	disco_put_info(out, info, node);
	iq_end(frontend, iq_address(request), out);
}

bool adhoc_get_info(struct frontend *frontend, const struct stanza *request, const char *node)
{
	static const char *const of_list[] = { NS_DISCO_INFO, NS_DISCO_ITEMS, NULL };
	static const char *const of_command[] = { NS_COMMANDS, NS_FORM, NULL };
	struct adhoc_command command;
	struct disco_info info = { "automation", "command-list", "Commands", of_list };
	if (iq_target(frontend, request) == IQ_ENTITY)
		return false;
	if (strcmp(node, NS_COMMANDS) != 0) {
		if (!adhoc_find(node, &command) || !adhoc_may(frontend, &request->from, &command))
			return false;
		info = (struct disco_info){ "automation", "command-node", adhoc_title(&command), of_command };
	}
	put_info(frontend, request, node, &info);
	return true;
}

static void put_item(struct frontend *frontend, struct buf *out, const struct adhoc_command *command)
{
	g_autofree char *node = g_strconcat(command->for_admin ? ADHOC_ADMIN_NODE : "", command->row->name, NULL);
	xml_put(out, "<item");
	xml_put_attr(out, "jid", frontend->jid);
	xml_put_attr(out, "node", node);
	xml_put_attr(out, "name", adhoc_title(command));
	xml_put(out, "/>");
}

/* The settings first: what most come for, and what was there before all else. */
static void put_items(struct frontend *frontend, struct buf *out, const struct jid *who, bool for_admin, bool settings)
{
	size_t n;
	const struct admin_row *rows = admin_rows(&n);
	for (size_t i = 0; i < n; i++) {
		struct adhoc_command command = { &rows[i], for_admin };
		bool there = for_admin ? is_for_admins(&rows[i]) : is_for_users(&rows[i]);
		if (there && !(rows[i].flags & ADMIN_SETTINGS) == !settings && adhoc_may(frontend, who, &command))
			put_item(frontend, out, &command);
	}
}

bool adhoc_get_items(struct frontend *frontend, const struct stanza *request, const char *node)
{
	if (iq_target(frontend, request) == IQ_ENTITY || !node || strcmp(node, NS_COMMANDS) != 0)
		return false;
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (!out)
		return true;
	xml_put(out, "<query xmlns='" NS_DISCO_ITEMS "'");
	xml_put_attr(out, "node", node);
	xml_put(out, ">");
	for (int for_admin = 0; for_admin <= 1; for_admin++) {
		put_items(frontend, out, &request->from, for_admin, true);
		put_items(frontend, out, &request->from, for_admin, false);
	}
	xml_put(out, "</query>");
	iq_end(frontend, iq_address(request), out);
	return true;
}
