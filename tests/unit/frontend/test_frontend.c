/* SPDX-License-Identifier: MIT */
#include "iq.h"

static struct config *load(struct rig *rig, const char *const *overrides)
{
	struct config_source source = { .path = config_path(rig->fakes->config), .overrides = overrides };
	struct config *config = config_load(&source, NULL, NULL);
	assert_non_null(config);
	return config;
}

static void a_reload_changes_what_is_said(void **state)
{
	static const char *const overrides[] = { "identity.name=Other", "gateway_responder.label=Who?",
						 "gateway_responder.prompt=Name", NULL };
	struct rig *rig = rig_start();
	struct config *config = load(rig, overrides);
	frontend_set_config(rig->frontend, config);
	core_set_config(rig->fakes->core, config);
	config_unref(&config);
	receive(rig, GET(GATE, PROMPT "/>"));
	expect(rig, RESULT(GATE, PROMPT "><desc>Who?</desc><prompt>Name</prompt></query>"));
	receive(rig, GET(GATE, VCARD "/>"));
	expect(rig, RESULT(GATE, VCARD "><FN>Other</FN></vCard>"));
	rig_end(rig);
}

static void a_link_that_is_up_shows_who_is_there(void **state)
{
	struct rig *rig = rig_start();
	net_contact(rig->fakes, USER, &(struct core_contact){ .name = "bob", .status = CORE_DND });
	forget(rig);
	frontend_up(rig->frontend);
	expect(rig, "<presence from='gate.localhost' to='user@localhost/a'>" CAPS "</presence>"
		    "<presence from='bob@gate.localhost/bot' to='user@localhost'><show>dnd</show>"
		    "<x xmlns='vcard-temp:x:update'><photo/></x>" CAPS "</presence>");
	rig_end(rig);
}

static void the_domain_is_prepared(void **state)
{
	static const char *const overrides[] = { "service.jid=Gate.LOCALHOST", NULL };
	struct rig *rig = rig_new("none", overrides);
	assert_string_equal(frontend_jid(rig->frontend), "gate.localhost");
	rig_end(rig);
}

static void the_domain_is_that_of_the_configuration(void **state)
{
	struct rig *rig = rig_new("none", NULL);
	assert_string_equal(frontend_jid(rig->frontend), "gate.localhost");
	rig_end(rig);
}

static void what_is_for_others_is_not_ours(void **state)
{
	static const char *const silent[] = {
		"<presence from='" A "' to='sms.localhost'/>",
		"<presence from='" A
		"' to='room@sms.localhost/nick'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
		"<message type='error' from='" A "' to='bob@sms.localhost'/>",
		"<iq type='result' id='1' from='" A "' to='sms.localhost'/>",
	};
	struct rig *rig = rig_start();
	for (size_t i = 0; i < G_N_ELEMENTS(silent); i++)
		receive(rig, silent[i]);
	expect(rig, "");
	receive(rig, "<message type='chat' id='1' from='" A "' to='bob@sms.localhost'><body>private</body></message>");
	receive(rig, GET("sms.localhost", PING));
	expect(rig, "<message type='error' id='1' from='bob@sms.localhost' to='" A "'>"
		    "<error type='cancel'><remote-server-not-found " STANZAS
		    "/></error></message>" ERROR("sms.localhost", "cancel", "remote-server-not-found"));
	expect_net(rig, "");
	rig_end(rig);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reload_changes_what_is_said),
		cmocka_unit_test(a_link_that_is_up_shows_who_is_there),
		cmocka_unit_test(the_domain_is_prepared),
		cmocka_unit_test(the_domain_is_that_of_the_configuration),
		cmocka_unit_test(what_is_for_others_is_not_ours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
