/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

/* The instance in figures, and who is online. */

static void count_backend(void *ctx, const struct admin_backend *backend)
{
	++*(size_t *)ctx;
}

void value_backends_count(struct admin *admin, GString *out)
{
	size_t n = 0;
	admin->host->each_backend(admin->host_ctx, count_backend, &n);
	g_string_append_printf(out, "%zu", n);
}

void value_status(struct admin *admin, GString *out)
{
	g_string_append_printf(out, "Running (%zu users connected using ", core_user_count(admin->core));
	value_backends_count(admin, out);
	g_string_append(out, " backends)");
}

void value_uptime(struct admin *admin, GString *out)
{
	g_string_append_printf(out, "%" G_GUINT64_FORMAT, (loop_now(admin->loop) - admin->started) / 1000);
}

void value_messages_from_xmpp(struct admin *admin, GString *out)
{
	g_string_append_printf(out, "%" G_GUINT64_FORMAT, admin->metrics->value[METRIC_MESSAGES_FROM_XMPP]);
}

void value_messages_to_xmpp(struct admin *admin, GString *out)
{
	g_string_append_printf(out, "%" G_GUINT64_FORMAT, admin->metrics->value[METRIC_MESSAGES_TO_XMPP]);
}

void value_online_users_count(struct admin *admin, GString *out)
{
	g_string_append_printf(out, "%zu", core_user_count(admin->core));
}

static void say_user(void *ctx, const struct core_standing *standing)
{
	struct admin_task *task = ctx;
	task_say(task, "%s \"%s:\" \"%s\"\n", standing->jid,
		 config_text(task->admin->config, CONFIG_REGISTRATION_USERNAME_LABEL),
		 standing->uin ? standing->uin : "");
}

void run_online_users(struct admin_task *task)
{
	core_each_standing(task->admin->core, say_user, task);
	task_finish(task);
}

void run_has_online_user(struct admin_task *task)
{
	struct arena *arena = arena_new(1024);
	struct jid jid;
	bool online = jid_parse_text(&jid, arena, task->values[0]) && core_find_user(task->admin->core, jid_bare(&jid));
	arena_free(&arena);
	task_answer(task, "%d", online);
}

void run_reload(struct admin_task *task)
{
	struct admin *admin = task->admin;
	if (admin->host->reload(admin->host_ctx))
		task_answer(task, "Config reloaded");
	else
		task_refuse(task, "Error during config reload");
}

/* XMPP has no use for them; the commands are there for other programs that call them. */
void run_oauth2_url(struct admin_task *task)
{
	task_finish(task);
}

void run_oauth2_code(struct admin_task *task)
{
	task_refuse(task, "This frontend does not use OAuth2.");
}
