/* SPDX-License-Identifier: MIT */
#include "admin/admin.h"

#include "admin/line.h"
#include "admin/private.h"

LOG_AREA("AdminInterface");

struct admin *admin_new(const struct admin_options *options)
{
	struct admin *admin = g_new0(struct admin, 1);
	admin->loop = options->loop;
	admin->config = config_ref(options->config);
	admin->metrics = options->metrics;
	admin->core = options->core;
	admin->host = options->host;
	admin->host_ctx = options->host_ctx;
	admin->tasks = idmap_new();
	admin->started = loop_now(admin->loop);
	g_queue_init(&admin->off);
	return admin;
}

static void drop(void *ctx, uint64_t id, void *task)
{
	task_free(task);
}

void admin_free(struct admin **adminp)
{
	struct admin *admin = *adminp;
	if (!admin)
		return;
	*adminp = NULL;
	timer_free(&admin->turn);
	g_queue_clear(&admin->off);
	idmap_each(admin->tasks, drop, NULL);
	idmap_free(&admin->tasks);
	config_unref(&admin->config);
	g_free(admin);
}

void admin_set_config(struct admin *admin, const struct config *config)
{
	struct config *old = admin->config;
	admin->config = config_ref(config);
	config_unref(&old);
}

bool admin_is_admin(const struct admin *admin, const struct jid *jid)
{
	struct arena *arena = arena_new(1024);
	bool found = false;
	for (const char *const *at = config_list(admin->config, CONFIG_SERVICE_ADMIN_JID); *at && !found; at++) {
		struct jid each;
		found = jid_parse_text(&each, arena, *at) && jid_equal_bare(&each, jid);
	}
	arena_free(&arena);
	return found;
}

bool admin_applies(const struct admin *admin, const struct admin_argument *argument)
{
	switch (argument->when) {
	case ADMIN_ALWAYS:
		return true;
	case ADMIN_WITH_PASSWORD:
		return core_features(admin->core)->need_password;
	case ADMIN_WITH_LOCAL:
		return core_needs_local_account(admin->core);
	}
	g_assert_not_reached();
}

const char *admin_label(const struct admin *admin, const struct admin_argument *argument)
{
	return argument->configured ? config_text(admin->config, argument->label_option) : argument->label;
}

/* --- running --------------------------------------------------------------------------------- */

/* What administrators do to others leaves a line in the log. */
static bool changes_something(const struct admin_task *task)
{
	return task->by_admin && !task->self && task->verb != ADMIN_GET && (task->who || task->row->run == run_reload);
}

static void execute(struct admin_task *task)
{
	if (changes_something(task))
		log_info("%s: %s %s", task->asker ? task->asker : "an administrator", task->row->name,
			 task->who ? task->who : "");
	if (task->verb == ADMIN_GET && task->row->value) {
		task->row->value(task->admin, task->text);
		task_finish(task);
	} else {
		task->row->run(task);
	}
}

static void known(void *ctx, uint64_t id, const struct core_result *result)
{
	struct admin_task *task = task_find(ctx, id);
	if (!task)
		return;
	if (result->error && result->error != CORE_NOT_ALLOWED)
		task_refuse(task, "%s", result->text);
	else if (result->registered)
		task_put_off(task, execute);
	else if (task->self)
		task_refuse(task, "You are not registered.");
	else
		task_refuse(task, "User '%s' is not registered", task->who);
}

/* A user context takes somebody who is logged in, or stored. */
static void start(struct admin_task *task)
{
	struct core_standing standing = { .progress = CORE_AWAY_FROM_HERE };
	if (task->row->context == ADMIN_CONTEXT_USER)
		core_user_standing(task->admin->core, &task->jid, &standing);
	if (task->row->context == ADMIN_CONTEXT_GLOBAL || standing.progress != CORE_AWAY_FROM_HERE)
		execute(task);
	else
		core_user_get_registration(task->admin->core, &task->jid, task_reply(task, known));
}

/* --- what is asked for, and by whom ---------------------------------------------------------- */

static bool about_somebody(const struct admin_row *row)
{
	return row->context == ADMIN_CONTEXT_USER || row->flags & (ADMIN_SELF | ADMIN_OWN);
}

static bool allowed(struct admin_task *task)
{
	static const char *const words[] = { "execute this command", "get this variable", "set this variable" };
	const struct admin_row *row = task->row;
	if (task->by_admin || row->access == ADMIN_ACCESS_USER)
		return true;
	task_refuse(task, "You do not have rights to %s.", words[task->verb]);
	return false;
}

/* Without get or set a variable is read. */
static bool take_verb(struct admin_task *task, enum admin_verb verb)
{
	const struct admin_row *row = task->row;
	bool variable = row->kind == ADMIN_VAR;
	task->verb = variable && verb == ADMIN_RUN ? ADMIN_GET : verb;
	if (!allowed(task))
		return false;
	if (task->verb == ADMIN_SET && (!variable || row->value))
		task_refuse(task, "This variable cannot be set.");
	else if (task->verb == ADMIN_GET && !variable)
		task_refuse(task, "This variable cannot be get.");
	else
		return true;
	return false;
}

static void refuse_context(struct admin_task *task)
{
	static const char *const words[] = { "command can be executed", "variable can be get", "variable can be set" };
	task_refuse(task, "This %s only in user context.", words[task->verb]);
}

static bool take_who(struct admin_task *task, const char *text)
{
	struct arena *arena = arena_new(1024);
	struct jid jid;
	bool good = jid_parse_text(&jid, arena, text) && jid.node;
	if (good)
		task_set_who(task, &jid);
	else if (task->row->flags & ADMIN_SELF)
		task_refuse(task, "The user name is the address of somebody: user@domain.tld");
	else
		refuse_context(task);
	arena_free(&arena);
	return good;
}

static void take_self(struct admin_task *task, const struct jid *jid)
{
	task->self = true;
	task_set_who(task, jid);
}

/* Whether it is to be given with the question: a variable is read without, and who it is about stands apart. */
static bool is_asked_for(const struct admin_task *task, size_t i)
{
	const struct admin_row *row = task->row;
	return task->verb != ADMIN_GET && !(i == 0 && row->flags & ADMIN_SELF) &&
	       admin_applies(task->admin, &row->arguments[i]);
}

static size_t count_asked_for(const struct admin_task *task)
{
	size_t n = 0;
	for (size_t i = 0; task->row->arguments[i].name; i++)
		n += is_asked_for(task, i);
	return n;
}

static void refuse_values(struct admin_task *task, const char *what)
{
	g_string_printf(task->text, "Error: %s", what);
	if (task->self || !task->by_admin) {
		g_string_append(task->text, "\nWrite: ");
		help_put_usage(task->text, task->admin, task->row, task->verb);
	}
	task->failed = true;
	task_finish(task);
}

static bool check_values(struct admin_task *task)
{
	for (size_t i = 0; task->row->arguments[i].name; i++) {
		const struct admin_argument *argument = &task->row->arguments[i];
		if (!is_asked_for(task, i))
			continue;
		bool missing = argument->required && !task->values[i];
		bool off = task->values[i] && argument->type == ADMIN_BOOLEAN &&
			   !config_parse_bool(task->values[i], &task->wish);
		if (!missing && !off)
			continue;
		refuse_values(task, off                       ? "The value is on or off."
				    : task->verb == ADMIN_SET ? "Value is missing."
							      : "Argument is missing.");
		return false;
	}
	return true;
}

/* --- lines ----------------------------------------------------------------------------------- */

static char *secret_of(struct str text)
{
	g_autofree char *copy = g_strndup(text.p, text.n);
	char *secret = secret_dup(copy);
	secret_wipe(copy, text.n);
	return secret;
}

/* Of an administrator with an address: as many words as a user would write are about himself. */
static bool line_is_own(const struct admin_task *task, const struct admin_asker *asker, size_t count)
{
	return asker->jid && (!asker->admin || task->row->flags & ADMIN_OWN || count <= count_asked_for(task));
}

static bool take_words(struct admin_task *task, const struct line *line, size_t skip, bool person)
{
	size_t wanted = count_asked_for(task), word = skip;
	bool rest = person && task->row->flags & ADMIN_REST && wanted && line->count - skip > wanted;
	if (line->count - skip > wanted && !rest) {
		refuse_values(task, "Too many arguments.");
		return false;
	}
	for (size_t i = 0; task->row->arguments[i].name && word < line->count; i++) {
		if (!is_asked_for(task, i))
			continue;
		bool last = word + 1 == skip + wanted;
		task->values[i] = secret_of(rest && last ? line_rest(line, word) : line->words[word]);
		word++;
	}
	return check_values(task);
}

static bool take_line(struct admin_task *task, const struct admin_asker *asker, const struct line *line)
{
	size_t skip = 0;
	if (!take_verb(task, line->verb))
		return false;
	if (!about_somebody(task->row))
		return take_words(task, line, 0, asker->jid);
	if (line_is_own(task, asker, line->count)) {
		take_self(task, asker->jid);
	} else if (task->row->flags & ADMIN_OWN) {
		refuse_context(task);
		return false;
	} else if (line->count == 0) {
		task_refuse(task, task->row->flags & ADMIN_SELF ? "Argument is missing." : "No username given");
		return false;
	} else {
		g_autofree char *who = g_strndup(line->words[0].p, line->words[0].n);
		if (!take_who(task, who))
			return false;
		skip = 1;
	}
	return take_words(task, line, skip, asker->jid);
}

void admin_ask(struct admin *admin, const struct admin_asker *asker, const char *text, struct admin_reply reply)
{
	struct admin_task *task = task_new(admin, asker, reply);
	struct line line;
	task->typed = asker->jid;
	bool whole = line_split(&line, text, asker->jid);
	task->row = whole ? admin_find(line.name, asker->admin) : NULL;
	if (!whole)
		task_refuse(task, "The line is too long.");
	else if (!task->row && !asker->admin && (task->row = admin_find(line.name, true)))
		take_verb(task, line.verb); /* which refuses, for want of rights */
	else if (!task->row)
		greeting_unknown(task, asker);
	else if (take_line(task, asker, &line))
		start(task);
}

/* --- rows with values ------------------------------------------------------------------------ */

static bool take_call(struct admin_task *task, const struct admin_asker *asker, const struct admin_call *call)
{
	const struct admin_row *row = task->row;
	const char *who = call->who;
	if (!take_verb(task, call->verb))
		return false;
	if (row->flags & ADMIN_SELF && call->count && call->values[0])
		who = call->values[0];
	if (!asker->admin || row->flags & ADMIN_OWN)
		who = NULL;
	for (size_t i = 0; row->arguments[i].name && i < call->count; i++)
		if (call->values[i] && is_asked_for(task, i))
			task->values[i] = secret_dup(call->values[i]);
	if (about_somebody(row) && who) {
		if (!take_who(task, who))
			return false;
	} else if (about_somebody(row) && asker->jid) {
		take_self(task, asker->jid);
	} else if (about_somebody(row)) {
		refuse_context(task);
		return false;
	}
	return check_values(task);
}

void admin_run(struct admin *admin, const struct admin_asker *asker, const struct admin_call *call,
	       struct admin_reply reply)
{
	struct admin_task *task = task_new(admin, asker, reply);
	task->row = call->row;
	if (take_call(task, asker, call))
		start(task);
}
