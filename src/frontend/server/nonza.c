/* SPDX-License-Identifier: MIT */
#include "frontend/server/nonza.h"

#include "frontend/server/resume.h"
#include "frontend/server/sm.h"

LOG_AREA("Server");

const char *nonza_begin(struct resource *resource, bool resume)
{
	g_assert(!resource->sm);
	resource->sm = sm_new();
	return resume ? resume_offer(resource) : "";
}

/* Nonzas: they are counted by nobody. */
static struct buf *begin(struct resource *resource)
{
	return resource->client ? client_out(resource->client) : NULL;
}

static void refuse(struct resource *resource)
{
	struct buf *out = begin(resource);
	if (!out)
		return;
	xml_put(out, "<failed xmlns='" NS_SM "'><unexpected-request xmlns='" NS_STANZAS "'/></failed>");
	client_flush(resource->client);
}

static void enable(struct resource *resource, const struct xml_element *element)
{
	struct buf *out = begin(resource);
	if (!out)
		return;
	const char *id = nonza_begin(resource, xml_is_true(xml_attr(element, "resume")));
	xmpp_c2s_put_enabled(out, id, resume_seconds(resource->account->server));
	client_flush(resource->client);
}

static void answer(struct resource *resource)
{
	struct buf *out = begin(resource);
	if (!out)
		return;
	xml_put(out, "<a xmlns='" NS_SM "'");
	xml_put_number_attr(out, "h", sm_handled_count(resource->sm));
	xml_put(out, "/>");
	client_flush(resource->client);
}

/* XEP-0198, section 4. */
static void end_too_high(struct resource *resource, uint32_t h, uint32_t sent)
{
	g_autofree char *text = g_strdup_printf("You confirmed %u stanzas, but were sent only %u", h, sent);
	g_autofree char *condition =
		g_strdup_printf("<handled-count-too-high xmlns='" NS_SM "' h='%u' send-count='%u'/>", h, sent);
	log_info("%s: %s", resource->full, text);
	if (resource->client)
		xmpp_c2s_set_condition(resource->client->c2s, condition);
	resource_end(resource, XMPP_C2S_UNDEFINED_CONDITION, text);
}

static void confirm(struct resource *resource, const struct xml_element *element)
{
	const char *text = xml_attr(element, "h");
	uint64_t h;
	uint32_t sent;
	if (!text || !g_ascii_string_to_unsigned(text, 10, 0, UINT32_MAX, &h, NULL)) {
		resource_end(resource, XMPP_C2S_POLICY_VIOLATION, "Confirmation without a number");
		return;
	}
	if (!sm_acked(resource->sm, (uint32_t)h, &sent)) {
		end_too_high(resource, (uint32_t)h, sent);
		return;
	}
	struct buf *out = begin(resource);
	if (!out)
		return;
	sm_ask(resource->sm, out);
	client_flush(resource->client);
}

void nonza_received(struct resource *resource, const struct xml_element *element)
{
	bool on = resource->sm;
	if (!strcmp(element->name, "enable") && !on)
		enable(resource, element);
	else if (!strcmp(element->name, "r") && on)
		answer(resource);
	else if (!strcmp(element->name, "a") && on)
		confirm(resource, element);
	else
		refuse(resource);
}
