/* SPDX-License-Identifier: MIT */
#include "frontend/server/csi.h"

#include "base/hash.h"

struct held {
	GList link;
	size_t n;     /* bytes of the stanza */
	char *stanza; /* in `key`, behind it */
	char key[];
};

struct csi {
	GHashTable *newest; /* char * -> struct held, borrowed */
	GQueue held;        /* struct held, owned, oldest first */
	size_t bytes;
	bool flushing;
};

/* --- what is worth it --------------------------------------------------------------------------- */

enum verdict { PASS, HOLD, DROP };

/* The user's own presence in a room says that he has entered or left it (XEP-0045, section 7.2.2). */
static bool is_own(const struct xml_element *presence)
{
	const struct xml_element *at = xml_first(xml_child(presence, NS_MUC_USER, "x"));
	for (; at; at = xml_next(at)) {
		const char *code = xml_is(at, NS_MUC_USER, "status") ? xml_attr(at, "code") : NULL;
		if (code && !strcmp(code, "110"))
			return true;
	}
	return false;
}

static enum verdict judge_presence(const struct xml_element *presence, const char *type)
{
	bool availability = !*type || !strcmp(type, "unavailable");
	return availability && !is_own(presence) ? HOLD : PASS;
}

static bool is_beside(const struct xml_element *payload)
{
	return !strcmp(payload->ns, NS_HINTS) || !strcmp(payload->name, "thread");
}

static bool is_chat_state(const struct xml_element *message)
{
	bool any = false;
	for (const struct xml_element *at = xml_first(message); at; at = xml_next(at)) {
		bool state = !strcmp(at->ns, NS_CHATSTATES);
		if (!state && !is_beside(at))
			return false;
		any = any || state;
	}
	return any;
}

/* Without words. */
static enum verdict judge_message(const struct xml_element *message, const char *type)
{
	if (!strcmp(type, "error"))
		return PASS;
	if (is_chat_state(message))
		return DROP;
	return strcmp(type, "headline") ? PASS : HOLD;
}

/* The key tells what makes what is held old: another presence of the sender, another event of the same node
 * (XEP-0163). */
static char *key_of(const struct xml_element *stanza)
{
	const struct xml_element *event = xml_child(stanza, NS_PUBSUB "#event", "event");
	const char *node = xml_attr(xml_first(event), "node"), *from = xml_attr(stanza, "from");
	return g_strconcat(stanza->name, " ", from ? from : "", " ", node, NULL);
}

/* HOLD: *key is to be freed. */
static enum verdict judge(const char *text, size_t n, char **key)
{
	if (g_strstr_len(text, (gssize)n, "<body") || !strncmp(text, "<iq", MIN(n, 3)))
		return PASS;
	struct arena *arena = arena_new(2048);
	const struct xml_element *stanza = xml_parse_document(arena, &XML_LIMITS_DEFAULT, text, n, NULL);
	enum verdict verdict = PASS;
	if (stanza) {
		const char *type = xml_attr(stanza, "type");
		bool presence = !strcmp(stanza->name, "presence");
		verdict = (presence ? judge_presence : judge_message)(stanza, type ? type : "");
	}
	*key = verdict == HOLD ? key_of(stanza) : NULL;
	arena_free(&arena);
	return verdict;
}

/* --- holding ------------------------------------------------------------------------------------ */

static void drop(struct csi *csi, struct held *held)
{
	g_hash_table_remove(csi->newest, held->key);
	g_queue_unlink(&csi->held, &held->link);
	csi->bytes -= held->n;
	g_free(held);
}

static void hold(struct csi *csi, const char *key, const char *stanza, size_t n)
{
	struct held *old = g_hash_table_lookup(csi->newest, key);
	size_t size = strlen(key) + 1;
	struct held *held = g_malloc0(sizeof(*held) + size + n);
	if (old)
		drop(csi, old);
	memcpy(held->key, key, size);
	held->stanza = memcpy(held->key + size, stanza, n);
	held->n = n;
	held->link.data = held;
	g_hash_table_insert(csi->newest, held->key, held);
	g_queue_push_tail_link(&csi->held, &held->link);
	csi->bytes += n;
}

static bool has_room(const struct csi *csi, size_t n)
{
	return csi->held.length < CSI_STANZAS_MAX && csi->bytes + n <= CSI_BYTES_MAX;
}

bool csi_holds(struct resource *resource, const char *stanza, size_t n)
{
	struct csi *csi = resource->csi;
	g_autofree char *key = NULL;
	if (csi->flushing)
		return false;
	enum verdict verdict = judge(stanza, n, &key);
	if (verdict == HOLD && has_room(csi, n))
		hold(csi, key, stanza, n);
	else if (verdict != DROP)
		return false;
	return true;
}

bool csi_has_any(const struct csi *csi)
{
	return csi->held.length > 0 && !csi->flushing;
}

void csi_flush(struct resource *resource)
{
	struct csi *csi = resource->csi;
	csi->flushing = true;
	while (csi->held.head) {
		struct held *held = csi->held.head->data;
		resource_put(resource, held->stanza, held->n);
		drop(csi, held);
	}
	csi->flushing = false;
}

void csi_set(struct resource *resource, bool active)
{
	if (active && resource->csi) {
		csi_flush(resource);
		csi_free(&resource->csi);
	} else if (!active && !resource->csi) {
		resource->csi = g_new0(struct csi, 1);
		resource->csi->newest = g_hash_table_new(hash_text, g_str_equal);
	}
}

void csi_element(struct resource *resource, const struct xml_element *element)
{
	if (!strcmp(element->name, "active"))
		csi_set(resource, true);
	else if (!strcmp(element->name, "inactive"))
		csi_set(resource, false);
}

void csi_free(struct csi **csip)
{
	struct csi *csi = *csip;
	if (!csi)
		return;
	while (csi->held.head)
		drop(csi, csi->held.head->data);
	g_hash_table_destroy(csi->newest);
	g_clear_pointer(csip, g_free);
}
