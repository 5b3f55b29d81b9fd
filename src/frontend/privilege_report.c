/* SPDX-License-Identifier: MIT */
#include "frontend/privilege.h"

#include "loop/timer.h"

LOG_AREA("XMPPFrontend");

enum {
	REPORT_AFTER_MS = 5000, /* servers say it right after the handshake, each of their domains by itself */
	NAMED_MAX = 10          /* domains in one line */
};

struct report {
	GString *granted;
	unsigned domains;
	bool presence; /* of one domain at least; as are: */
	bool no_roster, no_messages, no_bookmarks;
};

static const char *access_name(unsigned access)
{
	static const char *const names[] = { "none", "get", "set", "both" };
	return names[access & PRIVILEGE_BOTH];
}

static void add(void *ctx, const char *domain, const struct privilege *privilege)
{
	struct report *report = ctx;
	unsigned bookmarks = privilege_iq(privilege, NS_PUBSUB);
	report->presence |= privilege->presence;
	report->no_roster |= privilege->roster != PRIVILEGE_BOTH;
	report->no_messages |= !privilege->message;
	/* Version 1 knows of no IQs. */
	report->no_bookmarks |= privilege->version > 1 && bookmarks != PRIVILEGE_BOTH;
	if (report->domains++ >= NAMED_MAX)
		return;
	g_string_append_printf(report->granted, "%s%s: roster %s, message %s, iq of pubsub %s",
			       report->domains > 1 ? "; " : "", domain, access_name(privilege->roster),
			       privilege->message ? "outgoing" : "none", access_name(bookmarks));
}

static void tell_lines(const char *jid)
{
	log_info("Prosody grants it by these lines in each VirtualHost: modules_enabled = { \"privilege\" }; "
		 "privileged_entities = { [\"%s\"] = { roster = \"both\", message = \"outgoing\", "
		 "iq = { [\"" NS_PUBSUB "\"] = \"both\" } } } -- and by this one in Component \"%s\": "
		 "modules_enabled = { \"privilege\" }",
		 jid, jid);
	log_info("ejabberd grants it by: acl: { spectrum: { server: \"%s\" } } -- access_rules: { spectrum: { allow: "
		 "spectrum } } -- modules: { mod_privilege: { roster: { both: spectrum }, message: { outgoing: "
		 "spectrum } } }",
		 jid);
}

void privileges_report(const struct frontend *frontend)
{
	g_autoptr(GString) granted = g_string_new(NULL);
	struct report report = { .granted = granted };
	privileges_each(frontend, add, &report);
	if (report.domains > NAMED_MAX)
		g_string_append_printf(granted, "; and %u more domains", report.domains - NAMED_MAX);
	log_info("privileges (XEP-0356): %s", report.domains ? granted->str : "no server grants any");
	if (report.presence)
		log_warn("the privilege presence is granted, and should not be: it logs in users who never asked for "
			 "the "
			 "gateway, where the network needs no registration");
	bool none = !report.domains;
	if (!none && !report.no_roster && !report.no_messages && !report.no_bookmarks)
		return;
	log_info("what is missing:%s%s%s", none || report.no_roster ? " contacts without requests to users;" : "",
		 none || report.no_messages ? " own messages from other clients of the network;" : "",
		 none || report.no_bookmarks ? " bookmarks of rooms;" : "");
	tell_lines(frontend->jid);
}

static void report(void *ctx)
{
	privileges_report(ctx);
}

/* Once a start; a link that comes back is no news. */
void privileges_report_soon(struct frontend *frontend)
{
	if (frontend->report_timer)
		return;
	frontend->report_timer = timer_new(frontend->loop, report, frontend);
	timer_start(frontend->report_timer, REPORT_AFTER_MS, 0);
}
