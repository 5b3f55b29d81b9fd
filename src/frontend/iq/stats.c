/* SPDX-License-Identifier: MIT */
#include "core/figures.h"
#include "frontend/iq/iq.h"

#include <stdio.h>
#include <unistd.h>

/* Statistics of the transport (XEP-0039). */

enum { ASKED_MAX = 32 };

static uint64_t uptime(struct frontend *frontend)
{
	return core_figures(frontend->core)->uptime;
}

static uint64_t users_online(struct frontend *frontend)
{
	return core_figures(frontend->core)->users_online;
}

static uint64_t contacts_online(struct frontend *frontend)
{
	return core_figures(frontend->core)->contacts_online;
}

static uint64_t contacts_total(struct frontend *frontend)
{
	return core_figures(frontend->core)->contacts;
}

static uint64_t from_xmpp(struct frontend *frontend)
{
	return frontend->metrics->value[METRIC_MESSAGES_FROM_XMPP];
}

static uint64_t to_xmpp(struct frontend *frontend)
{
	return frontend->metrics->value[METRIC_MESSAGES_TO_XMPP];
}

static uint64_t backends_running(struct frontend *frontend)
{
	return frontend->metrics->value[METRIC_BACKENDS_RUNNING];
}

static uint64_t backends_crashed(struct frontend *frontend)
{
	return frontend->metrics->value[METRIC_BACKENDS_CRASHED];
}

/* Of this process: the second number of statm is its pages in memory. */
static uint64_t memory(struct frontend *frontend)
{
	g_autofree char *text = NULL;
	guint64 pages = 0;
	if (!g_file_get_contents("/proc/self/statm", &text, NULL, NULL))
		return 0;
	const char *blank = strchr(text, ' ');
	if (blank)
		pages = g_ascii_strtoull(blank, NULL, 10);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
}

static const struct {
	const char *name, *units;
	uint64_t (*value)(struct frontend *frontend);
} stats[] = {
	{ "uptime", "seconds", uptime },
	{ "users/online", "users", users_online },
	{ "contacts/online", "contacts", contacts_online },
	{ "contacts/total", "contacts", contacts_total },
	{ "messages/from-xmpp", "messages", from_xmpp },
	{ "messages/to-xmpp", "messages", to_xmpp },
	{ "backends/running", "backends", backends_running },
	{ "backends/crashed", "backends", backends_crashed },
	{ "memory-usage", "KB", memory },
};

static void put_names(struct buf *out)
{
	for (size_t i = 0; i < G_N_ELEMENTS(stats); i++) {
		xml_put(out, "<stat");
		xml_put_attr(out, "name", stats[i].name);
		xml_put(out, "/>");
	}
}

static void put_stat(struct frontend *frontend, struct buf *out, const char *name)
{
	char value[24];
	size_t i = 0;
	xml_put(out, "<stat");
	xml_put_attr(out, "name", name);
	while (i < G_N_ELEMENTS(stats) && strcmp(stats[i].name, name) != 0)
		i++;
	if (i == G_N_ELEMENTS(stats)) {
		xml_put(out, "><error code='404'>Not Found</error></stat>");
		return;
	}
	g_snprintf(value, sizeof(value), "%" G_GUINT64_FORMAT, stats[i].value(frontend));
	xml_put_attr(out, "units", stats[i].units);
	xml_put_attr(out, "value", value);
	xml_put(out, "/>");
}

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct buf *out = iq_begin(frontend, iq_address(request));
	int left = ASKED_MAX;
	if (!out)
		return;
	xml_put(out, "<query xmlns='" NS_STATS "'>");
	if (!xml_first(payload))
		put_names(out);
	for (const struct xml_element *at = xml_first(payload); at && left; at = xml_next(at)) {
		const char *name = xml_is(at, NS_STATS, "stat") ? xml_attr(at, "name") : NULL;
		if (!name || strlen(name) > FRONTEND_ID_MAX)
			continue;
		put_stat(frontend, out, name);
		left--;
	}
	xml_put(out, "</query>");
	iq_end(frontend, iq_address(request), out);
}

const struct iq_feature iq_stats = { NS_STATS, "query", IQ_TRANSPORT, get, NULL };
