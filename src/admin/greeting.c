/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

/* What people are told who did not ask for a command. */

void greeting_put_registration(GString *text, const struct admin *admin, const struct jid *jid)
{
	const struct admin_row *row = admin_find(STR("register"), false);
	if (!core_may_register(admin->core, jid)) {
		g_string_append(text, "Registration is not open to your server.");
		return;
	}
	g_string_append(text, "To register, write:\n");
	help_put_usage(text, admin, row, ADMIN_RUN);
	g_string_append(text, "\nwith, in the place of these words:");
	for (const struct admin_argument *at = row->arguments + 1; at->name; at++)
		if (admin_applies(admin, at))
			g_string_append_printf(text, "\n%s: %s", at->word, admin_label(admin, at));
}

static void put_need(GString *text, const struct admin *admin)
{
	if (!account_is_needed(admin))
		g_string_append(text, "You need not register, unless your name there has a password.\n");
}

static void refuse_unknown(void *ctx, uint64_t id, const struct core_result *result)
{
	struct admin_task *task = task_find(ctx, id);
	if (!task)
		return;
	task_say(task, "I do not understand this. Write help to see what I can do.");
	if (!result->error && !result->registered && account_is_needed(task->admin)) {
		task_say(task, "\nYou are not registered yet. ");
		greeting_put_registration(task->text, task->admin, &task->jid);
	}
	task_finish(task);
}

void greeting_unknown(struct admin_task *task, const struct admin_asker *asker)
{
	task->unknown = true;
	if (asker->admin) {
		task_refuse(task, "Unknown variable or command");
		return;
	}
	task->failed = true;
	task_set_who(task, asker->jid);
	core_user_get_registration(task->admin->core, &task->jid, task_reply(task, refuse_unknown));
}

static void greet(void *ctx, uint64_t id, const struct core_result *result)
{
	struct admin_task *task = task_find(ctx, id);
	if (!task)
		return;
	if (!result->error && !result->registered) {
		task_say(task, "Welcome! I am %s, a gateway to another network.\n",
			 config_text(task->admin->config, CONFIG_IDENTITY_NAME));
		put_need(task->text, task->admin);
		greeting_put_registration(task->text, task->admin, &task->jid);
		task_say(task, "\nIf your client asks whether I may see when you are online, allow it: that logs you "
			       "in.\nWrite help to see what else I can do.");
	}
	task_finish(task);
}

void admin_welcome(struct admin *admin, const struct jid *jid, struct admin_reply reply)
{
	struct admin_task *task = task_new(admin, &(struct admin_asker){ jid, false }, reply);
	task_set_who(task, jid);
	if (core_may_register(admin->core, jid))
		core_user_get_registration(admin->core, &task->jid, task_reply(task, greet));
	else
		task_finish(task);
}
