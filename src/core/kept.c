/* SPDX-License-Identifier: MIT */
#include "core/room.h"

LOG_AREA("ConversationManager");

enum {
	PAGE = 100,          /* messages read at once; of a room it is all of them */
	TEXT_MAX = 64 << 10, /* bytes of a text that is kept */
	ID_MAX = 255,        /* of a message */
	MEMORY_MAX = 100,    /* messages, where there is no database */
	MEMORY_BYTES = 256 << 10,
	MEMORY_OF_USER = 4 << 20, /* in all his rooms, of which each keeps its newest */
	STANZA_CHARS = 200        /* of a stanza without what is said in it, about (XEP-0045, 7.2.14 counts all) */
};

struct kept {
	struct user *user;
	struct room *room; /* NULL: what is said to the user himself */
	uint64_t id;       /* in core->kept */
	bool replaying;
	bool broken;      /* the database fails: what is being written is handed over, and that ends it */
	unsigned writing; /* on their way to the database */
	bool more;        /* came since the database was asked */
	GQueue memory;    /* struct storage_message, in one piece each, oldest first */
	size_t memory_bytes;
};

static struct kept **place(const struct kept *kept)
{
	return kept->room ? &kept->room->kept : &kept->user->kept;
}

void kept_begin(struct user *user, struct room *room)
{
	struct kept *kept = g_new0(struct kept, 1);
	kept->user = user;
	kept->room = room;
	kept->id = idmap_add(user->core->kept, kept);
	g_assert(!*place(kept));
	*place(kept) = kept;
}

bool kept_is_worth(const struct core_message *message)
{
	return message->type != CORE_HEADLINE && ((message->body && *message->body) || message->attachment_count);
}

/* --- files ----------------------------------------------------------------------------------- */

/* One line a file, its parts divided by tabs. */
static void add_part(GString *out, const char *text, char end)
{
	gsize start = out->len;
	if (text)
		g_string_append_len(out, text, (gssize)text_cut(text, strlen(text), TEXT_MAX / 16));
	g_strdelimit(out->str + start, "\t\n", ' ');
	g_string_append_c(out, end);
}

static char *join_attachments(const struct core_message *message)
{
	GString *out = g_string_new(NULL);
	for (size_t i = 0; i < message->attachment_count && out->len < TEXT_MAX; i++) {
		add_part(out, message->attachments[i].url, '\t');
		add_part(out, message->attachments[i].mime, '\t');
		add_part(out, message->attachments[i].description, '\n');
	}
	return g_string_free(out, FALSE);
}

static const char *take_part(char **at, char end)
{
	char *part = *at, *stop = strchr(part, end);
	if (stop)
		*stop++ = '\0';
	*at = stop ? stop : part + strlen(part);
	return *part ? part : NULL;
}

static void split_attachments(struct arena *arena, const char *text, struct core_message *message)
{
	char *at = arena_strdup(arena, text);
	size_t count = 0;
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		count++;
	struct core_attachment *all = arena_alloc(arena, (count + 1) * sizeof(*all));
	for (size_t i = 0; i < count; i++) {
		const char *url = take_part(&at, '\t');
		all[i].url = url ? url : "";
		all[i].mime = take_part(&at, '\t');
		all[i].description = take_part(&at, '\n');
	}
	message->attachments = all;
	message->attachment_count = count;
}

/* --- keeping --------------------------------------------------------------------------------- */

static void count_dropped(struct core *core, unsigned n)
{
	core->metrics->value[METRIC_KEPT_DROPPED] += n;
}

static void forget_oldest(struct kept *kept)
{
	struct storage_message *oldest = g_queue_pop_head(&kept->memory);
	kept->memory_bytes -= (size_t)oldest->id;
	kept->user->kept_bytes -= (size_t)oldest->id;
	g_free(oldest);
}

static const char *copy_text(char **at, const char *text)
{
	size_t n = text ? strlen(text) + 1 : 1;
	char *copy = memcpy(*at, text ? text : "", n);
	*at += n;
	return copy;
}

static bool is_too_much(const struct kept *kept)
{
	bool heavy = kept->memory_bytes > MEMORY_BYTES || kept->user->kept_bytes > MEMORY_OF_USER;
	return kept->memory.length > MEMORY_MAX || (heavy && kept->memory.length > 1);
}

/* `id` has its size in bytes. */
static void remember(struct kept *kept, const struct storage_message *row)
{
	const char *const texts[] = {
		row->room, row->sender, row->message_id, row->body, row->xhtml, row->attachments
	};
	size_t size = sizeof(*row);
	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
		size += strlen(texts[i]) + 1;
	struct storage_message *copy = g_malloc(size);
	char *at = (char *)(copy + 1);
	*copy = *row;
	copy->id = (int64_t)size;
	copy->room = copy_text(&at, row->room);
	copy->sender = copy_text(&at, row->sender);
	copy->message_id = copy_text(&at, row->message_id);
	copy->body = copy_text(&at, row->body);
	copy->xhtml = copy_text(&at, row->xhtml);
	copy->attachments = copy_text(&at, row->attachments);
	g_queue_push_tail(&kept->memory, copy);
	kept->memory_bytes += size;
	kept->user->kept_bytes += size;
	while (is_too_much(kept)) {
		forget_oldest(kept);
		count_dropped(kept->user->core, 1);
	}
}

static void finish(struct kept *kept);
static bool hand_over(const struct kept *kept, struct arena *arena, const struct storage_message *row);

/* What cannot be kept goes to the user's server, which may keep it, or to who is in the room. */
static void put(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct kept *kept = idmap_find(core->kept, id);
	bool over = answer->error || (kept && kept->broken);
	arena_reset(core->scratch);
	count_dropped(core, answer->dropped);
	if (answer->error)
		log_error("a message for %s is not kept: %s", kept ? kept->user->key.p : "a user",
			  answer->error->message);
	bool handed = over && kept && answer->messages && hand_over(kept, core->scratch, answer->messages);
	if (answer->error && !handed)
		count_dropped(core, 1);
	if (kept && !--kept->writing && kept->broken)
		finish(kept);
}

/* What no XML can carry, a database may not either. */
static const char *clean(struct arena *arena, const char *text)
{
	const char *all = text_clean(arena, text ? text : "");
	size_t n = strlen(all), max = text_cut(all, n, TEXT_MAX);
	return max < n ? arena_strndup(arena, all, max) : all;
}

struct storage_message kept_row(struct core *core, const char *room, const char *sender, bool is_private,
				const struct core_message *message)
{
	struct arena *arena = core->scratch;
	g_autofree char *attachments = join_attachments(message);
	bool short_id = message->id && strnlen(message->id, ID_MAX + 1) <= ID_MAX;
	bool short_xhtml = message->xhtml && strnlen(message->xhtml, TEXT_MAX + 1) <= TEXT_MAX;
	return (struct storage_message){ .room = room,
					 .sender = clean(arena, sender),
					 .is_private = is_private,
					 .message_id = short_id ? clean(arena, message->id) : "",
					 .body = clean(arena, message->body),
					 .xhtml = short_xhtml ? clean(arena, message->xhtml) : "",
					 .attachments = text_clean(arena, arena_strdup(arena, attachments)),
					 .stamp = message->time ? message->time : g_get_real_time() / G_USEC_PER_SEC };
}

void kept_put(struct kept *kept, const char *sender, bool is_private, const struct core_message *message)
{
	struct user *user = kept->user;
	struct core *core = user->core;
	struct storage_message row = kept_row(core, kept->room ? kept->room->node : "", sender, is_private, message);
	metrics_count(core->metrics, METRIC_MESSAGES_KEPT);
	kept->more = true;
	if (!user->row) {
		remember(kept, &row);
		return;
	}
	kept->writing++;
	storage_keep_message(core->storage, user->row, &row, (struct storage_reply){ put, core, kept->id });
}

/* --- handing on ------------------------------------------------------------------------------ */

static struct core_message message_of(struct arena *arena, const struct storage_message *row)
{
	struct core_message message = { .type = CORE_CHAT_MESSAGE,
					.id = *row->message_id ? row->message_id : NULL,
					.body = *row->body ? row->body : NULL,
					.xhtml = *row->xhtml ? row->xhtml : NULL,
					.from_occupant = row->is_private,
					.time = row->stamp };
	if (*row->room && !row->is_private)
		message.type = CORE_GROUPCHAT;
	if (*row->attachments)
		split_attachments(arena, row->attachments, &message);
	return message;
}

static void send_to_user(struct user *user, struct arena *arena, const struct storage_message *row)
{
	struct core *core = user->core;
	struct core_message message = message_of(arena, row);
	const char *slash = strchr(row->sender, '/');
	struct core_address from = { row->sender, CORE_RESOURCE };
	if (slash) /* an occupant of a room */
		from = (struct core_address){ arena_strndup(arena, row->sender, slash - row->sender), slash + 1 };
	else if (!*row->sender) /* the transport itself */
		from = (struct core_address){ 0 };
	core->frontend->message(core->frontend_ctx, from, user->key.p, &message);
}

static void send_to_room(const struct room *room, struct arena *arena, const struct storage_message *row)
{
	struct core *core = room->user->core;
	struct core_message message = message_of(arena, row);
	struct core_address from = { room->node, row->sender };
	for (guint i = 0; i < room->sessions->len; i++) {
		const struct session *session = room->sessions->pdata[i];
		core->frontend->message(core->frontend_ctx, from, session->full, &message);
	}
}

/* False: there is nobody to have it. */
static bool hand_over(const struct kept *kept, struct arena *arena, const struct storage_message *row)
{
	if (!kept->room)
		send_to_user(kept->user, arena, row);
	else if (kept->room->state == ROOM_ENTERED && kept->room->sessions->len)
		send_to_room(kept->room, arena, row);
	else
		return false;
	return true;
}

/* XEP-0045, section 7.2.14: the newest of the room's words that pass every limit. */
struct sieve {
	int64_t oldest, stanzas, chars;
};

static struct sieve sieve_of(const struct room *room)
{
	return (struct sieve){ room_history_start(room), room->history.maxstanzas, room->history.maxchars };
}

/* Rows are asked about from the newest to the oldest. */
static bool passes(struct sieve *sieve, const struct storage_message *row)
{
	int64_t chars = STANZA_CHARS + (int64_t)(strlen(row->body) + strlen(row->xhtml));
	if (row->is_private)
		return true;
	bool full = !sieve->stanzas || (sieve->chars >= 0 && chars > sieve->chars);
	if (full || row->stamp < sieve->oldest) {
		sieve->stanzas = 0;
		return false;
	}
	sieve->stanzas -= sieve->stanzas > 0;
	sieve->chars -= sieve->chars >= 0 ? chars : 0;
	return true;
}

static void hand_on_history(struct kept *kept, struct arena *arena, const struct storage_message *rows, size_t n)
{
	struct sieve sieve = sieve_of(kept->room);
	bool *wanted = g_new0(bool, n + 1);
	for (size_t i = n; i-- > 0;)
		wanted[i] = passes(&sieve, &rows[i]);
	for (size_t i = 0; i < n; i++) {
		arena_reset(arena);
		if (wanted[i])
			send_to_room(kept->room, arena, &rows[i]);
	}
	g_free(wanted);
	/* What comes while this goes on is news, no history. */
	kept->room->history = CORE_HISTORY_ALL;
}

/* In an arena of its own: it may happen in the middle of a call from outside. */
static void hand_on(struct kept *kept, const struct storage_message *rows, size_t n)
{
	struct arena *arena = arena_new(1024);
	if (kept->room)
		hand_on_history(kept, arena, rows, n);
	for (size_t i = 0; !kept->room && i < n; i++) {
		arena_reset(arena);
		send_to_user(kept->user, arena, &rows[i]);
	}
	arena_free(&arena);
}

static void release(struct kept *kept)
{
	*place(kept) = NULL;
	idmap_take(kept->user->core->kept, kept->id);
	kept->user->kept_bytes -= kept->memory_bytes;
	g_queue_clear_full(&kept->memory, g_free);
	g_free(kept);
}

static void finish(struct kept *kept)
{
	struct room *room = kept->room;
	release(kept);
	if (room)
		room_settle(room);
}

static void read_on(struct kept *kept);

/* They may all have gone again meanwhile. */
static bool has_listener(const struct kept *kept)
{
	return kept->room ? kept->room->sessions->len > 0 : user_listens(kept->user);
}

/* What comes from now on is delivered; what lies there waits for the next login. */
static void give_up(struct kept *kept)
{
	kept->user->has_messages = true;
	kept->broken = true;
	if (!kept->writing)
		finish(kept);
}

/* Only then the rest: what cannot be dropped would be read, and handed on, without end. */
static void dropped(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct kept *kept = idmap_find(core->kept, id);
	arena_reset(core->scratch);
	if (answer->error)
		log_error("messages that %s has got may come again, they cannot be dropped: %s",
			  kept ? kept->user->key.p : "a user", answer->error->message);
	if (!kept)
		return;
	if (answer->error)
		give_up(kept);
	else if (!has_listener(kept))
		kept->replaying = false;
	else
		read_on(kept);
}

static void listed(void *ctx, uint64_t id, const struct storage_answer *answer)
{
	struct core *core = ctx;
	struct kept *kept = idmap_find(core->kept, id);
	if (!kept)
		return;
	arena_reset(core->scratch);
	if (answer->error) {
		log_error("messages kept for %s cannot be read: %s", kept->user->key.p, answer->error->message);
		give_up(kept);
	} else if (!has_listener(kept)) {
		kept->replaying = false;
	} else if (answer->message_count) {
		hand_on(kept, answer->messages, answer->message_count);
		storage_drop_messages(core->storage, kept->user->row, kept->room ? kept->room->node : "",
				      answer->messages[answer->message_count - 1].id,
				      (struct storage_reply){ dropped, core, kept->id });
	} else if (kept->more) {
		read_on(kept);
	} else {
		finish(kept);
	}
}

static void read_on(struct kept *kept)
{
	struct core *core = kept->user->core;
	kept->more = false;
	storage_list_messages(core->storage, kept->user->row, kept->room ? kept->room->node : "", PAGE,
			      (struct storage_reply){ listed, core, kept->id });
}

static void store_memory(struct kept *kept)
{
	struct user *user = kept->user;
	struct storage_reply reply = { put, user->core, kept->id };
	while (!g_queue_is_empty(&kept->memory)) {
		kept->writing++;
		storage_keep_message(user->core->storage, user->row, g_queue_peek_head(&kept->memory), reply);
		forget_oldest(kept);
	}
}

void kept_stored(struct user *user)
{
	g_autoptr(GPtrArray) rooms = core_values(user->rooms);
	if (user->kept)
		store_memory(user->kept);
	for (guint i = 0; i < rooms->len; i++) {
		const struct room *room = rooms->pdata[i];
		if (room->kept)
			store_memory(room->kept);
	}
}

static void hand_on_memory(struct kept *kept)
{
	g_autoptr(GArray) rows = g_array_new(FALSE, FALSE, sizeof(struct storage_message));
	for (const GList *at = kept->memory.head; at; at = at->next)
		g_array_append_vals(rows, at->data, 1);
	hand_on(kept, (const struct storage_message *)rows->data, rows->len);
}

void kept_replay(struct kept *kept)
{
	if (kept->replaying)
		return;
	if (kept->user->row) {
		kept->replaying = true;
		read_on(kept);
		return;
	}
	hand_on_memory(kept);
	finish(kept);
}

void kept_end(struct kept *kept)
{
	if (!kept->room && !kept->user->core->server)
		hand_on_memory(kept);
	else
		count_dropped(kept->user->core, kept->memory.length);
	release(kept);
}

void kept_drop(struct kept *kept)
{
	struct user *user = kept->user;
	if (user->row)
		storage_drop_messages(user->core->storage, user->row, kept->room ? kept->room->node : "", INT64_MAX,
				      (struct storage_reply){ 0 });
	release(kept);
}
