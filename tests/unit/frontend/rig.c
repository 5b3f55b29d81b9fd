/* SPDX-License-Identifier: MIT */
#include "rig.h"

#include "frontend/bookmark.h"
#include "frontend/server/private.h"

enum { OUT_MAX = 16 << 20 };

static struct buf *out(void *ctx, const char *to, bool lasting)
{
	struct rig *rig = ctx;
	rig->lasting += lasting;
	return rig->closed ? NULL : &rig->out;
}

static void sent(void *ctx, const char *to)
{
	struct rig *rig = ctx;
	g_ptr_array_add(rig->sent, g_strdup(to));
}

static void each_backend(void *ctx, void (*each)(void *each_ctx, const struct admin_backend *backend), void *each_ctx)
{
	each(each_ctx, &(struct admin_backend){ .pid = 11, .accepts = true });
}

static bool reload(void *ctx)
{
	return true;
}

static void open_room(void *ctx, const char *to, const char *node, const char *password)
{
	bookmark_put(((struct rig *)ctx)->frontend, to, &(struct bookmark){ .node = node, .password = password });
}

static void close_room(void *ctx, const char *to, const char *node)
{
	bookmark_drop(((struct rig *)ctx)->frontend, to, node);
}

static const struct admin_host host = {
	.each_backend = each_backend, .reload = reload, .open_room = open_room, .close_room = close_room
};

struct rig *rig_new(const char *storage_type, const char *const *overrides)
{
	struct rig *rig = g_new0(struct rig, 1);
	struct fakes *fakes = rig->fakes = fakes_new(storage_type, overrides);
	rig->frontend = frontend_new(fakes->loop, fakes->config, &fakes->metrics);
	fakes->options.frontend = frontend_port();
	fakes->options.frontend_ctx = rig->frontend;
	fakes_open(fakes);
	rig->route = (struct frontend_route){ .out = out, .sent = sent };
	rig->sent = g_ptr_array_new_with_free_func(g_free);
	buf_init(&rig->out, OUT_MAX);
	frontend_set_core(rig->frontend, fakes->core);
	rig->admin = admin_new(&(struct admin_options){ .loop = fakes->loop,
							.config = fakes->config,
							.metrics = &fakes->metrics,
							.core = fakes->core,
							.host = &host,
							.host_ctx = rig });
	frontend_set_admin(rig->frontend, rig->admin);
	frontend_set_route(rig->frontend, &rig->route, rig);
	return rig;
}

struct rig *rig_start(void)
{
	struct rig *rig = rig_new("sqlite3", NULL);
	core_set_features(rig->fakes->core,
			  &(struct core_features){
				  .need_password = true, .need_registration = true, .receipts = true, .muc = true });
	fakes_register(rig->fakes, USER);
	receive(rig, "<presence from='" USER "/a' to='gate.localhost'/>");
	fakes_settle(rig->fakes);
	net_connected(rig->fakes, USER);
	fakes_forget(rig->fakes);
	forget(rig);
	return rig;
}

struct rig *rig_start_serving_with(const char *storage_type)
{
	static const char *const overrides[] = { "service.server_mode=1", NULL };
	struct rig *rig = rig_new(storage_type, overrides);
	rig->frontend->server = rig->server = g_new0(struct server, 1);
	*rig->server = (struct server){ .loop = rig->fakes->loop,
					.config = rig->fakes->config,
					.metrics = &rig->fakes->metrics,
					.frontend = rig->frontend,
					.accounts = g_hash_table_new(str_hash, str_equal) };
	core_set_features(rig->fakes->core,
			  &(struct core_features){ .need_password = true, .receipts = true, .muc = true });
	fakes_log_in(rig->fakes, "user@gate.localhost");
	forget(rig);
	return rig;
}

struct rig *rig_start_serving(void)
{
	return rig_start_serving_with("sqlite3");
}

void rig_end(struct rig *rig)
{
	fakes_close(rig->fakes);
	if (rig->server)
		g_hash_table_destroy(rig->server->accounts);
	g_free(rig->server);
	admin_free(&rig->admin);
	frontend_free(&rig->frontend);
	fakes_free(rig->fakes);
	g_ptr_array_unref(rig->sent);
	buf_fini(&rig->out);
	g_free(rig);
}

/* Elements of a stream, as children of one root. */
static const struct xml_element *parse(struct arena *arena, const char *bytes, size_t n)
{
	static const struct xml_limits limits = {
		.depth = 100, .attributes = 100, .elements = 100000, .bytes = OUT_MAX + 1000
	};
	g_autoptr(GError) error = NULL;
	g_autoptr(GString) text = g_string_new("<stream xmlns='jabber:component:accept'>");
	g_string_append_len(text, bytes, (gssize)n);
	g_string_append(text, "</stream>");
	const struct xml_element *root = xml_parse_document(arena, &limits, text->str, text->len, &error);
	if (!root)
		fail_msg("%s in %s", error->message, text->str);
	return root;
}

void receive(struct rig *rig, const char *stanza)
{
	struct arena *arena = arena_new(4096);
	const struct xml_element *root = parse(arena, stanza, strlen(stanza));
	frontend_receive(rig->frontend, xml_first(root), arena);
	arena_free(&arena);
}

/* --- comparing ------------------------------------------------------------------------------- */

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool is_varying(const struct xml_element *element, const struct xml_attribute *attribute)
{
	if (xml_is(element, "http://jabber.org/protocol/caps", "c"))
		return !strcmp(attribute->name, "ver");
	return !strcmp(attribute->name, "id") &&
	       g_regex_match_simple("^[0-9a-f]{8}-q?[0-9a-f]+$", attribute->value, 0, 0);
}

static void render_attributes(GString *text, const struct xml_element *element)
{
	g_autoptr(GPtrArray) attributes = g_ptr_array_new_with_free_func(g_free);
	for (const struct xml_attribute *at = element->attributes; at; at = at->next) {
		g_autofree char *value = g_markup_escape_text(is_varying(element, at) ? "*" : at->value, -1);
		g_ptr_array_add(attributes, g_strdup_printf(" %s='%s'", at->name, value));
	}
	g_ptr_array_sort(attributes, by_text);
	for (guint i = 0; i < attributes->len; i++)
		g_string_append(text, attributes->pdata[i]);
}

static void render(GString *text, const struct xml_element *node, const char *ns)
{
	if (!node->name) {
		g_autofree char *escaped = g_markup_escape_text(node->text, (gssize)node->text_len);
		g_string_append(text, escaped);
		return;
	}
	g_string_append_printf(text, "<%s", node->name);
	if (strcmp(node->ns, ns))
		g_string_append_printf(text, " xmlns='%s'", node->ns);
	render_attributes(text, node);
	g_string_append(text, ">");
	for (const struct xml_element *at = node->first; at; at = at->next)
		render(text, at, node->ns);
	g_string_append_printf(text, "</%s>", node->name);
}

/* One stanza a line. */
char *rig_normal(const char *bytes, size_t n)
{
	struct arena *arena = arena_new(4096);
	g_autoptr(GString) text = g_string_new(NULL);
	const struct xml_element *root = parse(arena, bytes, n);
	for (const struct xml_element *at = xml_first(root); at; at = xml_next(at)) {
		render(text, at, root->ns);
		g_string_append_c(text, '\n');
	}
	arena_free(&arena);
	return g_string_free(g_steal_pointer(&text), FALSE);
}

char *rig_sent(struct rig *rig)
{
	fakes_settle(rig->fakes);
	assert_false(rig->out.failed);
	return rig_normal(buf_len(&rig->out) ? buf_data(&rig->out) : "", buf_len(&rig->out));
}

void forget(struct rig *rig)
{
	fakes_settle(rig->fakes);
	buf_clear(&rig->out);
	g_ptr_array_set_size(rig->sent, 0);
	rig->lasting = 0;
}

void expect(struct rig *rig, const char *stanzas)
{
	g_autofree char *wanted = rig_normal(stanzas, strlen(stanzas));
	g_autofree char *came = rig_sent(rig);
	assert_string_equal(came, wanted);
	forget(rig);
}
