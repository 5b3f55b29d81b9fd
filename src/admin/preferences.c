/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

/* What users switch on and off. */

static const char *word(bool on)
{
	return on ? "on" : "off";
}

static void refuse(struct admin_task *task, const struct core_result *result)
{
	if (result->error == CORE_REGISTRATION_REQUIRED && !task->self)
		task_refuse(task, "User '%s' is not registered", task->who);
	else
		task_refuse(task, "%s", result->text);
}

static void listed(void *ctx, uint64_t id, const struct core_result *result)
{
	struct admin_task *task = task_find(ctx, id);
	if (!task)
		return;
	if (result->error) {
		refuse(task, result);
		return;
	}
	for (int i = 0; i < CORE_SETTING_COUNT; i++) {
		const struct core_setting_info *info = core_setting_info((enum core_setting)i);
		task_say(task, "%s: %s - %s\n", info->name, word(result->settings[i]), info->label);
	}
	if (task->typed)
		task_say(task, "To change one, write: set NAME on, or: set NAME off\n");
	task_finish(task);
}

void run_settings(struct admin_task *task)
{
	core_user_get_settings(task->admin->core, &task->jid, task_reply(task, listed));
}

static void told(void *ctx, uint64_t id, const struct core_result *result)
{
	struct admin_task *task = task_find(ctx, id);
	if (!task)
		return;
	if (result->error)
		refuse(task, result);
	else if (task->by_admin)
		task_answer(task, "%s", result->settings[task->row->setting] ? "1" : "0");
	else
		task_answer(task, "%s is %s.", task->row->name, word(result->settings[task->row->setting]));
}

/* Of one user: read and set. */
void run_setting(struct admin_task *task)
{
	struct core_setting_change change = { (enum core_setting)task->row->setting, task->wish };
	if (task->verb == ADMIN_SET)
		core_user_put_settings(task->admin->core, &task->jid, &change, 1, task_reply(task, told));
	else
		core_user_get_settings(task->admin->core, &task->jid, task_reply(task, told));
}
