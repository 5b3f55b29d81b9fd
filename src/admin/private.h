/* SPDX-License-Identifier: MIT */
#ifndef ADMIN_PRIVATE_H
#define ADMIN_PRIVATE_H

#include "admin/admin.h"
#include "base/arena.h"
#include "base/idmap.h"
#include "base/log.h"
#include "base/secret.h"
#include "base/text.h"
#include "core/settings.h"
#include "core/standing.h"
#include "loop/timer.h"

/* Shared by the files of this room only. */

struct admin {
	struct loop *loop;
	struct config *config;
	struct metrics *metrics;
	struct core *core;
	const struct admin_host *host;
	void *host_ctx;
	struct idmap *tasks; /* struct admin_task, until they are answered */
	GQueue off;          /* of them: what goes on in the next round, oldest first */
	struct timer *turn;  /* NULL until it was needed */
	uint64_t started;
};

/* One question on its way to its answer. */
struct admin_task {
	struct admin *admin;
	struct admin_reply reply;
	uint64_t id;
	const struct admin_row *row; /* NULL: none was found */
	enum admin_verb verb;
	bool by_admin; /* and so answered as administrators are used to */
	bool self;     /* about who asks */
	bool typed;    /* by a person, who has it in a chat now */
	bool failed, unknown, full;
	bool call;                             /* the user is to be asked to come when this is over */
	void (*next)(struct admin_task *task); /* while it is put off */
	char *asker;                           /* bare JID, owned; NULL: has none */
	char *who;                             /* bare JID of whom it is about, owned; NULL: nobody */
	struct jid jid;                        /* the same; borrows `who` */
	char *values[ADMIN_ARGUMENTS_MAX];     /* owned, secret; NULL: left out */
	bool wish;                             /* the value that a setting is to have */
	GString *text;                         /* the answer */
};

/* task.c */
struct admin_task *task_new(struct admin *admin, const struct admin_asker *asker, struct admin_reply reply);
void task_set_who(struct admin_task *task, const struct jid *jid);
void task_free(struct admin_task *task);
/* Appends to the answer. */
void task_say(struct admin_task *task, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Goes on in the next round: answers never come before who asked has returned, and nothing of the core is called
 * from inside its answers. */
void task_put_off(struct admin_task *task, void (*next)(struct admin_task *task));
/* The answer is complete: the task is over. */
void task_finish(struct admin_task *task);
void task_answer(struct admin_task *task, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* "Error: ", and it has failed. */
void task_refuse(struct admin_task *task, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* For the answer of the core, which finds the task by task_find(), if it is still there. */
struct core_reply task_reply(const struct admin_task *task,
			     void (*done)(void *ctx, uint64_t id, const struct core_result *result));
struct admin_task *task_find(void *ctx, uint64_t id);

/* table.c */
/* Whether the asker is told of it: it is what its name means for him, and he can use it. */
bool row_is_for(const struct admin_row *row, bool by_admin, bool has_address);

/* help.c */
void run_help(struct admin_task *task);
void run_user_help(struct admin_task *task);
void run_args(struct admin_task *task);
void run_commands(struct admin_task *task);
void run_variables(struct admin_task *task);
/* `name ARGUMENT...` as users write it. */
void help_put_usage(GString *text, const struct admin *admin, const struct admin_row *row, enum admin_verb verb);

/* greeting.c: words that are no command */
void greeting_unknown(struct admin_task *task, const struct admin_asker *asker);
/* How to register by chat, in a few lines. */
void greeting_put_registration(GString *text, const struct admin *admin, const struct jid *jid);

/* figures.c */
void value_status(struct admin *admin, GString *out);
void value_uptime(struct admin *admin, GString *out);
void value_messages_from_xmpp(struct admin *admin, GString *out);
void value_messages_to_xmpp(struct admin *admin, GString *out);
void value_online_users_count(struct admin *admin, GString *out);
void run_online_users(struct admin_task *task);
void run_has_online_user(struct admin_task *task);
void run_reload(struct admin_task *task);
void run_oauth2_url(struct admin_task *task);
void run_oauth2_code(struct admin_task *task);

/* backends.c */
void value_backends_count(struct admin *admin, GString *out);
void value_crashed_backends(struct admin *admin, GString *out);
void value_crashed_backends_count(struct admin *admin, GString *out);
void value_online_users_per_backend(struct admin *admin, GString *out);

/* memory.c */
void value_res_memory(struct admin *admin, GString *out);
void value_shr_memory(struct admin *admin, GString *out);
void value_used_memory(struct admin *admin, GString *out);
void value_average_memory(struct admin *admin, GString *out);
void value_res_memory_per_backend(struct admin *admin, GString *out);
void value_shr_memory_per_backend(struct admin *admin, GString *out);
void value_used_memory_per_backend(struct admin *admin, GString *out);
void value_average_memory_per_backend(struct admin *admin, GString *out);

/* account.c */
void run_register(struct admin_task *task);
void run_unregister(struct admin_task *task);
void run_user_status(struct admin_task *task);
void run_reconnect(struct admin_task *task);
void run_logout(struct admin_task *task);
/* Server mode: users log in with the account of the network, and register nothing. */
bool account_is_of_network(const struct admin *admin);
/* Whether a registration is needed at all before the gateway can be used. */
bool account_is_needed(const struct admin *admin);

/* preferences.c */
void run_settings(struct admin_task *task);
void run_setting(struct admin_task *task);

/* rooms.c */
void run_rooms(struct admin_task *task);
void run_join(struct admin_task *task);
void run_leave(struct admin_task *task);
void run_contacts(struct admin_task *task);

#endif
