/* SPDX-License-Identifier: MIT */
#include "admin/private.h"

/* Accounts: by whom they are, and by administrators. */

bool account_is_of_network(const struct admin *admin)
{
	return config_bool(admin->config, CONFIG_SERVICE_SERVER_MODE);
}

bool account_is_needed(const struct admin *admin)
{
	return !account_is_of_network(admin) && core_features(admin->core)->need_registration &&
	       !config_bool(admin->config, CONFIG_REGISTRATION_AUTO_REGISTER);
}

static void refuse(struct admin_task *task, const struct core_result *result)
{
	task_refuse(task, "%s", result->text ? result->text : "This cannot be done now");
}

/* True: it was refused. */
static bool refuse_at_server(struct admin_task *task)
{
	if (task->by_admin || !account_is_of_network(task->admin))
		return false;
	task_refuse(task, "There is nothing to register: you log in with your account of the network.");
	return true;
}

/* --- registering ----------------------------------------------------------------------------- */

static const char delete_hint[] =
	"Please delete your message with the password now: your clients and your server may keep it.";

static void registered(void *ctx, uint64_t id, const struct core_result *result)
{
	struct admin_task *task = task_find(ctx, id);
	if (!task)
		return;
	if (!task->self) {
		if (result->error)
			refuse(task, result);
		else
			task_answer(task, "User registered");
		return;
	}
	task->call = !result->error;
	task->failed = result->error;
	if (result->error)
		task_say(task, "Error: %s.", result->text ? result->text : "This cannot be done now");
	else
		task_say(task, "You are registered as %s.", task->values[1]);
	if (task->typed && (task->values[2] || task->values[4]))
		task_say(task, " %s", delete_hint);
	task_finish(task);
}

static void enrol(struct admin_task *task)
{
	struct core_registration registration = { .uin = task->values[1],
						  .password = task->values[2],
						  .local_name = task->values[3],
						  .local_password = task->values[4] };
	core_user_register(task->admin->core, &task->jid, &registration, task_reply(task, registered));
}

static void looked_up(void *ctx, uint64_t id, const struct core_result *result)
{
	struct admin_task *task = task_find(ctx, id);
	if (!task)
		return;
	if (result->error)
		refuse(task, result);
	else if (result->registered)
		task_refuse(task, "User is already registered");
	else
		task_put_off(task, enrol);
}

/* Users change their registration by another one; administrators do not by accident. */
void run_register(struct admin_task *task)
{
	struct core *core = task->admin->core;
	if (refuse_at_server(task))
		return;
	if (!task->by_admin && !core_may_register(core, &task->jid))
		task_refuse(task, "Registration is not open to your server");
	else if (task->self)
		enrol(task);
	else
		core_user_get_registration(core, &task->jid, task_reply(task, looked_up));
}

static void unregistered(void *ctx, uint64_t id, const struct core_result *result)
{
	struct admin_task *task = task_find(ctx, id);
	if (!task)
		return;
	if (result->error)
		refuse(task, result);
	else if (task->by_admin)
		task_answer(task, "User '%s' unregistered.", task->who);
	else
		task_answer(task, "You are not registered any more, and your contacts are taken back.");
}

void run_unregister(struct admin_task *task)
{
	if (refuse_at_server(task))
		return;
	core_user_unregister(task->admin->core, &task->jid, task_reply(task, unregistered));
}

/* --- logging in and out ---------------------------------------------------------------------- */

void run_reconnect(struct admin_task *task)
{
	struct core_standing standing;
	core_user_standing(task->admin->core, &task->jid, &standing);
	if (standing.progress == CORE_AWAY_FROM_HERE && account_is_of_network(task->admin)) {
		task_refuse(task, "User '%s' is not logged in. Only a client of his can do that.", task->who);
		return;
	}
	core_user_reconnect(task->admin->core, &task->jid);
	/* The answer to a probe logs in, and servers answer only whom the user allows to see his presence. */
	if (task->self && standing.progress == CORE_AWAY_FROM_HERE)
		task_answer(task, "You are logged in as soon as I see that you are online. If nothing happens, add me "
				  "as a contact and allow me to see it.");
	else if (task->self)
		task_answer(task, "You are being logged in again.");
	else
		task_answer(task, "User '%s' is being logged in again.", task->who);
}

void run_logout(struct admin_task *task)
{
	bool was_in = core_user_logout(task->admin->core, &task->jid,
				       task->self ? "You have logged out" : "An administrator has logged you out");
	if (was_in && task->self && account_is_of_network(task->admin))
		task_answer(task, "You are logged out.");
	else if (was_in && task->self)
		task_answer(task, "You are logged out until your next presence. The command reconnect logs you in.");
	else if (was_in)
		task_answer(task, "User '%s' is logged out.", task->who);
	else if (task->self)
		task_refuse(task, "You are not logged in.");
	else
		task_refuse(task, "User '%s' is not logged in.", task->who);
}

/* --- telling users how they stand ------------------------------------------------------------ */

static void say_progress(struct admin_task *task)
{
	struct core_standing standing;
	core_user_standing(task->admin->core, &task->jid, &standing);
	switch (standing.progress) {
	case CORE_AWAY_FROM_HERE:
		task_say(task, "You are not logged in. Your presence, or the command reconnect, logs you in.");
		break;
	case CORE_COMING:
		task_say(task, "You are being logged in.");
		break;
	case CORE_ON_THE_NETWORK:
		task_say(task, "You are logged in as %s.", standing.uin);
		break;
	case CORE_TRYING_AGAIN:
		task_say(task, "The network cannot be reached at the moment. You will be logged in as soon as it is "
			       "back.");
		break;
	}
}

static void say_standing(struct admin_task *task)
{
	say_progress(task);
	task_finish(task);
}

static void found(void *ctx, uint64_t id, const struct core_result *result)
{
	struct admin_task *task = task_find(ctx, id);
	if (!task)
		return;
	if (result->error && result->error != CORE_NOT_ALLOWED) {
		refuse(task, result);
		return;
	}
	if (account_is_of_network(task->admin)) {
		task_put_off(task, say_standing);
		return;
	}
	if (result->registered)
		task_say(task, "You are registered as %s.\n", result->uin);
	else
		task_say(task, "You are not registered.\n");
	if (result->registered || !account_is_needed(task->admin)) {
		task_put_off(task, say_standing);
		return;
	}
	greeting_put_registration(task->text, task->admin, &task->jid);
	task_finish(task);
}

void run_user_status(struct admin_task *task)
{
	core_user_get_registration(task->admin->core, &task->jid, task_reply(task, found));
}
