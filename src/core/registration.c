/* SPDX-License-Identifier: MIT */
#include "core/contact.h"
#include "core/local_account.h"
#include "core/private.h"

LOG_AREA("UserRegistration");

/* A registration on its way through the database. */
struct wait {
	struct core_reply reply;
	uint64_t id;
	char *jid; /* bare */
	char *uin, *password, *language, *encoding;
	char *local_name, *local_password; /* of the account on the users' own server; NULL: missing */
	bool known;                        /* registered before */
	GPtrArray *nodes;                  /* unregistering: the contacts to take back; NULL otherwise */
};

static struct wait *wait_new(struct core *core, const struct jid *from, struct core_reply reply)
{
	struct wait *wait = g_new0(struct wait, 1);
	struct str bare = jid_bare(from);
	wait->reply = reply;
	wait->jid = g_strndup(bare.p, bare.n);
	wait->id = idmap_add(core->registrations, wait);
	return wait;
}

static void finish(struct core *core, struct wait *wait, const struct core_result *result)
{
	idmap_take(core->registrations, wait->id);
	wait->reply.done(wait->reply.ctx, wait->reply.id, result);
	secret_free(&wait->password);
	secret_free(&wait->local_password);
	g_free(wait->local_name);
	g_free(wait->jid);
	g_free(wait->uin);
	g_free(wait->language);
	g_free(wait->encoding);
	g_clear_pointer(&wait->nodes, g_ptr_array_unref);
	g_free(wait);
}

static void fail(struct core *core, struct wait *wait, enum core_error error, const char *text)
{
	log_info("%s: registration refused: %s", wait->jid, text);
	finish(core, wait, &(struct core_result){ .error = error, .text = text });
}

static void fail_storage(struct core *core, struct wait *wait, const GError *error)
{
	if (g_error_matches(error, STORAGE_ERROR, STORAGE_ERROR_NONE)) {
		fail(core, wait, CORE_NOT_ALLOWED, "This gateway has no database, so nobody can register");
		return;
	}
	if (g_error_matches(error, STORAGE_ERROR, STORAGE_ERROR_TOO_LONG)) {
		fail(core, wait, CORE_NOT_ACCEPTABLE, "The password is too long");
		return;
	}
	log_error("%s: %s", wait->jid, error->message);
	finish(core, wait,
	       &(struct core_result){ .error = CORE_INTERNAL_SERVER_ERROR,
				      .text = "The gateway's database does not work at the moment" });
}

bool core_may_register(const struct core *core, const struct jid *from)
{
	struct str domain = jid_domain(from);
	if (core->server)
		return false;
	if (config_bool(core->config, CONFIG_REGISTRATION_ENABLE_PUBLIC_REGISTRATION))
		return true;
	for (const char *const *at = config_list(core->config, CONFIG_SERVICE_ALLOWED_SERVERS); *at; at++)
		if (str_is(domain, *at))
			return true;
	return false;
}

/* --- asking ---------------------------------------------------------------------------------- */

static void asked(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct wait *wait = idmap_find(core->registrations, id);
	if (!wait)
		return;
	if (!answer->error)
		finish(core, wait,
		       &(struct core_result){
			       .registered = true, .uin = answer->user->uin, .language = answer->user->language });
	else if (g_error_matches(answer->error, STORAGE_ERROR, STORAGE_ERROR_NOT_FOUND))
		finish(core, wait, &(struct core_result){ 0 });
	else
		fail_storage(core, wait, answer->error);
}

void core_user_get_registration(struct core *core, const struct jid *from, struct core_reply reply)
{
	struct wait *wait = wait_new(core, from, reply);
	storage_find_user(core->storage, wait->jid, (struct storage_reply){ asked, core, wait->id });
}

/* --- registering ----------------------------------------------------------------------------- */

static void notify(struct core *core, const char *what, const char *jid)
{
	for (const char *const *at = config_list(core->config, CONFIG_REGISTRATION_NOTIFY_JID); *at; at++) {
		g_autofree char *text = g_strdup_printf("%s: %s", what, jid);
		message_tell(core, *at, text);
	}
}

/* A changed password or name counts at once. */
static void refresh(struct core *core, const char *jid, const struct storage_user *stored)
{
	struct user *user = core_find_user(core, str_of(jid));
	if (!user || user->state == USER_LOADING)
		return;
	bool same =
		!g_strcmp0(user->uin, stored->uin) && (core->server || !g_strcmp0(user->password, stored->password));
	user_set_account(user, stored);
	if (!same)
		login_again(user);
}

static void put(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct wait *wait = idmap_find(core->registrations, id);
	if (!wait)
		return;
	arena_reset(core->scratch);
	if (answer->error) {
		fail_storage(core, wait, answer->error);
		return;
	}
	const char *jid = arena_strdup(core->scratch, wait->jid);
	bool known = wait->known;
	refresh(core, jid, answer->user);
	finish(core, wait, &(struct core_result){ .registered = true });
	if (known)
		return;
	log_info("%s has registered", jid);
	core->frontend->contacts(core->frontend_ctx, jid, &(struct core_contact_item){ 0 }, 1);
	notify(core, "registered", jid);
}

static void store(struct core *core, struct wait *wait)
{
	struct storage_user account = { .jid = wait->jid,
					.uin = wait->uin,
					/* In server mode no password is stored. */
					.password = core->server ? "" : wait->password,
					.language = wait->language,
					.encoding = wait->encoding };
	storage_put_user(core->storage, &account, (struct storage_reply){ put, core, wait->id });
}

static void checked_in_use(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct wait *wait = idmap_find(core->registrations, id);
	if (!wait)
		return;
	if (answer->error)
		fail_storage(core, wait, answer->error);
	else if (answer->yes)
		fail(core, wait, CORE_CONFLICT, "Somebody else has registered this name");
	else
		store(core, wait);
}

/* $username in registration.username_mask stands for what the user typed. */
static char *masked(const struct core *core, const char *uin)
{
	const char *mask = config_text(core->config, CONFIG_REGISTRATION_USERNAME_MASK);
	g_auto(GStrv) parts = *mask ? g_strsplit(mask, "$username", -1) : NULL;
	return parts ? g_strjoinv(uin, parts) : g_strdup(uin);
}

static bool name_allowed(const struct core *core, const char *uin)
{
	const char *pattern = config_text(core->config, CONFIG_REGISTRATION_ALLOWED_USERNAMES);
	g_autoptr(GError) error = NULL;
	if (!*pattern)
		return true;
	g_autofree char *whole = g_strdup_printf("^(?:%s)$", pattern);
	g_autoptr(GRegex) regex = g_regex_new(whole, G_REGEX_DOLLAR_ENDONLY, 0, &error);
	if (!regex) {
		log_error("registration.allowed_usernames: %s", error->message);
		return false;
	}
	return g_regex_match(regex, uin, 0, NULL);
}

static const char *fault(const struct core *core, const struct wait *wait)
{
	if (!wait->uin || !*wait->uin)
		return "A user name is needed";
	if (!wait->password)
		return "A password is needed";
	if (strlen(wait->uin) > CORE_TEXT_MAX || strlen(wait->password) > CORE_TEXT_MAX)
		return "The user name or the password is too long";
	if (!g_ascii_strcasecmp(wait->uin, wait->jid))
		return "The user name of the other network is needed, not your own address";
	if (!name_allowed(core, wait->uin))
		return "This user name is not allowed here";
	return NULL;
}

static void admit(struct core *core, struct wait *wait)
{
	/* Without a password the name alone is the account: it can be one user's only. */
	if (core->features.need_password)
		store(core, wait);
	else
		storage_uin_in_use(core->storage, wait->uin, wait->jid,
				   (struct storage_reply){ checked_in_use, core, wait->id });
}

static void checked_account(struct core *core, uint64_t id, enum core_error error, const char *text)
{
	struct wait *wait = idmap_find(core->registrations, id);
	g_assert(wait);
	if (error)
		fail(core, wait, error, text);
	else
		admit(core, wait);
}

static void check_account(struct core *core, struct wait *wait)
{
	struct local_account account = { wait->jid, wait->local_name, wait->local_password };
	const char *text = NULL;
	enum core_error error = local_account_check(core, &account, checked_account, wait->id, &text);
	if (error)
		fail(core, wait, error, text);
}

/* Also a user whose stored password cannot be read: a new one takes its place. */
static bool is_known(const struct storage_answer *answer)
{
	return !answer->error || g_error_matches(answer->error, STORAGE_ERROR, STORAGE_ERROR_SEALED);
}

static void looked_up(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct wait *wait = idmap_find(core->registrations, id);
	if (!wait)
		return;
	if (!is_known(answer) && !g_error_matches(answer->error, STORAGE_ERROR, STORAGE_ERROR_NOT_FOUND)) {
		fail_storage(core, wait, answer->error);
		return;
	}
	arena_reset(core->scratch);
	const char *wrong = fault(core, wait);
	if (wrong) {
		fail(core, wait, CORE_NOT_ACCEPTABLE, wrong);
		return;
	}
	wait->known = is_known(answer);
	/* Who has registered once has shown his account. */
	if (!wait->known && core_needs_local_account(core))
		check_account(core, wait);
	else
		admit(core, wait);
}

bool core_needs_local_account(const struct core *core)
{
	return config_bool(core->config, CONFIG_REGISTRATION_REQUIRE_LOCAL_ACCOUNT);
}

void core_user_register(struct core *core, const struct jid *from, const struct core_registration *registration,
			struct core_reply reply)
{
	struct wait *wait = wait_new(core, from, reply);
	const char *password = registration->password         ? registration->password
			       : core->features.need_password ? NULL
							      : "";
	const char *language = registration->language;
	wait->uin = registration->uin && *registration->uin ? masked(core, registration->uin) : NULL;
	wait->password = password ? secret_dup(password) : NULL;
	wait->language =
		g_strdup(language && *language ? language : config_text(core->config, CONFIG_REGISTRATION_LANGUAGE));
	wait->local_name = g_strdup(registration->local_name);
	wait->local_password = registration->local_password ? secret_dup(registration->local_password) : NULL;
	wait->encoding = g_strdup(registration->encoding && *registration->encoding ? registration->encoding : "utf8");
	storage_find_user(core->storage, wait->jid, (struct storage_reply){ looked_up, core, wait->id });
}

/* --- unregistering --------------------------------------------------------------------------- */

static void removed(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct wait *wait = idmap_find(core->registrations, id);
	if (!wait)
		return;
	arena_reset(core->scratch);
	if (answer->error && !g_error_matches(answer->error, STORAGE_ERROR, STORAGE_ERROR_NOT_FOUND)) {
		fail_storage(core, wait, answer->error);
		return;
	}
	struct user *user = core_find_user(core, str_of(wait->jid));
	if (wait->known) {
		g_ptr_array_add(wait->nodes, NULL); /* the transport itself, last */
		/* While it is known which clients can be told. */
		core->frontend->contacts_gone(core->frontend_ctx, wait->jid, (const char *const *)wait->nodes->pdata,
					      wait->nodes->len);
	}
	if (user) {
		user->row = 0;
		roster_drop_news(user);
		login_end(user, "You have unregistered", false);
	}
	if (wait->known) {
		log_info("%s has unregistered", wait->jid);
		notify(core, "unregistered", wait->jid);
	}
	finish(core, wait, &(struct core_result){ 0 });
}

static void found_for_removal(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct wait *wait = idmap_find(core->registrations, id);
	if (!wait)
		return;
	arena_reset(core->scratch);
	wait->known = is_known(answer);
	wait->nodes = g_ptr_array_new_with_free_func(g_free);
	for (size_t i = 0; !answer->error && i < answer->user->contact_count; i++) {
		const struct storage_contact *row = &answer->user->contacts[i];
		const char *node = core_node(core, text_clean(core->scratch, row->name), row->flags & CONTACT_ESCAPED);
		if (node)
			g_ptr_array_add(wait->nodes, g_strdup(node));
	}
	storage_remove_user(core->storage, wait->jid, (struct storage_reply){ removed, core, id });
}

void core_user_unregister(struct core *core, const struct jid *from, struct core_reply reply)
{
	struct wait *wait = wait_new(core, from, reply);
	storage_find_user(core->storage, wait->jid, (struct storage_reply){ found_for_removal, core, wait->id });
}
