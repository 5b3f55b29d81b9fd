/* SPDX-License-Identifier: MIT */
#include "scene.h"

#include "core/standing.h"

static const struct admin_backend backends[] = {
	{ .pid = 11, .accepts = true, .res = 3000, .init_res = 1000, .shared = 500, .users = 1 },
	{ .pid = 22, .long_running = true, .res = 5000, .init_res = 1000, .shared = 700 },
};

static void each_backend(void *ctx, void (*each)(void *each_ctx, const struct admin_backend *backend), void *each_ctx)
{
	const struct scene *scene = ctx;
	for (size_t i = 0; i < G_N_ELEMENTS(backends); i++) {
		struct admin_backend backend = backends[i];
		backend.users = scene->idle ? 0 : backend.users;
		each(each_ctx, &backend);
	}
}

static void each_user(void *ctx, const struct admin_backend *backend,
		      void (*each)(void *each_ctx, const struct user *user), void *each_ctx)
{
	each(each_ctx, fakes_user(((struct scene *)ctx)->fakes, USER));
}

static size_t crashed_count(void *ctx)
{
	return 2;
}

static void each_crashed(void *ctx, void (*each)(void *each_ctx, int64_t pid), void *each_ctx)
{
	each(each_ctx, 7);
	each(each_ctx, 8);
}

static bool reload(void *ctx)
{
	return ((const struct scene *)ctx)->reloads;
}

static void open_room(void *ctx, const char *to, const char *node, const char *password)
{
	g_string_append_printf(((struct scene *)ctx)->opened, "%s %s %s\n", to, node, password ? password : "-");
}

static void close_room(void *ctx, const char *to, const char *node)
{
	g_string_append_printf(((struct scene *)ctx)->opened, "no more: %s %s\n", to, node);
}

struct scene *scene_new(const char *const *overrides)
{
	static const struct admin_host host = { each_backend, each_user, crashed_count, each_crashed,
						reload,       open_room, close_room };
	struct scene *scene = g_new0(struct scene, 1);
	g_autoptr(GPtrArray) all = g_ptr_array_new();
	g_ptr_array_add(all, (char *)"service.admin_jid=Boss@localhost");
	for (; overrides && *overrides; overrides++)
		g_ptr_array_add(all, (char *)*overrides);
	g_ptr_array_add(all, NULL);
	scene->fakes = fakes_new("sqlite3", (const char *const *)all->pdata);
	fakes_open(scene->fakes);
	core_set_features(scene->fakes->core,
			  &(struct core_features){ .need_password = true, .need_registration = true, .muc = true });
	scene->opened = g_string_new(NULL);
	scene->admin = admin_new(&(struct admin_options){ .loop = scene->fakes->loop,
							  .config = scene->fakes->config,
							  .metrics = &scene->fakes->metrics,
							  .core = scene->fakes->core,
							  .host = &host,
							  .host_ctx = scene });
	return scene;
}

struct scene *scene_start(void)
{
	struct scene *scene = scene_new(NULL);
	fakes_register(scene->fakes, USER);
	fakes_log_in(scene->fakes, USER);
	return scene;
}

void scene_end(struct scene *scene)
{
	fakes_close(scene->fakes);
	admin_free(&scene->admin);
	fakes_free(scene->fakes);
	g_string_free(scene->opened, TRUE);
	g_free(scene->answer);
	g_free(scene);
}

static void note(void *ctx, uint64_t id, const struct admin_answer *answer)
{
	struct scene *scene = ctx;
	assert_false(scene->answered);
	assert_int_equal(id, 5);
	g_free(scene->answer);
	scene->answer = g_strdup(answer->text);
	scene->answered = true;
	scene->failed = answer->failed;
	scene->unknown = answer->unknown;
}

static struct admin_asker asker_of(struct scene *scene, const char *from, struct jid *jid)
{
	if (!from)
		return (struct admin_asker){ NULL, true };
	*jid = fakes_jid(scene->fakes, from);
	return (struct admin_asker){ jid, admin_is_admin(scene->admin, jid) };
}

static const char *wait(struct scene *scene)
{
	assert_false(scene->answered);
	wait_for(scene->fakes, scene->answered);
	scene->answered = false;
	fakes_settle(scene->fakes);
	return scene->answer;
}

const char *ask(struct scene *scene, const char *from, const char *line)
{
	struct jid jid;
	struct admin_asker asker = asker_of(scene, from, &jid);
	admin_ask(scene->admin, &asker, line, (struct admin_reply){ note, scene, 5 });
	return wait(scene);
}

const char *run(struct scene *scene, const char *from, const struct admin_call *call)
{
	struct jid jid;
	struct admin_asker asker = asker_of(scene, from, &jid);
	admin_run(scene->admin, &asker, call, (struct admin_reply){ note, scene, 5 });
	return wait(scene);
}

const char *scene_welcome(struct scene *scene, const char *who)
{
	struct jid jid = fakes_jid(scene->fakes, who);
	admin_welcome(scene->admin, &jid, (struct admin_reply){ note, scene, 5 });
	return wait(scene);
}
