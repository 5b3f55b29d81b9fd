/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include "base/log.h"
#include "core/user.h"
#include "frontend/frontend.h"
#include "pbnetwork.pb-c.h"
#include "wire/frame.h"
#include "wire/message.h"
#include "xmpp/component.h"

#include <unistd.h>

/* The way of what users and networks say through the whole process, but for sockets: bytes of the
 * component stream, frontend, core, frames, and back. */

#define USER "juliet@capulet.example.org"
#define GATE "irc.example.org"
#define ROOM "#verona"
#define TEXT "What&apos;s in a name? That which we call a rose by any other word would smell as sweet."

enum { BUFFER_MAX = 1 << 20 };

static const char message_stanza[] = "<message from='" USER "/balcony' to='romeo@" GATE "/bot' type='chat' "
				     "id='8f1c6e52-7f0c-4d0b-a5a0-1e0c7d3a9b64'><body>" TEXT "</body>"
				     "<active xmlns='http://jabber.org/protocol/chatstates'/></message>";

/* A gateway with one user, who is in one room. The seat of the user is the stage itself. */
struct stage {
	struct loop *loop;
	struct storage *storage;
	struct metrics metrics;
	struct core *core;
	struct frontend *frontend;
	struct xmpp_component *component;
	struct arena *arena; /* of a frame */
	struct buf frames;   /* what the network is told */
	struct buf stanzas;  /* what the server is told */
	size_t sent;
	unsigned turn; /* of two frames, over all runs: the same twice is no news */
};

static int login(void *ctx, struct user *user)
{
	user_set_seat(user, ctx);
	return 0;
}

static void logout(void *ctx, struct user *user)
{
	user_set_seat(user, NULL);
}

static int status(void *ctx, struct user *user, enum core_status value, const char *text)
{
	return 0;
}

static int message(void *ctx, struct user *user, const char *name, const struct core_message *value)
{
	struct stage *stage = ctx;
	Pbnetwork__ConversationMessage frame = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	frame.username = (char *)user_jid(user);
	frame.buddyname = (char *)name;
	frame.message = (char *)value->body;
	return wire_put(&stage->frames, WIRE_CONV_MESSAGE, &frame.base) ? 0 : -1;
}

static int chat_state(void *ctx, struct user *user, const char *name, enum core_chat_state state)
{
	struct stage *stage = ctx;
	Pbnetwork__Buddy frame = PBNETWORK__BUDDY__INIT;
	frame.username = (char *)user_jid(user);
	frame.buddyname = (char *)name;
	return wire_put(&stage->frames, WIRE_BUDDY_STOPPED_TYPING, &frame.base) ? 0 : -1;
}

static int join(void *ctx, struct user *user, const char *room, const char *nickname, const char *password)
{
	return 0;
}

static int leave(void *ctx, struct user *user, const char *room)
{
	return 0;
}

static const struct core_backend backend = {
	.login = login,
	.logout = logout,
	.status = status,
	.message = message,
	.chat_state = chat_state,
	.join = join,
	.leave = leave,
};

/* --- the stage ------------------------------------------------------------------------------- */

static struct buf *out(void *ctx, const char *to, bool lasting)
{
	return &((struct stage *)ctx)->stanzas;
}

static void sent(void *ctx, const char *to)
{
	((struct stage *)ctx)->sent++;
}

static void on_up(void *ctx)
{
}

static void on_stanza(void *ctx, const struct xml_element *stanza, struct arena *arena)
{
	frontend_receive(((struct stage *)ctx)->frontend, stanza, arena);
}

static void on_skipped(void *ctx, const struct xml_element *start, const char *why, struct arena *arena)
{
	g_assert_not_reached();
}

static void feed(struct stage *stage, const char *bytes, size_t n)
{
	bool alive = xmpp_component_feed(stage->component, bytes, n, &stage->stanzas, NULL);
	g_assert(alive);
}

static void feed_text(struct stage *stage, const char *text)
{
	feed(stage, text, strlen(text));
}

static struct config *make_config(void)
{
	static const char text[] = "[service]\njid=" GATE "\nserver=127.0.0.1\nport=1\npassword=x\n"
				   "backend=/bin/true\nworking_dir=/tmp\n[database]\ntype=none\n";
	g_autofree char *path = NULL;
	int fd = g_file_open_tmp("bench-XXXXXX", &path, NULL);
	bool ok = fd >= 0 && write(fd, text, sizeof(text) - 1) == (ssize_t)sizeof(text) - 1;
	g_assert(ok);
	close(fd);
	struct config *config = config_load(&(struct config_source){ .path = path }, NULL, NULL);
	unlink(path);
	g_assert(config);
	return config;
}

static void build(struct stage *stage)
{
	static const struct frontend_route route = { .out = out, .sent = sent };
	static const struct xmpp_component_events events = { .up = on_up, .stanza = on_stanza, .skipped = on_skipped };
	struct config *config = make_config();
	log_set_level(LOG_OFF);
	stage->loop = loop_new();
	stage->storage = storage_open(stage->loop, &(struct storage_options){ .type = "none" },
				      (struct storage_reply){ 0 }, NULL);
	stage->frontend = frontend_new(stage->loop, config, &stage->metrics);
	stage->core = core_new(&(struct core_options){ .loop = stage->loop,
						       .config = config,
						       .storage = stage->storage,
						       .metrics = &stage->metrics,
						       .frontend = frontend_port(),
						       .frontend_ctx = stage->frontend,
						       .backend = &backend,
						       .backend_ctx = stage });
	core_set_features(stage->core, &(struct core_features){ .muc = true });
	frontend_set_core(stage->frontend, stage->core);
	frontend_set_route(stage->frontend, &route, stage);
	stage->component = xmpp_component_new(GATE, "x", &events, stage);
	stage->arena = arena_new(4096);
	buf_init(&stage->frames, BUFFER_MAX);
	buf_init(&stage->stanzas, BUFFER_MAX);
	config_unref(&config);
}

static struct user *find_user(const struct stage *stage)
{
	return core_find_user(stage->core, STR(USER));
}

static void log_in(struct stage *stage)
{
	feed_text(stage, "<stream:stream xmlns='jabber:component:accept' id='1' "
			 "xmlns:stream='http://etherx.jabber.org/streams'><handshake/>"
			 "<presence from='" USER "/balcony' to='" GATE "'/>");
	while (!user_seat(find_user(stage)))
		loop_once(stage->loop, -1);
	core_legacy_connected(find_user(stage));
	feed_text(stage, "<presence from='" USER "/balcony' to='" ROOM "@" GATE "/juliet'>"
			 "<x xmlns='http://jabber.org/protocol/muc'/></presence>");
	struct core_participant self = { .room = ROOM, .nickname = "juliet", .flags = CORE_FLAG_ME };
	core_legacy_participant(find_user(stage), &self);
	struct core_participant other = { .room = ROOM, .nickname = "romeo" };
	core_legacy_participant(find_user(stage), &other);
}

/* Made once and kept: what it takes to make is not what is measured. */
static struct stage *the_stage(void)
{
	static struct stage stage;
	if (!stage.core) {
		build(&stage);
		log_in(&stage);
	}
	buf_clear(&stage.frames);
	buf_clear(&stage.stanzas);
	stage.sent = 0;
	return &stage;
}

/* --- from the network ------------------------------------------------------------------------ */

static void *unpack(struct stage *stage, const struct wire_frame *frame, const ProtobufCMessageDescriptor *descriptor)
{
	ProtobufCMessage *message = wire_unpack(descriptor, stage->arena, frame);
	g_assert(message);
	bool changed = wire_clean(message, stage->arena);
	g_assert(!changed);
	return message;
}

static const char *given(const char *text)
{
	return text && *text ? text : NULL;
}

static void take_message(struct stage *stage, const struct wire_frame *frame)
{
	const Pbnetwork__ConversationMessage *from = unpack(stage, frame, &pbnetwork__conversation_message__descriptor);
	struct core_legacy_message message = { .name = from->buddyname,
					       .nickname = given(from->nickname),
					       .message = { .id = given(from->id), .body = given(from->message) } };
	core_legacy_message(core_find_user(stage->core, str_of(from->username)), &message);
}

static void take_contact(struct stage *stage, const struct wire_frame *frame)
{
	const Pbnetwork__Buddy *from = unpack(stage, frame, &pbnetwork__buddy__descriptor);
	struct core_contact contact = { .name = from->buddyname,
					.alias = given(from->alias),
					.status = (enum core_status)from->status,
					.text = given(from->statusmessage) };
	core_legacy_contact(core_find_user(stage->core, str_of(from->username)), &contact);
}

/* All frames there are, as the pool does it. */
static void take_frames(struct stage *stage, const struct buf *bytes)
{
	const uint8_t *at = (const uint8_t *)buf_data(bytes);
	struct wire_frame frame;
	size_t left = buf_len(bytes), used;
	for (; left > 0; at += used, left -= used) {
		enum wire_result result = wire_next(at, left, WIRE_FRAME_MAX, &frame, &used);
		g_assert(result == WIRE_FRAME);
		if (frame.type == WIRE_CONV_MESSAGE)
			take_message(stage, &frame);
		else if (frame.type == WIRE_BUDDY_CHANGED)
			take_contact(stage, &frame);
		arena_reset(stage->arena);
	}
}

/* Takes the same frame again and again, or two in turn; the stanzas they become go nowhere. */
static size_t take_in_turn(size_t times, const struct buf *one, const struct buf *two)
{
	struct stage *stage = the_stage();
	size_t n = 0;
	for (size_t i = 0; i < times; i++) {
		take_frames(stage, stage->turn++ % 2 ? two : one);
		n = buf_len(&stage->stanzas);
		buf_truncate(&stage->stanzas, 0);
	}
	g_assert(stage->sent == times);
	return n;
}

/* --- what is measured ------------------------------------------------------------------------ */

/* To the network, which says it back. */
static size_t both_ways(size_t times)
{
	struct stage *stage = the_stage();
	size_t n = 0;
	for (size_t i = 0; i < times; i++) {
		feed(stage, message_stanza, sizeof(message_stanza) - 1);
		take_frames(stage, &stage->frames);
		n = buf_len(&stage->stanzas);
		buf_truncate(&stage->frames, 0);
		buf_truncate(&stage->stanzas, 0);
	}
	g_assert(stage->sent == times);
	return n + sizeof(message_stanza) - 1;
}

static size_t to_network(size_t times)
{
	struct stage *stage = the_stage();
	for (size_t i = 0; i < times; i++) {
		buf_truncate(&stage->frames, 0);
		feed(stage, message_stanza, sizeof(message_stanza) - 1);
	}
	g_assert(buf_len(&stage->frames) > 0);
	return sizeof(message_stanza) - 1;
}

static size_t take_one_message(size_t times, const char *name, const char *nickname)
{
	Pbnetwork__ConversationMessage message = PBNETWORK__CONVERSATION_MESSAGE__INIT;
	struct buf bytes;
	message.username = (char *)USER;
	message.buddyname = (char *)name;
	message.nickname = (char *)nickname;
	message.message = (char *)TEXT;
	buf_init(&bytes, BUFFER_MAX);
	wire_put(&bytes, WIRE_CONV_MESSAGE, &message.base);
	size_t n = take_in_turn(times, &bytes, &bytes);
	buf_fini(&bytes);
	return n;
}

static size_t from_network(size_t times)
{
	return take_one_message(times, "romeo", NULL);
}

static size_t from_room(size_t times)
{
	return take_one_message(times, ROOM, "romeo");
}

static void put_contact(struct buf *out, Pbnetwork__StatusType status, const char *text)
{
	Pbnetwork__Buddy contact = PBNETWORK__BUDDY__INIT;
	contact.username = (char *)USER;
	contact.buddyname = (char *)"mercutio";
	contact.alias = (char *)"Mercutio";
	contact.has_status = true;
	contact.status = status;
	contact.statusmessage = (char *)text;
	buf_init(out, BUFFER_MAX);
	wire_put(out, WIRE_BUDDY_CHANGED, &contact.base);
}

static size_t presence(size_t times)
{
	struct buf here, away;
	put_contact(&here, PBNETWORK__STATUS_TYPE__STATUS_ONLINE, "");
	put_contact(&away, PBNETWORK__STATUS_TYPE__STATUS_AWAY, "A plague o' both your houses!");
	size_t n = take_in_turn(times, &here, &away);
	buf_fini(&here);
	buf_fini(&away);
	return n;
}

const struct bench bench_route[] = {
	{ "route/message both ways", "message", both_ways },
	{ "route/message to the network", "message", to_network },
	{ "route/message from the network", "message", from_network },
	{ "route/message from a room", "message", from_room },
	{ "route/presence of a contact", "presence", presence },
	{ NULL },
};
