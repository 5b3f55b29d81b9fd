/* SPDX-License-Identifier: MIT */
#include "stage.h"

#include "irc/reports.h"

#include "pbnetwork.pb-c.h"
#include "wire/frame.h"

#include <unistd.h>

#define USER "u@example.org"

/* Links as the test plays them. */
struct irc_link_host {
	GPtrArray *links; /* borrowed, oldest first */
	uint64_t now;
	char *farewell; /* what the last link that was freed had sent and nobody had looked at */
};

struct irc_link {
	struct irc_link_host *host;
	const struct irc_link_events *events;
	void *ctx;
	char *server; /* where it is or wants to be connected, NULL if it is closed */
	bool open;
	GString *received;
	uint64_t wake;
};

struct irc_link *irc_link_new(struct irc_link_host *host, const struct irc_link_events *events, void *ctx)
{
	struct irc_link *link = g_new0(struct irc_link, 1);
	*link = (struct irc_link){ .host = host, .events = events, .ctx = ctx, .wake = UINT64_MAX };
	link->received = g_string_new(NULL);
	g_ptr_array_add(host->links, link);
	return link;
}

void irc_link_free(struct irc_link **at)
{
	struct irc_link *link = *at;
	*at = NULL;
	if (!link)
		return;
	g_ptr_array_remove(link->host->links, link);
	g_free(link->host->farewell);
	link->host->farewell = g_string_free(link->received, FALSE);
	g_free(link->server);
	g_free(link);
}

void irc_link_open(struct irc_link *link, const struct irc_server *server)
{
	assert_null(link->server);
	link->server = g_strdup_printf("%s:%s%u", server->host, server->tls ? "+" : "", server->port);
}

void irc_link_write(struct irc_link *link, const char *bytes, size_t n)
{
	if (link->open)
		g_string_append_len(link->received, bytes, (gssize)n);
}

void irc_link_close(struct irc_link *link)
{
	g_clear_pointer(&link->server, g_free);
	link->open = false;
}

uint64_t irc_link_now(const struct irc_link *link)
{
	return link->host->now;
}

void irc_link_wake(struct irc_link *link, uint64_t when)
{
	link->wake = when;
}

static struct buf *give_output(void *ctx)
{
	return &((struct stage *)ctx)->frames;
}

static void flush(void *ctx)
{
}

static struct config *load(const char *text)
{
	g_autofree char *path = NULL;
	g_autofree char *file = g_strdup_printf("[service]\njid=irc.localhost\nport=1\npassword=x\n%s", text);
	int fd = g_file_open_tmp("irc-test-XXXXXX", &path, NULL);
	assert_true(fd >= 0);
	close(fd);
	assert_true(g_file_set_contents(path, file, -1, NULL));
	struct config *config = config_load(&(struct config_source){ .path = path }, NULL, NULL);
	unlink(path);
	assert_non_null(config);
	return config;
}

struct stage *stage_new(const char *text)
{
	static const struct plugin_port port = { .output = give_output, .flush = flush };
	struct stage *stage = g_new0(struct stage, 1);
	struct config *config = load(text);
	g_autoptr(GError) error = NULL;
	buf_init(&stage->frames, 1 << 20);
	stage->plugin = plugin_new(&port, stage);
	stage->host = g_new0(struct irc_link_host, 1);
	stage->host->links = g_ptr_array_new();
	stage->host->now = 1000000;
	stage->backend = irc_backend_new(stage->plugin, stage->host, &irc_reports, config, &error);
	config_unref(&config);
	if (stage->backend)
		return stage;
	assert_non_null(error);
	stage_free(stage);
	return NULL;
}

void stage_free(struct stage *stage)
{
	irc_backend_free(&stage->backend);
	plugin_free(&stage->plugin);
	assert_int_equal(stage->host->links->len, 0);
	g_ptr_array_unref(stage->host->links);
	g_free(stage->host->farewell);
	g_free(stage->host);
	buf_fini(&stage->frames);
	g_free(stage);
}

void stage_login(struct stage *stage)
{
	stage_login_as(stage, "alice", "");
}

void stage_login_as(struct stage *stage, const char *name, const char *password)
{
	irc_outgoing.login(stage->backend,
			   &(struct plugin_login){ .user = USER, .legacy_name = name, .password = password });
}

void stage_join(struct stage *stage, const char *room, const char *nick)
{
	irc_outgoing.join_room(stage->backend, &(struct plugin_room){ USER, room, nick, "" });
}

void stage_leave(struct stage *stage, const char *room)
{
	irc_outgoing.leave_room(stage->backend, USER, room);
}

void stage_say(struct stage *stage, const char *buddy, const char *body)
{
	irc_outgoing.message(stage->backend,
			     &(struct plugin_message){ .user = USER, .buddy = buddy, .body = body, .id = "i1" });
}

static const char *text(const char *s)
{
	return s ? s : "";
}

static void print_participant(GString *told, const Pbnetwork__Participant *p)
{
	g_string_append_printf(told, "participant %s %s flag %d status %d", p->room, p->nickname, p->flag, p->status);
	if (*text(p->statusmessage))
		g_string_append_printf(told, " (%s)", p->statusmessage);
	if (*text(p->newname))
		g_string_append_printf(told, " -> %s", p->newname);
}

static void print_said(GString *told, const Pbnetwork__ConversationMessage *m)
{
	g_string_append_printf(told, "message %s", m->buddyname);
	if (*text(m->nickname))
		g_string_append_printf(told, " %s", m->nickname);
	g_string_append_printf(told, "%s: %s%s%s", m->has_pm && m->pm ? " pm" : "", m->message,
			       *text(m->id) ? " #" : "", text(m->id));
}

static void print_frame(GString *told, struct arena *arena, const struct wire_frame *frame)
{
	if (frame->type == WIRE_PARTICIPANT_CHANGED) {
		print_participant(told, wire_unpack(&pbnetwork__participant__descriptor, arena, frame));
	} else if (frame->type == WIRE_CONV_MESSAGE) {
		print_said(told, wire_unpack(&pbnetwork__conversation_message__descriptor, arena, frame));
	} else if (frame->type == WIRE_ROOM_SUBJECT_CHANGED) {
		const Pbnetwork__ConversationMessage *m =
			wire_unpack(&pbnetwork__conversation_message__descriptor, arena, frame);
		g_string_append_printf(told, "subject %s '%s' by '%s'", m->buddyname, m->message, text(m->nickname));
	} else if (frame->type == WIRE_ROOM_NICKNAME_CHANGED) {
		const Pbnetwork__Room *room = wire_unpack(&pbnetwork__room__descriptor, arena, frame);
		g_string_append_printf(told, "nickname %s %s", room->room, room->nickname);
	} else if (frame->type == WIRE_DISCONNECTED) {
		const Pbnetwork__Disconnected *end = wire_unpack(&pbnetwork__disconnected__descriptor, arena, frame);
		g_string_append_printf(told, "disconnected %d %s", end->error, text(end->message));
	} else {
		g_string_append(told, wire_type_name(frame->type));
	}
	g_string_append_c(told, '\n');
}

void assert_told(struct stage *stage, const char *lines)
{
	struct arena *arena = arena_new(4096);
	g_autoptr(GString) told = g_string_new(NULL);
	while (buf_len(&stage->frames)) {
		struct wire_frame frame;
		size_t used;
		assert_int_equal(WIRE_FRAME, wire_next((const uint8_t *)buf_data(&stage->frames),
						       buf_len(&stage->frames), WIRE_FRAME_MAX, &frame, &used));
		print_frame(told, arena, &frame);
		buf_consume(&stage->frames, used);
	}
	assert_string_equal(told->str, lines);
	arena_free(&arena);
}

static struct irc_link *find(struct stage *stage, const char *server, bool open)
{
	for (unsigned i = stage->host->links->len; i > 0; i--) {
		struct irc_link *link = stage->host->links->pdata[i - 1];
		if (link->server && link->open == open && strcmp(link->server, server) == 0)
			return link;
	}
	fail_msg("no link to %s", server);
	return NULL;
}

void stage_accept(struct stage *stage, const char *server)
{
	struct irc_link *link = find(stage, server, false);
	link->open = true;
	link->events->opened(link->ctx);
}

void stage_refuse(struct stage *stage, const char *server, const char *why)
{
	struct irc_link *link = find(stage, server, false);
	g_clear_pointer(&link->server, g_free);
	link->events->ended(link->ctx, why);
}

void stage_server(struct stage *stage, const char *server, const char *lines)
{
	struct irc_link *link = find(stage, server, true);
	link->events->data(link->ctx, lines, strlen(lines));
}

void assert_received(struct stage *stage, const char *server, const char *lines)
{
	struct irc_link *link = find(stage, server, true);
	g_auto(GStrv) parts = g_strsplit(link->received->str, "\r\n", -1);
	g_autofree char *received = g_strjoinv("\n", parts);
	assert_string_equal(received, lines);
	g_string_truncate(link->received, 0);
}

void stage_forget(struct stage *stage)
{
	buf_clear(&stage->frames);
	for (unsigned i = 0; i < stage->host->links->len; i++) {
		struct irc_link *link = stage->host->links->pdata[i];
		g_string_truncate(link->received, 0);
	}
}

const char *stage_wanted(struct stage *stage)
{
	for (unsigned i = 0; i < stage->host->links->len; i++) {
		struct irc_link *link = stage->host->links->pdata[i];
		if (link->server && !link->open)
			return link->server;
	}
	return "";
}

unsigned stage_open_links(const struct stage *stage)
{
	unsigned n = 0;
	for (unsigned i = 0; i < stage->host->links->len; i++)
		n += ((struct irc_link *)stage->host->links->pdata[i])->open;
	return n;
}

/* A link may free itself and others when it is woken. */
static struct irc_link *find_due(struct stage *stage)
{
	for (unsigned i = 0; i < stage->host->links->len; i++) {
		struct irc_link *link = stage->host->links->pdata[i];
		if (link->wake <= stage->host->now)
			return link;
	}
	return NULL;
}

void stage_pass(struct stage *stage, uint64_t ms)
{
	struct irc_link *link;
	unsigned rounds = 0;
	stage->host->now += ms;
	while ((link = find_due(stage))) {
		assert_true(rounds++ < 1000);
		link->wake = UINT64_MAX;
		link->events->woken(link->ctx);
	}
}

void assert_farewell(const struct stage *stage, const char *bytes)
{
	assert_string_equal(stage->host->farewell, bytes);
}
