/* SPDX-License-Identifier: MIT */
#include "frontend/media.h"

#include "xmpp/xhtml.h"

/* Pictures of one message; further ones stay what they are. */
enum { IMAGES_MAX = 16 };

struct gallery {
	struct arena *arena;
	const struct xml_element *body;
	size_t count;
	const struct xml_element *images[IMAGES_MAX];
	const char *urls[IMAGES_MAX];
};

bool media_is_in(const struct core_message *message)
{
	for (const char *at = message->xhtml; at && (at = strchr(at, '<')); at++)
		if (!g_ascii_strncasecmp(at, "<img", 4))
			return true;
	return false;
}

/* The address of a picture that others can fetch; NULL if it is none. */
static const char *find_url(const struct xml_element *element)
{
	const char *source = !strcmp(element->name, "img") ? xml_attr(element, "src") : NULL;
	bool web = source && (!g_ascii_strncasecmp(source, "http:", 5) || !g_ascii_strncasecmp(source, "https:", 6));
	return web && strlen(source) <= FRONTEND_TEXT_MAX ? source : NULL;
}

/* No deeper than the tree, which is bounded. */
static void gather(struct gallery *gallery, const struct xml_element *inside)
{
	for (const struct xml_element *at = xml_first(inside); at; at = xml_next(at)) {
		const char *url = find_url(at);
		if (url && gallery->count < IMAGES_MAX) {
			gallery->images[gallery->count] = at;
			gallery->urls[gallery->count++] = url;
		}
		gather(gallery, at);
	}
}

static const struct core_attachment *attach(struct gallery *gallery, size_t from, size_t count,
					    const struct core_message *message)
{
	struct core_attachment *all = arena_zalloc(gallery->arena, (count + message->attachment_count) * sizeof(*all));
	for (size_t i = 0; i < count; i++)
		all[i].url = gallery->urls[from + i];
	if (message->attachment_count)
		memcpy(all + count, message->attachments, message->attachment_count * sizeof(*all));
	return all;
}

/* --- in one message -------------------------------------------------------------------------- */

static struct media_messages wrap(struct gallery *gallery, const struct core_message *given, bool replace)
{
	struct core_message *message = arena_alloc(gallery->arena, sizeof(*message));
	size_t count = replace ? 1 : gallery->count;
	*message = *given;
	message->attachments = attach(gallery, 0, count, given);
	message->attachment_count += count;
	if (replace)
		message->body = gallery->urls[0];
	return (struct media_messages){ message, 1 };
}

/* --- in several ------------------------------------------------------------------------------ */

static bool is_image(const struct gallery *gallery, const struct xml_element *element)
{
	for (size_t i = 0; i < gallery->count; i++)
		if (gallery->images[i] == element)
			return true;
	return false;
}

/* Copies what stands between two pictures, with the elements around it; `seen` counts the pictures. */
static void copy_piece(const struct gallery *gallery, struct xml_element *copy, const struct xml_element *from,
		       size_t piece, size_t *seen)
{
	for (const struct xml_element *at = from->first; at; at = at->next) {
		if (!at->name) {
			if (*seen == piece)
				xml_add_text(gallery->arena, copy, at->text, at->text_len);
			continue;
		}
		if (is_image(gallery, at)) {
			++*seen;
			continue;
		}
		struct xml_element *inner = xml_new(gallery->arena, at->ns, at->name);
		for (const struct xml_attribute *each = at->attributes; each; each = each->next)
			xml_set_attr(gallery->arena, inner, each->name, each->value);
		copy_piece(gallery, inner, at, piece, seen);
		if (inner->first || (!at->first && *seen == piece))
			xml_append(copy, inner);
	}
}

/* The length of the blank or line break that the text begins or ends with; 0: none. */
static size_t match_blank(const char *text, size_t n, bool at_end)
{
	static const char *const blanks[] = { " ", "\n", "\r", "\t", "<br/>" };
	for (size_t i = 0; i < G_N_ELEMENTS(blanks); i++) {
		size_t length = strlen(blanks[i]);
		if (n >= length && !memcmp(at_end ? text + n - length : text, blanks[i], length))
			return length;
	}
	return 0;
}

static const char *trim(struct arena *arena, const char *text, size_t n)
{
	size_t blank;
	while ((blank = match_blank(text, n, false))) {
		text += blank;
		n -= blank;
	}
	while ((blank = match_blank(text, n, true)))
		n -= blank;
	return arena_strndup(arena, text, n);
}

/* The inside of an element as text. */
static const char *write_inside(struct arena *arena, const struct xml_element *element)
{
	struct buf out;
	buf_init(&out, 2 * XHTML_MAX);
	for (const struct xml_element *at = element->first; at; at = at->next) {
		if (at->name)
			xml_put_element(&out, at, element->ns);
		else
			xml_escape_n(&out, at->text, at->text_len);
	}
	const char *text = trim(arena, buf_len(&out) ? buf_data(&out) : "", buf_len(&out));
	buf_fini(&out);
	return text;
}

/* Where each picture's address stands in the body; false if they are not all there in order: then the body is
 * that of the formatted text. */
static bool find_places(const struct gallery *gallery, const char *body, const char *places[IMAGES_MAX])
{
	for (size_t i = 0; i < gallery->count; i++) {
		places[i] = body ? strstr(body, gallery->urls[i]) : NULL;
		if (!places[i])
			return false;
		body = places[i] + strlen(gallery->urls[i]);
	}
	return true;
}

static const char *cut_body(const struct gallery *gallery, const char *body, const char *const *places, size_t piece)
{
	const char *start = piece ? places[piece - 1] + strlen(gallery->urls[piece - 1]) : body;
	size_t n = piece < gallery->count ? (size_t)(places[piece] - start) : strlen(start);
	return trim(gallery->arena, start, n);
}

static struct core_message *put_text(const struct gallery *gallery, struct core_message *at, const char *const *places,
				     const struct core_message *given, size_t piece)
{
	struct xml_element *copy = xml_new(gallery->arena, gallery->body->ns, gallery->body->name);
	size_t seen = 0;
	copy_piece(gallery, copy, gallery->body, piece, &seen);
	const char *text = xhtml_text(copy, gallery->arena);
	*at = *given;
	at->attachment_count = 0;
	at->body = places ? cut_body(gallery, given->body, places, piece) : text;
	at->xhtml = *text ? write_inside(gallery->arena, copy) : NULL;
	if (!*at->body)
		at->body = text;
	return at + (*at->body != '\0');
}

static struct core_message *put_image(struct gallery *gallery, struct core_message *at,
				      const struct core_message *given, size_t i)
{
	struct xml_element *copy = xml_new(gallery->arena, gallery->body->ns, gallery->body->name);
	struct xml_element *image = xml_add(gallery->arena, copy, NULL, "img");
	for (const struct xml_attribute *each = gallery->images[i]->attributes; each; each = each->next)
		xml_set_attr(gallery->arena, image, each->name, each->value);
	*at = *given;
	at->body = gallery->urls[i];
	at->xhtml = write_inside(gallery->arena, copy);
	at->attachment_count = 0;
	at->attachments = attach(gallery, i, 1, at);
	at->attachment_count = 1;
	return at + 1;
}

static struct media_messages split(struct gallery *gallery, const struct core_message *given)
{
	const char *found[IMAGES_MAX];
	const char *const *places = find_places(gallery, given->body, found) ? found : NULL;
	struct core_message *all = arena_alloc(gallery->arena, (2 * gallery->count + 2) * sizeof(*all)), *end = all;
	for (size_t i = 0; i <= gallery->count; i++) {
		end = put_text(gallery, end, places, given, i);
		if (i < gallery->count)
			end = put_image(gallery, end, given, i);
	}
	/* Files of the network's own come last, with words that only the body has. */
	bool words = !places && (size_t)(end - all) == gallery->count && given->body && *given->body;
	if (given->attachment_count || words) {
		*end = *given;
		end->xhtml = NULL;
		end->body = words ? given->body : NULL;
		end++;
	}
	for (struct core_message *at = all + 1; at < end; at++)
		at->id = NULL;
	return (struct media_messages){ all, (size_t)(end - all) };
}

struct media_messages media_messages(const struct frontend *frontend, struct arena *arena,
				     const struct core_message *given)
{
	struct gallery gallery = { .arena = arena, .body = xhtml_read(arena, given->xhtml) };
	if (gallery.body)
		gather(&gallery, gallery.body);
	if (!gallery.count)
		return (struct media_messages){ given, 1 };
	if (config_bool(frontend->config, CONFIG_SERVICE_OOB_SPLIT))
		return split(&gallery, given);
	/* The words are only in the formatted text then: without it they stay where they are. */
	bool formatted = config_bool(frontend->config, CONFIG_SERVICE_ENABLE_XHTML);
	return wrap(&gallery, given, formatted && config_bool(frontend->config, CONFIG_SERVICE_OOB_REPLACE_BODY));
}
