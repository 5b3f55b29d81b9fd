/* SPDX-License-Identifier: MIT */
#include "frontend/iq/adhoc.h"

#include "core/settings.h"
#include "xmpp/form.h"

enum action { EXECUTE, CANCEL, PREV, NEXT, COMPLETE, ACTION_COUNT };

/* XEP-0050, section 4.4. */
enum fault { MALFORMED_ACTION, BAD_ACTION, BAD_PAYLOAD, BAD_SESSIONID, SESSION_EXPIRED };

static void refuse(struct frontend *frontend, const struct stanza *request, enum fault fault)
{
	static const struct {
		enum xmpp_condition condition;
		const char *name;
	} faults[] = {
		[MALFORMED_ACTION] = { XMPP_BAD_REQUEST, "malformed-action" },
		[BAD_ACTION] = { XMPP_BAD_REQUEST, "bad-action" },
		[BAD_PAYLOAD] = { XMPP_BAD_REQUEST, "bad-payload" },
		[BAD_SESSIONID] = { XMPP_BAD_REQUEST, "bad-sessionid" },
		[SESSION_EXPIRED] = { XMPP_NOT_ALLOWED, "session-expired" },
	};
	iq_error_with(frontend, iq_address(request), faults[fault].condition, NS_COMMANDS, faults[fault].name);
}

/* --- answers that have come ------------------------------------------------------------------ */

/* The answer to the request that the session waits for. NULL: the session is over, or it cannot be sent and is now. */
static struct buf *resume(struct frontend *frontend, uint64_t id, struct adhoc_session **session,
			  struct iq_address *address)
{
	*session = adhoc_session_of_id(frontend, id);
	if (!*session)
		return NULL;
	struct buf *out = iq_resume(frontend, (*session)->waiting, &(struct core_result){ 0 }, address);
	if (!out)
		adhoc_session_end(*session);
	return out;
}

static void send(struct adhoc_session *session, struct iq_address address, struct buf *out)
{
	iq_end(session->frontend, address, out);
	iq_drop(session->frontend, session->waiting);
	session->waiting = 0;
}

static void finish(struct adhoc_session *session, struct iq_address address, struct buf *out)
{
	xml_put(out, "</command>");
	send(session, address, out);
	adhoc_session_end(session);
}

static void answered(void *ctx, uint64_t id, const struct admin_answer *answer)
{
	struct adhoc_session *session;
	struct iq_address address;
	struct buf *out = resume(ctx, id, &session, &address);
	if (!out)
		return;
	adhoc_put_status(out, session, "completed");
	adhoc_put_text(out, session, answer->text, answer->failed);
	finish(session, address, out);
}

/* Without a registration or a database the command is over (it says so twice, as clients know it by the form). */
static void settings_came(void *ctx, uint64_t id, const struct core_result *result)
{
	struct adhoc_session *session;
	struct iq_address address;
	struct buf *out = resume(ctx, id, &session, &address);
	if (!out)
		return;
	if (result->error) {
		adhoc_put_status(out, session, "completed");
		adhoc_put_text(out, session, result->text, true);
		adhoc_put_fixed(out, result->text);
		finish(session, address, out);
		return;
	}
	session->stage = session->next;
	adhoc_put_settings(out, session, result->settings);
	send(session, address, out);
}

static void settings_kept(void *ctx, uint64_t id, const struct core_result *result)
{
	struct adhoc_session *session;
	struct iq_address address;
	struct buf *out = resume(ctx, id, &session, &address);
	if (!out)
		return;
	adhoc_put_status(out, session, "completed");
	if (result->error)
		adhoc_put_text(out, session, result->text, true);
	finish(session, address, out);
}

/* --- steps ----------------------------------------------------------------------------------- */

/* The request waits for something. False: too many do, and it was told. */
static bool await_answer(struct adhoc_session *session, const struct stanza *request)
{
	session->waiting = iq_keep(session->frontend, request);
	if (!session->waiting)
		return false;
	session->stage = ADHOC_RUNNING;
	return true;
}

/* Sends a form at once. */
static void show(struct adhoc_session *session, const struct stanza *request, enum adhoc_stage stage,
		 void (*put)(struct buf *out, const struct adhoc_session *session))
{
	struct frontend *frontend = session->frontend;
	struct buf *out = iq_begin(frontend, iq_address(request));
	session->stage = stage;
	if (!out)
		return;
	put(out, session);
	iq_end(frontend, iq_address(request), out);
}

static void run(struct adhoc_session *session, const struct stanza *request, const char *const *values)
{
	struct frontend *frontend = session->frontend;
	const struct adhoc_command *command = &session->command;
	struct admin_asker asker = { &request->from, command->for_admin };
	struct admin_call call = { .row = command->row,
				   .verb = command->row->kind == ADMIN_VAR ? ADMIN_GET : ADMIN_RUN,
				   .who = session->whose,
				   .values = values,
				   .count = values ? ADMIN_ARGUMENTS_MAX : 0 };
	if (await_answer(session, request))
		admin_run(frontend->admin, &asker, &call, (struct admin_reply){ answered, frontend, session->id });
	else
		adhoc_session_end(session);
}

/* Whose settings they are. */
static struct jid subject(const struct adhoc_session *session, const struct stanza *request)
{
	struct jid jid = request->from;
	if (session->whose && !jid_parse_text(&jid, request->arena, session->whose))
		jid = request->from;
	return jid;
}

static void ask_settings(struct adhoc_session *session, const struct stanza *request, enum adhoc_stage next)
{
	struct frontend *frontend = session->frontend;
	struct jid jid = subject(session, request);
	session->next = next;
	if (await_answer(session, request))
		core_user_get_settings(frontend->core, &jid,
				       (struct core_reply){ settings_came, frontend, session->id });
	else
		adhoc_session_end(session);
}

static bool read_settings(const struct xml_element *form, struct arena *arena, struct core_setting_change *changes,
			  size_t *n)
{
	*n = 0;
	for (int i = 0; i < CORE_SETTING_COUNT; i++) {
		const char *text = form_value(form, core_setting_info((enum core_setting)i)->name, arena);
		if (!text || !*text)
			continue;
		changes[*n].setting = (enum core_setting)i;
		if (!config_parse_bool(text, &changes[(*n)++].on))
			return false;
	}
	return true;
}

static void keep_settings(struct adhoc_session *session, const struct stanza *request,
			  const struct xml_element *payload)
{
	struct frontend *frontend = session->frontend;
	struct core_setting_change changes[CORE_SETTING_COUNT];
	const struct xml_element *form = form_find(payload);
	struct jid jid = subject(session, request);
	size_t n;
	if (!form || !read_settings(form, request->arena, changes, &n))
		refuse(frontend, request, BAD_PAYLOAD);
	else if (await_answer(session, request))
		core_user_put_settings(frontend->core, &jid, changes, n,
				       (struct core_reply){ settings_kept, frontend, session->id });
}

static void take_form(struct adhoc_session *session, const struct stanza *request, const struct xml_element *payload)
{
	const char *values[ADMIN_ARGUMENTS_MAX] = { NULL }, *whose = NULL;
	struct jid jid;
	bool good = adhoc_read_form(session, payload, request->arena, values, &whose) &&
		    (!whose || (jid_parse_text(&jid, request->arena, whose) && jid.node));
	if (!good) {
		refuse(session->frontend, request, BAD_PAYLOAD);
		return;
	}
	g_free(session->whose);
	session->whose = g_strdup(whose);
	if (session->command.row->flags & ADMIN_SETTINGS)
		ask_settings(session, request, ADHOC_SETTINGS_OF);
	else
		run(session, request, values);
}

static void begin(struct adhoc_session *session, const struct stanza *request)
{
	const struct admin_row *row = session->command.row;
	if (adhoc_has_form(session))
		show(session, request, ADHOC_ARGUMENTS, adhoc_put_form);
	else if (row->flags & ADMIN_SETTINGS)
		ask_settings(session, request, ADHOC_SETTINGS);
	else if (row->flags & ADMIN_CONFIRM)
		show(session, request, ADHOC_QUESTION, adhoc_put_question);
	else
		run(session, request, NULL);
}

/* --- requests -------------------------------------------------------------------------------- */

static bool find_action(const char *name, enum action *action)
{
	static const char *const names[ACTION_COUNT] = { "execute", "cancel", "prev", "next", "complete" };
	*action = EXECUTE;
	if (!name)
		return true;
	for (int i = 0; i < ACTION_COUNT; i++)
		if (!strcmp(name, names[i])) {
			*action = (enum action)i;
			return true;
		}
	return false;
}

/* Which actions our <actions/> offer, cancelling apart. */
static bool is_offered(const struct adhoc_session *session, enum action action)
{
	bool first_of_two = session->stage == ADHOC_ARGUMENTS && session->command.row->flags & ADMIN_SETTINGS;
	switch (action) {
	case EXECUTE:
		return true;
	case NEXT:
		return first_of_two;
	case COMPLETE:
		return !first_of_two;
	case PREV:
		return session->stage == ADHOC_SETTINGS_OF;
	default:
		return false;
	}
}

static void cancel(struct adhoc_session *session, const struct stanza *request)
{
	struct frontend *frontend = session->frontend;
	struct buf *out = iq_begin(frontend, iq_address(request));
	if (out) {
		adhoc_put_status(out, session, "canceled");
		xml_put(out, "</command>");
		iq_end(frontend, iq_address(request), out);
	}
	adhoc_session_end(session);
}

static void go_on(struct adhoc_session *session, const struct stanza *request, const struct xml_element *payload,
		  enum action action)
{
	adhoc_session_touch(session);
	if (session->stage == ADHOC_RUNNING || (action != CANCEL && !is_offered(session, action)))
		refuse(session->frontend, request, BAD_ACTION);
	else if (action == CANCEL)
		cancel(session, request);
	else if (action == PREV)
		show(session, request, ADHOC_ARGUMENTS, adhoc_put_form);
	else if (session->stage == ADHOC_ARGUMENTS)
		take_form(session, request, payload);
	else if (session->stage == ADHOC_QUESTION)
		run(session, request, NULL);
	else
		keep_settings(session, request, payload);
}

static void start(struct frontend *frontend, const struct stanza *request, const struct adhoc_command *command)
{
	struct adhoc_session *session = adhoc_session_new(frontend, &request->from, command);
	if (session)
		begin(session, request);
	else
		iq_error(frontend, iq_address(request), XMPP_RESOURCE_CONSTRAINT, "Too many commands are under way");
}

static bool is_of(const struct adhoc_session *session, const struct stanza *request,
		  const struct adhoc_command *command)
{
	return !strcmp(session->jid, request->from.full) && session->command.row == command->row &&
	       session->command.for_admin == command->for_admin;
}

static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	const char *node = xml_attr(payload, "node"), *id = xml_attr(payload, "sessionid");
	struct adhoc_command command;
	enum action action;
	bool expired = false;
	struct adhoc_session *session = id ? adhoc_session_find(frontend, id, &expired) : NULL;
	if (!find_action(xml_attr(payload, "action"), &action))
		refuse(frontend, request, MALFORMED_ACTION);
	else if (!node || !*node)
		iq_error(frontend, iq_address(request), XMPP_BAD_REQUEST, "A command has a node");
	else if (!adhoc_find(node, &command))
		iq_error(frontend, iq_address(request), XMPP_ITEM_NOT_FOUND, NULL);
	else if (!adhoc_may(frontend, &request->from, &command))
		iq_error(frontend, iq_address(request), XMPP_FORBIDDEN, NULL);
	else if (!id && action != EXECUTE)
		refuse(frontend, request, BAD_ACTION);
	else if (!id)
		start(frontend, request, &command);
	else if (!session)
		refuse(frontend, request, expired ? SESSION_EXPIRED : BAD_SESSIONID);
	else if (!is_of(session, request, &command))
		refuse(frontend, request, BAD_SESSIONID);
	else
		go_on(session, request, payload, action);
}

const struct iq_feature iq_adhoc = { NS_COMMANDS, "command", IQ_TRANSPORT, NULL, set };
