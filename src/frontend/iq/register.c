/* SPDX-License-Identifier: MIT */
#include "frontend/iq/iq.h"
#include "xmpp/form.h"

/* In-band registration (XEP-0077), with plain fields and with a data form. */

static bool allowed(struct frontend *frontend, const struct stanza *request)
{
	if (frontend->server) {
		/* XEP-0077, section 3.1 */
		iq_error(frontend, iq_address(request), XMPP_SERVICE_UNAVAILABLE,
			 "There is nothing to register: log in with your account of the network");
		return false;
	}
	if (core_may_register(frontend->core, &request->from))
		return true;
	iq_error(frontend, iq_address(request), XMPP_NOT_ALLOWED, "Registration is not open to your server");
	return false;
}

/* --- asking ---------------------------------------------------------------------------------- */

static void put_form(struct frontend *frontend, struct buf *out, const struct core_result *result)
{
	const struct config *config = frontend->config;
	const char *language = config_text(config, CONFIG_REGISTRATION_LANGUAGE);
	const char *chosen = result->language && *result->language ? result->language : language;
	form_begin(out, "form", "Registration", config_text(config, CONFIG_REGISTRATION_INSTRUCTIONS));
	form_put(out, "hidden", "FORM_TYPE", NULL, NS_REGISTER, false);
	form_put(out, "text-single", "username", config_text(config, CONFIG_REGISTRATION_USERNAME_LABEL), result->uin,
		 true);
	if (core_features(frontend->core)->need_password)
		form_put(out, "text-private", "password", "Password", NULL, true);
	form_put_list(out, "language", "Language", chosen, &language, 1);
	if (!result->registered && core_needs_local_account(frontend->core)) {
		form_put(out, "text-single", "local_username",
			 config_text(config, CONFIG_REGISTRATION_LOCAL_USERNAME_LABEL), NULL, true);
		form_put(out, "text-private", "local_password", "Local password", NULL, true);
	}
	if (result->registered)
		form_put(out, "boolean", "unregister", "Remove your registration", "0", false);
	form_end(out);
}

static void put_query(struct frontend *frontend, struct buf *out, const struct core_result *result)
{
	xml_put(out, "<query xmlns='" NS_REGISTER "'>");
	if (result->registered)
		xml_put(out, "<registered/>");
	xml_put_text(out, "instructions", config_text(frontend->config, CONFIG_REGISTRATION_INSTRUCTIONS));
	xml_put_text(out, "username", result->uin ? result->uin : "");
	if (core_features(frontend->core)->need_password)
		xml_put(out, "<password/>");
	put_form(frontend, out, result);
	xml_put(out, "</query>");
}

static void found(void *ctx, uint64_t id, const struct core_result *result)
{
	struct frontend *frontend = ctx;
	struct iq_address address;
	struct buf *out = iq_resume(frontend, id, result, &address);
	if (!out)
		return;
	put_query(frontend, out, result);
	iq_end(frontend, address, out);
	iq_drop(frontend, id);
}

static void get(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	uint64_t id = allowed(frontend, request) ? iq_keep(frontend, request) : 0;
	if (id)
		core_user_get_registration(frontend->core, &request->from, (struct core_reply){ found, frontend, id });
}

/* --- registering ----------------------------------------------------------------------------- */

static void finished(void *ctx, uint64_t id, const struct core_result *result)
{
	struct frontend *frontend = ctx;
	struct iq_address address;
	struct buf *out = iq_resume(frontend, id, result, &address);
	if (!out)
		return;
	iq_end(frontend, address, out);
	iq_drop(frontend, id);
}

/* A value of the form, where it has one that is not empty, else of the plain element. */
static const char *value(const struct xml_element *payload, const struct xml_element *form, const char *name,
			 struct arena *arena)
{
	const char *filled = form_value(form, name, arena);
	return filled && *filled ? filled : xml_child_text(payload, NULL, name, arena);
}

static bool removes(const struct xml_element *payload, const struct xml_element *form, struct arena *arena)
{
	const char *wish = form_value(form, "unregister", arena);
	bool yes = false;
	return xml_child(payload, NULL, "remove") || (wish && config_parse_bool(wish, &yes) && yes);
}

static void set(struct frontend *frontend, const struct stanza *request, const struct xml_element *payload)
{
	struct arena *arena = request->arena;
	const struct xml_element *form = form_find(payload);
	bool removal = removes(payload, form, arena);
	/* Who may not register any more may still leave. */
	uint64_t id = (removal && !frontend->server) || allowed(frontend, request) ? iq_keep(frontend, request) : 0;
	if (!id)
		return;
	struct core_reply reply = { finished, frontend, id };
	if (removal) {
		core_user_unregister(frontend->core, &request->from, reply);
		return;
	}
	struct core_registration registration = { .uin = value(payload, form, "username", arena),
						  .password = value(payload, form, "password", arena),
						  .language = value(payload, form, "language", arena),
						  .encoding = value(payload, form, "encoding", arena),
						  .local_name = value(payload, form, "local_username", arena),
						  .local_password = value(payload, form, "local_password", arena) };
	core_user_register(frontend->core, &request->from, &registration, reply);
}

const struct iq_feature iq_register = { NS_REGISTER, "query", IQ_TRANSPORT, get, set };
