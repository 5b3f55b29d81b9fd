/* SPDX-License-Identifier: MIT */
#include "core/core.h"

#include "core/arrival.h"
#include "core/local_account.h"
#include "core/private.h"
#include "core/room_list.h"

void core_probe(struct core *core, const char *jid)
{
	struct core_presence presence = { .type = CORE_PROBE };
	if (core->server)
		return;
	core->frontend->presence(core->frontend_ctx, (struct core_address){ 0 }, jid, &presence);
}

/* Everything that waits for some seconds is looked at once a second, and only while there is any. */
static void tick(void *ctx)
{
	struct core *core = ctx;
	bool more = false;
	arena_reset(core->scratch);
	more |= roster_flush_due(core);
	more |= rooms_expire(core);
	more |= vcards_expire(core);
	more |= local_accounts_expire(core);
	more |= comeback_tick(core);
	if (!more)
		timer_stop(core->tick);
}

void core_need_tick(struct core *core)
{
	if (!timer_active(core->tick))
		timer_start(core->tick, core->tick_ms, core->tick_ms);
}

GPtrArray *core_values(GHashTable *table)
{
	GPtrArray *values = g_ptr_array_new();
	GHashTableIter iter;
	void *value;
	if (!table)
		return values;
	g_hash_table_iter_init(&iter, table);
	while (g_hash_table_iter_next(&iter, NULL, &value))
		g_ptr_array_add(values, value);
	return values;
}

static void set_intervals(struct core *core, const struct core_options *options)
{
	core->tick_ms = options->tick_ms ? options->tick_ms : 1000;
	core->gather_ms = options->gather_ms ? options->gather_ms : 5000;
	core->enter_ms = options->enter_ms ? options->enter_ms : 60000;
	core->vcard_ms = options->vcard_ms ? options->vcard_ms : 40000;
	core->retry_ms = options->retry_ms ? options->retry_ms : 1000;
	core->leave_ms = options->leave_ms ? options->leave_ms : 2000;
	core->return_ms = options->return_ms ? options->return_ms : 300000;
	core->steady_ms = options->steady_ms ? options->steady_ms : 60000;
	core->arrival_ms = options->arrival_ms ? options->arrival_ms : CORE_ARRIVAL_MS;
}

struct core *core_new(const struct core_options *options)
{
	struct core *core = g_new0(struct core, 1);
	set_intervals(core, options);
	core->loop = options->loop;
	core->config = config_ref(options->config);
	core->server = config_bool(options->config, CONFIG_SERVICE_SERVER_MODE);
	core->storage = options->storage;
	core->metrics = options->metrics;
	core->frontend = options->frontend;
	core->frontend_ctx = options->frontend_ctx;
	core->backend = options->backend;
	core->backend_ctx = options->backend_ctx;
	core->features = (struct core_features){ .need_password = true, .need_registration = true };
	core->started_at = loop_now(core->loop);
	core->users = g_hash_table_new(str_hash, str_equal);
	core->arrivals = arrivals_new(core);
	core->ids = idmap_new();
	core->registrations = idmap_new();
	core->account_checks = idmap_new();
	core->settings = idmap_new();
	core->kept = idmap_new();
	core->documents = idmap_new();
	core->scratch = arena_new(16384);
	core->tick = timer_new(core->loop, tick, core);
	core->returning = g_ptr_array_new_with_free_func(g_free);
	g_queue_init(&core->gathering);
	g_queue_init(&core->entering);
	g_queue_init(&core->leaving);
	g_queue_init(&core->asking);
	core->archive = archive_new(core);
	return core;
}

void core_free(struct core **corep)
{
	struct core *core = *corep;
	if (!core)
		return;
	*corep = NULL;
	g_assert(g_hash_table_size(core->users) == 0);
	g_assert(idmap_size(core->registrations) == 0);
	g_assert(idmap_size(core->settings) == 0);
	g_assert(idmap_size(core->kept) == 0);
	g_assert(idmap_size(core->documents) == 0);
	vcards_drop(core);
	archive_free(&core->archive);
	arrivals_free(&core->arrivals);
	timer_free(&core->tick);
	g_hash_table_destroy(core->users);
	room_list_free(&core->room_list);
	g_ptr_array_unref(core->returning);
	idmap_free(&core->ids);
	idmap_free(&core->registrations);
	idmap_free(&core->account_checks);
	idmap_free(&core->settings);
	idmap_free(&core->kept);
	idmap_free(&core->documents);
	arena_free(&core->scratch);
	config_unref(&core->config);
	g_free(core);
}

void core_logout_all(struct core *core)
{
	g_autoptr(GPtrArray) users = core_values(core->users);
	for (guint i = 0; i < users->len; i++) {
		arena_reset(core->scratch);
		login_end(users->pdata[i], "The gateway is being shut down", true);
	}
	local_accounts_close(core);
}

void core_set_config(struct core *core, const struct config *config)
{
	struct config *old = core->config;
	core->config = config_ref(config);
	config_unref(&old);
	archive_refresh(core->archive);
}

void core_set_features(struct core *core, const struct core_features *features)
{
	core->features = *features;
}

const struct core_features *core_features(const struct core *core)
{
	return &core->features;
}

bool core_escaping(const struct core *core)
{
	return config_bool(core->config, CONFIG_SERVICE_JID_ESCAPING) && !core->features.disable_jid_escaping;
}

const char *core_node(struct core *core, const char *name, bool escaping)
{
	const char *node = jid_node_of_name(core->scratch, name, escaping);
	return node || escaping ? node : jid_node_of_name(core->scratch, name, true);
}

size_t core_user_count(const struct core *core)
{
	return g_hash_table_size(core->users);
}

struct user *core_find_user(const struct core *core, struct str bare)
{
	return g_hash_table_lookup(core->users, &bare);
}

/* What changed while there was no link was seen by nobody. */
static void show_again(struct user *user)
{
	if (!user->sessions)
		return;
	login_show_transport_to_all(user);
	roster_show_again(user);
	rooms_show_again(user);
}

void core_link_up(struct core *core)
{
	bool again = core->probed;
	GHashTableIter iter;
	struct user *user;
	core->linked = true;
	/* Nobody's password is known after a start. */
	if (core->server)
		return;
	if (!again)
		comeback_start(core);
	else if (core->back_until) /* clients could not come back meanwhile */
		core->back_until = loop_now(core->loop) + core->return_ms;
	g_hash_table_iter_init(&iter, core->users);
	while (g_hash_table_iter_next(&iter, NULL, (void **)&user)) {
		arena_reset(core->scratch);
		show_again(user);
		/* Who left while there was no link is found by the answer, and who came as well. */
		if (again)
			core_probe(core, user->key.p);
	}
}

void core_link_down(struct core *core)
{
	core->linked = false;
}

const char *core_node_of_name(const struct core *core, struct arena *arena, const char *name)
{
	/* What is escaped already (core.md 6.6 of old: a literal \40) is left as it is. */
	if (strstr(name, "\\40"))
		return jid_node_of_name(arena, jid_unescape(arena, name), true);
	const char *node = jid_node_of_name(arena, name, core_escaping(core));
	return node ? node : jid_node_of_name(arena, name, true);
}
