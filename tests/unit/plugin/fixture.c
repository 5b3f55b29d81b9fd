/* SPDX-License-Identifier: MIT */
#include "fixture.h"

#include "../wire/examples.h"
#include "wire/frame.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct buf *output(void *ctx)
{
	struct fixture *fixture = ctx;
	return fixture->gone ? NULL : &fixture->out;
}

static void flush(void *ctx)
{
	struct fixture *fixture = ctx;
	fixture->flushes++;
}

static void end(void *ctx)
{
	struct fixture *fixture = ctx;
	fixture->ended = true;
}

static const struct plugin_port port = { output, flush, end };

#define TELL(ctx, ...) g_string_append_printf(((struct fixture *)(ctx))->told, __VA_ARGS__)

static void on_login(void *ctx, const struct plugin_login *login)
{
	TELL(ctx, "login %s %s %s", login->user, login->legacy_name, login->password);
	for (const char *const *field = login->extra_fields; *field; field++)
		TELL(ctx, " +%s", *field);
	for (size_t i = 0; i < login->settings_count; i++)
		TELL(ctx, " %s=%s", login->settings[i].key, login->settings[i].value);
	TELL(ctx, "\n");
}

static void on_logout(void *ctx, const char *user, const char *legacy_name)
{
	TELL(ctx, "logout %s %s\n", user, legacy_name);
}

static void on_status(void *ctx, const char *user, enum plugin_status status, const char *message)
{
	TELL(ctx, "status %s %d '%s'\n", user, status, message);
}

static void on_message(void *ctx, const struct plugin_message *m)
{
	TELL(ctx, "message %s %s '%s' nick '%s' xhtml '%s' id '%s' %d%d%d at %d", m->user, m->buddy, m->body,
	     m->nickname, m->xhtml, m->id, m->headline, m->pm, m->carbon, (int)m->timestamp);
	for (size_t i = 0; i < m->attachments_count; i++)
		TELL(ctx, " <%s|%s|%s>", m->attachments[i].url, m->attachments[i].mime_type,
		     m->attachments[i].description);
	TELL(ctx, "\n");
}

static void on_typing(void *ctx, const char *user, const char *buddy, enum plugin_typing_state state)
{
	TELL(ctx, "typing %s %s %d\n", user, buddy, state);
}

static void on_attention(void *ctx, const char *user, const char *buddy, const char *text)
{
	TELL(ctx, "attention %s %s '%s'\n", user, buddy, text);
}

static void on_join_room(void *ctx, const struct plugin_room *room)
{
	TELL(ctx, "join %s %s %s '%s'\n", room->user, room->room, room->nickname, room->password);
}

static void on_leave_room(void *ctx, const char *user, const char *room)
{
	TELL(ctx, "leave %s %s\n", user, room);
}

static void on_subject(void *ctx, const char *user, const char *room, const char *subject)
{
	TELL(ctx, "subject %s %s '%s'\n", user, room, subject);
}

static void tell_buddy(void *ctx, const struct plugin_buddy *buddy)
{
	TELL(ctx, "%s %s '%s' %d '%s' '%s' %d", buddy->user, buddy->buddy, buddy->alias, buddy->status,
	     buddy->status_message, buddy->icon_hash, buddy->blocked);
	for (const char *const *group = buddy->groups; *group; group++)
		TELL(ctx, " [%s]", *group);
	TELL(ctx, "\n");
}

static void on_buddy_changed(void *ctx, const struct plugin_buddy *buddy)
{
	TELL(ctx, "buddy ");
	tell_buddy(ctx, buddy);
}

static void on_buddy_removed(void *ctx, const char *user, const char *buddy)
{
	TELL(ctx, "removed %s %s\n", user, buddy);
}

static void on_buddy_block(void *ctx, const char *user, const char *buddy, bool blocked)
{
	TELL(ctx, "block %s %s %d\n", user, buddy, blocked);
}

static void on_buddies(void *ctx, const struct plugin_buddy *buddies, size_t n)
{
	TELL(ctx, "buddies %zu\n", n);
	for (size_t i = 0; i < n; i++)
		tell_buddy(ctx, &buddies[i]);
}

static void on_vcard_request(void *ctx, const char *user, const char *buddy, int32_t id)
{
	TELL(ctx, "vcard? %s %s %d\n", user, buddy, id);
}

static void on_vcard_update(void *ctx, const struct plugin_vcard *vcard)
{
	TELL(ctx, "vcard! %s '%s' '%s' '%s' %d %zu\n", vcard->user, vcard->buddy, vcard->full_name, vcard->nickname,
	     vcard->id, vcard->photo_len);
}

static void on_raw_xml(void *ctx, const char *xml, size_t n)
{
	TELL(ctx, "raw %.*s\n", (int)n, xml);
}

static void on_end(void *ctx)
{
	TELL(ctx, "exit\n");
}

static const struct plugin_events events = {
	.login = on_login,
	.logout = on_logout,
	.status = on_status,
	.message = on_message,
	.typing = on_typing,
	.attention = on_attention,
	.join_room = on_join_room,
	.leave_room = on_leave_room,
	.subject = on_subject,
	.buddy_changed = on_buddy_changed,
	.buddy_removed = on_buddy_removed,
	.buddy_block = on_buddy_block,
	.buddies = on_buddies,
	.vcard_request = on_vcard_request,
	.vcard_update = on_vcard_update,
	.raw_xml = on_raw_xml,
	.exit = on_end,
};

struct fixture *fixture_new(void)
{
	struct fixture *fixture = g_new0(struct fixture, 1);
	fixture->plugin = plugin_new(&port, fixture);
	plugin_set_events(fixture->plugin, &events, fixture);
	buf_init(&fixture->out, 1 << 20);
	fixture->told = g_string_new(NULL);
	return fixture;
}

void fixture_free(struct fixture *fixture)
{
	plugin_free(&fixture->plugin);
	buf_fini(&fixture->out);
	g_string_free(fixture->told, TRUE);
	g_free(fixture);
}

bool fixture_feed_hex(struct fixture *fixture, const char *hex, size_t piece)
{
	struct buf bytes;
	bool ok = true;
	buf_init(&bytes, 1 << 20);
	add_hex(&bytes, hex);
	while (ok && buf_len(&bytes) > 0) {
		size_t n = MIN(buf_len(&bytes), piece);
		g_autofree char *copy = g_memdup2(buf_data(&bytes), n);
		ok = plugin_feed(fixture->plugin, copy, n);
		buf_consume(&bytes, n);
	}
	buf_fini(&bytes);
	return ok;
}

void fixture_feed_payload(struct fixture *fixture, int type, const char *hex)
{
	struct buf payload, frame;
	buf_init(&payload, 1 << 20);
	buf_init(&frame, 1 << 20);
	add_hex(&payload, hex);
	assert_true(wire_put_raw(&frame, (enum wire_type)type, buf_data(&payload), buf_len(&payload)));
	assert_true(plugin_feed(fixture->plugin, buf_data(&frame), buf_len(&frame)));
	buf_fini(&payload);
	buf_fini(&frame);
}

void assert_told(struct fixture *fixture, const char *lines)
{
	assert_string_equal(fixture->told->str, lines);
	g_string_truncate(fixture->told, 0);
}

void assert_sent_hex(struct fixture *fixture, const char *hex)
{
	struct buf expected;
	buf_init(&expected, 1 << 20);
	add_hex(&expected, hex);
	assert_int_equal(buf_len(&fixture->out), buf_len(&expected));
	if (buf_len(&expected) > 0)
		assert_memory_equal(buf_data(&fixture->out), buf_data(&expected), buf_len(&expected));
	buf_clear(&fixture->out);
	buf_fini(&expected);
}

int take_sent(struct fixture *fixture, char **payload)
{
	struct wire_frame frame;
	size_t used;
	enum wire_result result = wire_next((const uint8_t *)buf_data(&fixture->out), buf_len(&fixture->out),
					    WIRE_FRAME_MAX, &frame, &used);
	g_free(*payload);
	*payload = NULL;
	if (result != WIRE_FRAME)
		return 0;
	GString *hex = g_string_new(NULL);
	for (size_t i = 0; i < frame.payload_len; i++)
		g_string_append_printf(hex, "%02x", frame.payload[i]);
	*payload = g_string_free(hex, FALSE);
	buf_consume(&fixture->out, used);
	return frame.type;
}
