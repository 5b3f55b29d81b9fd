/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

#define CUT "[...]\n"

struct admin_task *task_new(struct admin *admin, const struct admin_asker *asker, struct admin_reply reply)
{
	struct admin_task *task = g_new0(struct admin_task, 1);
	task->admin = admin;
	task->reply = reply;
	task->id = idmap_add(admin->tasks, task);
	task->by_admin = asker->admin;
	task->text = g_string_new(NULL);
	if (asker->jid) {
		struct str bare = jid_bare(asker->jid);
		task->asker = g_strndup(bare.p, bare.n);
	}
	return task;
}

void task_set_who(struct admin_task *task, const struct jid *jid)
{
	struct str bare = jid_bare(jid);
	g_free(task->who);
	task->who = g_strndup(bare.p, bare.n);
	task->jid = (struct jid){ task->who, jid->node, jid->bare, jid->bare };
}

void task_free(struct admin_task *task)
{
	idmap_take(task->admin->tasks, task->id);
	for (size_t i = 0; i < G_N_ELEMENTS(task->values); i++)
		secret_free(&task->values[i]);
	g_string_free(task->text, TRUE);
	g_free(task->asker);
	g_free(task->who);
	g_free(task);
}

void task_say(struct admin_task *task, const char *format, ...)
{
	va_list args;
	if (task->full)
		return;
	va_start(args, format);
	g_string_append_vprintf(task->text, format, args);
	va_end(args);
	if (task->text->len <= ADMIN_ANSWER_MAX)
		return;
	g_string_truncate(task->text, text_cut(task->text->str, task->text->len, ADMIN_ANSWER_MAX - strlen(CUT)));
	g_string_append(task->text, CUT);
	task->full = true;
}

static void go_on(void *ctx)
{
	struct admin *admin = ctx;
	/* What is put off by these comes in the next round. */
	for (guint n = admin->off.length; n; n--) {
		struct admin_task *task = g_queue_pop_head(&admin->off);
		task->next(task);
	}
	if (admin->off.length)
		timer_start(admin->turn, 0, 0);
}

void task_put_off(struct admin_task *task, void (*next)(struct admin_task *task))
{
	struct admin *admin = task->admin;
	task->next = next;
	if (!admin->turn)
		admin->turn = timer_new(admin->loop, go_on, admin);
	g_queue_push_tail(&admin->off, task);
	if (!timer_active(admin->turn))
		timer_start(admin->turn, 0, 0);
}

static void deliver(struct admin_task *task)
{
	struct admin_answer answer = { task->text->str, task->failed, task->unknown };
	if (task->call)
		core_user_call(task->admin->core, &task->jid);
	task->reply.done(task->reply.ctx, task->reply.id, &answer);
	task_free(task);
}

void task_finish(struct admin_task *task)
{
	task_put_off(task, deliver);
}

void task_answer(struct admin_task *task, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	g_string_append_vprintf(task->text, format, args);
	va_end(args);
	task_finish(task);
}

void task_refuse(struct admin_task *task, const char *format, ...)
{
	va_list args;
	g_string_assign(task->text, "Error: ");
	va_start(args, format);
	g_string_append_vprintf(task->text, format, args);
	va_end(args);
	task->failed = true;
	task_finish(task);
}

struct core_reply task_reply(const struct admin_task *task,
			     void (*done)(void *ctx, uint64_t id, const struct core_result *result))
{
	return (struct core_reply){ done, task->admin, task->id };
}

struct admin_task *task_find(void *ctx, uint64_t id)
{
	return idmap_find(((struct admin *)ctx)->tasks, id);
}
