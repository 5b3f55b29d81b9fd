/* SPDX-License-Identifier: MIT */
#include "frontend/server/csi.h"
#include "lines.h"

static struct resource *resource;

static int setup(void **state)
{
	struct lines *lines = lines_new(NULL);
	resource = lines_resource(lines, USER, "a", 0);
	csi_set(resource, false);
	*state = lines;
	return 0;
}

static int teardown(void **state)
{
	lines_free(*state);
	return 0;
}

static void say(const char *name)
{
	struct arena *arena = arena_new(1000);
	csi_element(resource, xml_new(arena, NS_CSI, name));
	arena_free(&arena);
}

#define FROM(jid) "from='" jid "' to='user@localhost/a'"
#define BUDDY     FROM("buddy@gate.localhost/bot")
#define STATES    "xmlns='http://jabber.org/protocol/chatstates'"

static void to_an_active_client_all_is_written(void **state)
{
	say("active");
	assert_null(resource->csi);
	lines_put(resource, "<presence " BUDDY "/>");
	lines_expect(*state, 0, "<presence " BUDDY "/>");
}

static void presences_wait_until_it_is_active(void **state)
{
	lines_put(resource, "<presence " BUDDY "/>");
	lines_put(resource, "<presence " FROM("other@gate.localhost") " type='unavailable'/>");
	lines_expect(*state, 0, "");
	say("active");
	lines_expect(*state, 0, "<presence " BUDDY "/><presence " FROM("other@gate.localhost") " type='unavailable'/>");
}

static void of_each_sender_the_newest_waits(void **state)
{
	lines_put(resource, "<presence " BUDDY "/>");
	lines_put(resource, "<presence " FROM("other@gate.localhost") "/>");
	lines_put(resource, "<presence " BUDDY "><show>away</show></presence>");
	say("active");
	lines_expect(*state, 0,
		     "<presence " FROM("other@gate.localhost") "/><presence " BUDDY "><show>away</show></presence>");
}

static void words_take_along_what_waits(void **state)
{
	lines_put(resource, "<presence " BUDDY "/>");
	lines_put(resource, "<message " BUDDY "><body>hi</body></message>");
	lines_expect(*state, 0, "<presence " BUDDY "/><message " BUDDY "><body>hi</body></message>");
	lines_put(resource, "<presence " BUDDY " type='unavailable'/>");
	lines_expect(*state, 0, "");
	lines_put(resource, "<iq " BUDDY " type='get' id='1'/>");
	lines_expect(*state, 0, "<presence " BUDDY " type='unavailable'/><iq " BUDDY " type='get' id='1'/>");
}

static void typing_is_left_out(void **state)
{
	lines_put(resource, "<message " BUDDY "><composing " STATES "/><no-store xmlns='urn:xmpp:hints'/></message>");
	lines_put(resource, "<message " BUDDY " type='chat'><thread>1</thread><paused " STATES "/></message>");
	say("active");
	lines_expect(*state, 0, "");
}

static void what_is_not_said_in_words_passes_too(void **state)
{
	static const char *const passing[] = {
		"<message " BUDDY "><received xmlns='urn:xmpp:receipts' id='1'/></message>",
		"<message " BUDDY "><active " STATES "/><attention xmlns='urn:xmpp:attention:0'/></message>",
		"<message " BUDDY " type='error'><composing " STATES "/></message>",
		"<message " BUDDY " type='groupchat'><subject>new</subject></message>",
		"<presence " BUDDY " type='subscribe'/>",
		"<presence " BUDDY " type='error'/>",
		"<presence " FROM(
			"room@gate.localhost/me") "><x xmlns='http://jabber.org/protocol/muc#user'>"
						  "<item role='participant'/><status code='110'/></x></presence>",
	};
	for (size_t i = 0; i < G_N_ELEMENTS(passing); i++) {
		lines_put(resource, passing[i]);
		lines_expect(*state, 0, passing[i]);
	}
}

#define EVENT(node, id)                                                                                             \
	"<message " FROM("user@localhost") " type='headline'><event xmlns='" NS_PUBSUB "#event'><items node='" node \
					   "'><item id='" id "'/></items></event></message>"

static void of_each_node_the_newest_event_waits(void **state)
{
	lines_put(resource, EVENT("nick", "1"));
	lines_put(resource, EVENT("avatar", "2"));
	lines_put(resource, EVENT("nick", "3"));
	lines_expect(*state, 0, "");
	say("active");
	lines_expect(*state, 0, EVENT("avatar", "2") EVENT("nick", "3"));
}

static void only_so_much_waits(void **state)
{
	struct lines *lines = *state;
	for (unsigned i = 0; i < CSI_STANZAS_MAX; i++) {
		g_autofree char *presence = g_strdup_printf("<presence from='b%u@x' to='y'/>", i);
		lines_put(resource, presence);
		assert_int_equal(buf_len(&lines->line[0].out), 0);
	}
	lines_put(resource, "<presence from='one@more' to='y'/>");
	assert_true(buf_len(&lines->line[0].out) > CSI_STANZAS_MAX * strlen("<presence from='b0@x' to='y'/>"));
	assert_false(csi_has_any(resource->csi));
	buf_clear(&lines->line[0].out);
	g_autofree char *text = g_strnfill(CSI_BYTES_MAX / 2, 'x');
	for (unsigned i = 0; i < 3; i++) {
		g_autofree char *presence =
			g_strdup_printf("<presence from='b%u@x' to='y'><status>%s</status></presence>", i, text);
		lines_put(resource, presence);
	}
	assert_true(buf_len(&lines->line[0].out) > CSI_BYTES_MAX);
}

static void what_waits_goes_with_the_resource(void **state)
{
	struct lines *lines = *state;
	lines_put(resource, "<presence " BUDDY "/>");
	lines->line[0].client.resource = NULL;
	resource_free(resource);
	lines_expect(*state, 0, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(to_an_active_client_all_is_written, setup, teardown),
		cmocka_unit_test_setup_teardown(presences_wait_until_it_is_active, setup, teardown),
		cmocka_unit_test_setup_teardown(of_each_sender_the_newest_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(words_take_along_what_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(typing_is_left_out, setup, teardown),
		cmocka_unit_test_setup_teardown(what_is_not_said_in_words_passes_too, setup, teardown),
		cmocka_unit_test_setup_teardown(of_each_node_the_newest_event_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(only_so_much_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(what_waits_goes_with_the_resource, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
