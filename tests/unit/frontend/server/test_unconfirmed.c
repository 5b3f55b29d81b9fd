/* SPDX-License-Identifier: MIT */
#include "frontend/server/sm.h"
#include "frontend/server/unconfirmed.h"

#include "../../core/fakes.h"

static GString *unread;
static struct buf answers;

/* In the place of the core's. */
void core_user_unread(struct core *core, const struct jid *who, struct core_address from,
		      const struct core_message *message)
{
	g_string_append_printf(unread, "%s <- %s/%s %s%s%s@%d\n", who->full, from.node ? from.node : "-",
			       from.resource ? from.resource : "", message->from_occupant ? "(room) " : "",
			       message->id ? message->id : "", message->body,
			       message->time > g_get_real_time() / G_USEC_PER_SEC - 60 ? 0 : (int)message->time);
}

static struct buf *out(void *ctx, const char *to, bool lasting)
{
	return &answers;
}

static void sent(void *ctx, const char *to)
{
}

static struct resource *gone, *desk;

static struct resource *add_resource(struct account *account, const char *full)
{
	struct resource *resource = g_malloc0(sizeof(*resource) + 100);
	g_strlcpy(resource->full, full, 100);
	resource->account = account;
	resource->next = account->resources;
	account->resources = resource;
	return resource;
}

static int setup(void **state)
{
	static const struct frontend_route route = { out, sent };
	struct fakes *fakes = fakes_new("none", (const char *const[]){ "service.jid=localhost", NULL });
	struct server *server = g_new0(struct server, 1);
	struct account *account = g_malloc0(sizeof(*account) + sizeof(USER));
	server->frontend = frontend_new(fakes->loop, fakes->config, &fakes->metrics);
	frontend_set_route(server->frontend, &route, NULL);
	memcpy(account->jid, USER, sizeof(USER));
	account->key = str_of(account->jid);
	account->server = server;
	unread = g_string_new(NULL);
	buf_init(&answers, 10000);
	desk = add_resource(account, USER "/desk");
	gone = add_resource(account, USER "/phone");
	gone->sm = sm_new();
	*state = fakes;
	return 0;
}

static int teardown(void **state)
{
	struct server *server = gone->account->server;
	g_string_free(unread, TRUE);
	buf_fini(&answers);
	frontend_free(&server->frontend);
	g_free(gone->account);
	g_clear_pointer(&desk->presence, g_bytes_unref);
	g_free(desk);
	sm_free(&gone->sm);
	g_free(gone);
	g_free(server);
	fakes_free(*state);
	return 0;
}

/* The other resource is there and gets copies, for long. */
static void desk_is_there(void)
{
	desk->presence = g_bytes_new_static("", 0);
	desk->carbons = true;
	desk->since = 100;
}

static void keep(const char *stanza)
{
	sm_sent(gone->sm, stanza, strlen(stanza));
}

static void expect_unread(const char *wanted)
{
	unconfirmed_hand_on(gone, gone->sm);
	assert_string_equal(unread->str, wanted);
}

#define FROM(jid)  "from='" jid "@localhost/bot' to='" USER "/phone'"
#define BODY(text) "<body>" text "</body>"

static void words_are_handed_on_in_order(void **state)
{
	keep("<message " FROM("buddy1") " type='chat' id='i'>" BODY("one") "</message>");
	keep("<message " FROM("buddy2") ">" BODY("two") "</message>");
	keep("<message " FROM("buddy\\40x") " type='normal'>" BODY("3 &lt; 4") "</message>");
	keep("<message from='localhost' to='" USER "/phone'>" BODY("gate") "</message>");
	expect_unread(USER "/phone <- buddy1/bot ione@0\n" USER "/phone <- buddy2/bot two@0\n" USER
			   "/phone <- buddy\\40x/bot 3 < 4@0\n" USER "/phone <- -/ gate@0\n");
}

static void what_was_of_the_moment_is_not(void **state)
{
	keep("<presence " FROM("buddy1") "/>");
	keep("<message " FROM("room") " type='groupchat'>" BODY("room") "</message>");
	keep("<message " FROM("buddy1") " type='headline'>" BODY("news") "</message>");
	keep("<message " FROM("buddy1") " type='error'>" BODY("mine") "</message>");
	keep("<message " FROM("buddy1") "><composing xmlns='" NS_CHATSTATES "'/></message>");
	keep("<message from='" USER "' to='" USER "/phone'><received xmlns='" NS_CARBONS
	     "'><forwarded xmlns='" NS_FORWARD "'><message xmlns='jabber:client' from='buddy1@localhost/bot' to='" USER
	     "/other'>" BODY("copy") "</message></forwarded></received></message>");
	keep("<message>" BODY("nobody") "</message>");
	expect_unread("");
}

static void it_says_when_it_was_said_first(void **state)
{
	keep("<message " FROM("buddy1") ">" BODY("late") "<delay xmlns='" NS_DELAY
							 "' stamp='1970-01-01T00:01:40Z'/></message>");
	keep("<message " FROM("buddy1") ">" BODY("odd") "<delay xmlns='" NS_DELAY "' stamp='yesterday'/></message>");
	expect_unread(USER "/phone <- buddy1/bot late@100\n" USER "/phone <- buddy1/bot odd@0\n");
}

static void whispers_stay_whispers(void **state)
{
	keep("<message from='room@localhost/nick' to='" USER
	     "/phone' type='chat'>" BODY("psst") "<x xmlns='" NS_MUC_USER "'/></message>");
	expect_unread(USER "/phone <- room/nick (room) psst@0\n");
}

static void a_copy_is_enough(void **state)
{
	desk_is_there();
	keep("<message " FROM("buddy1") ">" BODY("one") "</message>");
	keep("<message from='buddy1@localhost/bot' to='" USER "'>" BODY("two") "</message>");
	expect_unread("");
	/* Without copies it has what was for all. */
	desk->carbons = false;
	expect_unread(USER "/phone <- buddy1/bot one@0\n");
}

static void who_came_later_or_takes_no_messages_did_not_get_it(void **state)
{
	desk_is_there();
	keep("<message " FROM("buddy1") ">" BODY("one") "</message>");
	desk->since = g_get_real_time() / G_USEC_PER_SEC + 100;
	expect_unread(USER "/phone <- buddy1/bot one@0\n");
	g_string_truncate(unread, 0);
	desk->since = 100;
	desk->priority = -1;
	expect_unread(USER "/phone <- buddy1/bot one@0\n");
}

static void who_asked_is_told(void **state)
{
	desk_is_there();
	keep("<iq from='" USER "/desk' to='" USER "/phone' type='get' id='q'><query xmlns='x'/></iq>");
	keep("<iq from='" USER "/desk' to='" USER "/phone' type='result' id='r'/>");
	keep("<iq from='buddy1@localhost/bot' to='" USER "/phone' type='get' id='b'><query xmlns='x'/></iq>");
	keep("<iq from='" USER "/elsewhere' to='" USER "/phone' type='get' id='e'><query xmlns='x'/></iq>");
	keep("<iq to='" USER "/phone' type='set' id='push'><query xmlns='jabber:iq:roster'/></iq>");
	expect_unread("");
	buf_append(&answers, "", 1);
	assert_string_equal(buf_data(&answers),
			    "<iq from='" USER "/phone' to='" USER "/desk' type='error' id='q'><error type='cancel'>"
			    "<service-unavailable xmlns='" NS_STANZAS "'/></error></iq>");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(words_are_handed_on_in_order, setup, teardown),
		cmocka_unit_test_setup_teardown(what_was_of_the_moment_is_not, setup, teardown),
		cmocka_unit_test_setup_teardown(it_says_when_it_was_said_first, setup, teardown),
		cmocka_unit_test_setup_teardown(whispers_stay_whispers, setup, teardown),
		cmocka_unit_test_setup_teardown(a_copy_is_enough, setup, teardown),
		cmocka_unit_test_setup_teardown(who_came_later_or_takes_no_messages_did_not_get_it, setup, teardown),
		cmocka_unit_test_setup_teardown(who_asked_is_told, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
