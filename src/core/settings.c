/* SPDX-License-Identifier: MIT */
#include "core/settings.h"

#include "core/private.h"

LOG_AREA("UserManager");

enum { TYPE_BOOLEAN = 4 }; /* of users_settings.type */

static const struct core_setting_info infos[] = {
	[CORE_ENABLE_TRANSPORT] = { "enable_transport", "Enable transport" },
	[CORE_SEND_HEADLINES] = { "send_headlines", "Allow sending messages as headlines" },
	[CORE_STAY_CONNECTED] = { "stay_connected", "Stay connected to legacy network when offline on XMPP" },
};

const struct core_setting_info *core_setting_info(enum core_setting setting)
{
	return &infos[setting];
}

/* Reading or changing, on its way through the database. */
struct settings_wait {
	struct core_reply reply;
	uint64_t id;
	char *jid; /* bare */
	bool values[CORE_SETTING_COUNT];
	bool asked[CORE_SETTING_COUNT], wanted[CORE_SETTING_COUNT];
	unsigned unwritten;
	bool failed;
};

static struct settings_wait *begin(struct core *core, const struct jid *from, struct core_reply reply)
{
	struct settings_wait *wait = g_new0(struct settings_wait, 1);
	struct str bare = jid_bare(from);
	wait->reply = reply;
	wait->jid = g_strndup(bare.p, bare.n);
	wait->id = idmap_add(core->settings, wait);
	return wait;
}

static void finish(struct core *core, struct settings_wait *wait, const struct core_result *result)
{
	idmap_take(core->settings, wait->id);
	wait->reply.done(wait->reply.ctx, wait->reply.id, result);
	g_free(wait->jid);
	g_free(wait);
}

/* error NULL: told already. */
static void fail(struct core *core, struct settings_wait *wait, const GError *error)
{
	struct core_result result = { .error = CORE_INTERNAL_SERVER_ERROR,
				      .text = "The gateway's database does not work at the moment" };
	if (g_error_matches(error, STORAGE_ERROR, STORAGE_ERROR_NOT_FOUND))
		result = (struct core_result){ .error = CORE_REGISTRATION_REQUIRED, .text = "You are not registered." };
	else if (g_error_matches(error, STORAGE_ERROR, STORAGE_ERROR_NONE))
		result = (struct core_result){ .error = CORE_NOT_ALLOWED,
					       .text = "This server does not support transport settings. There is no "
						       "storage backend configured" };
	else if (error)
		log_error("%s: %s", wait->jid, error->message);
	finish(core, wait, &result);
}

static void read_values(const struct core *core, const struct storage_user *stored, bool values[])
{
	values[CORE_ENABLE_TRANSPORT] = true;
	values[CORE_SEND_HEADLINES] = config_bool(core->config, CONFIG_SETTINGS_SEND_HEADLINES);
	values[CORE_STAY_CONNECTED] = config_bool(core->config, CONFIG_SETTINGS_STAY_CONNECTED);
	for (size_t i = 0; i < stored->setting_count; i++)
		for (size_t k = 0; k < CORE_SETTING_COUNT; k++)
			if (!strcmp(stored->settings[i].name, infos[k].name))
				config_parse_bool(stored->settings[i].value, &values[k]);
}

static bool says(const struct settings_wait *wait, enum core_setting setting, bool on)
{
	return wait->asked[setting] && wait->wanted[setting] == on;
}

/* Whoever is logged in meets the change at once; who is not, but may be now, is asked to come. */
static void apply(struct core *core, const struct settings_wait *wait)
{
	struct user *user = core_find_user(core, str_of(wait->jid));
	for (size_t k = 0; user && k < CORE_SETTING_COUNT; k++)
		if (wait->asked[k])
			user_put_setting(user, infos[k].name, wait->wanted[k] ? "1" : "0");
	if (!user && says(wait, CORE_ENABLE_TRANSPORT, true))
		core_probe(core, wait->jid);
	else if (user && user->state != USER_LOADING && says(wait, CORE_ENABLE_TRANSPORT, false))
		login_end(user, "You have switched the gateway off in your settings", false);
	else if (user && !user->sessions && !user->arrivals && says(wait, CORE_STAY_CONNECTED, false))
		login_end(user, NULL, false);
	else if (user)
		user_review(user);
}

static void written(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct settings_wait *wait = idmap_find(core->settings, id);
	if (!wait)
		return;
	wait->unwritten--;
	if (answer->error) {
		wait->failed = true;
		log_error("%s: a setting could not be kept: %s", wait->jid, answer->error->message);
	}
	if (wait->unwritten)
		return;
	if (wait->failed) {
		fail(core, wait, NULL);
		return;
	}
	arena_reset(core->scratch);
	apply(core, wait);
	finish(core, wait, &(struct core_result){ .registered = true, .settings = wait->values });
}

static void write_all(struct core *core, struct settings_wait *wait, int64_t row)
{
	for (size_t k = 0; k < CORE_SETTING_COUNT; k++) {
		if (!wait->asked[k])
			continue;
		struct storage_setting setting = { infos[k].name, wait->wanted[k] ? "1" : "0", TYPE_BOOLEAN };
		wait->values[k] = wait->wanted[k];
		wait->unwritten++;
		storage_put_setting(core->storage, row, &setting, (struct storage_reply){ written, core, wait->id });
	}
}

/* Reading is a change of nothing. */
static void found(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct settings_wait *wait = idmap_find(core->settings, id);
	if (!wait)
		return;
	if (answer->error) {
		fail(core, wait, answer->error);
		return;
	}
	read_values(core, answer->user, wait->values);
	write_all(core, wait, answer->user->id);
	if (!wait->unwritten)
		finish(core, wait, &(struct core_result){ .registered = true, .settings = wait->values });
}

void core_user_get_settings(struct core *core, const struct jid *from, struct core_reply reply)
{
	struct settings_wait *wait = begin(core, from, reply);
	storage_find_user(core->storage, wait->jid, (struct storage_reply){ found, core, wait->id });
}

void core_user_put_settings(struct core *core, const struct jid *from, const struct core_setting_change *changes,
			    size_t n, struct core_reply reply)
{
	struct settings_wait *wait = begin(core, from, reply);
	for (size_t i = 0; i < n; i++) {
		wait->asked[changes[i].setting] = true;
		wait->wanted[changes[i].setting] = changes[i].on;
	}
	storage_find_user(core->storage, wait->jid, (struct storage_reply){ found, core, wait->id });
}
