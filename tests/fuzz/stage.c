/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include "base/log.h"
#include "frontend/bookmark.h"
#include "xml/parser.h"

#include <unistd.h>

enum { OUTPUT_MAX = 64 << 20 };

/* --- the network ----------------------------------------------------------------------------- */

static int login(void *ctx, struct user *user)
{
	user_set_seat(user, ctx);
	return 0;
}

static void logout(void *ctx, struct user *user)
{
	user_set_seat(user, NULL);
}

static int status(void *ctx, struct user *user, enum core_status status, const char *text)
{
	g_assert(text);
	return 0;
}

static int message(void *ctx, struct user *user, const char *name, const struct core_message *message)
{
	struct stage *stage = ctx;
	if (stage->messages == STAGE_KEPT_MAX)
		return -1;
	stage->names[stage->messages] = arena_strdup(stage->arena, name);
	stage->bodies[stage->messages++] = arena_strdup(stage->arena, message->xhtml ? message->xhtml : message->body);
	return 0;
}

static int chat_state(void *ctx, struct user *user, const char *name, enum core_chat_state state)
{
	return *name ? 0 : -1;
}

static int text(void *ctx, struct user *user, const char *name, const char *text)
{
	g_assert(name && text);
	return 0;
}

static int join(void *ctx, struct user *user, const char *room, const char *nickname, const char *password)
{
	struct stage *stage = ctx;
	g_assert(*nickname);
	if (stage->rooms == STAGE_KEPT_MAX)
		return -1;
	stage->room_names[stage->rooms] = arena_strdup(stage->arena, room);
	stage->nicks[stage->rooms++] = arena_strdup(stage->arena, nickname);
	return 0;
}

static int leave(void *ctx, struct user *user, const char *room)
{
	return 0;
}

static int contact(void *ctx, struct user *user, const struct core_contact *contact)
{
	g_assert(*contact->name);
	return 0;
}

static int get_vcard(void *ctx, struct user *user, const char *name, uint32_t id)
{
	return 0;
}

static int set_vcard(void *ctx, struct user *user, const struct core_vcard *vcard)
{
	return 0;
}

static int raw(void *ctx, struct user *user, const char *xml, size_t n)
{
	return n && xml[0] == '<' ? 0 : -1;
}

static uint64_t source(void *ctx, struct user *user)
{
	return STAGE_SOURCE;
}

static void remember(void *ctx, struct user *user, const struct core_message *message)
{
}

static const struct core_backend backend = {
	.login = login,
	.logout = logout,
	.status = status,
	.message = message,
	.chat_state = chat_state,
	.attention = text,
	.join = join,
	.leave = leave,
	.subject = text,
	.put_contact = contact,
	.remove_contact = contact,
	.get_vcard = get_vcard,
	.set_vcard = set_vcard,
	.block = contact,
	.remember = remember,
	.raw = raw,
	.source = source,
};

struct user *stage_user(const struct stage *stage)
{
	return core_find_user(stage->core, STR(USER));
}

/* --- the stage ------------------------------------------------------------------------------- */

static struct buf *out(void *ctx, const char *to, bool lasting)
{
	struct stage *stage = ctx;
	return &stage->out;
}

static void sent(void *ctx, const char *to)
{
}

static const struct config *the_config(void)
{
	static const char text[] = "[service]\njid=gate.localhost\nserver=127.0.0.1\nport=1\npassword=x\n"
				   "backend=/bin/true\nworking_dir=/tmp\noob_split=1\n[database]\ntype=none\n";
	static struct config *config;
	g_autofree char *path = NULL;
	if (config)
		return config;
	int fd = g_file_open_tmp("fuzz-XXXXXX", &path, NULL);
	g_assert(fd >= 0 && write(fd, text, sizeof(text) - 1) == (ssize_t)sizeof(text) - 1);
	config = config_load(&(struct config_source){ .path = path }, NULL, NULL);
	g_assert(config);
	close(fd);
	unlink(path);
	return config;
}

static void note_ready(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	*(bool *)ctx = true;
}

static void log_in(struct stage *stage)
{
	struct jid jid;
	bool parsed = jid_parse_text(&jid, stage->arena, USER "/a");
	g_assert(parsed);
	core_user_presence(stage->core, &jid, &(struct core_presence){ .type = CORE_AVAILABLE });
	while (!user_seat(stage_user(stage)))
		loop_once(stage->loop, -1);
	core_legacy_connected(stage_user(stage));
}

static void open_room(void *ctx, const char *to, const char *node, const char *password)
{
	bookmark_put(((struct stage *)ctx)->frontend, to, &(struct bookmark){ .node = node, .password = password });
}

static void close_room(void *ctx, const char *to, const char *node)
{
	bookmark_drop(((struct stage *)ctx)->frontend, to, node);
}

/* Users see no more of it. */
static const struct admin_host host = { .open_room = open_room, .close_room = close_room };

void stage_set(struct stage *stage, const struct core_features *features)
{
	static const struct frontend_route route = { .out = out, .sent = sent };
	bool ready = false;
	log_set_level(LOG_OFF);
	buf_init(&stage->out, OUTPUT_MAX);
	stage->arena = arena_new(4096);
	stage->loop = loop_new();
	stage->storage = storage_open(stage->loop, &(struct storage_options){ .type = "none" },
				      (struct storage_reply){ note_ready, &ready, 0 }, NULL);
	while (!ready)
		loop_once(stage->loop, -1);
	stage->frontend = frontend_new(stage->loop, the_config(), &stage->metrics);
	stage->core = core_new(&(struct core_options){ .loop = stage->loop,
						       .config = the_config(),
						       .storage = stage->storage,
						       .metrics = &stage->metrics,
						       .frontend = frontend_port(),
						       .frontend_ctx = stage->frontend,
						       .backend = &backend,
						       .backend_ctx = stage });
	core_set_features(stage->core, features);
	frontend_set_core(stage->frontend, stage->core);
	stage->admin = admin_new(&(struct admin_options){ .loop = stage->loop,
							  .config = the_config(),
							  .metrics = &stage->metrics,
							  .core = stage->core,
							  .host = &host,
							  .host_ctx = stage });
	frontend_set_admin(stage->frontend, stage->admin);
	frontend_set_route(stage->frontend, &route, stage);
	log_in(stage);
}

/* Who says who he is in another name than ours loses the link for everybody. */
static void check_sender(const struct xml_element *stanza, struct arena *arena)
{
	struct jid from;
	bool parsed = jid_parse_text(&from, arena, xml_attr(stanza, "from"));
	g_assert(parsed && str_is(jid_domain(&from), "gate.localhost"));
}

static void check_output(const struct stage *stage)
{
	static const struct xml_limits limits = {
		.depth = 1000, .attributes = 1000, .elements = 10000000, .bytes = OUTPUT_MAX + 100
	};
	struct arena *arena = arena_new(65536);
	g_autoptr(GString) whole = g_string_new("<stream>");
	g_autoptr(GError) error = NULL;
	g_assert(!stage->out.failed);
	g_string_append_len(whole, buf_data(&stage->out), (gssize)buf_len(&stage->out));
	g_string_append(whole, "</stream>");
	const struct xml_element *root = xml_parse_document(arena, &limits, whole->str, whole->len, &error);
	if (!root)
		g_error("%s in %s", error->message, whole->str);
	for (const struct xml_element *at = xml_first(root); at && stage->served; at = xml_next(at))
		check_sender(at, arena);
	arena_free(&arena);
}

void stage_strike(struct stage *stage)
{
	/* For what was asked by commands. */
	for (int i = 0; i < 3; i++)
		loop_once(stage->loop, 0);
	core_logout_all(stage->core);
	storage_close(&stage->storage);
	admin_free(&stage->admin);
	loop_once(stage->loop, 0);
	core_free(&stage->core);
	frontend_free(&stage->frontend);
	loop_free(&stage->loop);
	arena_free(&stage->arena);
	check_output(stage);
	buf_fini(&stage->out);
}
