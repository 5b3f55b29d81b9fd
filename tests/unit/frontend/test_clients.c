/* SPDX-License-Identifier: MIT */
#include "frontend/clients.h"

#include "rig.h"

/* XEP-0115, section 5.2, and what it is the hash of; then the same with roster item exchange. */
#define NODE  "http://code.google.com/p/exodus"
#define PLAIN "QgayPKawpkPSDYmwT/WM94uAlu0="
#define BASICS                                                                                                        \
	"<identity category='client' type='pc' name='Exodus 0.9.1'/><feature var='http://jabber.org/protocol/caps'/>" \
	"<feature var='http://jabber.org/protocol/disco#items'/><feature "                                            \
	"var='http://jabber.org/protocol/disco#info'/>"                                                               \
	"<feature var='http://jabber.org/protocol/muc'/>"
#define EXCHANGE "<feature var='http://jabber.org/protocol/rosterx'/>"
#define QUESTION(to, ver)                                                    \
	"<iq from='gate.localhost' to='" to "' type='get' id='00000000-q1'>" \
	"<query xmlns='http://jabber.org/protocol/disco#info' node='" NODE "#" ver "'/></iq>"

struct scene {
	struct rig *rig;
	unsigned done;
	GString *found;
};

static int setup(void **state)
{
	struct scene *scene = g_new0(struct scene, 1);
	scene->rig = rig_start();
	scene->found = g_string_new(NULL);
	*state = scene;
	return 0;
}

static int teardown(void **state)
{
	struct scene *scene = *state;
	rig_end(scene->rig);
	g_string_free(scene->found, TRUE);
	g_free(scene);
	return 0;
}

static void available(struct scene *scene, const char *full, const char *caps)
{
	g_autofree char *text = g_strdup_printf("<presence from='%s' to='gate.localhost'>%s</presence>", full, caps);
	receive(scene->rig, text);
	forget(scene->rig);
}

static void names(struct scene *scene, const char *full, const char *ver)
{
	g_autofree char *caps = g_strdup_printf(
		"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='" NODE "' ver='%s'/>", ver);
	available(scene, full, caps);
}

static void done(void *ctx, uint64_t id)
{
	struct scene *scene = ctx;
	assert_int_equal(id, 7);
	scene->done++;
}

static bool learn(struct scene *scene, const char *jid)
{
	return clients_learn(scene->rig->frontend, fakes_user(scene->rig->fakes, jid),
			     (struct clients_reply){ done, scene, 7 });
}

static void note(void *ctx, const char *full)
{
	g_string_append_printf(ctx, "%s ", full);
}

/* Full JIDs of those who have it. */
static const char *exchangers(struct scene *scene, const char *jid)
{
	g_string_truncate(scene->found, 0);
	clients_each(scene->rig->frontend, fakes_user(scene->rig->fakes, jid), CLIENT_ROSTERX, note, scene->found);
	return scene->found->str;
}

/* The ids of the questions that were sent, in order. */
static GPtrArray *question_ids(struct scene *scene)
{
	GPtrArray *ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GMatchInfo) match = NULL;
	g_autoptr(GRegex) regex = g_regex_new(" id='([^']*)'", 0, 0, NULL);
	g_autofree char *sent = g_strndup(buf_data(&scene->rig->out), buf_len(&scene->rig->out));
	g_regex_match(regex, sent, 0, &match);
	for (; g_match_info_matches(match); g_match_info_next(match, NULL))
		g_ptr_array_add(ids, g_match_info_fetch(match, 1));
	return ids;
}

static void answer(struct scene *scene, const char *from, const char *id, const char *payload)
{
	g_autofree char *text = g_strdup_printf("<iq type='result' from='%s' to='gate.localhost' id='%s'>"
						"<query xmlns='http://jabber.org/protocol/disco#info'>%s</query></iq>",
						from, id, payload);
	receive(scene->rig, text);
}

static void refuse(struct scene *scene, const char *from, const char *id)
{
	g_autofree char *text = g_strdup_printf("<iq type='error' from='%s' to='gate.localhost' id='%s'/>", from, id);
	receive(scene->rig, text);
}

/* The hash of the example with roster item exchange. */
static char *rich_ver(void)
{
	static const char *const features[] = {
		"http://jabber.org/protocol/muc",     "http://jabber.org/protocol/disco#items",
		"http://jabber.org/protocol/caps",    "http://jabber.org/protocol/disco#info",
		"http://jabber.org/protocol/rosterx", NULL
	};
	return disco_caps_ver(&(struct disco_info){ "client", "pc", "Exodus 0.9.1", features });
}

static void nobody_is_asked_without_need(void **state)
{
	struct scene *scene = *state;
	names(scene, USER "/a", PLAIN);
	expect(scene->rig, "");
	assert_string_equal(exchangers(scene, USER), "");
}

static void without_capabilities_there_is_nothing_to_ask(void **state)
{
	struct scene *scene = *state;
	assert_true(learn(scene, USER));
	expect(scene->rig, "");
}

static void clients_of_one_kind_are_asked_once(void **state)
{
	struct scene *scene = *state;
	g_autofree char *ver = rich_ver();
	names(scene, USER "/a", ver);
	names(scene, USER "/b", ver);
	assert_false(learn(scene, USER));
	g_autoptr(GPtrArray) ids = question_ids(scene);
	assert_int_equal(ids->len, 1);
	assert_int_equal(scene->done, 0);
	answer(scene, USER "/a", ids->pdata[0], BASICS EXCHANGE);
	assert_int_equal(scene->done, 1);
	assert_string_equal(exchangers(scene, USER), USER "/a " USER "/b ");
	forget(scene->rig);
	names(scene, USER "/c", ver);
	assert_true(learn(scene, USER));
	expect(scene->rig, "");
	assert_string_equal(exchangers(scene, USER), USER "/a " USER "/b " USER "/c ");
}

static void the_question_names_node_and_version(void **state)
{
	struct scene *scene = *state;
	names(scene, USER "/a", PLAIN);
	assert_false(learn(scene, USER));
	expect(scene->rig, QUESTION(USER "/a", PLAIN));
}

static void who_lacks_the_feature_is_left_out(void **state)
{
	struct scene *scene = *state;
	names(scene, USER "/a", PLAIN);
	assert_false(learn(scene, USER));
	g_autoptr(GPtrArray) ids = question_ids(scene);
	answer(scene, USER "/a", ids->pdata[0], BASICS);
	assert_int_equal(scene->done, 1);
	assert_string_equal(exchangers(scene, USER), "");
}

/* Else one user could say what the clients of others can do. */
static void an_answer_that_its_hash_does_not_prove_counts_for_one(void **state)
{
	struct scene *scene = *state;
	names(scene, USER "/a", PLAIN);
	names(scene, USER "/b", PLAIN);
	assert_false(learn(scene, USER));
	g_autoptr(GPtrArray) first = question_ids(scene);
	assert_int_equal(first->len, 1);
	forget(scene->rig);
	answer(scene, USER "/a", first->pdata[0], BASICS EXCHANGE);
	/* The other one is asked now. */
	assert_int_equal(scene->done, 0);
	g_autoptr(GPtrArray) second = question_ids(scene);
	assert_int_equal(second->len, 1);
	answer(scene, USER "/b", second->pdata[0], BASICS);
	assert_int_equal(scene->done, 1);
	assert_string_equal(exchangers(scene, USER), USER "/a ");
	assert_true(learn(scene, USER));
}

static void a_resource_that_is_another_client_now_is_asked_again(void **state)
{
	struct scene *scene = *state;
	names(scene, USER "/a", "legacy-1");
	assert_false(learn(scene, USER));
	g_autoptr(GPtrArray) ids = question_ids(scene);
	answer(scene, USER "/a", ids->pdata[0], EXCHANGE);
	assert_string_equal(exchangers(scene, USER), USER "/a ");
	names(scene, USER "/a", "legacy-2");
	assert_string_equal(exchangers(scene, USER), "");
	assert_false(learn(scene, USER));
}

static void presence_without_capabilities_keeps_what_was_said(void **state)
{
	struct scene *scene = *state;
	names(scene, USER "/a", PLAIN);
	available(scene, USER "/a", "<show>away</show>");
	assert_false(learn(scene, USER));
}

static void a_refusal_is_no_support_and_not_asked_again(void **state)
{
	struct scene *scene = *state;
	names(scene, USER "/a", PLAIN);
	assert_false(learn(scene, USER));
	g_autoptr(GPtrArray) ids = question_ids(scene);
	refuse(scene, USER "/a", ids->pdata[0]);
	assert_int_equal(scene->done, 1);
	assert_true(learn(scene, USER));
	assert_string_equal(exchangers(scene, USER), "");
}

static void clients_that_end_are_not_told_of(void **state)
{
	struct scene *scene = *state;
	g_autofree char *ver = rich_ver();
	names(scene, USER "/a", ver);
	names(scene, USER "/b", ver);
	assert_false(learn(scene, USER));
	g_autoptr(GPtrArray) ids = question_ids(scene);
	answer(scene, USER "/a", ids->pdata[0], BASICS EXCHANGE);
	receive(scene->rig, "<presence type='unavailable' from='" USER "/a' to='gate.localhost'/>");
	assert_string_equal(exchangers(scene, USER), USER "/b ");
}

/* More kinds than are remembered: the ones not met lately are forgotten, and nothing else happens. */
static void kinds_without_end_are_survived(void **state)
{
	struct scene *scene = *state;
	for (int i = 0; i < 2500; i++) {
		g_autofree char *ver = g_strdup_printf("v%d", i);
		names(scene, USER "/a", ver);
	}
	assert_false(learn(scene, USER));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(nobody_is_asked_without_need),
		TEST(without_capabilities_there_is_nothing_to_ask),
		TEST(clients_of_one_kind_are_asked_once),
		TEST(the_question_names_node_and_version),
		TEST(who_lacks_the_feature_is_left_out),
		TEST(an_answer_that_its_hash_does_not_prove_counts_for_one),
		TEST(a_resource_that_is_another_client_now_is_asked_again),
		TEST(presence_without_capabilities_keeps_what_was_said),
		TEST(a_refusal_is_no_support_and_not_asked_again),
		TEST(clients_that_end_are_not_told_of),
		TEST(kinds_without_end_are_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
