/* SPDX-License-Identifier: MIT */
#ifndef ADMIN_ADMIN_H
#define ADMIN_ADMIN_H

#include "core/core.h"

/* One engine of commands and variables, for administrators and for users. Its doors are the backend port
 * (QUERY), chat with the gateway, and ad-hoc commands. What there is stands in one table (table.c), from which
 * help, forms and docs/commands.md come. */
struct admin;
struct admin_task;

enum admin_kind { ADMIN_CMD, ADMIN_VAR };
enum admin_category { ADMIN_GENERAL, ADMIN_USERS, ADMIN_MESSAGES, ADMIN_FRONTEND, ADMIN_BACKENDS, ADMIN_MEMORY };
enum admin_access { ADMIN_ACCESS_USER, ADMIN_ACCESS_ADMIN };
/* Of a user context: it is about one registered user, whose bare JID administrators put first. */
enum admin_context { ADMIN_CONTEXT_GLOBAL, ADMIN_CONTEXT_USER };
enum admin_type { ADMIN_STRING, ADMIN_PASSWORD, ADMIN_BOOLEAN };
/* There are arguments that only networks with passwords, or gateways that check local accounts, have. */
enum admin_when { ADMIN_ALWAYS, ADMIN_WITH_PASSWORD, ADMIN_WITH_LOCAL };
enum admin_verb { ADMIN_RUN, ADMIN_GET, ADMIN_SET };

enum {
	ADMIN_ARGUMENTS_MAX = 5,
	ADMIN_LINE_MAX = 4096,     /* bytes of a command line */
	ADMIN_ANSWER_MAX = 1 << 20 /* bytes of an answer; what passes it is left out, and that is said */
};

enum admin_flag {
	ADMIN_SELF = 1,      /* the first argument is the bare JID of whom it is about; users leave it out */
	ADMIN_OWN = 2,       /* only about who asks, who needs an address therefore */
	ADMIN_REST = 4,      /* people may have blanks in the last argument */
	ADMIN_CONFIRM = 8,   /* worth a question before */
	ADMIN_SETTINGS = 16, /* several settings at once: a form of its own */
	ADMIN_ACCOUNT = 32   /* changes what is registered; in server mode only administrators do */
};

struct admin_argument {
	const char *name; /* NULL ends a list */
	const char *label, *example;
	const char *word; /* in the help for users: NAME, PASSWORD... */
	enum admin_type type;
	bool required;
	bool configured; /* the label is that of the configuration: */
	enum config_option label_option;
	enum admin_when when;
};

struct admin_row {
	const char *name;
	enum admin_kind kind;
	enum admin_category category;
	enum admin_access access;
	enum admin_context context;
	unsigned flags;
	const char *label;
	const char *description;                /* for administrators */
	const char *hint;                       /* the same for users; NULL: not for them */
	const struct admin_argument *arguments; /* at most ADMIN_ARGUMENTS_MAX; the last has no name */
	void (*run)(struct admin_task *task);
	void (*value)(struct admin *admin, GString *out); /* of a variable of the instance */
	int setting;                                      /* enum core_setting, of a variable of a user */
};

const char *admin_category_name(enum admin_category category);
const char *admin_type_name(enum admin_type type);

/* The table, by name. A name may stand in it twice: as an administrator's and as a user's. */
const struct admin_row *admin_rows(size_t *n);
/* The row that this name is for an administrator, or for a user; NULL: none. */
const struct admin_row *admin_find(struct str name, bool for_admin);
/* Whether the argument is there at all, now. */
bool admin_applies(const struct admin *admin, const struct admin_argument *argument);
const char *admin_label(const struct admin *admin, const struct admin_argument *argument);

/* --- what the daemon provides ---------------------------------------------------------------- */

struct admin_backend {
	const void *handle; /* for each_user */
	int64_t pid;
	bool accepts, long_running;
	int64_t res, init_res, shared; /* KB */
	size_t users;
};

struct admin_host {
	void (*each_backend)(void *ctx, void (*each)(void *each_ctx, const struct admin_backend *backend),
			     void *each_ctx);
	void (*each_user)(void *ctx, const struct admin_backend *backend,
			  void (*each)(void *each_ctx, const struct user *user), void *each_ctx);
	size_t (*crashed_count)(void *ctx);
	void (*each_crashed)(void *ctx, void (*each)(void *each_ctx, int64_t pid), void *each_ctx);
	bool (*reload)(void *ctx);
	/* Makes a room appear in the user's clients: `node` at the gateway, `to` a bare JID; password may be NULL. */
	void (*open_room)(void *ctx, const char *to, const char *node, const char *password);
	/* The user has left it for good: his clients need not enter it at their next start. */
	void (*close_room)(void *ctx, const char *to, const char *node);
};

struct admin_options {
	struct loop *loop;
	const struct config *config; /* a reference is taken */
	struct metrics *metrics;     /* borrowed, as are the following */
	struct core *core;
	const struct admin_host *host;
	void *host_ctx;
};

struct admin *admin_new(const struct admin_options *options);
/* What is under way is dropped. Not before the core is freed, which answers late. */
void admin_free(struct admin **admin);
void admin_set_config(struct admin *admin, const struct config *config);

/* --- asking ---------------------------------------------------------------------------------- */

/* service.admin_jid */
bool admin_is_admin(const struct admin *admin, const struct jid *jid);

/* Who asks. `jid` NULL: through a door that only administrators have. */
struct admin_asker {
	const struct jid *jid;
	bool admin;
};

struct admin_answer {
	const char *text; /* for people; "" : there is nothing to say */
	bool failed;
	bool unknown; /* no command at all */
};

/* Comes once, never before the call returned. */
struct admin_reply {
	void (*done)(void *ctx, uint64_t id, const struct admin_answer *answer);
	void *ctx;
	uint64_t id;
};

/* A line as it was typed: `[get|set] name word...`, split at single blanks, or, where a person with an address
 * asks, at any white space. The answer never has a password in it. */
void admin_ask(struct admin *admin, const struct admin_asker *asker, const char *line, struct admin_reply reply);

/* A row with its values in the order of its arguments; NULL leaves one out. `who`: whom it is about, a JID; NULL:
 * the asker. A row for users is never about others here unless the asker is an administrator. */
struct admin_call {
	const struct admin_row *row;
	enum admin_verb verb;
	const char *who;
	const char *const *values;
	size_t count;
};
void admin_run(struct admin *admin, const struct admin_asker *asker, const struct admin_call *call,
	       struct admin_reply reply);

/* What a newcomer is told: how to register by chat. "" for who is registered, or may not. */
void admin_welcome(struct admin *admin, const struct jid *jid, struct admin_reply reply);

#endif
